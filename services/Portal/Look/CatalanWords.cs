using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>The customers' pages in Catalan: plain, and tu for customers.</summary>
public sealed class CatalanWords : RegionalWords
{
    private static readonly string[] MonthNames =
    [
        "gener",
        "febrer",
        "març",
        "abril",
        "maig",
        "juny",
        "juliol",
        "agost",
        "setembre",
        "octubre",
        "novembre",
        "desembre",
    ];

    private static readonly string[] DayNames = ["diumenge", "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte"];

    private static readonly Dictionary<string, string> ProblemTexts = new()
    {
        ["POR-PAGE-01"] =
            "Aquí no hi ha res per a tu. Potser l’adreça està mal escrita o la factura es va enviar a un altre correu que el que has fet servir per entrar.",
        ["POR-PAGE-02"] = "No hem entès la petició. No ha canviat res. Torna enrere i prova-ho una altra vegada des de la pàgina anterior.",
        ["POR-PAGE-03"] =
            "Aquesta pàgina ha estat oberta massa temps. No s’ha enviat res. Torna enrere, recarrega-la i torna-ho a provar; si es repeteix, permet les galetes d’aquest lloc.",
        ["POR-PAGE-04"] = "No s’ha enviat res. La teva sessió havia acabat; aquí tens el que havies escrit. Revisa-ho i envia-ho.",
        ["POR-PAGE-05"] =
            "El que havies escrit ja no hi és. Es guarda mitja hora, al navegador on ho vas escriure. No es va enviar res; torna-ho a escriure.",
        ["POR-AWAY-01"] =
            "Ara mateix no et podem mostrar això. Una part del sistema no respon; no s’ha perdut res. Torna-ho a provar d’aquí a un minut.",
        ["POR-BUG-01"] =
            "Alguna cosa ha fallat per part nostra. Ha quedat anotat i ho revisarem. Torna-ho a provar; si es repeteix, digues aquest codi a la botiga.",
        ["POR-SIGNIN-01"] = "Això no sembla un correu electrònic. Escriu-lo sencer, per exemple ana@example.com.",
        ["POR-SIGNIN-02"] =
            "S’han demanat massa enllaços. Busca al teu correu, també a la brossa, els que ja t’hem enviat o torna-ho a provar d’aquí a {0} minuts.",
        ["POR-SIGNIN-03"] = "Aquest enllaç no és vàlid. Potser es va tallar en copiar-lo. Demana’n un altre: és un moment.",
        ["POR-SIGNIN-04"] = "Aquest enllaç ha caducat. Per seguretat, cada un dura {0} minuts. Demana’n un altre: és un moment.",
        ["POR-SIGNIN-05"] =
            "Aquest enllaç ja s’ha fet servir. Cada un serveix una sola vegada. Si encara ets dins, ves a les teves factures; si no, demana un altre enllaç.",
        ["POR-SIGNIN-06"] =
            "Obre aquest enllaç al navegador on el vas demanar. És per protegir-te: qui tingués el teu correu no podria entrar. Copia l’enllaç i enganxa’l allà, o demana’n un de nou des d’aquí.",
        ["POR-PAY-01"] =
            "Aquest enllaç de pagament no és vàlid. Potser es va tallar en copiar-lo; no s’ha cobrat res. Obre’l una altra vegada des del correu o entra amb el teu correu per veure les teves factures.",
        ["POR-PAY-02"] =
            "Aquest enllaç de pagament ha caducat. No s’ha cobrat res. Entra amb el teu correu per pagar des de les teves factures o demana un altre enllaç a la botiga.",
        ["POR-PAY-03"] =
            "El pagament no s’ha fet. No s’ha cobrat res. Torna a la pàgina de pagament i prova-ho una altra vegada, o paga per transferència.",
        ["POR-PAY-04"] =
            "No sabem com vols pagar. No s’ha cobrat res. Torna a la pàgina de pagament i tria una de les maneres que ofereix.",
        ["POR-PAY-05"] =
            "Encara no sabem si el pagament s’ha fet. No ens n’ha arribat la resposta. No paguis d’una altra manera: torna a la pàgina de pagament, que et dirà si ja està pagada; tornar-ho a provar allà mai no cobra dues vegades.",
        ["POR-PAY-06"] =
            "La botiga ha anul·lat aquest enllaç de pagament. No s’ha cobrat res. Entra amb el teu correu per pagar des de les teves factures o demana un altre enllaç a la botiga.",
        ["POR-DOC-01"] =
            "Aquest document no es pot generar per a aquesta factura. El PDF conté les mateixes dades; si necessites aquest format, demana’l a la botiga.",
        ["POR-CLAIM-01"] =
            "Massa tiquets no s’han trobat. No s’ha demanat res. Prova-ho d’aquí a una hora amb el tiquet a mà o demana-ho a la botiga.",
    };

