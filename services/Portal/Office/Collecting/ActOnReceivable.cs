using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>
/// Does one thing about what is owed, as a member of staff says: Collections decides whether it may and keeps who, when and why; the last
/// message goes out again through Delivery.
/// </summary>
public sealed class ActOnReceivable
{
    /// <summary>Takes the form.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string invoiceId, string act, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ActOnReceivable));
        return office.ActAsync(form, _ => DoAsync(office, invoiceId, act, form), _ => ShowReceivable.SheetAsync(office, invoiceId));
    }

    private static async Task<Outcome<string>> DoAsync(AskOffice office, string invoiceId, string act, Form form)
    {
        if (!InvoiceId.TryParse(invoiceId, out _))
        {
            return PortalFaults.NotFound.With();
        }

        var at = $"/v1/receivables/{invoiceId}";
        var done = act switch
        {
            "note" => await PostAsync(office, $"{at}/acts", ("kind", form["kind"]), ("why", form["why"])),
            "promise" => await PostAsync(
                office,
                $"{at}/promises",
                ("date", form["date"]),
                ("amount", Facts.Typed(form["amount"])),
                ("why", form["why"])
            ),
            "unpromise" when Guid.TryParseExact(form["promise"], "D", out var promise) => await office.SendAsync(
                HttpMethod.Delete,
                "collections",
                $"{at}/promises/{promise:D}"
            ),
            "hold" => await PostAsync(office, $"{at}/holds", ("reason", form["reason"]), ("until", form["until"])),
            "release" when Guid.TryParseExact(form["hold"], "D", out var hold) => await office.SendAsync(
                HttpMethod.Delete,
                "collections",
                form["why"] is { Length: > 0 } why ? $"{at}/holds/{hold:D}?why={AskOffice.Escape(why)}" : $"{at}/holds/{hold:D}"
            ),
            "dispute" => await PostAsync(office, $"{at}/disputes", ("amount", Facts.Typed(form["amount"])), ("reason", form["reason"])),
            "resolve" when Guid.TryParseExact(form["dispute"], "D", out var dispute) => await PostAsync(
                office,
                $"{at}/disputes/{dispute:D}/resolution",
                ("outcome", form["outcome"]),
                ("why", form["why"])
            ),
            "plan" => await PlanAsync(office, $"{at}/plans", form),
            "write-off" => await PostAsync(office, $"{at}/write-off", ("amount", Facts.Typed(form["amount"])), ("reason", form["reason"])),
            "approve" when Guid.TryParseExact(form["writeOff"], "D", out var asked) => await PostAsync(
                office,
                $"{at}/write-off/{asked:D}/approval",
                ("why", form["why"])
            ),
            "refuse" when Guid.TryParseExact(form["writeOff"], "D", out var asked) => await PostAsync(
                office,
                $"{at}/write-off/{asked:D}/refusal",
                ("why", form["why"])
            ),
            "remind" => await RemindAsync(office, invoiceId),
            _ => OfficeMoneyFaults.NoSuchAct.With(),
        };
        return done.Refused(out var refused) ? refused : office.Link($"/collecting/receivables/{invoiceId}?done={act}");
    }

    /// <summary>Posts what was filled in; what was left empty is not said.</summary>
    private static Task<Outcome<JsonNode>> PostAsync(AskOffice office, string path, params (string Name, string? Value)[] fields)
    {
        var body = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                body[name] = value.ReplaceLineEndings("\n").Trim();
            }
        }

        return office.SendAsync(HttpMethod.Post, "collections", path, body);
    }

    private static async Task<Outcome<JsonNode>> PlanAsync(AskOffice office, string path, Form form)
    {
        var instalments = new JsonArray();
        foreach (
            var line in (form["instalments"] ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            if (line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is not [var date, var amount])
            {
                return OfficeMoneyFaults.Missing.With(line, "2026-12-01 25,00");
            }

            instalments.Add(new JsonObject { ["date"] = date, ["amount"] = Facts.Typed(amount) });
        }

        var body = new JsonObject { ["instalments"] = instalments };
        if (form["why"] is { Length: > 0 } why)
        {
            body["why"] = why;
        }

        return await office.SendAsync(HttpMethod.Post, "collections", path, body);
    }

    /// <summary>The latest message about the invoice that went out goes out again.</summary>
    private static async Task<Outcome<JsonNode>> RemindAsync(AskOffice office, string invoiceId)
    {
        var sent = await office.GetAsync("delivery", $"/v1/transmissions?invoiceId={invoiceId}");
        if (sent.Refused(out var fault))
        {
            return fault;
        }

        var latest = sent
            .Value.List("transmissions")
            .OrderByDescending(each => each.Text("purpose") != "invoice")
            .ThenByDescending(each => each.Instant("createdAt"))
            .FirstOrDefault();
        return latest?.Text("transmissionId") is { } id
            ? await office.SendAsync(HttpMethod.Post, "delivery", $"/v1/transmissions/{AskOffice.Escape(id)}/resend")
            : OfficeMoneyFaults.NothingToResend.With();
    }
}
