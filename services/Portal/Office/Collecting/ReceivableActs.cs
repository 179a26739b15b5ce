using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>The acts about one receivable, as forms: each one line until it is opened, each asking in a sentence what it does.</summary>
public static class ReceivableActs
{
    /// <summary>What a phone call leads to: a note, a promise, a wait, the last message again.</summary>
    public static IReadOnlyList<SheetForm> Quick(AskOffice office, string invoiceId, string number, string who, string amount) =>
        [
            Note(office, invoiceId),
            Promise(office, invoiceId, who, amount),
            Hold(office, invoiceId, number),
            Remind(office, invoiceId, number, who),
        ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SheetForm> All(AskOffice office, string invoiceId, string number, string who, string amount) =>
        [
            .. Quick(office, invoiceId, number, who, amount),
            new SheetForm(
                To(office, invoiceId, "dispute"),
                office.Say("Anotar la disputa", "Note the dispute"),
                [
                    new SheetField("amount", office.Say("Importe que discute", "Amount in dispute"))
                    {
                        Kind = "amount",
                        Optional = true,
                        Hint = office.Say("Vacío: todo lo pendiente.", "Empty: all that is open."),
                    },
                    new SheetField("reason", office.Say("Qué dice", "What it says")) { Kind = "area" },
                ]
            )
            {
                Folded = office.Say("Lo discute", "It disputes it"),
            },
            new SheetForm(
                To(office, invoiceId, "plan"),
                office.Say("Acordar el plan", "Agree the plan"),
                [
                    new SheetField("instalments", office.Say("Plazos, uno por línea", "Instalments, one a line"))
                    {
                        Kind = "area",
                        Hint = office.Say(
                            $"Fecha e importe, por ejemplo 2026-12-01 25,00. Juntos deben sumar {amount}.",
                            $"Date and amount, such as 2026-12-01 25.00. Together they must come to {amount}."
                        ),
                    },
                    new SheetField("why", office.Say("Nota", "Note")) { Optional = true },
                ]
            )
            {
                Folded = office.Say("Plan de pagos", "Payment plan"),
                Asks = office.Say($"{who} pagará {amount} en estos plazos.", $"{who} will pay {amount} in these instalments."),
            },
            new SheetForm(
                To(office, invoiceId, "write-off"),
                office.Say("Sí, dar por perdido", "Yes, write it off"),
                [
                    new SheetField("amount", office.Say("Importe", "Amount"))
                    {
                        Kind = "amount",
                        Optional = true,
                        Hint = office.Say("Vacío: todo lo pendiente.", "Empty: all that is open."),
                    },
                    new SheetField("reason", office.Say("Por qué", "Why")) { Kind = "area" },
                ]
            )
            {
                Folded = office.Say("Dar por perdido", "Write off"),
                Asks = office.Say(
                    $"Dejarás de reclamar a {who} hasta {amount} de la factura {number}.",
                    $"You will stop asking {who} for up to {amount} of invoice {number}."
                ),
            },
        ];

    /// <summary>Where an act is sent.</summary>
    public static string To(AskOffice office, string invoiceId, string act) => office.Link($"/collecting/receivables/{invoiceId}/{act}");

    private static SheetForm Note(AskOffice office, string invoiceId) =>
        new(
            To(office, invoiceId, "note"),
            office.Say("Anotar", "Note it"),
            [
                new SheetField("kind", office.Say("Qué has hecho", "What you did"))
                {
                    Kind = "choice",
                    Value = "call",
                    Options =
                    [
                        .. new[] { "call", "email", "sms", "letter", "visit", "note" }.Select(kind =>
                            (kind, office.Words.OneOf(kind, CollectingWords.Acts))
                        ),
                    ],
                },
                new SheetField("why", office.Say("Qué ha dicho", "What was said")) { Kind = "area" },
            ]
        )
        {
            Folded = office.Say("Anotar una llamada", "Note a call"),
        };

    private static SheetForm Promise(AskOffice office, string invoiceId, string who, string amount) =>
        new(
            To(office, invoiceId, "promise"),
            office.Say("Anotar la promesa", "Note the promise"),
            [
                new SheetField("date", office.Say("Pagará el", "Will pay on")) { Kind = "date" },
                new SheetField("amount", office.Say("Importe", "Amount"))
                {
                    Kind = "amount",
                    Optional = true,
                    Hint = office.Say($"Vacío: todo lo pendiente, {amount}.", $"Empty: all that is open, {amount}."),
                },
                new SheetField("why", office.Say("Nota", "Note")) { Optional = true },
            ]
        )
        {
            Folded = office.Say("Promete pagar", "Promises to pay"),
            Asks = office.Say(
                $"{who} promete pagar; hasta ese día no se le recuerda.",
                $"{who} promises to pay; no reminder goes out until then."
            ),
        };

    private static SheetForm Hold(AskOffice office, string invoiceId, string number) =>
        new(
            To(office, invoiceId, "hold"),
            office.Say("Poner en espera", "Put on hold"),
            [
                new SheetField("reason", office.Say("Por qué", "Why")),
                new SheetField("until", office.Say("Hasta", "Until"))
                {
                    Kind = "date",
                    Optional = true,
                    Hint = office.Say("Vacío: hasta que lo quites.", "Empty: until you end it."),
                },
            ]
        )
        {
            Folded = office.Say("No recordar", "Hold"),
            Asks = office.Say($"No saldrá ningún recordatorio de {number}.", $"No reminder of {number} will go out."),
        };

    private static SheetForm Remind(AskOffice office, string invoiceId, string number, string who) =>
        new(To(office, invoiceId, "remind"), office.Say("Sí, enviar ahora", "Yes, send it now"), [])
        {
            Folded = office.Say("Recordar ahora", "Remind now"),
            Asks = office.Say(
                $"El último mensaje sobre {number} vuelve a salir ahora a {who}.",
                $"The last message about {number} goes out to {who} again now."
            ),
        };
}
