using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>
/// The customers' pages in another language of Spain: each of their words is wanted anew, so that a language that lacks one does not
/// compile; the office and its refusals speak Spanish there.
/// </summary>
public abstract class RegionalWords : SpanishWords
{
    /// <inheritdoc />
    public abstract override string Code { get; }

    /// <inheritdoc />
    public abstract override string Name { get; }

    /// <inheritdoc />
    protected abstract override IReadOnlyList<string> Months { get; }

    /// <inheritdoc />
    protected abstract override IReadOnlyList<string> Weekdays { get; }

    /// <inheritdoc />
    public abstract override string Date(DateOnly date);

    /// <summary>The headings and texts of what goes wrong on a customer's way, by code; Spanish where there is none.</summary>
    protected abstract IReadOnlyDictionary<string, string> Problems { get; }

    /// <inheritdoc />
    public override string Problem(RetailInvoicing.ServiceDefaults.Fault fault) =>
        Problems.TryGetValue(fault.Code.Code, out var said)
            ? string.Format(CultureInfo.InvariantCulture, said, [.. fault.Values])
            : base.Problem(fault);

    /// <summary>An amount of an invoice.</summary>
    protected string Of(InvoiceBody invoice, decimal amount) => Amount(amount, invoice.Currency);

    /// <inheritdoc />
    public abstract override string AccountTitle { get; }

    /// <inheritdoc />
    public abstract override string AccountPeriod(DateOnly from, DateOnly to);

    /// <inheritdoc />
    public abstract override string AccountEmpty { get; }

    /// <inheritdoc />
    public abstract override string AccountIn(string currency);

    /// <inheritdoc />
    public abstract override string AccountWhat { get; }

    /// <inheritdoc />
    public abstract override string AccountBalance { get; }

    /// <inheritdoc />
    public abstract override string AccountOpening(DateOnly day);

    /// <inheritdoc />
    public abstract override string AccountClosing(DateOnly day);

    /// <inheritdoc />
    public abstract override string AccountKind(string kind);

    /// <inheritdoc />
    public abstract override string AccountClaims { get; }

    /// <inheritdoc />
    public abstract override string AccountClaimsText { get; }

    /// <inheritdoc />
    public abstract override string ClaimKind(string kind);

    /// <inheritdoc />
    public abstract override string ClaimState(string state);

    /// <inheritdoc />
    public abstract override string DisputeTitle { get; }

    /// <inheritdoc />
    public abstract override string DisputeLead { get; }

    /// <inheritdoc />
    public abstract override string DisputeWhat { get; }

    /// <inheritdoc />
    public abstract override string DisputeAll { get; }

    /// <inheritdoc />
    public abstract override string DisputeReason { get; }

    /// <inheritdoc />
    public abstract override string DisputeSend { get; }

    /// <inheritdoc />
    public abstract override string DisputeNoReason(int longest);

    /// <inheritdoc />
    public abstract override string DisputeNothingLeft { get; }

    /// <inheritdoc />
    public abstract override string DisputeSent { get; }

    /// <inheritdoc />
    public abstract override string DisputeSentText { get; }

    /// <inheritdoc />
    public abstract override string AppName { get; }

    /// <inheritdoc />
    public abstract override string SkipToContent { get; }

    /// <inheritdoc />
    public abstract override string MainNavigation { get; }

    /// <inheritdoc />
    public abstract override string Language { get; }

    /// <inheritdoc />
    public abstract override string Invoices { get; }

    /// <inheritdoc />
    public abstract override string Office { get; }

    /// <inheritdoc />
    public abstract override string SignOut { get; }

    /// <inheritdoc />
    public abstract override string FooterLine { get; }

    /// <inheritdoc />
    public abstract override string GoToInvoices { get; }

    /// <inheritdoc />
    public abstract override string GoToSignIn { get; }

    /// <inheritdoc />
    public abstract override string CodeForHelp(string code);

    /// <inheritdoc />
    public abstract override string SignInTitle { get; }

    /// <inheritdoc />
    public abstract override string SignInHeading { get; }

    /// <inheritdoc />
    public abstract override string SignInLead { get; }

    /// <inheritdoc />
    public abstract override string EmailAddress { get; }

    /// <inheritdoc />
    public abstract override string SendMeALink { get; }

