namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What a statement of account says, in one language.</summary>
public sealed record StatementWords
{
    public required string Title { get; init; }

    /// <summary>From {0} to {1}.</summary>
    public required string Period { get; init; }
    public required string Customer { get; init; }
    public required string Date { get; init; }
    public required string What { get; init; }
    public required string DueDate { get; init; }
    public required string Amount { get; init; }
    public required string Balance { get; init; }
    public required string Opening { get; init; }
    public required string Closing { get; init; }
    public required string NothingHappened { get; init; }
    public required string Claims { get; init; }
    public required string ClaimsNote { get; init; }
    public required string ClaimsDue { get; init; }
    public required string State { get; init; }

    /// <summary>As of {0}.</summary>
    public required string MadeAt { get; init; }

    public required string Invoice { get; init; }
    public required string Payment { get; init; }
    public required string Correction { get; init; }
    public required string Refund { get; init; }
    public required string Reversal { get; init; }
    public required string WriteOff { get; init; }
    public required string Undone { get; init; }
    public required string Cancellation { get; init; }
    public required string Interest { get; init; }
    public required string Recovery { get; init; }
    public required string IsDue { get; init; }
    public required string IsPaid { get; init; }
    public required string IsWaived { get; init; }

    /// <summary>What a movement or a claim is called.</summary>
    public string Kind(string kind) =>
        kind switch
        {
            "invoice" => Invoice,
            "payment" => Payment,
            "correction" => Correction,
            "refund" => Refund,
            "reversal" => Reversal,
            "write-off" => WriteOff,
            "undone" => Undone,
            "cancellation" => Cancellation,
            "interest" => Interest,
            "recovery" => Recovery,
            _ => kind,
        };

    /// <summary>How a claim stands.</summary>
    public string StateOf(string state) =>
        state switch
        {
            "paid" => IsPaid,
            "waived" => IsWaived,
            _ => IsDue,
        };

    /// <summary>The words of the language that the documents' words are of.</summary>
    public static StatementWords For(Words words) =>
        words.Language switch
        {
            "es" => Spanish,
            "ca" => Catalan,
            "eu" => Basque,
            "gl" => Galician,
            _ => English,
        };

    private static readonly StatementWords Spanish = new()
    {
        Title = "Extracto de cuenta",
        Period = "Del {0} al {1}",
        Customer = "Cliente",
        Date = "Fecha",
        What = "Concepto",
        DueDate = "Vencimiento",
        Amount = "Importe",
        Balance = "Saldo",
        Opening = "Saldo inicial",
        Closing = "Saldo final",
        NothingHappened = "Sin movimientos en estas fechas.",
        Claims = "Intereses de demora y costes de cobro",
        ClaimsNote = "Se reclaman aparte de las facturas, no llevan IVA y no están incluidos en el saldo.",
        ClaimsDue = "Pendiente",
        State = "Estado",
        MadeAt = "Según lo registrado el {0}.",
        Invoice = "Factura",
        Payment = "Pago",
        Correction = "Rectificación o abono",
        Refund = "Devolución de un pago",
        Reversal = "Pago devuelto por el banco",
        WriteOff = "Baja de deuda",
        Undone = "Pago reasignado",
        Cancellation = "Anulación",
        Interest = "Intereses de demora",
        Recovery = "Costes de cobro",
        IsDue = "Pendiente",
        IsPaid = "Pagado",
        IsWaived = "Renunciado",
    };

    private static readonly StatementWords Catalan = new()
    {
        Title = "Extracte de compte",
        Period = "Del {0} al {1}",
        Customer = "Client",
        Date = "Data",
        What = "Concepte",
        DueDate = "Venciment",
        Amount = "Import",
        Balance = "Saldo",
        Opening = "Saldo inicial",
        Closing = "Saldo final",
        NothingHappened = "Sense moviments en aquestes dates.",
        Claims = "Interessos de demora i costos de cobrament",
        ClaimsNote = "Es reclamen a part de les factures, no porten IVA i no estan inclosos en el saldo.",
        ClaimsDue = "Pendent",
        State = "Estat",
        MadeAt = "Segons el que consta el {0}.",
        Invoice = "Factura",
        Payment = "Pagament",
        Correction = "Rectificació o abonament",
        Refund = "Devolució d'un pagament",
        Reversal = "Pagament retornat pel banc",
        WriteOff = "Baixa de deute",
        Undone = "Pagament reassignat",
        Cancellation = "Anul·lació",
        Interest = "Interessos de demora",
        Recovery = "Costos de cobrament",
        IsDue = "Pendent",
        IsPaid = "Pagat",
        IsWaived = "Renunciat",
    };

