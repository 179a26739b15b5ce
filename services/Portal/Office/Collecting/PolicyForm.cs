using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>A dunning policy as a form, and a form as a policy; what the form does not show stays as it was.</summary>
public static class PolicyForm
{
    private const int Steps = 6;
    private static readonly string[] Channels = ["email", "sms", "whatsapp"];

    /// <summary>The form, filled from a policy.</summary>
    public static SheetForm Of(AskOffice office, string policyId, JsonNode? policy)
    {
        var fields = new List<SheetField>
        {
            new("name", office.Say("Nombre", "Name")) { Value = policy.Text("name") ?? "" },
            new("priority", office.Say("Prioridad", "Priority"))
            {
                Kind = "number",
                Value = policy.Text("priority") ?? "0",
                Hint = office.Say("Si varias valen para una factura, gana la más alta.", "Where several fit an invoice, the highest wins."),
            },
            new("business", office.Say("Para", "For"))
            {
                Kind = "choice",
                Value = policy.Text("segment.business") ?? "",
                Options =
                [
                    ("", office.Say("Todos", "Everybody")),
                    ("true", office.Say("Empresas", "Businesses")),
                    ("false", office.Say("Particulares", "Private persons")),
                ],
            },
            new("minAmount", office.Say("Desde", "From"))
            {
                Kind = "amount",
                Optional = true,
                Value = policy.Text("segment.minAmount") ?? "",
            },
            new("maxAmount", office.Say("Hasta", "Up to"))
            {
                Kind = "amount",
                Optional = true,
                Value = policy.Text("segment.maxAmount") ?? "",
            },
            new("quietFrom", office.Say("Silencio desde", "Quiet from"))
            {
                Kind = "time",
                Optional = true,
                Value = policy.Text("quietHours.from") ?? "",
            },
            new("quietTo", office.Say("Silencio hasta", "Quiet until"))
            {
                Kind = "time",
                Optional = true,
                Value = policy.Text("quietHours.to") ?? "",
            },
            Days(office, "weekends", office.Say("Fines de semana", "Weekends"), policy),
            Days(office, "holidays", office.Say("Festivos", "Holidays"), policy),
            new("capMessages", office.Say("Como mucho, mensajes", "At most, messages"))
            {
                Kind = "number",
                Optional = true,
                Value = policy.Text("cap.messages") ?? "",
            },
            new("capDays", office.Say("en días", "in days"))
            {
                Kind = "number",
                Optional = true,
                Value = policy.Text("cap.perDays") ?? "",
            },
        };
        var steps = policy.List("steps");
        for (var i = 0; i < Math.Max(Steps, steps.Count + 1); i++)
        {
            fields.AddRange(Step(office, i, i < steps.Count ? steps[i] : null));
        }

        var at = office.Link($"/collecting/policies/{policyId}");
        return new SheetForm(at, office.Say("Guardar como borrador", "Save as draft"), fields)
        {
            Filled = true,
            Second = (
                office.Say("Ver qué pasaría", "See what would happen"),
                office.Link($"/collecting/policies/{policyId}/preview"),
                null
            ),
        };
    }

    /// <summary>The policy that a form says, over the one that was kept.</summary>
    public static JsonObject Read(Func<string, string?> form, JsonNode? kept)
    {
        var policy = kept?.DeepClone() as JsonObject ?? [];
        policy["name"] = (form("name") ?? "").Trim();
        policy["priority"] = Whole(form("priority")) ?? 0;
        policy["active"] = false;

        var segment = policy["segment"]?.DeepClone() as JsonObject ?? [];
        Set(segment, "business", form("business") is "true" or "false" ? JsonValue.Create(form("business") == "true") : null);
        Set(segment, "minAmount", Some(Facts.Typed(form("minAmount"))));
        Set(segment, "maxAmount", Some(Facts.Typed(form("maxAmount"))));
        Set(policy, "segment", segment.Count > 0 ? segment : null);
        Set(
            policy,
            "quietHours",
            form("quietFrom") is { Length: > 0 } from && form("quietTo") is { Length: > 0 } to
                ? new JsonObject { ["from"] = from, ["to"] = to }
                : null
        );
        Set(policy, "weekends", Some(form("weekends")));
        Set(policy, "holidays", Some(form("holidays")));
        Set(
            policy,
            "cap",
            Whole(form("capMessages")) is { } messages && Whole(form("capDays")) is { } days
                ? new JsonObject { ["messages"] = messages, ["perDays"] = days }
                : null
        );
        policy["steps"] = StepsOf(form, policy.List("steps"));
        return policy;
    }