    /// <inheritdoc />
    public abstract override string WhyALink { get; }

    /// <inheritdoc />
    public abstract override string SentTitle { get; }

    /// <inheritdoc />
    public abstract override string SentHeading { get; }

    /// <inheritdoc />
    public abstract override string SentLead { get; }

    /// <inheritdoc />
    public abstract override string SentSameBrowser(int minutes);

    /// <inheritdoc />
    public abstract override string SentSpam { get; }

    /// <inheritdoc />
    public abstract override string TryAnotherAddress { get; }

    /// <inheritdoc />
    public abstract override string AskForAnotherLink { get; }

    /// <inheritdoc />
    public abstract override string ConfirmTitle { get; }

    /// <inheritdoc />
    public abstract override string ConfirmHeading { get; }

    /// <inheritdoc />
    public abstract override string ConfirmLead { get; }

    /// <inheritdoc />
    public abstract override string ComeIn { get; }

    /// <inheritdoc />
    public abstract override string YourInvoices { get; }

    /// <inheritdoc />
    public abstract override string YouOwe { get; }

    /// <inheritdoc />
    public abstract override string NoInvoices(string email);

    /// <inheritdoc />
    public abstract override string NoMoreInvoices { get; }

    /// <inheritdoc />
    public abstract override string MorePages { get; }

    /// <inheritdoc />
    public abstract override string Older { get; }

    /// <inheritdoc />
    public abstract override string Latest { get; }

    /// <inheritdoc />
    public abstract override string PaymentsAway { get; }

    /// <inheritdoc />
    public abstract override string TestEnvironment { get; }

    /// <inheritdoc />
    public abstract override string AnonymousBuyer { get; }

    /// <inheritdoc />
    public abstract override string StillOpen(string amount);

    /// <inheritdoc />
    public abstract override string OnItsWay(string amount);

    /// <inheritdoc />
    public abstract override string Pay(string amount);

    /// <inheritdoc />
    public abstract override string WhatYouBought { get; }

    /// <inheritdoc />
    public abstract override string Item { get; }

    /// <inheritdoc />
    public abstract override string QuantityWord { get; }

    /// <inheritdoc />
    public abstract override string PriceWord { get; }

    /// <inheritdoc />
    public abstract override string AmountWord { get; }

    /// <inheritdoc />
    public abstract override string PricesWithVat { get; }

    /// <inheritdoc />
    public abstract override string PricesWithoutVat { get; }

    /// <inheritdoc />
    public abstract override string VatAndTotals { get; }

    /// <inheritdoc />
    public abstract override string RateWord { get; }

    /// <inheritdoc />
    public abstract override string TaxableWord { get; }

    /// <inheritdoc />
    public abstract override string TaxAmountWord { get; }

    /// <inheritdoc />
    public abstract override string EquivalenceSurcharge { get; }

    /// <inheritdoc />
    public abstract override string LineTotal { get; }

    /// <inheritdoc />
    public abstract override string Allowances { get; }

    /// <inheritdoc />
    public abstract override string Charges { get; }

    /// <inheritdoc />
    public abstract override string TotalWithoutVat { get; }

    /// <inheritdoc />
    public abstract override string VatTotal(string tax);

    /// <inheritdoc />
    public abstract override string TotalWord { get; }

    /// <inheritdoc />
    public abstract override string PaidSoFar { get; }

    /// <inheritdoc />
    public abstract override string ToPay { get; }

    /// <inheritdoc />
    public abstract override string HowItAddsUp { get; }

    /// <inheritdoc />
    public abstract override string Proof { get; }

    /// <inheritdoc />
    public abstract override string TaxQr { get; }

    /// <inheritdoc />
    public abstract override string QrAlt { get; }

    /// <inheritdoc />
    public abstract override string Verifactu { get; }

    /// <inheritdoc />
    public abstract override string Number { get; }

    /// <inheritdoc />
    public abstract override string IssueDate { get; }

    /// <inheritdoc />
    public abstract override string OperationDate { get; }

    /// <inheritdoc />
    public abstract override string DueDate { get; }

    /// <inheritdoc />
    public abstract override string SoldBy { get; }

    /// <inheritdoc />
    public abstract override string BoughtBy { get; }

