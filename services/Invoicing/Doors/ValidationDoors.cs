using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>Documents of anybody, judged over HTTP.</summary>
internal static class ValidationDoors
{
    /// <summary>What the rules say of the posted document.</summary>
    public static IResult Validate(RawBody body, string? profile, HttpRequest request)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        if (ProfileOf(profile) is not { } rules)
        {
            return DoorFaults.BadParameter.With("profile", "en16931, peppol").ToResult();
        }

        return Verdict
            .Of(body.Content.Value, rules, request.Headers.AcceptLanguage.ToString())
            .ToResult(verdict => Results.Json(verdict, Wire.Tolerant));
    }

    /// <summary>The profile of its name; en16931 where none is given.</summary>
    internal static Profile? ProfileOf(string? name) =>
        name switch
        {
            null or "" or "en16931" => Profile.En16931,
            "peppol" => Profile.Peppol,
            _ => null,
        };
}
