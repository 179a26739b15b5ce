using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

public abstract partial class Words
{
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

    /// <summary>The act, with its amount.</summary>
    public abstract string PayBy(string means, string amount);

    /// <summary>An act: another way to pay the same.</summary>
    public abstract string PayWith(string means);

    /// <summary>An act: several invoices at once.</summary>
    public abstract string PayAllBy(string means, int count, string amount);

    /// <summary>Where card numbers go, and where not.</summary>
    public abstract string PayWhere { get; }

    /// <summary>Heading, where it is under way already.</summary>
    public abstract string PayOtherwise { get; }

    /// <summary>Opens the ways to pay what is under way already.</summary>
    public abstract string PayAnyway { get; }

    /// <summary>Heading of a page for all that is open.</summary>
    public abstract string PayAllHeading { get; }

    /// <summary>Heading of a page for what a reminder asks for.</summary>
    public abstract string PayAskedHeading { get; }

    /// <summary>Caption.</summary>
    public abstract string OpenInvoices { get; }

    /// <summary>Heading of what can be paid together.</summary>
    public abstract string PayTogether(int count);

    /// <summary>What that is and comes to.</summary>
    public abstract string PayTogetherText(string seller, string amount);

    /// <summary>State.</summary>
    public abstract string UnderWay { get; }

    /// <summary>In flight, and since when by the seller's clock.</summary>
    public abstract string OnItsWaySince(string amount, DateTimeOffset since);

    /// <summary>A provider did not answer.</summary>
    public abstract string CouldNotOpen(string means);

    /// <summary>Another amount than the one that was pressed.</summary>
    public abstract string AmountHasChanged { get; }

    /// <summary>State of all that was open.</summary>
    public abstract string AllPaid { get; }

    /// <summary>Title of the page before the provider's.</summary>
    public abstract string OnwardTitle { get; }

    /// <summary>Its heading.</summary>
    public abstract string OnwardHeading { get; }

    /// <summary>What happens when its button is pressed.</summary>
    public abstract string OnwardByButton { get; }

    /// <summary>What happens by itself.</summary>
    public abstract string OnwardByItself { get; }

    /// <summary>The act that leads to the provider's page.</summary>
    public abstract string GoOnAndPay(string amount);

    /// <summary>A way back.</summary>
    public abstract string BackToPaying { get; }

    /// <summary>Heading while nobody knows.</summary>
    public abstract string WaitingHeading { get; }

    /// <summary>What that means.</summary>
    public abstract string WaitingText(string amount);

    /// <summary>The page looks by itself.</summary>
    public abstract string LooksByItself { get; }

    /// <summary>The page does not look by itself any more.</summary>
    public abstract string LooksNoMore { get; }

    /// <summary>The act that looks.</summary>
    public abstract string LookAgain { get; }

    /// <summary>The act that keeps the page as it is.</summary>
    public abstract string StayStill { get; }

    /// <summary>A way back for who did not pay after all.</summary>
    public abstract string NotFinished { get; }

    /// <summary>State.</summary>
    public abstract string NotPaid { get; }

    /// <summary>Heading of what the bank declined.</summary>
    public abstract string FailedHeading(string amount);

    /// <summary>What that means, and what to do.</summary>
    public abstract string FailedText { get; }

    /// <summary>Heading of what the payer gave up.</summary>
    public abstract string CancelledHeading { get; }

    /// <summary>Heading of what took too long.</summary>
    public abstract string ExpiredHeading { get; }

    /// <summary>What both mean, and what to do.</summary>
    public abstract string NothingCharged { get; }

    /// <summary>To read out to the bank.</summary>
    public abstract string BankCode(string code);

    /// <summary>The act after that.</summary>
    public abstract string TryAgain { get; }

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

    /// <summary>Honest about a bank that is none.</summary>
    public abstract string TestBank { get; }

    /// <summary>The act that leads there.</summary>
    public abstract string TestBankGo { get; }

    /// <summary>Nothing offered.</summary>
    public abstract string NoWayToPay(string seller);

    /// <summary>A way on.</summary>
    public abstract string BackToInvoice { get; }

    /// <summary>A way on.</summary>
    public abstract string SeeInvoiceSigningIn { get; }

    /// <summary>A way on.</summary>
    public abstract string SeeInvoicesSigningIn { get; }

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

    /// <summary>State of a payment of several invoices, or of a part of one.</summary>
    public abstract string ReceivedWord { get; }

    /// <summary>Heading of that.</summary>
    public abstract string ThankYouForIt { get; }

    /// <summary>What happened then.</summary>
    public abstract string ReceivedText(string amount, string seller);

    /// <summary>What is still open after that.</summary>
    public abstract string LeftToPay(string amount);

    /// <summary>Nothing is open any more.</summary>
    public abstract string AllPaidText(string seller);

    /// <summary>Nothing of what a reminder asked for is open any more.</summary>
    public abstract string AskedPaidText(string seller);

    /// <summary>A time of day, as both languages write it.</summary>
    protected static string Clock(DateTimeOffset at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

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

    /// <summary>The way to the previews.</summary>
    public abstract string PreviewsLink { get; }

    /// <summary>Heading of the previews.</summary>
    public abstract string Previews { get; }

    /// <summary>What the previews show.</summary>
    public abstract string PreviewsLead { get; }

    /// <summary>One of the previews.</summary>
    public abstract string PreviewMail { get; }

    /// <summary>The other.</summary>
    public abstract string PreviewPage { get; }

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