    /// <inheritdoc />
    public abstract override string Record { get; }

    /// <inheritdoc />
    public abstract override string ChainTitle { get; }

    /// <inheritdoc />
    public abstract override string ChainText { get; }

    /// <inheritdoc />
    public abstract override string Fingerprint { get; }

    /// <inheritdoc />
    public abstract override string PreviousFingerprint { get; }

    /// <inheritdoc />
    public abstract override string FirstOfChain { get; }

    /// <inheritdoc />
    public abstract override string Corrections { get; }

    /// <inheritdoc />
    public abstract override string Corrects { get; }

    /// <inheritdoc />
    public abstract override string CorrectedBy { get; }

    /// <inheritdoc />
    public abstract override string Replaces { get; }

    /// <inheritdoc />
    public abstract override string ReplacedBy { get; }

    /// <inheritdoc />
    public abstract override string CorrectionReason(string why);

    /// <inheritdoc />
    public abstract override string Payments { get; }

    /// <inheritdoc />
    public abstract override string Means { get; }

    /// <inheritdoc />
    public abstract override string NoPayments { get; }

    /// <inheritdoc />
    public abstract override string PaymentsUnknown { get; }

    /// <inheritdoc />
    public abstract override string TakeItWithYou { get; }

    /// <inheritdoc />
    public abstract override string DownloadPdf { get; }

    /// <inheritdoc />
    public abstract override string DownloadXml { get; }

    /// <inheritdoc />
    public abstract override string WhatIsXml { get; }

    /// <inheritdoc />
    public abstract override string PayTitle(string number);

    /// <inheritdoc />
    public abstract override string PayHeading { get; }

    /// <inheritdoc />
    public abstract override string DueOn(DateOnly date);

    /// <inheritdoc />
    public abstract override string AlreadyPaid { get; }

    /// <inheritdoc />
    public abstract override string NothingToPay { get; }

    /// <inheritdoc />
    public abstract override string PayNow { get; }

    /// <inheritdoc />
    public abstract override string Sandbox { get; }

    /// <inheritdoc />
    public abstract override string PayBy(string means, string amount);

    /// <inheritdoc />
    public abstract override string PayWith(string means);

    /// <inheritdoc />
    public abstract override string PayAllBy(string means, int count, string amount);

    /// <inheritdoc />
    public abstract override string PayWhere { get; }

    /// <inheritdoc />
    public abstract override string PayOtherwise { get; }

    /// <inheritdoc />
    public abstract override string PayAnyway { get; }

    /// <inheritdoc />
    public abstract override string PayAllHeading { get; }

    /// <inheritdoc />
    public abstract override string PayAskedHeading { get; }

    /// <inheritdoc />
    public abstract override string OpenInvoices { get; }

    /// <inheritdoc />
    public abstract override string PayTogether(int count);

    /// <inheritdoc />
    public abstract override string PayTogetherText(string seller, string amount);

    /// <inheritdoc />
    public abstract override string UnderWay { get; }

    /// <inheritdoc />
    public abstract override string OnItsWaySince(string amount, DateTimeOffset since);

    /// <inheritdoc />
    public abstract override string CouldNotOpen(string means);

    /// <inheritdoc />
    public abstract override string AmountHasChanged { get; }

    /// <inheritdoc />
    public abstract override string AllPaid { get; }

    /// <inheritdoc />
    public abstract override string OnwardTitle { get; }

    /// <inheritdoc />
    public abstract override string OnwardHeading { get; }

    /// <inheritdoc />
    public abstract override string OnwardByButton { get; }

    /// <inheritdoc />
    public abstract override string OnwardByItself { get; }

    /// <inheritdoc />
    public abstract override string GoOnAndPay(string amount);

    /// <inheritdoc />
    public abstract override string BackToPaying { get; }

    /// <inheritdoc />
    public abstract override string WaitingHeading { get; }

    /// <inheritdoc />
    public abstract override string WaitingText(string amount);

    /// <inheritdoc />
    public abstract override string LooksByItself { get; }

    /// <inheritdoc />
    public abstract override string LooksNoMore { get; }

    /// <inheritdoc />
    public abstract override string LookAgain { get; }

    /// <inheritdoc />
    public abstract override string StayStill { get; }

