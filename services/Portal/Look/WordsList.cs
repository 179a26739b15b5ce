using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

public abstract partial class Words
{
    // Around every page.
    /// <summary>The site's own name.</summary>
    public abstract string AppName { get; }

    /// <summary>For who uses the keyboard.</summary>
    public abstract string SkipToContent { get; }

    /// <summary>Names the navigation.</summary>
    public abstract string MainNavigation { get; }

    /// <summary>Names the choice of language.</summary>
    public abstract string Language { get; }

    /// <summary>The customer's section.</summary>
    public abstract string Invoices { get; }

    /// <summary>The staff's section.</summary>
    public abstract string Office { get; }

    /// <summary>Ends the session.</summary>
    public abstract string SignOut { get; }

    /// <summary>At the foot.</summary>
    public abstract string FooterLine { get; }

    /// <summary>A way on.</summary>
    public abstract string GoToInvoices { get; }

    /// <summary>A way on.</summary>
    public abstract string GoToSignIn { get; }

    /// <summary>The code of a refusal.</summary>
    public abstract string CodeForHelp(string code);

    // Signing in.
    /// <summary>Title.</summary>
    public abstract string SignInTitle { get; }

    /// <summary>Heading.</summary>
    public abstract string SignInHeading { get; }

    /// <summary>What to do.</summary>
    public abstract string SignInLead { get; }

    /// <summary>Label.</summary>
    public abstract string EmailAddress { get; }

    /// <summary>The act.</summary>
    public abstract string SendMeALink { get; }

    /// <summary>Why so.</summary>
    public abstract string WhyALink { get; }

    /// <summary>Title.</summary>
    public abstract string SentTitle { get; }

    /// <summary>Heading.</summary>
    public abstract string SentHeading { get; }

    /// <summary>What happened, the same for every address.</summary>
    public abstract string SentLead { get; }

    /// <summary>What to do.</summary>
    public abstract string SentSameBrowser(int minutes);

    /// <summary>What to do.</summary>
    public abstract string SentSpam { get; }

    /// <summary>A way on.</summary>
    public abstract string TryAnotherAddress { get; }

    /// <summary>A way on.</summary>
    public abstract string AskForAnotherLink { get; }

    /// <summary>Title.</summary>
    public abstract string ConfirmTitle { get; }

    /// <summary>Heading.</summary>
    public abstract string ConfirmHeading { get; }

    /// <summary>Before the address.</summary>
    public abstract string ConfirmLead { get; }

    /// <summary>The act.</summary>
    public abstract string ComeIn { get; }

    // Invoices.
    /// <summary>Heading.</summary>
    public abstract string YourInvoices { get; }

    /// <summary>Before the amount.</summary>
    public abstract string YouOwe { get; }

    /// <summary>Empty.</summary>
    public abstract string NoInvoices(string email);

    /// <summary>Empty.</summary>
    public abstract string NoMoreInvoices { get; }

    /// <summary>Names the navigation.</summary>
    public abstract string MorePages { get; }

    /// <summary>A way on.</summary>
    public abstract string Older { get; }

    /// <summary>A way back.</summary>
    public abstract string Latest { get; }

    /// <summary>A part is away.</summary>
    public abstract string PaymentsAway { get; }

    /// <summary>Law: no fiscal validity.</summary>
    public abstract string TestEnvironment { get; }

    /// <summary>Who gave no name.</summary>
    public abstract string AnonymousBuyer { get; }

    /// <summary>Beside the state.</summary>
    public abstract string StillOpen(string amount);

    /// <summary>In flight.</summary>
    public abstract string OnItsWay(string amount);

    /// <summary>The one act.</summary>
    public abstract string Pay(string amount);

    /// <summary>Heading.</summary>
    public abstract string WhatYouBought { get; }

    /// <summary>Column.</summary>
    public abstract string Item { get; }

    /// <summary>Column.</summary>
    public abstract string QuantityWord { get; }

    /// <summary>Column.</summary>
    public abstract string PriceWord { get; }

    /// <summary>Column.</summary>
    public abstract string AmountWord { get; }

    /// <summary>Which prices.</summary>
    public abstract string PricesWithVat { get; }

    /// <summary>Which prices.</summary>
    public abstract string PricesWithoutVat { get; }

    /// <summary>Heading.</summary>
    public abstract string VatAndTotals { get; }

    /// <summary>Column.</summary>
    public abstract string RateWord { get; }

