using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>The customers' pages in Basque: plain, and zu for customers.</summary>
public sealed class BasqueWords : RegionalWords
{
    private static readonly string[] MonthNames =
    [
        "urtarrila",
        "otsaila",
        "martxoa",
        "apirila",
        "maiatza",
        "ekaina",
        "uztaila",
        "abuztua",
        "iraila",
        "urria",
        "azaroa",
        "abendua",
    ];

    private static readonly string[] DayNames = ["igandea", "astelehena", "asteartea", "asteazkena", "osteguna", "ostirala", "larunbata"];

    private static readonly Dictionary<string, string> ProblemTexts = new()
    {
        ["POR-PAGE-01"] =
            "Hemen ez dago ezer zuretzat. Agian helbidea gaizki idatzita dago, edo faktura sartzeko erabili duzuna ez den beste helbide batera bidali zen.",
        ["POR-PAGE-02"] = "Ez dugu eskaera ulertu. Ez da ezer aldatu. Itzuli atzera eta saiatu berriro aurreko orritik.",
        ["POR-PAGE-03"] =
            "Orri hau denbora gehiegi egon da irekita. Ez da ezer bidali. Itzuli atzera, kargatu berriro eta saiatu; errepikatzen bada, onartu gune honen cookieak.",
        ["POR-PAGE-04"] = "Ez da ezer bidali. Zure saioa amaituta zegoen; hemen duzu idatzi zenuena. Begiratu eta bidali.",
        ["POR-PAGE-05"] =
            "Idatzi zenuena ez dago jada. Ordu erdiz gordetzen da, idatzi zenuen nabigatzailean. Ez zen ezer bidali; idatzi berriro.",
        ["POR-AWAY-01"] =
            "Une honetan ezin dizugu hau erakutsi. Sistemaren zati batek ez du erantzuten; ez da ezer galdu. Saiatu berriro minutu bat barru.",
        ["POR-BUG-01"] =
            "Zerbaitek huts egin du gure aldetik. Idatzita geratu da eta begiratuko dugu. Saiatu berriro; errepikatzen bada, esan kode hau dendari.",
        ["POR-SIGNIN-01"] = "Horrek ez dirudi helbide elektroniko bat. Idatzi osorik, adibidez ana@example.com.",
        ["POR-SIGNIN-02"] =
            "Esteka gehiegi eskatu dira. Bilatu zure postan, spam karpetan ere, bidali dizkizugunak, edo saiatu berriro {0} minutu barru.",
        ["POR-SIGNIN-03"] = "Esteka honek ez du balio. Agian kopiatzean moztu zen. Eskatu beste bat: une bat da.",
        ["POR-SIGNIN-04"] = "Esteka hau iraungi da. Segurtasunagatik, bakoitzak {0} minutu irauten du. Eskatu beste bat: une bat da.",
        ["POR-SIGNIN-05"] =
            "Esteka hau erabilita dago. Bakoitzak behin bakarrik balio du. Barruan bazaude, joan zure fakturetara; bestela, eskatu beste esteka bat.",
        ["POR-SIGNIN-06"] =
            "Ireki esteka hau eskatu zenuen nabigatzailean. Zu babesteko da: zure posta eskuratuko lukeena ezin izango litzateke sartu. Kopiatu esteka eta itsatsi han, edo eskatu berri bat hemendik.",
        ["POR-PAY-01"] =
            "Ordainketa-esteka honek ez du balio. Agian kopiatzean moztu zen; ez da ezer kobratu. Ireki berriro mezutik edo sartu zure helbidearekin fakturak ikusteko.",
        ["POR-PAY-02"] =
            "Ordainketa-esteka hau iraungi da. Ez da ezer kobratu. Sartu zure helbidearekin fakturetatik ordaintzeko, edo eskatu beste esteka bat dendari.",
        ["POR-PAY-03"] =
            "Ordainketa ez da egin. Ez da ezer kobratu. Itzuli ordainketa-orrira eta saiatu berriro, edo ordaindu transferentziaz.",
        ["POR-PAY-04"] =
            "Ez dakigu nola ordaindu nahi duzun. Ez da ezer kobratu. Itzuli ordainketa-orrira eta aukeratu eskaintzen dituen moduetako bat.",
        ["POR-PAY-05"] =
            "Oraindik ez dakigu ordainketa egin den. Ez zaigu erantzuna iritsi. Ez ordaindu beste modu batera: itzuli ordainketa-orrira, ordainduta badago esango dizu; han berriro saiatzeak ez du inoiz bi aldiz kobratzen.",
        ["POR-PAY-06"] =
            "Dendak ordainketa-esteka hau baliogabetu du. Ez da ezer kobratu. Sartu zure helbidearekin fakturetatik ordaintzeko, edo eskatu beste esteka bat dendari.",
        ["POR-DOC-01"] = "Dokumentu hau ezin da faktura honetarako sortu. PDFak datu berak ditu; formatu hau behar baduzu, eskatu dendari.",
        ["POR-CLAIM-01"] =
            "Tiket gehiegi ez dira aurkitu. Ez da ezer eskatu. Saiatu ordubete barru tiketa eskuan duzula, edo eskatu dendan.",
    };

