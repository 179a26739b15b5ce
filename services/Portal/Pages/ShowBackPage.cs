using System.Globalization;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What someone sees who comes back from a provider's page, other than that it is paid.</summary>
public sealed record BackModel
{
    /// <summary>The payment page that it began on.</summary>
    public required PaymentModel Paying { get; init; }

    /// <summary>open, failed, cancelled or expired.</summary>
    public required string State { get; init; }

    /// <summary>What the checkout is for; what is open where that is not known.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The provider's code of why it came to nothing.</summary>
    public string? Code { get; init; }

    /// <summary>Asks again.</summary>
    public required string LookAgain { get; init; }

    /// <summary>The same page, which then stays as it is; none where it stays so already.</summary>
    public string? StayStill { get; init; }
}

/// <summary>
/// Tells who comes back from a provider's page what became of the payment, as Payments knows it: that the browser came back proves nothing.
/// While the provider has not said it, the page looks again by itself for a minute.
/// </summary>
public sealed class ShowBackPage(AskPayments payments, AskInvoicing invoicing)
{
    private const string Open = "open";
    private const string Still = "no";

    // Seconds before each look; after the last one the payer looks, so that a page left open asks nobody for ever.
    private static readonly int[] Waits = [2, 3, 5, 10, 15, 25];

    /// <summary>The page's address.</summary>
    public static Task<IResult> Handle(
        ShowBackPage slice,
        string? checkout,
        string? looks,
        PageContext page,
        PayDoor door,
        CancellationToken cancellationToken
    ) => slice.HandleAsync(checkout, looks, page, door, cancellationToken);

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(
        string? checkout,
        string? looks,
        PageContext page,
        PayDoor door,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBackPage));
        if (door.Opened.Fault is not null)
        {
            return door.Refuse(page);
        }

        if (!Guid.TryParse(checkout, out var id))
        {
            return PageContext.GoTo(door.Href);
        }

        var seen = await payments.SeeCheckoutAsync(Asked(door, id), door.Behalf, cancellationToken);
        if (seen.Fault is { } fault && fault.Code != PortalFaults.Away)
        {
            // Another's, or none: what this payer has open is on the payment page.
            return PageContext.GoTo(door.Href);
        }

        var (branded, zone) = await ShowPayPage.BrandedAsync(invoicing, page, door.Opened.Value, cancellationToken);
        var model = PaymentModel.Of(door, door.Opened.Value, zone);
        var state = seen.Fault is null ? seen.Value.State : Open;
        var amount = seen.Fault is null ? Standing.DecimalOf(seen.Value.Amount) : model.AmountDue;
        if (state == "paid")
        {
            // What the door showed was so before it was asked what became of the checkout.
            var now = await door.OpenAgainAsync(payments, cancellationToken);
            var paid = now.Fault is null ? PaymentModel.Of(door, now.Value, zone) : model;
            return branded.Show<PaidPage, PaymentModel>(paid with { Received = amount, Left = now.Fault is null ? paid.AmountDue : 0m });
        }

        if (model is { AmountDue: <= 0m, InFlight: <= 0m })
        {
            // Paid in another way meanwhile.
            return PageContext.GoTo($"{door.Href}/done");
        }

        var here = $"{door.Href}/back?checkout={id}";
        var next = state == Open ? LookOf(looks) : null;
        var shown = branded.Show<BackPage, BackModel>(
            new BackModel
            {
                Paying = model,
                State = state,
                Amount = amount,
                Code = seen.Fault is null && seen.Value.HasReason ? CodeOf(seen.Value.Reason) : null,
                LookAgain = $"{here}&looks={(next is null ? Still : "0")}",
                StayStill = next is null ? null : $"{here}&looks={Still}",
            }
        );
        return next is { } look
            ? new WithHeaders(shown, headers => headers["Refresh"] = $"{Waits[look]}; url={here}&looks={look + 1}")
            : shown;
    }

    private static CheckoutLook Asked(PayDoor door, Guid checkout)
    {
        var look = new CheckoutLook { SellerId = door.Opened.Value.SellerId, CheckoutId = checkout.ToString() };
        if (door.Token is { } token)
        {
            look.Token = token;
        }

        return look;
    }

    /// <summary>Which of its own looks comes next; none after the last, and where the payer wants none.</summary>
    private static int? LookOf(string? looks) =>
        looks is null ? 0
        : int.TryParse(looks, NumberStyles.None, CultureInfo.InvariantCulture, out var nth) && nth < Waits.Length ? nth
        : null;

    /// <summary>A code that a person can read out to the bank; nothing that is none.</summary>
    private static string? CodeOf(string reason) =>
        reason.Length <= 40 && reason.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.')
            ? reason
            : null;
}
