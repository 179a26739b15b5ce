using System.Globalization;
using System.Net;
using System.Text;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>The page that says what this is, and what it has taken.</summary>
internal sealed class HomePage(Ledger ledger)
{
    private const int Last = 50;
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        + "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}";

    public IResult Show() => Results.Content(ledger.Look(Write), "text/html; charset=utf-8");

    private static string Write(State state)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html><html lang="es"><head><meta charset="utf-8"><title>Simulador de Stripe</title><style>{Style}</style></head><body>
            <h1>Simulador de Stripe</h1>
            <p><strong>Esto es un simulador para desarrollo y pruebas. No es Stripe, no mueve dinero, y nada de lo que se envía aquí llega a
            Stripe.</strong></p>
            <p lang="en"><strong>This is a simulator for development and tests. It is not Stripe, it moves no money, and nothing sent here
            reaches Stripe.</strong></p>
            <h2>Últimas sesiones <span lang="en">· Last sessions</span></h2>
            <table><tr><th>Cuenta · Account<th>Concepto · For<th>Importe · Amount<th>Estado · State<th>Creada · Made</tr>
            """
        );
        foreach (var session in state.Sessions.Values.OrderByDescending(each => each.Created).Take(Last))
        {
            var name = WebUtility.HtmlEncode(session.Name);
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <tr><td>{WebUtility.HtmlEncode(session.Account)}<td><a href="/c/pay/{session.Id}">{name}</a>
                <td>{Coins.Text(session.Amount, session.Currency)} {session.Currency.ToUpperInvariant()}
                <td>{session.Status}, {session.PaymentStatus}<td>{session.Created:yyyy-MM-dd HH:mm:ss}
                """
            );
        }

        return page.Append("</table></body></html>").ToString();
    }
}
