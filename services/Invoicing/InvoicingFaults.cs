using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing;

/// <summary>Every refusal of Invoicing: its stable code and its words.</summary>
public static class InvoicingFaults
{
    private static FaultCode Rule(string code, string english, string spanish) => new(code, FaultKind.Rule, english, spanish);

    private static FaultCode NotThere(string code, string english, string spanish) => new(code, FaultKind.NotFound, english, spanish);

    private static FaultCode Conflict(string code, string english, string spanish) => new(code, FaultKind.Conflict, english, spanish);

    // Sellers
    public static readonly FaultCode NoSeller = NotThere("INV-SELLER-01", "There is no such seller.", "No existe ese vendedor.");
    public static readonly FaultCode SellerField = Rule(
        "INV-SELLER-02",
        "{0} is missing or not sound: {1}",
        "{0} falta o no es correcto: {1}"
    );
    public static readonly FaultCode SellerNif = Rule(
        "INV-SELLER-03",
        "{0} is no Spanish NIF: its check digit does not fit.",
        "{0} no es un NIF: el carácter de control no corresponde."
    );
    public static readonly FaultCode SellerZone = Rule(
        "INV-SELLER-04",
        "{0} is no IANA time zone, such as Europe/Madrid.",
        "{0} no es una zona horaria IANA, como Europe/Madrid."
    );
    public static readonly FaultCode SellerIban = Rule(
        "INV-SELLER-05",
        "{0} is no IBAN: its check digits do not fit.",
        "{0} no es un IBAN: los dígitos de control no corresponden."
    );
    public static readonly FaultCode ForalVerifactu = Rule(
        "INV-SELLER-06",
        "The foral treasuries keep records of their own (TicketBAI, Batuz): regime verifactu does not hold there.",
        "Las haciendas forales llevan sus propios registros (TicketBAI, Batuz): el régimen verifactu no rige allí."
    );
    public static readonly FaultCode StoreTwice = Rule(
        "INV-SELLER-07",
        "The store {0} is listed twice.",
        "La tienda {0} figura dos veces."
    );
    public static readonly FaultCode TaxIdFixed = Conflict(
        "INV-SELLER-08",
        "Invoices were issued under {0}: another taxpayer is another seller.",
        "Ya hay facturas emitidas con {0}: otro contribuyente es otro vendedor."
    );
    public static readonly FaultCode NoSuchKey = NotThere("INV-KEY-01", "There is no such key.", "No existe esa clave.");
    public static readonly FaultCode BadScope = Rule("INV-KEY-02", "{0} is no scope.", "{0} no es un permiso.");

    // Sales
    public static readonly FaultCode OtherContent = Conflict(
        "INV-SALE-01",
        "The sale {0} was posted before with other content; its invoice is {1}.",
        "La venta {0} ya se registró con otro contenido; su factura es {1}."
    );
    public static readonly FaultCode BadText = Rule(
        "INV-SALE-02",
        "The text holds a character that no document can carry (a control character or half a surrogate pair).",
        "El texto contiene un carácter que ningún documento admite (de control o medio par sustituto)."
    );
    public static readonly FaultCode BadField = Rule("INV-SALE-03", "{0}", "Dato incorrecto: {0}");
    public static readonly FaultCode BadStore = Rule(
        "INV-SALE-04",
        "A store's name stands in invoice numbers: letters, digits, dot, dash and underscore, at most 30.",
        "El nombre de la tienda va en los números de factura: letras, dígitos, punto, guion y guion bajo, 30 como máximo."
    );
    public static readonly FaultCode NoExchangeRate = Rule(
        "INV-SALE-05",
        "In {0} an invoice states its VAT in euro too (RD 1619/2012 art. 12): exchangeRate is missing, the EUR for one {0}.",
        "En {0} la factura expresa además el IVA en euros (RD 1619/2012 art. 12): falta exchangeRate, los EUR por un {0}."
    );
    public static readonly FaultCode NoLines = Rule("INV-SALE-06", "A sale has at least one line.", "Una venta tiene al menos una línea.");
    public static readonly FaultCode NothingSold = Rule(
        "INV-SALE-07",
        "Every line is priced 0: that is a movement of stock, not a sale.",
        "Todas las líneas tienen precio 0: es un movimiento de existencias, no una venta."
    );
    public static readonly FaultCode TooMuch = Rule(
        "INV-SALE-08",
        "The total is beyond what an invoice can state (999,999,999.99).",
        "El total supera lo que una factura puede expresar (999.999.999,99)."
    );
    public static readonly FaultCode RateForEuro = Rule(
        "INV-SALE-10",
        "A sale in EUR has no exchangeRate: it is in the currency of the accounts already.",
        "Una venta en EUR no lleva exchangeRate: ya está en la moneda de la contabilidad."
    );
    public static readonly FaultCode BadExchangeRate = Rule(
        "INV-SALE-11",
        "An exchangeRate is more than 0 and at most 1,000,000: the EUR for one unit of the currency.",
        "Un exchangeRate es mayor que 0 y no pasa de 1.000.000: los EUR por una unidad de la moneda."
    );
    public static readonly FaultCode NoSuchCurrency = Rule(
        "INV-SALE-12",
        "{0} is no currency of ISO 4217 (BR-CL-04).",
        "{0} no es una moneda de ISO 4217 (BR-CL-04)."
    );
    public static readonly FaultCode NullItem = Rule("INV-SALE-09", "A list holds null.", "Una lista contiene null.");

