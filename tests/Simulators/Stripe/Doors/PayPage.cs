using System.Globalization;
using System.Net;
using System.Text;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>The hosted page, where a person pays with a card, a wallet or a SEPA debit; it says of itself that no money moves.</summary>
internal sealed class PayPage(Ledger ledger, Faults faults, TimeProvider clock)
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}"
        + "form{border-top:1px solid #e3e6ea;padding:1rem 0}label{display:block;margin:.5rem 0}"
        + "input[type=text]{font:inherit;width:100%;padding:.5rem;border:1px solid #5c6670;border-radius:8px;box-sizing:border-box}"
        + "button{font:inherit;min-height:44px;padding:0 1.5rem;border:0;border-radius:8px;background:#4338ca;color:#fff}"
        + "button.plain{background:#5c6670}.sim{background:#fff4d6;padding:.75rem;border-radius:8px}"
        + ".wrong{background:#fde8e8;padding:.75rem;border-radius:8px}h1{font-size:2.5rem;line-height:1.25;margin:.5rem 0}";

    public async Task<IResult> Show(string id, HttpContext http) => await BeAway(http) ?? Page(id, null);

    public async Task<IResult> Take(string id, HttpContext http)
    {
        if (await BeAway(http) is { } away)
        {
            return away;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (means, number) = (form["means"].ToString(), TestNumbers.Plain(form["number"]));
        var instrument = means switch
        {
            "card" => new Instrument("card", number),
            "wallet" => new Instrument("card", TestNumbers.Card, "google_pay"),
            "sepa_debit" => new Instrument("sepa_debit", number),
            _ => null,
        };
        if (instrument is null)
        {
            return Page(id, "means");
        }

        if (form["bank"] == "no")
        {
            return Page(id, "authentication_failed");
        }

        var tried = ledger.Do(draft =>
            draft.Session(id) is { Status: "open" } session && session.Means.Contains(instrument.Type)
                ? Pay.With(draft, session, instrument, isAuthenticated: form["bank"] == "yes")
                : null
        );
        return tried switch
        {
            null => Page(id, null),
            { Status: TestNumbers.Authentication } => Ask(tried.Session, number),
            { Status: Pay.Declined } => Page(id, tried.Reason),
            _ => Results.Redirect(tried.Session.SuccessUrl),
        };
    }

    private async Task<IResult?> BeAway(HttpContext http)
    {
        if (faults.Draw(FaultKinds.Slow, null, Fault.Page) is { } slow)
        {
            await Task.Delay(TimeSpan.FromSeconds(slow.Seconds ?? 5), clock, http.RequestAborted);
        }

        return faults.Draw(FaultKinds.Down, null, Fault.Page) is { } down
            ? Results.Content("Stripe (simulado) no responde.", "text/plain; charset=utf-8", Encoding.UTF8, down.Code ?? 503)
            : null;
    }

    private IResult Page(string id, string? wrong)
    {
        if (ledger.Look(state => state.Sessions.GetValueOrDefault(id)) is not { } session)
        {
            return Html(404, "es", "Pago", "<h1>Aquí no hay ningún pago</h1><p lang=\"en\">There is no payment here.</p>");
        }

        var words = Words.Of(session.Locale);
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"sim\"><strong>{words.Simulator}</strong></p><p>{Encoded(session.Name)}</p><h1>{Amount(session, words)}</h1>"
        );
        if (session.Status != "open")
        {
            var (said, back) = session.Status == "complete" ? (words.Done, session.SuccessUrl) : (words.Ended, session.CancelUrl);
            page.Append(CultureInfo.InvariantCulture, $"<p id=\"over\">{said}</p>");
            return Html(200, words.Language, words.Title, page.Append(Link(back, words.Back, "back")).ToString());
        }

        if (wrong is not null)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"wrong\" role=\"alert\" id=\"declined\">{words.Declined} <code>{Encoded(wrong)}</code></p>"
            );
        }

        var pay = $"{words.Pay} {Amount(session, words)}";
        if (session.Means.Contains("card"))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <form method="post" id="card"><input type="hidden" name="means" value="card"><h2>{words.Card}</h2>
                <label>{words.Number}
                <input type="text" name="number" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>
                <label>{words.Expiry}<input type="text" name="expiry" autocomplete="off" value="12 / 34"></label>
                <label>CVC<input type="text" name="cvc" inputmode="numeric" autocomplete="off" value="123"></label>
                <p>{words.Cards}</p><button id="pay-card">{pay}</button></form>
                <form method="post" id="wallet"><input type="hidden" name="means" value="wallet"><h2>{words.Wallet}</h2>
                <button id="pay-wallet">{pay}</button></form>
                """
            );
        }

        if (session.Means.Contains("sepa_debit"))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <form method="post" id="sepa-debit"><input type="hidden" name="means" value="sepa_debit"><h2>{words.Debit}</h2>
                <label>IBAN<input type="text" name="number" autocomplete="off" value="{TestNumbers.Iban}"></label>
                <label>{words.Holder}<input type="text" name="name" autocomplete="off" value="Ana García"></label>
                <p>{words.Mandate}</p><p>{words.Ibans}</p><button id="pay-sepa-debit">{pay}</button></form>
                """
            );
        }

        return Html(200, words.Language, words.Title, page.Append(Link(session.CancelUrl, words.Cancel, "cancel")).ToString());
    }

    /// <summary>The payer's bank, played as well.</summary>
    private static IResult Ask(Session session, string number)
    {
        var words = Words.Of(session.Locale);
        return Html(
            200,
            words.Language,
            words.Title,
            $"""
            <p class="sim"><strong>{words.Simulator}</strong></p><h1>{words.Bank}</h1><p>{Amount(session, words)}</p>
            <form method="post" id="bank"><input type="hidden" name="means" value="card">
            <input type="hidden" name="number" value="{Encoded(number)}">
            <button name="bank" value="yes" id="bank-yes">{words.Confirm}</button>
            <button name="bank" value="no" id="bank-no" class="plain">{words.Refuse}</button></form>
            """
        );
    }

    /// <summary>An amount as the reader writes it.</summary>
    private static string Amount(Session session, Words words)
    {
        var (coins, currency) = (Coins.Text(session.Amount, session.Currency), session.Currency.ToUpperInvariant());
        var sign = currency == "EUR" ? "€" : currency;
        return words.Language == "es" ? $"{coins.Replace('.', ',')}\u00a0{sign}"
            : sign == "€" ? $"€{coins}"
            : $"{coins}\u00a0{sign}";
    }

    private static string Link(string? address, string text, string id) =>
        address is null ? "" : $"<p><a href=\"{Encoded(address)}\" id=\"{id}\">{text}</a></p>";

    private static IResult Html(int status, string language, string title, string body) =>
        Results.Content(
            $"""
            <!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="referrer" content="no-referrer"><title>{title}</title><style>{Style}</style></head>
            <body><main>{body}</main></body></html>
            """,
            "text/html; charset=utf-8",
            Encoding.UTF8,
            status
        );

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The page's words, in the language that the session asks for: Spanish, or English for everybody else.</summary>
    private sealed record Words
    {
        private static readonly Words Spanish = new()
        {
            Language = "es",
            Title = "Pago (simulador de Stripe)",
            Simulator = "Esto es un simulador de Stripe: no se mueve dinero y no se debe escribir ninguna tarjeta de verdad.",
            Card = "Tarjeta",
            Number = "Número",
            Expiry = "Caducidad",
            Cards = "Rechazada: 4000 0000 0000 0002. Con permiso del banco: 4000 0027 6000 3184. Disputada después: 4000 0000 0000 0259.",
            Wallet = "Google Pay (simulado)",
            Debit = "Adeudo SEPA",
            Holder = "Titular",
            Mandate = "Al pagar autorizas un adeudo en tu cuenta. Puede tardar unos segundos en cobrarse.",
            Ibans = "Devuelto: ES91 2100 0418 4502 0005 1332. Disputado después: ES50 0012 0345 0300 0006 7892.",
            Pay = "Pagar",
            Cancel = "Cancelar y volver a la tienda",
            Back = "Volver a la tienda",
            Done = "Este pago ya se ha hecho.",
            Ended = "Este pago ha caducado. Vuelve a la tienda y empieza de nuevo.",
            Declined = "No se ha podido cobrar. Prueba con otra tarjeta u otro medio.",
            Bank = "Tu banco pide que confirmes el pago",
            Confirm = "Confirmar",
            Refuse = "Rechazar",
        };

        private static readonly Words English = new()
        {
            Language = "en",
            Title = "Payment (Stripe simulator)",
            Simulator = "This is a simulator of Stripe: no money moves, and no real card must be typed.",
            Card = "Card",
            Number = "Number",
            Expiry = "Expiry",
            Cards = "Declined: 4000 0000 0000 0002. Confirmed by the bank: 4000 0027 6000 3184. Disputed afterwards: 4000 0000 0000 0259.",
            Wallet = "Google Pay (simulated)",
            Debit = "SEPA debit",
            Holder = "Account holder",
            Mandate = "By paying you authorise a debit of your account. It may take some seconds.",
            Ibans = "Returned: ES91 2100 0418 4502 0005 1332. Disputed afterwards: ES50 0012 0345 0300 0006 7892.",
            Pay = "Pay",
            Cancel = "Cancel and go back to the shop",
            Back = "Back to the shop",
            Done = "This payment has been made.",
            Ended = "This payment has ended. Go back to the shop and begin again.",
            Declined = "The payment did not go through. Try another card or another way.",
            Bank = "Your bank asks you to confirm the payment",
            Confirm = "Confirm",
            Refuse = "Refuse",
        };

        public required string Language { get; init; }

        public required string Title { get; init; }

        public required string Simulator { get; init; }

        public required string Card { get; init; }

        public required string Number { get; init; }

        public required string Expiry { get; init; }

        public required string Cards { get; init; }

        public required string Wallet { get; init; }

        public required string Debit { get; init; }

        public required string Holder { get; init; }

        public required string Mandate { get; init; }

        public required string Ibans { get; init; }

        public required string Pay { get; init; }

        public required string Cancel { get; init; }

        public required string Back { get; init; }

        public required string Done { get; init; }

        public required string Ended { get; init; }

        public required string Declined { get; init; }

        public required string Bank { get; init; }

        public required string Confirm { get; init; }

        public required string Refuse { get; init; }

        public static Words Of(string? locale) => locale?.StartsWith("es", StringComparison.Ordinal) == true ? Spanish : English;
    }
}
