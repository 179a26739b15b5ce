using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>What is refused about holds, promises, disputes, write-offs and claims.</summary>
public static partial class CollectionsFaults
{
    /// <summary>A reason that is empty or too long.</summary>
    public static readonly FaultCode NoReason = new(
        "COL-ACT-01",
        FaultKind.Rule,
        "It must be said why, in 1 to {0} characters.",
        "Hay que decir por qué, en 1 a {0} caracteres."
    );

    /// <summary>An act that staff does not do.</summary>
    public static readonly FaultCode UnknownAct = new(
        "COL-ACT-02",
        FaultKind.Rule,
        "There is no act '{0}'. There are: {1}.",
        "No existe la gestión '{0}'. Existen: {1}."
    );

    /// <summary>No customer of that key, or another seller's.</summary>
    public static readonly FaultCode NoCustomer = new(
        "COL-CUSTOMER-01",
        FaultKind.NotFound,
        "This customer never owed anything, or there is no such customer.",
        "Este cliente nunca debió nada, o no existe."
    );

    /// <summary>A hold that ends before it begins.</summary>
    public static readonly FaultCode HoldInThePast = new(
        "COL-HOLD-03",
        FaultKind.Rule,
        "A hold does not end in the past.",
        "Una retención no termina en el pasado."
    );

    /// <summary>A hold that ends in another age.</summary>
    public static readonly FaultCode HoldTooLong = new(
        "COL-HOLD-05",
        FaultKind.Rule,
        "A hold ends within {0} years; one without an end stands until it is released.",
        "Una retención termina en {0} años como máximo; sin final, dura hasta que se levanta."
    );

    /// <summary>No such hold.</summary>
    public static readonly FaultCode NoHold = new("COL-HOLD-04", FaultKind.NotFound, "There is no such hold.", "No existe esa retención.");

    /// <summary>An ageing of a day that has not come.</summary>
    public static readonly FaultCode AgeingToCome = new(
        "COL-AGEING-01",
        FaultKind.Rule,
        "{0} has not come yet: what will be owed then nobody knows.",
        "El {0} aún no ha llegado: nadie sabe qué se deberá entonces."
    );

    /// <summary>A statement whose first day is after its last.</summary>
    public static readonly FaultCode StatementBackwards = new(
        "COL-STATEMENT-01",
        FaultKind.Rule,
        "A statement's first day is not after its last.",
        "El primer día de un extracto no es posterior al último."
    );

    /// <summary>A statement of too many invoices.</summary>
    public static readonly FaultCode StatementTooLong = new(
        "COL-STATEMENT-02",
        FaultKind.Rule,
        "In these days there are more than {0} invoices: ask for fewer days.",
        "En estas fechas hay más de {0} facturas: pide menos días."
    );

    /// <summary>Delivery is away.</summary>
    public static readonly FaultCode NoPdfNow = new(
        "COL-STATEMENT-03",
        FaultKind.Unavailable,
        "The statement cannot be set as PDF now; as JSON it is there.",
        "El extracto no se puede componer en PDF ahora; en JSON sí está."
    );

    /// <summary>A format that there is not.</summary>
    public static readonly FaultCode UnknownFormat = new(
        "COL-STATEMENT-04",
        FaultKind.Rule,
        "There is no format '{0}'. There are: json, pdf.",
        "No existe el formato '{0}'. Existen: json, pdf."
    );

    /// <summary>A statement that is too large for a PDF.</summary>
    public static readonly FaultCode StatementTooLarge = new(
        "COL-STATEMENT-05",
        FaultKind.Rule,
        "The statement is too large to be set as PDF: ask for fewer days, or as JSON.",
        "El extracto es demasiado grande para componerlo en PDF: pide menos días, o en JSON."
    );

