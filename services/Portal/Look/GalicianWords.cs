using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>The customers' pages in Galician: plain, and ti for customers.</summary>
public sealed class GalicianWords : RegionalWords
{
    private static readonly string[] MonthNames =
    [
        "xaneiro",
        "febreiro",
        "marzo",
        "abril",
        "maio",
        "xuño",
        "xullo",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "decembro",
    ];

    private static readonly string[] DayNames = ["domingo", "luns", "martes", "mércores", "xoves", "venres", "sábado"];

    private static readonly Dictionary<string, string> ProblemTexts = new()
    {
        ["POR-PAGE-01"] =
            "Aquí non hai nada para ti. Pode que o enderezo estea mal escrito ou que a factura se enviase a outro correo distinto do que usaches para entrar.",
        ["POR-PAGE-02"] = "Non entendemos a petición. Non cambiou nada. Volve atrás e inténtao outra vez desde a páxina anterior.",
        ["POR-PAGE-03"] =
            "Esta páxina levaba demasiado tempo aberta. Non se enviou nada. Volve atrás, recárgaa e inténtao outra vez; se se repite, permite as cookies deste sitio.",
        ["POR-PAGE-04"] = "Non se enviou nada. A túa sesión rematara; aquí está o que escribiras. Revísao e envíao.",
        ["POR-PAGE-05"] =
            "O que escribiras xa non está. Gárdase media hora, no navegador onde o escribiches. Non se enviou nada; escríbeo outra vez.",
        ["POR-AWAY-01"] =
            "Agora mesmo non podemos mostrarche isto. Unha parte do sistema non responde; non se perdeu nada. Inténtao de novo nun minuto.",
        ["POR-BUG-01"] =
            "Algo fallou pola nosa parte. Quedou anotado e revisarémolo. Inténtao de novo; se se repite, dille este código á tenda.",
        ["POR-SIGNIN-01"] = "Iso non parece un correo electrónico. Escríbeo enteiro, por exemplo ana@example.com.",
        ["POR-SIGNIN-02"] =
            "Pedíronse demasiadas ligazóns. Busca no teu correo, tamén no spam, as que xa che enviamos ou inténtao de novo en {0} minutos.",
        ["POR-SIGNIN-03"] = "Esta ligazón non é válida. Pode que se cortase ao copiala. Pide outra: é un momento.",
        ["POR-SIGNIN-04"] = "Esta ligazón caducou. Por seguridade, cada unha dura {0} minutos. Pide outra: é un momento.",
        ["POR-SIGNIN-05"] =
            "Esta ligazón xa se usou. Cada unha serve unha soa vez. Se segues dentro, vai ás túas facturas; se non, pide outra ligazón.",
        ["POR-SIGNIN-06"] =
            "Abre esta ligazón no navegador onde a pediches. É para protexerte: quen collese o teu correo non podería entrar. Copia a ligazón e pégaa alí, ou pide unha nova desde aquí.",
        ["POR-PAY-01"] =
            "Esta ligazón de pago non é válida. Pode que se cortase ao copiala; non se cobrou nada. Ábrea outra vez desde o correo ou entra co teu correo para ver as túas facturas.",
        ["POR-PAY-02"] =
            "Esta ligazón de pago caducou. Non se cobrou nada. Entra co teu correo para pagar desde as túas facturas ou pide outra ligazón á tenda.",
        ["POR-PAY-03"] = "O pago non se fixo. Non se cobrou nada. Volve á páxina de pago e inténtao outra vez, ou paga por transferencia.",
        ["POR-PAY-04"] = "Non sabemos como queres pagar. Non se cobrou nada. Volve á páxina de pago e escolle unha das formas que ofrece.",
        ["POR-PAY-05"] =
            "Aínda non sabemos se o pago se fixo. Non nos chegou a resposta. Non pagues doutra forma: volve á páxina de pago, que che dirá se xa está pagada; intentalo de novo alí nunca cobra dúas veces.",
        ["POR-PAY-06"] =
            "A tenda anulou esta ligazón de pago. Non se cobrou nada. Entra co teu correo para pagar desde as túas facturas ou pide outra ligazón á tenda.",
        ["POR-DOC-01"] =
            "Este documento non se pode xerar para esta factura. O PDF contén os mesmos datos; se necesitas este formato, pídeo á tenda.",
        ["POR-CLAIM-01"] =
            "Demasiados tíckets non se atoparon. Non se pediu nada. Inténtao dentro dunha hora co tícket á man ou pídeo na tenda.",
    };