    public override string Code => "eu";

    public override string Name => "Euskara";

    protected override IReadOnlyList<string> Months => MonthNames;

    protected override IReadOnlyList<string> Weekdays => DayNames;

    protected override IReadOnlyDictionary<string, string> Problems => ProblemTexts;

    public override string Date(DateOnly date) => $"{date.Year:0000}ko {MonthNames[date.Month - 1]}ren {date.Day}a";

    public override string AccountTitle => "Kontu-laburpena";

    public override string AccountPeriod(DateOnly from, DateOnly to) => $"{Date(from)} – {Date(to)}";

    public override string AccountEmpty => "Denda honekin ez duzu ezer ordaintzeke izan denbora horretan.";

    public override string AccountIn(string currency) => $"Kontua ({currency})";

    public override string AccountWhat => "Kontzeptua";
    public override string AccountBalance => "Saldoa";

    public override string AccountOpening(DateOnly day) => $"Aurreko saldoa ({ShortDate(day)})";

    public override string AccountClosing(DateOnly day) => $"Saldoa ({Date(day)})";

    public override string AccountKind(string kind) =>
        kind switch
        {
            "invoice" => "Faktura:",
            "payment" => "Ordainketa:",
            "correction" => "Zuzenketa:",
            "refund" => "Itzulketa:",
            "reversal" => "Ordainketa itzulia:",
            "write-off" => "Barkatutako zenbatekoa:",
            "undone" => "Ordainketa berriz esleitua:",
            "cancellation" => "Baliogabetzea:",
            _ => "Mugimendua:",
        };

    public override string AccountClaims => "Kontutik aparte";
    public override string AccountClaimsText =>
        "Enpresen arteko ordainketa berandutuen interesak eta konpentsazioa (3/2004 Legea). Ez dira inongo fakturaren zati, ez dute BEZik.";

    public override string ClaimKind(string kind) => kind == "interest" ? "Berandutze-interesak:" : "Kobrantza-konpentsazioa:";

    public override string ClaimState(string state) =>
        state switch
        {
            "paid" => "ordainduta",
            "waived" => "ez da eskatzen",
            _ => "ordaintzeke",
        };

    public override string DisputeTitle => "Zerbait gaizki dago faktura honetan";
    public override string DisputeLead =>
        "Esan dendari. Begiratzen duen bitartean ez dizu gogoraraziko gaizki dagoela diozuna ordaintzea; gainerakoa beti bezala ordaintzen da.";
    public override string DisputeWhat => "Zer dago gaizki?";
    public override string DisputeAll => "Faktura osoa";
    public override string DisputeReason => "Zer gertatu da?";
    public override string DisputeSend => "Bidali dendara";

    public override string DisputeNoReason(int longest) => $"Idatzi zer gertatu den, gehienez {longest} karakteretan.";

    public override string DisputeNothingLeft => "Dendari esana zenion, edo ez dago ordaintzekorik. Ez da ezer bidali.";
    public override string DisputeSent => "Dendak badaki";
    public override string DisputeSentText => "Begiratuko du eta erantzungo dizu. Bitartean ez dizu zati hori ordaintzea gogoraraziko.";
    public override string AppName => "Nire fakturak";
    public override string SkipToContent => "Joan edukira";
    public override string MainNavigation => "Atalak";
    public override string Language => "Hizkuntza";
    public override string Invoices => "Fakturak";
    public override string Office => "Bulegoa";
    public override string SignOut => "Irten";
    public override string FooterLine => "Dendako inork ez dizu inoiz zure sarbide-esteka eskatuko.";
    public override string GoToInvoices => "Joan nire fakturetara";
    public override string GoToSignIn => "Sartu";

    public override string CodeForHelp(string code) => $"Laguntza eskatzen baduzu, esan kode hau: {code}";