    // Lines
    public static readonly FaultCode NoItem = Rule(
        "INV-LINE-01",
        "A line needs a sku or a name.",
        "Una línea necesita un código o un nombre."
    );
    public static readonly FaultCode BadQuantity = Rule(
        "INV-LINE-02",
        "A quantity is neither 0 nor beyond 10,000,000.",
        "Una cantidad no es 0 ni pasa de 10.000.000."
    );
    public static readonly FaultCode NegativePrice = Rule(
        "INV-LINE-03",
        "A price is not negative (BR-27) and at most 1,000,000,000; goods come back with a negative quantity.",
        "Un precio no es negativo (BR-27) ni pasa de 1.000.000.000; lo devuelto lleva cantidad negativa."
    );
    public static readonly FaultCode BadUnit = Rule(
        "INV-LINE-04",
        "{0} is no unit of UN/ECE Recommendation 20, such as C62 or KGM.",
        "{0} no es una unidad de la Recomendación 20 de UN/ECE, como C62 o KGM."
    );
    public static readonly FaultCode BadAmount = Rule(
        "INV-LINE-05",
        "An amount is not negative, has no more decimals than the coin, and is at most 1,000,000,000.",
        "Un importe no es negativo, no tiene más decimales que la moneda y no pasa de 1.000.000.000."
    );
    public static readonly FaultCode AllowanceTooLarge = Rule(
        "INV-LINE-06",
        "The allowances are more than what they reduce.",
        "Los descuentos superan lo que reducen."
    );
    public static readonly FaultCode MixedRates = Rule(
        "INV-LINE-07",
        "Goods sold and goods brought back under several rates: post what came back as a sale of its own with returnOf.",
        "Hay ventas y devoluciones a varios tipos: registra lo devuelto como una venta aparte con returnOf."
    );