    public override string Code => "ca";

    public override string Name => "Català";

    protected override IReadOnlyList<string> Months => MonthNames;

    protected override IReadOnlyList<string> Weekdays => DayNames;

    protected override IReadOnlyDictionary<string, string> Problems => ProblemTexts;

    public override string Date(DateOnly date) =>
        $"{date.Day} {(MonthNames[date.Month - 1][0] is 'a' or 'o' ? "d’" : "de ")}{MonthNames[date.Month - 1]} de {date.Year:0000}";

    public override string AccountTitle => "Estat de compte";

    public override string AccountPeriod(DateOnly from, DateOnly to) => $"Del {Date(from)} al {Date(to)}";

    public override string AccountEmpty => "Amb aquesta botiga no has tingut res pendent en aquest temps.";

    public override string AccountIn(string currency) => $"Compte en {currency}";

    public override string AccountWhat => "Concepte";
    public override string AccountBalance => "Saldo";

    public override string AccountOpening(DateOnly day) => $"Saldo abans del {ShortDate(day)}";

    public override string AccountClosing(DateOnly day) => $"Saldo a {Date(day)}";

    public override string AccountKind(string kind) =>
        kind switch
        {
            "invoice" => "Factura",
            "payment" => "Pagament de",
            "correction" => "Rectificació de",
            "refund" => "Reemborsament de",
            "reversal" => "Pagament retornat de",
            "write-off" => "Import perdonat de",
            "undone" => "Pagament reassignat de",
            "cancellation" => "Anul·lació de",
            _ => "Moviment de",
        };

    public override string AccountClaims => "A part del compte";
    public override string AccountClaimsText =>
        "Interessos i compensació per pagament tardà entre empreses (Llei 3/2004). No són part de cap factura ni porten IVA.";

    public override string ClaimKind(string kind) => kind == "interest" ? "Interessos de demora de" : "Compensació per cobrament de";

    public override string ClaimState(string state) =>
        state switch
        {
            "paid" => "pagat",
            "waived" => "no es reclama",
            _ => "pendent",
        };

    public override string DisputeTitle => "Hi ha alguna cosa malament en aquesta factura";
    public override string DisputeLead =>
        "Explica-ho a la botiga. Mentre ho mira no et recordarà que paguis el que dius que està malament; la resta es paga com sempre.";
    public override string DisputeWhat => "Què està malament?";
    public override string DisputeAll => "Tota la factura";
    public override string DisputeReason => "Què ha passat?";
    public override string DisputeSend => "Envia-ho a la botiga";

    public override string DisputeNoReason(int longest) => $"Escriu què ha passat, en {longest} caràcters com a màxim.";

    public override string DisputeNothingLeft => "Ja ho havies explicat a la botiga o no queda res per pagar. No s’ha enviat res.";
    public override string DisputeSent => "La botiga ja ho sap";
    public override string DisputeSentText => "Ho mirarà i et contestarà. Mentrestant no et recordarà que paguis aquesta part.";
    public override string AppName => "Les meves factures";
    public override string SkipToContent => "Salta al contingut";
    public override string MainNavigation => "Seccions";
    public override string Language => "Idioma";
    public override string Invoices => "Factures";
    public override string Office => "Oficina";
    public override string SignOut => "Surt";
    public override string FooterLine => "Ningú de la botiga no et demanarà mai el teu enllaç d’accés.";
    public override string GoToInvoices => "Ves a les meves factures";
    public override string GoToSignIn => "Entra";

    public override string CodeForHelp(string code) => $"Si demanes ajuda, digues aquest codi: {code}";