    /// <inheritdoc />
    public abstract override string NotFinished { get; }

    /// <inheritdoc />
    public abstract override string NotPaid { get; }

    /// <inheritdoc />
    public abstract override string FailedHeading(string amount);

    /// <inheritdoc />
    public abstract override string FailedText { get; }

    /// <inheritdoc />
    public abstract override string CancelledHeading { get; }

    /// <inheritdoc />
    public abstract override string ExpiredHeading { get; }

    /// <inheritdoc />
    public abstract override string NothingCharged { get; }

    /// <inheritdoc />
    public abstract override string BankCode(string code);

    /// <inheritdoc />
    public abstract override string TryAgain { get; }

    /// <inheritdoc />
    public abstract override string ByTransfer { get; }

    /// <inheritdoc />
    public abstract override string EpcAlt { get; }

    /// <inheritdoc />
    public abstract override string ScanWithBank { get; }

    /// <inheritdoc />
    public abstract override string Beneficiary { get; }

    /// <inheritdoc />
    public abstract override string TransferReference { get; }

    /// <inheritdoc />
    public abstract override string TransferTakes { get; }

    /// <inheritdoc />
    public abstract override string TestBank { get; }

    /// <inheritdoc />
    public abstract override string TestBankGo { get; }

    /// <inheritdoc />
    public abstract override string NoWayToPay(string seller);

    /// <inheritdoc />
    public abstract override string BackToInvoice { get; }

    /// <inheritdoc />
    public abstract override string SeeInvoiceSigningIn { get; }

    /// <inheritdoc />
    public abstract override string SeeInvoicesSigningIn { get; }

    /// <inheritdoc />
    public abstract override string PaidTitle { get; }

    /// <inheritdoc />
    public abstract override string PaidWord { get; }

    /// <inheritdoc />
    public abstract override string ThankYou { get; }

    /// <inheritdoc />
    public abstract override string HadBeenPaid { get; }

    /// <inheritdoc />
    public abstract override string PaidText(string number, string amount, string seller);

    /// <inheritdoc />
    public abstract override string ReceivedWord { get; }

    /// <inheritdoc />
    public abstract override string ThankYouForIt { get; }

    /// <inheritdoc />
    public abstract override string ReceivedText(string amount, string seller);

    /// <inheritdoc />
    public abstract override string LeftToPay(string amount);

    /// <inheritdoc />
    public abstract override string AllPaidText(string seller);

    /// <inheritdoc />
    public abstract override string AskedPaidText(string seller);

    /// <inheritdoc />
    public abstract override string KindOf(InvoiceBody invoice);

    /// <inheritdoc />
    public abstract override string StandingShort(Standing standing);

    /// <inheritdoc />
    public abstract override string StandingLong(Standing standing);

    /// <inheritdoc />
    public abstract override string TaxName(string tax);

    /// <inheritdoc />
    public abstract override string Rate(string category, decimal rate);

    /// <inheritdoc />
    public abstract override string MeansOf(string means);

    /// <inheritdoc />
    public abstract override string Discount(string? reason, string amount);

    /// <inheritdoc />
    public abstract override string Surplus(string? reason, string amount);

    /// <inheritdoc />
    public abstract override string Shop(InvoiceBody invoice);

    /// <inheritdoc />
    public abstract override string VatSum(InvoiceBody invoice, VatBreakdownBody vat);

    /// <inheritdoc />
    public abstract override string TotalSum(InvoiceBody invoice);

    /// <inheritdoc />
    public abstract override string Submission(FiscalBody fiscal);

    /// <inheritdoc />
    public abstract override string FindLabel { get; }

    /// <inheritdoc />
    public abstract override string FindHint { get; }

    /// <inheritdoc />
    public abstract override string Find { get; }

    /// <inheritdoc />
    public abstract override string Filters { get; }

    /// <inheritdoc />
    public abstract override string ShopLabel { get; }

    /// <inheritdoc />
    public abstract override string AnyShop { get; }

    /// <inheritdoc />
    public abstract override string StateLabel { get; }

    /// <inheritdoc />
    public abstract override string AnyState { get; }

    /// <inheritdoc />
    public abstract override string StateName(string state);

    /// <inheritdoc />
    public abstract override string FromLabel { get; }

    /// <inheritdoc />
    public abstract override string ToLabel { get; }

