using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>Who works for the seller, as what and in which stores; the owner enrols them.</summary>
public sealed class ShowStaff
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowStaff));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Enrols someone, or gives another role.</summary>
    public Task<IResult> EnrolAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var email = (form["email"] ?? "").Trim();
                var body = new JsonObject
                {
                    ["role"] = form["role"],
                    ["stores"] = new JsonArray([
                        .. (form["stores"] ?? "")
                            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                            .Select(store => (JsonNode)store),
                    ]),
                };
                var done = await office.SendAsync(
                    HttpMethod.Put,
                    "invoicing",
                    $"/v1/sellers/{office.Seller}/staff/{AskOffice.Escape(email)}",
                    body
                );
                return done.Refused(out var refused) ? refused : office.Link("/settings/staff?done=saved");
            },
            SheetAsync
        );

    /// <summary>Someone does not work there any more.</summary>
    public Task<IResult> RemoveAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(
                    HttpMethod.Delete,
                    "invoicing",
                    $"/v1/sellers/{office.Seller}/staff/{AskOffice.Escape((form["email"] ?? "").Trim())}"
                );
                return done.Refused(out var refused) ? refused : office.Link("/settings/staff?done=removed");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await ShowSeller.SellerAsync(office);
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(
                office.Say("Equipo", "Staff"),
                SettingsWords.Section,
                [
                    new TablePart(
                        office.Say("Quién trabaja aquí", "Who works here"),
                        [new(office.Say("Correo", "E-mail")), new(office.Say("Papel", "Role")), new(office.Say("Tiendas", "Stores"))],
                        [
                            .. answer
                                .Value.List("staff")
                                .Select(member => new SheetRow([
                                    new SheetCell(member.Text("email") ?? ""),
                                    new SheetCell(office.Words.OneOf(member.Text("role"), SettingsWords.Roles)),
                                    new SheetCell(member.Joined("stores") is { Length: > 0 } stores ? stores : office.Say("todas", "all")),
                                ])
                                {
                                    Forms =
                                        member.Text("email") == office.Door.Email
                                            ? []
                                            :
                                            [
                                                new SheetForm(
                                                    office.Link("/settings/staff/removal"),
                                                    office.Say("Sí, quitar", "Yes, remove"),
                                                    [new SheetField("email", "") { Kind = "hidden", Value = member.Text("email") ?? "" }]
                                                )
                                                {
                                                    Folded = office.Say("Quitar", "Remove"),
                                                    Asks = office.Say(
                                                        $"{member.Text("email")} dejará de entrar en la oficina en segundos.",
                                                        $"{member.Text("email")} will not get into the office any more, within seconds."
                                                    ),
                                                },
                                            ],
                                }),
                        ],
                        office.Say("Nadie todavía.", "Nobody yet.")
                    ),
                    new FormsPart(
                        office.Say("Añadir o cambiar", "Add or change"),
                        [
                            new SheetForm(
                                office.Link("/settings/staff"),
                                office.Say("Guardar", "Save"),
                                [
                                    new SheetField("email", office.Say("Correo", "E-mail")) { Kind = "email" },
                                    new SheetField("role", office.Say("Papel", "Role"))
                                    {
                                        Kind = "choice",
                                        Value = "shop",
                                        Options =
                                        [
                                            .. SettingsWords.Roles.Keys.Select(role =>
                                                (role, office.Words.OneOf(role, SettingsWords.Roles))
                                            ),
                                        ],
                                    },
                                    new SheetField("stores", office.Say("Tiendas", "Stores"))
                                    {
                                        Optional = true,
                                        Hint = office.Say(
                                            "Códigos separados por comas. Vacío: todas.",
                                            "Codes separated by commas. Empty: all."
                                        ),
                                    },
                                ]
                            ),
                        ]
                    ),
                ]
            )
            {
                Tabs = SettingsWords.Tabs(office, "staff"),
            };
    }
}
