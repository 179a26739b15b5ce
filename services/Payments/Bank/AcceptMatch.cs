using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// A person says what a line of the bank is: one of its proposals, invoices of their own choice, or a provider's settlement. It is booked
/// at once, and teaches from which account and under which name the customer pays.
/// </summary>
public sealed partial class AcceptMatch(NpgsqlDataSource database, KeepBooks books, SuggestMatches suggest, ILogger<AcceptMatch> log)
{
    private const string TakeEntry = $"""
        select {KeptEntry.Told}, {KeptEntry.Come} from bank_entry
        where seller_id = @SellerId and entry_id = @EntryId for update
        """;
    private const string WaitAgain = """
        update bank_entry set state = 'waiting' where seller_id = @SellerId and entry_id = @EntryId and state in ('open', 'proposed')
        """;

    /// <summary>What is posted: one of the three.</summary>
    public sealed record Request
    {
        /// <summary>Which proposal, counted from 1.</summary>
        public int? Proposal { get; init; }

        /// <summary>What each invoice gets.</summary>
        public IReadOnlyList<Part>? Invoices { get; init; }

        /// <summary>Whose settlement it is.</summary>
        public Settlement? Settlement { get; init; }
    }

    /// <summary>What an invoice gets.</summary>
    public sealed record Part
    {
        /// <summary>The invoice.</summary>
        public required InvoiceId InvoiceId { get; init; }

        /// <summary>How much.</summary>
        public required decimal Amount { get; init; }
    }

    /// <summary>What a provider sent that announces nothing.</summary>
    public sealed record Settlement
    {
        /// <summary>The provider, such as redsys.</summary>
        public required string Provider { get; init; }

        /// <summary>What it kept for itself.</summary>
        public decimal Fees { get; init; }
    }

    /// <summary>Books what a person says it is; the same said again changes nothing.</summary>
    public async Task<Outcome<Guid>> HandleAsync(Caller caller, Guid id, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("AcceptMatch");
        if (Check(request) is { } unclear)
        {
            return unclear;
        }

        var outcome = await AcceptAsync(caller.SellerId, id, request, token);
        if (outcome.Refused(out var refused))
        {
            if (refused.Code == PaymentsFaults.ProposalMoved)
            {
                await LookAgainAsync(caller.SellerId, id, token);
            }

            return refused;
        }

        if (outcome.Value is { } taught)
        {
            await suggest.RunAgainAsync(caller.SellerId, taught, token);
        }

        return id;
    }

    /// <summary>The line that taught something, or none.</summary>
    private async Task<Outcome<BankEntry?>> AcceptAsync(SellerId seller, Guid id, Request request, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var asked = new { SellerId = seller, EntryId = id };
        if (await connection.QuerySingleOrDefaultAsync<KeptEntry>(TakeEntry, asked, transaction) is not { } entry)
        {
            return PaymentsFaults.NoEntry.With(id);
        }

        if (entry.State == EntryState.Matched)
        {
            return IsTheSame(entry, request) ? (BankEntry?)null : PaymentsFaults.AlreadyMatched.With(id);
        }

        if (entry.State is not (EntryState.Proposed or EntryState.Open))
        {
            return PaymentsFaults.NotMatchable.With();
        }

        if (request.Settlement is { } settlement)
        {
            return await SettleAsync(transaction, seller, entry, settlement, token);
        }

        if (request.Invoices is { } invoices)
        {
            var named = await NamedAsync(transaction, seller, invoices);
            return named.Refused(out var missing) ? missing : await AllocateAsync(transaction, seller, entry, named.Value, false, token);
        }

        var proposals = JsonSerializer.Deserialize<List<Proposal>>(entry.Proposals ?? "[]", Wire.Tolerant) ?? [];
        if (request.Proposal!.Value > proposals.Count)
        {
            return PaymentsFaults.NoProposal.At("proposal", proposals.Count);
        }

        var proposal = proposals[request.Proposal.Value - 1];
        return proposal.Kind switch
        {
            ProposalKind.Payout => await ArriveAsync(transaction, seller, entry, proposal, token),
            ProposalKind.Refund => await LeaveAsync(transaction, seller, entry, proposal, token),
            _ => await AllocateAsync(transaction, seller, entry, proposal, true, token),
        };
    }

