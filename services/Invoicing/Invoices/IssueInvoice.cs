using System.Diagnostics.Metrics;
using System.Text.Json;
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
    KeepChain chains,
    Outbox outbox,
    PublicAddress address,
    TimeProvider clock,
    ILogger<IssueInvoice> log
)
{
    private const string ClaimSale = """
        insert into sale (seller_id, sale_id, content_hash, invoice_id, occurred_at, posted_at)
        values (@seller, @sale, @hash, @invoice, @occurred, @now) on conflict do nothing returning 1
        """;
    private const string ClaimAct = """
        insert into act (seller_id, act_key, content_hash, invoice_id)
        values (@seller, @key, @hash, @invoice) on conflict do nothing returning 1
        """;
    private const string TakeNextNumber = """
        insert into number_series as n (seller_id, environment, kind, store_id, year, tax_id, series, last)
        values (@seller, @environment, @kind, @store, @year, @tax_id, @series, 1)
        on conflict (seller_id, environment, kind, store_id, year) do update set last = n.last + 1
        returning series, last
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
    private const string KeepReturned = """
        update returned set total = total + @total where seller_id = @seller and invoice_id = @original
        """;
    private const string KeepReturnedProducts = """
        insert into returned_product (seller_id, invoice_id, product, quantity, return_invoice_id)
        select @seller, @original, product, quantity, @invoice from unnest(@products, @quantities) as r (product, quantity)
        """;
    private const string KeepCorrection = """
        insert into correction (seller_id, invoice_id, corrective_invoice_id, corrective_number, issue_date, method)
        values (@seller, @original, @invoice, @number, @issue_date, @method)
        """;
    private const string KeepExchange = """
        insert into exchange (seller_id, ticket_invoice_id, exchange_invoice_id, exchange_number, issue_date)
        select @seller, ticket, @invoice, @number, @issue_date from unnest(@tickets) as t (ticket)
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
        // Always in this order: touched invoices, sale, series, chain, event sequence. So no two transactions wait for each other.
        if (await HoldInvoices.TakeAsync(draft, transaction, cancellationToken) is { } fault)
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
        var taking = await TakeNumberAsync(draft, key, twin, regime, invoiceId, issuedAt, transaction, cancellationToken);
        if (taking.Refused(out var refused))
        {
            return refused;
        }

        if (taking.Value is not var (series, sequence, place))
        {
            return new Outcome<InvoiceIssued?>();
        }

        var numbered = new Numbered(invoiceId, series, InvoiceNumber.Of(series, sequence), issueDate, issuedAt);
        var links = IssuedInvoice.Links(address, invoiceId);
        var recording = IssuedInvoice.Recorded(draft, numbered, regime, place, clock.GetUtcNow(), links);
        if (recording.Refused(out var unfit))
        {
            return unfit;
        }

        var (issued, entry) = recording.Value;
        await KeepAsync(draft, issued, place, entry, transaction, cancellationToken);
        await outbox.AppendAsync(transaction, Told(draft, issued), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Issued.Add(1, new KeyValuePair<string, object?>("kind", issued.Kind.ToString()));
        LogIssued(issued.Number, draft.Sale.Posted.SaleId, issued.SellerId);
        return issued;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued {Number} for sale {Sale} of seller {Seller}")]
    private partial void LogIssued(string number, SaleId sale, SellerId seller);

    private async Task<Outcome<Taken?>> TakeNumberAsync(
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
                Claim(draft, invoiceId, now),
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
            chains.AddLock(batch, draft.Seller.Body.TaxId, environment);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return new Outcome<Taken?>();
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (series, sequence) = (reader.GetString(0), reader.GetInt64(1));
        if (!regime.IsChained)
        {
            return new Taken(series, sequence, null);
        }

        await reader.NextResultAsync(cancellationToken);
        var place = await chains.ReadAsync(reader, draft.Seller.Body.TaxId, environment, cancellationToken);
        return place.Refused(out var fault) ? fault : new Taken(series, sequence, place.Value);
    }

    private static NpgsqlBatchCommand Claim(InvoiceDraft draft, InvoiceId invoice, DateTimeOffset now) =>
        draft.Act is { } act
            ? new NpgsqlBatchCommand(ClaimAct)
            {
                Parameters =
                {
                    new("seller", draft.Seller.SellerId.Value),
                    new("key", act.Key),
                    new("hash", act.ContentHash),
                    new("invoice", invoice.Value),
                },
            }
            : new NpgsqlBatchCommand(ClaimSale)
            {
                Parameters =
                {
                    new("seller", draft.Seller.SellerId.Value),
                    new("sale", draft.Sale.Posted.SaleId.Value),
                    new("hash", draft.Sale.ContentHash),
                    new("invoice", invoice.Value),
                    new("occurred", draft.Sale.Posted.OccurredAt.ToUniversalTime()),
                    new("now", now),
                },
            };

    private async Task KeepAsync(
        InvoiceDraft draft,
        InvoiceIssued issued,
        NextPlace? place,
        FiscalEntry entry,
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

        if (place is not null)
        {
            var accounted = AccountedAmounts.Of(issued);
            KeepChain.AddRecord(batch, issued, place, entry, accounted.VatTotal, accounted.TotalWithVat);
        }

        if (draft.Original?.Id.Value is { } original)
        {
            if (draft.Returned is { } returned)
            {
                Add(KeepReturned, new("original", original), new("total", returned.Total));
                Add(
                    KeepReturnedProducts,
                    new("original", original),
                    new("products", returned.Quantities.Keys.ToArray()),
                    new("quantities", returned.Quantities.Values.ToArray())
                );
            }

            if (draft.Correction is { } correction)
            {
                Add(
                    KeepCorrection,
                    new("original", original),
                    new("number", issued.Number),
                    new("issue_date", issued.IssueDate),
                    new("method", correction.Method == CorrectionMethod.Substitution ? "substitution" : "differences")
                );
            }
        }

        if (draft.Tickets.Count > 0)
        {
            Add(
                KeepExchange,
                new("number", issued.Number),
                new("issue_date", issued.IssueDate),
                new("tickets", draft.Tickets.Select(ticket => ticket.InvoiceId.Value).ToArray())
            );
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
                Method = issued.Correction!.Method,
                Currency = issued.Currency,
                TotalWithVat = issued.Totals.TotalWithVat,
                AmountDue = issued.Totals.AmountDue,
                CorrectedAt = issued.IssuedAt,
            },
        ];
    }

    private static NpgsqlParameter Text(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private sealed record Taken(string Series, long Sequence, NextPlace? Place);
}