    public override string SignInTitle => "Sartu";
    public override string SignInHeading => "Sartu zure helbide elektronikoarekin";
    public override string SignInLead =>
        "Idatzi dendan eman zenuen helbide elektronikoa eta esteka bat bidaliko dizugu fakturak ikusteko. Pasahitzik gabe.";
    public override string EmailAddress => "Helbide elektronikoa";
    public override string SendMeALink => "Bidali esteka";
    public override string WhyALink => "Estekak behin bakarrik balio du, eta nabigatzaile honetan bakarrik.";
    public override string SentTitle => "Begiratu zure posta";
    public override string SentHeading => "Begiratu zure posta";
    public override string SentLead => "Helbide horrek gurekin fakturarik badu, esteka bat iritsiko zaio berehala.";

    public override string SentSameBrowser(int minutes) => $"Ireki nabigatzaile honetan bertan {minutes} minutu baino lehen.";

    public override string SentSpam => "Ez da iristen? Begiratu spam karpetan eta egiaztatu dendan eman zenuen helbidea dela.";
    public override string TryAnotherAddress => "Saiatu beste helbide batekin";
    public override string AskForAnotherLink => "Eskatu beste esteka bat";
    public override string ConfirmTitle => "Sartu";
    public override string ConfirmHeading => "Ia eginda";
    public override string ConfirmLead => "Honela sartuko zara:";
    public override string ComeIn => "Sartu";
    public override string YourInvoices => "Zure fakturak";
    public override string YouOwe => "Ordaintzeke duzu";

    public override string NoInvoices(string email) =>
        $"Oraindik ez dago fakturarik helbide honetarako: {email}. Lehena hemen agertuko da denda batek bidaltzen dizunean.";

    public override string NoMoreInvoices => "Ez dago faktura zaharragorik.";
    public override string MorePages => "Faktura gehiago";
    public override string Older => "Zaharragoak";
    public override string Latest => "Azkenak";
    public override string PaymentsAway =>
        "Une honetan ezin ditugu ordainketak egiaztatu. Gainerakoa eguneratuta dago; begiratu berriro minutu bat barru.";
    public override string TestEnvironment => "PROBA, balio fiskalik gabe (PRUEBA, sin validez fiscal)";
    public override string AnonymousBuyer => "Azken kontsumitzailea";

    public override string StillOpen(string amount) => $"{amount} geratzen dira";

    public override string OnItsWay(string amount) => $"{amount} bidean: oraindik ez da iritsi, baina ez duzu berriro ordaindu beharrik.";

    public override string Pay(string amount) => $"Ordaindu {amount}";

    public override string WhatYouBought => "Zer erosi duzun";
    public override string Item => "Artikulua";
    public override string QuantityWord => "Kopurua";
    public override string PriceWord => "Prezioa";
    public override string AmountWord => "Zenbatekoa";
    public override string PricesWithVat => "Prezioak zergak barne.";
    public override string PricesWithoutVat => "Prezioak zergarik gabe.";
    public override string VatAndTotals => "Zergak eta guztizkoa";
    public override string RateWord => "Tasa";
    public override string TaxableWord => "Oinarria";
    public override string TaxAmountWord => "Kuota";
    public override string EquivalenceSurcharge => "Baliokidetasun-errekargua";
    public override string LineTotal => "Artikuluen batura";
    public override string Allowances => "Deskontuak";
    public override string Charges => "Karguak";
    public override string TotalWithoutVat => "Zerga-oinarria";

    public override string VatTotal(string tax) => TaxName(tax);

    public override string TotalWord => "Guztira";
    public override string PaidSoFar => "Ordainduta";
    public override string ToPay => "Ordaintzeke";
    public override string HowItAddsUp => "Nola kalkulatzen den";
    public override string Proof => "Egiaztapena";
    public override string TaxQr => "QR tributarioa (QR tributario):";
    public override string QrAlt => "Faktura hau Zerga Agentzian egiaztatzeko QR kodea";
    public override string Verifactu => "AEATren egoitza elektronikoan egiazta daitekeen faktura (VERI*FACTU)";
    public override string Number => "Zenbakia";
    public override string IssueDate => "Egite-data";
    public override string OperationDate => "Eragiketaren data";
    public override string DueDate => "Mugaeguna";
    public override string SoldBy => "Saltzailea";
    public override string BoughtBy => "Eroslea";
    public override string Record => "Erregistro fiskala";
    public override string ChainTitle => "Bere lekua erregistroen katean";
    public override string ChainText =>
        "Faktura bakoitzak aurrekoaren hatz-marka darama. Norbaitek bat aldatuko balu, katea etengo litzateke.";
    public override string Fingerprint => "Hatz-marka";
    public override string PreviousFingerprint => "Aurreko hatz-marka";
    public override string FirstOfChain => "Kateko lehena da";
    public override string Corrections => "Zuzenketak";
    public override string Corrects => "Hau zuzentzen du:";
    public override string CorrectedBy => "Honek zuzendua:";
    public override string Replaces => "Hau ordezten du:";
    public override string ReplacedBy => "Honek ordeztua:";