    // VAT
    public static readonly FaultCode NoCategory = Rule(
        "INV-VAT-01",
        "{0} is no VAT category: S, Z, E, AE, K, G, O, L or M.",
        "{0} no es una categoría de IVA: S, Z, E, AE, K, G, O, L o M."
    );
    public static readonly FaultCode NoRate = Rule(
        "INV-VAT-02",
        "{0} % is no rate of category {1} on {2}.",
        "El {0} % no es un tipo de la categoría {1} el {2}."
    );
    public static readonly FaultCode RateNotZero = Rule("INV-VAT-03", "Category {0} has the rate 0.", "La categoría {0} lleva tipo 0.");
    public static readonly FaultCode NoReason = Rule(
        "INV-VAT-04",
        "An exempt line says why: exemptionCause, exemptionReasonCode or exemptionReason (BR-E-10).",
        "Una línea exenta dice por qué: exemptionCause, exemptionReasonCode o exemptionReason (BR-E-10)."
    );
    public static readonly FaultCode ReasonTooMuch = Rule(
        "INV-VAT-05",
        "Category {0} has no exemption reason (BR-{0}-10).",
        "La categoría {0} no lleva motivo de exención (BR-{0}-10)."
    );
    public static readonly FaultCode WrongTerritory = Rule(
        "INV-VAT-06",
        "Category {0} does not hold in the seller's territory ({1}): IVA is S, IGIC L, IPSI M.",
        "La categoría {0} no rige en el territorio del vendedor ({1}): el IVA es S, el IGIC L, el IPSI M."
    );
    public static readonly FaultCode BadCode = Rule("INV-VAT-07", "{0} is no {1}.", "{0} no es un valor de {1}.");
    public static readonly FaultCode OneGroup = Rule(
        "INV-VAT-08",
        "Lines of one category and rate name different regimes or reasons: post them as two sales.",
        "Hay líneas de igual categoría y tipo con distinto régimen o motivo: regístralas como dos ventas."
    );
    public static readonly FaultCode NotSubjectAlone = Rule(
        "INV-VAT-09",
        "What is not subject to VAT (O) stands on an invoice of its own (BR-O-11).",
        "Lo no sujeto (O) va en una factura aparte (BR-O-11)."
    );
    public static readonly FaultCode NeedsBuyer = Rule(
        "INV-VAT-10",
        "Category {0} needs a buyer with {1}.",
        "La categoría {0} necesita un comprador con {1}."
    );

    public static readonly FaultCode ZeroRated = Rule(
        "INV-VAT-11",
        "Category S has a rate above 0 (BR-S-05); what is taxed at 0 % is category Z.",
        "La categoría S lleva un tipo mayor que 0 (BR-S-05); lo gravado al 0 % es categoría Z."
    );
    public static readonly FaultCode WrongRegime = Rule(
        "INV-VAT-12",
        "The tax agency does not take regimeKey {0} with {1}.",
        "La Agencia Tributaria no admite regimeKey {0} con {1}."
    );
    public static readonly FaultCode OtherReason = Rule(
        "INV-VAT-13",
        "{0} is a reason of category {1}, not of {2}.",
        "{0} es un motivo de la categoría {1}, no de {2}."
    );
    public static readonly FaultCode NotDelivered = Rule(
        "INV-VAT-14",
        "A supply to another Member State (K) says when and where the goods arrived: {0} (BR-IC-11, BR-IC-12).",
        "Una entrega intracomunitaria (K) dice cuándo y dónde llegaron los bienes: {0} (BR-IC-11, BR-IC-12)."
    );

    // Buyer and kind
    public static readonly FaultCode BuyerNif = Rule(
        "INV-BUYER-01",
        "{0} is no Spanish NIF: its check character does not fit.",
        "{0} no es un NIF: el carácter de control no corresponde."
    );
    public static readonly FaultCode BuyerVat = Rule(
        "INV-BUYER-02",
        "{0} is no VAT identifier of a Member State, such as PT123456789.",
        "{0} no es un NIF-IVA de un Estado miembro, como PT123456789."
    );
    public static readonly FaultCode BuyerId = Rule(
        "INV-BUYER-03",
        "An identifier of this type has at most 20 characters and names its country (taxIdCountry).",
        "Un identificador de este tipo tiene 20 caracteres como máximo y nombra su país (taxIdCountry)."
    );
    public static readonly FaultCode BuyerEmail = Rule(
        "INV-BUYER-04",
        "This is no e-mail address.",
        "No es una dirección de correo electrónico."
    );
    public static readonly FaultCode BuyerNotInCensus = Rule(
        "INV-BUYER-06",
        "The tax agency's census has no {0} under the name {1}.",
        "El censo de la AEAT no tiene {0} con el nombre {1}."
    );
    public static readonly FaultCode BuyerOther = Rule(
        "INV-BUYER-05",
        "The goods were invoiced to another buyer.",
        "Lo devuelto se facturó a otro comprador."
    );
    public static readonly FaultCode NotIdentified = Rule(
        "INV-KIND-01",
        "A full invoice needs the buyer's name and tax identifier, for a business the address too (RD 1619/2012 art. 6).",
        "Una factura completa necesita nombre y NIF del comprador y, si es empresa, domicilio (RD 1619/2012 art. 6)."
    );
    public static readonly FaultCode OverLimit = Rule(
        "INV-KIND-02",
        "Above {0} EUR with VAT the law wants a full invoice, and the buyer is not identified (RD 1619/2012 art. 4).",
        "Por encima de {0} EUR, IVA incluido, la ley exige factura completa y el comprador no está identificado (RD 1619/2012 art. 4)."
    );
    public static readonly FaultCode NotSimplified = Rule(
        "INV-KIND-03",
        "What is delivered abroad, and categories AE, K and G, want a full invoice (RD 1619/2012 art. 4.4).",
        "Las entregas fuera de España y las categorías AE, K y G exigen factura completa (RD 1619/2012 art. 4.4)."
    );