    public override string Code => "gl";

    public override string Name => "Galego";

    protected override IReadOnlyList<string> Months => MonthNames;

    protected override IReadOnlyList<string> Weekdays => DayNames;

    protected override IReadOnlyDictionary<string, string> Problems => ProblemTexts;

    public override string Date(DateOnly date) => $"{date.Day} de {MonthNames[date.Month - 1]} de {date.Year:0000}";

    public override string AccountTitle => "Estado de conta";

    public override string AccountPeriod(DateOnly from, DateOnly to) => $"Do {Date(from)} ao {Date(to)}";

    public override string AccountEmpty => "Con esta tenda non tiveches nada pendente neste tempo.";

    public override string AccountIn(string currency) => $"Conta en {currency}";

    public override string AccountWhat => "Concepto";
    public override string AccountBalance => "Saldo";

    public override string AccountOpening(DateOnly day) => $"Saldo antes do {ShortDate(day)}";

    public override string AccountClosing(DateOnly day) => $"Saldo a {Date(day)}";

    public override string AccountKind(string kind) =>
        kind switch
        {
            "invoice" => "Factura",
            "payment" => "Pago de",
            "correction" => "Rectificación de",
            "refund" => "Reembolso de",
            "reversal" => "Pago devolto de",
            "write-off" => "Importe perdoado de",
            "undone" => "Pago reasignado de",
            "cancellation" => "Anulación de",
            _ => "Movemento de",
        };

    public override string AccountClaims => "Á parte da conta";
    public override string AccountClaimsText =>
        "Xuros e compensación por pago tardío entre empresas (Lei 3/2004). Non son parte de ningunha factura nin levan IVE.";

    public override string ClaimKind(string kind) => kind == "interest" ? "Xuros de demora de" : "Compensación por cobro de";

    public override string ClaimState(string state) =>
        state switch
        {
            "paid" => "pagado",
            "waived" => "non se reclama",
            _ => "pendente",
        };

    public override string DisputeTitle => "Hai algo mal nesta factura";
    public override string DisputeLead =>
        "Cóntallo á tenda. Mentres o mira non che lembrará que pagues o que dis que está mal; o resto págase como sempre.";
    public override string DisputeWhat => "Que está mal?";
    public override string DisputeAll => "Toda a factura";
    public override string DisputeReason => "Que pasou?";
    public override string DisputeSend => "Enviar á tenda";

    public override string DisputeNoReason(int longest) => $"Escribe que pasou, en {longest} caracteres como moito.";

    public override string DisputeNothingLeft => "Xa llo contaras á tenda ou non queda nada por pagar. Non se enviou nada.";
    public override string DisputeSent => "A tenda xa o sabe";
    public override string DisputeSentText => "Mirarao e contestarache. Mentres tanto non che lembrará que pagues esa parte.";
    public override string AppName => "As miñas facturas";
    public override string SkipToContent => "Saltar ao contido";
    public override string MainNavigation => "Seccións";
    public override string Language => "Idioma";
    public override string Invoices => "Facturas";
    public override string Office => "Oficina";
    public override string SignOut => "Saír";
    public override string FooterLine => "Ninguén da tenda che pedirá nunca a túa ligazón de acceso.";
    public override string GoToInvoices => "Ir ás miñas facturas";
    public override string GoToSignIn => "Entrar";

    public override string CodeForHelp(string code) => $"Se pides axuda, di este código: {code}";