    public override string CorrectionReason(string why) => $"Arrazoia: {why}";

    public override string Payments => "Ordainketak";
    public override string Means => "Ordaintzeko modua";
    public override string NoPayments => "Oraindik ez dago ordainketarik.";
    public override string PaymentsUnknown => "Une honetan ezin ditugu ordainketak ikusi.";
    public override string TakeItWithYou => "Eraman zurekin";
    public override string DownloadPdf => "Deskargatu PDFa";
    public override string DownloadXml => "Deskargatu XMLa";
    public override string WhatIsXml => "PDFa irakurtzeko da; XMLa (UBL) zure kontabilitate-programarako.";

    public override string PayTitle(string number) => $"Ordaindu {number}";

    public override string PayHeading => "Ordaindu faktura";

    public override string DueOn(DateOnly date) => $"Mugaeguna: {Date(date)}";

    public override string AlreadyPaid => "Ordainduta dago";
    public override string NothingToPay => "Ez duzu beste ezer egin behar.";
    public override string PayNow => "Ordaindu orain";
    public override string Sandbox => "Proba-pasabidea: ez da benetako dirurik mugitzen.";

    public override string PayBy(string means, string amount) => $"Ordaindu {amount}{By(means)}";

    public override string PayWith(string means) =>
        means switch
        {
            "wallet" => "Apple Pay edo Google Pay",
            "direct-debit" => "Banku-helbideratzea",
            _ => MeansOf(means),
        };

    public override string PayAllBy(string means, int count, string amount) => $"Ordaindu {Count(count)} fakturak, {amount},{By(means)}";

    public override string PayWhere =>
        "Orri seguru batean ordaintzen duzu: zure txartelaren datuak ez dira hemendik ez dendatik igarotzen.";
    public override string PayOtherwise => "Ez zenuen ordaintzen amaitu?";
    public override string PayAnyway => "Jarraitu ordainketarekin edo ordaindu beste modu batera";
    public override string PayAllHeading => "Ordaindu zor duzun guztia";
    public override string PayAskedHeading => "Ordaindu oroigarriak eskatzen duena";
    public override string OpenInvoices => "Ordaintzeke dauden fakturak";

    public override string PayTogether(int count) => $"Edo ordaindu ordaintzeke dituzun {Count(count)} fakturak batera";

    public override string PayTogetherText(string seller, string amount) => $"{seller} dendarekin ordaintzeke duzun guztia: {amount}.";

    public override string UnderWay => "Bidean";

    public override string OnItsWaySince(string amount, DateTimeOffset since) =>
        $"{amount} bidean ({Date(DateOnly.FromDateTime(since.DateTime))}, {Clock(since)}): oraindik ez da iritsi, baina ez duzu berriro ordaindu beharrik.";

    public override string CouldNotOpen(string means) =>
        $"Une honetan ezin dugu ordainketa ireki{By(means)}. Ez da ezer kobratu. Ordaindu beste modu batera edo saiatu berriro minutu bat barru.";

    public override string AmountHasChanged =>
        "Zenbatekoa aldatu da orri hau ireki zenuenetik. Ez da ezer kobratu. Hau da oraingo zenbatekoa.";
    public override string AllPaid => "Dena ordainduta dago";
    public override string OnwardTitle => "Jarraitu ordaintzeko";
    public override string OnwardHeading => "Ordainketa-orri segurura zoaz";
    public override string OnwardByButton => "Sakatu botoia bankuaren orri seguruan ordaintzeko. Amaitzean hona itzuliko zara.";
    public override string OnwardByItself => "Bere kasa irekiko da une batean; bestela, sakatu botoia. Amaitzean hona itzuliko zara.";

    public override string GoOnAndPay(string amount) => $"Jarraitu eta ordaindu {amount}";

    public override string BackToPaying => "Itzuli eta aukeratu beste modu bat";
    public override string WaitingHeading => "Bankuak oraindik ez digu ezer esan";

    public override string WaitingText(string amount) =>
        $"{amount} ordaindu baduzu, ez ordaindu berriro: bankuak berresten duenean idatzita geratuko da eta hemen ikusiko duzu.";

    public override string LooksByItself => "Orri honek bere kasa begiratzen du berriro minutu batez.";
    public override string LooksNoMore =>
        "Orri honek ez du gehiago bere kasa begiratzen. Begiratu nahi duzunean; itxi dezakezu ezer galdu gabe.";
    public override string LookAgain => "Begiratu berriro";
    public override string StayStill => "Ez begiratu bere kasa";
    public override string NotFinished => "Ez nuen ordaintzen amaitu";
    public override string NotPaid => "Ordaindu gabe";

