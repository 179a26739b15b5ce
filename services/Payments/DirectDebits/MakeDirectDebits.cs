using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The seller collects from its customers by direct debit: the file for its bank holds a debit for each invoice named, or for everything
/// due by that day, as far as a living mandate allows. What is in a file is in flight; an invoice is under way once.
/// </summary>
public sealed partial class MakeDirectDebits(NpgsqlDataSource database, KeepBooks books, TimeProvider clock, ILogger<MakeDirectDebits> log)
{
    /// <summary>How many debits a file holds; of what is due the oldest come first, and the next file takes the rest.</summary>
    public const int MostDebits = 5_000;

    // What SEPA allows.
    private const decimal MostAmount = 999_999_999.99m;

    // One batch after the other: each sees what mandates were used for by the one before.
    private const string HoldCreditor = """
        select creditor_id, name, iban, bic, lead_days from direct_debit_settings where seller_id = @SellerId for update
        """;
    private const string TheSame = """
        select batch_id, file,
               asked_collect_on = @CollectOn and version = @Version and asked_invoices is not distinct from @Invoices::uuid[] as is_same
        from debit_batch where seller_id = @SellerId and reference = @Reference
        """;
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    // What is looked at here without a lock is looked at again under it; mandates that are used up or lapsed are left out only so that
    // they take nobody's place.
    private const string DueInvoices = """
        with usable as (
            select distinct m.customer_id
            from mandate m
            cross join lateral (
                select count(*) as uses, max(f.collect_on) as last_used_on
                from debit d join debit_batch f using (seller_id, batch_id)
                where d.seller_id = m.seller_id and d.mandate_id = m.mandate_id and d.state <> 'cancelled'
            ) u
            where m.seller_id = @SellerId and m.state = 'active' and (m.sequence <> 'one-off' or u.uses = 0)
              and coalesce(u.last_used_on, case m.sequence when 'recurring' then m.known_since else m.signed_on end)
                  + interval '36 months' >= @Day::date
        )
        select i.invoice_id
        from usable m
        join invoice i on i.seller_id = @SellerId and i.customer_id = m.customer_id
        join balance b on b.seller_id = i.seller_id and b.invoice_id = i.invoice_id
        where i.currency = 'EUR' and coalesce(i.due_date, i.issue_date) <= @Day::date and b.amount_due > b.in_flight
          and not exists (
              select from debit d where d.seller_id = @SellerId and d.invoice_id = i.invoice_id and d.state in ('submitted', 'unanswered'))
        order by coalesce(i.due_date, i.issue_date), i.invoice_id limit @Most
        """;
    private const string InvoicesOf = """
        select invoice_id, number, payment_reference, customer_id
        from invoice where seller_id = @SellerId and invoice_id = any(@Invoices)
        order by coalesce(due_date, issue_date), invoice_id
        """;
    private const string UnderWay = """
        select invoice_id from debit where seller_id = @SellerId and invoice_id = any(@Invoices) and state in ('submitted', 'unanswered')
        """;
    private const string IdsUsed = """
        select end_to_end_base as based, count(*)::integer as times
        from debit where seller_id = @SellerId and end_to_end_base = any(@Bases) group by end_to_end_base
        """;
    private const string WriteBatch = """
        insert into debit_batch (seller_id, batch_id, reference, asked_collect_on, asked_invoices, version, collect_on, amount, made_at,
                                 file)
        values (@SellerId, @BatchId, @Reference, @CollectOn, @Invoices::uuid[], @Version, @Day, @Amount, @At, @File)
        """;
    private const string WriteDebits = """
        insert into debit (seller_id, batch_id, end_to_end_id, end_to_end_base, place, payment_information_id, invoice_id, mandate_id,
                           sequence, iban, amount, waits_for, next_check_on)
        select @SellerId, @BatchId, n.*, 'collection-day', @Day
        from unnest(@Ids, @Bases, @Places, @Groups, @Invoices, @Mandates, @Sequences, @Ibans, @Amounts) n
        """;

    /// <summary>What is posted.</summary>
    public sealed record Request
    {
        /// <summary>The day of the collection; where banks do not settle then, it is the next on which they do.</summary>
        public required DateOnly CollectOn { get; init; }

        /// <summary>Which invoices; left out, everything due by that day of customers with a living mandate.</summary>
        public IReadOnlyList<InvoiceId>? InvoiceIds { get; init; }

        /// <summary>Makes it idempotent: the same request again gives the same file.</summary>
        public string? Reference { get; init; }
    }

    /// <summary>A file for the bank.</summary>
    public sealed record Made
    {
        /// <summary>The batch that it holds.</summary>
        public Guid BatchId { get; init; }

        /// <summary>pain.008, as text.</summary>
        public string File { get; init; } = "";

        /// <summary>Whether it was made now and not before.</summary>
        public bool Now { get; init; }
    }

