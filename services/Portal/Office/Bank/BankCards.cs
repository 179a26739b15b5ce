using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Bank lines as cards: who sent how much, what it is probably for and why, and the acts.</summary>
public static class BankCards
{
    /// <summary>A line with its first proposal, to accept or refuse at once.</summary>
    public static SheetCard Line(AskOffice office, JsonNode line)
    {
        var id = line.Text("entryId") ?? "";
        var proposals = line.List("proposals");
        var state = line.Text("state");
        var first = proposals.FirstOrDefault();
        return new SheetCard(Who(office, line), Amount(office, line))
        {
            Href = office.Link($"/bank/entries/{id}"),
            Small = string.Join(
                " · ",
                new[]
                {
                    office.Day(line.Day("bookedOn") ?? line.Day("valuedOn")),
                    office.Words.OneOf(line.Text("kind"), BankWords.Kinds),
                    line.Text("text"),
                }.Where(said => !string.IsNullOrEmpty(said))
            ),
            Chip =
                state == "proposed" && first is not null
                    ? (BankWords.Chip(first.Text("confidence")), Sure(office, first))
                    : (BankWords.Chip(state), office.Words.OneOf(state, BankWords.States)),
            Reasons = first is not null && state == "proposed" ? [Is(office, line, first), .. Why(office, first)] : [],
            Links =
            [
                .. line.List("allocated")
                    .Select(part => new SheetLink(
                        office.Words.Amount(part.Number("amount") ?? 0m, line.Currency()),
                        office.Link($"/invoices/{part.Text("invoiceId")}")
                    )),
            ],
            Forms = state == "proposed" && first is not null ? [Accept(office, line, first, 1), Refuse(office, id)] : [],
        };
    }

    /// <summary>Who it is from or to.</summary>
    public static string Who(AskOffice office, JsonNode line) =>
        line.Text("ultimateName") ?? line.Text("partyName") ?? office.Say("El banco no dice quién", "The bank does not say who");

    /// <summary>How much, with a minus where it left.</summary>
    public static string Amount(AskOffice office, JsonNode line)
    {
        var amount = line.Number("amount") ?? 0m;
        return office.Words.Amount(IsOut(line) ? -amount : amount, line.Currency());
    }

    /// <summary>What a proposal takes it for.</summary>
    public static string Is(AskOffice office, JsonNode line, JsonNode proposal)
    {
        var currency = line.Currency();
        return proposal.Text("kind") switch
        {
            "payout" => office.Say($"Liquidación de {proposal.Text("provider")}", $"A payout of {proposal.Text("provider")}"),
            "refund" => office.Say($"Un reembolso tuyo, {proposal.Text("reference")}", $"A refund of yours, {proposal.Text("reference")}"),
            "paid-already" => office.Say(
                $"Ya estaba pagada: {Parts(office, proposal, currency)}; quedaría sin asignar",
                $"It was paid already: {Parts(office, proposal, currency)}; it would stay unallocated"
            ),
            _ => office.Say($"Paga {Parts(office, proposal, currency)}", $"Pays {Parts(office, proposal, currency)}"),
        };
    }

    /// <summary>Why it is taken so.</summary>
    public static IReadOnlyList<string> Why(AskOffice office, JsonNode proposal) =>
        [
            .. proposal
                .List("reasons")
                .Select(reason =>
                    office.Say(reason.Text("spanish") ?? reason.Text("code") ?? "", reason.Text("english") ?? reason.Text("code") ?? "")
                ),
        ];

    /// <summary>How sure, in words and a number.</summary>
    public static string Sure(AskOffice office, JsonNode proposal) =>
        $"{office.Words.OneOf(proposal.Text("confidence"), BankWords.Confidence)}"
        + (
            proposal.Number("score") is { } score
                ? $" · {office.Words.Percent(decimal.Round(score <= 1m ? score * 100m : score, 0, MidpointRounding.AwayFromZero))}"
                : ""
        );

    /// <summary>The act of taking a proposal.</summary>
    public static SheetForm Accept(AskOffice office, JsonNode line, JsonNode proposal, int number) =>
        new(
            office.Link($"/bank/entries/{line.Text("entryId")}/match"),
            office.Say("Sí, casar", "Yes, match"),
            [new SheetField("proposal", "") { Kind = "hidden", Value = $"{number}" }]
        )
        {
            Folded = office.Say("Casar", "Match"),
            Filled = true,
            Asks = office.Say(
                $"{Amount(office, line)} de {Who(office, line)}: {Inside(Is(office, line, proposal))}.",
                $"{Amount(office, line)} from {Who(office, line)}: {Inside(Is(office, line, proposal))}."
            ),
        };

    /// <summary>The act of refusing all proposals.</summary>
    public static SheetForm Refuse(AskOffice office, string entryId) =>
        new(office.Link($"/bank/entries/{entryId}/reject"), office.Say("Sí, no es eso", "Yes, it is something else"), [])
        {
            Folded = office.Say("No es eso", "It is not that"),
            Asks = office.Say("Quedará sin casar hasta que digas de qué es.", "It stays unmatched until you say what it is for."),
        };

    /// <summary>Whether money left.</summary>
    public static bool IsOut(JsonNode line) => line.Text("direction") == "debit";

    /// <summary>A sentence in the middle of another.</summary>
    private static string Inside(string sentence) => sentence.Length > 0 ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : "";

    private static string Parts(AskOffice office, JsonNode proposal, Currency currency)
    {
        var parts = proposal
            .List("parts")
            .Select(part => $"{part.Text("number")} ({office.Words.Amount(part.Number("amount") ?? 0m, currency)})")
            .ToList();
        var rest = proposal.Number("rest") is > 0m and var more
            ? office.Say($"; sobran {office.Words.Amount(more, currency)}", $"; {office.Words.Amount(more, currency)} is left over")
            : "";
        return string.Join(", ", parts) + rest;
    }
}