    public override string SignInTitle => "Entra";
    public override string SignInHeading => "Entra amb el teu correu";
    public override string SignInLead =>
        "Escriu el correu que vas donar a la botiga i t’enviarem un enllaç per veure les teves factures. Sense contrasenyes.";
    public override string EmailAddress => "Correu electrònic";
    public override string SendMeALink => "Envia’m l’enllaç";
    public override string WhyALink => "L’enllaç serveix una sola vegada i només en aquest navegador.";
    public override string SentTitle => "Mira el teu correu";
    public override string SentHeading => "Mira el teu correu";
    public override string SentLead => "Si aquest correu té factures amb nosaltres, hi arribarà un enllaç de seguida.";

    public override string SentSameBrowser(int minutes) => $"Obre’l en aquest mateix navegador abans de {minutes} minuts.";

    public override string SentSpam => "No arriba? Mira a la brossa i comprova que és el correu que vas donar a la botiga.";
    public override string TryAnotherAddress => "Prova amb un altre correu";
    public override string AskForAnotherLink => "Demana un altre enllaç";
    public override string ConfirmTitle => "Entra";
    public override string ConfirmHeading => "Ja gairebé està";
    public override string ConfirmLead => "Entraràs com a";
    public override string ComeIn => "Entra";
    public override string YourInvoices => "Les teves factures";
    public override string YouOwe => "Et queda per pagar";

    public override string NoInvoices(string email) =>
        $"Encara no hi ha factures per a {email}. La primera apareixerà aquí quan una botiga te l’enviï a aquest correu.";

    public override string NoMoreInvoices => "No hi ha factures més antigues.";
    public override string MorePages => "Més factures";
    public override string Older => "Més antigues";
    public override string Latest => "Les últimes";
    public override string PaymentsAway =>
        "Ara mateix no podem comprovar els pagaments. La resta de la pàgina està al dia; torna a mirar d’aquí a un minut.";
    public override string TestEnvironment => "PROVA, sense validesa fiscal (PRUEBA, sin validez fiscal)";
    public override string AnonymousBuyer => "Consumidor final";

    public override string StillOpen(string amount) => $"Queden {amount}";

    public override string OnItsWay(string amount) => $"{amount} en camí: encara no ha arribat, però no cal que tornis a pagar.";

    public override string Pay(string amount) => $"Paga {amount}";

    public override string WhatYouBought => "Què has comprat";
    public override string Item => "Article";
    public override string QuantityWord => "Quantitat";
    public override string PriceWord => "Preu";
    public override string AmountWord => "Import";
    public override string PricesWithVat => "Preus amb impostos inclosos.";
    public override string PricesWithoutVat => "Preus sense impostos.";
    public override string VatAndTotals => "Impostos i total";
    public override string RateWord => "Tipus";
    public override string TaxableWord => "Base";
    public override string TaxAmountWord => "Quota";
    public override string EquivalenceSurcharge => "Recàrrec d’equivalència";
    public override string LineTotal => "Suma d’articles";
    public override string Allowances => "Descomptes";
    public override string Charges => "Càrrecs";
    public override string TotalWithoutVat => "Base imposable";

    public override string VatTotal(string tax) => TaxName(tax);

    public override string TotalWord => "Total";
    public override string PaidSoFar => "Pagat";
    public override string ToPay => "Per pagar";
    public override string HowItAddsUp => "Com es calcula";
    public override string Proof => "Comprovació";
    public override string TaxQr => "QR tributari (QR tributario):";
    public override string QrAlt => "Codi QR per comprovar aquesta factura a l’Agència Tributària";
    public override string Verifactu => "Factura verificable a la seu electrònica de l’AEAT (VERI*FACTU)";
    public override string Number => "Número";
    public override string IssueDate => "Data d’expedició";
    public override string OperationDate => "Data de l’operació";
    public override string DueDate => "Venciment";
    public override string SoldBy => "Ven";
    public override string BoughtBy => "Compra";
    public override string Record => "Registre fiscal";
    public override string ChainTitle => "El seu lloc a la cadena de registres";
    public override string ChainText => "Cada factura porta l’empremta de l’anterior. Si algú en canviés una, la cadena es trencaria.";
    public override string Fingerprint => "Empremta";
    public override string PreviousFingerprint => "Empremta anterior";
    public override string FirstOfChain => "És la primera de la cadena";
    public override string Corrections => "Rectificacions";
    public override string Corrects => "Rectifica";
    public override string CorrectedBy => "Rectificada per";
    public override string Replaces => "Substitueix";
    public override string ReplacedBy => "Substituïda per";