    // Dates
    public static readonly FaultCode Ahead = Rule(
        "INV-DATE-01",
        "occurredAt lies more than a minute ahead: check the till's clock.",
        "occurredAt está más de un minuto en el futuro: revisa el reloj de la caja."
    );
    public static readonly FaultCode TooOld = Rule(
        "INV-DATE-02",
        "occurredAt lies more than 20 years back.",
        "occurredAt es de hace más de 20 años."
    );
    public static readonly FaultCode BadDate = Rule(
        "INV-DATE-03",
        "The date lies outside 2000 to 2199.",
        "La fecha está fuera de 2000 a 2199."
    );

    // Payments
    public static readonly FaultCode PaidTooMuch = Rule(
        "INV-PAY-01",
        "The payments are more than the total with the nonSaleItems: {0} of {1}. Post amounts net of change.",
        "Los pagos superan el total con los nonSaleItems: {0} de {1}. Registra importes sin el cambio."
    );
    public static readonly FaultCode PaidTooLittle = Rule(
        "INV-PAY-02",
        "The payments do not cover the nonSaleItems, which are paid with the sale, or have the wrong sign.",
        "Los pagos no cubren los nonSaleItems, que se pagan con la venta, o tienen el signo contrario."
    );

    // Returns
    public static readonly FaultCode NoOriginal = Rule(
        "INV-RETURN-01",
        "The original of this return is not known here; one of a former system is cited by number and issueDate.",
        "No consta el original de esta devolución; uno de otro sistema se cita con number e issueDate."
    );
    public static readonly FaultCode BlindRefused = Rule(
        "INV-RETURN-02",
        "Goods come back and returnOf names no original; this seller takes no blind returns.",
        "Se devuelve mercancía sin citar el original en returnOf; este vendedor no admite devoluciones a ciegas."
    );
    public static readonly FaultCode MoreThanLeft = Rule(
        "INV-RETURN-03",
        "More comes back of {0} than the original still has: {1} of {2}.",
        "De {0} se devuelve más de lo que queda en el original: {1} de {2}."
    );
    public static readonly FaultCode NothingBack = Rule(
        "INV-RETURN-04",
        "returnOf names an original, but no line comes back.",
        "returnOf cita un original, pero ninguna línea se devuelve."
    );
    public static readonly FaultCode MixedNegative = Rule(
        "INV-RETURN-05",
        "More comes back than is sold and no original is named: post what came back with returnOf.",
        "Se devuelve más de lo que se vende y no se cita el original: registra lo devuelto con returnOf."
    );
    public static readonly FaultCode NotReturnable = Rule(
        "INV-RETURN-06",
        "{0} is itself a corrective invoice or was cancelled; nothing can be returned of it.",
        "{0} es rectificativa o está anulada; no admite devoluciones."
    );
    public static readonly FaultCode RateNotSold = Rule(
        "INV-RETURN-07",
        "The original has nothing under category {0} at {1} %.",
        "El original no tiene nada en la categoría {0} al {1} %."
    );
    public static readonly FaultCode OneReference = Rule(
        "INV-RETURN-08",
        "returnOf names the original by saleId, by invoiceId, or by number (with issueDate): one of them.",
        "returnOf cita el original por saleId, por invoiceId o por number (con issueDate): uno de ellos."
    );
    public static readonly FaultCode GaveUp = Rule(
        "INV-RETURN-09",
        "The original did not arrive in time; post the return again when it has.",
        "El original no llegó a tiempo; registra la devolución otra vez cuando conste."
    );
    public static readonly FaultCode OtherDate = Rule(
        "INV-RETURN-10",
        "{0} was issued on {1}, not on {2}.",
        "{0} se expidió el {1}, no el {2}."
    );
    public static readonly FaultCode OriginalToCome = Rule(
        "INV-RETURN-11",
        "The original is dated {0}, which is still to come.",
        "El original lleva fecha de {0}, que aún no ha llegado."
    );
    public static readonly FaultCode OtherMoney = Rule(
        "INV-RETURN-12",
        "The original is in {0}: what comes back of it is in the same currency, not in {1}.",
        "El original está en {0}: lo devuelto va en la misma moneda, no en {1}."
    );