    public override string FailedHeading(string amount) => $"Ezin izan dugu kobratu: {amount}";

    public override string FailedText =>
        "Bankuak ez du ordainketa onartu eta ez da ezer kobratu. Saiatu berriro, ordaindu beste modu batera edo galdetu zure bankuari.";
    public override string CancelledHeading => "Ordainketa amaitu gabe utzi duzu";
    public override string ExpiredHeading => "Ordaintzeko denbora amaitu da";
    public override string NothingCharged => "Ez da ezer kobratu. Berriro saia zaitezke edo beste modu batera ordaindu.";

    public override string BankCode(string code) => $"Bankuaren kodea: {code}";

    public override string TryAgain => "Saiatu berriro edo ordaindu beste modu batera";
    public override string ByTransfer => "Transferentziaz";
    public override string EpcAlt => "Transferentziaren datuen QR kodea";
    public override string ScanWithBank => "Eskaneatu zure bankuaren aplikazioarekin.";
    public override string Beneficiary => "Onuraduna";
    public override string TransferReference => "Kontzeptua";
    public override string TransferTakes =>
        "Jarri kontzeptua dagoen bezala: horrela jakingo dugu zurea dela. Transferentziak segundo batzuetatik bi egunera hartzen du.";
    public override string TestBank =>
        "Denda hau probetan dago: transferentzia dirurik mugitzen ez duen banku simulatu batean egin dezakezu.";
    public override string TestBankGo => "Joan banku simulatura";

    public override string NoWayToPay(string seller) => $"Une honetan ezin da hemen ordaindu. Hitz egin dendarekin: {seller}.";

    public override string BackToInvoice => "Ikusi faktura";
    public override string SeeInvoiceSigningIn => "Ikusi faktura osoa (sartu behar da)";
    public override string SeeInvoicesSigningIn => "Ikusi zure fakturak (sartu behar da)";
    public override string PaidTitle => "Ordainduta";
    public override string PaidWord => "Ordainduta";
    public override string ThankYou => "Eskerrik asko, ordainduta dago";
    public override string HadBeenPaid => "Ordainduta zegoen; ez da berriro kobratu";

    public override string PaidText(string number, string amount, string seller) =>
        $"{seller} dendaren {number} faktura ({amount}) ordainduta dago. Ez duzu beste ezer egin behar.";

    public override string ReceivedWord => "Jasota";
    public override string ThankYouForIt => "Eskerrik asko, zure ordainketa jaso dugu";

    public override string ReceivedText(string amount, string seller) => $"{seller} dendak {amount} jaso ditu.";

    public override string LeftToPay(string amount) => $"{amount} geratzen zaizkizu ordaintzeko.";

    public override string AllPaidText(string seller) => $"Ez duzu ezer ordaintzeke: {seller}.";

    public override string AskedPaidText(string seller) => $"{seller} dendak eskatzen zizuna ordainduta dago.";

    public override string KindOf(InvoiceBody invoice) =>
        invoice.Kind switch
        {
            InvoiceKind.Simplified => "Faktura sinplifikatua",
            InvoiceKind.Corrective => "Faktura zuzentzailea",
            _ => "Faktura",
        };

    public override string StandingShort(Standing standing) =>
        standing.Kind switch
        {
            StandingKind.Paid => "Ordainduta",
            StandingKind.Due => "Ordaintzeke",
            StandingKind.Overdue => "Epez kanpo",
            StandingKind.Credit => "Itzulketa",
            StandingKind.Cancelled => "Baliogabetua",
            _ => "Egiaztatu gabe",
        };

    public override string StandingLong(Standing standing) =>
        standing switch
        {
            { Kind: StandingKind.Paid, PaidOn: { } paid } => $"Ordainduta: {Date(paid)}",
            { Kind: StandingKind.Due, DueDate: { } due } => $"Ordaintzeke. Mugaeguna: {Date(due)}",
            { Kind: StandingKind.Overdue, DueDate: { } due } => $"Epez kanpo. Mugaeguna: {Date(due)}",
            { Kind: StandingKind.Credit } => "Itzulketa: zenbateko hori zure alde da",
            { Kind: StandingKind.Cancelled } => "Baliogabetua: ez du eraginik",
            { Kind: StandingKind.Unknown } => "Une honetan ezin dugu egiaztatu ordainduta dagoen",
            _ => StandingShort(standing),
        };

    public override string TaxName(string tax) =>
        tax switch
        {
            "igic" => "IGIC",
            "ipsi" => "IPSI",
            _ => "BEZ",
        };

