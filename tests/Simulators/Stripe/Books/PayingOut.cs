using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>What lies on an account's balance goes to its bank: payments less refunds, disputes and fees.</summary>
internal static class PayingOut
{
    /// <summary>A payout for each currency in which there is anything.</summary>
    public static IReadOnlyList<Payout> Make(Draft draft, string account, string? currency, DateOnly? arrivesOn, string? statement)
    {
        List<Payout> made = [];
        foreach (var entries in draft.Available(account).GroupBy(each => each.Currency))
        {
            var net = entries.Sum(each => each.Net());
            // What refunds and disputes took over stays for the next time.
            if (net <= 0 || (currency is not null && entries.Key != currency))
            {
                continue;
            }

            var id = Ids.New("po_1", 23);
            var own = new Entry
            {
                Id = Ids.New("txn_1", 23),
                Account = account,
                Type = "payout",
                Source = id,
                Created = draft.Now,
                Amount = -net,
                Currency = entries.Key,
                Payout = id,
            };
            var payout = new Payout
            {
                Id = id,
                Account = account,
                Created = draft.Now,
                Amount = net,
                Fees = entries.Sum(each => each.Fee),
                Currency = entries.Key,
                ArrivesOn = arrivesOn ?? DateOnly.FromDateTime(draft.Now.UtcDateTime).AddDays(1),
                Statement = statement,
                Entry = own.Id,
            };
            foreach (var each in entries)
            {
                draft.Put(each with { Payout = id });
            }

            draft.Put(own);
            draft.Put(payout);
            draft.Tell(account, "payout.paid", Render.Payout(payout));
            made.Add(payout);
        }

        return made;
    }
}
