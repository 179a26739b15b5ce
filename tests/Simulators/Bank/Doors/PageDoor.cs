using System.Globalization;
using System.Text;
using RetailInvoicing.Simulators.Bank.Books;
using static RetailInvoicing.Simulators.Bank.Doors.Sheet;

namespace RetailInvoicing.Simulators.Bank.Doors;

/// <summary>The page that says what this is, takes the text of a QR, and shows what happened on the accounts.</summary>
internal sealed class PageDoor(Ledger ledger, Teller teller, TimeProvider clock)
{
    private const int Last = 50;

    public IResult Show(HttpRequest request)
    {
        var sheet = new Sheet(request);
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <h1>{sheet.Say("Banco simulado", "Simulated bank")}</h1>
            <p>{sheet.Say(
                "Aquí se hace la transferencia de una factura de prueba: el comercio recibe el aviso que le mandaría su banco (camt.054), y el extracto del día (camt.053) se puede descargar.",
                "Transfers for test invoices are made here: the shop gets the notification that its bank would send (camt.054), and the day's statement (camt.053) can be fetched."
            )}</p>
            {TransferDoor.Scan(sheet, "")}
            <p class="acts"><a class="button" href="/transfer">{sheet.Say("Rellenarla a mano", "Fill it in by hand")}</a></p>
            <h2>{sheet.Say("Últimos movimientos", "Last movements")}</h2>
            <div class="scroll"><table><thead><tr><th>{sheet.Say("Fecha", "Date")}<th>{sheet.Say("Cuenta", "Account")}<th>{sheet.Say("Ordenante", "Payer")}
            <th>{sheet.Say("Concepto", "Reference")}<th class="figure">{sheet.Say("Importe", "Amount")}<th>{sheet.Say("El comercio", "The shop")}</tr></thead><tbody>
            """
        );
        foreach (var each in ledger.Movements().Where(each => each.At <= clock.GetUtcNow()).Reverse().Take(Last))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <tr><td>{each.At:yyyy-MM-dd HH:mm:ss}<td class="code">{CheckDigits.InFours(each.Iban)}<td>{Encoded(each.Payer)}
                <td class="code">{Encoded(each.Reference ?? each.Words ?? "")}
                <td class="figure">{(each.Returns is null ? "" : "\u2212")}{sheet.Euros(each.Amount)}<td>{Encoded(Told(sheet, each))}</tr>
                """
            );
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"</tbody></table></div><h2>{sheet.Say("Cuentas con avisos", "Accounts with notices")}</h2>"
        );
        var today = Movement.DayOf(clock.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var account in ledger.Accounts())
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <p><span class="code">{CheckDigits.InFours(account.Iban)}</span> {Encoded(account.Name ?? "")} → {Encoded(account.Address)}
                · <a href="/control/statement?iban={account.Iban}&amp;date={today}">{sheet.Say(
                    "extracto de hoy",
                    "today's statement"
                )}</a></p>
                """
            );
        }

        return sheet.Show(sheet.Say("Banco simulado", "Simulated bank"), page.ToString(), isWide: true);
    }

    private string Told(Sheet sheet, Movement movement) =>
        movement switch
        {
            { ToldAt: not null, Answer: "matched" } => sheet.Say("sabe qué paga", "knows what it pays"),
            { ToldAt: not null, Answer: "proposed" } => sheet.Say("tiene propuestas", "has proposals"),
            { ToldAt: not null, Answer: "repeated" } => sheet.Say("ya lo sabía", "knew it"),
            { ToldAt: not null } => sheet.Say("la ha recibido", "has it"),
            { TellAt: null } => sheet.Say("sin aviso", "not told"),
            _ when ledger.AccountOf(movement.Iban) is null => sheet.Say("sin avisos en este banco", "no notices at this bank"),
            _ => teller.TroubleWith(movement.Number) ?? sheet.Say("aún no", "not yet"),
        };
}
