using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused about mandates and direct debits.</summary>
public static partial class PaymentsFaults
{
    /// <summary>No such mandate, or another seller's.</summary>
    public static readonly FaultCode NoMandate = new(
        "PAY-MANDATE-01",
        FaultKind.NotFound,
        "There is no mandate {0}.",
        "No hay ningún mandato {0}."
    );

    /// <summary>A mandate's reference that banks would not hand on.</summary>
    public static readonly FaultCode BadMandateId = new(
        "PAY-MANDATE-02",
        FaultKind.Rule,
        "A mandate's id has 1 to 35 of SEPA's characters (letters without accents, digits, / - ? : ( ) . , ' + and space), no space or "
            + "slash at its ends, and no two slashes together.",
        "El identificador de un mandato tiene de 1 a 35 caracteres SEPA (letras sin tilde, cifras, / - ? : ( ) . , ' + y espacio), sin "
            + "espacio ni barra en los extremos y sin dos barras seguidas."
    );

    /// <summary>An account number whose check digits do not hold.</summary>
    public static readonly FaultCode BadIban = new(
        "PAY-MANDATE-03",
        FaultKind.Rule,
        "This is no IBAN: its form or its check digits are wrong.",
        "No es un IBAN: su forma o sus dígitos de control no son correctos."
    );

    /// <summary>A bank's code that is none.</summary>
    public static readonly FaultCode BadBic = new(
        "PAY-MANDATE-04",
        FaultKind.Rule,
        "A BIC has 8 or 11 characters, such as CAIXESBBXXX.",
        "Un BIC tiene 8 u 11 caracteres, como CAIXESBBXXX."
    );

    /// <summary>An account outside the European Economic Area, and no BIC.</summary>
    public static readonly FaultCode BicNeeded = new(
        "PAY-MANDATE-05",
        FaultKind.Rule,
        "The account is outside the European Economic Area: its BIC is needed too.",
        "La cuenta está fuera del Espacio Económico Europeo: hace falta también su BIC."
    );

    /// <summary>A name that is missing, too long or not printable.</summary>
    public static readonly FaultCode BadDebtorName = new(
        "PAY-MANDATE-06",
        FaultKind.Rule,
        "The name has 1 to 140 printable characters.",
        "El nombre tiene de 1 a 140 caracteres imprimibles."
    );

    /// <summary>A signature of tomorrow, or of before there was SEPA.</summary>
    public static readonly FaultCode BadSignedOn = new(
        "PAY-MANDATE-07",
        FaultKind.Rule,
        "A mandate was signed between {0} and {1}.",
        "Un mandato se firmó entre el {0} y el {1}."
    );

    /// <summary>What belongs to another mandate.</summary>
    public static readonly FaultCode OtherMandate = new(
        "PAY-MANDATE-08",
        FaultKind.Conflict,
        "{0} of mandate {1} cannot be changed: what the customer signed anew is another mandate, with an id of its own.",
        "No se puede cambiar {0} del mandato {1}: lo que el cliente firma de nuevo es otro mandato, con otro identificador."
    );

    /// <summary>Another account, and nobody says that it is meant.</summary>
    public static readonly FaultCode IbanNeedsAmendment = new(
        "PAY-MANDATE-09",
        FaultKind.Conflict,
        "Mandate {0} has another IBAN. If the customer has told you of a new account, say so with \"amendment\": true.",
        "El mandato {0} tiene otro IBAN. Si el cliente te ha comunicado una cuenta nueva, indícalo con \"amendment\": true."
    );

    /// <summary>A mandate that was ended.</summary>
    public static readonly FaultCode MandateCancelled = new(
        "PAY-MANDATE-10",
        FaultKind.Conflict,
        "Mandate {0} is cancelled and stays so: a new one needs an id of its own.",
        "El mandato {0} está cancelado y así queda: uno nuevo necesita otro identificador."
    );

    /// <summary>A customer's id that no invoice can have.</summary>
    public static readonly FaultCode BadMandateCustomer = new(
        "PAY-MANDATE-11",
        FaultKind.Rule,
        "customerId has 1 to 100 printable characters.",
        "customerId tiene de 1 a 100 caracteres imprimibles."
    );

    /// <summary>Nobody has said who collects.</summary>
    public static readonly FaultCode NoDebitSettings = new(
        "PAY-DEBIT-01",
        FaultKind.Rule,
        "Say first who collects, with PUT /v1/direct-debit-settings.",
        "Indica primero quién cobra, con PUT /v1/direct-debit-settings."
    );

    /// <summary>A creditor identifier whose check digits do not hold.</summary>
    public static readonly FaultCode BadCreditorId = new(
        "PAY-DEBIT-02",
        FaultKind.Rule,
        "This is no SEPA creditor identifier: its form or its check digits are wrong. In Spain it is ES, two digits, three characters and "
            + "the NIF.",
        "No es un identificador de acreedor SEPA: su forma o sus dígitos de control no son correctos. En España es ES, dos dígitos, tres "
            + "caracteres y el NIF."
    );