    // Invoices
    public static readonly FaultCode NoInvoice = NotThere("INV-INVOICE-01", "There is no such invoice.", "No existe esa factura.");
    public static readonly FaultCode ChangedMeanwhile = Conflict(
        "INV-INVOICE-02",
        "The invoice {0} was corrected, exchanged or cancelled just now: look at it and try again.",
        "La factura {0} se acaba de rectificar, canjear o anular: véala y vuelva a intentarlo."
    );
    public static readonly FaultCode OtherRequest = Conflict(
        "INV-INVOICE-03",
        "The key {0} was given before with another request.",
        "La clave {0} ya se usó con otra petición."
    );
    public static readonly FaultCode BadKey = Rule(
        "INV-INVOICE-04",
        "The header Idempotency-Key has 1 to 200 printable characters.",
        "La cabecera Idempotency-Key tiene de 1 a 200 caracteres imprimibles."
    );
    public static readonly FaultCode Behind = new(
        "INV-INVOICE-05",
        FaultKind.TooMany,
        "More invoices of this taxpayer wait than can be issued at once: post again in a second.",
        "Esperan más facturas de este obligado de las que se pueden expedir a la vez: vuelva a enviar en un segundo."
    );

    // Corrections (RD 1619/2012 art. 15)
    public static readonly FaultCode BadReason = Rule(
        "INV-CORRECT-01",
        "{0} is no reason for a correction: R1 to R4 correct a full invoice, R5 a ticket.",
        "{0} no es un motivo de rectificación: R1 a R4 rectifican una factura completa, R5 una simplificada."
    );
    public static readonly FaultCode ReasonDoesNotFit = Rule(
        "INV-CORRECT-02",
        "{0} does not fit {1}: a ticket is corrected under R5, any other invoice under R1 to R4.",
        "{0} no corresponde a {1}: una factura simplificada se rectifica con R5, cualquier otra con R1 a R4."
    );
    public static readonly FaultCode NotCorrectable = Rule(
        "INV-CORRECT-03",
        "{0} cannot be corrected: it is cancelled, or states differences only; correct the invoice that it corrects.",
        "{0} no se puede rectificar: está anulada, o solo recoge diferencias; rectifique la factura a la que se refiere."
    );
    public static readonly FaultCode Superseded = Rule(
        "INV-CORRECT-04",
        "{0} was substituted by {1}: correct that one.",
        "{0} fue sustituida por {1}: rectifique esta."
    );
    public static readonly FaultCode VatOnlyReason = Rule(
        "INV-CORRECT-05",
        "R2 and R3 take back VAT only: say vatOnly true with them, and with no other reason.",
        "R2 y R3 solo modifican la cuota: indique vatOnly true con ellos, y con ningún otro motivo."
    );
    public static readonly FaultCode VatOnlyText = Rule(
        "INV-CORRECT-06",
        "R2 and R3 need the facts in reasonText: the insolvency order, or the claim and its date (LIVA art. 80.Tres, 80.Cuatro).",
        "R2 y R3 exigen los hechos en reasonText: el auto de concurso, o la reclamación y su fecha (art. 80.Tres y 80.Cuatro LIVA)."
    );
    public static readonly FaultCode NothingCorrected = Rule(
        "INV-CORRECT-07",
        "A correction needs lines: the differences, or the whole sale anew where it substitutes.",
        "Una rectificación necesita líneas: las diferencias, o la venta completa de nuevo si sustituye."
    );
    public static readonly FaultCode NoDifference = Rule(
        "INV-CORRECT-08",
        "The lines make no difference to {0}.",
        "Las líneas no cambian nada de {0}."
    );
    public static readonly FaultCode NegativeSubstitution = Rule(
        "INV-CORRECT-09",
        "A substitution states the whole sale anew: its lines are not negative.",
        "Una sustitución recoge la venta completa de nuevo: sus líneas no son negativas."
    );
    public static readonly FaultCode VatOnlyNothingLeft = Rule(
        "INV-CORRECT-10",
        "{0} has no VAT left to take back.",
        "{0} ya no tiene cuota que modificar."
    );
    public static readonly FaultCode BuyerNeedsSubstitution = Rule(
        "INV-CORRECT-11",
        "Another buyer is stated by substitution.",
        "Otro destinatario se hace constar por sustitución."
    );
    public static readonly FaultCode BadMethod = Rule(
        "INV-CORRECT-12",
        "A correction of VAT only states differences.",
        "Una modificación solo de la cuota se hace por diferencias."
    );

