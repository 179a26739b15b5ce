using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>Whom a collector turns to first, why, and the acts at hand; as Collections ranks it.</summary>
public sealed class ShowWorklist
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowWorklist));
        return office.ShowAsync(SheetAsync);
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var currency = office.Asked("currency") is { } asked ? $"&currency={AskOffice.Escape(asked)}" : "";
        var strategy = office.Asked("strategy") is { } wanted ? $"&strategy={AskOffice.Escape(wanted)}" : "";
        var answer = await office.GetAsync("collections", $"/v1/worklist?limit=50{currency}{strategy}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var list = answer.Value;
        return new Sheet(
            office.Say("Cobros", "Collecting"),
            CollectingWords.Section,
            [
                new CardsPart(
                    office.Say("A quién llamar primero", "Whom to call first"),
                    [.. list.List("rows").Select(row => CardOf(office, row, list))],
                    office.Say(
                        "Nadie a quien llamar. Cuando una factura venza y valga la pena, aparecerá aquí con el porqué.",
                        "Nobody to call. When an invoice falls overdue and a call is worth it, it appears here with the reason."
                    )
                )
                {
                    Filters =
                    [
                        .. new[] { list.Text("currency") ?? "EUR" }
                            .Concat(list.List("otherCurrencies").Select(each => each.Said()))
                            .Order(StringComparer.Ordinal)
                            .Select(code => new SheetLink(
                                code,
                                office.Link("/collecting", ("currency", code)),
                                code == list.Text("currency")
                            ))
                            .ToList()
                            is { Count: > 1 } several
                            ? several
                            : [],
                    ],
                },
            ]
        )
        {
            Lead = list.Is("inFlightKnown")
                ? office.Say(
                    "Ordenado por lo que se espera ganar con cada contacto. Los pagos en camino están descontados.",
                    "In the order of what each contact is expected to bring. Payments on their way are taken off."
                )
                : office.Say(
                    "Ordenado por lo que se espera ganar. Ahora mismo no se sabe qué pagos están en camino.",
                    "In the order of what is expected to come. Right now it is not known which payments are on their way."
                ),
            Tabs = CollectingWords.Tabs(office, ""),
        };
    }

    private static SheetCard CardOf(AskOffice office, JsonNode row, JsonNode list)
    {
        var currency = list.Currency();
        var items = row.List("items");
        var who = row.Text("customerName") ?? row.Text("email") ?? office.Say("Cliente sin nombre", "Customer without a name");
        var first = items.FirstOrDefault(item => item.Number("workable") > 0m) ?? items.FirstOrDefault();
        return new SheetCard($"{row.Text("rank")}. {who}", office.Words.Amount(row.Number("amount") ?? 0m, currency))
        {
            Href = row.Text("customerId") is { } customer ? office.Link("/collecting/receivables", ("customerId", customer)) : null,
            Small = string.Join(" · ", new[] { row.Text("phone"), row.Text("email") }.Where(each => each is not null)),
            Chip = row.Text("suggestedAct") is { } act ? ("plain", office.Words.OneOf(act, CollectingWords.Acts)) : null,
            Reasons = [.. row.List("reasons").Select(reason => reason.Text("text") ?? reason.Text("code") ?? "")],
            Links =
            [
                .. items.Select(item => new SheetLink(
                    $"{item.Text("number")} · {office.Words.Amount(item.Number("amountDue") ?? 0m, currency)} · {Late(office, item)}",
                    office.Link($"/collecting/receivables/{item.Text("invoiceId")}")
                )),
            ],
            Forms = first is null
                ? []
                : ReceivableActs.Quick(
                    office,
                    first.Text("invoiceId") ?? "",
                    first.Text("number") ?? "",
                    who,
                    office.Words.Amount(first.Number("amountDue") ?? 0m, currency)
                ),
        };
    }

    private static string Late(AskOffice office, JsonNode item) =>
        item.Count("daysOverdue") is > 0 and var days ? office.Words.DaysLate((int)days)
        : item.Day("dueDate") is { } due ? office.Say($"vence el {office.Words.ShortDate(due)}", $"due {office.Words.ShortDate(due)}")
        : "";
}
