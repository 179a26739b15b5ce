using System.Globalization;
using RetailInvoicing.Simulators.Bank.Books;
using RetailInvoicing.Simulators.Bank.Control;
using static RetailInvoicing.Simulators.Bank.Doors.Sheet;

namespace RetailInvoicing.Simulators.Bank.Doors;

/// <summary>The pages on which a payer orders a transfer and sees what became of it.</summary>
internal sealed class TransferDoor(Ledger ledger, Counter counter, Teller teller, TimeProvider clock)
{
    /// <summary>What was scanned, pasted or linked, to be looked at before it is ordered; what is wrong or missing is asked for.</summary>
    public IResult Fill(HttpRequest request)
    {
        var query = request.Query;
        var form = Of(name => query[name].FirstOrDefault());
        var sheet = new Sheet(request);
        return form.Wrongs.Count == 0 ? Confirm(sheet, form) : AskAll(sheet, form, query.Count > 0);
    }

    /// <summary>The order; the browser goes on to what became of it, so that reloading orders nothing.</summary>
    public async Task<IResult> Order(HttpRequest request, CancellationToken token)
    {
        var sent = request.HasFormContentType ? await request.ReadFormAsync(token) : FormCollection.Empty;
        var form = Of(name => sent[name].FirstOrDefault());
        if (form.Wrongs.Count > 0)
        {
            return AskAll(new Sheet(request), form, isTried: true);
        }

        var transfer = counter.Order(form);
        var back = form.Back.Length > 0 ? $"?back={Uri.EscapeDataString(form.Back)}" : "";
        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"/transfer/{transfer.Number}{back}"));
    }

    /// <summary>What became of a transfer, and what the seller knows of it.</summary>
    public IResult Show(HttpRequest request, long number)
    {
        var sheet = new Sheet(request);
        if (ledger.Find(number) is not { } transfer)
        {
            return sheet.Show("404", $"<h1>{sheet.Say("No hay tal transferencia", "There is no such transfer")}</h1>", 404);
        }

        var (words, isDone, isWrong) = Standing(sheet, transfer);
        return sheet.Show(
            sheet.Say("Transferencia simulada", "Simulated transfer"),
            $"""
            <h1>{sheet.Say("Transferencia hecha en el simulador", "Transfer made at the simulator")}</h1>
            <p class="total">{sheet.Euros(transfer.Amount)}</p>
            <p id="standing" class="{(isWrong ? "wrong"
                : isDone ? "done"
                : "muted")}" role="status">{Encoded(words)}</p>
            <dl>{Row(sheet.Say("Beneficiario", "Payee"), transfer.Name)}{Row("IBAN", CheckDigits.InFours(transfer.Iban), true)}
            {Row(sheet.Say("Concepto", "Reference"), Printed(transfer.Reference, transfer.Words) is { Length: > 0 } said
                ? said
                : sheet.Say("ninguno", "none"), transfer.Reference is not null)}
            {Row(sheet.Say("Ordenante", "Payer"), transfer.Payer)}{Row(sheet.Say("Desde", "From"), CheckDigits.InFours(transfer.PayerAccount), true)}</dl>
            {Back(sheet, $"{request.Query["back"]}")}
            """,
            again: isDone ? null : 1
        );
    }

    private (string Words, bool IsDone, bool IsWrong) Standing(Sheet sheet, Transfer transfer)
    {
        if (transfer.Movement is not { } number || ledger.MovementOf(number) is not { } movement)
        {
            return (
                sheet.Say(
                    "Espera a la siguiente a la misma cuenta: se pagarán juntas.",
                    "It waits for the next one to the account: they go as one."
                ),
                false,
                false
            );
        }

        if (ledger.Movements().FirstOrDefault(each => each.Returns == number && each.At <= clock.GetUtcNow()) is { } returned)
        {
            return (
                sheet.Say($"El banco la ha devuelto ({returned.Reason}).", $"The bank has taken it back ({returned.Reason})."),
                returned.ToldAt is not null || returned.TellAt is null,
                true
            );
        }

        var isReturning = transfer.Faults.Contains(FaultKinds.Returned);
        return movement switch
        {
            { TellAt: null } => (
                sheet.Say(
                    "Hecha. Al comercio no se le avisa: lo verá en su extracto.",
                    "Made. The shop is not told: its statement has it."
                ),
                !isReturning,
                false
            ),
            { ToldAt: null } when ledger.AccountOf(movement.Iban) is null => (
                sheet.Say(
                    "Hecha. El beneficiario no tiene avisos en este banco: lo verá en su extracto.",
                    "Made. The payee has no notices at this bank: its statement has it."
                ),
                !isReturning,
                false
            ),
            { ToldAt: null } when teller.TroubleWith(number) is { } trouble => (
                sheet.Say($"Hecha. El comercio no acepta el aviso: {trouble}", $"Made. The shop does not take the notice: {trouble}"),
                false,
                true
            ),
            { ToldAt: null } => (sheet.Say("Hecha. Avisamos al comercio…", "Made. The shop is being told…"), false, false),
            { Answer: "matched" } => (
                sheet.Say("Hecha. El comercio la ha recibido y sabe qué paga.", "Made. The shop has it and knows what it pays."),
                !isReturning,
                false
            ),
            _ => (
                sheet.Say(
                    "Hecha. El comercio la ha recibido; alguien tendrá que decir qué paga.",
                    "Made. The shop has it; somebody has to say what it pays."
                ),
                !isReturning,
                false
            ),
        };
    }

    private static IResult Confirm(Sheet sheet, OrderForm form)
    {
        var sum = form.Sum.ToString("0.00", CultureInfo.InvariantCulture);
        return sheet.Show(
            sheet.Say("Transferir", "Transfer"),
            $"""
            <h1>{sheet.Say("Transferencia a", "Transfer to")} {Encoded(form.Name)}</h1>
            <p class="total">{sheet.Euros(form.Sum)}</p>
            <dl>{Row("IBAN", CheckDigits.InFours(form.Iban), true)}
            {Row(sheet.Say("Concepto", "Reference"), Printed(form.Structured, form.Words) is { Length: > 0 } said
                ? said
                : sheet.Say("ninguno", "none"), form.Structured is not null)}</dl>
            <form method="post" action="/transfer">
            {Hidden("key", form.Key.Length > 0 ? form.Key : Guid.CreateVersion7().ToString("N"))}{Hidden("iban", form.Iban)}{Hidden("name", form.Name)}
            {Hidden("bic", form.Bic)}{Hidden("amount", sum)}{Hidden("reference", form.Structured ?? form.Words ?? "")}{Hidden("back", form.Back)}
            <label>{sheet.Say("Quién paga", "Who pays")}<input name="payer" maxlength="70" required value="{Encoded(form.Payer)}"></label>
            <label>{sheet.Say("Qué le pasa por el camino", "What happens on its way")}<select name="fault">{Options(sheet, form.Fault)}</select></label>
            <button id="transfer">{sheet.Say("Transferir", "Transfer")} {sheet.Euros(form.Sum)}</button>
            </form>
            {Back(sheet, form.Back)}
            """
        );
    }

    private static IResult AskAll(Sheet sheet, OrderForm form, bool isTried)
    {
        var wrongs = isTried
            ? string.Concat(
                form.Wrongs.Select(each => $"<p class=\"wrong\" role=\"alert\">{Encoded(sheet.Say(each.Spanish, each.English))}</p>")
            )
            : "";
        return sheet.Show(
            sheet.Say("Hacer una transferencia", "Make a transfer"),
            $"""
            <h1>{sheet.Say("Hacer una transferencia", "Make a transfer")}</h1>{wrongs}{Scan(sheet, form.Epc ?? "")}
            <h2>{sheet.Say("O rellénala a mano", "Or fill it in by hand")}</h2>
            <form method="get" action="/transfer">{Hidden("back", form.Back)}
            {Field("name", sheet.Say("Beneficiario", "Payee"), form.Name, 70)}{Field("iban", "IBAN", form.Iban, 42)}
            {Field("amount", sheet.Say("Importe en euros", "Amount in euros"), form.Amount, 14)}
            {Field("reference", sheet.Say("Concepto", "Reference"), form.Reference, 140)}
            <button>{sheet.Say("Revisar", "Look at it")}</button></form>
            {Back(sheet, form.Back)}
            """,
            isTried ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK
        );
    }

    /// <summary>Where the text of a QR is pasted, as a phone's camera would read it.</summary>
    internal static string Scan(Sheet sheet, string payload) =>
        $"""
            <form method="get" action="/transfer">
            <label>{sheet.Say("El texto del QR", "The text of the QR")}<span>{sheet.Say(
                "Lo que lee la cámara: empieza por BCD.",
                "What a camera reads: it begins with BCD."
            )}</span><textarea name="epc" required spellcheck="false">{"\n"}{Encoded(payload)}</textarea></label>
            <button id="scan">{sheet.Say("Leer el QR", "Read the QR")}</button></form>
            """;

    private static string Field(string name, string label, string value, int most) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<label>{Encoded(label)}<input name=\"{name}\" maxlength=\"{most}\" value=\"{Encoded(value)}\"></label>"
        );

    private static string Options(Sheet sheet, string chosen)
    {
        (string Kind, string Words)[] options =
        [
            ("", sheet.Say("Nada: llega enseguida y bien", "Nothing: it arrives at once, and well")),
            (FaultKinds.Late, sheet.Say("Llega tarde", "It arrives late")),
            (FaultKinds.LostReference, sheet.Say("Se pierde el concepto", "Its reference is lost")),
            (FaultKinds.Typo, sheet.Say("El concepto lleva una errata", "Its reference has a slip")),
            (FaultKinds.Merged, sheet.Say("Se paga junto con la siguiente", "It is paid in one with the next")),
            (FaultKinds.Returned, sheet.Say("El banco la devuelve después", "The bank takes it back later")),
            (FaultKinds.Duplicate, sheet.Say("Al comercio se le avisa dos veces", "The shop is told twice")),
            (FaultKinds.LostNotice, sheet.Say("Al comercio no se le avisa", "The shop is not told")),
        ];
        return string.Concat(
            options.Select(each =>
                $"<option value=\"{each.Kind}\"{(each.Kind == chosen ? " selected" : "")}>{Encoded(each.Words)}</option>"
            )
        );
    }

    private static string Back(Sheet sheet, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var to) && (to.Scheme == Uri.UriSchemeHttp || to.Scheme == Uri.UriSchemeHttps)
            ? $"<p class=\"acts\"><a id=\"back\" class=\"button\" href=\"{Encoded(to.AbsoluteUri)}\">{sheet.Say("Volver a la tienda", "Back to the shop")}</a></p>"
            : "";

    private static string Printed(string? reference, string? words) => reference is null ? words ?? "" : CheckDigits.InFours(reference);

    private static OrderForm Of(Func<string, string?> field) =>
        new OrderForm
        {
            Epc = field("epc"),
            Iban = field("iban") ?? "",
            Name = field("name") ?? "",
            Bic = field("bic") ?? "",
            Amount = field("amount") ?? "",
            Reference = field("reference") ?? "",
            Payer = field("payer") ?? new OrderForm().Payer,
            PayerAccount = field("payerAccount") ?? "",
            Key = field("key") ?? "",
            Fault = field("fault") ?? "",
            Back = field("back") ?? "",
        }.Checked();
}
