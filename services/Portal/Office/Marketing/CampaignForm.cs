using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>A campaign's rules as a form, and a form as rules; what the form does not show stays as it was.</summary>
public static class CampaignForm
{
    private static readonly string[] Languages = ["es", "en", "ca", "gl", "eu"];

    /// <summary>The form, filled from rules.</summary>
    public static SheetForm Of(AskOffice office, string campaignId, JsonNode? rules)
    {
        var who = office.Say("A quién", "To whom");
        var coupon = office.Say("Cupón", "Coupon");
        var measure = office.Say("Límites y medida", "Limits and measure");
        var fields = new List<SheetField>
        {
            new("name", office.Say("Nombre", "Name")) { Value = rules.Text("name") ?? "" },
            new("from", office.Say("Desde", "From")) { Kind = "date", Value = rules.Text("from") ?? "" },
            new("to", office.Say("Hasta", "Until")) { Kind = "date", Value = rules.Text("to") ?? "" },
            new("url", office.Say("Enlace", "Link"))
            {
                Kind = "url",
                Optional = true,
                Value = rules.Text("url") ?? "",
            },
            new("stores", office.Say("Tiendas", "Stores"))
            {
                Optional = true,
                Value = rules.Joined("stores"),
                Hint = office.Say("Separadas por comas. Vacío: todas.", "Separated by commas. Empty: all."),
            },
        };
        foreach (var language in Languages)
        {
            fields.Add(
                new($"title-{language}", office.Say("Título", "Title"))
                {
                    Group = language,
                    Optional = language != "es",
                    Value = rules.Text($"texts.{language}.title") ?? "",
                }
            );
            fields.Add(
                new($"text-{language}", office.Say("Texto", "Text"))
                {
                    Group = language,
                    Kind = "area",
                    Optional = true,
                    Value = rules.Text($"texts.{language}.text") ?? "",
                }
            );
        }

        fields.AddRange([
            Number("minPurchases", office.Say("Compras, al menos", "Purchases, at least"), who, rules.Text("segment.minPurchases")),
            Number("maxPurchases", office.Say("Compras, como mucho", "Purchases, at most"), who, rules.Text("segment.maxPurchases")),
            Amount("minSpent", office.Say("Gastado, al menos", "Spent, at least"), who, rules.Text("segment.minSpent")),
            Number(
                "notSinceDays",
                office.Say("Sin comprar desde hace días", "Days without buying"),
                who,
                rules.Text("segment.notSinceDays")
            ),
            new("skus", office.Say("Si la compra lleva", "Where the purchase holds"))
            {
                Group = who,
                Optional = true,
                Value = rules.Joined("basket.skus"),
                Hint = office.Say("Códigos de artículo separados por comas.", "Article codes separated by commas."),
            },
            Amount("basketTotal", office.Say("Compra, al menos", "Purchase, at least"), who, rules.Text("basket.minTotal")),
            Amount("percent", office.Say("Descuento en %", "Discount in %"), coupon, rules.Text("coupon.percent")),
            Amount("amount", office.Say("o en euros", "or in euros"), coupon, rules.Text("coupon.amount")),
            Amount("couponMin", office.Say("En compras desde", "On purchases from"), coupon, rules.Text("coupon.minTotal")),
            Number("validDays", office.Say("Vale días", "Valid for days"), coupon, rules.Text("coupon.validDays")),
            new("prefix", office.Say("Empieza por", "Begins with"))
            {
                Group = coupon,
                Optional = true,
                Value = rules.Text("coupon.prefix") ?? "",
            },
            Amount(
                "holdOut",
                office.Say("Clientes que no la ven, en %", "Customers who do not see it, in %"),
                measure,
                rules.Text("holdOutPercent") ?? "10"
            ) with
            {
                Hint = office.Say("Sin ellos no se sabe si sirvió.", "Without them nobody knows whether it worked."),
            },
            Number("measureDays", office.Say("Se mide durante días", "Measured for days"), measure, rules.Text("measureDays") ?? "30"),
            Number(
                "impressions",
                office.Say("Veces que se muestra, como mucho", "Shown, at most"),
                measure,
                rules.Text("budget.impressions")
            ),
            Amount("budget", office.Say("Descuento total, como mucho", "Discount in all, at most"), measure, rules.Text("budget.discount")),
        ]);
        return new SheetForm(
            office.Link($"/marketing/campaigns/{campaignId}"),
            office.Say("Guardar la campaña", "Save the campaign"),
            fields
        )
        {
            Filled = true,
            Second = (office.Say("Ver cómo queda", "See how it looks"), office.Link($"/marketing/campaigns/{campaignId}/preview"), null),
        };
    }

