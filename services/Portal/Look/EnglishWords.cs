using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Look;

/// <summary>The pages in English, equal in care.</summary>
public sealed partial class EnglishWords : Words
{
    private static readonly string[] MonthNames =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    private static readonly string[] DayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    // Written out, so that a machine without the language's data writes the same.
    private static readonly NumberFormatInfo Format = new() { NumberDecimalSeparator = ".", NumberGroupSeparator = "," };

    public override string Code => "en";

    public override string Name => "English";

    public override string FaultLanguage => "en";

    protected override NumberFormatInfo Numbers => Format;

    protected override bool SignAfter => false;

    protected override IReadOnlyList<string> Months => MonthNames;

    protected override IReadOnlyList<string> Weekdays => DayNames;

    public override string Date(DateOnly date) => $"{date.Day} {MonthNames[date.Month - 1]} {date.Year:0000}";

    private string Of(InvoiceBody invoice, decimal amount) => Amount(amount, invoice.Currency);

    // Around every page.
    public override string AppName => "My invoices";
    public override string SkipToContent => "Skip to content";
    public override string MainNavigation => "Sections";
    public override string Language => "Language";
    public override string Invoices => "Invoices";
    public override string Office => "Office";
    public override string SignOut => "Sign out";
    public override string FooterLine => "Nobody from the shop will ever ask you for your sign-in link.";
    public override string GoToInvoices => "Go to my invoices";
    public override string GoToSignIn => "Sign in";

    public override string CodeForHelp(string code) => $"If you ask for help, give this code: {code}";

    // Signing in.
    public override string SignInTitle => "Sign in";
    public override string SignInHeading => "Sign in with your e-mail";
    public override string SignInLead =>
        "Write the e-mail address you gave the shop and we will send you a link to your invoices. No passwords.";
    public override string EmailAddress => "E-mail address";
    public override string SendMeALink => "Send me the link";
    public override string WhyALink => "The link works once, and only in this browser.";
    public override string SentTitle => "Look in your inbox";
    public override string SentHeading => "Look in your inbox";
    public override string SentLead => "If that address has invoices with us, a link is on its way.";

    public override string SentSameBrowser(int minutes) => $"Open it in this same browser within {minutes} minutes.";

    public override string SentSpam => "Nothing there? Look in the spam folder, and make sure it is the address you gave the shop.";
    public override string TryAnotherAddress => "Try another address";
    public override string AskForAnotherLink => "Ask for another link";
    public override string ConfirmTitle => "Sign in";
    public override string ConfirmHeading => "Almost there";
    public override string ConfirmLead => "You are about to sign in as";
    public override string ComeIn => "Sign in";

    // Invoices.
    public override string YourInvoices => "Your invoices";
    public override string YouOwe => "You have still to pay";

    public override string NoInvoices(string email) =>
        $"There are no invoices for {email} yet. The first will appear here as soon as a shop sends one to this address.";

    public override string NoMoreInvoices => "There are no older invoices.";
    public override string MorePages => "More invoices";
    public override string Older => "Older";
    public override string Latest => "Latest";
    public override string PaymentsAway =>
        "We cannot check payments right now. The rest of this page is up to date; look again in a minute.";
    public override string TestEnvironment => "TEST, not valid for tax (PRUEBA, sin validez fiscal)";
    public override string AnonymousBuyer => "Walk-in customer";

    public override string StillOpen(string amount) => $"{amount} still open";

    public override string OnItsWay(string amount) => $"{amount} on its way: it has not arrived yet, but there is no need to pay again.";

    public override string Pay(string amount) => $"Pay {amount}";

    public override string WhatYouBought => "What you bought";
    public override string Item => "Item";
    public override string QuantityWord => "Quantity";
    public override string PriceWord => "Price";
    public override string AmountWord => "Amount";
    public override string PricesWithVat => "Prices include tax.";
    public override string PricesWithoutVat => "Prices before tax.";
    public override string VatAndTotals => "Tax and total";
    public override string RateWord => "Rate";
    public override string TaxableWord => "Taxable amount";
    public override string TaxAmountWord => "Tax";
    public override string EquivalenceSurcharge => "Equivalence surcharge";
    public override string LineTotal => "Sum of items";
    public override string Allowances => "Discounts";
    public override string Charges => "Charges";
    public override string TotalWithoutVat => "Total before tax";

    public override string VatTotal(string tax) => TaxName(tax);

