using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's own mail and invoice page: what is written, and what it looks like before anything of it is kept.</summary>
public sealed class ShowTemplates
{
    private const string Frame = "template-preview";

    /// <summary>What a frame of ours may show: styles and pictures that are inside it, and nothing else.</summary>
    private const string DocumentPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>The list.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowTemplates));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>One template.</summary>
    public Task<IResult> OneAsync(AskOffice office, string name)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowTemplates));
        return office.ShowAsync(_ => OneSheetAsync(office, name));
    }

    /// <summary>What the source in the form makes of a real invoice, in the frame; nothing is kept.</summary>
    public async Task<IResult> PreviewAsync(AskOffice office, string name, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowTemplates));
        var headers = office.Http.Response.Headers;
        headers.XFrameOptions = "SAMEORIGIN";
        headers.ContentSecurityPolicy = SecurityHeaders.Policy.Replace(
            "frame-ancestors 'none'",
            "frame-ancestors 'self'",
            StringComparison.Ordinal
        );
        if ((form.Fault ?? office.Door.Fault) is { } shut)
        {
            return office.Page.Show(shut);
        }

        if (office.Door.Chosen is null)
        {
            return office.Page.Show(PortalFaults.NotFound.With());
        }

        var html = await office.SendForFileAsync(
            HttpMethod.Post,
            "delivery",
            $"/v1/templates/{AskOffice.Escape(name)}/previews",
            new JsonObject { ["source"] = form["source"] ?? "" }
        );
        if (html.Refused(out var refused))
        {
            return office.Page.Show(refused);
        }

        headers.ContentSecurityPolicy = DocumentPolicy;
        return Results.Stream(html.Value, "text/html; charset=utf-8");
    }

    /// <summary>Keeps what was written.</summary>
    public Task<IResult> SaveAsync(AskOffice office, string name, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(
                    HttpMethod.Put,
                    "delivery",
                    $"/v1/templates/{AskOffice.Escape(name)}",
                    new JsonObject { ["source"] = (form["source"] ?? "").ReplaceLineEndings("\n") }
                );
                return done.Refused(out var refused) ? refused : office.Link($"/settings/templates/{AskOffice.Escape(name)}?done=saved");
            },
            _ => OneSheetAsync(office, name)
        );

    /// <summary>Goes back to the built-in one.</summary>
    public Task<IResult> RemoveAsync(AskOffice office, string name, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(HttpMethod.Delete, "delivery", $"/v1/templates/{AskOffice.Escape(name)}");
                return done.Refused(out var refused) ? refused : office.Link($"/settings/templates/{AskOffice.Escape(name)}?done=removed");
            },
            _ => OneSheetAsync(office, name)
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("delivery", "/v1/templates");
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(
                office.Say("Plantillas", "Templates"),
                SettingsWords.Section,
                [
                    new TablePart(
                        office.Say("Lo que recibe un cliente", "What a customer gets"),
                        [
                            new(office.Say("Plantilla", "Template")),
                            new(office.Say("De quién es", "Whose it is")),
                            new(office.Say("Guardada", "Saved")),
                        ],
                        [
                            .. answer
                                .Value.List("templates")
                                .Select(template => new SheetRow([
                                    new SheetCell(NameOf(office, template.Text("name") ?? ""))
                                    {
                                        Href = office.Link($"/settings/templates/{template.Text("name")}"),
                                    },
                                    new SheetCell(
                                        template.Is("own") ? office.Say("Tuya", "Yours") : office.Say("La de fábrica", "Built in")
                                    )
                                    {
                                        Chip = template.Text("lastError") is null ? "plain" : "failed",
                                        Small = template.Text("lastError"),
                                    },
                                    new SheetCell(office.At(template.Instant("savedAt"))),
                                ])),
                        ],
                        ""
                    ),
                ]
            )
            {
                Tabs = SettingsWords.Tabs(office, "templates"),
            };
    }

    private static async Task<Outcome<Sheet>> OneSheetAsync(AskOffice office, string name)
    {
        var answer = await office.GetAsync("delivery", $"/v1/templates/{AskOffice.Escape(name)}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var template = answer.Value;
        var at = office.Link($"/settings/templates/{AskOffice.Escape(name)}");
        return new Sheet(
            NameOf(office, name),
            SettingsWords.Section,
            [
                new FormsPart(
                    office.Say("Plantilla", "Template"),
                    [
                        new SheetForm(
                            at,
                            office.Say("Guardar", "Save"),
                            [
                                new SheetField("source", office.Say("Liquid y HTML", "Liquid and HTML"))
                                {
                                    Kind = "code",
                                    Value = template.Text("source") ?? "",
                                    Hint = office.Say(
                                        "Lo que la ley exige en una factura no puede faltar: si falta, no se guarda y se dice qué.",
                                        "What the law wants on an invoice cannot lack: where it does, nothing is kept and you are told what."
                                    ),
                                },
                            ]
                        )
                        {
                            Filled = true,
                            Second = (
                                office.Say("Ver cómo queda", "See how it looks"),
                                office.Link($"/settings/templates/{AskOffice.Escape(name)}/preview"),
                                Frame
                            ),
                        },
                        .. template.Is("own")
                            ?
                            [
                                new SheetForm(
                                    office.Link($"/settings/templates/{AskOffice.Escape(name)}/removal"),
                                    office.Say("Sí, volver a la de fábrica", "Yes, go back to the built-in one"),
                                    []
                                )
                                {
                                    Folded = office.Say("Volver a la de fábrica", "Go back to the built-in one"),
                                    Asks = office.Say("Lo que escribiste se pierde.", "What you wrote is lost."),
                                },
                            ]
                            : Array.Empty<SheetForm>(),
                    ]
                ),
                new FramePart(office.Say("Así queda, sin guardar nada", "How it looks, nothing kept"), Frame),
            ]
        )
        {
            Lead = template.Is("own")
                ? office.Say("La tuya", "Yours")
                : office.Say("La de fábrica, para partir de ella", "The built-in one, to begin from"),
            Tabs = SettingsWords.Tabs(office, "templates"),
        };
    }

    private static string NameOf(AskOffice office, string name) =>
        name switch
        {
            "mail" => office.Words.PreviewMail,
            "page" => office.Words.PreviewPage,
            _ => name,
        };
}
