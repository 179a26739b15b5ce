using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>Reports that come by mail: which, how often, to whom, and what became of the last ones.</summary>
public sealed class ShowSchedules
{
    private static readonly IReadOnlyDictionary<string, (string, string)> Cadences = new Dictionary<string, (string, string)>
    {
        ["daily"] = ("Cada mañana, del día anterior", "Every morning, of the day before"),
        ["weekly"] = ("Cada lunes, de la semana anterior", "Every Monday, of the week before"),
        ["monthly"] = ("El día 1, del mes anterior", "On the first, of the month before"),
        ["quarterly"] = ("Al empezar el trimestre, del anterior", "As a quarter begins, of the one before"),
    };
    private static readonly IReadOnlyDictionary<string, (string, string)> Mailed = new Dictionary<string, (string, string)>
    {
        ["sent"] = ("Enviado", "Sent"),
        ["waiting"] = ("En espera", "Waiting"),
        ["given-up"] = ("No salió", "Given up"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowSchedules));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Keeps one.</summary>
    public Task<IResult> KeepAsync(AskOffice office, Form form) => office.ActAsync(form, _ => SaveAsync(office, form), SheetAsync);

    /// <summary>Takes one back.</summary>
    public Task<IResult> RemoveAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var id = (form["id"] ?? "").Trim();
                var done = await office.SendAsync(HttpMethod.Delete, "reporting", $"/v1/report-schedules/{AskOffice.Escape(id)}");
                return done.Refused(out var fault) ? fault : office.Link("/reports/schedules?done=removed");
            },
            SheetAsync
        );

    private static async Task<Outcome<string>> SaveAsync(AskOffice office, Form form)
    {
        var id = (form["id"] ?? "").Trim();
        if (id.Length is 0 or > 64)
        {
            return OfficeMoneyFaults.Missing.With(office.Say("Nombre", "Name"), "ventas-semana");
        }

        var recipients = (form["recipients"] ?? "").Split(
            [',', ';', '\n', '\r', ' '],
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        var body = new JsonObject
        {
            ["report"] = form["report"],
            ["cadence"] = form["cadence"],
            ["format"] = form["format"],
            ["language"] = office.Words.FaultLanguage,
            ["recipients"] = new JsonArray([.. recipients.Select(each => (JsonNode)JsonValue.Create(each))]),
        };
        if (int.TryParse(form["hour"], NumberStyles.None, CultureInfo.InvariantCulture, out var hour))
        {
            body["hour"] = hour;
        }

        if (form["groupBy"] is { Length: > 0 } group)
        {
            body["parameters"] = new JsonObject { ["groupBy"] = group };
        }

        var done = await office.SendAsync(HttpMethod.Put, "reporting", $"/v1/report-schedules/{AskOffice.Escape(id)}", body);
        return done.Refused(out var fault) ? fault : office.Link("/reports/schedules?done=scheduled");
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("reporting", "/v1/report-schedules");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Informes por correo", "Reports by mail"),
            ShowReports.Section,
            [
                new CardsPart(
                    office.Say("Los que llegan", "Those that come"),
                    [.. answer.Value.List("schedules").Select(each => Card(office, each))],
                    office.Say(
                        "Ninguno todavía. Elige abajo un informe y cada cuánto quieres recibirlo.",
                        "None yet. Choose a report below and how often you want to get it."
                    )
                ),
                .. office.Door.Behalf.Role == Contracts.StaffRole.Auditor
                    ? []
                    : new SheetPart[] { new FormsPart(office.Say("Añadir o cambiar", "Add or change"), [Keep(office)]) },
            ]
        )
        {
            Tabs = ShowReports.Tabs(office, "schedules"),
        };
    }

    private static SheetCard Card(AskOffice office, JsonNode view)
    {
        var id = view.Text("scheduleId") ?? "";
        var kind = ReportKinds.All.FirstOrDefault(each => each.Mailed == view.Text("schedule.report"));
        return new SheetCard(id, kind is null ? view.Text("schedule.report") ?? "" : office.Say(kind.Spanish, kind.English))
        {
            Small =
                $"{office.Words.OneOf(view.Text("schedule.cadence"), Cadences)} · {view.Text("schedule.format")} · {view.Joined("schedule.recipients")}",
            Chip = view.Instant("nextAt") is { } next
                ? ("plain", office.Say($"El próximo, {office.At(next)}", $"Next, {office.At(next)}"))
                : ("plain", office.Say("Parado", "Stopped")),
            Reasons =
            [
                .. view.List("mails")
                    .Take(3)
                    .Select(mail =>
                        $"{mail.Text("period")?.Replace("_", " – ", StringComparison.Ordinal)}: {office.Words.OneOf(mail.Text("status"), Mailed)} {mail.Text("trouble")}".Trim()
                    ),
            ],
            Forms =
                office.Door.Behalf.Role == Contracts.StaffRole.Auditor
                    ? []
                    :
                    [
                        new SheetForm(
                            office.Link("/reports/schedules/removal"),
                            office.Say("Sí, dejar de enviarlo", "Yes, stop sending it"),
                            [new SheetField("id", "") { Kind = "hidden", Value = id }]
                        )
                        {
                            Folded = office.Say("Quitar", "Remove"),
                            Asks = office.Say($"«{id}» no llegará más a nadie.", $"“{id}” comes to nobody any more."),
                        },
                    ],
        };
    }

    private static SheetForm Keep(AskOffice office) =>
        new(
            office.Link("/reports/schedules"),
            office.Say("Guardar", "Keep it"),
            [
                new SheetField("id", office.Say("Nombre", "Name"))
                {
                    Value = office.Asked("report") ?? "",
                    Hint = office.Say(
                        "Sin espacios. Con el de uno que ya existe, lo cambias.",
                        "No spaces. That of one that exists changes it."
                    ),
                },
                new SheetField("report", office.Say("Informe", "Report"))
                {
                    Kind = "choice",
                    Value = office.Asked("report") ?? "sales",
                    Options =
                    [
                        .. ReportKinds
                            .All.Where(kind => kind.Mailed is not null)
                            .Select(kind => (kind.Mailed!, office.Say(kind.Spanish, kind.English))),
                    ],
                },
                new SheetField("cadence", office.Say("Cada cuánto", "How often"))
                {
                    Kind = "choice",
                    Value = "weekly",
                    Options = [.. Cadences.Keys.Select(each => (each, office.Words.OneOf(each, Cadences)))],
                },
                new SheetField("hour", office.Say("A partir de las", "From"))
                {
                    Kind = "number",
                    Value = "7",
                    Hint = office.Say("La hora, de 0 a 23.", "The hour, 0 to 23."),
                },
                new SheetField("format", office.Say("Como", "As"))
                {
                    Kind = "choice",
                    Value = "xlsx",
                    Options = [("xlsx", "XLSX"), ("csv", "CSV"), ("pdf", office.Say("PDF (libro de IVA)", "PDF (VAT book)"))],
                },
                new SheetField("groupBy", office.Say("Agrupar", "Group"))
                {
                    Kind = "choice",
                    Value = office.Asked("groupBy") ?? "",
                    Options =
                    [
                        ("", office.Say("Como siempre", "As usual")),
                        .. ReportKinds.Groupings.Keys.Select(each => (each, office.Words.OneOf(each, ReportKinds.Groupings))),
                    ],
                },
                new SheetField("recipients", office.Say("A quién", "To whom"))
                {
                    Kind = "area",
                    Value = office.Door.Email,
                    Hint = office.Say("Correos, uno por línea.", "E-mail addresses, one a line."),
                },
            ]
        );
}