    public override string Rate(string category, decimal rate) =>
        category switch
        {
            "E" => "salbuetsita",
            "AE" => "subjektu pasiboaren inbertsioa",
            "K" => "Europar Batasun barruko entrega",
            "G" => "esportazioa",
            "O" => "zergari lotu gabea",
            _ => Percent(rate),
        };

    public override string MeansOf(string means) =>
        means switch
        {
            "cash" => "Eskudirua",
            "card" => "Txartela",
            "bizum" => "Bizum",
            "transfer" => "Transferentzia",
            "direct-debit" => "Helbideratzea",
            "wallet" => "Mugikorreko zorroa",
            "voucher" => "Bonua",
            "credit" => "Aldeko saldoa",
            _ => "Beste bide bat",
        };

    public override string Discount(string? reason, string amount) => $"{reason ?? "Deskontua"}: {amount} zergarik gabe";

    public override string Surplus(string? reason, string amount) => $"{reason ?? "Kargua"}: {amount} zergarik gabe";

    public override string Shop(InvoiceBody invoice) =>
        invoice.Channel == SaleChannel.Online ? "Sareko denda" : $"{invoice.StoreId.Value} denda";

    public override string VatSum(InvoiceBody invoice, VatBreakdownBody vat) =>
        vat.Rate == 0m
            ? $"{TaxName(vat.Tax)} {Rate(vat.Category, vat.Rate)}: ez dago kuotarik honen gainean: {Of(invoice, vat.TaxableAmount)}."
        : invoice.PricesIncludeVat
            ? $"{Percent(vat.Rate)}: prezioen batura {TaxName(vat.Tax)} barne {Of(invoice, vat.TaxableAmount + vat.VatAmount)} da; hortik, {Quantity(100m + vat.Rate)} zatitik {Quantity(vat.Rate)} dira kuota, {Of(invoice, vat.VatAmount)}, eta gainerakoa oinarria, {Of(invoice, vat.TaxableAmount)}."
        : $"{Percent(vat.Rate)}: {Of(invoice, vat.TaxableAmount)} × {Percent(vat.Rate)} = {Of(invoice, vat.VatAmount)}, zentimora biribilduta.";

    public override string TotalSum(InvoiceBody invoice) =>
        $"Guztira: {Of(invoice, invoice.Totals.TotalWithoutVat)} oinarria + {Of(invoice, invoice.Totals.VatTotal)} zergak = {Of(invoice, invoice.Totals.TotalWithVat)}.";

    public override string Submission(FiscalBody fiscal) =>
        fiscal.Submission switch
        {
            FiscalSubmission.Accepted => "Zerga Agentziak onartua",
            FiscalSubmission.AcceptedWithErrors => "Zerga Agentziak onartua, oharrekin",
            FiscalSubmission.Rejected => "Zerga Agentziak baztertua; denda begiratzen ari da",
            FiscalSubmission.NotRequired => "Erregistratuta",
            _ => "Erregistratuta; Zerga Agentziaren erantzunaren zain",
        };

    public override string FindLabel => "Bilatu zure fakturetan";
    public override string FindHint => "Produktua, zenbatekoa, data, denda";
    public override string Find => "Bilatu";
    public override string Filters => "Iragazkiak";
    public override string ShopLabel => "Denda";
    public override string AnyShop => "Guztiak";
    public override string StateLabel => "Egoera";
    public override string AnyState => "Guztiak";

    public override string StateName(string state) =>
        state switch
        {
            "open" => "Ordaintzeke",
            "overdue" => "Epez kanpo",
            _ => "Ordainduta",
        };

    public override string FromLabel => "Noiztik";
    public override string ToLabel => "Noiz arte";

    public override string FoundCount(int count, bool more) =>
        $"{(count == 1 ? "Faktura 1" : $"{Count(count)} faktura")}{(more ? " baino gehiago" : "")}";

    public override string FoundWith(string typed) => $"«{typed}» dutenak";

    public override string FoundFrom(DateOnly day) => $"{ShortDate(day)} egunetik";

    public override string FoundTo(DateOnly day) => $"{ShortDate(day)} egunera arte";

    public override string SeeAll => "Ikusi denak";
    public override string NothingFound =>
        "Fakturarik ez dago horrekin guztiarekin. Saiatu hitz gutxiagorekin edo fakturako zenbatekoarekin.";
    public override string DownloadTheseZip => "Deskargatu faktura hauek ZIP batean";

    public override string ZipMost(int most) => $"Gehienez {most}, PDF eta XML.";

    public override string ZipMissing => "Faktura hauek ezin izan dira sartu; deskargatu banan-banan:";

    public override string AtShop(string shop) => $"({shop})";

    public override string PayAllOpen(int count) => $"Ordaindu {Count(count)} fakturak";

