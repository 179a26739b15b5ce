using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

public static partial class PaymentsFaults
{
    /// <summary>A bank file that is no XML, was cut off, or brings a document type or entities.</summary>
    public static readonly FaultCode NotXml = new(
        "PAY-BANK-01",
        FaultKind.Malformed,
        "The bank file is no sound XML, and nothing of it was taken: {0}",
        "El fichero del banco no es XML correcto y no se ha tomado nada de él: {0}"
    );

    /// <summary>A bank file that nobody's bank would write.</summary>
    public static readonly FaultCode ExcessiveXml = new(
        "PAY-BANK-02",
        FaultKind.Malformed,
        "The bank file lies more than {0} elements deep or has a text of more than {1} characters. Nothing of it was taken.",
        "El fichero del banco tiene más de {0} elementos anidados o un texto de más de {1} caracteres. No se ha tomado nada de él."
    );

    /// <summary>XML of another kind.</summary>
    public static readonly FaultCode NotCamt = new(
        "PAY-BANK-03",
        FaultKind.Rule,
        "This is no statement (camt.053) and no notification (camt.054) of a bank, but {0}. A report within the day (camt.052) is not final: hand in the day's statement.",
        "Esto no es un extracto (camt.053) ni una notificación (camt.054) de un banco, sino {0}. Un informe intradía (camt.052) no es definitivo: entrega el extracto del día."
    );

    /// <summary>Something that a statement needs is missing or cannot be read.</summary>
    public static readonly FaultCode UnreadableStatement = new(
        "PAY-BANK-04",
        FaultKind.Rule,
        "{0} is missing in the bank file or cannot be read. Nothing of it was taken.",
        "{0} falta en el fichero del banco o no se puede leer. No se ha tomado nada de él."
    );

    /// <summary>A statement of somebody else's account.</summary>
    public static readonly FaultCode ForeignAccount = new(
        "PAY-BANK-05",
        FaultKind.Rule,
        "The account {0} is not yours: it is neither the one you are registered with nor one that you added. If it is, add it with PUT /v1/bank-accounts/{0}. Nothing of the file was taken.",
        "La cuenta {0} no es tuya: no es la de tu registro ni la has añadido. Si lo es, añádela con PUT /v1/bank-accounts/{0}. No se ha tomado nada del fichero."
    );

    /// <summary>Not an account.</summary>
    public static readonly FaultCode BadAccount = new(
        "PAY-BANK-06",
        FaultKind.Rule,
        "{0} is no IBAN: its check digits do not hold.",
        "{0} no es un IBAN: sus dígitos de control no cuadran."
    );

    /// <summary>No such line.</summary>
    public static readonly FaultCode NoEntry = new(
        "PAY-BANK-07",
        FaultKind.NotFound,
        "There is no bank entry {0}.",
        "No hay ningún apunte bancario {0}."
    );

    /// <summary>No such proposal.</summary>
    public static readonly FaultCode NoProposal = new(
        "PAY-BANK-08",
        FaultKind.Rule,
        "The entry has {0} proposals, counted from 1.",
        "El apunte tiene {0} propuestas, numeradas desde 1."
    );

    /// <summary>What was proposed does not hold any more.</summary>
    public static readonly FaultCode ProposalMoved = new(
        "PAY-BANK-09",
        FaultKind.Conflict,
        "What was proposed does not fit any more, since something was paid meanwhile. The proposals are new: look at them again.",
        "La propuesta ya no encaja porque entretanto se ha pagado algo. Las propuestas son nuevas: vuelve a mirarlas."
    );

    /// <summary>It is matched.</summary>
    public static readonly FaultCode AlreadyMatched = new(
        "PAY-BANK-10",
        FaultKind.Conflict,
        "The entry is matched otherwise. Undo that first with POST /v1/bank-entries/{0}/unmatch.",
        "El apunte ya está conciliado de otra manera. Deshazlo antes con POST /v1/bank-entries/{0}/unmatch."
    );

    /// <summary>Nothing to undo.</summary>
    public static readonly FaultCode NothingToUndo = new(
        "PAY-BANK-11",
        FaultKind.Conflict,
        "Only an entry that was matched with invoices can be undone; this one is {0}.",
        "Solo se puede deshacer un apunte conciliado con facturas; este está {0}."
    );

    /// <summary>A line that pays no invoice.</summary>
    public static readonly FaultCode NotMatchable = new(
        "PAY-BANK-12",
        FaultKind.Rule,
        "Only a booked credit that no provider or return explains can pay invoices; this entry cannot.",
        "Solo puede pagar facturas un abono contabilizado que no sea de un proveedor ni una devolución; este apunte no puede."
    );

    /// <summary>Neither or both.</summary>
    public static readonly FaultCode UnclearMatch = new(
        "PAY-BANK-13",
        FaultKind.Rule,
        "Say one of proposal, invoices and settlement; invoices each once, 1 to 200 of them.",
        "Indica solo uno de proposal, invoices y settlement; cada factura una vez, de 1 a 200."
    );

    /// <summary>More than there is.</summary>
    public static readonly FaultCode TooMuchMatched = new(
        "PAY-BANK-14",
        FaultKind.Rule,
        "The invoices would get {0} and the entry has {1} that no invoice has taken.",
        "Las facturas recibirían {0} y al apunte le quedan {1} sin asignar."
    );

    /// <summary>More than is open.</summary>
    public static readonly FaultCode TooMuchOfInvoice = new(
        "PAY-BANK-15",
        FaultKind.Rule,
        "Invoice {0} has {1} open.",
        "La factura {0} tiene {1} pendiente."
    );

    /// <summary>A provider's name that none has.</summary>
    public static readonly FaultCode BadSettlement = new(
        "PAY-BANK-16",
        FaultKind.Rule,
        "A settlement names its provider in small letters, and fees of nothing or more with the currency's decimals.",
        "Una liquidación indica su proveedor en minúsculas y comisiones de cero o más con los decimales de la moneda."
    );

    /// <summary>A name that is too long.</summary>
    public static readonly FaultCode BadAccountName = new(
        "PAY-BANK-17",
        FaultKind.Rule,
        "The account's name must have 1 to 70 printable characters.",
        "El nombre de la cuenta debe tener de 1 a 70 caracteres imprimibles."
    );

    /// <summary>No such account.</summary>
    public static readonly FaultCode NoAccount = new(
        "PAY-BANK-18",
        FaultKind.NotFound,
        "You have not added the account {0}.",
        "No has añadido la cuenta {0}."
    );

    /// <summary>More than is taken at once.</summary>
    public static readonly FaultCode TooManyPayments = new(
        "PAY-BANK-19",
        FaultKind.Rule,
        "At {0} the bank file tells of more than {1}, which is more than is taken at once: hand it in in parts. Nothing of it was taken.",
        "En {0} el fichero del banco cuenta más de {1}, que es más de lo que se toma de una vez: entrégalo por partes. No se ha tomado nada de él."
    );
}