    /// <summary>Lead days that no bank asks for.</summary>
    public static readonly FaultCode BadLeadDays = new(
        "PAY-DEBIT-03",
        FaultKind.Rule,
        "leadDays lies between 1 and {0}.",
        "leadDays va de 1 a {0}."
    );

    /// <summary>A day before the bank can collect.</summary>
    public static readonly FaultCode CollectTooEarly = new(
        "PAY-DEBIT-04",
        FaultKind.Rule,
        "The bank collects on {0} at the earliest: it wants the file {1} working days before.",
        "El banco cobra como pronto el {0}: necesita el fichero con {1} días hábiles de antelación."
    );

    /// <summary>A day too far ahead.</summary>
    public static readonly FaultCode CollectTooLate = new(
        "PAY-DEBIT-05",
        FaultKind.Rule,
        "collectOn is {0} at the latest.",
        "collectOn es como muy tarde el {0}."
    );

    /// <summary>Nothing that can be collected.</summary>
    public static readonly FaultCode NothingToCollect = new(
        "PAY-DEBIT-06",
        FaultKind.Rule,
        "Nothing is due by {0} of a customer with a living mandate, or it is under way already.",
        "Hasta el {0} no vence nada de clientes con un mandato vigente, o ya está en curso."
    );

    /// <summary>An invoice in another currency.</summary>
    public static readonly FaultCode DebitOnlyEuros = new(
        "PAY-DEBIT-07",
        FaultKind.Rule,
        "Invoice {0} is in {1}: direct debits collect euros only.",
        "La factura {0} está en {1}: los adeudos domiciliados solo cobran euros."
    );

    /// <summary>An invoice of which nothing is open, or all is under way.</summary>
    public static readonly FaultCode NothingOpen = new(
        "PAY-DEBIT-08",
        FaultKind.Rule,
        "Nothing of invoice {0} can be collected: {1} are due, and {2} of that are under way.",
        "De la factura {0} no se puede cobrar nada: hay {1} pendientes y, de ellos, {2} en curso."
    );

    /// <summary>A customer who gave no consent, or whose consent has ended.</summary>
    public static readonly FaultCode NoLivingMandate = new(
        "PAY-DEBIT-09",
        FaultKind.Rule,
        "The customer of invoice {0} has no mandate that can be used on {1}.",
        "El cliente de la factura {0} no tiene ningún mandato que se pueda usar el {1}."
    );

    /// <summary>An invoice that another batch collects.</summary>
    public static readonly FaultCode DebitUnderWay = new(
        "PAY-DEBIT-10",
        FaultKind.Rule,
        "A debit of invoice {0} is under way already.",
        "Ya hay un adeudo en curso de la factura {0}."
    );

    /// <summary>No such batch, or another seller's.</summary>
    public static readonly FaultCode NoDebitBatch = new(
        "PAY-DEBIT-11",
        FaultKind.NotFound,
        "There is no batch of direct debits {0}.",
        "No hay ninguna remesa de adeudos {0}."
    );

    /// <summary>A batch whose file the bank has had.</summary>
    public static readonly FaultCode DebitBatchSent = new(
        "PAY-DEBIT-12",
        FaultKind.Conflict,
        "Batch {0} was sent: debits of it were collected or returned.",
        "La remesa {0} se envió: ya se han cobrado o devuelto adeudos suyos."
    );

    /// <summary>A batch whose file was never sent.</summary>
    public static readonly FaultCode DebitBatchCancelled = new(
        "PAY-DEBIT-13",
        FaultKind.Conflict,
        "Batch {0} was cancelled: nothing of it can be collected.",
        "La remesa {0} se canceló: no se puede cobrar nada de ella."
    );

    /// <summary>Collected before it could be, or in the future.</summary>
    public static readonly FaultCode NotYetCollected = new(
        "PAY-DEBIT-14",
        FaultKind.Rule,
        "The batch is collected on {0}: collectedOn lies between that day and today, {1}.",
        "La remesa se cobra el {0}: collectedOn está entre ese día y hoy, {1}."
    );

    /// <summary>No invoice named, or more than a batch holds.</summary>
    public static readonly FaultCode BadDebitInvoices = new(
        "PAY-DEBIT-15",
        FaultKind.Rule,
        "invoiceIds names 1 to {0} invoices; left out, it is everything that is due.",
        "invoiceIds indica de 1 a {0} facturas; si se omite, es todo lo que vence."
    );

    /// <summary>More than a debit can be.</summary>
    public static readonly FaultCode DebitTooLarge = new(
        "PAY-DEBIT-16",
        FaultKind.Rule,
        "Invoice {0} has more open than one debit can collect, 999999999.99 EUR.",
        "La factura {0} tiene pendiente más de lo que puede cobrar un adeudo, 999999999.99 EUR."
    );

    /// <summary>A collector's name that is missing, too long or not printable.</summary>
    public static readonly FaultCode BadCreditorName = new(
        "PAY-DEBIT-17",
        FaultKind.Rule,
        "The name of who collects has 1 to 70 printable characters.",
        "El nombre de quien cobra tiene de 1 a 70 caracteres imprimibles."
    );
}