    public override string SignInTitle => "Entrar";
    public override string SignInHeading => "Entra co teu correo";
    public override string SignInLead =>
        "Escribe o correo que deches na tenda e enviarémosche unha ligazón para ver as túas facturas. Sen contrasinais.";
    public override string EmailAddress => "Correo electrónico";
    public override string SendMeALink => "Enviarme a ligazón";
    public override string WhyALink => "A ligazón serve unha soa vez e só neste navegador.";
    public override string SentTitle => "Mira o teu correo";
    public override string SentHeading => "Mira o teu correo";
    public override string SentLead => "Se ese correo ten facturas connosco, chegaralle unha ligazón nun momento.";

    public override string SentSameBrowser(int minutes) => $"Ábrea neste mesmo navegador antes de {minutes} minutos.";

    public override string SentSpam => "Non chega? Mira no spam e comproba que é o correo que deches na tenda.";
    public override string TryAnotherAddress => "Probar con outro correo";
    public override string AskForAnotherLink => "Pedir outra ligazón";
    public override string ConfirmTitle => "Entrar";
    public override string ConfirmHeading => "Xa case está";
    public override string ConfirmLead => "Vas entrar como";
    public override string ComeIn => "Entrar";
    public override string YourInvoices => "As túas facturas";
    public override string YouOwe => "Quédache por pagar";

    public override string NoInvoices(string email) =>
        $"Aínda non hai facturas para {email}. A primeira aparecerá aquí en canto unha tenda cha envíe a este correo.";

    public override string NoMoreInvoices => "Non hai facturas máis antigas.";
    public override string MorePages => "Máis facturas";
    public override string Older => "Máis antigas";
    public override string Latest => "As últimas";
    public override string PaymentsAway =>
        "Agora mesmo non podemos comprobar os pagos. O resto da páxina está ao día; volve mirar nun minuto.";
    public override string TestEnvironment => "PROBA, sen validez fiscal (PRUEBA, sin validez fiscal)";
    public override string AnonymousBuyer => "Consumidor final";

    public override string StillOpen(string amount) => $"Quedan {amount}";

    public override string OnItsWay(string amount) => $"{amount} en camiño: aínda non chegou, pero non fai falta que pagues outra vez.";

    public override string Pay(string amount) => $"Pagar {amount}";

    public override string WhatYouBought => "Que mercaches";
    public override string Item => "Artigo";
    public override string QuantityWord => "Cantidade";
    public override string PriceWord => "Prezo";
    public override string AmountWord => "Importe";
    public override string PricesWithVat => "Prezos con impostos incluídos.";
    public override string PricesWithoutVat => "Prezos sen impostos.";
    public override string VatAndTotals => "Impostos e total";
    public override string RateWord => "Tipo";
    public override string TaxableWord => "Base";
    public override string TaxAmountWord => "Cota";
    public override string EquivalenceSurcharge => "Recarga de equivalencia";
    public override string LineTotal => "Suma de artigos";
    public override string Allowances => "Descontos";
    public override string Charges => "Cargos";
    public override string TotalWithoutVat => "Base impoñible";

    public override string VatTotal(string tax) => TaxName(tax);

    public override string TotalWord => "Total";
    public override string PaidSoFar => "Pagado";
    public override string ToPay => "Por pagar";
    public override string HowItAddsUp => "Como se calcula";
    public override string Proof => "Comprobación";
    public override string TaxQr => "QR tributario:";
    public override string QrAlt => "Código QR para comprobar esta factura na Axencia Tributaria";
    public override string Verifactu => "Factura verificable na sede electrónica da AEAT (VERI*FACTU)";
    public override string Number => "Número";
    public override string IssueDate => "Data de expedición";
    public override string OperationDate => "Data da operación";
    public override string DueDate => "Vencemento";
    public override string SoldBy => "Vende";
    public override string BoughtBy => "Merca";
    public override string Record => "Rexistro fiscal";
    public override string ChainTitle => "O seu lugar na cadea de rexistros";
    public override string ChainText => "Cada factura leva a pegada da anterior. Se alguén cambiase unha, a cadea rompería.";
    public override string Fingerprint => "Pegada";
    public override string PreviousFingerprint => "Pegada anterior";
    public override string FirstOfChain => "É a primeira da cadea";
    public override string Corrections => "Rectificacións";
    public override string Corrects => "Rectifica a";
    public override string CorrectedBy => "Rectificada por";
    public override string Replaces => "Substitúe a";
    public override string ReplacedBy => "Substituída por";

