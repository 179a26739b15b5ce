using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>
/// What offers add to a mail: sales one at a time, of a customer who wants offers and of one who does not in turn, each until its mail is
/// taken; and what a recommendation takes by its own door.
/// </summary>
internal sealed class OffersCost(HttpClient till, HttpClient delivery, SmtpSink sink, MailLoad load)
{
    private const string Wants = "OFFERS-YES";
    private const string WantsNot = "OFFERS-NO";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The milliseconds; nothing where Delivery has no such doors.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(int pairs, CancellationToken cancellation)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        await AddMailsAsync(values, pairs, cancellation);
        await AddDoorAsync(values, 10 * pairs, cancellation);
        return values;
    }

    private async Task AddMailsAsync(Dictionary<string, double> values, int pairs, CancellationToken cancellation)
    {
        using var consent = await delivery.PutAsJsonAsync(
            $"/v1/customers/{Wants}/consent",
            new
            {
                purpose = "offers",
                granted = true,
                source = "benchmark",
            },
            Wire.Tolerant,
            cancellation
        );
        if (IsNoDoor(consent))
        {
            return;
        }

        consent.EnsureSuccessStatusCode();
        var (offered, plain, shown) = (new List<double>(), new List<double>(), 0);
        // The first ones warm up.
        for (var i = -pairs / 5; i < pairs; i++)
        {
            var (toOne, wanted) = await MailAsync(Wants, cancellation);
            var (toOther, unwanted) = await MailAsync(WantsNot, cancellation);
            if (unwanted.IsPromotional)
            {
                throw new InvalidOperationException($"{unwanted.Recipient} has not asked for offers and got some");
            }

            if (i >= 0)
            {
                offered.Add(toOne);
                plain.Add(toOther);
                shown += wanted.IsPromotional ? 1 : 0;
            }
        }

        values["offers.mailWithP50Ms"] = offered.Percentile(0.5);
        values["offers.mailWithoutP50Ms"] = plain.Percentile(0.5);
        values["offers.addedP50Ms"] = offered.Percentile(0.5) - plain.Percentile(0.5);
        // Where nothing was shown the difference says nothing.
        values["offers.shownShare"] = (double)shown / pairs;
    }

    private async Task<(double Ms, SunkMail Mail)> MailAsync(string customer, CancellationToken cancellation)
    {
        var number = load.NextNumber();
        var coming = sink.NextTo(BasketSale.RecipientOf(number));
        var began = Stopwatch.GetTimestamp();
        using var answer = await till.PostAsJsonAsync("/v1/sales", BasketSale.Of(number, customer), Wire.Tolerant, cancellation);
        answer.EnsureSuccessStatusCode();
        var mail = await coming.WaitAsync(Patience, cancellation);
        return (Stopwatch.GetElapsedTime(began, mail.AcceptedAt).TotalMilliseconds, mail);
    }

    private async Task AddDoorAsync(Dictionary<string, double> values, int times, CancellationToken cancellation)
    {
        var (recommendations, bare) = (new List<double>(times), new List<double>(times));
        // The first ones warm up.
        for (var i = -times / 5; i < times; i++)
        {
            var basket = string.Join(',', BasketSale.SkusOf(load.NextNumber()));
            if (await AskAsync($"/v1/recommendations?basket={basket}&limit=3", cancellation) is not { } took)
            {
                return;
            }

            var nothing = await AskAsync("/alive", cancellation) ?? 0;
            if (i >= 0)
            {
                recommendations.Add(took);
                bare.Add(nothing);
            }
        }

        values["recommendations.doorP50Ms"] = recommendations.Percentile(0.5);
        values["recommendations.doorP99Ms"] = recommendations.Percentile(0.99);
        values["recommendations.overABareDoorP50Ms"] = recommendations.Percentile(0.5) - bare.Percentile(0.5);
    }

    /// <summary>How long an answer takes; none where there is no such door.</summary>
    private async Task<double?> AskAsync(string path, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await delivery.GetAsync(path, cancellation);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (IsNoDoor(answer))
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return took;
    }

    private static bool IsNoDoor(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
}