    private static JsonArray StepsOf(Func<string, string?> form, IReadOnlyList<JsonNode> before)
    {
        var steps = new JsonArray();
        for (var i = 0; form($"step{i}") is { } name; i++)
        {
            if (name.Trim().Length == 0)
            {
                continue;
            }

            var step = before.FirstOrDefault(each => each.Text("step") == name.Trim())?.DeepClone() as JsonObject ?? [];
            step["step"] = name.Trim();
            step["offsetDays"] = Whole(form($"offset{i}")) ?? 0;
            step["channels"] = new JsonArray([
                .. (form($"channels{i}") ?? "email")
                    .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
                    .Select(each => (JsonNode)each),
            ]);
            Set(step, "template", Some(form($"template{i}")));
            Set(step, "tone", Some(form($"tone{i}")));
            Set(step, "escalation", Some(form($"escalation{i}")));
            Set(step, "at", Some(form($"at{i}")));
            steps.Add((JsonNode)step);
        }

        return steps;
    }

    private static IEnumerable<SheetField> Step(AskOffice office, int i, JsonNode? step)
    {
        var group = office.Say($"Paso {i + 1}", $"Step {i + 1}");
        yield return new($"step{i}", office.Say("Nombre", "Name"))
        {
            Group = group,
            Optional = true,
            Value = step.Text("step") ?? "",
            Hint = step is null ? office.Say("Vacío: este paso no existe.", "Empty: there is no such step.") : null,
        };
        yield return new($"offset{i}", office.Say("Días tras el vencimiento", "Days after the due date"))
        {
            Group = group,
            Kind = "number",
            Optional = true,
            Value = step.Text("offsetDays") ?? "",
        };
        yield return new($"at{i}", office.Say("A las", "At"))
        {
            Group = group,
            Kind = "time",
            Optional = true,
            Value = step.Text("at") ?? "",
        };
        yield return new($"channels{i}", office.Say("Por, en este orden", "By, in this order"))
        {
            Group = group,
            Optional = true,
            Value =
                step is null ? "email"
                : step.Joined("channels") is { Length: > 0 } said ? said
                : "email",
            Hint = string.Join(", ", Channels),
        };
        yield return Choice(
            $"template{i}",
            office.Say("Texto", "Text"),
            group,
            step.Text("template"),
            [
                ("", office.Say("El de costumbre", "The usual one")),
                ("before-due", office.Say("Antes de vencer", "Before it is due")),
                ("reminder", office.Say("Recordatorio", "Reminder")),
                ("firm", office.Say("Firme", "Firm")),
                ("final", office.Say("Último aviso", "Final notice")),
            ]
        );
        yield return Choice(
            $"tone{i}",
            office.Say("Tono", "Tone"),
            group,
            step.Text("tone"),
            [
                ("", office.Say("Neutro", "Neutral")),
                ("friendly", office.Say("Amable", "Friendly")),
                ("neutral", office.Say("Neutro", "Neutral")),
                ("firm", office.Say("Firme", "Firm")),
            ]
        );
        yield return Choice(
            $"escalation{i}",
            office.Say("Además", "Also"),
            group,
            step.Text("escalation"),
            [
                ("", office.Say("Nada", "Nothing")),
                ("staff", office.Say("Que intervenga el equipo", "Staff sees to it")),
                ("stop-selling", office.Say("Dejar de vender a crédito", "Stop selling on credit")),
            ]
        );
    }

    private static SheetField Choice(string name, string label, string group, string? value, IReadOnlyList<(string, string)> options) =>
        new(name, label)
        {
            Group = group,
            Kind = "choice",
            Value = value is null or "none" ? "" : value,
            Options = options,
        };

    private static SheetField Days(AskOffice office, string name, string label, JsonNode? policy) =>
        new(name, label)
        {
            Kind = "choice",
            Value = policy.Text(name) ?? "",
            Options =
            [
                ("", office.Say("Como de costumbre", "As usual")),
                ("wait", office.Say("Esperar al siguiente día hábil", "Wait for the next working day")),
                ("send", office.Say("Enviar", "Send")),
            ],
        };

    private static JsonNode? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text.Trim());

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Set(JsonObject at, string name, JsonNode? value)
    {
        if (value is null)
        {
            at.Remove(name);
        }
        else
        {
            at[name] = value;
        }
    }
}
