using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's own data as a form, and a form as data; what the form does not show stays as it was.</summary>
public static class SellerSettings
{
    // The answer says these of a seller; who registers it does not.
    private static readonly string[] NotSent = ["sellerId", "version", "staff", "eventId", "registeredAt"];

    /// <summary>What is sent back of an answer.</summary>
    public static JsonObject Kept(JsonNode seller)
    {
        var body = (JsonObject)seller.DeepClone();
        foreach (var name in NotSent)
        {
            body.Remove(name);
        }

        return body;
    }

    /// <summary>The fields of an address.</summary>
    public static IEnumerable<SheetField> Address(AskOffice office, JsonNode? address, string group) =>
        [
            Some("line1", office.Say("Calle y número", "Street and number"), address, group),
            Some("line2", office.Say("Piso, puerta", "Second line"), address, group),
            Some("postalCode", office.Say("Código postal", "Postal code"), address, group),
            Some("city", office.Say("Ciudad", "City"), address, group),
            Some("region", office.Say("Provincia", "Region"), address, group),
            Some("country", office.Say("País", "Country"), address, group),
        ];

    /// <summary>The address that a form says; none where it says nothing.</summary>
    public static JsonObject? AddressOf(Func<string, string?> form)
    {
        var address = new JsonObject();
        foreach (var name in new[] { "line1", "line2", "postalCode", "city", "region", "country" })
        {
            Put(address, name, form(name));
        }

        return address.Any(each => each.Key != "country") ? address : null;
    }

    /// <summary>The seller's data as the form says.</summary>
    public static JsonObject Read(Func<string, string?> form, JsonNode seller)
    {
        var body = Kept(seller);
        foreach (var name in new[] { "name", "tradeName", "email", "phone", "iban", "bic", "registryData", "timeZone", "language" })
        {
            Put(body, name, form(name));
        }

        if (AddressOf(form) is { } address)
        {
            body["address"] = address;
        }

        if (int.TryParse(form("defaultTermsDays"), out var days))
        {
            body["defaultTermsDays"] = days;
        }

        body["allowBlindReturns"] = form("allowBlindReturns") is not null;
        return body;
    }

    /// <summary>A field is what was typed, or not there.</summary>
    public static void Put(JsonObject body, string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            body.Remove(name);
        }
        else
        {
            body[name] = value.Trim();
        }
    }

    private static SheetField Some(string name, string label, JsonNode? address, string group) =>
        new(name, label)
        {
            Group = group,
            Optional = true,
            Value = address.Text(name) ?? (name == "country" ? "ES" : ""),
        };
}