    /// <summary>The rules that a form says, over those that were kept.</summary>
    public static JsonObject Read(Func<string, string?> form, JsonNode? kept)
    {
        var rules = kept?.DeepClone() as JsonObject ?? [];
        Put(rules, "name", form("name"));
        Put(rules, "from", form("from"));
        Put(rules, "to", form("to"));
        Put(rules, "url", form("url"));
        rules["stores"] = ListOf(form("stores"));
        var texts = new JsonObject();
        foreach (var language in Languages)
        {
            if (form($"title-{language}") is { } title && title.Trim().Length > 0)
            {
                texts[language] = new JsonObject
                {
                    ["title"] = title.Trim(),
                    ["text"] = (form($"text-{language}") ?? "").ReplaceLineEndings("\n").Trim(),
                };
            }
        }

        rules["texts"] = texts;
        Together(
            rules,
            "segment",
            ("minPurchases", Whole(form("minPurchases"))),
            ("maxPurchases", Whole(form("maxPurchases"))),
            ("minSpent", Text(Facts.Typed(form("minSpent")))),
            ("notSinceDays", Whole(form("notSinceDays")))
        );
        Together(
            rules,
            "basket",
            ("skus", ListOf(form("skus")) is { Count: > 0 } skus ? skus : null),
            ("minTotal", Text(Facts.Typed(form("basketTotal"))))
        );
        Together(rules, "budget", ("impressions", Whole(form("impressions"))), ("discount", Text(Facts.Typed(form("budget")))));
        var hasCoupon = Facts.Typed(form("percent")).Length > 0 || Facts.Typed(form("amount")).Length > 0;
        Together(
            rules,
            "coupon",
            ("percent", Text(Facts.Typed(form("percent")))),
            ("amount", Text(Facts.Typed(form("amount")))),
            ("minTotal", hasCoupon ? Text(Facts.Typed(form("couponMin"))) : null),
            ("validDays", hasCoupon ? Whole(form("validDays")) : null),
            ("prefix", hasCoupon ? Text(form("prefix")) : null)
        );
        Put(rules, "holdOutPercent", Facts.Typed(form("holdOut")));
        if (Whole(form("measureDays")) is { } days)
        {
            rules["measureDays"] = days;
        }

        return rules;
    }

    private static SheetField Number(string name, string label, string group, string? value) =>
        new(name, label)
        {
            Kind = "number",
            Group = group,
            Optional = true,
            Value = value ?? "",
        };

    private static SheetField Amount(string name, string label, string group, string? value) =>
        new(name, label)
        {
            Kind = "amount",
            Group = group,
            Optional = true,
            Value = value ?? "",
        };

    private static JsonArray ListOf(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(each => (JsonNode)each)];

    private static JsonNode? Whole(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null;

    private static JsonNode? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text.Trim());

    private static void Put(JsonObject rules, string name, string? text)
    {
        if (Text(text) is { } value)
        {
            rules[name] = value;
        }
        else
        {
            rules.Remove(name);
        }
    }

    private static void Together(JsonObject rules, string name, params (string Name, JsonNode? Value)[] parts)
    {
        var whole = new JsonObject();
        foreach (var (part, value) in parts)
        {
            if (value is not null)
            {
                whole[part] = value;
            }
        }

        if (whole.Count > 0)
        {
            rules[name] = whole;
        }
        else
        {
            rules.Remove(name);
        }
    }
}
