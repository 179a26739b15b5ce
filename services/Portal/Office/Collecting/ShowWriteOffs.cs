using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>What somebody asked to give up, for somebody else to approve or refuse.</summary>
public sealed class ShowWriteOffs
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowWriteOffs));
        return office.ShowAsync(SheetAsync);
    }

    internal static CardsPart Cards(AskOffice office, IReadOnlyList<JsonNode> writeOffs) =>
        new(
            office.Say("Dado por perdido", "Written off"),
            [.. writeOffs.Select(each => CardOf(office, each))],
            office.Say("Nadie ha pedido dar nada por perdido.", "Nobody has asked to write anything off.")
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var state = office.Asked("state");
        var answer = await office.GetAsync(
            "collections",
            state is null ? "/v1/write-offs" : $"/v1/write-offs?state={AskOffice.Escape(state)}"
        );
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(office.Say("Incobrables", "Write-offs"), CollectingWords.Section, [Cards(office, answer.Value.List("items"))])
            {
                Lead = office.Say(
                    "Lo que pasa del límite lo aprueba otra persona que quien lo pidió.",
                    "What is above the limit is approved by somebody else than who asked for it."
                ),
                Tabs = CollectingWords.Tabs(office, "write-offs"),
            };
    }

    private static SheetCard CardOf(AskOffice office, JsonNode each)
    {
        var invoiceId = each.Text("invoiceId") ?? "";
        var amount = office.Amount(each, "amount");
        return new SheetCard(each.Text("reason") ?? "", amount)
        {
            Href = office.Link($"/collecting/receivables/{invoiceId}"),
            Small = string.Join(
                " · ",
                new[]
                {
                    office.Say($"pedido por {each.Text("askedBy")}", $"asked by {each.Text("askedBy")}"),
                    office.At(each.Instant("askedAt")),
                    each.Text("decidedBy") is { } decided ? office.Say($"decidido por {decided}", $"decided by {decided}") : null,
                    each.Text("waitsBecause"),
                }.Where(said => !string.IsNullOrEmpty(said))
            ),
            Chip = (CollectingWords.Chip(each.Text("state")), office.Words.OneOf(each.Text("state"), CollectingWords.States)),
            Forms =
                each.Text("state") == "asked"
                    ?
                    [
                        Decide(
                            office,
                            each,
                            "approve",
                            office.Say("Aprobar", "Approve"),
                            office.Say($"Se dejan de reclamar {amount}.", $"{amount} will not be asked for any more.")
                        ),
                        Decide(
                            office,
                            each,
                            "refuse",
                            office.Say("Rechazar", "Refuse"),
                            office.Say($"Se siguen reclamando {amount}.", $"{amount} will still be asked for.")
                        ),
                    ]
                    : [],
        };
    }

    private static SheetForm Decide(AskOffice office, JsonNode each, string act, string word, string asks) =>
        new(
            ReceivableActs.To(office, each.Text("invoiceId") ?? "", act),
            office.Say($"Sí, {word.ToLowerInvariant()}", $"Yes, {word.ToLowerInvariant()}"),
            [
                new SheetField("writeOff", "") { Kind = "hidden", Value = each.Text("writeOffId") ?? "" },
                new SheetField("why", office.Say("Nota", "Note")) { Optional = true },
            ]
        )
        {
            Folded = word,
            Asks = asks,
        };
}
