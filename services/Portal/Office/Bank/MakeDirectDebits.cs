using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Makes a direct-debit run, says that the bank collected it or that it never went, and keeps who the creditor is.</summary>
public sealed class MakeDirectDebits
{
    /// <summary>Makes the run.</summary>
    public Task<IResult> HandleAsync(AskOffice office, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(MakeDirectDebits));
        return office.ActAsync(
            form,
            async _ =>
            {
                var body = new JsonObject { ["collectOn"] = form["collectOn"] };
                if (form["reference"] is { Length: > 0 } reference)
                {
                    body["reference"] = reference.Trim();
                }

                var made = await office.SendForFileAsync(HttpMethod.Post, "payments", "/v1/direct-debits", body);
                return made.Refused(out var refused) ? refused : office.Link("/bank/direct-debits?done=debits");
            },
            ShowDirectDebits.SheetAsync
        );
    }

    /// <summary>The bank has collected it, or it never went there.</summary>
    public Task<IResult> EndAsync(AskOffice office, string batchId, string act, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                if (!Guid.TryParseExact(batchId, "D", out var id))
                {
                    return PortalFaults.NotFound.With();
                }

                var at = $"/v1/direct-debits/{id:D}";
                var body = new JsonObject();
                if (form["collectedOn"] is { Length: > 0 } day)
                {
                    body["collectedOn"] = day;
                }

                var done = act switch
                {
                    "collected" => await office.SendAsync(HttpMethod.Post, "payments", $"{at}/collected", body),
                    "cancel" => await office.SendAsync(HttpMethod.Post, "payments", $"{at}/cancel"),
                    _ => OfficeMoneyFaults.NoSuchAct.With(),
                };
                return done.Refused(out var refused)
                    ? refused
                    : office.Link($"/bank/direct-debits/{id:D}?done={(act == "cancel" ? "cancelled" : act)}");
            },
            _ => ShowDirectDebits.OneSheetAsync(office, batchId)
        );

    /// <summary>Keeps the creditor.</summary>
    public Task<IResult> KeepCreditorAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var body = new JsonObject
                {
                    ["creditorId"] = form["creditorId"]?.Trim(),
                    ["name"] = form["name"]?.Trim(),
                    ["iban"] = form["iban"]?.Trim(),
                    ["leadDays"] = int.TryParse(form["leadDays"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 2,
                };
                if (form["bic"] is { Length: > 0 } bic)
                {
                    body["bic"] = bic.Trim();
                }

                var done = await office.SendAsync(HttpMethod.Put, "payments", "/v1/direct-debit-settings", body);
                return done.Refused(out var refused) ? refused : office.Link("/bank/direct-debits?done=saved");
            },
            ShowDirectDebits.SheetAsync
        );
}