    public override string CorrectionReason(string why) => $"Motivo: {why}";

    public override string Payments => "Pagos";
    public override string Means => "Forma de pago";
    public override string NoPayments => "Aínda non hai pagos.";
    public override string PaymentsUnknown => "Agora mesmo non podemos ver os pagos.";
    public override string TakeItWithYou => "Lévaa";
    public override string DownloadPdf => "Descargar PDF";
    public override string DownloadXml => "Descargar XML";
    public override string WhatIsXml => "O PDF é para ler; o XML (UBL) é para o teu programa de contabilidade.";

    public override string PayTitle(string number) => $"Pagar {number}";

    public override string PayHeading => "Pagar a factura";

    public override string DueOn(DateOnly date) => $"Vence o {Date(date)}";

    public override string AlreadyPaid => "Xa está pagada";
    public override string NothingToPay => "Non tes que facer nada máis.";
    public override string PayNow => "Pagar agora";
    public override string Sandbox => "Pasarela de probas: non se move diñeiro real.";

    public override string PayBy(string means, string amount) => $"Pagar {amount}{By(means)}";

    public override string PayWith(string means) =>
        means switch
        {
            "wallet" => "Apple Pay ou Google Pay",
            "direct-debit" => "Domiciliación bancaria",
            _ => MeansOf(means),
        };

    public override string PayAllBy(string means, int count, string amount) => $"Pagar as {Count(count)} facturas, {amount},{By(means)}";

    public override string PayWhere => "Pagas nunha páxina segura: os datos da túa tarxeta non pasan por aquí nin pola tenda.";
    public override string PayOtherwise => "Non remataches de pagar?";
    public override string PayAnyway => "Seguir co pago ou pagar doutra forma";
    public override string PayAllHeading => "Pagar todo o pendente";
    public override string PayAskedHeading => "Pagar o que pide o recordatorio";
    public override string OpenInvoices => "Facturas pendentes";

    public override string PayTogether(int count) => $"Ou paga as túas {Count(count)} facturas pendentes dunha vez";

    public override string PayTogetherText(string seller, string amount) => $"Todo o que tes pendente con {seller} suma {amount}.";

    public override string UnderWay => "En camiño";

    public override string OnItsWaySince(string amount, DateTimeOffset since) =>
        $"{amount} en camiño desde o {Date(DateOnly.FromDateTime(since.DateTime))} ás {Clock(since)}: aínda non chegou, pero non fai falta que pagues outra vez.";

    public override string CouldNotOpen(string means) =>
        $"Agora mesmo non podemos abrir o pago{By(means)}. Non se cobrou nada. Paga doutra forma ou inténtao de novo nun minuto.";

    public override string AmountHasChanged =>
        "O importe cambiou desde que abriches esta páxina. Non se cobrou nada. Este é o importe de agora.";
    public override string AllPaid => "Xa está todo pagado";
    public override string OnwardTitle => "Segue para pagar";
    public override string OnwardHeading => "Vas á páxina segura de pago";
    public override string OnwardByButton => "Preme o botón para pagar na páxina segura do banco. Ao rematar volverás aquí.";
    public override string OnwardByItself => "Ábrese soa nun momento; se non, preme o botón. Ao rematar volverás aquí.";

    public override string GoOnAndPay(string amount) => $"Seguir e pagar {amount}";

    public override string BackToPaying => "Volver e elixir outra forma";
    public override string WaitingHeading => "O banco aínda non nos dixo nada";

    public override string WaitingText(string amount) =>
        $"Se pagaches {amount}, non pagues outra vez: en canto o banco o confirme quedará anotado e aquí veralo.";

    public override string LooksByItself => "Esta páxina volve mirar soa durante un minuto.";
    public override string LooksNoMore => "Esta páxina xa non mira soa. Volve mirar cando queiras; podes pechala sen perder nada.";
    public override string LookAgain => "Mirar outra vez";
    public override string StayStill => "Que non mire soa";
    public override string NotFinished => "Non rematei de pagar";
    public override string NotPaid => "Sen pagar";