    public override string SpendingWord => "Gastua";
    public override string TicketsWord => "Tiketak";
    public override string MeWord => "Datuak";
    public override string SpendingTitle => "Zure gastua";

    public override string SpendingIn(int year) => $"Zure gastua {year}. urtean";

    public override string SpendingLead => "Zergak barne, itzulitakoa kenduta.";

    public override string SpendingNone(int year) => $"Ez dago erosketarik {year}. urtean.";

    public override string ByMonth => "Hilez hile";
    public override string MonthWord => "Hilabetea";
    public override string ByShopSpent => "Dendaka";
    public override string OtherYears => "Beste urte batzuk";
    public override string DownloadZip => "Dena ZIP batean";
    public override string ShareIt => "Bidali esteka";
    public override string SomethingElse => "Beste zerbait?";
    public override string ClaimThis => "Eskatu faktura osoa";
    public override string ClaimThisText => "Zure IFZrekin, kentzeko edo justifikatzeko.";
    public override string RightBuyerTitle => "Zuzendu nire datuak";
    public override string RightBuyerText => "Fakturako izena edo helbidea.";
    public override string RightBuyerLead =>
        "Idatzi behar bezala. Berehala jasoko duzu faktura zuzentzaile bat, zenbateko berekin; aurrekoa ez da ezabatzen. IFZ beste norbaitena bada, dendak egiaztatu behar du.";
    public override string RightBuyerSend => "Eskatu faktura zuzentzailea";
    public override string PromiseTitle => "Esan zein egunetan ordainduko duzun";
    public override string PromiseText => "Ordura arte ez dizute gogoraraziko.";
    public override string PromiseMade => "Idatzita";
    public override string PromiseMadeText =>
        "Dendak badaki eta egun hori arte ez dizu gogoraraziko. Nahi duzunean ordain dezakezu lehenago.";
    public override string PromiseNothingLeft => "Egun bat emana zenuen, edo ez dago ordaintzekorik. Ez da ezer bidali.";

    public override string PromiseLead(string amount) =>
        $"Esan zein egunetan ordainduko duzun zor duzuna: {amount}. Ordura arte dendak ez dizu gogoraraziko.";

    public override string PromiseDay => "Eguna";

    public override string PromiseBadDay(DateOnly last) => $"Aukeratu egun bat gaurtik honaino: {Date(last)}.";

    public override string PromiseSend => "Bidali dendara";
    public override string DisputeText => "Lerro bat edo faktura osoa.";
    public override string AccountText => "Zor zenuena eta ordaindu duzuna.";
    public override string AskTheShop => "Galdetu dendari";
    public override string EveryCent => "Zentimoz zentimo";
    public override string CouponCode => "Kupoia";
    public override string StopOffers => "Ez dut eskaintza gehiagorik nahi";
    public override string ClaimTitle => "Zure tiketen faktura osoa";
    public override string ClaimLead =>
        "Kopiatu tiket bakoitzaren zenbakia, data eta guztizkoa, edo eskaneatu QR kodea. Denak denda berekoak izan behar dira.";

    public override string ClaimTickets(int count) => $"{(count == 1 ? "Zure tiketa" : $"Zure {Count(count)} tiketak")}";

    public override string ClaimBuyer => "Noren izenean?";
    public override string BuyerBusiness => "Enpresa edo profesional gisa erosten dut";
    public override string ClaimOnce => "Tiket bakoitza behin bakarrik trukatzen da: berrikusi datuak eskatu aurretik.";
    public override string ClaimSend => "Eskatu faktura";
    public override string ClaimBack => "Aldatu tiketak";
    public override string ClaimShop => "Dendaren IFZ, tiketaren goialdean";
    public override string ClaimNext => "Jarraitu";
    public override string ClaimMore => "Gehitu beste tiket bat";
    public override string ClaimLaw =>
        "Faktura sinplifikatuen ordezko faktura (1619/2012 ED). Tiketak ez dira baliogabetzen, eta ez da ezer berriro kobratzen.";

    public override string ClaimTicket(int number) => $"{number}. tiketa";

