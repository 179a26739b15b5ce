using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>Money on its way between providers and the bank, and what leaves the bank by its own lines.</summary>
public sealed partial class Book
{
    /// <summary>A provider sent money to the seller's bank and kept its fees.</summary>
    public void PayOut(string provider, Currency currency, decimal amount, decimal fees)
    {
        Enter(
            "paid-out",
            currency,
            null,
            null,
            (Account.Fees, fees),
            (Account.PayoutsInTransit, amount),
            (Account.TakenBy(provider), -(amount + fees))
        );
        TellMoved("paid-out", currency, amount, fees, provider);
    }

    /// <summary>What a provider sent is on the bank's account.</summary>
    public void ArrivePayout(Currency currency, decimal amount)
    {
        Enter("payout-arrived", currency, null, null, (Account.Bank, amount), (Account.PayoutsInTransit, -amount));
        TellMoved("payout-arrived", currency, amount);
    }

    /// <summary>
    /// What a provider sent did not reach the bank, or came back from it: the provider has it again, and pays it out another time. What it
    /// kept is kept.
    /// </summary>
    public void FailPayout(string provider, Currency currency, decimal amount)
    {
        Enter("payout-failed", currency, null, null, (Account.TakenBy(provider), amount), (Account.PayoutsInTransit, -amount));
        TellMoved("payout-failed", currency, amount, provider: provider);
    }

    /// <summary>What the seller gave back by transfer has left the bank, as its line says.</summary>
    public void LeaveBank(PaymentId payment, Currency currency, decimal amount) =>
        Enter("refund-left-bank", currency, null, payment, (Account.Refunds, amount), (Account.Bank, -amount));

    /// <summary>The bank kept something of a movement for itself.</summary>
    public void ChargeByBank(Currency currency, decimal amount)
    {
        Enter("bank-charged", currency, null, null, (Account.Fees, amount), (Account.Bank, -amount));
        TellMoved("bank-charged", currency, 0m, fees: amount);
    }

    private void TellMoved(
        string movement,
        Currency currency,
        decimal amount,
        decimal fees = 0m,
        string? provider = null,
        PaymentId? payment = null
    ) =>
        _told.Add(
            new MoneyMoved
            {
                EventId = EventId.New(),
                SellerId = seller,
                Movement = movement,
                PaymentId = payment,
                Provider = provider,
                Currency = currency,
                Amount = Coins(amount, currency),
                Fees = Coins(fees, currency),
                MovedAt = at,
            }
        );
}
