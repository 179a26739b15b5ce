using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>One bank line: what the bank said, every proposal with its reasons, and matching it by hand.</summary>
public sealed class ShowBankEntry
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string entryId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBankEntry));
        return office.ShowAsync(_ => SheetAsync(office, entryId));
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string entryId)
    {
        if (!Guid.TryParseExact(entryId, "D", out _))
        {
            return PortalFaults.NotFound.With();
        }

        var answer = await office.GetAsync("payments", $"/v1/bank-entries/{entryId}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var line = answer.Value;
        var state = line.Text("state");
        var parts = new List<SheetPart> { Said(office, line) };
        var proposals = line.List("proposals");
        if (state is "proposed" or "open" && proposals.Count > 0)
        {
            parts.Add(
                new CardsPart(
                    office.Say("Qué puede ser", "What it may be"),
                    [
                        .. proposals.Select(
                            (proposal, at) =>
                                new SheetCard(BankCards.Is(office, line, proposal), BankCards.Amount(office, line))
                                {
                                    Chip = (BankWords.Chip(proposal.Text("confidence")), BankCards.Sure(office, proposal)),
                                    Reasons = BankCards.Why(office, proposal),
                                    Forms = [BankCards.Accept(office, line, proposal, at + 1)],
                                }
                        ),
                    ],
                    ""
                )
            );
        }

        parts.Add(new FormsPart(office.Say("Qué hacer", "What to do"), Acts(office, line, entryId)));
        return new Sheet($"{BankCards.Who(office, line)} · {BankCards.Amount(office, line)}", BankWords.Section, parts)
        {
            Lead = office.Words.OneOf(state, BankWords.States),
            Tabs = BankWords.Tabs(office, ""),
        };
    }

    private static FactsPart Said(AskOffice office, JsonNode line)
    {
        var facts = new (string Name, string? Value)[]
        {
            (office.Say("Cuenta", "Account"), line.Text("account")),
            (office.Say("Fecha", "Booked"), office.Day(line.Day("bookedOn"))),
            (office.Say("Valor", "Value date"), office.Day(line.Day("valuedOn"))),
            (office.Say("Qué es", "What it is"), office.Words.OneOf(line.Text("kind"), BankWords.Kinds)),
            (office.Say("Cuenta de quien paga", "Payer's account"), line.Text("partyAccount")),
            (office.Say("Concepto", "Text"), line.Text("text")),
            (office.Say("Referencias", "References"), line.Joined("references")),
            (office.Say("Motivo de la devolución", "Why it came back"), line.Text("returnText") ?? line.Text("returnReason")),
            (office.Say("Sin asignar", "Unallocated"), line.Number("unallocated") is > 0m ? office.Amount(line, "unallocated") : null),
        };
        return new FactsPart(
            office.Say("Lo que dijo el banco", "What the bank said"),
            [
                .. facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => new SheetFact(fact.Name, fact.Value!)),
                .. line.List("allocated")
                    .Select(part => new SheetFact(
                        office.Say("En la factura", "With the invoice"),
                        office.Words.Amount(part.Number("amount") ?? 0m, line.Currency()),
                        office.Link($"/invoices/{part.Text("invoiceId")}")
                    )),
            ]
        );
    }

    private static IReadOnlyList<SheetForm> Acts(AskOffice office, JsonNode line, string entryId)
    {
        if (line.Text("state") == "matched")
        {
            return
            [
                new SheetForm(office.Link($"/bank/entries/{entryId}/unmatch"), office.Say("Sí, deshacer", "Yes, undo it"), [])
                {
                    Folded = office.Say("Deshacer", "Undo"),
                    Asks = office.Say(
                        $"{BankCards.Amount(office, line)} de {BankCards.Who(office, line)} dejan de estar en sus facturas, que vuelven a estar pendientes.",
                        $"{BankCards.Amount(office, line)} from {BankCards.Who(office, line)} leaves its invoices, which are open again."
                    ),
                },
            ];
        }

        var plain = (line.Number("amount") ?? 0m).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var byHand = new SheetForm(
            office.Link($"/bank/entries/{entryId}/match"),
            office.Say("Sí, casar a mano", "Yes, match by hand"),
            [
                .. Enumerable
                    .Range(0, 3)
                    .SelectMany(i =>
                        new SheetField[]
                        {
                            new($"number{i}", office.Say($"Factura {i + 1}", $"Invoice {i + 1}"))
                            {
                                Optional = i > 0,
                                Hint = i == 0 ? office.Say("Su número, como está impreso.", "Its number as printed.") : null,
                            },
                            new($"amount{i}", office.Say("Importe", "Amount"))
                            {
                                Kind = "amount",
                                Optional = i > 0,
                                Value = i == 0 ? plain : "",
                            },
                        }
                    ),
            ]
        )
        {
            Folded = office.Say("Casar a mano", "Match by hand"),
            Asks = office.Say(
                $"{BankCards.Amount(office, line)} de {BankCards.Who(office, line)} van a estas facturas; lo que sobre queda sin asignar.",
                $"{BankCards.Amount(office, line)} from {BankCards.Who(office, line)} goes to these invoices; what is left stays unallocated."
            ),
        };
        var payout = new SheetForm(
            office.Link($"/bank/entries/{entryId}/match"),
            office.Say("Sí, es una liquidación", "Yes, it is a payout"),
            [
                new SheetField("provider", office.Say("De quién", "Whose"))
                {
                    Kind = "choice",
                    Options = [("stripe", "Stripe"), ("redsys", "Redsys")],
                },
                new SheetField("fees", office.Say("Comisiones que se quedó", "Fees it kept")) { Kind = "amount", Optional = true },
            ]
        )
        {
            Folded = office.Say("Es una liquidación de tarjetas", "It is a payout of card payments"),
            Asks = office.Say(
                $"{BankCards.Amount(office, line)} más las comisiones salen de la cuenta del proveedor.",
                $"{BankCards.Amount(office, line)} and the fees leave the provider's account."
            ),
        };
        IEnumerable<SheetForm> refuse = line.Text("state") == "proposed" ? [BankCards.Refuse(office, entryId)] : [];
        return BankCards.IsOut(line) ? [.. refuse] : [byHand, payout, .. refuse];
    }
}