    /// <inheritdoc />
    public abstract override string FoundCount(int count, bool more);

    /// <inheritdoc />
    public abstract override string FoundWith(string typed);

    /// <inheritdoc />
    public abstract override string FoundFrom(DateOnly day);

    /// <inheritdoc />
    public abstract override string FoundTo(DateOnly day);

    /// <inheritdoc />
    public abstract override string SeeAll { get; }

    /// <inheritdoc />
    public abstract override string NothingFound { get; }

    /// <inheritdoc />
    public abstract override string DownloadTheseZip { get; }

    /// <inheritdoc />
    public abstract override string ZipMost(int most);

    /// <inheritdoc />
    public abstract override string ZipMissing { get; }

    /// <inheritdoc />
    public abstract override string AtShop(string shop);

    /// <inheritdoc />
    public abstract override string PayAllOpen(int count);

    /// <inheritdoc />
    public abstract override string SpendingWord { get; }

    /// <inheritdoc />
    public abstract override string TicketsWord { get; }

    /// <inheritdoc />
    public abstract override string MeWord { get; }

    /// <inheritdoc />
    public abstract override string SpendingTitle { get; }

    /// <inheritdoc />
    public abstract override string SpendingIn(int year);

    /// <inheritdoc />
    public abstract override string SpendingLead { get; }

    /// <inheritdoc />
    public abstract override string SpendingNone(int year);

    /// <inheritdoc />
    public abstract override string ByMonth { get; }

    /// <inheritdoc />
    public abstract override string MonthWord { get; }

    /// <inheritdoc />
    public abstract override string ByShopSpent { get; }

    /// <inheritdoc />
    public abstract override string OtherYears { get; }

    /// <inheritdoc />
    public abstract override string DownloadZip { get; }

    /// <inheritdoc />
    public abstract override string ShareIt { get; }

    /// <inheritdoc />
    public abstract override string SomethingElse { get; }

    /// <inheritdoc />
    public abstract override string ClaimThis { get; }

    /// <inheritdoc />
    public abstract override string ClaimThisText { get; }

    /// <inheritdoc />
    public abstract override string RightBuyerTitle { get; }

    /// <inheritdoc />
    public abstract override string RightBuyerText { get; }

    /// <inheritdoc />
    public abstract override string RightBuyerLead { get; }

    /// <inheritdoc />
    public abstract override string RightBuyerSend { get; }

    /// <inheritdoc />
    public abstract override string PromiseTitle { get; }

    /// <inheritdoc />
    public abstract override string PromiseText { get; }

    /// <inheritdoc />
    public abstract override string PromiseMade { get; }

    /// <inheritdoc />
    public abstract override string PromiseMadeText { get; }

    /// <inheritdoc />
    public abstract override string PromiseNothingLeft { get; }

    /// <inheritdoc />
    public abstract override string PromiseLead(string amount);

    /// <inheritdoc />
    public abstract override string PromiseDay { get; }

    /// <inheritdoc />
    public abstract override string PromiseBadDay(DateOnly last);

    /// <inheritdoc />
    public abstract override string PromiseSend { get; }

    /// <inheritdoc />
    public abstract override string DisputeText { get; }

    /// <inheritdoc />
    public abstract override string AccountText { get; }

    /// <inheritdoc />
    public abstract override string AskTheShop { get; }

    /// <inheritdoc />
    public abstract override string EveryCent { get; }

    /// <inheritdoc />
    public abstract override string CouponCode { get; }

    /// <inheritdoc />
    public abstract override string StopOffers { get; }

    /// <inheritdoc />
    public abstract override string ClaimTitle { get; }

    /// <inheritdoc />
    public abstract override string ClaimLead { get; }

    /// <inheritdoc />
    public abstract override string ClaimTickets(int count);

    /// <inheritdoc />
    public abstract override string ClaimBuyer { get; }

    /// <inheritdoc />
    public abstract override string BuyerBusiness { get; }

    /// <inheritdoc />
    public abstract override string ClaimOnce { get; }

    /// <inheritdoc />
    public abstract override string ClaimSend { get; }

    /// <inheritdoc />
    public abstract override string ClaimBack { get; }

    /// <inheritdoc />
    public abstract override string ClaimShop { get; }

