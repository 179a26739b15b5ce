using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>What is told of money on its way to the bank.</summary>
public sealed partial class Conclusion
{
    private void PayOut(PaidOut paidOut)
    {
        if (!_newPayouts.Remove(paidOut.Reference))
        {
            Done(paidOut, "known");
            return;
        }

        book.PayOut(
            account.Provider,
            paidOut.Currency,
            Book.Coins(paidOut.Amount, paidOut.Currency),
            Book.Coins(paidOut.Fees, paidOut.Currency)
        );
        Done(paidOut, "paid-out");
    }

    private void FailPayout(PayoutFailed failed)
    {
        if (!_payouts.Remove(failed.Reference, out var payout))
        {
            // Until it is told that it was paid out; where it never was, there is nothing to book.
            Wait(failed, "nobody has said yet that it was paid out", isForeign: true);
            return;
        }

        book.FailPayout(account.Provider, payout.Currency, Book.Coins(payout.Amount, payout.Currency));
        _failedPayouts.Add(payout with { Reason = failed.Reason });
        _odd.Add($"payout {failed.Reference} of {account.Provider} failed: {failed.Reason ?? "no reason is given"}");
        Done(failed, "payout-failed");
    }
}
