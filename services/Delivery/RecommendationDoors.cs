using System.Globalization;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>The products that go with a basket, as they are answered.</summary>
public sealed record SuggestionList(IReadOnlyList<Suggestion> Suggestions);

/// <summary>How recommendations are asked for over HTTP.</summary>
internal static class RecommendationDoors
{
    private const int MostCodes = 100;
    private const int MostSuggestions = 50;

    /// <summary>What goes with the codes of basket, which are apart by commas; what sells most, where there are none.</summary>
    internal static async Task<IResult> List(
        string? basket,
        string? limit,
        Caller caller,
        SuggestProducts suggest,
        CancellationToken cancellationToken
    )
    {
        var most = 5;
        if (
            limit is not null
            && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= MostSuggestions)
        )
        {
            return DoorFaults.BadParameter.With("limit", $"1–{MostSuggestions}").ToResult();
        }

        var codes = (basket ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (codes.Length > MostCodes || !codes.All(KeepSuggestionRules.IsCode))
        {
            return DoorFaults.BadParameter.With("basket", $"0–{MostCodes} × 1–100").ToResult();
        }

        return TypedResults.Ok(new SuggestionList(await suggest.RunAsync(caller.SellerId, codes, most, cancellationToken)));
    }

    /// <summary>Which codes are no products.</summary>
    internal static async Task<IResult> Rules(Caller caller, KeepSuggestionRules rules, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rules.FindAsync(caller.SellerId, cancellationToken));

    /// <summary>Says which codes are no products.</summary>
    internal static async Task<IResult> KeepRules(
        Body<SuggestionRules> body,
        Caller caller,
        KeepSuggestionRules rules,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var fault)
            ? fault.ToResult()
            : (await rules.RunAsync(caller.SellerId, body.Content.Value, cancellationToken)).ToResult(TypedResults.Ok);
}