    // Exchanges ("canje")
    public static readonly FaultCode NoTickets = Rule(
        "INV-EXCHANGE-01",
        "Name 1 to 1000 tickets, each once.",
        "Indique de 1 a 1000 facturas simplificadas, cada una una vez."
    );
    public static readonly FaultCode Exchanged = Conflict(
        "INV-EXCHANGE-02",
        "{0} was exchanged already for {1}.",
        "{0} ya se canjeó por {1}."
    );
    public static readonly FaultCode NotATicket = Rule(
        "INV-EXCHANGE-03",
        "{0} is no ticket: only simplified invoices without buyer are exchanged.",
        "{0} no es una factura simplificada sin destinatario: solo estas se canjean."
    );
    public static readonly FaultCode TicketCancelled = Rule("INV-EXCHANGE-04", "{0} is cancelled.", "{0} está anulada.");
    public static readonly FaultCode TicketReturned = Rule(
        "INV-EXCHANGE-05",
        "Everything on {0} has come back.",
        "Todo lo de {0} se ha devuelto."
    );
    public static readonly FaultCode TicketsDiffer = Rule(
        "INV-EXCHANGE-06",
        "The tickets are in several currencies or exchange rates: exchange them apart.",
        "Las facturas están en varias monedas o con varios tipos de cambio: canjéelas por separado."
    );
    public static readonly FaultCode TicketOurs = Rule(
        "INV-EXCHANGE-07",
        "{0} was issued here: name it by its invoiceId.",
        "{0} se expidió aquí: indíquela por su invoiceId."
    );
    public static readonly FaultCode NoTicket = Rule(
        "INV-EXCHANGE-08",
        "What {0} states comes to nothing or less.",
        "Lo que indica {0} suma cero o menos."
    );

    // Cancellations ("anulación")
    public static readonly FaultCode AlreadyCancelled = Conflict("INV-CANCEL-01", "{0} is cancelled already.", "{0} ya está anulada.");
    public static readonly FaultCode CancelCorrected = Conflict(
        "INV-CANCEL-02",
        "{0} was corrected by {1}: what was corrected is not cancelled.",
        "{0} se rectificó con {1}: lo rectificado no se anula."
    );
    public static readonly FaultCode CancelExchanged = Conflict(
        "INV-CANCEL-03",
        "{0} was exchanged for {1}: cancel that one first.",
        "{0} se canjeó por {1}: anule antes esta."
    );
    public static readonly FaultCode CancelReason = Rule(
        "INV-CANCEL-04",
        "Say why the invoice should never have been, in 1 to 500 characters.",
        "Diga por qué la factura no debió existir, en 1 a 500 caracteres."
    );
    public static readonly FaultCode CancelStated = Conflict(
        "INV-CANCEL-05",
        "{1} states what {0} took back: cancel that one first.",
        "{1} recoge lo que devolvió {0}: anule antes aquella."
    );

