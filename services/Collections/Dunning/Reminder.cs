using System.Globalization;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Why a reminder is not sent now, when it is looked at again, and whether another service being away is the cause.</summary>
public sealed record Wait(string Because, TimeSpan Pause, bool Away);

/// <summary>What may be reminded of: only what Payments itself says is due, and of which nothing is on its way.</summary>
public static class Reminder
{
    /// <summary>As Delivery's reason begins where it came to nobody in time: it is decided anew, and counts for no cap.</summary>
    public const string TooLate = "DEL-SEND-08";

    // A transfer takes a day; what becomes of it is told, and only where nothing is told it is asked for so often.
    private const int MostMinutes = 15;

    /// <summary>How long what went wrong waits before it is tried again.</summary>
    public static readonly TimeSpan ForSomeoneToMend = TimeSpan.FromHours(1);

    /// <summary>Why it waits by Payments' word; null where it may go.</summary>
    public static Wait? WaitsFor(Balance? balance, int attempts) =>
        balance is null ? new Wait("Payments has not heard of the invoice yet", Soon(attempts), false)
        : Amount(balance.InFlight) > 0m ? new Wait("a payment is in flight", Later(attempts), false)
        : Amount(balance.AmountDue) <= 0m ? new Wait("nothing is due", Soon(attempts), false)
        : null;

    /// <summary>What is asked for: what Payments says is due, less what is disputed.</summary>
    public static decimal AskedOf(Balance balance, decimal disputed) => Amount(balance.AmountDue) - disputed;

    /// <summary>It waits for a service that is away, or that refused and is not asked again at once.</summary>
    public static Wait After(string service, string status, bool away, int attempts) =>
        new($"{service}: {status}", away ? Soon(attempts) : ForSomeoneToMend, away);

    /// <summary>Within a second or two at first, then each minute.</summary>
    private static TimeSpan Soon(int attempts) => TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Clamp(attempts, 0, 6)));

    /// <summary>After 1, 2, 4 … minutes.</summary>
    private static TimeSpan Later(int attempts) => TimeSpan.FromMinutes(Math.Min(MostMinutes, 1 << Math.Clamp(attempts, 0, 4)));

    private static decimal Amount(string text) =>
        text.Length == 0 ? 0m : decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
