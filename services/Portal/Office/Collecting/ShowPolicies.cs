using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>The seller's dunning policies, and which of them are in force.</summary>
public sealed class ShowPolicies
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPolicies));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        // A new one is a page of its own name.
        var answer = await office.GetAsync("collections", "/v1/dunning-policies");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Avisos y recordatorios", "Reminders"),
            CollectingWords.Section,
            [
                new TablePart(
                    office.Say("Tus políticas", "Your policies"),
                    [
                        new(office.Say("Política", "Policy")),
                        new(office.Say("Estado", "State")),
                        new(office.Say("Pasos", "Steps")),
                        new(office.Say("Versión", "Version"), Figure: true),
                    ],
                    [
                        .. answer
                            .Value.List("items")
                            .Select(kept => new SheetRow([
                                new SheetCell(kept.Text("policy.name") ?? kept.Text("policyId") ?? "")
                                {
                                    Href = office.Link($"/collecting/policies/{AskOffice.Escape(kept.Text("policyId") ?? "")}"),
                                    Small = kept.Text("policyId"),
                                },
                                new SheetCell(office.Words.OneOf(kept.Text("status"), CollectingWords.States))
                                {
                                    Chip = CollectingWords.Chip(kept.Text("status")),
                                    Small = office.At(kept.Instant("activatedAt") ?? kept.Instant("madeAt")),
                                },
                                new SheetCell(
                                    string.Join(
                                        " → ",
                                        kept.List("policy.steps").Select(step => $"{step.Text("step")} ({step.Text("offsetDays")})")
                                    )
                                ),
                                new SheetCell(kept.Text("version") ?? ""),
                            ])),
                    ],
                    office.Say(
                        "Aún no tienes ninguna: valen los avisos de fábrica. Crea la primera abajo; no sale nada hasta que la actives.",
                        "You have none yet: the built-in reminders hold. Make the first below; nothing goes out until you activate it."
                    )
                ),
                new FormsPart(
                    office.Say("Nueva política", "New policy"),
                    [
                        new SheetForm(
                            office.Link("/collecting/policies/new"),
                            office.Say("Empezar", "Begin"),
                            [
                                .. office.Carried,
                                new SheetField("id", office.Say("Nombre corto", "Short name"))
                                {
                                    Hint = office.Say(
                                        "Letras, números y guiones; no cambia.",
                                        "Letters, digits and hyphens; it does not change."
                                    ),
                                },
                            ]
                        )
                        {
                            Asking = true,
                        },
                    ]
                ),
            ]
        )
        {
            Tabs = CollectingWords.Tabs(office, "policies"),
        };
    }
}