    /// <summary>A promise of a day that is over.</summary>
    public static readonly FaultCode PromiseInThePast = new(
        "COL-PROMISE-01",
        FaultKind.Rule,
        "Nobody promises to pay on a day that is over.",
        "Nadie promete pagar en un día que ya pasó."
    );

    /// <summary>A promise too far ahead.</summary>
    public static readonly FaultCode PromiseTooFar = new(
        "COL-PROMISE-02",
        FaultKind.Rule,
        "The day is at most {0} days ahead.",
        "El día está como mucho a {0} días."
    );

    /// <summary>A promise of nothing, of parts of a coin, or of more than is due.</summary>
    public static readonly FaultCode PromiseAmount = new(
        "COL-PROMISE-03",
        FaultKind.Rule,
        "The amount must be more than zero, with at most {0} decimals, and at most {1}, which is due and not promised yet.",
        "El importe debe ser mayor que cero, con {0} decimales como máximo, y como mucho {1}, que es lo que se debe y aún no se ha prometido."
    );

    /// <summary>A promise where nothing is owed.</summary>
    public static readonly FaultCode PromiseOnSettled = new(
        "COL-PROMISE-04",
        FaultKind.Conflict,
        "Nothing is owed for this invoice any more: there is nothing to promise.",
        "Por esta factura ya no se debe nada: no hay nada que prometer."
    );

    /// <summary>Another word stands.</summary>
    public static readonly FaultCode AlreadyPromised = new(
        "COL-PROMISE-05",
        FaultKind.Conflict,
        "{0} of it is promised already: cancel that promise first.",
        "De ella ya se han prometido {0}: cancela antes esa promesa."
    );

    /// <summary>A customer that broke its word.</summary>
    public static readonly FaultCode PromiseAfterBroken = new(
        "COL-PROMISE-06",
        FaultKind.Conflict,
        "A promise about this invoice was not kept: speak with the seller.",
        "Una promesa sobre esta factura no se cumplió: habla con el vendedor."
    );

    /// <summary>No such promise.</summary>
    public static readonly FaultCode NoPromise = new(
        "COL-PROMISE-07",
        FaultKind.NotFound,
        "There is no such promise.",
        "No existe esa promesa."
    );

    /// <summary>A promise that was judged.</summary>
    public static readonly FaultCode PromiseJudged = new(
        "COL-PROMISE-08",
        FaultKind.Conflict,
        "The promise's day is over and it was judged.",
        "El día de la promesa ya pasó y se ha valorado."
    );

    /// <summary>A customer's promise of a part.</summary>
    public static readonly FaultCode PromiseOfPart = new(
        "COL-PROMISE-09",
        FaultKind.Rule,
        "A customer's own promise is of all that is due and not disputed, {0}: for a part, speak with the seller.",
        "La promesa del propio cliente es de todo lo que se debe y no se disputa, {0}: para una parte, habla con el vendedor."
    );

    /// <summary>A plan of nothing or of too much.</summary>
    public static readonly FaultCode PlanSize = new(
        "COL-PLAN-01",
        FaultKind.Rule,
        "A plan has 1 to {0} instalments.",
        "Un plan tiene de 1 a {0} plazos."
    );

    /// <summary>Days that do not ascend.</summary>
    public static readonly FaultCode PlanOrder = new(
        "COL-PLAN-02",
        FaultKind.Rule,
        "Each instalment is on a later day than the one before.",
        "Cada plazo es en un día posterior al anterior."
    );

    /// <summary>A plan that does not sum.</summary>
    public static readonly FaultCode PlanSum = new(
        "COL-PLAN-03",
        FaultKind.Rule,
        "The instalments come to {0}, and {1} is due.",
        "Los plazos suman {0}, y se deben {1}."
    );

    /// <summary>A dispute of what is settled.</summary>
    public static readonly FaultCode DisputeOnSettled = new(
        "COL-DISPUTE-01",
        FaultKind.Conflict,
        "Nothing is owed for this invoice any more: there is nothing to dispute here.",
        "Por esta factura ya no se debe nada: aquí no hay nada que disputar."
    );

