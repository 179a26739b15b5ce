using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// Looks at every line of the bank that waits: what is certain is booked at once, what may be meant is proposed with its reasons, and all
/// booked money is in the books, known or not, so that the ledger's bank holds what the bank's account got. Each line is booked once.
/// </summary>
public sealed partial class SuggestMatches(NpgsqlDataSource database, KeepBooks books, SettleOthers others, ILogger<SuggestMatches> log)
{
    private const int Together = 100;

    // In the order of their days, up to the first that took something back: what was paid after it pays what is open again then.
    private const string TakePayments = $"""
        select {KeptEntry.Told}, {KeptEntry.Come} from bank_entry
        where seller_id = @SellerId and state = 'waiting' and kind = 'payment'
          and booked_on <= coalesce(
              (select min(booked_on) from bank_entry where seller_id = @SellerId and state = 'waiting' and kind = 'takenback'), 'infinity')
        order by booked_on, entry_id limit @Together for update skip locked
        """;
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    // A line that a person decided stays as it was decided.
    private const string LookAgain = """
        update bank_entry set state = 'waiting'
        where seller_id = @SellerId and state in ('open', 'proposed') and kind = 'payment' and not by_hand
          and (party_account = @Account or party_key = @Name)
        """;
    private const string LookAtAllAgain = """
        update bank_entry set state = 'waiting'
        where seller_id = @SellerId and entry_id in (
            (select entry_id from bank_entry
             where seller_id = @SellerId and state in ('open', 'proposed') and kind in ('payment', 'debit', 'takenback') and not by_hand
               and entry_id <> all(@Except)
             order by entry_id desc limit 1000)
            union all
            (select entry_id from bank_entry
             where seller_id = @SellerId and state = 'noted' and kind = 'debit' and amount > 0 and not by_hand and entry_id <> all(@Except)
             order by entry_id desc limit 100)
        )
        """;

    /// <summary>Looks at all of a seller's lines that wait, until none does.</summary>
    public async Task RunAsync(SellerId seller, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("SuggestMatches");
        // What is no customer's payment may turn out to be one.
        while (await others.CollectAsync(seller, token) || await PayAsync(seller, token) || await others.TakeAsync(seller, token)) { }
    }

    /// <summary>
    /// Something was learned of an account and a name: the lines that nobody knew and that come from them are looked at again.
    /// </summary>
    public async Task RunAgainAsync(SellerId seller, BankEntry taught, CancellationToken token)
    {
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            var again = new
            {
                SellerId = seller,
                Account = taught.PartyAccount,
                Name = taught.PartyKey,
            };
            await connection.ExecuteAsync(LookAgain, again);
        }