    public override string OptionalWord => "gehiago badituzu";
    public override string ClaimNumber => "Faktura sinplifikatuaren zenbakia";
    public override string ClaimDate => "Data";
    public override string ClaimTotal => "Guztira";
    public override string Scan => "Eskaneatu tiket baten QR kodea";
    public override string ScanStop => "Itxi kamera";
    public override string ScanNone => "Ezin dugu kamera erabili. Idatzi tiketaren datuak: berdin balio du.";
    public override string BuyerName => "Izen-abizenak edo enpresa";
    public override string BuyerTaxId => "IFZ";
    public override string BuyerStreet => "Kalea eta zenbakia";
    public override string BuyerDoor => "Solairua eta atea, baldin badago";
    public override string BuyerPostal => "Posta-kodea";
    public override string BuyerCity => "Herria";
    public override string BuyerRegion => "Probintzia";
    public override string MeTitle => "Nire datuak";
    public override string MeSignedInAs => "Honela sartu zara:";
    public override string ConsentGiven => "Eginda: denda horren eskaintzak jasoko dituzu fakturekin.";
    public override string ConsentTaken => "Eginda: denda horrek ez dizu eskaintza gehiagorik bidaliko. Fakturak iristen jarraituko dute.";
    public override string MeOffers => "Eskaintzak";
    public override string MeOffersText =>
        "Baietz esaten baduzu bakarrik iristen zaizkizu, eta nahi duzunean utz ditzakezu. Fakturak ez daude horren mende.";
    public override string OffersOn => "Eskaintzak nahi dituzu";
    public override string OffersOff => "Eskaintzarik gabe";
    public override string OffersUnknown => "Une honetan ezin dugu ikusi; itzuli minutu bat barru.";

    public override string TurnOffersOff(string shop) => $"Utzi eskaintzak: {shop}";

    public override string TurnOffersOn(string shop) => $"Jaso eskaintzak: {shop}";

    public override string ConsentHistory => "Zer esan duzun eta noiz";
    public override string SaidYes => "bai";
    public override string SaidNo => "ez";

    public override string ConsentSource(string source) =>
        source switch
        {
            "portal" => "orri honetan",
            "one-click" => "mezu batean",
            "complaint" => "mezu bati buruzko kexa",
            _ => source,
        };

    public override string MyData => "Eraman edo ezabatu";
    public override string ExportText =>
        "ZIP bat zure faktura guztiekin, dendekin dituzun kontuekin eta eskaintzei buruz esandakoarekin, zuk edo beste programa batek irakurtzeko (JSON).";
    public override string ExportTitle => "Deskargatu nire datuak";
    public override string EraseText => "Ezer ezabatu aurretik esango dizugu zer ezabatzen den, zer geratzen den eta noiz arte.";
    public override string EraseTitle => "Ezabatu nire datuak";
    public override string EraseDone => "Ezabatuta";

    public override string EraseDoneText(int gone, int open) =>
        $"Zure helbidea kendu da: {FoundCount(gone, false)}. Nabigatzaile guztietatik irten zara. {(open > 0 ? "Ordaintzeke daudenetan geratzen da ordaindu arte; orduan berriro eska dezakezu." : "")}";

    public override string EraseGoes => "Zer ezabatzen den";

    public override string EraseGoesContact(int count) =>
        $"Zure helbide elektronikoa, telefonoa, hizkuntza eta bezero-zenbakia: {FoundCount(count, false)}.";

    public override string EraseGoesOffers => "Eskaintzak jasotzeko baimena: ez zaizu gehiagorik iritsiko.";
    public override string EraseGoesSessions => "Orri honetako zure saioak, nabigatzaile guztietan.";
    public override string EraseStays => "Zer geratzen den";

    public override string EraseStaysInvoices(DateOnly until) =>
        $"Fakturak, zein izen eta IFZri egin zitzaizkien: legeak sei urtez gordetzera behartzen du denda (Merkataritza Kodea, 30. art.). Azkena: {Date(until)} arte.";

    public override string EraseStaysNothing => "Ezer ez: ez dago fakturarik zure helbidera.";

    public override string EraseStaysOpen(int count) => $"Zure helbidea, ordaindu arte: {FoundCount(count, false)}.";

    public override string EraseStaysConsent =>
        "Eskaintzei bai edo ez esan izanaren erregistroa: dendak frogatu ahal izan behar du (DBEO, 7. art.).";
    public override string EraseStaysCopies =>
        "Dendaren ordainketa- eta kobrantza-liburuek eta bidali dizunaren erregistroak faktura horiei buruz diotena, fakturak adina denbora.";
    public override string EraseWarning => "Gero ezin izango dituzu faktura horiek hemen ikusi: deskargatu lehenago.";
    public override string EraseSure => "Irakurri dut eta nire datuak ezabatu nahi ditut";
    public override string EraseNotSure => "Markatu laukia berresteko. Ez da ezer ezabatu.";
    public override string EraseSend => "Ezabatu nire datuak";
    public override string EraseNot => "Hobe ez";

    private static string By(string means) =>
        means switch
        {
            "card" => " txartelarekin",
            "bizum" => " Bizum bidez",
            "wallet" => " Apple Pay edo Google Pay bidez",
            "direct-debit" => " helbideratze bidez",
            _ => "",
        };
}
