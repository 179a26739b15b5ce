using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>What the bank told, with what each line is probably for, to accept or refuse one by one.</summary>
public sealed class ShowBank
{
    private static readonly string[] States = ["proposed", "open", "matched", "pending", "noted"];

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBank));
        return office.ShowAsync(SheetAsync);
    }

    internal static Task<Outcome<Sheet>> SheetAsync(AskOffice office) => SheetAsync(office, []);

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, IReadOnlyList<SheetPart> first)
    {
        var state = office.Asked("state") is { } asked && States.Contains(asked) ? asked : "proposed";
        var cursor = office.Asked("cursor") is { } next ? $"&cursor={AskOffice.Escape(next)}" : "";
        var lines = await office.GetAsync("payments", $"/v1/bank-entries?state={state}&limit=50{cursor}");
        if (lines.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Banco", "Bank"),
            BankWords.Section,
            [
                .. first,
                new FormsPart(
                    office.Say("Extracto del banco", "Bank statement"),
                    [
                        new SheetForm(
                            office.Link("/bank/statements"),
                            office.Say("Subir extracto", "Upload the statement"),
                            [
                                new SheetField(
                                    "file",
                                    office.Say("Archivo camt.053, .052 o .054 de tu banco", "camt.053, .052 or .054 file of your bank")
                                )
                                {
                                    Kind = "file",
                                    Hint = office.Say(
                                        "El mismo archivo otra vez no cambia nada. Lo seguro se casa solo; lo demás te espera abajo.",
                                        "The same file again changes nothing. What is certain is matched by itself; the rest waits for you below."
                                    ),
                                },
                            ]
                        )
                        {
                            HasFile = true,
                        },
                    ]
                ),
                new CardsPart(
                    office.Say("Movimientos", "Lines"),
                    [.. lines.Value.List("items").Select(line => BankCards.Line(office, line))],
                    state == "proposed"
                        ? office.Say(
                            "Nada espera tu decisión. Sube un extracto cuando lo tengas.",
                            "Nothing waits for your decision. Upload a statement when you have one."
                        )
                        : office.Say("No hay movimientos así.", "There are no such lines.")
                )
                {
                    Filters =
                    [
                        .. States.Select(each => new SheetLink(
                            office.Words.OneOf(each, BankWords.States),
                            office.Link("/bank", ("state", each)),
                            each == state
                        )),
                    ],
                    More = lines.Value.Text("cursor") is { } more ? office.Link("/bank", ("state", state), ("cursor", more)) : null,
                },
            ]
        )
        {
            Tabs = BankWords.Tabs(office, ""),
        };
    }
}