    public override string CorrectionReason(string why) => $"Motiu: {why}";

    public override string Payments => "Pagaments";
    public override string Means => "Forma de pagament";
    public override string NoPayments => "Encara no hi ha pagaments.";
    public override string PaymentsUnknown => "Ara mateix no podem veure els pagaments.";
    public override string TakeItWithYou => "Emporta-te-la";
    public override string DownloadPdf => "Baixa el PDF";
    public override string DownloadXml => "Baixa l’XML";
    public override string WhatIsXml => "El PDF és per llegir; l’XML (UBL) és per al teu programa de comptabilitat.";

    public override string PayTitle(string number) => $"Paga {number}";

    public override string PayHeading => "Paga la factura";

    public override string DueOn(DateOnly date) => $"Venç el {Date(date)}";

    public override string AlreadyPaid => "Ja està pagada";
    public override string NothingToPay => "No has de fer res més.";
    public override string PayNow => "Paga ara";
    public override string Sandbox => "Passarel·la de proves: no es mouen diners reals.";

    public override string PayBy(string means, string amount) => $"Paga {amount}{By(means)}";

    public override string PayWith(string means) =>
        means switch
        {
            "wallet" => "Apple Pay o Google Pay",
            "direct-debit" => "Domiciliació bancària",
            _ => MeansOf(means),
        };

    public override string PayAllBy(string means, int count, string amount) => $"Paga les {Count(count)} factures, {amount},{By(means)}";

    public override string PayWhere => "Pagues en una pàgina segura: les dades de la teva targeta no passen per aquí ni per la botiga.";
    public override string PayOtherwise => "No vas acabar de pagar?";
    public override string PayAnyway => "Continua amb el pagament o paga d’una altra manera";
    public override string PayAllHeading => "Paga tot el pendent";
    public override string PayAskedHeading => "Paga el que demana el recordatori";
    public override string OpenInvoices => "Factures pendents";

    public override string PayTogether(int count) => $"O paga les teves {Count(count)} factures pendents d’una vegada";

    public override string PayTogetherText(string seller, string amount) => $"Tot el que tens pendent amb {seller} suma {amount}.";

    public override string UnderWay => "En camí";

    public override string OnItsWaySince(string amount, DateTimeOffset since) =>
        $"{amount} en camí des del {Date(DateOnly.FromDateTime(since.DateTime))} a les {Clock(since)}: encara no ha arribat, però no cal que tornis a pagar.";

    public override string CouldNotOpen(string means) =>
        $"Ara mateix no podem obrir el pagament{By(means)}. No s’ha cobrat res. Paga d’una altra manera o torna-ho a provar d’aquí a un minut.";

    public override string AmountHasChanged =>
        "L’import ha canviat des que vas obrir aquesta pàgina. No s’ha cobrat res. Aquest és l’import d’ara.";
    public override string AllPaid => "Ja està tot pagat";
    public override string OnwardTitle => "Continua per pagar";
    public override string OnwardHeading => "Vas a la pàgina segura de pagament";
    public override string OnwardByButton => "Prem el botó per pagar a la pàgina segura del banc. En acabar tornaràs aquí.";
    public override string OnwardByItself => "S’obre sola en un moment; si no, prem el botó. En acabar tornaràs aquí.";

    public override string GoOnAndPay(string amount) => $"Continua i paga {amount}";

    public override string BackToPaying => "Torna i tria una altra manera";
    public override string WaitingHeading => "El banc encara no ens ha dit res";

    public override string WaitingText(string amount) =>
        $"Si has pagat {amount}, no tornis a pagar: quan el banc ho confirmi quedarà anotat i aquí ho veuràs.";

