using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>One dunning policy: its form, what it would send, and its versions.</summary>
public sealed class ShowPolicy
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string policyId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPolicy));
        return office.ShowAsync(_ => SheetAsync(office, policyId));
    }

    /// <summary>The page of a name that is new.</summary>
    public IResult Begin(AskOffice office) =>
        office.Shut() ?? PageContext.GoTo(office.Link($"/collecting/policies/{AskOffice.Escape(office.Asked("id") ?? "policy")}"));

    /// <summary>What the policy in the form would send, though nothing of it is kept.</summary>
    public async Task<IResult> PreviewAsync(AskOffice office, string policyId, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPolicy));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (form.Fault is { } stale)
        {
            return office.Page.Show(stale);
        }

        var kept = await KeptAsync(office, policyId);
        var policy = PolicyForm.Read(name => form[name], kept.Fault is null ? kept.Value.At("policy") : null);
        var preview = await office.SendAsync(
            HttpMethod.Post,
            "collections",
            $"/v1/dunning-policies/{AskOffice.Escape(policyId)}/preview?days=30",
            policy
        );
        return await office.ShowAsync(
            async _ =>
            {
                var sheet = await SheetAsync(office, policyId);
                if (sheet.Fault is not null)
                {
                    return sheet;
                }

                var typed = sheet.Value.Typed(office.Link($"/collecting/policies/{policyId}"), name => form[name]);
                return preview.Fault is null ? typed with { Parts = [.. Would(office, preview.Value), .. typed.Parts] } : typed;
            },
            preview.Fault,
            null
        );
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string policyId)
    {
        var kept = await KeptAsync(office, policyId);
        if (kept.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
        {
            return fault;
        }

        var versions = kept.Fault is null
            ? await office.GetAsync("collections", $"/v1/dunning-policies/{AskOffice.Escape(policyId)}/versions")
            : kept;
        var policy = kept.Fault is null ? kept.Value : null;
        return new Sheet(
            policy.Text("policy.name") ?? office.Say("Nueva política", "New policy"),
            CollectingWords.Section,
            [
                new FormsPart(office.Say("Política", "Policy"), [PolicyForm.Of(office, AskOffice.Escape(policyId), policy.At("policy"))]),
                .. policy is null ? [] : new SheetPart[] { Acts(office, policyId, policy) },
                .. versions.Fault is null ? new SheetPart[] { Versions(office, versions.Value) } : [],
            ]
        )
        {
            Lead = policy is null
                ? office.Say("Nada sale hasta que la actives.", "Nothing goes out until you activate it.")
                : $"{policyId} · v{policy.Text("version")} · {office.Words.OneOf(policy.Text("status"), CollectingWords.States)}",
            Tabs = CollectingWords.Tabs(office, "policies"),
        };
    }

    private static Task<Outcome<JsonNode>> KeptAsync(AskOffice office, string policyId) =>
        office.GetAsync("collections", $"/v1/dunning-policies/{AskOffice.Escape(policyId)}");

    private static FormsPart Acts(AskOffice office, string policyId, JsonNode policy) =>
        new(
            office.Say("En vigor", "In force"),
            [
                .. policy.Text("status") == "active"
                    ? []
                    : new[]
                    {
                        new SheetForm(
                            office.Link($"/collecting/policies/{AskOffice.Escape(policyId)}/activation"),
                            office.Say("Sí, activar", "Yes, activate"),
                            []
                        )
                        {
                            Folded = office.Say("Activar esta versión", "Activate this version"),
                            Asks = office.Say(
                                "Desde ahora los recordatorios salen según esta versión. Mira antes qué pasaría.",
                                "From now on reminders go out by this version. See first what would happen."
                            ),
                        },
                    },
                new SheetForm(
                    office.Link($"/collecting/policies/{AskOffice.Escape(policyId)}/removal"),
                    office.Say("Sí, retirar", "Yes, retire"),
                    []
                )
                {
                    Folded = office.Say("Retirar la política", "Retire the policy"),
                    Asks = office.Say("No saldrá nada más según ella.", "Nothing more goes out by it."),
                },
            ]
        );

    private static TablePart Versions(AskOffice office, JsonNode versions) =>
        new(
            office.Say("Versiones", "Versions"),
            [new(office.Say("Versión", "Version")), new(office.Say("Estado", "State")), new(office.Say("Hecha", "Made"))],
            [
                .. versions
                    .List("items")
                    .Select(version => new SheetRow([
                        new SheetCell($"v{version.Text("version")}") { Small = version.Text("policy.name") },
                        new SheetCell(office.Words.OneOf(version.Text("status"), CollectingWords.States))
                        {
                            Chip = CollectingWords.Chip(version.Text("status")),
                        },
                        new SheetCell(office.At(version.Instant("madeAt"))),
                    ])),
            ],
            ""
        );

    private static IEnumerable<SheetPart> Would(AskOffice office, JsonNode preview)
    {
        yield return new TablePart(
            office.Say("Qué saldría en los próximos días", "What would go out in the next days"),
            [
                new(office.Say("Día", "Day")),
                new(office.Say("Paso", "Step")),
                new(office.Say("Mensajes", "Messages"), Figure: true),
                new(office.Say("Facturas", "Invoices"), Figure: true),
            ],
            [
                .. preview
                    .List("sent")
                    .Select(row => new SheetRow([
                        new SheetCell(office.Day(row.Day("date"))) { Small = row.Text("policyId") },
                        new SheetCell(row.Text("step") ?? "") { Small = row.Text("channel") },
                        new SheetCell(office.Words.Count(row.Count("messages"))),
                        new SheetCell(office.Words.Count(row.Count("invoices"))),
                    ])),
            ],
            office.Say("No saldría nada.", "Nothing would go out.")
        );
        if (preview.List("notSent") is { Count: > 0 } others)
        {
            yield return new TablePart(
                office.Say("Qué no saldría, y por qué", "What would not, and why"),
                [new(office.Say("Paso", "Step")), new(office.Say("Por qué", "Why")), new(office.Say("Facturas", "Invoices"), Figure: true)],
                [
                    .. others.Select(row => new SheetRow([
                        new SheetCell(row.Text("step") ?? ""),
                        new SheetCell(row.Text("reason") ?? "") { Small = office.Words.OneOf(row.Text("outcome"), CollectingWords.States) },
                        new SheetCell(office.Words.Count(row.Count("invoices"))),
                    ])),
                ],
                ""
            );
        }
    }
}
