using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>Money on its way between providers and the bank, and what leaves the bank by its own lines.</summary>
public sealed partial class Book
{
    /// <summary>A provider sent money to the seller's bank and kept its fees.</summary>
    public void PayOut(string provider, Currency currency, decimal amount, decimal fees) =>
        Enter(
            "paid-out",
            currency,
            null,
            null,
            (Account.Fees, fees),
            (Account.PayoutsInTransit, amount),
            (Account.TakenBy(provider), -(amount + fees))
        );

    /// <summary>What a provider sent is on the bank's account.</summary>
    public void ArrivePayout(Currency currency, decimal amount) =>
        Enter("payout-arrived", currency, null, null, (Account.Bank, amount), (Account.PayoutsInTransit, -amount));

    /// <summary>
    /// What a provider sent did not reach the bank, or came back from it: the provider has it again, and pays it out another time. What it
    /// kept is kept.
    /// </summary>
    public void FailPayout(string provider, Currency currency, decimal amount) =>
        Enter("payout-failed", currency, null, null, (Account.TakenBy(provider), amount), (Account.PayoutsInTransit, -amount));

    /// <summary>What the seller gave back by transfer has left the bank, as its line says.</summary>
    public void LeaveBank(PaymentId payment, Currency currency, decimal amount) =>
        Enter("refund-left-bank", currency, null, payment, (Account.Refunds, amount), (Account.Bank, -amount));

    /// <summary>The bank kept something of a movement for itself.</summary>
    public void ChargeByBank(Currency currency, decimal amount) =>
        Enter("bank-charged", currency, null, null, (Account.Fees, amount), (Account.Bank, -amount));
}
