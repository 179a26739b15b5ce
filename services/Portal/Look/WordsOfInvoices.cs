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
}
