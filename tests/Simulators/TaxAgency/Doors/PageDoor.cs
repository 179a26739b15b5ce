using System.Globalization;
using System.Net;
using System.Text;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Rules;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>The page that says what this is, what it has received and what it checks.</summary>
internal sealed class PageDoor(Ledger ledger, Codes codes, IShape shape)
{
    private const int Last = 50;
    private const string Style =
        "body{font:16px/1.5 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        + "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}";

    public IResult Show() => Results.Content(Write(), "text/html; charset=utf-8");

    private string Write()
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html><html lang="es"><head><meta charset="utf-8"><title>Simulador de la Agencia Tributaria</title>
            <style>{Style}</style>
            </head><body>
            <h1>Simulador de la Agencia Tributaria</h1>
            <p><strong>Esto es un simulador y un entorno de pruebas, sin validez fiscal. No es la Agencia Tributaria y nada de lo que se envía
            aquí llega a ella.</strong></p>
            <p lang="en"><strong>This is a simulator and a test environment, with no fiscal validity. It is not the tax agency, and nothing sent
            here reaches it.</strong></p>
            <p>La estructura se comprueba con {Encoded(shape.Source.Spanish)}.
            <span lang="en">Structure is checked by {Encoded(shape.Source.English)}.</span></p>
            """
        );
        Taxpayers(page);
        Records(page);
        Checks(page);
        return page.Append("</body></html>").ToString();
    }

    private void Taxpayers(StringBuilder page)
    {
        page.Append(
            "<h2>Obligados <span lang=\"en\">· Taxpayers</span></h2><table><tr><th>NIF<th>Entorno · Environment<th>Servicio · Service"
        );
        page.Append("<th>Registros · Records<th>Rechazados · Refused<th>En vigor · In force<th>Anuladas · Cancelled</tr>");
        var files = ledger.Invoices(_ => true).ToLookup(file => file.Latest.Shelf);
        foreach (var shelf in ledger.Records(_ => true).GroupBy(record => record.Shelf))
        {
            var inForce = files[shelf.Key].Count(file => file.Situation == Situation.Registered);
            var cells = new object[]
            {
                shelf.Key.Taxpayer,
                shelf.Key.Environment,
                shelf.Key.Service,
                shelf.Count(record => record.IsAccepted),
                shelf.Count(record => !record.IsAccepted),
                inForce,
                files[shelf.Key].Count() - inForce,
            };
            Row(page, cells);
        }

        page.Append("</table>");
    }

    private void Records(StringBuilder page)
    {
        page.Append("<h2>Últimos registros <span lang=\"en\">· Last records</span></h2><table>");
        page.Append("<tr><th>Recibido · Received<th>NIF<th>Factura · Invoice<th>Tipo · Type<th>Estado · State<th>Código · Code</tr>");
        foreach (var record in ledger.Records(_ => true).Reverse().Take(Last))
        {
            Row(
                page,
                Answers.Timestamp(record.ReceivedAt),
                record.Shelf.Taxpayer,
                record.Invoice.Number,
                record.IsRegistration ? $"Alta {record.Kind}" : "Anulación",
                record.State,
                record.Code?.ToString(CultureInfo.InvariantCulture) ?? ""
            );
        }

        page.Append("</table>");
    }

    private void Checks(StringBuilder page)
    {
        var checkedCodes = codes.All.Where(RuleBook.Checks.ContainsKey).ToList();
        page.Append(
            CultureInfo.InvariantCulture,
            $"<h2>{checkedCodes.Count} de {codes.All.Count} códigos comprobados <span lang=\"en\">· codes checked</span></h2><table>"
        );
        foreach (var code in checkedCodes)
        {
            var check = RuleBook.Checks[code];
            Row(page, code, codes.Text(code), $"{check.Section}: {check.Says}");
        }

        page.Append("</table><h2>No comprobados <span lang=\"en\">· Not checked</span></h2><table>");
        foreach (var code in codes.All.Except(checkedCodes))
        {
            Row(page, code, codes.Text(code), NotChecked.Why(code) ?? "");
        }

        page.Append("</table>");
    }

    private static void Row(StringBuilder page, params object[] cells)
    {
        page.Append("<tr>");
        foreach (var cell in cells)
        {
            page.Append("<td>").Append(Encoded($"{cell}"));
        }

        page.Append("</tr>");
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