    public override string TotalWord => "Total";
    public override string PaidSoFar => "Paid so far";
    public override string ToPay => "To pay";
    public override string HowItAddsUp => "How it adds up";
    public override string Proof => "Proof";
    public override string TaxQr => "Tax QR (QR tributario):";
    public override string QrAlt => "QR code to check this invoice at the Spanish tax agency";
    public override string Verifactu => "Invoice verifiable at the Spanish tax agency (VERI*FACTU)";
    public override string Number => "Number";
    public override string IssueDate => "Date of issue";
    public override string OperationDate => "Date of sale";
    public override string DueDate => "Due date";
    public override string SoldBy => "Sold by";
    public override string BoughtBy => "Bought by";
    public override string Record => "Fiscal record";
    public override string ChainTitle => "Its place in the chain of records";
    public override string ChainText =>
        "Each invoice carries the fingerprint of the one before. If anyone changed one, the chain would break.";
    public override string Fingerprint => "Fingerprint";
    public override string PreviousFingerprint => "Previous fingerprint";
    public override string FirstOfChain => "It is the first of the chain";
    public override string Corrections => "Corrections";
    public override string Corrects => "Corrects";
    public override string CorrectedBy => "Corrected by";
    public override string Replaces => "Replaces";
    public override string ReplacedBy => "Replaced by";

    public override string CorrectionReason(string why) => $"Reason: {why}";

    public override string Payments => "Payments";
    public override string Means => "Means";
    public override string NoPayments => "No payments yet.";
    public override string PaymentsUnknown => "We cannot see the payments right now.";
    public override string TakeItWithYou => "Take it with you";
    public override string DownloadPdf => "Download PDF";
    public override string DownloadXml => "Download XML";
    public override string WhatIsXml => "The PDF is for reading; the XML (UBL) is for your accounting program.";

    // Paying.
    public override string PayTitle(string number) => $"Pay {number}";

    public override string PayHeading => "Pay invoice";

    public override string DueOn(DateOnly date) => $"Due on {Date(date)}";

    public override string AlreadyPaid => "Already paid";
    public override string NothingToPay => "There is nothing more to do.";
    public override string PayNow => "Pay now";
    public override string Sandbox => "Test gateway: no real money moves.";

    public override string PayBy(string means, string amount) => $"Pay {amount}{By(means)}";

    public override string PayWith(string means) =>
        means switch
        {
            "wallet" => "Apple Pay or Google Pay",
            _ => MeansOf(means),
        };

    public override string PayAllBy(string means, int count, string amount) => $"Pay all {Count(count)} invoices, {amount},{By(means)}";

    public override string PayWhere => "You pay on a secure page: your card's details pass neither through here nor through the shop.";
    public override string PayOtherwise => "Did you not finish paying?";
    public override string PayAnyway => "Go on with the payment, or pay in another way";
    public override string PayAllHeading => "Pay all that is open";
    public override string PayAskedHeading => "Pay what the reminder asks for";
    public override string OpenInvoices => "Open invoices";

    public override string PayTogether(int count) => $"Or pay your {Count(count)} open invoices at once";

    public override string PayTogetherText(string seller, string amount) => $"All that you have open with {seller} comes to {amount}.";

    public override string UnderWay => "On its way";

    public override string OnItsWaySince(string amount, DateTimeOffset since) =>
        $"{amount} on its way since {Clock(since)} on {Date(DateOnly.FromDateTime(since.DateTime))}: it has not arrived yet, but there is no need to pay again.";

    public override string CouldNotOpen(string means) =>
        $"We cannot open the payment{By(means)} right now. Nothing has been charged. Pay in another way, or try again in a minute.";

    public override string AmountHasChanged =>
        "The amount has changed since you opened this page. Nothing has been charged. This is the amount now.";
    public override string AllPaid => "All is paid";
    public override string OnwardTitle => "Go on to pay";
    public override string OnwardHeading => "You are going to the secure payment page";
    public override string OnwardByButton => "Press the button to pay on the bank's secure page. Afterwards you will come back here.";
    public override string OnwardByItself =>
        "It opens by itself in a moment; if not, press the button. Afterwards you will come back here.";

    public override string GoOnAndPay(string amount) => $"Go on and pay {amount}";

    public override string BackToPaying => "Go back and choose another way";
    public override string WaitingHeading => "The bank has not told us yet";

    public override string WaitingText(string amount) =>
        $"If you have paid {amount}, do not pay again: as soon as the bank confirms it, it will be recorded and you will see it here.";

    public override string LooksByItself => "This page looks again by itself for a minute.";
    public override string LooksNoMore =>
        "This page does not look by itself any more. Look again whenever you like; you can close it and lose nothing.";
    public override string LookAgain => "Look again";
    public override string StayStill => "Stop looking by itself";
    public override string NotFinished => "I did not finish paying";
    public override string NotPaid => "Not paid";