    public override string LooksByItself => "Aquesta pàgina torna a mirar sola durant un minut.";
    public override string LooksNoMore => "Aquesta pàgina ja no mira sola. Torna a mirar quan vulguis; la pots tancar sense perdre res.";
    public override string LookAgain => "Torna a mirar";
    public override string StayStill => "Que no miri sola";
    public override string NotFinished => "No vaig acabar de pagar";
    public override string NotPaid => "Sense pagar";

    public override string FailedHeading(string amount) => $"No hem pogut cobrar {amount}";

    public override string FailedText =>
        "El banc no ha acceptat el pagament i no s’ha cobrat res. Torna-ho a provar, paga d’una altra manera o pregunta al teu banc.";
    public override string CancelledHeading => "Has deixat el pagament sense acabar";
    public override string ExpiredHeading => "S’ha passat el temps per pagar";
    public override string NothingCharged => "No s’ha cobrat res. Ho pots tornar a provar o pagar d’una altra manera.";

    public override string BankCode(string code) => $"Codi del banc: {code}";

    public override string TryAgain => "Torna-ho a provar o paga d’una altra manera";
    public override string ByTransfer => "Per transferència";
    public override string EpcAlt => "Codi QR amb les dades de la transferència";
    public override string ScanWithBank => "Escaneja’l amb l’app del teu banc.";
    public override string Beneficiary => "Beneficiari";
    public override string TransferReference => "Concepte";
    public override string TransferTakes =>
        "Posa el concepte tal qual: així sabrem que és teva. Una transferència triga entre uns segons i dos dies.";
    public override string TestBank => "Aquesta botiga està de proves: pots fer la transferència en un banc simulat, que no mou diners.";
    public override string TestBankGo => "Ves al banc simulat";

    public override string NoWayToPay(string seller) => $"Ara mateix no es pot pagar aquí. Parla amb {seller}.";

    public override string BackToInvoice => "Veure la factura";
    public override string SeeInvoiceSigningIn => "Veure la factura completa (demana entrar)";
    public override string SeeInvoicesSigningIn => "Veure les teves factures (demana entrar)";
    public override string PaidTitle => "Pagada";
    public override string PaidWord => "Pagada";
    public override string ThankYou => "Gràcies, ja està pagada";
    public override string HadBeenPaid => "Ja estava pagada; no s’ha tornat a cobrar";

    public override string PaidText(string number, string amount, string seller) =>
        $"La factura {number} de {seller}, de {amount}, està pagada. No has de fer res més.";

    public override string ReceivedWord => "Rebut";
    public override string ThankYouForIt => "Gràcies, hem rebut el teu pagament";

    public override string ReceivedText(string amount, string seller) => $"{seller} ha rebut {amount}.";

    public override string LeftToPay(string amount) => $"Et queden {amount} per pagar.";

    public override string AllPaidText(string seller) => $"No tens res pendent amb {seller}.";