    /// <summary>Makes it.</summary>
    public async Task<Outcome<Made>> HandleAsync(Caller caller, Request request, string? format, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("MakeDirectDebits");
        if (Pain008.VersionOf(format) is not { } version)
        {
            return DoorFaults.BadParameter.At("format", "format", $"{Pain008.Version08}, {Pain008.Version02}");
        }

        if (request.Reference is { } reference && Amounts.Check(reference) is { } badReference)
        {
            return badReference;
        }

        if (request.InvoiceIds is { Count: 0 or > MostDebits })
        {
            return PaymentsFaults.BadDebitInvoices.At("invoiceIds", MostDebits);
        }

        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var asked = new
        {
            caller.SellerId,
            request.Reference,
            request.CollectOn,
            Version = version,
            Invoices = request.InvoiceIds?.Select(each => each.Value).Distinct().Order().ToArray(),
        };
        if (await connection.QuerySingleOrDefaultAsync<DirectDebitSettings>(HoldCreditor, asked, transaction) is not { } creditor)
        {
            return PaymentsFaults.NoDebitSettings.With();
        }

        if (request.Reference is not null && await connection.QuerySingleOrDefaultAsync<Before>(TheSame, asked, transaction) is { } before)
        {
            return before.IsSame
                ? new Made { BatchId = before.BatchId, File = before.File }
                : PaymentsFaults.OtherContent.At("reference", request.Reference);
        }

        var now = clock.GetUtcNow();
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, asked, transaction);
        var day = creditor.DayFor(request.CollectOn, SellerDay.Of(now, zone));
        if (day.Refused(out var badDay))
        {
            return badDay;
        }

        var planned = await PlanAsync(transaction, caller.SellerId, request, day.Value, token);
        if (planned.Refused(out var refused))
        {
            return refused;
        }

