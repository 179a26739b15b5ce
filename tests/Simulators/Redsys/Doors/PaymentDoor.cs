using System.Globalization;
using System.Net;
using System.Text;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>The page that the payer's browser is sent to, and what the payer does there; nothing on it needs a script.</summary>
internal sealed class PaymentDoor(Ledger ledger, Desk desk, Notices notices, Faults faults, TimeProvider clock)
{
    private const string Style =
        "body{font:16px/1.5 system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem}"
        + "button{font:inherit;min-height:44px;padding:0 1rem;margin:.25rem .5rem .25rem 0}"
        + "strong.sum{display:block;font-size:28px}fieldset{border:1px solid #e3e6ea;border-radius:8px;margin:1rem 0}";

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
        var buttons = new StringBuilder();
        if (operation.PayMethods is not ("z" or "Z"))
        {
            buttons.Append("<button name=\"decision\" value=\"pay\">Pagar con tarjeta</button>");
        }

        var bizum = operation.PayMethods is "C" or "c" ? "" : Bizum(operation);
        return Page(
            "Pago simulado",
            $"""
            <h1>Pago simulado</h1>
            <p>{Encoded(operation.Description)}</p>
            <p><strong class="sum">{operation.Coins} {Encoded(Sign(operation.Currency))}</strong>
            Comercio {Encoded(operation.Merchant)}, terminal {Encoded(operation.Terminal)}, pedido {Encoded(operation.Order)}</p>
            <form method="post" action="/sis/simulador/{operation.Number}">
            <input type="hidden" name="means" value="{(operation.PayMethods is "z" or "Z" ? "bizum" : "card")}">
            {buttons}
            <button name="decision" value="decline">El banco la deniega</button>
            <button name="decision" value="cancel">Cancelar</button>
            </form>
            {bizum}
            """
        );
    }

    private static string Bizum(Operation operation) =>
        $"""
            <form method="post" action="/sis/simulador/{operation.Number}"><fieldset><legend>Bizum</legend>
            <input type="hidden" name="means" value="bizum">
            <p>En la app del banco: <span lang="en">in the bank's app</span></p>
            <button name="decision" value="pay">Aceptar el Bizum</button>
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
                <p><strong>Simulador: esto no es Redsys, aquí no se mueve dinero y no hay que escribir ninguna tarjeta.</strong>
                <span lang="en">A simulator: this is not Redsys, no money moves and no card is to be typed.</span></p>
                <main>{body}</main></body></html>
                """
            ),
            "text/html; charset=utf-8"
        );

    private static string Sign(string currency) => currency == "978" ? "€" : currency;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
