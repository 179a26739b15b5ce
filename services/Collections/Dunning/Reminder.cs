using System.Globalization;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Why a reminder is not sent now, when it is looked at again, and whether another service being away is the cause.</summary>
public sealed record Wait(string Because, TimeSpan Pause, bool Away);

/// <summary>What may be reminded of: only what Payments itself says is due, and of which nothing is on its way.</summary>
public static class Reminder
{
    /// <summary>How long what went wrong waits before it is tried again.</summary>
    public static readonly TimeSpan ForSomeoneToMend = TimeSpan.FromHours(1);

    /// <summary>Why it waits by Payments' word; null where it may go.</summary>
    public static Wait? WaitsFor(Balance? balance, int attempts) =>
        balance is null ? new Wait("Payments has not heard of the invoice yet", Soon(attempts), false)
        : Amount(balance.InFlight) > 0m ? new Wait("a payment is in flight", Soon(attempts), false)
        : Amount(balance.AmountDue) <= 0m ? new Wait("nothing is due", Soon(attempts), false)
        : null;

    /// <summary>What is asked for: what Payments says is due, less what is disputed.</summary>
    public static decimal AskedOf(Balance balance, decimal disputed) => Amount(balance.AmountDue) - disputed;

    /// <summary>It waits for a service that is away, or that refused and is not asked again at once.</summary>
    public static Wait After(string service, string status, bool away, int attempts) =>
        new($"{service}: {status}", away ? Soon(attempts) : ForSomeoneToMend, away);

    /// <summary>Within a second or two at first, then each minute.</summary>
    private static TimeSpan Soon(int attempts) => TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Clamp(attempts, 0, 6)));

    private static decimal Amount(string text) =>
        text.Length == 0 ? 0m : decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
