using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>One invoice that is owed: how it stands, what was agreed and done about it, and what may be done now.</summary>
public sealed class ShowReceivable
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string invoiceId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowReceivable));
        return office.ShowAsync(_ => SheetAsync(office, invoiceId));
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string invoiceId)
    {
        if (!InvoiceId.TryParse(invoiceId, out _))
        {
            return PortalFaults.NotFound.With();
        }

        var found = office.GetAsync("collections", $"/v1/receivables?invoiceId={invoiceId}&limit=1");
        var promised = office.GetAsync("collections", $"/v1/receivables/{invoiceId}/promises");
        var disputed = office.GetAsync("collections", $"/v1/receivables/{invoiceId}/disputes");
        var given = office.GetAsync("collections", $"/v1/write-offs?invoiceId={invoiceId}");
        var acted = office.GetAsync("collections", $"/v1/acts?invoiceId={invoiceId}&limit=100");
        var reminded = office.GetAsync("collections", $"/v1/receivables/{invoiceId}/steps");
        await Task.WhenAll(found, promised, disputed, given, acted, reminded);
        if ((await found).Refused(out var fault))
        {
            return fault;
        }

        if ((await found).Value.List("items") is not [var receivable])
        {
            return PortalFaults.NotFound.With();
        }

        var number = receivable.Text("number") ?? "";
        var who = receivable.Text("customerName") ?? office.Words.AnonymousBuyer;
        var amount = office.Amount(receivable, "amountDue");
        var acts = ItemsOf(await acted);
        return new Sheet(
            $"{number} · {amount}",
            CollectingWords.Section,
            [
                Standing(office, receivable, invoiceId),
                .. receivable.Text("status") == "settled"
                    ? []
                    : new SheetPart[]
                    {
                        new FormsPart(
                            office.Say("Qué hacer", "What to do"),
                            [.. ReceivableActs.All(office, invoiceId, number, who, amount), .. Releases(office, invoiceId, acts)]
                        ),
                    },
                .. Promises(office, invoiceId, ItemsOf(await promised)),
                .. Disputes(office, invoiceId, ItemsOf(await disputed)),
                .. WriteOffs(office, ItemsOf(await given)),
                Steps(office, (await reminded).Fault is null ? (await reminded).Value.List("steps") : []),
                Done(office, acts),
            ]
        )
        {
            Lead = who,
            Tabs = CollectingWords.Tabs(office, "receivables"),
        };
    }

    private static IReadOnlyList<JsonNode> ItemsOf(Outcome<JsonNode> list) => list.Fault is null ? list.Value.List("items") : [];

    private static FactsPart Standing(AskOffice office, JsonNode receivable, string invoiceId)
    {
        var facts = new List<SheetFact>
        {
            new(office.Say("Factura", "Invoice"), receivable.Text("number") ?? "", office.Link($"/invoices/{invoiceId}")),
            new(office.Say("Total", "Total"), office.Amount(receivable, "totalWithVat")),
            new(office.Say("Pendiente", "Open"), office.Amount(receivable, "amountDue")),
            new(
                office.Say("Vence", "Due"),
                office.Day(receivable.Day("dueDate"))
                    + (receivable.Text("status") == "overdue" ? " · " + office.Words.DaysLate((int)receivable.Count("daysOverdue")) : "")
            ),
            new(office.Say("Estado", "State"), office.Words.OneOf(receivable.Text("status"), CollectingWords.States)),
            new(office.Say("Avisos enviados", "Reminders sent"), office.Words.Count(receivable.Count("reminders"))),
        };
        if (receivable.Is("onHold"))
        {
            facts.Add(new(office.Say("En espera", "On hold"), office.Say("No sale ningún recordatorio", "No reminder goes out")));
        }

        if (receivable.Number("disputed") is > 0m)
        {
            facts.Add(new(office.Say("En disputa", "In dispute"), office.Amount(receivable, "disputed")));
        }

        return new FactsPart(office.Say("Cómo está", "How it stands"), facts);
    }

    private static IEnumerable<SheetForm> Releases(AskOffice office, string invoiceId, IReadOnlyList<JsonNode> acts)
    {
        var ended = acts.Where(act => act.Text("kind") == "hold-released").Select(act => act.Text("body.holdId")).ToHashSet();
        return acts.Where(act => act.Text("kind") == "hold-placed" && act.Text("body.holdId") is { } hold && !ended.Contains(hold))
            .Select(act => new SheetForm(
                ReceivableActs.To(office, invoiceId, "release"),
                office.Say("Sí, quitar la espera", "Yes, end the hold"),
                [
                    new SheetField("hold", "") { Kind = "hidden", Value = act.Text("body.holdId")! },
                    new SheetField("why", office.Say("Por qué", "Why")) { Optional = true },
                ]
            )
            {
                Folded = office.Say("Quitar la espera", "End the hold"),
                Asks = office.Say(
                    $"En espera porque: {act.Text("why")}. Los recordatorios seguirán.",
                    $"On hold because: {act.Text("why")}. Reminders will go on."
                ),
            });
    }

    private static IEnumerable<SheetPart> Promises(AskOffice office, string invoiceId, IReadOnlyList<JsonNode> promises)
    {
        if (promises.Count == 0)
        {
            yield break;
        }

        yield return new TablePart(
            office.Say("Promesas", "Promises"),
            [new(office.Say("Para el", "For")), new(office.Say("Estado", "State")), new(office.Say("Importe", "Amount"), Figure: true)],
            [
                .. promises.Select(promise => new SheetRow([
                    new SheetCell(office.Day(promise.Day("date"))),
                    new SheetCell(office.Words.OneOf(promise.Text("standing"), CollectingWords.States))
                    {
                        Chip = CollectingWords.Chip(promise.Text("standing")),
                    },
                    new SheetCell(office.Amount(promise, "amount")),
                ])
                {
                    Forms =
                        promise.Text("standing") == "open"
                            ?
                            [
                                new SheetForm(
                                    ReceivableActs.To(office, invoiceId, "unpromise"),
                                    office.Say("Sí, retirar", "Yes, take it back"),
                                    [new SheetField("promise", "") { Kind = "hidden", Value = promise.Text("promiseId") ?? "" }]
                                )
                                {
                                    Folded = office.Say("Retirar", "Take back"),
                                    Asks = office.Say("Los recordatorios seguirán.", "Reminders will go on."),
                                },
                            ]
                            : [],
                }),
            ],
            ""
        );
    }

    private static IEnumerable<SheetPart> Disputes(AskOffice office, string invoiceId, IReadOnlyList<JsonNode> disputes)
    {
        if (disputes.Count == 0)
        {
            yield break;
        }

        yield return new CardsPart(
            office.Say("Disputas", "Disputes"),
            [
                .. disputes.Select(dispute => new SheetCard(dispute.Text("reason") ?? "", office.Amount(dispute, "amount"))
                {
                    Small = office.At(dispute.Instant("raisedAt")),
                    Chip = (
                        CollectingWords.Chip(dispute.Text("outcome") ?? "open"),
                        office.Words.OneOf(dispute.Text("outcome") ?? "open", CollectingWords.States)
                    ),
                    Forms = dispute.Text("outcome") is null ? [Resolve(office, invoiceId, dispute.Text("disputeId") ?? "")] : [],
                }),
            ],
            ""
        );
    }

    private static SheetForm Resolve(AskOffice office, string invoiceId, string disputeId) =>
        new(
            ReceivableActs.To(office, invoiceId, "resolve"),
            office.Say("Resolver", "Resolve"),
            [
                new SheetField("dispute", "") { Kind = "hidden", Value = disputeId },
                new SheetField("outcome", office.Say("Resultado", "Outcome"))
                {
                    Kind = "choice",
                    Options =
                    [
                        ("accepted", office.Say("Tiene razón", "It is right")),
                        ("rejected", office.Say("No tiene razón: se reclama otra vez", "It is not right: it is asked for again")),
                        ("withdrawn", office.Say("Lo retira", "It takes it back")),
                    ],
                },
                new SheetField("why", office.Say("Por qué", "Why")) { Kind = "area" },
            ]
        )
        {
            Folded = office.Say("Resolver", "Resolve"),
        };

    private static IEnumerable<SheetPart> WriteOffs(AskOffice office, IReadOnlyList<JsonNode> writeOffs) =>
        writeOffs.Count == 0 ? [] : [ShowWriteOffs.Cards(office, writeOffs)];

    private static TablePart Steps(AskOffice office, IReadOnlyList<JsonNode> steps) =>
        new(
            office.Say("Recordatorios", "Reminders"),
            [new(office.Say("Paso", "Step")), new(office.Say("Estado", "State")), new(office.Say("Cuándo", "When"))],
            [
                .. steps.Select(step => new SheetRow([
                    new SheetCell(step.Text("step") ?? "") { Small = $"{step.Text("policyId")} v{step.Text("policyVersion")}" },
                    new SheetCell(office.Words.OneOf(step.Text("state"), CollectingWords.States))
                    {
                        Chip = CollectingWords.Chip(step.Text("state")),
                        Small = step.Text("reason") ?? step.Text("channel"),
                    },
                    new SheetCell(office.At(step.Instant("sentAt") ?? step.Instant("dueAt"))) { Small = step.Text("recipient") },
                ])),
            ],
            office.Say("Aún no ha salido ningún recordatorio.", "No reminder has gone out yet.")
        );

    private static TablePart Done(AskOffice office, IReadOnlyList<JsonNode> acts) =>
        new(
            office.Say("Qué se ha hecho", "What was done"),
            [new(office.Say("Cuándo", "When")), new(office.Say("Quién", "Who")), new(office.Say("Qué", "What"))],
            [
                .. acts.Select(act => new SheetRow([
                    new SheetCell(office.At(act.Instant("at"))),
                    new SheetCell(act.Text("by") ?? ""),
                    new SheetCell(office.Words.OneOf(act.Text("kind"), ActWords.All)) { Small = act.Text("why") },
                ])),
            ],
            office.Say("Nadie ha hecho nada todavía.", "Nobody has done anything yet.")
        );
}