    /// <summary>Column.</summary>
    public abstract string TaxableWord { get; }

    /// <summary>Column.</summary>
    public abstract string TaxAmountWord { get; }

    /// <summary>Row.</summary>
    public abstract string EquivalenceSurcharge { get; }

    /// <summary>Row.</summary>
    public abstract string LineTotal { get; }

    /// <summary>Row.</summary>
    public abstract string Allowances { get; }

    /// <summary>Row.</summary>
    public abstract string Charges { get; }

    /// <summary>Row.</summary>
    public abstract string TotalWithoutVat { get; }

    /// <summary>Row.</summary>
    public abstract string VatTotal(string tax);

    /// <summary>Row.</summary>
    public abstract string TotalWord { get; }

    /// <summary>Row.</summary>
    public abstract string PaidSoFar { get; }

    /// <summary>Row.</summary>
    public abstract string ToPay { get; }

    /// <summary>Opens the explanation.</summary>
    public abstract string HowItAddsUp { get; }

    /// <summary>Heading.</summary>
    public abstract string Proof { get; }

    /// <summary>Law: above the QR.</summary>
    public abstract string TaxQr { get; }

    /// <summary>For who does not see it.</summary>
    public abstract string QrAlt { get; }

    /// <summary>Law: below the QR.</summary>
    public abstract string Verifactu { get; }

    /// <summary>Term.</summary>
    public abstract string Number { get; }

    /// <summary>Term.</summary>
    public abstract string IssueDate { get; }

    /// <summary>Term.</summary>
    public abstract string OperationDate { get; }

    /// <summary>Term.</summary>
    public abstract string DueDate { get; }

    /// <summary>Term.</summary>
    public abstract string SoldBy { get; }

    /// <summary>Term.</summary>
    public abstract string BoughtBy { get; }

    /// <summary>Term.</summary>
    public abstract string Record { get; }

    /// <summary>Opens the chain.</summary>
    public abstract string ChainTitle { get; }

    /// <summary>What the chain is.</summary>
    public abstract string ChainText { get; }

    /// <summary>Term.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>Term.</summary>
    public abstract string PreviousFingerprint { get; }

    /// <summary>No previous one.</summary>
    public abstract string FirstOfChain { get; }

    /// <summary>Heading.</summary>
    public abstract string Corrections { get; }

    /// <summary>Before a number.</summary>
    public abstract string Corrects { get; }

    /// <summary>Before a number.</summary>
    public abstract string CorrectedBy { get; }

    /// <summary>Before a number.</summary>
    public abstract string Replaces { get; }

    /// <summary>Before a number.</summary>
    public abstract string ReplacedBy { get; }

    /// <summary>Why.</summary>
    public abstract string CorrectionReason(string why);

    /// <summary>Heading.</summary>
    public abstract string Payments { get; }

    /// <summary>Column.</summary>
    public abstract string Means { get; }

    /// <summary>Empty.</summary>
    public abstract string NoPayments { get; }

    /// <summary>A part is away.</summary>
    public abstract string PaymentsUnknown { get; }

    /// <summary>Heading.</summary>
    public abstract string TakeItWithYou { get; }

    /// <summary>A way out.</summary>
    public abstract string DownloadPdf { get; }

    /// <summary>A way out.</summary>
    public abstract string DownloadXml { get; }

    /// <summary>Explains.</summary>
    public abstract string WhatIsXml { get; }

    // Paying.
    /// <summary>Title.</summary>
    public abstract string PayTitle(string number);

    /// <summary>Before the number.</summary>
    public abstract string PayHeading { get; }

    /// <summary>When.</summary>
    public abstract string DueOn(DateOnly date);

    /// <summary>State.</summary>
    public abstract string AlreadyPaid { get; }

    /// <summary>What it means.</summary>
    public abstract string NothingToPay { get; }

    /// <summary>Heading.</summary>
    public abstract string PayNow { get; }

    /// <summary>Honest about being one.</summary>
    public abstract string Sandbox { get; }

    /// <summary>The act.</summary>
    public abstract string PayByCard(string amount);

    /// <summary>An act.</summary>
    public abstract string Wallet { get; }

    /// <summary>Heading.</summary>
    public abstract string ByTransfer { get; }

    /// <summary>For who does not see it.</summary>
    public abstract string EpcAlt { get; }

    /// <summary>What to do.</summary>
    public abstract string ScanWithBank { get; }

    /// <summary>Term.</summary>
    public abstract string Beneficiary { get; }

