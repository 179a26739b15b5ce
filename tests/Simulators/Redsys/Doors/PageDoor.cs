using System.Globalization;
using System.Net;
using System.Text;
using RetailInvoicing.Simulators.Redsys.Books;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>The page that says what this is and what it has received.</summary>
internal sealed class PageDoor(Ledger ledger, Notices notices)
{
    private const int Last = 50;
    private const string Style =
        "body{font:16px/1.5 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        + "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}";

    public IResult Show()
    {
        var counts = notices.Counts;
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html><html lang="es"><head><meta charset="utf-8"><title>Simulador de Redsys</title><style>{Style}</style></head><body>
            <h1>Simulador de Redsys</h1>
            <p><strong>Esto es un simulador. No es Redsys, y nada de lo que se paga aquí es dinero.</strong></p>
            <p lang="en"><strong>This is a simulator. It is not Redsys, and nothing that is paid here is money.</strong></p>
            <p>Notificaciones: {counts.Sent} aceptadas, {counts.Failed} no aceptadas, {counts.Lost} perdidas adrede.
            <span lang="en">Notices: {counts.Sent} taken, {counts.Failed} not taken, {counts.Lost} lost on purpose.</span></p>
            <h2>Últimas operaciones <span lang="en">· Last operations</span></h2><table>
            <tr><th>Fecha · Date<th>Comercio · Merchant<th>Pedido · Order<th>Tipo · Type<th>Importe · Amount
            <th>Ds_Response<th>Medio · Means</tr>
            """
        );
        foreach (var each in ledger.All().Reverse().Take(Last))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <tr><td>{each.At:yyyy-MM-dd HH:mm:ss}<td>{Encoded(each.Merchant)}-{Encoded(each.Terminal)}<td>{Encoded(each.Order)}
                <td>{(each.Type == Operation.Refund ? "Devolución · Refund" : "Pago · Payment")}<td>{each.Coins}
                <td>{Encoded(each.Response)}<td>{Encoded(each.Means ?? "")}</tr>
                """
            );
        }

        return Results.Content(page.Append("</table></body></html>").ToString(), "text/html; charset=utf-8");
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