    public override string AskedPaidText(string seller) => $"El que et demanava {seller} està pagat.";

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
            StandingKind.Due => "Pendent",
            StandingKind.Overdue => "Vençuda",
            StandingKind.Credit => "Devolució",
            StandingKind.Cancelled => "Anul·lada",
            _ => "Sense comprovar",
        };

    public override string StandingLong(Standing standing) =>
        standing switch
        {
            { Kind: StandingKind.Paid, PaidOn: { } paid } => $"Pagada el {Date(paid)}",
            { Kind: StandingKind.Due, DueDate: { } due } => $"Pendent: venç el {Date(due)}",
            { Kind: StandingKind.Overdue, DueDate: { } due } => $"Vençuda: s’havia de pagar el {Date(due)}",
            { Kind: StandingKind.Credit } => "Devolució: aquest import és a favor teu",
            { Kind: StandingKind.Cancelled } => "Anul·lada: no té efecte",
            { Kind: StandingKind.Unknown } => "Ara no podem comprovar si està pagada",
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
            "E" => "exempt",
            "AE" => "inversió del subjecte passiu",
            "K" => "lliurament intracomunitari",
            "G" => "exportació",
            "O" => "no subjecte",
            _ => Percent(rate),
        };

    public override string MeansOf(string means) =>
        means switch
        {
            "cash" => "Efectiu",
            "card" => "Targeta",
            "bizum" => "Bizum",
            "transfer" => "Transferència",
            "direct-debit" => "Domiciliació",
            "wallet" => "Moneder del mòbil",
            "voucher" => "Val",
            "credit" => "Saldo a favor",
            _ => "Un altre mitjà",
        };

    public override string Discount(string? reason, string amount) => $"{reason ?? "Descompte"}: {amount} sense impostos";

    public override string Surplus(string? reason, string amount) => $"{reason ?? "Càrrec"}: {amount} sense impostos";

    public override string Shop(InvoiceBody invoice) =>
        invoice.Channel == SaleChannel.Online ? "Botiga en línia" : $"Botiga {invoice.StoreId.Value}";

    public override string VatSum(InvoiceBody invoice, VatBreakdownBody vat) =>
        vat.Rate == 0m ? $"{TaxName(vat.Tax)} {Rate(vat.Category, vat.Rate)}: sobre {Of(invoice, vat.TaxableAmount)} no hi ha quota."
        : invoice.PricesIncludeVat
            ? $"Al {Percent(vat.Rate)}: els preus sumen {Of(invoice, vat.TaxableAmount + vat.VatAmount)} amb {TaxName(vat.Tax)}; d’aquí, {Quantity(vat.Rate)} de cada {Quantity(100m + vat.Rate)} parts són la quota, {Of(invoice, vat.VatAmount)}, i la resta és la base, {Of(invoice, vat.TaxableAmount)}."
        : $"Al {Percent(vat.Rate)}: {Of(invoice, vat.TaxableAmount)} × {Percent(vat.Rate)} = {Of(invoice, vat.VatAmount)}, arrodonit al cèntim.";

    public override string TotalSum(InvoiceBody invoice) =>
        $"Total: {Of(invoice, invoice.Totals.TotalWithoutVat)} de base + {Of(invoice, invoice.Totals.VatTotal)} d’impostos = {Of(invoice, invoice.Totals.TotalWithVat)}.";

    public override string Submission(FiscalBody fiscal) =>
        fiscal.Submission switch
        {
            FiscalSubmission.Accepted => "Acceptat per l’Agència Tributària",
            FiscalSubmission.AcceptedWithErrors => "Acceptat per l’Agència Tributària, amb avisos",
            FiscalSubmission.Rejected => "Rebutjat per l’Agència Tributària; la botiga ho està revisant",
            FiscalSubmission.NotRequired => "Registrat",
            _ => "Registrat; pendent de resposta de l’Agència Tributària",
        };

    public override string FindLabel => "Cerca a les teves factures";
    public override string FindHint => "Producte, import, data, botiga";
    public override string Find => "Cerca";
    public override string Filters => "Filtres";
    public override string ShopLabel => "Botiga";
    public override string AnyShop => "Totes";
    public override string StateLabel => "Estat";
    public override string AnyState => "Tots";

    public override string StateName(string state) =>
        state switch
        {
            "open" => "Per pagar",
            "overdue" => "Vençudes",
            _ => "Pagades",
        };

    public override string FromLabel => "Des de";
    public override string ToLabel => "Fins a";

    public override string FoundCount(int count, bool more) =>
        $"{(more ? "Més de " : "")}{(count == 1 ? "1 factura" : $"{Count(count)} factures")}";

    public override string FoundWith(string typed) => $"amb «{typed}»";

    public override string FoundFrom(DateOnly day) => $"des del {ShortDate(day)}";

    public override string FoundTo(DateOnly day) => $"fins al {ShortDate(day)}";

    public override string SeeAll => "Veure-les totes";
    public override string NothingFound =>
        "Cap factura no té tot això. Prova-ho amb menys paraules o amb l’import tal com surt a la factura.";
    public override string DownloadTheseZip => "Baixa aquestes factures en un ZIP";

    public override string ZipMost(int most) => $"Fins a {most}, en PDF i XML.";

    public override string ZipMissing => "Aquestes factures no s’han pogut incloure; baixa-les d’una en una:";

    public override string AtShop(string shop) => $"a {shop}";

    public override string PayAllOpen(int count) => $"Paga les {Count(count)} factures";

    public override string SpendingWord => "Despesa";
    public override string TicketsWord => "Tiquets";
    public override string MeWord => "Dades";
    public override string SpendingTitle => "La teva despesa";

    public override string SpendingIn(int year) => $"La teva despesa el {year}";

    public override string SpendingLead => "Amb impostos, sense el que has tornat.";

    public override string SpendingNone(int year) => $"No hi ha compres el {year}.";

    public override string ByMonth => "Per mesos";
    public override string MonthWord => "Mes";
    public override string ByShopSpent => "Per botigues";
    public override string OtherYears => "Altres anys";
    public override string DownloadZip => "Tot en ZIP";
    public override string ShareIt => "Envia l’enllaç";
    public override string SomethingElse => "Alguna cosa més?";
    public override string ClaimThis => "Demana la factura completa";
    public override string ClaimThisText => "Amb el teu NIF, per deduir-la o justificar-la.";
    public override string RightBuyerTitle => "Corregeix les meves dades";
    public override string RightBuyerText => "El nom o l’adreça que surt a la factura.";
    public override string RightBuyerLead =>
        "Escriu-les com han de ser. Rebràs de seguida una factura rectificativa amb els mateixos imports; l’anterior no s’esborra. Si el NIF és d’una altra persona, ho ha de comprovar la botiga.";
    public override string RightBuyerSend => "Demana la factura rectificativa";
    public override string PromiseTitle => "Digues quin dia pagaràs";
    public override string PromiseText => "Fins aquell dia no t’ho recordaran.";
    public override string PromiseMade => "Apuntat";
    public override string PromiseMadeText => "La botiga ja ho sap i fins aquell dia no t’ho recordarà. Pots pagar abans quan vulguis.";
    public override string PromiseNothingLeft => "Ja havies donat un dia o no queda res per pagar. No s’ha enviat res.";

    public override string PromiseLead(string amount) =>
        $"Digues quin dia pagaràs els {amount} pendents. Fins llavors la botiga no t’ho recordarà.";

    public override string PromiseDay => "Dia";

    public override string PromiseBadDay(DateOnly last) => $"Tria un dia entre avui i el {Date(last)}.";

    public override string PromiseSend => "Envia-ho a la botiga";
    public override string DisputeText => "Una línia o tota la factura.";
    public override string AccountText => "Tot el que devies i has pagat.";
    public override string AskTheShop => "Pregunta a la botiga";
    public override string EveryCent => "Cèntim a cèntim";
    public override string CouponCode => "Cupó";
    public override string StopOffers => "No vull més ofertes";
    public override string ClaimTitle => "Factura completa dels teus tiquets";
    public override string ClaimLead =>
        "Copia de cada tiquet el número, la data i el total, o escaneja’n el QR. Tots han de ser de la mateixa botiga.";

    public override string ClaimTickets(int count) => $"{(count == 1 ? "El teu tiquet" : $"Els teus {Count(count)} tiquets")}";

    public override string ClaimBuyer => "A nom de qui?";
    public override string BuyerBusiness => "Compro com a empresa o professional";
    public override string ClaimOnce => "Cada tiquet es canvia una sola vegada: revisa les dades abans de demanar-la.";
    public override string ClaimSend => "Demana la factura";
    public override string ClaimBack => "Canvia els tiquets";
    public override string ClaimShop => "NIF de la botiga, a dalt del tiquet";
    public override string ClaimNext => "Continua";
    public override string ClaimMore => "Afegeix un altre tiquet";
    public override string ClaimLaw =>
        "Factura en canvi de factures simplificades (RD 1619/2012). Els tiquets no s’anul·len ni es torna a cobrar res.";

    public override string ClaimTicket(int number) => $"Tiquet {number}";

    public override string OptionalWord => "si en tens més";
    public override string ClaimNumber => "Número de factura simplificada";
    public override string ClaimDate => "Data";
    public override string ClaimTotal => "Total";
    public override string Scan => "Escaneja el QR d’un tiquet";
    public override string ScanStop => "Tanca la càmera";
    public override string ScanNone => "No podem fer servir la càmera. Escriu les dades del tiquet: serveix igual.";
    public override string BuyerName => "Nom i cognoms o empresa";
    public override string BuyerTaxId => "NIF";
    public override string BuyerStreet => "Carrer i número";
    public override string BuyerDoor => "Pis i porta, si n’hi ha";
    public override string BuyerPostal => "Codi postal";
    public override string BuyerCity => "Localitat";
    public override string BuyerRegion => "Província";
    public override string MeTitle => "Les meves dades";
    public override string MeSignedInAs => "Has entrat com a";
    public override string ConsentGiven => "Fet: rebràs ofertes d’aquesta botiga amb les teves factures.";
    public override string ConsentTaken => "Fet: aquesta botiga ja no t’enviarà ofertes. Les factures continuaran arribant.";
    public override string MeOffers => "Ofertes";
    public override string MeOffersText =>
        "Només t’arriben si dius que sí, i les pots deixar quan vulguis. Les teves factures no en depenen.";
    public override string OffersOn => "Vols ofertes";
    public override string OffersOff => "Sense ofertes";
    public override string OffersUnknown => "Ara mateix no ho podem veure; torna d’aquí a un minut.";

    public override string TurnOffersOff(string shop) => $"Deixa les ofertes de {shop}";

    public override string TurnOffersOn(string shop) => $"Rep ofertes de {shop}";

    public override string ConsentHistory => "El que has dit i quan";
    public override string SaidYes => "sí";
    public override string SaidNo => "no";

    public override string ConsentSource(string source) =>
        source switch
        {
            "portal" => "en aquesta pàgina",
            "one-click" => "en un correu",
            "complaint" => "queixa per un correu",
            _ => source,
        };

    public override string MyData => "Emporta-te-les o esborra-les";
    public override string ExportText =>
        "Un ZIP amb totes les teves factures, els comptes amb les botigues i el que has dit sobre les ofertes, perquè ho llegeixis tu o un altre programa (JSON).";
    public override string ExportTitle => "Baixa les meves dades";
    public override string EraseText => "Abans d’esborrar res t’expliquem què s’esborra, què queda i fins quan.";
    public override string EraseTitle => "Esborra les meves dades";
    public override string EraseDone => "Esborrat";

    public override string EraseDoneText(int gone, int open) =>
        $"El teu correu ja no és a {FoundCount(gone, false)} i has sortit de tots els navegadors. {(open > 0 ? "A les que queden per pagar hi és fins que estiguin pagades; llavors ho pots tornar a demanar." : "")}";

    public override string EraseGoes => "Què s’esborra";

    public override string EraseGoesContact(int count) =>
        $"El teu correu, el telèfon, l’idioma i el número de client de {FoundCount(count, false)}.";

    public override string EraseGoesOffers => "El teu permís per rebre ofertes: no te n’arribarà cap més.";
    public override string EraseGoesSessions => "Els teus accessos a aquesta pàgina, a tots els navegadors.";
    public override string EraseStays => "Què queda";

    public override string EraseStaysInvoices(DateOnly until) =>
        $"Les factures, amb el nom i el NIF a qui es van fer: la llei obliga la botiga a guardar-les sis anys (Codi de Comerç, art. 30). L’última, fins al {Date(until)}.";

    public override string EraseStaysNothing => "Res: no hi ha factures al teu correu.";

    public override string EraseStaysOpen(int count) => $"El teu correu a {FoundCount(count, false)} per pagar, fins que ho estiguin.";

    public override string EraseStaysConsent =>
        "La constància que vas dir sí o no a les ofertes: la botiga ho ha de poder demostrar (RGPD, art. 7).";
    public override string EraseStaysCopies =>
        "El que diuen d’aquestes factures els llibres de pagaments i cobraments de la botiga i el registre del que t’ha enviat, el mateix temps que elles.";
    public override string EraseWarning => "Després ja no podràs veure aquí aquestes factures: baixa-les abans.";
    public override string EraseSure => "Ho he llegit i vull esborrar les meves dades";
    public override string EraseNotSure => "Marca la casella per confirmar-ho. No s’ha esborrat res.";
    public override string EraseSend => "Esborra les meves dades";
    public override string EraseNot => "Millor no";

    private static string By(string means) =>
        means switch
        {
            "card" => " amb targeta",
            "bizum" => " amb Bizum",
            "wallet" => " amb Apple Pay o Google Pay",
            "direct-debit" => " per domiciliació",
            _ => "",
        };
}