    public override string FailedHeading(string amount) => $"Non puidemos cobrar {amount}";

    public override string FailedText =>
        "O banco non aceptou o pago e non se cobrou nada. Inténtao de novo, paga doutra forma ou pregunta ao teu banco.";
    public override string CancelledHeading => "Deixaches o pago sen rematar";
    public override string ExpiredHeading => "Pasou o tempo para pagar";
    public override string NothingCharged => "Non se cobrou nada. Podes intentalo de novo ou pagar doutra forma.";

    public override string BankCode(string code) => $"Código do banco: {code}";

    public override string TryAgain => "Probar outra vez ou pagar doutra forma";
    public override string ByTransfer => "Por transferencia";
    public override string EpcAlt => "Código QR cos datos da transferencia";
    public override string ScanWithBank => "Escanéao coa app do teu banco.";
    public override string Beneficiary => "Beneficiario";
    public override string TransferReference => "Concepto";
    public override string TransferTakes =>
        "Pon o concepto tal cal: así saberemos que é túa. Unha transferencia tarda entre uns segundos e dous días.";
    public override string TestBank => "Esta tenda está de probas: podes facer a transferencia nun banco simulado, que non move diñeiro.";
    public override string TestBankGo => "Ir ao banco simulado";

    public override string NoWayToPay(string seller) => $"Agora mesmo non se pode pagar aquí. Fala con {seller}.";

    public override string BackToInvoice => "Ver a factura";
    public override string SeeInvoiceSigningIn => "Ver a factura completa (pide entrar)";
    public override string SeeInvoicesSigningIn => "Ver as túas facturas (pide entrar)";
    public override string PaidTitle => "Pagada";
    public override string PaidWord => "Pagada";
    public override string ThankYou => "Grazas, xa está pagada";
    public override string HadBeenPaid => "Xa estaba pagada; non se cobrou outra vez";

    public override string PaidText(string number, string amount, string seller) =>
        $"A factura {number} de {seller}, de {amount}, está pagada. Non tes que facer nada máis.";

    public override string ReceivedWord => "Recibido";
    public override string ThankYouForIt => "Grazas, recibimos o teu pago";

    public override string ReceivedText(string amount, string seller) => $"{seller} recibiu {amount}.";

    public override string LeftToPay(string amount) => $"Quédanche {amount} por pagar.";

    public override string AllPaidText(string seller) => $"Non tes nada pendente con {seller}.";