    /// <summary>No such line, or none is known.</summary>
    public static readonly FaultCode NoLine = new(
        "COL-DISPUTE-02",
        FaultKind.Rule,
        "The invoice has no such line.",
        "La factura no tiene esa línea."
    );

    /// <summary>A line that asks for nothing.</summary>
    public static readonly FaultCode LineAsksForNothing = new(
        "COL-DISPUTE-03",
        FaultKind.Rule,
        "That line asks for nothing.",
        "Esa línea no pide nada."
    );

    /// <summary>An amount that cannot be disputed.</summary>
    public static readonly FaultCode DisputeAmount = new(
        "COL-DISPUTE-04",
        FaultKind.Rule,
        "The amount must be more than zero, with at most {0} decimals, and at most {1}.",
        "El importe debe ser mayor que cero, con {0} decimales como máximo, y como mucho {1}."
    );

    /// <summary>The same complaint again.</summary>
    public static readonly FaultCode AlreadyDisputed = new(
        "COL-DISPUTE-05",
        FaultKind.Conflict,
        "That is disputed already.",
        "Eso ya está en disputa."
    );

    /// <summary>No such dispute.</summary>
    public static readonly FaultCode NoDispute = new(
        "COL-DISPUTE-06",
        FaultKind.NotFound,
        "There is no such dispute.",
        "No existe esa disputa."
    );

    /// <summary>A dispute that has ended.</summary>
    public static readonly FaultCode DisputeResolved = new(
        "COL-DISPUTE-07",
        FaultKind.Conflict,
        "The dispute has ended: {0}.",
        "La disputa ya terminó: {0}."
    );

    /// <summary>An outcome that there is not.</summary>
    public static readonly FaultCode UnknownOutcome = new(
        "COL-DISPUTE-08",
        FaultKind.Rule,
        "There is no outcome '{0}'. There are: accepted, rejected, withdrawn.",
        "No existe el resultado '{0}'. Existen: accepted, rejected, withdrawn."
    );

    /// <summary>A write-off of nothing, of parts of a coin, or of more than is due.</summary>
    public static readonly FaultCode WriteOffAmount = new(
        "COL-WRITEOFF-01",
        FaultKind.Rule,
        "The amount must be more than zero, with at most {0} decimals, and at most {1}, which is due.",
        "El importe debe ser mayor que cero, con {0} decimales como máximo, y como mucho {1}, que es lo que se debe."
    );

    /// <summary>A write-off of what is settled.</summary>
    public static readonly FaultCode WriteOffOnSettled = new(
        "COL-WRITEOFF-02",
        FaultKind.Conflict,
        "Nothing is owed for this invoice any more: there is nothing to write off.",
        "Por esta factura ya no se debe nada: no hay nada que dar de baja."
    );

    /// <summary>Another is under way.</summary>
    public static readonly FaultCode WriteOffPending = new(
        "COL-WRITEOFF-03",
        FaultKind.Conflict,
        "A write-off of this invoice is asked for or being booked already.",
        "Ya hay una baja de esta factura pedida o contabilizándose."
    );

    /// <summary>Whoever asked would decide.</summary>
    public static readonly FaultCode WriteOffAlone = new(
        "COL-WRITEOFF-04",
        FaultKind.Forbidden,
        "Another person than the one who asked decides.",
        "Decide otra persona que la que la pidió."
    );

    /// <summary>It was decided.</summary>
    public static readonly FaultCode WriteOffDecided = new(
        "COL-WRITEOFF-05",
        FaultKind.Conflict,
        "It was decided already: {0}.",
        "Ya se decidió: {0}."
    );

    /// <summary>No such write-off.</summary>
    public static readonly FaultCode NoWriteOff = new(
        "COL-WRITEOFF-06",
        FaultKind.NotFound,
        "There is no such write-off.",
        "No existe esa baja."
    );

