using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// A payer with a browser: opens the link to an invoice, presses a button of the pay page, pays on the provider's page, and comes back or
/// does not. Whoever finds the shop or the provider away tries again.
/// </summary>
internal sealed partial class Payer(TruthShop shop, Browser browser, PatientDoor payments, PayersSeen seen, EnduranceProgress progress)
{
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>How often a payer presses again who is refused for another reason than that somebody is away.</summary>
    private const int MostRefusals = 12;

    /// <summary>Pays an invoice as planned.</summary>
    public async Task PayAsync(PlannedPayment plan, string invoice, CancellationToken cancellation)
    {
        var made = await payments.PostAsync($"/v1/invoices/{invoice}/payment-links", new { }, cancellation);
        if (!made.IsDone)
        {
            throw new CommandFailed($"no link to {invoice}: {(int)made.Status} {made.Body}");
        }

        var link = new Uri(made.Json.GetProperty("url").GetString()!);
        switch (plan.Script)
        {
            case PayScript.DoubleClick:
                await PressTwiceAsync(plan, link, cancellation);
                break;
            case PayScript.TwoTabs:
                var (one, two) = (await OpenAsync(link, cancellation), await OpenAsync(link, cancellation));
                var first = await BeginAsync(plan, link, one, plan.Means, cancellation);
                var second = await BeginAsync(plan, link, two, plan.Means, cancellation);
                await PayAtAsync(plan, first, cancellation);
                await PayAtAsync(plan, second, cancellation);
                break;
            case PayScript.AnotherMeans:
                // On the page that the first press was on: a kill may have had it opened anew.
                var begun = await BeginAsync(plan, link, null, Other(plan.Means), cancellation);
                await PayAtAsync(plan, await BeginAsync(plan, link, begun?.Form, plan.Means, cancellation), cancellation);
                break;
            case PayScript.Abandoned:
                if (await BeginAsync(plan, link, null, plan.Means, cancellation) is not null)
                {
                    seen.Left[plan.Number] = true;
                }

                break;
            case PayScript.CancelledFirst:
                await CancelAsync(plan, link, cancellation);
                await PayAtAsync(plan, await BeginAsync(plan, link, null, plan.Means, cancellation), cancellation);
                break;
            case PayScript.DeclinedFirst:
                if (await PayAtAsync(plan, await BeginAsync(plan, link, null, plan.Means, cancellation), cancellation, isBad: true))
                {
                    await PayAtAsync(plan, await BeginAsync(plan, link, null, plan.Means, cancellation), cancellation);
                }

                break;
            default:
                await PayAtAsync(plan, await BeginAsync(plan, link, null, plan.Means, cancellation), cancellation);
                break;
        }
    }