    public override string FailedHeading(string amount) => $"We could not charge {amount}";

    public override string FailedText =>
        "The bank did not accept the payment, and nothing has been charged. Try again, pay in another way, or ask your bank.";
    public override string CancelledHeading => "You left the payment unfinished";
    public override string ExpiredHeading => "The time to pay has run out";
    public override string NothingCharged => "Nothing has been charged. You can try again or pay in another way.";

    public override string BankCode(string code) => $"The bank's code: {code}";

    public override string TryAgain => "Try again or pay in another way";
    public override string ByTransfer => "By bank transfer";
    public override string EpcAlt => "QR code with the details of the transfer";
    public override string ScanWithBank => "Scan it with your bank's app.";
    public override string Beneficiary => "Beneficiary";
    public override string TransferReference => "Reference";
    public override string TransferTakes =>
        "Copy the reference exactly: that is how we know it is yours. A transfer takes from some seconds to two days.";
    public override string TestBank =>
        "This shop is trying things out: the transfer can be made at a simulated bank, which moves no money.";
    public override string TestBankGo => "Go to the simulated bank";

    public override string NoWayToPay(string seller) => $"It cannot be paid here right now. Please talk to {seller}.";

    public override string BackToInvoice => "See the invoice";
    public override string SeeInvoiceSigningIn => "See the whole invoice (sign-in needed)";
    public override string SeeInvoicesSigningIn => "See your invoices (sign-in needed)";
    public override string PaidTitle => "Paid";
    public override string PaidWord => "Paid";
    public override string ThankYou => "Thank you, it is paid";
    public override string HadBeenPaid => "It had been paid already; nothing was charged again";

    public override string PaidText(string number, string amount, string seller) =>
        $"Invoice {number} from {seller}, {amount}, is paid. There is nothing more to do.";

    public override string ReceivedWord => "Received";
    public override string ThankYouForIt => "Thank you, we have received your payment";

    public override string ReceivedText(string amount, string seller) => $"{seller} has received {amount}.";

    public override string LeftToPay(string amount) => $"You have still {amount} to pay.";

    public override string AllPaidText(string seller) => $"You have nothing open with {seller}.";

    public override string AskedPaidText(string seller) => $"What {seller} asked for is paid.";

    private static string By(string means) =>
        means switch
        {
            "card" => " by card",
            "bizum" => " by Bizum",
            "wallet" => " with Apple Pay or Google Pay",
            "direct-debit" => " by direct debit",
            _ => "",
        };

    // Office.
    public override string WhichOffice => "Which shop?";
    public override string AnotherOffice => "Another shop";
    public override string SoldToday => "Sold today";
    public override string NoSalesToday => "No sales yet today. The first will appear here as soon as the till sends it.";
    public override string SalesAway => "We cannot see the sales right now. They are still being recorded; look again in a minute.";

    public override string InvoicesCount(long count) => count == 1 ? "1 invoice" : $"{Count(count)} invoices";

    public override string ReturnsInside(string amount) => $", returns of {amount} already deducted";

    public override string LastWeek(string weekday, string amount, long count) =>
        $"Last {weekday}, the whole day: {amount} in {InvoicesCount(count)}.";

    public override string NothingLastWeek(string weekday) => $"There were no sales last {weekday}.";

    public override string ByShop => "By shop";
    public override string ShopWord => "Shop";
    public override string OwedToUs => "Owed to us";
    public override string OwedAway => "We cannot see what is outstanding right now. Nothing is lost; look again in a minute.";
    public override string NothingOwed => "Nobody owes you anything. When you sell on credit, what is outstanding will appear here.";

    public override string InInvoices(int count) => $"in {InvoicesCount(count)}";

    public override string OfThatOverdue(string amount, int count) => $"Overdue: {amount} in {InvoicesCount(count)}";

    public override string NothingOverdue => "Nothing overdue";
    public override string NeedsYouNow => "Overdue";
    public override string NoOverdue => "No invoice is overdue.";
    public override string MoreOverdue => "More invoices are overdue; these are the first ten.";

    public override string WasDueOn(DateOnly date) => $"was due {ShortDate(date)}";

    public override string Reminders(int count) => count == 1 ? "1 reminder sent" : $"{count} reminders sent";

    public override string DaysLate(int days) => days == 1 ? "1 day late" : $"{Count(days)} days late";

    public override string LatestInvoices => "Latest invoices";
    public override string PreviewsLink => "See how your mails and invoices arrive";
    public override string Previews => "How your mails and invoices arrive";
    public override string PreviewsLead =>
        "With a sample invoice, your shop's colour and logo and, where you have them, your own templates.";
    public override string PreviewMail => "The mail";
    public override string PreviewPage => "The invoice's page";
    public override string InvoicesAway => "We cannot see the invoices right now. Look again in a minute.";