    /// <summary>Term.</summary>
    public abstract string TransferReference { get; }

    /// <summary>What to expect.</summary>
    public abstract string TransferTakes { get; }

    /// <summary>Nothing offered.</summary>
    public abstract string NoWayToPay(string seller);

    /// <summary>A way on.</summary>
    public abstract string BackToInvoice { get; }

    /// <summary>A way on.</summary>
    public abstract string SeeInvoiceSigningIn { get; }

    /// <summary>Title.</summary>
    public abstract string PaidTitle { get; }

    /// <summary>State.</summary>
    public abstract string PaidWord { get; }

    /// <summary>Heading.</summary>
    public abstract string ThankYou { get; }

    /// <summary>Heading.</summary>
    public abstract string HadBeenPaid { get; }

    /// <summary>What happened.</summary>
    public abstract string PaidText(string number, string amount, string seller);

    // Office.
    /// <summary>Heading.</summary>
    public abstract string WhichOffice { get; }

    /// <summary>A way on.</summary>
    public abstract string AnotherOffice { get; }

    /// <summary>Heading.</summary>
    public abstract string SoldToday { get; }

    /// <summary>Empty.</summary>
    public abstract string NoSalesToday { get; }

    /// <summary>A part is away.</summary>
    public abstract string SalesAway { get; }

    /// <summary>How many.</summary>
    public abstract string InvoicesCount(long count);

    /// <summary>Returns in the total.</summary>
    public abstract string ReturnsInside(string amount);

    /// <summary>To compare.</summary>
    public abstract string LastWeek(string weekday, string amount, long count);

    /// <summary>To compare.</summary>
    public abstract string NothingLastWeek(string weekday);

    /// <summary>Caption.</summary>
    public abstract string ByShop { get; }

    /// <summary>Column.</summary>
    public abstract string ShopWord { get; }

    /// <summary>Heading.</summary>
    public abstract string OwedToUs { get; }

    /// <summary>A part is away.</summary>
    public abstract string OwedAway { get; }

    /// <summary>Empty.</summary>
    public abstract string NothingOwed { get; }

    /// <summary>How many.</summary>
    public abstract string InInvoices(int count);

    /// <summary>Overdue part.</summary>
    public abstract string OfThatOverdue(string amount, int count);

    /// <summary>Overdue part.</summary>
    public abstract string NothingOverdue { get; }

    /// <summary>Heading.</summary>
    public abstract string NeedsYouNow { get; }

    /// <summary>Empty.</summary>
    public abstract string NoOverdue { get; }

    /// <summary>There are more.</summary>
    public abstract string MoreOverdue { get; }

    /// <summary>When.</summary>
    public abstract string WasDueOn(DateOnly date);

    /// <summary>How often reminded.</summary>
    public abstract string Reminders(int count);

    /// <summary>How late.</summary>
    public abstract string DaysLate(int days);

    /// <summary>Heading.</summary>
    public abstract string LatestInvoices { get; }

    /// <summary>A part is away.</summary>
    public abstract string InvoicesAway { get; }

    // Sentences that depend on what they tell of.
    /// <summary>What kind of document it is.</summary>
    public abstract string KindOf(InvoiceBody invoice);

    /// <summary>The state in a word.</summary>
    public abstract string StandingShort(Standing standing);

    /// <summary>The state in words.</summary>
    public abstract string StandingLong(Standing standing);

    /// <summary>VAT, or what stands for it there.</summary>
    public abstract string TaxName(string tax);

    /// <summary>A rate, or why there is none.</summary>
    public abstract string Rate(string category, decimal rate);

    /// <summary>How something was paid.</summary>
    public abstract string MeansOf(string means);

    /// <summary>A reduction of a line.</summary>
    public abstract string Discount(string? reason, string amount);

    /// <summary>A charge on a line.</summary>
    public abstract string Surplus(string? reason, string amount);

    /// <summary>Which shop sold it.</summary>
    public abstract string Shop(InvoiceBody invoice);

    /// <summary>How one rate's tax comes about.</summary>
    public abstract string VatSum(InvoiceBody invoice, VatBreakdownBody vat);

    /// <summary>How the total comes about.</summary>
    public abstract string TotalSum(InvoiceBody invoice);

    /// <summary>How far the record is with the agency.</summary>
    public abstract string Submission(FiscalBody fiscal);

    /// <summary>A member of staff's role.</summary>
    public abstract string Role(string role);
}