    private async Task<Outcome<BankEntry?>> AllocateAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        Proposal proposal,
        bool isProposed,
        CancellationToken token
    )
    {
        if (entry is not { IsCredit: true, PaymentId: { } payment })
        {
            return PaymentsFaults.NotMatchable.With();
        }

        var book = await books.OpenAsync(transaction, seller, proposal.Parts.Select(each => each.InvoiceId), token);
        if (await books.HoldAsync(transaction, book, [payment], token) is not [var money])
        {
            return PaymentsFaults.NotMatchable.With();
        }

        for (var i = 0; i < proposal.Parts.Count; i++)
        {
            var part = proposal.Parts[i];
            if (book.Of(part.InvoiceId) is not { } invoice)
            {
                return PaymentsFaults.NoInvoice.At($"invoices[{i}].invoiceId", part.InvoiceId) with { RetryAfter = 1 };
            }

            if (invoice.Currency != money.Currency)
            {
                return PaymentsFaults.OtherCurrency.At($"invoices[{i}].invoiceId", money.Currency, invoice.Currency);
            }

            if (part.Amount > invoice.AmountDue)
            {
                return isProposed
                    ? PaymentsFaults.ProposalMoved.With()
                    : PaymentsFaults.TooMuchOfInvoice.At(
                        $"invoices[{i}].amount",
                        part.Number,
                        Money.Of(Math.Max(0m, invoice.AmountDue), invoice.Currency)
                    );
            }

            if (Amounts.Check(part.Amount, money.Currency) is { } badAmount)
            {
                return badAmount with { Path = $"invoices[{i}].amount" };
            }
        }

        var sum = proposal.Parts.Sum(each => each.Amount);
        if (sum > money.Unallocated)
        {
            return isProposed
                ? PaymentsFaults.ProposalMoved.With()
                : PaymentsFaults.TooMuchMatched.At("invoices", Money.Of(sum, money.Currency), Money.Of(money.Unallocated, money.Currency));
        }

        var allocated = await SuggestMatches.AllocateAsync(transaction, book, payment, proposal.Parts);
        var decided = SuggestMatches.Matched(entry, payment, proposal, allocated, isByHand: true);
        if (proposal.CustomerId is { } customer)
        {
            await LearnPayers.AcceptedAsync(transaction, seller, entry, customer, book.At);
        }

        await FinishAsync(transaction, book, decided, token);
        return proposal.CustomerId is null ? (BankEntry?)null : entry;
    }

    private async Task<Outcome<BankEntry?>> ArriveAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        Proposal payout,
        CancellationToken token
    )
    {
        var opened = await NotTheirsAsync(transaction, seller, entry, "payout", token);
        if (opened.Refused(out var taken))
        {
            return taken;
        }

        if (!await SettlePayouts.ArriveAsync(transaction, opened.Value, entry, payout))
        {
            return PaymentsFaults.ProposalMoved.With();
        }

        await FinishAsync(transaction, opened.Value, Known(entry, Decided.AsPayout, payout), token);
        return (BankEntry?)null;
    }

    private async Task<Outcome<BankEntry?>> SettleAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        Settlement settlement,
        CancellationToken token
    )
    {
        if (Amounts.Check(settlement.Fees + 1m, entry.Currency) is not null)
        {
            return PaymentsFaults.BadSettlement.At("settlement.fees");
        }

        var opened = await NotTheirsAsync(transaction, seller, entry, "settlement", token);
        if (opened.Refused(out var taken))
        {
            return taken;
        }

        if (!await SettlePayouts.SettleAsync(transaction, opened.Value, entry, settlement.Provider, settlement.Fees))
        {
            return PaymentsFaults.AlreadyMatched.With(entry.EntryId);
        }

        await FinishAsync(transaction, opened.Value, Known(entry, Decided.AsSettlement, settlement), token);
        return (BankEntry?)null;
    }

    private async Task<Outcome<BankEntry?>> LeaveAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        Proposal refund,
        CancellationToken token
    )
    {
        var book = await books.OpenAsync(transaction, seller, [], token);
        if (!await SettleRefunds.LeaveAsync(transaction, book, entry, refund))
        {
            return PaymentsFaults.ProposalMoved.With();
        }

        await FinishAsync(transaction, book, Known(entry, Decided.AsRefund, refund), token);
        return (BankEntry?)null;
    }

    /// <summary>The money that the line was taken for is no customer's: as long as no invoice has any of it, it never was.</summary>
    private async Task<Outcome<Book>> NotTheirsAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        string reason,
        CancellationToken token
    )
    {
        if (!entry.IsCredit && reason == "settlement")
        {
            return PaymentsFaults.NotMatchable.With();
        }

        var book = await books.OpenAsync(transaction, seller, [], token);
        if (entry.PaymentId is { } payment)
        {
            await books.HoldAsync(transaction, book, [payment], token);
            if (book.Of(payment) is not { Allocated: 0m, Refunded: 0m, Reversed: 0m })
            {
                return PaymentsFaults.NotMatchable.With();
            }

            book.Reverse(payment, Book.Coins(entry.Amount, entry.Currency), reason, []);
        }

        return book;
    }

    private async Task FinishAsync(NpgsqlTransaction transaction, Book book, Decided decided, CancellationToken token)
    {
        await RecordDecision.WriteAsync(transaction, book.Seller, [decided], book.At);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogAccepted(decided.Entry.EntryId, book.Seller, decided.MatchedAs!);
    }

    private async Task LookAgainAsync(SellerId seller, Guid id, CancellationToken token)
    {
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            await connection.ExecuteAsync(WaitAgain, new { SellerId = seller, EntryId = id });
        }

        await suggest.RunAsync(seller, token);
    }

    private static Decided Known(KeptEntry entry, string matchedAs, object grounds) =>
        new()
        {
            Entry = entry,
            State = EntryState.Matched,
            MatchedAs = matchedAs,
            PaymentId = entry.PaymentId,
            Decision = Decided.Matched,
            IsByHand = true,
            Grounds = grounds,
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "Bank entry {EntryId} of {SellerId} was matched by hand as {MatchedAs}")]
    private partial void LogAccepted(Guid entryId, SellerId sellerId, string matchedAs);
}