    /// <inheritdoc />
    public abstract override string ClaimNext { get; }

    /// <inheritdoc />
    public abstract override string ClaimMore { get; }

    /// <inheritdoc />
    public abstract override string ClaimLaw { get; }

    /// <inheritdoc />
    public abstract override string ClaimTicket(int number);

    /// <inheritdoc />
    public abstract override string OptionalWord { get; }

    /// <inheritdoc />
    public abstract override string ClaimNumber { get; }

    /// <inheritdoc />
    public abstract override string ClaimDate { get; }

    /// <inheritdoc />
    public abstract override string ClaimTotal { get; }

    /// <inheritdoc />
    public abstract override string Scan { get; }

    /// <inheritdoc />
    public abstract override string ScanStop { get; }

    /// <inheritdoc />
    public abstract override string ScanNone { get; }

    /// <inheritdoc />
    public abstract override string BuyerName { get; }

    /// <inheritdoc />
    public abstract override string BuyerTaxId { get; }

    /// <inheritdoc />
    public abstract override string BuyerStreet { get; }

    /// <inheritdoc />
    public abstract override string BuyerDoor { get; }

    /// <inheritdoc />
    public abstract override string BuyerPostal { get; }

    /// <inheritdoc />
    public abstract override string BuyerCity { get; }

    /// <inheritdoc />
    public abstract override string BuyerRegion { get; }

    /// <inheritdoc />
    public abstract override string MeTitle { get; }

    /// <inheritdoc />
    public abstract override string MeSignedInAs { get; }

    /// <inheritdoc />
    public abstract override string ConsentGiven { get; }

    /// <inheritdoc />
    public abstract override string ConsentTaken { get; }

    /// <inheritdoc />
    public abstract override string MeOffers { get; }

    /// <inheritdoc />
    public abstract override string MeOffersText { get; }

    /// <inheritdoc />
    public abstract override string OffersOn { get; }

    /// <inheritdoc />
    public abstract override string OffersOff { get; }

    /// <inheritdoc />
    public abstract override string OffersUnknown { get; }

    /// <inheritdoc />
    public abstract override string TurnOffersOff(string shop);

    /// <inheritdoc />
    public abstract override string TurnOffersOn(string shop);

    /// <inheritdoc />
    public abstract override string ConsentHistory { get; }

    /// <inheritdoc />
    public abstract override string SaidYes { get; }

    /// <inheritdoc />
    public abstract override string SaidNo { get; }

    /// <inheritdoc />
    public abstract override string ConsentSource(string source);

    /// <inheritdoc />
    public abstract override string MyData { get; }

    /// <inheritdoc />
    public abstract override string ExportText { get; }

    /// <inheritdoc />
    public abstract override string ExportTitle { get; }

    /// <inheritdoc />
    public abstract override string EraseText { get; }

    /// <inheritdoc />
    public abstract override string EraseTitle { get; }

    /// <inheritdoc />
    public abstract override string EraseDone { get; }

    /// <inheritdoc />
    public abstract override string EraseDoneText(int gone, int open);

    /// <inheritdoc />
    public abstract override string EraseGoes { get; }

    /// <inheritdoc />
    public abstract override string EraseGoesContact(int count);

    /// <inheritdoc />
    public abstract override string EraseGoesOffers { get; }

    /// <inheritdoc />
    public abstract override string EraseGoesSessions { get; }

    /// <inheritdoc />
    public abstract override string EraseStays { get; }

    /// <inheritdoc />
    public abstract override string EraseStaysInvoices(DateOnly until);

    /// <inheritdoc />
    public abstract override string EraseStaysNothing { get; }

    /// <inheritdoc />
    public abstract override string EraseStaysOpen(int count);

    /// <inheritdoc />
    public abstract override string EraseStaysConsent { get; }

    /// <inheritdoc />
    public abstract override string EraseStaysCopies { get; }

    /// <inheritdoc />
    public abstract override string EraseWarning { get; }

    /// <inheritdoc />
    public abstract override string EraseSure { get; }

    /// <inheritdoc />
    public abstract override string EraseNotSure { get; }

    /// <inheritdoc />
    public abstract override string EraseSend { get; }

    /// <inheritdoc />
    public abstract override string EraseNot { get; }
}
