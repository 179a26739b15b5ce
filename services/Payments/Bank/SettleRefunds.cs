using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What the seller gave back by transfer is looked for among the debits of the bank: where it is found, it has left the bank and is no
/// longer in refunds.
/// </summary>
public static class SettleRefunds
{
    private const int ShortestReference = 4;

    // Cash goes back from the till and cards' money from their provider; only these go back by transfer.
    private const string Given = """
        select r.payment_id, r.reference, p.customer_id, e.party_account,
               exists (
                   select from payer_account a
                   where a.seller_id = r.seller_id and a.customer_id = p.customer_id and a.account = @Account
               ) as is_payers
        from refund r join payment p using (seller_id, payment_id)
        left join lateral (
            select party_account from bank_entry where seller_id = r.seller_id and payment_id = r.payment_id limit 1
        ) e on true
        where r.seller_id = @SellerId and r.amount = @Amount and p.currency = @Currency and r.state = 'given' and r.provider is null
          and p.means in ('transfer', 'direct-debit', 'credit')
          and r.refunded_at >= @Day::date - 60 and r.refunded_at < @Day::date + 15
          and not exists (
              select from bank_refund b
              where b.seller_id = r.seller_id and b.payment_id = r.payment_id and b.reference = r.reference)
        order by r.refunded_at limit 20
        """;
    private const string TakeOnce = """
        insert into bank_refund (seller_id, payment_id, reference, entry_id) values (@SellerId, @PaymentId, @Reference, @EntryId)
        on conflict do nothing
        """;

    /// <summary>Which refund the debit may be; certain where it names the one it is, or goes where that one's money came from.</summary>
    public static async Task<Verdict> OfAsync(NpgsqlTransaction transaction, SellerId seller, BankEntry entry)
    {
        var given = (
            await transaction.Connection!.QueryAsync<GivenBack>(
                Given,
                new
                {
                    SellerId = seller,
                    entry.Amount,
                    entry.Currency,
                    Account = entry.PartyAccount,
                    Day = entry.BookedOn,
                },
                transaction
            )
        ).ToList();
        var compact = string.Concat(entry.Cited.Append(entry.Words).Append(entry.EndToEndId).SelectMany(PlainWords.Of));
        var named = given.FindAll(each => each.IsNamedBy(compact) || each.IsPayers || IsWhereItCameFrom(each, entry));
        return new Verdict([
            .. given
                .OrderByDescending(each => named.Contains(each))
                .Take(Match.MostProposals)
                .Select(each => new Proposal
                {
                    Kind = ProposalKind.Refund,
                    Confidence =
                        named.Contains(each) && named.Count == 1 ? Confidence.Certain
                        : named.Contains(each) || given.Count == 1 ? Confidence.Likely
                        : Confidence.Possible,
                    Score = named.Contains(each) ? 0.9m : 0.5m,
                    CustomerId = each.CustomerId,
                    PaymentId = each.PaymentId,
                    Reference = each.Reference,
                    Reasons =
                    [
                        MatchReason.Of(MatchReason.Refund, each.Reference),
                        .. named.Contains(each) ? [MatchReason.Of(MatchReason.RefundNamed, each.Reference)] : Array.Empty<MatchReason>(),
                    ],
                }),
        ]);
    }

    /// <summary>The debit is that refund: it has left the bank. False where it was another line's meanwhile.</summary>
    public static async Task<bool> LeaveAsync(NpgsqlTransaction transaction, Book book, BankEntry entry, Proposal refund)
    {
        var isFirst =
            await transaction.Connection!.ExecuteAsync(
                TakeOnce,
                new
                {
                    SellerId = book.Seller,
                    PaymentId = refund.PaymentId!.Value,
                    refund.Reference,
                    entry.EntryId,
                },
                transaction
            ) > 0;
        if (isFirst)
        {
            book.LeaveBank(refund.PaymentId.Value, entry.Currency, Book.Coins(entry.Amount, entry.Currency));
        }

        return isFirst;
    }

    private static bool IsWhereItCameFrom(GivenBack given, BankEntry entry) =>
        entry.PartyAccount is { } account && given.PartyAccount == account;

    private sealed record GivenBack
    {
        public PaymentId PaymentId { get; init; }

        public string Reference { get; init; } = "";

        public CustomerId? CustomerId { get; init; }

        public string? PartyAccount { get; init; }

        public bool IsPayers { get; init; }

        public bool IsNamedBy(string compact) =>
            string.Concat(PlainWords.Of(Reference)) is { Length: >= ShortestReference } key
            && compact.Contains(key, StringComparison.Ordinal);
    }
}