    /// <summary>A limit that is negative, too high or has parts of a cent.</summary>
    public static readonly FaultCode BadWriteOffLimit = new(
        "COL-SETTINGS-01",
        FaultKind.Rule,
        "The limit must be 0.00 to {0}, with at most two decimals.",
        "El límite debe estar entre 0.00 y {0}, con dos decimales como máximo."
    );

    /// <summary>Interest of a consumer.</summary>
    public static readonly FaultCode ConsumerOwesNoInterest = new(
        "COL-CLAIM-01",
        FaultKind.Rule,
        "The buyer did not buy as a business: Directive 2011/7/EU gives no interest nor compensation.",
        "El comprador no compró como empresa: la Directiva 2011/7/UE no da intereses ni compensación."
    );

    /// <summary>Nothing to claim.</summary>
    public static readonly FaultCode NothingToClaim = new(
        "COL-CLAIM-02",
        FaultKind.Rule,
        "There is nothing to claim that is not claimed already.",
        "No hay nada que reclamar que no se haya reclamado ya."
    );

    /// <summary>A rate that is not known.</summary>
    public static readonly FaultCode RateUnknown = new(
        "COL-CLAIM-03",
        FaultKind.Conflict,
        "The European Central Bank's rate for {0} is not known here: the operator keeps it with PUT /v1/interest-rates. Nothing is guessed.",
        "El tipo del Banco Central Europeo para el {0} no se conoce aquí: el operador lo guarda con PUT /v1/interest-rates. Nada se supone."
    );

    /// <summary>A kind of claim that there is not.</summary>
    public static readonly FaultCode UnknownClaim = new(
        "COL-CLAIM-04",
        FaultKind.Rule,
        "The kinds are interest and recovery, one or both.",
        "Las clases son interest y recovery, una o ambas."
    );

    /// <summary>No such claim.</summary>
    public static readonly FaultCode NoClaim = new(
        "COL-CLAIM-05",
        FaultKind.NotFound,
        "There is no such claim.",
        "No existe esa reclamación."
    );

    /// <summary>A claim that has ended otherwise.</summary>
    public static readonly FaultCode ClaimEnded = new(
        "COL-CLAIM-06",
        FaultKind.Conflict,
        "The claim has ended: {0}.",
        "La reclamación ya terminó: {0}."
    );

    /// <summary>Interest until a day too far.</summary>
    public static readonly FaultCode InterestTooFar = new(
        "COL-CLAIM-07",
        FaultKind.Rule,
        "The day is at most {0} days ahead.",
        "El día está como mucho a {0} días."
    );

    /// <summary>No first day of a half-year.</summary>
    public static readonly FaultCode NoHalfYear = new(
        "COL-RATE-01",
        FaultKind.Rule,
        "'{0}' is no 1 January or 1 July, such as 2026-07-01.",
        "'{0}' no es un 1 de enero ni un 1 de julio, como 2026-07-01."
    );

    /// <summary>A rate of a half-year that this version knows.</summary>
    public static readonly FaultCode RateKnown = new(
        "COL-RATE-02",
        FaultKind.Conflict,
        "The rate of {0} is known and stays as it is.",
        "El tipo del {0} se conoce y se queda como está."
    );

    /// <summary>A rate of a half-year to come.</summary>
    public static readonly FaultCode RateToCome = new(
        "COL-RATE-03",
        FaultKind.Rule,
        "That half-year has not begun: nobody knows its rate.",
        "Ese semestre no ha empezado: nadie conoce su tipo."
    );

    /// <summary>A rate that is none.</summary>
    public static readonly FaultCode BadRate = new(
        "COL-RATE-04",
        FaultKind.Rule,
        "The rate is percent a year, -5 to 25, with at most three decimals.",
        "El tipo es un porcentaje anual, de -5 a 25, con tres decimales como máximo."
    );
}
