using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// An invoice gets the next number of its series, its fiscal record hangs on the one before, and both stand together with the sale or
/// not at all: a failed attempt leaves no gap, no second invoice and no broken chain.
/// </summary>
public sealed partial class IssueInvoice(
    NpgsqlDataSource database,
    IEnumerable<IFiscalRegime> regimes,
    Outbox outbox,
    PublicAddress address,
    IOptions<InvoicingOptions> options,
    TimeProvider clock,
    ILogger<IssueInvoice> log
)
{
    private const string LockReturned = """
        insert into returned as r (seller_id, invoice_id, total) values (@seller, @original, 0)
        on conflict (seller_id, invoice_id) do update set total = r.total returning total
        """;
    private const string ReturnedSoFar = """
        select product, sum(quantity) from returned_product where seller_id = @seller and invoice_id = @original group by product
        """;
    private const string ClaimSale = """
        insert into sale (seller_id, sale_id, content_hash, invoice_id, occurred_at, posted_at)
        values (@seller, @sale, @hash, @invoice, @occurred, @now) on conflict do nothing returning 1
        """;
    private const string TakeNextNumber = """
        insert into number_series as n (seller_id, environment, kind, store_id, year, tax_id, series, last)
        values (@seller, @environment, @kind, @store, @year, @tax_id, @series, 1)
        on conflict (seller_id, environment, kind, store_id, year) do update set last = n.last + 1
        returning series, last
        """;
    private const string BeginChain = """
        insert into fiscal_chain (tax_id, environment, installation, last) values (@tax_id, @environment, @installation, 0)
        on conflict do nothing
        """;
    private const string LockChain = """
        select last, fingerprint, recorded_at from fiscal_chain
        where tax_id = @tax_id and environment = @environment and installation = @installation for update
        """;
    private const string KeepInvoice = """
        insert into invoice (seller_id, invoice_id, environment, kind, number, series, store_id, issue_date, operation_date, issued_at,
            currency, total_with_vat, buyer_name, body)
        values (@seller, @invoice, @environment, @kind, @number, @series, @store, @issue_date, @operation_date, @issued_at,
            @currency, @total, @buyer_name, @body)
        """;
    private const string KeepContact = """
        insert into invoice_contact (seller_id, invoice_id, customer_id, name, email, phone, language)
        values (@seller, @invoice, @customer, @name, @email, @phone, @language)
        """;
    private const string KeepRecord = """
        insert into fiscal_record (seller_id, invoice_id, tax_id, environment, installation, position, record_type, number, issue_date,
            vat_total, total_with_vat, previous_fingerprint, fingerprint, recorded_at)
        values (@seller, @invoice, @tax_id, @environment, @installation, @position, @type, @number, @issue_date,
            @vat, @total, @previous, @fingerprint, @recorded_text)
        """;
    private const string MoveChain = """
        update fiscal_chain set last = @position, fingerprint = @fingerprint, recorded_at = @recorded_at
        where tax_id = @tax_id and environment = @environment and installation = @installation
        """;
    private const string KeepReturned = """
        update returned set total = total + @total where seller_id = @seller and invoice_id = @original
        """;
    private const string KeepReturnedProducts = """
        insert into returned_product (seller_id, invoice_id, product, quantity, return_invoice_id)
        select @seller, @original, product, quantity, @invoice from unnest(@products, @quantities) as r (product, quantity)
        """;
    private const string KeepCorrection = """
        insert into correction (seller_id, invoice_id, corrective_invoice_id, corrective_number, issue_date)
        values (@seller, @original, @invoice, @number, @issue_date)
        """;

    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>("invoicing.invoices.issued");

    /// <summary>Issues the invoice of a draft; null where the sale was claimed by another post meanwhile.</summary>
    public async Task<Outcome<InvoiceIssued?>> IssueAsync(InvoiceDraft draft, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("IssueInvoice");
        if (IssueRules.Of(IssuedInvoice.Provisional(draft, clock.GetUtcNow()), draft.Seller.Account) is { } breach)
        {
            return breach;
        }

        for (var twin = 1; ; twin++)
        {
            try
            {
                return await IssueOnceAsync(draft, twin, cancellationToken);
            }
            catch (PostgresException exception)
                when (exception is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "number_series" } && twin < 100)
            {
                // Another seller of the same taxpayer has a series of this name: count the twin.
            }
        }
    }

    private async Task<Outcome<InvoiceIssued?>> IssueOnceAsync(InvoiceDraft draft, int twin, CancellationToken cancellationToken)
    {
        var regime = regimes.Single(each => each.Regime == draft.Seller.Body.Regime);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Always in this order: original, sale, series, chain, event sequence. So no two transactions wait for each other.
        if (await TakeBackAsync(draft, transaction, cancellationToken) is { } fault)
        {
            return fault;
        }

        var issuedAt = clock.GetUtcNow();
        var issueDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(issuedAt, draft.Zone).DateTime);
        var key = new SeriesKey(
            draft.Seller.SellerId,
            draft.Seller.Body.Environment,
            SeriesKey.KindOf(draft.Kind),
            draft.Sale.Posted.StoreId,
            issueDate.Year
        );
        var invoiceId = InvoiceId.New();
        var taken = await TakeNumberAsync(draft, key, twin, regime, invoiceId, issuedAt, transaction, cancellationToken);
        if (taken is not var (series, sequence, chain))
        {
            return new Outcome<InvoiceIssued?>();
        }

        var numbered = new Numbered(invoiceId, series, InvoiceNumber.Of(series, sequence), issueDate, issuedAt);
        var fiscal = regime.Record(draft.Unrecorded(numbered), chain?.Head, clock.GetUtcNow());
        var issued = IssuedInvoice.Of(draft, numbered, fiscal, IssuedInvoice.Links(address, invoiceId));
        await KeepAsync(draft, issued, chain, transaction, cancellationToken);
        await outbox.AppendAsync(transaction, Told(draft, issued), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Issued.Add(1, new KeyValuePair<string, object?>("kind", issued.Kind.ToString()));
        LogIssued(issued.Number, draft.Sale.Posted.SaleId, issued.SellerId);
        return issued;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued {Number} for sale {Sale} of seller {Seller}")]
    private partial void LogIssued(string number, SaleId sale, SellerId seller);

    /// <summary>Holds the original while goods come back of it; refused where more comes back than it still has.</summary>
    private static async Task<Fault?> TakeBackAsync(InvoiceDraft draft, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (draft is not { Returned: { } returned, Original.Invoice: { } original })
        {
            return null;
        }

        var soFar = new Dictionary<string, decimal>(StringComparer.Ordinal);
        decimal totalSoFar;
        await using (
            var lockIt = new NpgsqlCommand(LockReturned, transaction.Connection, transaction)
            {
                Parameters = { new("seller", draft.Seller.SellerId.Value), new("original", original.InvoiceId.Value) },
            }
        )
        {
            totalSoFar = (decimal)(await lockIt.ExecuteScalarAsync(cancellationToken))!;
        }

        await using var command = new NpgsqlCommand(ReturnedSoFar, transaction.Connection, transaction)
        {
            Parameters = { new("seller", draft.Seller.SellerId.Value), new("original", original.InvoiceId.Value) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            soFar[reader.GetString(0)] = reader.GetDecimal(1);
        }

        return Returnable.Check(original, soFar, totalSoFar, returned);
    }

    private async Task<(string Series, long Sequence, Chain? Chain)?> TakeNumberAsync(
        InvoiceDraft draft,
        SeriesKey key,
        int twin,
        IFiscalRegime regime,
        InvoiceId invoiceId,
        DateTimeOffset now,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var environment = key.Environment.ToString();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new(ClaimSale)
                {
                    Parameters =
                    {
                        new("seller", key.SellerId.Value),
                        new("sale", draft.Sale.Posted.SaleId.Value),
                        new("hash", draft.Sale.ContentHash),
                        new("invoice", invoiceId.Value),
                        new("occurred", draft.Sale.Posted.OccurredAt.ToUniversalTime()),
                        new("now", now),
                    },
                },
                new(TakeNextNumber)
                {
                    Parameters =
                    {
                        new("seller", key.SellerId.Value),
                        new("environment", environment),
                        new("kind", key.Kind),
                        new("store", key.StoreId.Value),
                        new("year", key.Year),
                        new("tax_id", draft.Seller.Body.TaxId),
                        new("series", key.Text(twin)),
                    },
                },
            },
        };
        if (regime.IsChained)
        {
            foreach (var sql in new[] { BeginChain, LockChain })
            {
                batch.BatchCommands.Add(
                    new NpgsqlBatchCommand(sql)
                    {
                        Parameters =
                        {
                            new("tax_id", draft.Seller.Body.TaxId),
                            new("environment", environment),
                            new("installation", options.Value.Installation),
                        },
                    }
                );
            }
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (series, sequence) = (reader.GetString(0), reader.GetInt64(1));
        if (!regime.IsChained)
        {
            return (series, sequence, null);
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var last = reader.GetInt64(0);
        var head =
            last == 0 ? null : new ChainHead(reader.GetString(1), await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken));
        return (series, sequence, new Chain(last + 1, head));
    }

    private async Task KeepAsync(
        InvoiceDraft draft,
        InvoiceIssued issued,
        Chain? chain,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new("seller", issued.SellerId.Value));
            command.Parameters.Add(new("invoice", issued.InvoiceId.Value));
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }

        var environment = issued.Fiscal.Environment.ToString();
        Add(
            KeepInvoice,
            new("environment", environment),
            new("kind", issued.Kind.ToString()),
            new("number", issued.Number),
            new("series", issued.Series),
            new("store", issued.StoreId.Value),
            new("issue_date", issued.IssueDate),
            new("operation_date", issued.OperationDate),
            new("issued_at", issued.IssuedAt),
            new("currency", issued.Currency.Code),
            new("total", issued.Totals.TotalWithVat),
            Text("buyer_name", issued.Buyer?.Name),
            new("body", JsonSerializer.Serialize(IssuedInvoice.Kept(issued), Wire.Tolerant))
        );
        if (issued.Contact is { } contact)
        {
            Add(
                KeepContact,
                Text("customer", contact.CustomerId?.Value),
                Text("name", contact.Name),
                Text("email", contact.Email),
                Text("phone", contact.Phone),
                Text("language", contact.Language)
            );
        }

        if (chain is not null)
        {
            var fiscal = issued.Fiscal;
            var accounted = AccountedAmounts.Of(issued);
            NpgsqlParameter[] place =
            [
                new("tax_id", issued.Seller.TaxId),
                new("environment", environment),
                new("installation", options.Value.Installation),
                new("position", chain.Position),
                new("fingerprint", fiscal.Fingerprint),
            ];
            Add(
                KeepRecord,
                [
                    .. place,
                    new("type", fiscal.RecordType),
                    new("number", issued.Number),
                    new("issue_date", issued.IssueDate),
                    new("vat", accounted.VatTotal),
                    new("total", accounted.TotalWithVat),
                    Text("previous", fiscal.PreviousFingerprint),
                    new("recorded_text", $"{fiscal.RecordedAt:yyyy-MM-ddTHH:mm:sszzz}"),
                ]
            );
            Add(MoveChain, [.. place.Select(each => each.Clone()), new("recorded_at", fiscal.RecordedAt!.Value.ToUniversalTime())]);
        }

        if (draft is { Returned: { } returned, Original.Invoice: { } original })
        {
            var originalId = original.InvoiceId.Value;
            Add(KeepReturned, new("original", originalId), new("total", returned.Total));
            Add(
                KeepReturnedProducts,
                new("original", originalId),
                new("products", returned.Quantities.Keys.ToArray()),
                new("quantities", returned.Quantities.Values.ToArray())
            );
            if (issued.Kind == InvoiceKind.Corrective)
            {
                Add(KeepCorrection, new("original", originalId), new("number", issued.Number), new("issue_date", issued.IssueDate));
            }
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IReadOnlyList<IEvent> Told(InvoiceDraft draft, InvoiceIssued issued)
    {
        if (issued.Kind != InvoiceKind.Corrective || draft.Original?.Invoice is not { } original)
        {
            return [issued];
        }

        return
        [
            issued,
            new InvoiceCorrected
            {
                EventId = EventId.New(),
                SellerId = issued.SellerId,
                InvoiceId = original.InvoiceId,
                CorrectiveInvoiceId = issued.InvoiceId,
                CorrectiveNumber = issued.Number,
                Method = CorrectionMethod.Differences,
                Currency = issued.Currency,
                TotalWithVat = issued.Totals.TotalWithVat,
                AmountDue = issued.Totals.AmountDue,
                CorrectedAt = issued.IssuedAt,
            },
        ];
    }

    private static NpgsqlParameter Text(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private sealed record Chain(long Position, ChainHead? Head);
}