        var batch = Guid.CreateVersion7();
        var (book, debits) = planned.Value;
        var message = new Pain008
        {
            Version = version,
            MessageId = $"{batch:N}",
            MadeAt = SellerDay.Local(now, zone),
            Creditor = creditor,
            CollectOn = day.Value,
            Debits = [.. debits.Select(each => each.Order)],
        };
        var file = message.Write();
        await connection.ExecuteAsync(
            WriteBatch,
            new
            {
                asked.SellerId,
                BatchId = batch,
                asked.Reference,
                asked.CollectOn,
                asked.Invoices,
                asked.Version,
                Day = day.Value,
                Amount = debits.Sum(each => each.Order.Amount),
                At = now,
                File = file,
            },
            transaction
        );
        await WriteAsync(transaction, caller.SellerId, batch, message, debits);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogMade(batch, debits.Count, caller.SellerId);
        return new Made
        {
            BatchId = batch,
            File = file,
            Now = true,
        };
    }

    /// <summary>The debits that are to be made, each invoice under its lock and in flight from now on.</summary>
    private async Task<Outcome<(Book Book, List<Planned> Debits)>> PlanAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        Request request,
        DateOnly day,
        CancellationToken token
    )
    {
        var connection = transaction.Connection!;
        var named = request.InvoiceIds?.ToArray();
        var due = new
        {
            SellerId = seller,
            Day = day,
            Most = MostDebits,
        };
        InvoiceId[] wanted = named ?? [.. await connection.QueryAsync<InvoiceId>(DueInvoices, due, transaction)];
        var book = await books.OpenAsync(transaction, seller, wanted, token);
        var those = new { SellerId = seller, Invoices = wanted.Select(each => each.Value).ToArray() };
        var invoices = (await connection.QueryAsync<Invoice>(InvoicesOf, those, transaction)).ToList();
        var underWay = (await connection.QueryAsync<InvoiceId>(UnderWay, those, transaction)).ToHashSet();
        var consents = await ConsentsAsync(transaction, seller, invoices);
        var used = await IdsUsedAsync(transaction, seller, invoices);
        var (faults, debits) = (new List<Fault>(), new List<Planned>());
        foreach (var invoice in invoices)
        {
            if (Refuse(book, invoice, underWay) is { } fault)
            {
                faults.Add(fault);
            }
            else if (consents.Use(invoice.CustomerId, day) is not { } mandate)
            {
                faults.Add(PaymentsFaults.NoLivingMandate.At(PathOf(invoice), invoice.InvoiceId, DirectDebitSettings.Text(day)));
            }
            else
            {
                var based = EndToEndId.BaseOf(invoice.PaymentReference, invoice.InvoiceId);
                var nth = used[based] = used.GetValueOrDefault(based) + 1;
                var open = book.Of(invoice.InvoiceId)!;
                var amount = Book.Coins(open.AmountDue - open.InFlight, open.Currency);
                debits.Add(new Planned(invoice.InvoiceId, based, OrderOf(invoice, mandate, EndToEndId.Of(based, nth), amount)));
                book.Start(invoice.InvoiceId, amount);
            }
        }

        faults.AddRange(Missing(named ?? [], invoices));
        // Whoever names invoices wants all of them; of what is due, what does not fit waits.
        return named is not null && faults.Count > 0 ? Fault.Of(faults)
            : debits.Count == 0 ? PaymentsFaults.NothingToCollect.At("collectOn", DirectDebitSettings.Text(day))
            : (book, debits);

        string PathOf(Invoice invoice) => PathIn(named, invoice.InvoiceId);

        Fault? Refuse(Book held, Invoice invoice, HashSet<InvoiceId> elsewhere)
        {
            var id = invoice.InvoiceId;
            return held.Of(id) is not { } open ? PaymentsFaults.NoInvoice.At(PathOf(invoice), id) with { RetryAfter = 1 }
                : open.Currency != Currency.Eur ? PaymentsFaults.DebitOnlyEuros.At(PathOf(invoice), id, open.Currency)
                : elsewhere.Contains(id) ? PaymentsFaults.DebitUnderWay.At(PathOf(invoice), id)
                : open.AmountDue <= open.InFlight ? PaymentsFaults.NothingOpen.At(PathOf(invoice), id, Due(open), Flying(open))
                : open.AmountDue - open.InFlight > MostAmount ? PaymentsFaults.DebitTooLarge.At(PathOf(invoice), id)
                : null;
        }
    }

    private static Money Due(InvoiceBalance open) => Money.Of(open.AmountDue, open.Currency);

    private static Money Flying(InvoiceBalance open) => Money.Of(open.InFlight, open.Currency);

    private static async Task<Consents> ConsentsAsync(NpgsqlTransaction transaction, SellerId seller, List<Invoice> invoices)
    {
        var customers = invoices.Select(each => each.CustomerId).OfType<string>().Distinct().ToArray();
        return new Consents(await ReadMandates.OfAsync(transaction, seller, customers));
    }

    private static async Task<Dictionary<string, int>> IdsUsedAsync(NpgsqlTransaction transaction, SellerId seller, List<Invoice> invoices)
    {
        var bases = invoices.Select(each => EndToEndId.BaseOf(each.PaymentReference, each.InvoiceId)).Distinct().ToArray();
        var used = await transaction.Connection!.QueryAsync<(string Based, int Times)>(
            IdsUsed,
            new { SellerId = seller, Bases = bases },
            transaction
        );
        return used.ToDictionary(each => each.Based, each => each.Times);
    }

    private static IEnumerable<Fault> Missing(InvoiceId[] named, List<Invoice> found)
    {
        var known = found.Select(each => each.InvoiceId).ToHashSet();
        return named
            .Distinct()
            .Where(each => !known.Contains(each))
            .Select(each => PaymentsFaults.NoInvoice.At(PathIn(named, each), each) with { RetryAfter = 1 });
    }

    private static string PathIn(InvoiceId[]? named, InvoiceId invoice) =>
        named is null ? "collectOn" : $"invoiceIds[{Array.IndexOf(named, invoice)}]";

    private static DebitOrder OrderOf(Invoice invoice, Mandate mandate, string id, decimal amount) =>
        new()
        {
            EndToEndId = id,
            Amount = amount,
            Scheme = mandate.Scheme,
            Sequence = mandate.Next,
            MandateId = mandate.MandateId,
            SignedOn = mandate.SignedOn,
            IsAmended = mandate.IsAmended,
            Name = mandate.Name,
            Iban = mandate.Iban,
            Bic = mandate.Bic,
            PaymentReference = invoice.PaymentReference,
            InvoiceNumber = invoice.Number,
        };

    private static Task WriteAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        Guid batch,
        Pain008 message,
        IReadOnlyList<Planned> debits
    )
    {
        var groups = message
            .Groups.SelectMany(group => group.Debits.Select(debit => (debit.EndToEndId, group.PaymentInformationId)))
            .ToDictionary(each => each.EndToEndId, each => each.PaymentInformationId);
        return transaction.Connection!.ExecuteAsync(
            WriteDebits,
            new
            {
                SellerId = seller,
                BatchId = batch,
                Ids = debits.Select(each => each.Order.EndToEndId).ToArray(),
                Bases = debits.Select(each => each.Based).ToArray(),
                Places = Enumerable.Range(1, debits.Count).ToArray(),
                Groups = debits.Select(each => groups[each.Order.EndToEndId]).ToArray(),
                Invoices = debits.Select(each => each.InvoiceId.Value).ToArray(),
                Mandates = debits.Select(each => each.Order.MandateId).ToArray(),
                Sequences = debits.Select(each => Word.Of(each.Order.Sequence)).ToArray(),
                Ibans = debits.Select(each => each.Order.Iban).ToArray(),
                Amounts = debits.Select(each => each.Order.Amount).ToArray(),
                Day = message.CollectOn,
            },
            transaction
        );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId} of {Debits} direct debits was made for {SellerId}")]
    private partial void LogMade(Guid batchId, int debits, SellerId sellerId);

    private sealed record Planned(InvoiceId InvoiceId, string Based, DebitOrder Order);

    private sealed record Before
    {
        public Guid BatchId { get; init; }

        public string File { get; init; } = "";

        public bool IsSame { get; init; }
    }

    private sealed record Invoice
    {
        public InvoiceId InvoiceId { get; init; }

        public string Number { get; init; } = "";

        public string PaymentReference { get; init; } = "";

        public string? CustomerId { get; init; }
    }
}