    /// <summary>Pays in the sandbox, where the seller has no provider; sometimes by a double click.</summary>
    public async Task PayInSandboxAsync(PlannedPayment plan, string invoice, CancellationToken cancellation)
    {
        var made = await payments.PostAsync($"/v1/invoices/{invoice}/payment-links", new { }, cancellation);
        var link = new Uri(made.Json.GetProperty("url").GetString()!);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            if (await OpenAsync(link, cancellation) is not { } form)
            {
                return;
            }

            var presses = Enumerable
                .Range(0, plan.Luck < 30 ? 2 : 1)
                .Select(_ => browser.PressAsync(link, form.Fields("card"), cancellation, form.Cookies));
            var pages = await Task.WhenAll(presses);
            if (pages.Any(page => page.Onward?.AbsolutePath.EndsWith("/done", StringComparison.Ordinal) == true))
            {
                return;
            }

            Tell("the sandbox", pages[0], began);
        }
    }

    private async Task PressTwiceAsync(PlannedPayment plan, Uri link, CancellationToken cancellation)
    {
        var form = await OpenAsync(link, cancellation);
        Place?[] places = [];
        if (form is not null)
        {
            var presses = Enumerable
                .Range(0, 2)
                .Select(async _ =>
                    PlaceOf(plan, form, await browser.PressAsync(link, form.Fields(plan.Means), cancellation, form.Cookies))
                );
            places = await Task.WhenAll(presses);
        }

        // One of the two may have been cut off by a kill; where both led somewhere it must be the same place.
        if (places is [{ } one, { } two] && one.Name != two.Name)
        {
            seen.TwoPlaces();
        }

        var place = places.FirstOrDefault(each => each is not null) ?? await BeginAsync(plan, link, form, plan.Means, cancellation);
        await PayAtAsync(plan, place, cancellation);
    }

    private async Task CancelAsync(PlannedPayment plan, Uri link, CancellationToken cancellation)
    {
        if (await BeginAsync(plan, link, null, plan.Means, cancellation) is not { } place)
        {
            return;
        }

        if (place.Fields is null)
        {
            // Back to the shop by the page's link: nothing happens at Stripe.
            await browser.OpenAsync(place.Address, cancellation);
            return;
        }

        if (await DecideAsync(place, "cancel", "card", cancellation) is { Onward: { } back })
        {
            await browser.OpenAsync(back, cancellation);
        }
    }

    /// <summary>Opens the pay page; none where there is nothing to pay on it any more.</summary>
    private async Task<PayForm?> OpenAsync(Uri link, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            var page = await browser.OpenAsync(link, cancellation);
            if (page.Status == 200 && page.Body.Contains("</html>", StringComparison.Ordinal))
            {
                return PayForm.Of(page);
            }

            Tell("the pay page", page, began);
        }
    }

    /// <summary>Presses the button until a provider's page is there; none where nothing is left to be paid, or it is refused for good.</summary>
    private async Task<Place?> BeginAsync(PlannedPayment plan, Uri link, PayForm? opened, string means, CancellationToken cancellation)
    {
        var (form, refusals) = (opened, 0);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            form ??= await OpenAsync(link, cancellation);
            if (form is null)
            {
                return null;
            }

            var page = await browser.PressAsync(link, form.Fields(means), cancellation, form.Cookies);
            if (PlaceOf(plan, form, page) is { } place)
            {
                return place;
            }

            if (page.Onward is not null)
            {
                // Paid, or under way, by another attempt.
                return null;
            }

            form = null;
            if (page.Status is not (0 or >= 500) && ++refusals > MostRefusals)
            {
                progress.Note($"a payer was refused at last: {page.Status}");
                return null;
            }

            Tell("the pay page's button", page, began);
        }
    }

    /// <summary>Pays at a provider's page; true where the provider ended the attempt, and the payer has to begin anew.</summary>
    private Task<bool> PayAtAsync(PlannedPayment plan, Place? place, CancellationToken cancellation, bool isBad = false) =>
        place is null ? Task.FromResult(false)
        : place.Fields is null ? PayAtStripeAsync(plan, place, isBad, cancellation)
        : PayAtRedsysAsync(plan, place, isBad, cancellation);

    private async Task<bool> PayAtStripeAsync(PlannedPayment plan, Place place, bool isBad, CancellationToken cancellation)
    {
        var means = plan.Way switch
        {
            PayWay.StripeWallet => "wallet",
            PayWay.StripeDebit => "sepa_debit",
            _ => "card",
        };
        // Whoever was to be declined by a bank without cards pays at once.
        var number = isBad && means == "card" ? TruthPlan.BadCard : plan.Instrument;
        var bank = "";
        await browser.OpenAsync(place.Address, cancellation);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            var fields = new Dictionary<string, string>
            {
                ["means"] = means,
                ["number"] = number,
                ["bank"] = bank,
            };
            var page = await browser.PressAsync(place.Address, fields, cancellation);
            if (page.Onward is { } back)
            {
                await ComeBackAsync(plan, back, cancellation);
                return false;
            }

            if (page.Body.Contains("id=\"over\"", StringComparison.Ordinal))
            {
                return false;
            }

            if (page.Body.Contains("id=\"bank-yes\"", StringComparison.Ordinal))
            {
                bank = "yes";
                continue;
            }

            if (page.Body.Contains("id=\"declined\"", StringComparison.Ordinal))
            {
                // Another card on the same page.
                number = TruthPlan.GoodCard;
                continue;
            }

            Tell("Stripe's page", page, began);
        }
    }

    private async Task<bool> PayAtRedsysAsync(PlannedPayment plan, Place place, bool isBad, CancellationToken cancellation)
    {
        var means = plan.Way == PayWay.Bizum ? "bizum" : "card";
        if (await DecideAsync(place, isBad ? "decline" : "pay", means, cancellation) is not { Onward: { } back })
        {
            return false;
        }

        if (isBad)
        {
            // Who was declined is sent back to the shop.
            await browser.OpenAsync(back, cancellation);
            return true;
        }

        await ComeBackAsync(plan, back, cancellation);
        return false;
    }

    /// <summary>Sends the form and presses a button of Redsys' page; none where Redsys takes the order no more.</summary>
    private async Task<Page?> DecideAsync(Place place, string decision, string means, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            var page = await browser.PressAsync(place.Address, place.Fields!, cancellation);
            if (Decision().Match(page.Body) is { Success: true } action)
            {
                var decided = await browser.PressAsync(
                    new Uri(place.Address, action.Groups[1].Value),
                    new Dictionary<string, string> { ["decision"] = decision, ["means"] = means },
                    cancellation
                );
                if (decided.Onward is not null)
                {
                    return decided;
                }

                page = decided;
            }
            else if (page.Body.Contains("SIS", StringComparison.Ordinal))
            {
                return null;
            }

            Tell("Redsys' page", page, began);
        }
    }

    private async Task ComeBackAsync(PlannedPayment plan, Uri back, CancellationToken cancellation)
    {
        if (plan.ComesBack)
        {
            await browser.OpenAsync(back, cancellation);
        }
    }

    /// <summary>The provider's page that a press leads to; none where it leads to none.</summary>
    private Place? PlaceOf(PlannedPayment plan, PayForm pressed, Page page)
    {
        if (page.Status != 200)
        {
            return null;
        }

        if (page.Onward is { } stripe && stripe.AbsolutePath.StartsWith("/c/pay/", StringComparison.Ordinal))
        {
            var session = stripe.Segments[^1];
            seen.Sessions[session] = plan.Number;
            return new Place(session, stripe, null, pressed);
        }

        var form = RedsysForm().Match(page.Body);
        if (!form.Success)
        {
            return null;
        }

        var fields = PayForm
            .Hidden()
            .Matches(page.Body)
            .Where(each => each.Groups[1].Value.StartsWith("Ds_", StringComparison.Ordinal))
            .ToDictionary(each => each.Groups[1].Value, each => WebUtility.HtmlDecode(each.Groups[2].Value), StringComparer.Ordinal);
        var order = OrderOf(fields["Ds_MerchantParameters"]);
        seen.Orders[order] = plan.Number;
        return new Place(order, new Uri(WebUtility.HtmlDecode(form.Groups[1].Value)), fields, pressed);
    }

    /// <summary>The order in the parameters of a form, which anybody can read.</summary>
    internal static string OrderOf(string parameters)
    {
        var bytes = parameters.AsSpan().ContainsAny('+', '/', '=')
            ? Convert.FromBase64String(parameters)
            : Base64Url.DecodeFromChars(parameters);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(bytes)).GetProperty("DS_MERCHANT_ORDER").GetString()!;
    }

    private string Other(string means) =>
        means switch
        {
            "bizum" => "card",
            "card" => "bizum",
            _ => shop.Seller == TruthSeller.StripeFirst ? "bizum" : "card",
        };

    private void Tell(string where, Page page, long began)
    {
        progress.Note($"{where}: {(page.Status == 0 ? "nobody there" : page.Status)}");
        if (Stopwatch.GetElapsedTime(began) > GivesUpAfter)
        {
            throw new CommandFailed(
                $"{where} led nowhere for {GivesUpAfter.TotalMinutes:0} minutes: {page.Status} {page.Body[..Math.Min(400, page.Body.Length)]}"
            );
        }
    }

    [GeneratedRegex("<form method=\"post\" action=\"(http[^\"]+/sis/realizarPago)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RedsysForm();

    [GeneratedRegex("action=\"(/sis/simulador/[0-9]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decision();

    /// <summary>A provider's page, a session to open or an order's form to send, and the pay page's form that led there.</summary>
    private sealed record Place(string Name, Uri Address, IReadOnlyDictionary<string, string>? Fields, PayForm Form);
}

/// <summary>The pay page's form, as far as it is sent back.</summary>
internal sealed partial record PayForm(string Token, string Key, string Sum, string? Cookies)
{
    /// <summary>The form of a page; none where there is none.</summary>
    public static PayForm? Of(Page page)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Hidden().Matches(page.Body).Cast<Match>())
        {
            fields.TryAdd(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value));
        }

        return
            fields.TryGetValue("key", out var key)
            && fields.TryGetValue("sum", out var sum)
            && fields.TryGetValue("__RequestVerificationToken", out var token)
            ? new PayForm(token, key, sum, page.Cookies)
            : null;
    }

    /// <summary>What is sent when a means' button is pressed.</summary>
    public Dictionary<string, string> Fields(string means) =>
        new(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = Token,
            ["key"] = Key,
            ["sum"] = Sum,
            ["means"] = means,
        };

    /// <summary>Hidden fields: name and value.</summary>
    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Hidden();
}
