using System.Globalization;
using System.Net;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>The page that the payer's browser is sent to, and what the payer does there; nothing on it needs a script.</summary>
internal sealed class PaymentDoor(Ledger ledger, Desk desk, Notices notices, Faults faults, TimeProvider clock)
{
    // The look of the product's own pages, with a colour of its own.
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#e3e6ea;--edge:#868f99;--muted:#5c6670;--soft:#f5f6f8;--accent:#8a4b00}
        @media (prefers-color-scheme:dark){:root{--ink:#f1f3f5;--paper:#1b1f24;--line:#363d45;--edge:#79828c;--muted:#a7b0ba;--soft:#242a31;--accent:#f0b35c}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        .sim{margin:0;padding:12px 16px;background:var(--soft);border-bottom:1px solid var(--line);text-align:center}.sim span{display:block}
        main{max-width:592px;margin:0 auto;padding:24px 16px 48px}h1{font-size:20px;font-weight:550;line-height:1.25;margin:0}p{margin:8px 0}
        .sum{font-size:40px;line-height:1.25;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums;margin:4px 0}.muted,.sim span{color:var(--muted);font-size:14px}
        fieldset{border:0;border-top:1px solid var(--line);margin:24px 0 0;padding:16px 0 0}legend{float:left;width:100%;padding:0;font-weight:650;margin-bottom:8px}legend+*{clear:both}
        button{display:block;width:100%;min-height:52px;margin-top:8px;padding:8px 16px;border:1px solid var(--edge);border-radius:8px;background:none;color:var(--ink);font:inherit;font-weight:550;cursor:pointer}
        button.filled{background:var(--accent);border-color:var(--accent);color:var(--paper)}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        """;

    /// <summary>realizarPago: the form is checked, and the payer chooses.</summary>
    public async Task<IResult> Receive(HttpRequest request, CancellationToken token)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(token) : FormCollection.Empty;
        var (message, error) = SentMessage.Open(
            form["Ds_SignatureVersion"],
            form["Ds_MerchantParameters"],
            form["Ds_Signature"],
            ledger.KeyOf
        );
        if (await faults.SpoilAsync(FaultKinds.Page, message?.Order, clock, token) is { } spoiled)
        {
            return spoiled;
        }

        if (message is null)
        {
            return Refused(error!, null);
        }

        var (operation, refusal) = desk.Receive(message);
        return operation is null ? Refused(refusal!, message["URLKO"]) : Choose(operation);
    }

    /// <summary>What the payer decided; the browser goes back to the shop with it.</summary>
    public async Task<IResult> Decide(HttpRequest request, long number, CancellationToken token)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(token) : FormCollection.Empty;
        var means = form["means"] == "bizum" ? "bizum" : "card";
        var ended = $"{form["decision"]}" switch
        {
            "pay" => desk.Finish(number, "0000", means),
            "decline" => desk.Finish(number, "0190", means),
            "cancel" => desk.Finish(number, "9915", null, "SIS9915"),
            _ => null,
        };
        // The same button twice: what came of the first is shown again.
        if ((ended ?? ledger.Find(number)) is not { } operation)
        {
            return Results.NotFound();
        }

        return operation.State == Operation.Asked ? Choose(operation)
            : ReturnTo(operation) is { } back ? Results.Redirect(back)
            : Page("Recibo", $"<h1>{(operation.IsPaid ? "Pagado" : "No pagado")}</h1><p>Ds_Response {Encoded(operation.Response)}</p>");
    }

    /// <summary>Where the payer goes afterwards, with the signed result where settings say so; null where the form named nowhere.</summary>
    public string? ReturnTo(Operation operation)
    {
        if ((operation.IsPaid ? operation.Ok : operation.Ko) is not { } address)
        {
            return null;
        }

        if (!ledger.Settings.ParametersInUrls)
        {
            return address;
        }

        var fields = notices.FieldsOf(operation).Select(static each => $"{each.Key}={Uri.EscapeDataString(each.Value)}");
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', fields)}";
    }

    private static IResult Choose(Operation operation)
    {
        var card = operation.PayMethods is "z" or "Z" ? "" : Card(operation);
        var bizum = operation.PayMethods is "C" or "c" ? "" : Bizum(operation, isFirst: card.Length == 0);
        return Page(
            "Pago simulado",
            $"""
            <h1>{(operation.Description.Length > 0 ? Encoded(operation.Description) : "Pago simulado")}</h1>
            <p class="sum">{Amount(operation)}</p>
            <p class="muted">Comercio {Encoded(operation.Merchant)}, terminal {Encoded(operation.Terminal)}, pedido {Encoded(
                operation.Order
            )}</p>
            {card}{bizum}
            <form method="post" action="/sis/simulador/{operation.Number}"><fieldset><legend>O nada de eso</legend>
            <button name="decision" value="cancel">Cancelar y volver a la tienda</button>
            </fieldset></form>
            """
        );
    }

    private static string Card(Operation operation) =>
        $"""
            <form method="post" action="/sis/simulador/{operation.Number}"><fieldset><legend>Tarjeta</legend>
            <input type="hidden" name="means" value="card">
            <button name="decision" value="pay" class="filled">Pagar con tarjeta</button>
            <button name="decision" value="decline">El banco la deniega</button>
            </fieldset></form>
            """;

    private static string Bizum(Operation operation, bool isFirst) =>
        $"""
            <form method="post" action="/sis/simulador/{operation.Number}"><fieldset><legend>Bizum</legend>
            <input type="hidden" name="means" value="bizum">
            <p class="muted">Lo que el pagador haría en la app de su banco:</p>
            <button name="decision" value="pay"{(isFirst ? " class=\"filled\"" : "")}>Aceptar el Bizum</button>
            <button name="decision" value="decline">Rechazarlo</button>
            </fieldset></form>
            """;

    private static IResult Refused(string error, string? back) =>
        Page(
            error,
            $"<h1>No se puede pagar</h1><p>{Encoded(error)}{(error == Desk.Repeated ? ": número de pedido repetido" : "")}</p>"
                + (back is { Length: > 0 } ? $"<p><a href=\"{Encoded(back)}\">Volver al comercio</a></p>" : "")
        );

    private static IResult Page(string title, string body) =>
        Results.Content(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                <!doctype html><html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>{Encoded(title)}</title><style>{Style}</style></head><body>
                <p class="sim"><strong>Simulador: esto no es Redsys, aquí no se mueve dinero y no hay que escribir ninguna tarjeta.</strong>
                <span lang="en">A simulator: this is not Redsys, no money moves and no card is to be typed.</span></p>
                <main>{body}</main></body></html>
                """
            ),
            "text/html; charset=utf-8"
        );

    private static string Amount(Operation operation) =>
        $"{operation.Coins.Replace('.', ',')}\u00a0{(operation.Currency == "978" ? "€" : Encoded(operation.Currency))}";

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
