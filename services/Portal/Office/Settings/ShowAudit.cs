using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>Shows the owner and the auditor who did what, and who looked at whose data: what every service has written down, by time.</summary>
public sealed class ShowAudit
{
    private const int PageSize = 50;

    private static readonly string[] Services = ["invoicing", "delivery", "payments", "collections", "reporting"];

    private static readonly IReadOnlyDictionary<string, (string, string)> Roles = new Dictionary<string, (string, string)>
    {
        ["owner"] = ("Titular", "Owner"),
        ["accountant"] = ("Contabilidad", "Accountant"),
        ["shop"] = ("Tienda", "Shop"),
        ["collector"] = ("Cobros", "Collector"),
        ["auditor"] = ("Auditoría", "Auditor"),
        ["key"] = ("Un programa, con su clave", "A program, by its key"),
        ["admin"] = ("Administración del sistema", "Administration of the system"),
        ["operator"] = ("Operaciones", "Operations"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowAudit));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var (from, to) = (DayOf(office, "from"), DayOf(office, "to"));
        var cursor = office.Asked("cursor");
        var query = string.Join(
            '&',
            new (string Name, string? Value)[]
            {
                ("from", Instant(office, from)),
                ("to", Instant(office, to?.AddDays(1))),
                ("who", office.Asked("who")),
                ("subject", office.Asked("subject")),
                // One cursor for all: ids of all services begin with their instant.
                ("cursor", cursor),
                ("limit", PageSize.ToString(CultureInfo.InvariantCulture)),
            }
                .Where(each => each.Value is not null)
                .Select(each => $"{each.Name}={AskOffice.Escape(each.Value!)}")
        );
        var answers = await Task.WhenAll(
            Services.Select(async service => (Service: service, Answer: await office.GetAsync(service, $"/v1/audit?{query}")))
        );
        var refused = answers.Where(each => each.Answer.Fault is not null && each.Answer.Fault.Code != PortalFaults.Away).ToList();
        if (refused.Count > 0)
        {
            return refused[0].Answer.Fault!;
        }

        var away = answers.Where(each => each.Answer.Fault is not null).Select(each => each.Service).ToList();
        var rows = answers
            .Where(each => each.Answer.Fault is null)
            .SelectMany(each => each.Answer.Value.List("items").Select(item => (each.Service, Item: item)))
            .OrderByDescending(each => each.Item.Text("auditId"), StringComparer.Ordinal)
            .Take(PageSize)
            .ToList();
        var more =
            answers.Any(each => each.Answer.Fault is null && each.Answer.Value.Text("nextCursor") is not null)
            || answers.Where(each => each.Answer.Fault is null).Sum(each => each.Answer.Value.List("items").Count) > rows.Count;
        return new Sheet(
            office.Say("Quién hizo qué", "Who did what"),
            SettingsWords.Section,
            [
                new FormsPart(
                    office.Say("Buscar", "Search"),
                    [
                        new SheetForm(
                            "/office/audit",
                            office.Say("Mostrar", "Show"),
                            [
                                .. office.Carried,
                                Field("from", office.Say("Desde el día", "From the day"), "date", Iso(from)),
                                Field("to", office.Say("Hasta el día", "To the day"), "date", Iso(to)),
                                Field(
                                    "who",
                                    office.Say("Quién: su correo o su clave", "Who: an address or a key"),
                                    "text",
                                    office.Asked("who")
                                ),
                                Field(
                                    "subject",
                                    office.Say("Sobre qué: un identificador", "About what: an identifier"),
                                    "text",
                                    office.Asked("subject")
                                ),
                            ]
                        )
                        {
                            Asking = true,
                        },
                    ]
                ),
                new TablePart(
                    office.Say("Lo hecho y lo consultado", "Done and looked at"),
                    [
                        new(office.Say("Cuándo", "When")),
                        new(office.Say("Quién", "Who")),
                        new(office.Say("Qué", "What")),
                        new(office.Say("Sobre qué", "About what")),
                        new(office.Say("Respuesta", "Answer"), true),
                    ],
                    [.. rows.Select(each => RowOf(office, each.Service, each.Item))],
                    office.Say("Nada en esos días.", "Nothing in those days.")
                )
                {
                    More =
                        more && rows.Count > 0
                            ? office.Link(
                                "/audit",
                                ("from", Iso(from)),
                                ("to", Iso(to)),
                                ("who", office.Asked("who")),
                                ("subject", office.Asked("subject")),
                                ("cursor", rows[^1].Item.Text("auditId"))
                            )
                            : null,
                },
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, "audit"),
            Lead =
                away.Count > 0
                    ? office.Say(
                        $"Ahora no responde: {string.Join(", ", away)}. Lo suyo falta aquí y no se ha perdido.",
                        $"Not answering right now: {string.Join(", ", away)}. What is theirs is missing here, and not lost."
                    )
                    : office.Say(
                        "Cada acto y cada consulta de datos personales por el equipo. Nadie puede cambiarlo ni borrarlo.",
                        "Each act, and each look of staff at personal data. Nobody can change or delete it."
                    ),
        };
    }

    private static SheetRow RowOf(AskOffice office, string service, JsonNode item) =>
        new([
            new(office.At(item.Instant("at"))) { Raw = item.Text("at") ?? "" },
            new(item.Text("who") ?? "") { Small = office.Words.OneOf(item.Text("role"), Roles), Raw = item.Text("who") ?? "" },
            new(item.Text("act") ?? "") { Small = service, Raw = item.Text("act") ?? "" },
            new(item.Text("subject") ?? ""),
            new(item.Text("status") ?? ""),
        ]);

    private static SheetField Field(string name, string label, string kind, string? value) =>
        new(name, label)
        {
            Kind = kind,
            Value = value ?? "",
            Optional = true,
        };

    private static DateOnly? DayOf(AskOffice office, string name) =>
        DateOnly.TryParseExact(office.Asked(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The beginning of a day on the seller's clock.</summary>
    private static string? Instant(AskOffice office, DateOnly? day)
    {
        if (day is not { } known)
        {
            return null;
        }

        var start = known.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(start, office.Zone.GetUtcOffset(start)).ToString("O", CultureInfo.InvariantCulture);
    }
}
