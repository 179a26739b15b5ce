using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>The pages in Spanish: plain, and tú for customers.</summary>
public partial class SpanishWords : Words
{
    private static readonly string[] MonthNames =
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];

    private static readonly string[] DayNames = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"];

    // Written out, so that a machine without the language's data writes the same.
    private static readonly NumberFormatInfo Format = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    public override string Code => "es";

    public override string Name => "Español";

    protected override NumberFormatInfo Numbers => Format;

    protected override bool SignAfter => true;

    protected override IReadOnlyList<string> Months => MonthNames;

    protected override IReadOnlyList<string> Weekdays => DayNames;

    public override string Date(DateOnly date) => $"{date.Day} de {MonthNames[date.Month - 1]} de {date.Year:0000}";

    private string Of(InvoiceBody invoice, decimal amount) => Amount(amount, invoice.Currency);

    // Around every page.
    public override string AppName => "Mis facturas";
    public override string SkipToContent => "Saltar al contenido";
    public override string MainNavigation => "Secciones";
    public override string Language => "Idioma";
    public override string Invoices => "Facturas";
    public override string Office => "Oficina";
    public override string SignOut => "Salir";
    public override string FooterLine => "Nadie de la tienda te pedirá nunca tu enlace de acceso.";
    public override string GoToInvoices => "Ir a mis facturas";
    public override string GoToSignIn => "Entrar";

    public override string CodeForHelp(string code) => $"Si pides ayuda, di este código: {code}";

    // Signing in.
    public override string SignInTitle => "Entrar";
    public override string SignInHeading => "Entra con tu correo";
    public override string SignInLead =>
        "Escribe el correo que diste en la tienda y te enviaremos un enlace para ver tus facturas. Sin contraseñas.";
    public override string EmailAddress => "Correo electrónico";
    public override string SendMeALink => "Enviarme el enlace";
    public override string WhyALink => "El enlace sirve una sola vez y solo en este navegador.";
    public override string SentTitle => "Mira tu correo";
    public override string SentHeading => "Mira tu correo";
    public override string SentLead => "Si ese correo tiene facturas con nosotros, le llegará un enlace en un momento.";

    public override string SentSameBrowser(int minutes) => $"Ábrelo en este mismo navegador antes de {minutes} minutos.";

    public override string SentSpam => "¿No llega? Mira en spam y comprueba que es el correo que diste en la tienda.";
    public override string TryAnotherAddress => "Probar con otro correo";
    public override string AskForAnotherLink => "Pedir otro enlace";
    public override string ConfirmTitle => "Entrar";
    public override string ConfirmHeading => "Ya casi está";
    public override string ConfirmLead => "Vas a entrar como";
    public override string ComeIn => "Entrar";

    // Invoices.
    public override string YourInvoices => "Tus facturas";
    public override string YouOwe => "Te queda por pagar";

    public override string NoInvoices(string email) =>
        $"Aún no hay facturas para {email}. La primera aparecerá aquí en cuanto una tienda te la envíe a este correo.";

    public override string NoMoreInvoices => "No hay facturas más antiguas.";
    public override string MorePages => "Más facturas";
    public override string Older => "Más antiguas";
    public override string Latest => "Las últimas";
    public override string PaymentsAway =>
        "Ahora mismo no podemos comprobar los pagos. El resto de la página está al día; vuelve a mirar en un minuto.";
    public override string TestEnvironment => "PRUEBA, sin validez fiscal";
    public override string AnonymousBuyer => "Consumidor final";

    public override string StillOpen(string amount) => $"Quedan {amount}";

    public override string OnItsWay(string amount) => $"{amount} en camino: aún no ha llegado, pero no hace falta que pagues otra vez.";

    public override string Pay(string amount) => $"Pagar {amount}";

    public override string WhatYouBought => "Qué has comprado";
    public override string Item => "Artículo";
    public override string QuantityWord => "Cantidad";
    public override string PriceWord => "Precio";
    public override string AmountWord => "Importe";
    public override string PricesWithVat => "Precios con impuestos incluidos.";
    public override string PricesWithoutVat => "Precios sin impuestos.";
    public override string VatAndTotals => "Impuestos y total";
    public override string RateWord => "Tipo";
    public override string TaxableWord => "Base";
    public override string TaxAmountWord => "Cuota";
    public override string EquivalenceSurcharge => "Recargo de equivalencia";
    public override string LineTotal => "Suma de artículos";
    public override string Allowances => "Descuentos";
    public override string Charges => "Cargos";
    public override string TotalWithoutVat => "Base imponible";

    public override string VatTotal(string tax) => TaxName(tax);

    public override string TotalWord => "Total";
    public override string PaidSoFar => "Pagado";
    public override string ToPay => "Por pagar";
    public override string HowItAddsUp => "Cómo se calcula";
    public override string Proof => "Comprobación";
    public override string TaxQr => "QR tributario:";
    public override string QrAlt => "Código QR para comprobar esta factura en la Agencia Tributaria";
    public override string Verifactu => "Factura verificable en la sede electrónica de la AEAT (VERI*FACTU)";
    public override string Number => "Número";
    public override string IssueDate => "Fecha de expedición";
    public override string OperationDate => "Fecha de la operación";
    public override string DueDate => "Vencimiento";
    public override string SoldBy => "Vende";
    public override string BoughtBy => "Compra";
    public override string Record => "Registro fiscal";
    public override string ChainTitle => "Su lugar en la cadena de registros";
    public override string ChainText => "Cada factura lleva la huella de la anterior. Si alguien cambiara una, la cadena se rompería.";
    public override string Fingerprint => "Huella";
    public override string PreviousFingerprint => "Huella anterior";
    public override string FirstOfChain => "Es la primera de la cadena";
    public override string Corrections => "Rectificaciones";
    public override string Corrects => "Rectifica a";
    public override string CorrectedBy => "Rectificada por";
    public override string Replaces => "Sustituye a";
    public override string ReplacedBy => "Sustituida por";

    public override string CorrectionReason(string why) => $"Motivo: {why}";

    public override string Payments => "Pagos";
    public override string Means => "Forma de pago";
    public override string NoPayments => "Aún no hay pagos.";
    public override string PaymentsUnknown => "Ahora mismo no podemos ver los pagos.";
    public override string TakeItWithYou => "Llévatela";
    public override string DownloadPdf => "Descargar PDF";
    public override string DownloadXml => "Descargar XML";
    public override string WhatIsXml => "El PDF es para leer; el XML (UBL) es para tu programa de contabilidad.";

    // Paying.
    public override string PayTitle(string number) => $"Pagar {number}";

    public override string PayHeading => "Pagar la factura";

    public override string DueOn(DateOnly date) => $"Vence el {Date(date)}";

    public override string AlreadyPaid => "Ya está pagada";
    public override string NothingToPay => "No tienes que hacer nada más.";
    public override string PayNow => "Pagar ahora";
    public override string Sandbox => "Pasarela de pruebas: no se mueve dinero real.";

    public override string PayBy(string means, string amount) => $"Pagar {amount}{By(means)}";

    public override string PayWith(string means) =>
        means switch
        {
            "wallet" => "Apple Pay o Google Pay",
            "direct-debit" => "Domiciliación bancaria",
            _ => MeansOf(means),
        };

    public override string PayAllBy(string means, int count, string amount) => $"Pagar las {Count(count)} facturas, {amount},{By(means)}";

    public override string PayWhere => "Pagas en una página segura: los datos de tu tarjeta no pasan por aquí ni por la tienda.";
    public override string PayOtherwise => "¿No terminaste de pagar?";
    public override string PayAnyway => "Seguir con el pago o pagar de otra forma";
    public override string PayAllHeading => "Pagar todo lo pendiente";
    public override string PayAskedHeading => "Pagar lo que pide el recordatorio";
    public override string OpenInvoices => "Facturas pendientes";

    public override string PayTogether(int count) => $"O paga tus {Count(count)} facturas pendientes de una vez";

    public override string PayTogetherText(string seller, string amount) => $"Todo lo que tienes pendiente con {seller} suma {amount}.";

    public override string UnderWay => "En camino";

    public override string OnItsWaySince(string amount, DateTimeOffset since) =>
        $"{amount} en camino desde el {Date(DateOnly.FromDateTime(since.DateTime))} a las {Clock(since)}: aún no ha llegado, pero no hace falta que pagues otra vez.";

    public override string CouldNotOpen(string means) =>
        $"Ahora mismo no podemos abrir el pago{By(means)}. No se ha cobrado nada. Paga de otra forma o inténtalo de nuevo en un minuto.";

    public override string AmountHasChanged =>
        "El importe ha cambiado desde que abriste esta página. No se ha cobrado nada. Este es el importe de ahora.";
    public override string AllPaid => "Ya está todo pagado";
    public override string OnwardTitle => "Sigue para pagar";
    public override string OnwardHeading => "Vas a la página segura de pago";
    public override string OnwardByButton => "Pulsa el botón para pagar en la página segura del banco. Al terminar volverás aquí.";
    public override string OnwardByItself => "Se abre sola en un momento; si no, pulsa el botón. Al terminar volverás aquí.";

    public override string GoOnAndPay(string amount) => $"Seguir y pagar {amount}";

    public override string BackToPaying => "Volver y elegir otra forma";
    public override string WaitingHeading => "El banco aún no nos ha dicho nada";

    public override string WaitingText(string amount) =>
        $"Si has pagado {amount}, no pagues otra vez: en cuanto el banco lo confirme, quedará anotado y aquí lo verás.";

    public override string LooksByItself => "Esta página vuelve a mirar sola durante un minuto.";
    public override string LooksNoMore => "Esta página ya no mira sola. Vuelve a mirar cuando quieras; puedes cerrarla sin perder nada.";
    public override string LookAgain => "Mirar otra vez";
    public override string StayStill => "Que no mire sola";
    public override string NotFinished => "No terminé de pagar";
    public override string NotPaid => "Sin pagar";

    public override string FailedHeading(string amount) => $"No hemos podido cobrar {amount}";

    public override string FailedText =>
        "El banco no ha aceptado el pago y no se ha cobrado nada. Inténtalo de nuevo, paga de otra forma o pregunta a tu banco.";
    public override string CancelledHeading => "Has dejado el pago sin terminar";
    public override string ExpiredHeading => "Se ha pasado el tiempo para pagar";
    public override string NothingCharged => "No se ha cobrado nada. Puedes intentarlo de nuevo o pagar de otra forma.";

    public override string BankCode(string code) => $"Código del banco: {code}";

    public override string TryAgain => "Probar otra vez o pagar de otra forma";
    public override string ByTransfer => "Por transferencia";
    public override string EpcAlt => "Código QR con los datos de la transferencia";
    public override string ScanWithBank => "Escanéalo con la app de tu banco.";
    public override string Beneficiary => "Beneficiario";
    public override string TransferReference => "Concepto";
    public override string TransferTakes =>
        "Pon el concepto tal cual: así sabremos que es tuya. Una transferencia tarda entre unos segundos y dos días.";
    public override string TestBank =>
        "Esta tienda está de pruebas: puedes hacer la transferencia en un banco simulado, que no mueve dinero.";
    public override string TestBankGo => "Ir al banco simulado";

    public override string NoWayToPay(string seller) => $"Ahora mismo no se puede pagar aquí. Habla con {seller}.";

    public override string BackToInvoice => "Ver la factura";
    public override string SeeInvoiceSigningIn => "Ver la factura completa (pide entrar)";
    public override string SeeInvoicesSigningIn => "Ver tus facturas (pide entrar)";
    public override string PaidTitle => "Pagada";
    public override string PaidWord => "Pagada";
    public override string ThankYou => "Gracias, ya está pagada";
    public override string HadBeenPaid => "Ya estaba pagada; no se ha cobrado otra vez";

    public override string PaidText(string number, string amount, string seller) =>
        $"La factura {number} de {seller}, de {amount}, está pagada. No tienes que hacer nada más.";

    public override string ReceivedWord => "Recibido";
    public override string ThankYouForIt => "Gracias, hemos recibido tu pago";

    public override string ReceivedText(string amount, string seller) => $"{seller} ha recibido {amount}.";

    public override string LeftToPay(string amount) => $"Te quedan {amount} por pagar.";

    public override string AllPaidText(string seller) => $"No tienes nada pendiente con {seller}.";

    public override string AskedPaidText(string seller) => $"Lo que te pedía {seller} está pagado.";

    private static string By(string means) =>
        means switch
        {
            "card" => " con tarjeta",
            "bizum" => " con Bizum",
            "wallet" => " con Apple Pay o Google Pay",
            "direct-debit" => " por domiciliación",
            _ => "",
        };

    // Office.
    public override string WhichOffice => "¿De qué tienda?";
    public override string AnotherOffice => "Cambiar de tienda";
    public override string SoldToday => "Vendido hoy";
    public override string NoSalesToday => "Aún no hay ventas hoy. La primera aparecerá aquí en cuanto la caja la envíe.";
    public override string SalesAway => "Ahora mismo no podemos ver las ventas. Se siguen registrando; vuelve a mirar en un minuto.";

    public override string InvoicesCount(long count) => count == 1 ? "1 factura" : $"{Count(count)} facturas";

    public override string ReturnsInside(string amount) => $", ya descontadas devoluciones de {amount}";

    public override string LastWeek(string weekday, string amount, long count) =>
        $"El {weekday} pasado, en todo el día: {amount} en {InvoicesCount(count)}.";

    public override string NothingLastWeek(string weekday) => $"El {weekday} pasado no hubo ventas.";

    public override string ByShop => "Por tienda";
    public override string ShopWord => "Tienda";
    public override string OwedToUs => "Nos deben";
    public override string OwedAway => "Ahora mismo no podemos ver lo pendiente. No se ha perdido nada; vuelve a mirar en un minuto.";
    public override string NothingOwed => "Nadie os debe nada. Cuando vendáis a crédito, lo pendiente aparecerá aquí.";

    public override string InInvoices(int count) => $"en {InvoicesCount(count)}";

    public override string OfThatOverdue(string amount, int count) => $"Vencido: {amount} en {InvoicesCount(count)}";

    public override string NothingOverdue => "Nada vencido";
    public override string NeedsYouNow => "Vencidas";
    public override string NoOverdue => "No hay ninguna factura vencida.";
    public override string MoreOverdue => "Hay más facturas vencidas; aquí están las diez primeras.";

    public override string WasDueOn(DateOnly date) => $"venció el {ShortDate(date)}";

    public override string Reminders(int count) => count == 1 ? "1 aviso enviado" : $"{count} avisos enviados";

    public override string DaysLate(int days) => days == 1 ? "1 día tarde" : $"{Count(days)} días tarde";

    public override string LatestInvoices => "Últimas facturas";
    public override string PreviewsLink => "Ver cómo llegan tus correos y facturas";
    public override string Previews => "Así llegan tus correos y facturas";
    public override string PreviewsLead =>
        "Con una factura de ejemplo, el color y el logotipo de tu tienda y, si las tienes, tus propias plantillas.";
    public override string PreviewMail => "El correo";
    public override string PreviewPage => "La página de la factura";
    public override string InvoicesAway => "Ahora mismo no podemos ver las facturas. Vuelve a mirar en un minuto.";

    // Sentences that depend on what they tell of.
    public override string KindOf(InvoiceBody invoice) =>
        invoice.Kind switch
        {
            InvoiceKind.Simplified => "Factura simplificada",
            InvoiceKind.Corrective => "Factura rectificativa",
            _ => "Factura",
        };

    public override string StandingShort(Standing standing) =>
        standing.Kind switch
        {
            StandingKind.Paid => "Pagada",
            StandingKind.Due => "Pendiente",
            StandingKind.Overdue => "Vencida",
            StandingKind.Credit => "Devolución",
            StandingKind.Cancelled => "Anulada",
            _ => "Sin comprobar",
        };

    public override string StandingLong(Standing standing) =>
        standing switch
        {
            { Kind: StandingKind.Paid, PaidOn: { } paid } => $"Pagada el {Date(paid)}",
            { Kind: StandingKind.Due, DueDate: { } due } => $"Pendiente: vence el {Date(due)}",
            { Kind: StandingKind.Overdue, DueDate: { } due } => $"Vencida: había que pagarla el {Date(due)}",
            { Kind: StandingKind.Credit } => "Devolución: este importe es a tu favor",
            { Kind: StandingKind.Cancelled } => "Anulada: no tiene efecto",
            { Kind: StandingKind.Unknown } => "Ahora no podemos comprobar si está pagada",
            _ => StandingShort(standing),
        };

    public override string TaxName(string tax) =>
        tax switch
        {
            "igic" => "IGIC",
            "ipsi" => "IPSI",
            _ => "IVA",
        };

    public override string Rate(string category, decimal rate) =>
        category switch
        {
            "E" => "exento",
            "AE" => "inversión del sujeto pasivo",
            "K" => "entrega intracomunitaria",
            "G" => "exportación",
            "O" => "no sujeto",
            _ => Percent(rate),
        };

    public override string MeansOf(string means) =>
        means switch
        {
            "cash" => "Efectivo",
            "card" => "Tarjeta",
            "bizum" => "Bizum",
            "transfer" => "Transferencia",
            "direct-debit" => "Domiciliación",
            "wallet" => "Monedero del móvil",
            "voucher" => "Vale",
            "credit" => "Saldo a favor",
            _ => "Otro medio",
        };

    public override string Discount(string? reason, string amount) => $"{reason ?? "Descuento"}: {amount} sin impuestos";

    public override string Surplus(string? reason, string amount) => $"{reason ?? "Cargo"}: {amount} sin impuestos";

    public override string Shop(InvoiceBody invoice) =>
        invoice.Channel == SaleChannel.Online ? "Tienda en línea" : $"Tienda {invoice.StoreId.Value}";

    public override string VatSum(InvoiceBody invoice, VatBreakdownBody vat) =>
        vat.Rate == 0m ? $"{TaxName(vat.Tax)} {Rate(vat.Category, vat.Rate)}: sobre {Of(invoice, vat.TaxableAmount)} no hay cuota."
        : invoice.PricesIncludeVat
            ? $"Al {Percent(vat.Rate)}: los precios suman {Of(invoice, vat.TaxableAmount + vat.VatAmount)} con {TaxName(vat.Tax)}; de ahí, {Quantity(vat.Rate)} de cada {Quantity(100m + vat.Rate)} partes son la cuota, {Of(invoice, vat.VatAmount)}, y el resto es la base, {Of(invoice, vat.TaxableAmount)}."
        : $"Al {Percent(vat.Rate)}: {Of(invoice, vat.TaxableAmount)} × {Percent(vat.Rate)} = {Of(invoice, vat.VatAmount)}, redondeado al céntimo.";

    public override string TotalSum(InvoiceBody invoice) =>
        $"Total: {Of(invoice, invoice.Totals.TotalWithoutVat)} de base + {Of(invoice, invoice.Totals.VatTotal)} de impuestos = {Of(invoice, invoice.Totals.TotalWithVat)}.";

    public override string Submission(FiscalBody fiscal) =>
        fiscal.Submission switch
        {
            FiscalSubmission.Accepted => "Aceptado por la Agencia Tributaria",
            FiscalSubmission.AcceptedWithErrors => "Aceptado por la Agencia Tributaria, con avisos",
            FiscalSubmission.Rejected => "Rechazado por la Agencia Tributaria; la tienda lo está revisando",
            FiscalSubmission.NotRequired => "Registrado",
            _ => "Registrado; pendiente de respuesta de la Agencia Tributaria",
        };

    public override string Role(string role) =>
        role switch
        {
            "owner" => "Titular",
            "accountant" => "Contabilidad",
            "shop" => "Tienda",
            "collector" => "Cobros",
            _ => "Auditoría",
        };
}
