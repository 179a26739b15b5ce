using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Pages;

/// <summary>An invoice that is paid together with others, as a row.</summary>
public sealed record OpenRow(string InvoiceId, string Number, DateOnly? DueDate, decimal AmountDue);

/// <summary>What someone sees who is about to pay, or has just paid.</summary>
public sealed record PaymentModel
{
    /// <summary>It is shown with its account and QR, not as a button: nobody but the payer's bank can begin it.</summary>
    public const string Transfer = "transfer";

    private static readonly string[] SandboxWays = ["card", "bizum", "wallet"];

    /// <summary>What Payments says can be done.</summary>
    public required PaymentPage Payment { get; init; }

    /// <summary>The page's own address.</summary>
    public required string Href { get; init; }

    /// <summary>Where the invoice itself can be seen; none for who came by a payment link.</summary>
    public string? InvoiceHref { get; init; }

    /// <summary>Whether it had been paid before the button was pressed.</summary>
    public bool HadBeenPaid { get; init; }

    /// <summary>The way to pay that could not be opened just now.</summary>
    public string? NotOpened { get; init; }

    /// <summary>Whether the amount is another than the one whose button was pressed.</summary>
    public bool HasChanged { get; init; }

    /// <summary>Since when something is under way, by the seller's clock.</summary>
    public DateTimeOffset? UnderWaySince { get; init; }

    /// <summary>What was received just now.</summary>
    public decimal? Received { get; init; }

    /// <summary>What is still open after that, where it is known.</summary>
    public decimal Left { get; init; }

    /// <summary>What is open.</summary>
    public decimal AmountDue => Standing.DecimalOf(Payment.AmountDue);

    /// <summary>What is on its way.</summary>
    public decimal InFlight => Standing.DecimalOf(Payment.InFlight);

    /// <summary>Its currency.</summary>
    public Currency Currency => Currency.TryParse(Payment.Currency, out var currency) ? currency : Currency.Eur;

    /// <summary>When it is due.</summary>
    public DateOnly? DueDate => Payment.HasDueDate ? DayOf(Payment.DueDate) : null;

    /// <summary>Whether all that is open is under way already, so that paying again is not needed.</summary>
    public bool IsUnderWay =>
        AmountDue > 0m && (Payment.AllOpen ? Payment.AlsoOpen.Sum(each => Standing.DecimalOf(each.InFlight)) : InFlight) >= AmountDue;

    /// <summary>The ways to pay that are buttons, as they are offered; the one that could not be opened just now comes last.</summary>
    public IReadOnlyList<string> Ways
    {
        get
        {
            var offered = Payment
                .Options.Select(option => option.Means)
                .Where(means => means != Transfer)
                .Distinct(StringComparer.Ordinal)
                .OrderBy(means => means == NotOpened)
                .ToArray();
            return offered.Length == 0 && Payment.Sandbox ? SandboxWays : offered;
        }
    }

    /// <summary>Whether the sandbox plays the ways to pay.</summary>
    public bool IsSandbox => Payment.Sandbox && Payment.Options.All(option => option.Means == Transfer);

    /// <summary>Whether a transfer is what this payer or this seller prefers.</summary>
    public bool TransferFirst => Payment.Options.Count > 0 && Payment.Options[0].Means == Transfer;

    /// <summary>Whether there are other invoices to be paid together with the one that is shown.</summary>
    public bool HasMore => !Payment.AllOpen && !IsSandbox && AmountDue > 0m && Payment.AlsoOpen.Count > 0 && Ways.Count > 0;

    /// <summary>What can be paid together, what is shown first.</summary>
    public IReadOnlyList<OpenRow> Together
    {
        get
        {
            var others = Payment.AlsoOpen.Select(each => new OpenRow(
                each.InvoiceId,
                each.Number,
                each.HasDueDate ? DayOf(each.DueDate) : null,
                Standing.DecimalOf(each.AmountDue)
            ));
            return Payment.AllOpen ? [.. others] : [new OpenRow(Payment.InvoiceId, Payment.Number, DueDate, AmountDue), .. others];
        }
    }

    /// <summary>What all of that comes to.</summary>
    public decimal TogetherDue => Together.Sum(each => each.AmountDue);

    /// <summary>
    /// The reference a transfer cites: it stands in the tenth line of the QR's payload, or in words in the eleventh (EPC069-12), and the
    /// page gets it only there.
    /// </summary>
    public string? Reference =>
        Payment.Transfer is { HasEpcPayload: true } transfer
            ? transfer.EpcPayload.Split('\n').Skip(9).Take(2).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0)
            : null;

    /// <summary>The page behind a door.</summary>
    public static PaymentModel Of(PayDoor door, PaymentPage payment, TimeZoneInfo zone) =>
        new()
        {
            Payment = payment,
            Href = door.Href,
            InvoiceHref = door.InvoiceHref,
            UnderWaySince =
                payment.HasInFlightSince
                && DateTimeOffset.TryParse(
                    payment.InFlightSince,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var since
                )
                    ? TimeZoneInfo.ConvertTime(since, zone)
                    : null,
        };

    /// <summary>Letters and digits in fours, as IBANs and references are printed.</summary>
    public static string InFours(string text) =>
        string.Join(' ', text.Where(char.IsAsciiLetterOrDigit).Chunk(4).Select(four => new string(four)));

    /// <summary>A reference as it is to be copied: one of ours in fours, words as they are.</summary>
    public static string AsPrinted(string reference) => reference.Contains(' ', StringComparison.Ordinal) ? reference : InFours(reference);

    /// <summary>An amount as a form carries it.</summary>
    public static string Plain(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string date) =>
        DateOnly.TryParseExact(date, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
