using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Claims;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>Corrects or cancels an invoice as a member of staff says; Invoicing decides what the law lets be done.</summary>
public sealed class ActOnInvoice(ShowSellersInvoice show)
{
    /// <summary>Cancels it.</summary>
    public Task<IResult> CancelAsync(AskOffice office, string invoiceId, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ActOnInvoice));
        return office.ActAsync(
            form,
            async _ =>
            {
                if (!InvoiceId.TryParse(invoiceId, out var id))
                {
                    return PortalFaults.NotFound.With();
                }

                var done = await office.SendAsync(
                    HttpMethod.Post,
                    "invoicing",
                    $"/v1/invoices/{id}/cancellation",
                    new JsonObject { ["reason"] = Text(form["reason"]) }
                );
                return done.Refused(out var fault) ? fault : InvoiceWords.To(office, id, "?done=voided");
            },
            _ => show.SheetAsync(office, invoiceId)
        );
    }

    /// <summary>Corrects it in one of the ways.</summary>
    public Task<IResult> CorrectAsync(AskOffice office, string invoiceId, string way, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ActOnInvoice));
        return office.ActAsync(
            form,
            _ => SendCorrectionAsync(office, invoiceId, way, form),
            _ => ShowCorrection.SheetAsync(office, invoiceId)
        );
    }

    private static async Task<Outcome<string>> SendCorrectionAsync(AskOffice office, string invoiceId, string way, Form form)
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return PortalFaults.NotFound.With();
        }

        var asked = await office.GetAsync("invoicing", $"/v1/invoices/{id}");
        if (asked.Refused(out var fault))
        {
            return fault;
        }

        var invoice = ShowInvoices.Body(asked.Value);
        var body = way switch
        {
            "lines" => Lines(office, invoice, form),
            "vat" => new JsonObject
            {
                ["method"] = "differences",
                ["reason"] = form["reason"],
                ["reasonText"] = Text(form["why"]),
                ["vatOnly"] = true,
            },
            "buyer" => Anew(invoice, form),
            _ => (Outcome<JsonObject>)OfficeMoneyFaults.NoSuchAct.With(),
        };
        if (body.Refused(out fault))
        {
            return fault;
        }

        var done = await office.SendAsync(HttpMethod.Post, "invoicing", $"/v1/invoices/{id}/corrections", body.Value);
        return done.Refused(out fault) ? fault : To(office, done.Value, "corrected");
    }

    /// <summary>Where the invoice is that was issued.</summary>
    internal static string To(AskOffice office, JsonNode issued, string done) =>
        InvoiceId.TryParse(issued.Text("invoiceId"), out var id)
            ? InvoiceWords.To(office, id, $"?done={done}")
            : office.Link($"/invoices?done={done}");

    private static Outcome<JsonObject> Lines(AskOffice office, InvoiceBody invoice, Form form)
    {
        var changes = new List<LineChange>();
        for (var i = 0; i < Math.Min(invoice.Lines.Count, ShowCorrection.MostLines); i++)
        {
            var back = Number(form[$"back{i}"]);
            var price = Number(form[$"price{i}"]);
            if (back is { IsNone: true } || price is { IsNone: true })
            {
                return OfficeMoneyFaults.Missing.With(
                    $"{i + 1}. {invoice.Lines[i].Name}",
                    office.Say("un número, como 1", "a number, such as 1")
                );
            }

            if (back is not null || price is not null)
            {
                changes.Add(new LineChange(invoice.Lines[i], back?.Value ?? 0m, price?.Value));
            }
        }

        var body = new JsonObject
        {
            ["method"] = "differences",
            ["reason"] = form["reason"],
            ["lines"] = CorrectionLines.Differences(invoice, changes),
        };
        if (Text(form["why"]) is { Length: > 0 } why)
        {
            body["reasonText"] = why;
        }

        if (form["means"] is { Length: > 0 } means)
        {
            if (Number(form["amount"]) is not { IsNone: false, Value: > 0m } amount)
            {
                return OfficeMoneyFaults.Missing.With(office.Say("Cuánto devuelves", "How much you give back"), "18,90");
            }

            body["payments"] = new JsonArray(new JsonObject { ["means"] = means, ["amount"] = CorrectionLines.Text(-amount.Value) });
        }

        return body;
    }

    private static JsonObject Anew(InvoiceBody invoice, Form form)
    {
        var body = CorrectionLines.Anew(invoice);
        body["method"] = "substitution";
        body["reason"] = "R4";
        body["reasonText"] = "Datos del destinatario";
        var buyer = BuyerForm.Of(BuyerFields.In(form), form["email"]);
        var before = invoice.Buyer;
        if ((invoice.Contact?.CustomerId ?? before?.CustomerId) is { } customer)
        {
            buyer["customerId"] = customer.ToString();
        }

        if (before?.TaxIdType is { } type)
        {
            buyer["taxIdType"] = JsonNamingPolicy.KebabCaseLower.ConvertName(type.ToString());
        }

        if (before?.TaxIdCountry is { } country)
        {
            buyer["taxIdCountry"] = country;
        }

        if (before?.EquivalenceSurcharge == true)
        {
            buyer["equivalenceSurcharge"] = true;
        }

        body["buyer"] = buyer;
        return body;
    }

    private static string Text(string? typed) => (typed ?? "").ReplaceLineEndings("\n").Trim();

    /// <summary>Nothing where nothing was typed; none where it is no number.</summary>
    private static Typed? Number(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : decimal.TryParse(
            Facts.Typed(text),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? new Typed(number, IsNone: false)
        : new Typed(0m, IsNone: true);

    private sealed record Typed(decimal Value, bool IsNone);
}