    // Sentences that depend on what they tell of.
    public override string KindOf(InvoiceBody invoice) =>
        invoice.Kind switch
        {
            InvoiceKind.Simplified => "Simplified invoice",
            InvoiceKind.Corrective => "Corrective invoice",
            _ => "Invoice",
        };

    public override string StandingShort(Standing standing) =>
        standing.Kind switch
        {
            StandingKind.Paid => "Paid",
            StandingKind.Due => "To pay",
            StandingKind.Overdue => "Overdue",
            StandingKind.Credit => "Refund",
            StandingKind.Cancelled => "Cancelled",
            _ => "Not checked",
        };

    public override string StandingLong(Standing standing) =>
        standing switch
        {
            { Kind: StandingKind.Paid, PaidOn: { } paid } => $"Paid on {Date(paid)}",
            { Kind: StandingKind.Due, DueDate: { } due } => $"To pay by {Date(due)}",
            { Kind: StandingKind.Overdue, DueDate: { } due } => $"Overdue: it was to be paid by {Date(due)}",
            { Kind: StandingKind.Credit } => "Refund: this amount is in your favour",
            { Kind: StandingKind.Cancelled } => "Cancelled: it has no effect",
            { Kind: StandingKind.Unknown } => "We cannot check right now whether it is paid",
            _ => StandingShort(standing),
        };

    public override string TaxName(string tax) =>
        tax switch
        {
            "igic" => "IGIC",
            "ipsi" => "IPSI",
            _ => "VAT",
        };

    public override string Rate(string category, decimal rate) =>
        category switch
        {
            "E" => "exempt",
            "AE" => "reverse charge",
            "K" => "intra-community supply",
            "G" => "export",
            "O" => "outside scope",
            _ => Percent(rate),
        };

    public override string MeansOf(string means) =>
        means switch
        {
            "cash" => "Cash",
            "card" => "Card",
            "bizum" => "Bizum",
            "transfer" => "Bank transfer",
            "direct-debit" => "Direct debit",
            "wallet" => "Phone wallet",
            "voucher" => "Voucher",
            "credit" => "Store credit",
            _ => "Other means",
        };

    public override string Discount(string? reason, string amount) => $"{reason ?? "Discount"}: {amount} before tax";

    public override string Surplus(string? reason, string amount) => $"{reason ?? "Charge"}: {amount} before tax";

    public override string Shop(InvoiceBody invoice) =>
        invoice.Channel == SaleChannel.Online ? "Online shop" : $"Shop {invoice.StoreId.Value}";

    public override string VatSum(InvoiceBody invoice, VatBreakdownBody vat) =>
        vat.Rate == 0m ? $"{TaxName(vat.Tax)} {Rate(vat.Category, vat.Rate)}: no tax on {Of(invoice, vat.TaxableAmount)}."
        : invoice.PricesIncludeVat
            ? $"At {Percent(vat.Rate)}: the prices come to {Of(invoice, vat.TaxableAmount + vat.VatAmount)} with {TaxName(vat.Tax)}; of that, {Quantity(vat.Rate)} parts in {Quantity(100m + vat.Rate)} are the tax, {Of(invoice, vat.VatAmount)}, and the rest is the taxable amount, {Of(invoice, vat.TaxableAmount)}."
        : $"At {Percent(vat.Rate)}: {Of(invoice, vat.TaxableAmount)} × {Percent(vat.Rate)} = {Of(invoice, vat.VatAmount)}, rounded to the cent.";

    public override string TotalSum(InvoiceBody invoice) =>
        $"Total: {Of(invoice, invoice.Totals.TotalWithoutVat)} before tax + {Of(invoice, invoice.Totals.VatTotal)} of tax = {Of(invoice, invoice.Totals.TotalWithVat)}.";

    public override string Submission(FiscalBody fiscal) =>
        fiscal.Submission switch
        {
            FiscalSubmission.Accepted => "Accepted by the tax agency",
            FiscalSubmission.AcceptedWithErrors => "Accepted by the tax agency, with remarks",
            FiscalSubmission.Rejected => "Rejected by the tax agency; the shop is looking into it",
            FiscalSubmission.NotRequired => "Recorded",
            _ => "Recorded; the tax agency has not answered yet",
        };

    public override string Role(string role) =>
        role switch
        {
            "owner" => "Owner",
            "accountant" => "Accounting",
            "shop" => "Shop",
            "collector" => "Collections",
            _ => "Audit",
        };
}
