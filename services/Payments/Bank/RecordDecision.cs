using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>What has come of lines of the bank is written beside them, and what was decided into their history.</summary>
public static class RecordDecision
{
    private const string Write = """
        update bank_entry e
        set state = n.state, matched_as = n.matched_as, payment_id = n.payment_id, customer_id = n.customer_id,
            proposals = n.proposals::jsonb, allocated = n.allocated::jsonb, by_hand = n.by_hand, decided_at = @At
        from unnest(@Entries, @States, @MatchedAs, @Payments, @Customers, @Proposals, @Allocated, @ByHand)
            as n (entry_id, state, matched_as, payment_id, customer_id, proposals, allocated, by_hand)
        where e.seller_id = @SellerId and e.entry_id = n.entry_id
        """;
    private const string Remember = """
        insert into bank_decision (seller_id, entry_id, kind, by_hand, decision, decided_at)
        select @SellerId, n.entry_id, n.kind, n.by_hand, n.decision::jsonb, @At
        from unnest(@Entries, @Kinds, @ByHand, @Decisions) with ordinality as n (entry_id, kind, by_hand, decision, place)
        order by n.place
        """;

    /// <summary>Writes them down in the transaction.</summary>
    public static async Task WriteAsync(NpgsqlTransaction transaction, SellerId seller, IReadOnlyList<Decided> decided, DateTimeOffset at)
    {
        if (decided.Count == 0)
        {
            return;
        }

        await transaction.Connection!.ExecuteAsync(
            Write,
            new
            {
                SellerId = seller,
                Entries = decided.Select(each => each.Entry.EntryId).ToArray(),
                States = decided.Select(each => each.State.ToString().ToLowerInvariant()).ToArray(),
                MatchedAs = decided.Select(each => each.MatchedAs).ToArray(),
                Payments = decided.Select(each => each.PaymentId?.Value).ToArray(),
                Customers = decided.Select(each => each.CustomerId?.Value).ToArray(),
                Proposals = decided.Select(each => Json(each.Proposals)).ToArray(),
                Allocated = decided.Select(each => Json(each.Allocated)).ToArray(),
                ByHand = decided.Select(each => each.Entry.ByHand || each.IsByHandFromNow).ToArray(),
                At = at,
            },
            transaction
        );
        var remembered = decided.Where(each => each.Decision is not null).ToList();
        if (remembered.Count > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                Remember,
                new
                {
                    SellerId = seller,
                    Entries = remembered.Select(each => each.Entry.EntryId).ToArray(),
                    Kinds = remembered.Select(each => each.Decision).ToArray(),
                    ByHand = remembered.Select(each => each.IsByHand).ToArray(),
                    Decisions = remembered.Select(each => JsonSerializer.Serialize(each.Grounds, Wire.Tolerant)).ToArray(),
                    At = at,
                },
                transaction
            );
        }
    }

    private static string? Json<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : JsonSerializer.Serialize(list, Wire.Tolerant);
}
