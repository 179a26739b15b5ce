using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Takes a proposal, matches a bank line by hand, refuses what was proposed, or undoes a match, as a member of staff says.</summary>
public sealed class ActOnBankEntry
{
    /// <summary>Takes the form.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string entryId, string act, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ActOnBankEntry));
        return office.ActAsync(form, _ => DoAsync(office, entryId, act, form), _ => ShowBankEntry.SheetAsync(office, entryId));
    }

    private static async Task<Outcome<string>> DoAsync(AskOffice office, string entryId, string act, Form form)
    {
        if (!Guid.TryParseExact(entryId, "D", out _))
        {
            return PortalFaults.NotFound.With();
        }

        var at = $"/v1/bank-entries/{entryId}";
        var done = act switch
        {
            "match" => await MatchAsync(office, at, form),
            "unmatch" => await office.SendAsync(HttpMethod.Post, "payments", $"{at}/unmatch"),
            "reject" => await office.SendAsync(HttpMethod.Post, "payments", $"{at}/refuse"),
            _ => OfficeMoneyFaults.NoSuchAct.With(),
        };
        return done.Refused(out var refused) ? refused
            // A proposal that is done with leads on to the next one.
            : form["proposal"] is not null || act == "reject" ? office.Link($"/bank?done={act}")
            : office.Link($"/bank/entries/{entryId}?done={act}");
    }

    private static async Task<Outcome<JsonNode>> MatchAsync(AskOffice office, string at, Form form)
    {
        if (form["proposal"] is { } number && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var proposal))
        {
            return await office.SendAsync(HttpMethod.Post, "payments", $"{at}/match", new JsonObject { ["proposal"] = proposal });
        }

        if (form["provider"] is { Length: > 0 } provider)
        {
            var settlement = new JsonObject { ["provider"] = provider };
            if (Facts.Typed(form["fees"]) is { Length: > 0 } fees)
            {
                settlement["fees"] = fees;
            }

            return await office.SendAsync(HttpMethod.Post, "payments", $"{at}/match", new JsonObject { ["settlement"] = settlement });
        }

        var invoices = new JsonArray();
        for (var i = 0; form[$"number{i}"] is { } named; i++)
        {
            if (named.Trim().Length == 0)
            {
                continue;
            }

            var found = await office.InvoiceAsync(named);
            if (found.Refused(out var fault))
            {
                return fault;
            }

            invoices.Add(
                (JsonNode)new JsonObject { ["invoiceId"] = found.Value.Text("invoiceId"), ["amount"] = Facts.Typed(form[$"amount{i}"]) }
            );
        }

        return await office.SendAsync(HttpMethod.Post, "payments", $"{at}/match", new JsonObject { ["invoices"] = invoices });
    }
}