    // Documents
    public static readonly FaultCode NoFormat = Rule(
        "INV-DOC-01",
        "{0} is no format; there are ubl, cii, peppol, xrechnung, xrechnung-cii, factur-x, facturae, facturae-unsigned and json.",
        "{0} no es un formato; hay ubl, cii, peppol, xrechnung, xrechnung-cii, factur-x, facturae, facturae-unsigned y json."
    );
    public static readonly FaultCode NoRecord = NotThere(
        "INV-DOC-02",
        "The invoice {0} has no fiscal record.",
        "La factura {0} no tiene registro de facturación."
    );
    public static readonly FaultCode VatOnlyNotHeld = Rule(
        "INV-DOC-08",
        "{0} cannot hold VAT on a base of 0, as this correction states it.",
        "{0} no admite una cuota sobre base 0, como recoge esta rectificación."
    );
    public static readonly FaultCode SurchargeNotHeld = Rule(
        "INV-DOC-03",
        "{0} has no place for the equivalence surcharge; ask for facturae or json.",
        "{0} no tiene lugar para el recargo de equivalencia; pide facturae o json."
    );
    public static readonly FaultCode ProfileLacks = Rule(
        "INV-DOC-04",
        "{0} needs what this invoice lacks: {1}.",
        "{0} necesita lo que a esta factura le falta: {1}."
    );
    public static readonly FaultCode PrecedingNotHeld = Rule(
        "INV-DOC-05",
        "{0} has place for one preceding invoice (BG-3), and this one names {1}; ask for ubl or factur-x.",
        "{0} tiene lugar para una sola factura anterior (BG-3) y esta cita {1}; pide ubl o factur-x."
    );
    public static readonly FaultCode ThirdDecimal = Rule(
        "INV-DOC-06",
        "EN 16931 holds amounts of at most two decimals (BR-DEC), and this invoice in {0} has a third; ask for json.",
        "EN 16931 admite importes de dos decimales como máximo (BR-DEC) y esta factura en {0} tiene un tercero; pide json."
    );
    public static readonly FaultCode ZeroRateInCii = Rule(
        "INV-DOC-07",
        "The rules of CII leave no place for IGIC at 0 % (BR-AF-05); ask for ubl.",
        "Las reglas de CII no dejan lugar al IGIC al 0 % (BR-AF-05); pide ubl."
    );
    public static readonly FaultCode NotXml = new(
        "INV-VALID-01",
        FaultKind.Malformed,
        "The document is not XML that can be read: {0}",
        "El documento no es XML legible: {0}"
    );
    public static readonly FaultCode NoSyntax = new(
        "INV-VALID-02",
        FaultKind.Malformed,
        "The document is neither a UBL 2.1 Invoice or CreditNote nor a CII D16B CrossIndustryInvoice: its root is {0}.",
        "El documento no es un Invoice ni un CreditNote de UBL 2.1, ni un CrossIndustryInvoice de CII D16B: su raíz es {0}."
    );
    public static readonly FaultCode BadCursor = new(
        "INV-LIST-01",
        FaultKind.Malformed,
        "The cursor was not given by this list.",
        "El cursor no procede de esta lista."
    );

    /// <summary>An owner wants to change what only the operator may.</summary>
    public static readonly FaultCode OperatorsOnly = new(
        "INV-SELLER-20",
        FaultKind.Forbidden,
        "Tax identifier, environment, regime and territory are changed by the operator alone. Nothing has been changed.",
        "El identificador fiscal, el entorno, el régimen y el territorio los cambia solo el operador. No ha cambiado nada."
    );

    /// <summary>A breach of EN 16931 keeps the rule's own code.</summary>
    public static FaultCode En16931(string rule, string english, string spanish) => Rule(rule, english, spanish);
}