    private static readonly StatementWords Galician = new()
    {
        Title = "Extracto de conta",
        Period = "Do {0} ao {1}",
        Customer = "Cliente",
        Date = "Data",
        What = "Concepto",
        DueDate = "Vencemento",
        Amount = "Importe",
        Balance = "Saldo",
        Opening = "Saldo inicial",
        Closing = "Saldo final",
        NothingHappened = "Sen movementos nestas datas.",
        Claims = "Xuros de mora e custos de cobramento",
        ClaimsNote = "Reclámanse á parte das facturas, non levan IVE e non están incluídos no saldo.",
        ClaimsDue = "Pendente",
        State = "Estado",
        MadeAt = "Segundo o rexistrado o {0}.",
        Invoice = "Factura",
        Payment = "Pagamento",
        Correction = "Rectificación ou aboamento",
        Refund = "Devolución dun pagamento",
        Reversal = "Pagamento devolto polo banco",
        WriteOff = "Baixa de débeda",
        Undone = "Pagamento reasignado",
        Cancellation = "Anulación",
        Interest = "Xuros de mora",
        Recovery = "Custos de cobramento",
        IsDue = "Pendente",
        IsPaid = "Pagado",
        IsWaived = "Renunciado",
    };

    private static readonly StatementWords Basque = new()
    {
        Title = "Kontu-laburpena",
        Period = "{0} – {1}",
        Customer = "Bezeroa",
        Date = "Data",
        What = "Kontzeptua",
        DueDate = "Epemuga",
        Amount = "Zenbatekoa",
        Balance = "Saldoa",
        Opening = "Hasierako saldoa",
        Closing = "Amaierako saldoa",
        NothingHappened = "Ez dago mugimendurik egun hauetan.",
        Claims = "Berandutze-interesak eta kobrantza-kostuak",
        ClaimsNote = "Fakturetatik aparte eskatzen dira, ez dute BEZik eta ez daude saldoan sartuta.",
        ClaimsDue = "Ordaintzeke",
        State = "Egoera",
        MadeAt = "{0}: egun horretan erregistratutakoaren arabera.",
        Invoice = "Faktura",
        Payment = "Ordainketa",
        Correction = "Zuzenketa edo abonua",
        Refund = "Ordainketaren itzulketa",
        Reversal = "Bankuak itzulitako ordainketa",
        WriteOff = "Zorraren baja",
        Undone = "Beste faktura bati esleitutako ordainketa",
        Cancellation = "Baliogabetzea",
        Interest = "Berandutze-interesak",
        Recovery = "Kobrantza-kostuak",
        IsDue = "Ordaintzeke",
        IsPaid = "Ordainduta",
        IsWaived = "Uko egina",
    };

    private static readonly StatementWords English = new()
    {
        Title = "Statement of account",
        Period = "{0} to {1}",
        Customer = "Customer",
        Date = "Date",
        What = "Item",
        DueDate = "Due date",
        Amount = "Amount",
        Balance = "Balance",
        Opening = "Opening balance",
        Closing = "Closing balance",
        NothingHappened = "Nothing happened on these days.",
        Claims = "Interest for late payment and recovery costs",
        ClaimsNote = "Claimed apart from the invoices, without VAT, and not part of the balance.",
        ClaimsDue = "Due",
        State = "State",
        MadeAt = "As recorded on {0}.",
        Invoice = "Invoice",
        Payment = "Payment",
        Correction = "Correction or credit",
        Refund = "Refund of a payment",
        Reversal = "Payment returned by the bank",
        WriteOff = "Written off",
        Undone = "Payment put elsewhere",
        Cancellation = "Cancellation",
        Interest = "Interest for late payment",
        Recovery = "Recovery costs",
        IsDue = "Due",
        IsPaid = "Paid",
        IsWaived = "Waived",
    };
}
