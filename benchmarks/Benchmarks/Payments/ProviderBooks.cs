using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A payment as a provider's own books have it.</summary>
internal sealed record BookedPayment
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's id of it: pi_…, or the order.</summary>
    public required string Id { get; init; }

    /// <summary>The page that it was paid on: the session, or the order.</summary>
    public required string Page { get; init; }

    /// <summary>What was taken.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Refunds that were given, by our id of them; empty where the books have none.</summary>
    public required IReadOnlyList<(string Refund, decimal Amount)> Given { get; init; }

    /// <summary>Refunds that came to nothing.</summary>
    public required IReadOnlyList<string> NotGiven { get; init; }

    /// <summary>What a dispute has taken and not given again.</summary>
    public decimal Taken { get; init; }

    /// <summary>What is left of it; less than nothing where a dispute took what had been given back.</summary>
    public decimal Left => Amount - Given.Sum(each => each.Amount) - Taken;
}

/// <summary>A dispute.</summary>
internal sealed record BookedDispute(string Id, string Payment, string Status);

/// <summary>A payout.</summary>
internal sealed record BookedPayout(string Id, decimal Amount, decimal Fees);

/// <summary>The books of the simulated providers, of one seller.</summary>
internal sealed record ProviderBooks
{
    private const string RefundMark = "refund-";

    /// <summary>Everything that was taken.</summary>
    public required IReadOnlyList<BookedPayment> Payments { get; init; }

    /// <summary>Disputes.</summary>
    public required IReadOnlyList<BookedDispute> Disputes { get; init; }

    /// <summary>Payouts.</summary>
    public required IReadOnlyList<BookedPayout> Payouts { get; init; }

    /// <summary>Debits and refunds that are not through yet.</summary>
    public required int UnderWay { get; init; }

    /// <summary>Reads them.</summary>
    public static async Task<ProviderBooks> ReadAsync(TruthShop shop, CancellationToken cancellation)
    {
        using var stripe = Connections.Http(shop.Target.System().Http("stripe"), null);
        using var redsys = Connections.Http(shop.Target.System().Http("redsys"), null);
        var accounts = await stripe.GetFromJsonAsync<JsonElement>($"/control/books?account={shop.StripeAccount}", cancellation);
        var account = accounts.EnumerateArray().Single();
        var terminal = await redsys.GetFromJsonAsync<JsonElement>($"/control/books?merchant={shop.RedsysMerchant}", cancellation);
        var disputes = account.GetProperty("disputes").EnumerateArray().ToLookup(each => Text(each, "payment"), StringComparer.Ordinal);
        var refunds = account.GetProperty("refunds").EnumerateArray().ToLookup(each => Text(each, "payment"), StringComparer.Ordinal);
        return new ProviderBooks
        {
            Payments =
            [
                .. account
                    .GetProperty("payments")
                    .EnumerateArray()
                    .Select(each => OfStripe(each, refunds[Text(each, "id")], disputes[Text(each, "id")])),
                .. terminal.GetProperty("list").EnumerateArray().Where(each => Text(each, "state") == "paid").Select(OfRedsys),
            ],
            Disputes =
            [
                .. account
                    .GetProperty("disputes")
                    .EnumerateArray()
                    .Select(each => new BookedDispute(Text(each, "id"), Text(each, "payment"), Text(each, "status"))),
            ],
            Payouts =
            [
                .. account
                    .GetProperty("payouts")
                    .EnumerateArray()
                    .Select(each => new BookedPayout(Text(each, "id"), Amount(each, "amount"), Amount(each, "fees"))),
            ],
            UnderWay =
                account.GetProperty("processing").GetInt32()
                + account.GetProperty("refunds").EnumerateArray().Count(each => Text(each, "status") == "pending"),
        };
    }

    /// <summary>Notices of both that are on their way, of whichever seller.</summary>
    public static async Task<long> NoticesUnderWayAsync(EnduranceTarget target, CancellationToken cancellation)
    {
        using var stripe = Connections.Http(target.System().Http("stripe"), null);
        using var redsys = Connections.Http(target.System().Http("redsys"), null);
        var sent = await stripe.GetFromJsonAsync<JsonElement>("/control/notices", cancellation);
        var told = await redsys.GetFromJsonAsync<JsonElement>("/control/books?limit=0", cancellation);
        return sent.GetProperty("waiting").GetInt64() + told.GetProperty("notices").GetProperty("underWay").GetInt64();
    }

    private static BookedPayment OfStripe(JsonElement payment, IEnumerable<JsonElement> refunds, IEnumerable<JsonElement> disputes) =>
        new()
        {
            Provider = "stripe",
            Id = Text(payment, "id"),
            Page = Text(payment, "session"),
            Amount = Amount(payment, "amount"),
            Given =
            [
                .. refunds
                    .Where(each => Text(each, "status") == "succeeded")
                    .Select(each => (Plain(each.GetProperty("refundId").GetString()), Amount(each, "amount"))),
            ],
            NotGiven =
            [
                .. refunds.Where(each => Text(each, "status") == "failed").Select(each => Plain(each.GetProperty("refundId").GetString())),
            ],
            Taken = disputes.Sum(each => Amount(each, "taken")),
        };

    private static BookedPayment OfRedsys(JsonElement order)
    {
        var refunds = order.GetProperty("refunds").EnumerateArray().ToList();
        return new BookedPayment
        {
            Provider = "redsys",
            Id = Text(order, "order"),
            Page = Text(order, "order"),
            Amount = Amount(order, "taken"),
            Given = [.. refunds.Where(IsGiven).Select(each => (Named(each), Amount(each, "amount")))],
            NotGiven = [.. refunds.Where(each => !IsGiven(each)).Select(Named)],
        };
    }

    private static bool IsGiven(JsonElement refund) => Text(refund, "response") == "0900";

    /// <summary>Our id of a refund, which Redsys keeps as whatever the shop sent along.</summary>
    private static string Named(JsonElement refund) =>
        Text(refund, "data") is { } data && data.StartsWith(RefundMark, StringComparison.Ordinal) ? Plain(data[RefundMark.Length..]) : "";

    private static string Plain(string? id) => Guid.TryParse(id, out var named) ? named.ToString("N") : "";

    private static string Text(JsonElement of, string field) => of.GetProperty(field).GetString()!;

    private static decimal Amount(JsonElement of, string field) => decimal.Parse(Text(of, field), CultureInfo.InvariantCulture);
}
