using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// A match was wrong: what invoices took of the line is the customer's again, what was forgiven is asked for again, and what it taught is
/// forgotten. From then on a person decides of the line; so it is where a person says that nothing of what is proposed is so.
/// </summary>
public sealed partial class ReleaseMatch(
    NpgsqlDataSource database,
    KeepBooks books,
    SuggestMatches suggest,
    TimeProvider clock,
    ILogger<ReleaseMatch> log
)
{
    private const string TakeEntry = $"""
        select {KeptEntry.Told}, {KeptEntry.Come} from bank_entry
        where seller_id = @SellerId and entry_id = @EntryId for update
        """;

    /// <summary>Undoes it, and proposes anew.</summary>
    public async Task<Outcome<Guid>> HandleAsync(Caller caller, Guid id, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("ReleaseMatch");
        var undone = await UndoAsync(caller.SellerId, id, token);
        if (!undone.Refused(out _))
        {
            await suggest.RunAsync(caller.SellerId, token);
        }

        return undone;
    }

    private async Task<Outcome<Guid>> UndoAsync(SellerId seller, Guid id, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var asked = new { SellerId = seller, EntryId = id };
        if (await connection.QuerySingleOrDefaultAsync<KeptEntry>(TakeEntry, asked, transaction) is not { } entry)
        {
            return PaymentsFaults.NoEntry.With(id);
        }

        if (
            entry is not { State: EntryState.Matched, PaymentId: { } payment }
            || entry.MatchedAs is not (Decided.AsInvoices or Decided.AsPaidAlready)
        )
        {
            return PaymentsFaults.NothingToUndo.With(entry.MatchedAs ?? entry.State.ToString().ToLowerInvariant());
        }

        var parts = JsonSerializer.Deserialize<List<AllocatedPart>>(entry.Allocated ?? "[]", Wire.Tolerant) ?? [];
        var forgiven = parts.Select(each => each.WriteOff).OfType<PaymentId>().ToList();
        var (book, taken) = await books.OpenAtPaymentAsync(transaction, seller, payment, parts.Select(each => each.InvoiceId), token);
        await books.HoldAsync(transaction, book, forgiven, token);
        foreach (var allocation in taken)
        {
            book.Release(payment, allocation.InvoiceId, allocation.Amount);
        }

        foreach (var part in parts.Where(each => each.WriteOff is not null))
        {
            // What is left of it: it may have been undone before.
            if (book.Holds(part.WriteOff!.Value) && book.Of(part.WriteOff.Value).Allocated is > 0m and var left)
            {
                book.Release(part.WriteOff.Value, part.InvoiceId, left);
            }
        }

        if (entry.CustomerId is { } customer)
        {
            await LearnPayers.UndoneAsync(transaction, seller, entry, customer);
        }

        var waits = Undecided(entry, Decided.Unmatched, parts) with { State = EntryState.Waiting };
        await RecordDecision.WriteAsync(transaction, seller, [waits], book.At);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogReleased(id, seller);
        return id;
    }

    /// <summary>Nothing of what is proposed is so.</summary>
    public async Task<Outcome<Guid>> RefuseAsync(Caller caller, Guid id, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("ReleaseMatch");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var asked = new { caller.SellerId, EntryId = id };
        if (await connection.QuerySingleOrDefaultAsync<KeptEntry>(TakeEntry, asked, transaction) is not { } entry)
        {
            return PaymentsFaults.NoEntry.With(id);
        }

        if (entry is { State: EntryState.Open, ByHand: true })
        {
            return id;
        }

        if (entry.State is not (EntryState.Proposed or EntryState.Open))
        {
            return PaymentsFaults.NotMatchable.With();
        }

        var proposals = JsonSerializer.Deserialize<List<Proposal>>(entry.Proposals ?? "[]", Wire.Tolerant) ?? [];
        var refused = Undecided(entry, Decided.Refused, proposals);
        await RecordDecision.WriteAsync(transaction, caller.SellerId, [refused], clock.GetUtcNow());
        await transaction.CommitAsync(token);
        return id;
    }

    private static Decided Undecided(KeptEntry entry, string decision, object grounds) =>
        new()
        {
            Entry = entry,
            State = EntryState.Open,
            PaymentId = entry.PaymentId,
            Decision = decision,
            IsByHand = true,
            IsByHandFromNow = true,
            Grounds = grounds,
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "The match of bank entry {EntryId} of {SellerId} was undone")]
    private partial void LogReleased(Guid entryId, SellerId sellerId);
}