    public override string AskedPaidText(string seller) => $"O que che pedía {seller} está pagado.";

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
            StandingKind.Due => "Pendente",
            StandingKind.Overdue => "Vencida",
            StandingKind.Credit => "Devolución",
            StandingKind.Cancelled => "Anulada",
            _ => "Sen comprobar",
        };

    public override string StandingLong(Standing standing) =>
        standing switch
        {
            { Kind: StandingKind.Paid, PaidOn: { } paid } => $"Pagada o {Date(paid)}",
            { Kind: StandingKind.Due, DueDate: { } due } => $"Pendente: vence o {Date(due)}",
            { Kind: StandingKind.Overdue, DueDate: { } due } => $"Vencida: había que pagala o {Date(due)}",
            { Kind: StandingKind.Credit } => "Devolución: este importe é ao teu favor",
            { Kind: StandingKind.Cancelled } => "Anulada: non ten efecto",
            { Kind: StandingKind.Unknown } => "Agora non podemos comprobar se está pagada",
            _ => StandingShort(standing),
        };

    public override string TaxName(string tax) =>
        tax switch
        {
            "igic" => "IGIC",
            "ipsi" => "IPSI",
            _ => "IVE",
        };

    public override string Rate(string category, decimal rate) =>
        category switch
        {
            "E" => "exento",
            "AE" => "investimento do suxeito pasivo",
            "K" => "entrega intracomunitaria",
            "G" => "exportación",
            "O" => "non suxeito",
            _ => Percent(rate),
        };

    public override string MeansOf(string means) =>
        means switch
        {
            "cash" => "Efectivo",
            "card" => "Tarxeta",
            "bizum" => "Bizum",
            "transfer" => "Transferencia",
            "direct-debit" => "Domiciliación",
            "wallet" => "Moedeiro do móbil",
            "voucher" => "Vale",
            "credit" => "Saldo a favor",
            _ => "Outro medio",
        };

    public override string Discount(string? reason, string amount) => $"{reason ?? "Desconto"}: {amount} sen impostos";

    public override string Surplus(string? reason, string amount) => $"{reason ?? "Cargo"}: {amount} sen impostos";

    public override string Shop(InvoiceBody invoice) =>
        invoice.Channel == SaleChannel.Online ? "Tenda en liña" : $"Tenda {invoice.StoreId.Value}";

    public override string VatSum(InvoiceBody invoice, VatBreakdownBody vat) =>
        vat.Rate == 0m ? $"{TaxName(vat.Tax)} {Rate(vat.Category, vat.Rate)}: sobre {Of(invoice, vat.TaxableAmount)} non hai cota."
        : invoice.PricesIncludeVat
            ? $"Ao {Percent(vat.Rate)}: os prezos suman {Of(invoice, vat.TaxableAmount + vat.VatAmount)} con {TaxName(vat.Tax)}; de aí, {Quantity(vat.Rate)} de cada {Quantity(100m + vat.Rate)} partes son a cota, {Of(invoice, vat.VatAmount)}, e o resto é a base, {Of(invoice, vat.TaxableAmount)}."
        : $"Ao {Percent(vat.Rate)}: {Of(invoice, vat.TaxableAmount)} × {Percent(vat.Rate)} = {Of(invoice, vat.VatAmount)}, redondeado ao céntimo.";

    public override string TotalSum(InvoiceBody invoice) =>
        $"Total: {Of(invoice, invoice.Totals.TotalWithoutVat)} de base + {Of(invoice, invoice.Totals.VatTotal)} de impostos = {Of(invoice, invoice.Totals.TotalWithVat)}.";

    public override string Submission(FiscalBody fiscal) =>
        fiscal.Submission switch
        {
            FiscalSubmission.Accepted => "Aceptado pola Axencia Tributaria",
            FiscalSubmission.AcceptedWithErrors => "Aceptado pola Axencia Tributaria, con avisos",
            FiscalSubmission.Rejected => "Rexeitado pola Axencia Tributaria; a tenda estao a revisar",
            FiscalSubmission.NotRequired => "Rexistrado",
            _ => "Rexistrado; pendente de resposta da Axencia Tributaria",
        };

    public override string FindLabel => "Buscar nas túas facturas";
    public override string FindHint => "Produto, importe, data, tenda";
    public override string Find => "Buscar";
    public override string Filters => "Filtros";
    public override string ShopLabel => "Tenda";
    public override string AnyShop => "Todas";
    public override string StateLabel => "Estado";
    public override string AnyState => "Todos";

    public override string StateName(string state) =>
        state switch
        {
            "open" => "Por pagar",
            "overdue" => "Vencidas",
            _ => "Pagadas",
        };

    public override string FromLabel => "Desde";
    public override string ToLabel => "Ata";

    public override string FoundCount(int count, bool more) =>
        $"{(more ? "Máis de " : "")}{(count == 1 ? "1 factura" : $"{Count(count)} facturas")}";

    public override string FoundWith(string typed) => $"con «{typed}»";

    public override string FoundFrom(DateOnly day) => $"desde o {ShortDate(day)}";

    public override string FoundTo(DateOnly day) => $"ata o {ShortDate(day)}";

    public override string SeeAll => "Ver todas";
    public override string NothingFound =>
        "Ningunha factura ten todo iso. Proba con menos palabras ou co importe tal como está na factura.";
    public override string DownloadTheseZip => "Descargar estas facturas nun ZIP";

    public override string ZipMost(int most) => $"Ata {most}, en PDF e XML.";

    public override string ZipMissing => "Estas facturas non se puideron incluír; descárgaas unha a unha:";

    public override string AtShop(string shop) => $"en {shop}";

    public override string PayAllOpen(int count) => $"Pagar as {Count(count)} facturas";

    public override string SpendingWord => "Gasto";
    public override string TicketsWord => "Tíckets";
    public override string MeWord => "Os meus datos";
    public override string SpendingTitle => "O teu gasto";

    public override string SpendingIn(int year) => $"O teu gasto en {year}";

    public override string SpendingLead => "Con impostos, sen o que devolviches.";

    public override string SpendingNone(int year) => $"Non hai compras en {year}.";

    public override string ByMonth => "Por mes";
    public override string MonthWord => "Mes";
    public override string ByShopSpent => "Por tenda";
    public override string OtherYears => "Outros anos";
    public override string DownloadZip => "Todo en ZIP";
    public override string ShareIt => "Enviar a ligazón";
    public override string SomethingElse => "Algo máis?";
    public override string ClaimThis => "Pedir factura completa";
    public override string ClaimThisText => "Co teu NIF, para deducila ou xustificala.";
    public override string RightBuyerTitle => "Corrixir os meus datos";
    public override string RightBuyerText => "O nome ou o enderezo que pon na factura.";
    public override string RightBuyerLead =>
        "Escríbeos como deben ser. Recibirás no momento unha factura rectificativa cos mesmos importes; a anterior non se borra. Se o NIF é doutra persoa, ten que comprobalo a tenda.";
    public override string RightBuyerSend => "Pedir a factura rectificativa";
    public override string PromiseTitle => "Dicir que día pagas";
    public override string PromiseText => "Ata ese día non cho lembrarán.";
    public override string PromiseMade => "Apuntado";
    public override string PromiseMadeText => "A tenda xa o sabe e ata ese día non cho lembrará. Podes pagar antes cando queiras.";
    public override string PromiseNothingLeft => "Xa deras un día ou non queda nada por pagar. Non se enviou nada.";

    public override string PromiseLead(string amount) => $"Di que día pagarás os {amount} pendentes. Ata entón a tenda non cho lembrará.";

    public override string PromiseDay => "Día";

    public override string PromiseBadDay(DateOnly last) => $"Escolle un día entre hoxe e o {Date(last)}.";

    public override string PromiseSend => "Enviar á tenda";
    public override string DisputeText => "Unha liña ou toda a factura.";
    public override string AccountText => "Todo o que debías e pagaches.";
    public override string AskTheShop => "Preguntar á tenda";
    public override string EveryCent => "Céntimo a céntimo";
    public override string CouponCode => "Cupón";
    public override string StopOffers => "Non quero máis ofertas";
    public override string ClaimTitle => "Factura completa dos teus tíckets";
    public override string ClaimLead =>
        "Copia de cada tícket o número, a data e o total, ou escanea o seu QR. Todos teñen que ser da mesma tenda.";

    public override string ClaimTickets(int count) => $"{(count == 1 ? "O teu tícket" : $"Os teus {Count(count)} tíckets")}";

    public override string ClaimBuyer => "A nome de quen?";
    public override string BuyerBusiness => "Compro como empresa ou profesional";
    public override string ClaimOnce => "Cada tícket cámbiase unha soa vez: revisa os datos antes de pedila.";
    public override string ClaimSend => "Pedir a factura";
    public override string ClaimBack => "Cambiar os tíckets";
    public override string ClaimShop => "NIF da tenda, arriba no tícket";
    public override string ClaimNext => "Seguir";
    public override string ClaimMore => "Engadir outro tícket";
    public override string ClaimLaw =>
        "Factura en troco de facturas simplificadas (RD 1619/2012). Os tíckets non se anulan nin se volve cobrar nada.";

    public override string ClaimTicket(int number) => $"Tícket {number}";

    public override string OptionalWord => "se tes máis";
    public override string ClaimNumber => "Número de factura simplificada";
    public override string ClaimDate => "Data";
    public override string ClaimTotal => "Total";
    public override string Scan => "Escanear o QR dun tícket";
    public override string ScanStop => "Pechar a cámara";
    public override string ScanNone => "Non podemos usar a cámara. Escribe os datos do tícket: serve igual.";
    public override string BuyerName => "Nome e apelidos ou empresa";
    public override string BuyerTaxId => "NIF";
    public override string BuyerStreet => "Rúa e número";
    public override string BuyerDoor => "Piso e porta, se os hai";
    public override string BuyerPostal => "Código postal";
    public override string BuyerCity => "Localidade";
    public override string BuyerRegion => "Provincia";
    public override string MeTitle => "Os meus datos";
    public override string MeSignedInAs => "Entraches como";
    public override string ConsentGiven => "Feito: recibirás ofertas desa tenda coas túas facturas.";
    public override string ConsentTaken => "Feito: esa tenda xa non che enviará ofertas. As facturas seguirán chegando.";
    public override string MeOffers => "Ofertas";
    public override string MeOffersText =>
        "Só che chegan se dis que si, e podes deixalas cando queiras. As túas facturas non dependen diso.";
    public override string OffersOn => "Queres ofertas";
    public override string OffersOff => "Sen ofertas";
    public override string OffersUnknown => "Agora mesmo non podemos velo; volve nun minuto.";

    public override string TurnOffersOff(string shop) => $"Deixar as ofertas de {shop}";

    public override string TurnOffersOn(string shop) => $"Recibir ofertas de {shop}";

    public override string ConsentHistory => "O que dixeches e cando";
    public override string SaidYes => "si";
    public override string SaidNo => "non";

    public override string ConsentSource(string source) =>
        source switch
        {
            "portal" => "nesta páxina",
            "one-click" => "nun correo",
            "complaint" => "queixa por un correo",
            _ => source,
        };

    public override string MyData => "Lévaos ou bórraos";
    public override string ExportText =>
        "Un ZIP con todas as túas facturas, as túas contas coas tendas e o que dixeches sobre as ofertas, para lelo ti ou outro programa (JSON).";
    public override string ExportTitle => "Descargar os meus datos";
    public override string EraseText => "Antes de borrar nada contámosche que se borra, que queda e ata cando.";
    public override string EraseTitle => "Borrar os meus datos";
    public override string EraseDone => "Borrado";

    public override string EraseDoneText(int gone, int open) =>
        $"O teu correo xa non está en {FoundCount(gone, false)} e saíches de todos os navegadores. {(open > 0 ? "Nas que quedan por pagar segue ata que estean pagadas; entón podes volver pedilo." : "")}";

    public override string EraseGoes => "Que se borra";

    public override string EraseGoesContact(int count) =>
        $"O teu correo, o teléfono, o idioma e o número de cliente de {FoundCount(count, false)}.";

    public override string EraseGoesOffers => "O teu permiso para recibir ofertas: non che chegará ningunha máis.";
    public override string EraseGoesSessions => "Os teus accesos a esta páxina, en todos os navegadores.";
    public override string EraseStays => "Que queda";

    public override string EraseStaysInvoices(DateOnly until) =>
        $"As facturas, co nome e o NIF a quen se fixeron: a lei obriga a tenda a gardalas seis anos (Código de Comercio, art. 30). A última, ata o {Date(until)}.";

    public override string EraseStaysNothing => "Nada: non hai facturas ao teu correo.";

    public override string EraseStaysOpen(int count) => $"O teu correo en {FoundCount(count, false)} por pagar, ata que o estean.";

    public override string EraseStaysConsent =>
        "A constancia de que dixeches si ou non ás ofertas: a tenda ten que poder demostralo (RXPD, art. 7).";
    public override string EraseStaysCopies =>
        "O que os libros de pagos e de cobros da tenda e o rexistro do que che enviou din desas facturas, o mesmo tempo ca elas.";
    public override string EraseWarning => "Despois xa non poderás ver aquí esas facturas: descárgaas antes.";
    public override string EraseSure => "Lino e quero borrar os meus datos";
    public override string EraseNotSure => "Marca a casa para confirmalo. Non se borrou nada.";
    public override string EraseSend => "Borrar os meus datos";
    public override string EraseNot => "Mellor non";

    private static string By(string means) =>
        means switch
        {
            "card" => " con tarxeta",
            "bizum" => " con Bizum",
            "wallet" => " con Apple Pay ou Google Pay",
            "direct-debit" => " por domiciliación",
            _ => "",
        };
}