        await RunAsync(seller, token);
    }

    /// <summary>More is known than before: lines that nobody knew wait again, but for those that are new.</summary>
    public async Task WaitAgainAsync(SellerId seller, Guid[] except, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(LookAtAllAgain, new { SellerId = seller, Except = except });
    }

    private async Task<bool> PayAsync(SellerId seller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var entries = (await connection.QueryAsync<KeptEntry>(TakePayments, new { SellerId = seller, Together }, transaction))
            .Select(each => each with { Amount = Book.Coins(each.Amount, each.Currency) })
            .ToList();
        if (entries.Count == 0)
        {
            return false;
        }

        var tolerance = (await KeepPaymentPolicy.OfAsync(connection, transaction, seller)).Tolerance;
        var payouts = await SettlePayouts.AnnouncedAsync(transaction, seller, entries);
        var lines = entries.ConvertAll(entry => (Entry: (BankEntry)entry, Clues: Clues.Of(entry)));
        var (items, payers) = await LoadCandidates.ForAsync(transaction, seller, lines, tolerance);

        // What would be paid if nothing moved: these invoices are locked, all at once and in their order, and then looked at again.
        var planned = new HashSet<InvoiceId>();
        foreach (var (entry, clues) in lines)
        {
            if (Match.Of(entry, items.For(entry, clues, payers, tolerance), payers, tolerance).Automatic is { } automatic)
            {
                foreach (var part in automatic.Parts)
                {
                    planned.Add(part.InvoiceId);
                    items.Pay(part.InvoiceId, part.Amount + part.Forgiven);
                }
            }
        }

        items.Reset();
        var book = await books.OpenAsync(transaction, seller, planned, token);
        var received = entries.Select(each => each.PaymentId).OfType<PaymentId>().ToList();
        await books.HoldAsync(transaction, book, received, token);
        foreach (var invoice in planned)
        {
            items.Set(invoice, Math.Max(0m, Book.Coins(book.Of(invoice)?.AmountDue ?? 0m, items.Of(invoice)!.Currency)));
        }

        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, new { SellerId = seller }, transaction);
        var (decided, taught) = (new List<Decided>(), new List<(string, CustomerId)>());
        for (var i = 0; i < entries.Count; i++)
        {
            var (entry, clues) = (entries[i], lines[i].Clues);
            if (await ArriveAsync(transaction, book, entry, payouts) is { } arrived)
            {
                decided.Add(arrived);
                continue;
            }

            var candidates = items.For(entry, clues, payers, tolerance);
            var verdict = Match.Of(entry, candidates, payers, tolerance);
            var automatic = verdict.Automatic is { } sure && CanBook(sure, book, entry) ? sure : null;
            var customer = automatic?.CustomerId ?? (candidates.Owners is [var owner] ? owner : entry.CustomerId);
            var payment = entry.PaymentId ?? Receive(book, entry, automatic, customer, zone);
            if (automatic is null)
            {
                decided.Add(Propose(book, entry, payment, customer, verdict, Payouts.Of(entry, payouts)));
                continue;
            }

            var allocated = await AllocateAsync(transaction, book, payment, automatic.Parts);
            foreach (var part in allocated)
            {
                items.Set(part.InvoiceId, Math.Max(0m, Book.Coins(book.Of(part.InvoiceId)!.AmountDue, entry.Currency)));
            }

            if (Teaches(entry, automatic, clues, payers) is { } learned)
            {
                payers.AddAccount(learned.Account, learned.Customer);
                taught.Add(learned);
            }

            decided.Add(Matched(entry, payment, automatic, allocated, isByHand: false));
        }

        await LearnPayers.AccountsAsync(transaction, seller, taught, book.At);
        await RecordDecision.WriteAsync(transaction, seller, decided, book.At);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogLooked(seller, decided.Count, decided.Count(each => each.State == EntryState.Matched));
        return true;
    }

    /// <summary>Invoices take what they get of a payment; what they lack then and the seller forgives is written off.</summary>
    internal static async Task<IReadOnlyList<AllocatedPart>> AllocateAsync(
        NpgsqlTransaction transaction,
        Book book,
        PaymentId payment,
        IReadOnlyList<ProposalPart> parts
    )
    {
        foreach (var part in parts)
        {
            book.Allocate(payment, part.InvoiceId, part.Amount);
        }

        var allocated = new List<AllocatedPart>();
        foreach (var part in parts)
        {
            await KeepPaymentPolicy.ForgiveAsync(transaction, book, payment, part.InvoiceId, part.Amount);
            var forgiven = book.Received.FirstOrDefault(each => each.IsWrittenOff && each.InvoiceId == part.InvoiceId);
            allocated.Add(
                new AllocatedPart
                {
                    InvoiceId = part.InvoiceId,
                    Amount = Book.Coins(part.Amount, book.Of(payment).Currency),
                    Forgiven = forgiven?.Amount ?? 0m,
                    WriteOff = forgiven?.PaymentId,
                }
            );
        }

        return allocated;
    }

    /// <summary>What is written of a line that was matched with invoices.</summary>
    internal static Decided Matched(
        KeptEntry entry,
        PaymentId payment,
        Proposal proposal,
        IReadOnlyList<AllocatedPart> allocated,
        bool isByHand
    ) =>
        new()
        {
            Entry = entry,
            State = EntryState.Matched,
            MatchedAs = proposal.Kind == ProposalKind.PaidAlready ? Decided.AsPaidAlready : Decided.AsInvoices,
            PaymentId = payment,
            CustomerId = proposal.CustomerId,
            Allocated = allocated,
            Decision = Decided.Matched,
            IsByHand = isByHand,
            Grounds = proposal,
        };

    private static Decided Propose(Book book, KeptEntry entry, PaymentId payment, CustomerId? customer, Verdict verdict, Verdict payouts)
    {
        // Somebody allocated all of it, or gave it back, by another way.
        if (book.Of(payment) is { Unallocated: 0m } elsewhere)
        {
            return new Decided
            {
                Entry = entry,
                State = EntryState.Matched,
                MatchedAs = Decided.AsInvoices,
                PaymentId = payment,
                CustomerId = elsewhere.CustomerId ?? customer,
            };
        }

        var both = payouts.Proposals.Concat(verdict.Proposals).OrderByDescending(each => each.Score).Take(Match.MostProposals);
        return Decided.Proposed(entry, payment, customer, new Verdict([.. both]));
    }

    /// <summary>A payout that is certain is on the account; what had been taken for a customer's money never was.</summary>
    private static async Task<Decided?> ArriveAsync(
        NpgsqlTransaction transaction,
        Book book,
        KeptEntry entry,
        IReadOnlyList<AnnouncedPayout> payouts
    )
    {
        if (
            entry.ByHand
            || Payouts.Of(entry, payouts).Automatic is not { } payout
            || (entry.PaymentId is { } taken && book.Of(taken) is not { Allocated: 0m, Refunded: 0m, Reversed: 0m })
            || !await SettlePayouts.ArriveAsync(transaction, book, entry, payout)
        )
        {
            return null;
        }

        if (entry.PaymentId is { } payment)
        {
            book.Reverse(payment, entry.Amount, "payout", []);
        }

        return new Decided
        {
            Entry = entry,
            State = EntryState.Matched,
            MatchedAs = Decided.AsPayout,
            PaymentId = entry.PaymentId,
            Decision = Decided.Matched,
            Grounds = payout,
        };
    }

    /// <summary>What was certain before the locks is booked only where it is so under them.</summary>
    private static bool CanBook(Proposal sure, Book book, KeptEntry entry) =>
        !entry.ByHand
        && sure.Parts.All(part =>
            book.Of(part.InvoiceId) is { } invoice && invoice.Currency == entry.Currency && part.Amount <= invoice.AmountDue
        )
        && (entry.PaymentId is not { } payment || sure.Parts.Sum(part => part.Amount) <= book.Of(payment).Unallocated);

    private static PaymentId Receive(Book book, KeptEntry entry, Proposal? automatic, CustomerId? customer, string? zone)
    {
        var booked = entry.BookedOn.Year < 1900 ? book.At : SellerDay.Begin(entry.BookedOn, zone);
        var payment = new Payment
        {
            PaymentId = PaymentId.New(),
            InvoiceId = automatic?.Parts is [var only] ? only.InvoiceId : null,
            CustomerId = customer,
            Means = PaymentMeans.Transfer,
            Provider = "bank",
            ProviderReference = entry.EntryId.ToString(),
            Account = Account.Bank,
            Currency = entry.Currency,
            Amount = Book.Coins(entry.Amount, entry.Currency),
            Reference = entry.PaymentReference,
            ReceivedAt = booked < book.At ? booked : book.At,
        };
        book.Receive(payment);
        return payment.PaymentId;
    }

    /// <summary>
    /// Whoever cites an invoice from an account under the customer's own name pays from it for that customer; under another name they may
    /// be paying for somebody else.
    /// </summary>
    private static (string Account, CustomerId Customer)? Teaches(KeptEntry entry, Proposal automatic, Clues clues, Payers payers) =>
        entry.PartyAccount is { } account
        && automatic.CustomerId is { } customer
        && (payers.Likeness(customer, clues.Names) >= Payers.Alike || !payers.HasName(customer))
            ? (account, customer)
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Lines} lines of {SellerId}'s bank were looked at, {Matched} of them matched")]
    private partial void LogLooked(SellerId sellerId, int lines, int matched);
}
