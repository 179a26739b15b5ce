using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>What lies on an account's balance goes to its bank: payments less refunds, disputes and fees.</summary>
internal static class PayingOut
{
    /// <summary>A payout for each currency in which there is anything.</summary>
    public static IReadOnlyList<Payout> Make(
        Draft draft,
        string account,
        string? currency,
        DateOnly? arrivesOn,
        string? statement,
        bool collects
    )
    {
        List<Payout> made = [];
        foreach (var entries in draft.Available(account).GroupBy(each => each.Currency))
        {
            var net = entries.Sum(each => each.Net());
            // What refunds and disputes took over stays for the next time, unless it is collected from the bank.
            if (net == 0 || (net < 0 && !collects) || (currency is not null && entries.Key != currency))
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

    /// <summary>The bank does not take it, or gives it back: it lies on the balance again, for the next one.</summary>
    public static Payout Fail(Draft draft, Payout payout, string code)
    {
        var failed = payout with { FailureCode = code };
        draft.Put(
            new Entry
            {
                Id = Ids.New("txn_1", 23),
                Account = payout.Account,
                Type = "payout_failure",
                Source = payout.Id,
                Created = draft.Now,
                Amount = payout.Amount,
                Currency = payout.Currency,
            }
        );
        draft.Put(failed);
        draft.Tell(payout.Account, "payout.failed", Render.Payout(failed));
        return failed;
    }
}
