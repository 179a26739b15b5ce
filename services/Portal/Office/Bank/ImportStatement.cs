using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Hands the bank's file to Payments and says what became of each statement in it.</summary>
public sealed class ImportStatement
{
    /// <summary>How much a page takes; longer files go through the API.</summary>
    public const long MostBytes = 64L * 1024 * 1024;

    /// <summary>Takes the file.</summary>
    public async Task<IResult> HandleAsync(AskOffice office, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ImportStatement));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (form.Fault is { } stale)
        {
            return office.Page.Show(stale);
        }

        if (office.Http.Request.Form.Files.GetFile("file") is not { Length: > 0 } file)
        {
            return await office.ShowAsync(ShowBank.SheetAsync, OfficeMoneyFaults.NoFile.With(), null);
        }

        // The same file again changes nothing, so neither a double click nor going back needs a guard.
        await using var content = file.OpenReadStream();
        var told = await office.UploadAsync("payments", "/v1/bank-statements", content, "application/xml");
        return told.Fault is { } refused
            ? await office.ShowAsync(ShowBank.SheetAsync, refused, null)
            : await office.ShowAsync(_ => ShowBank.SheetAsync(office, [Understood(office, told.Value)]));
    }

    private static TablePart Understood(AskOffice office, JsonNode file) =>
        new(
            office.Say("Lo que hemos entendido", "What we understood"),
            [
                new(office.Say("Extracto", "Statement")),
                new(office.Say("Movimientos", "Lines"), Figure: true),
                new(office.Say("Nuevos", "New"), Figure: true),
                new(office.Say("Casados", "Matched"), Figure: true),
                new(office.Say("Con propuesta", "With a proposal"), Figure: true),
                new(office.Say("Sin casar", "Unmatched"), Figure: true),
            ],
            [
                .. file.List("statements")
                    .Select(statement => new SheetRow([
                        new SheetCell(statement.Text("statementId") ?? "") { Small = statement.Text("account") },
                        new SheetCell(office.Words.Count(statement.Count("entries"))),
                        new SheetCell(office.Words.Count(statement.Count("new")))
                        {
                            Small =
                                statement.Count("repeated") > 0
                                    ? office.Say(
                                        $"{statement.Count("repeated")} ya conocidos",
                                        $"{statement.Count("repeated")} known already"
                                    )
                                    : null,
                        },
                        new SheetCell(office.Words.Count(statement.Count("matched"))),
                        new SheetCell(office.Words.Count(statement.Count("proposed"))),
                        new SheetCell(office.Words.Count(statement.Count("unknown"))),
                    ])),
            ],
            office.Say("El archivo no trae extractos.", "The file holds no statement.")
        );
}
