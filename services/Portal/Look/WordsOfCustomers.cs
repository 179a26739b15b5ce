namespace RetailInvoicing.Portal.Look;

public abstract partial class Words
{
    /// <summary>Search your invoices</summary>
    public abstract string FindLabel { get; }

    /// <summary>Product, amount, date, shop</summary>
    public abstract string FindHint { get; }

    /// <summary>Search</summary>
    public abstract string Find { get; }

    /// <summary>Filters</summary>
    public abstract string Filters { get; }

    /// <summary>Shop</summary>
    public abstract string ShopLabel { get; }

    /// <summary>All</summary>
    public abstract string AnyShop { get; }

    /// <summary>State</summary>
    public abstract string StateLabel { get; }

    /// <summary>All</summary>
    public abstract string AnyState { get; }

    /// <summary>In words.</summary>
    public abstract string StateName(string state);

    /// <summary>From</summary>
    public abstract string FromLabel { get; }

    /// <summary>Until</summary>
    public abstract string ToLabel { get; }

    /// <summary>In words.</summary>
    public abstract string FoundCount(int count, bool more);

    /// <summary>In words.</summary>
    public abstract string FoundWith(string typed);

    /// <summary>In words.</summary>
    public abstract string FoundFrom(DateOnly day);

    /// <summary>In words.</summary>
    public abstract string FoundTo(DateOnly day);

    /// <summary>See all</summary>
    public abstract string SeeAll { get; }

    /// <summary>No invoice has all of that. Try fewer words, or the amount as it stands on the invoice.</summary>
    public abstract string NothingFound { get; }

    /// <summary>Download these invoices as a ZIP</summary>
    public abstract string DownloadTheseZip { get; }

    /// <summary>In words.</summary>
    public abstract string ZipMost(int most);

    /// <summary>These invoices could not be included; download them one by one:</summary>
    public abstract string ZipMissing { get; }

    /// <summary>In words.</summary>
    public abstract string AtShop(string shop);

    /// <summary>In words.</summary>
    public abstract string PayAllOpen(int count);

    /// <summary>Spending</summary>
    public abstract string SpendingWord { get; }

    /// <summary>Tickets</summary>
    public abstract string TicketsWord { get; }

    /// <summary>My data</summary>
    public abstract string MeWord { get; }

    /// <summary>Your spending</summary>
    public abstract string SpendingTitle { get; }

    /// <summary>In words.</summary>
    public abstract string SpendingIn(int year);

    /// <summary>With tax, less what you gave back.</summary>
    public abstract string SpendingLead { get; }

    /// <summary>In words.</summary>
    public abstract string SpendingNone(int year);

    /// <summary>By month</summary>
    public abstract string ByMonth { get; }

    /// <summary>Month</summary>
    public abstract string MonthWord { get; }

    /// <summary>By shop</summary>
    public abstract string ByShopSpent { get; }

    /// <summary>Other years</summary>
    public abstract string OtherYears { get; }

    /// <summary>All as ZIP</summary>
    public abstract string DownloadZip { get; }

    /// <summary>Send the link</summary>
    public abstract string ShareIt { get; }

    /// <summary>Something else?</summary>
    public abstract string SomethingElse { get; }

    /// <summary>Ask for a full invoice</summary>
    public abstract string ClaimThis { get; }

    /// <summary>With your tax identifier, to deduct or prove it.</summary>
    public abstract string ClaimThisText { get; }

    /// <summary>Correct my data</summary>
    public abstract string RightBuyerTitle { get; }

    /// <summary>The name or address on the invoice.</summary>
    public abstract string RightBuyerText { get; }

    /// <summary>Write them as they should be. You get a corrective invoice with the same amounts at once; the one before is not deleted. If the tax identifier is another person’s, the shop has to look into it.</summary>
    public abstract string RightBuyerLead { get; }

    /// <summary>Get the corrective invoice</summary>
    public abstract string RightBuyerSend { get; }

    /// <summary>Say which day you will pay</summary>
    public abstract string PromiseTitle { get; }

    /// <summary>Until then you are not reminded.</summary>
    public abstract string PromiseText { get; }

    /// <summary>Noted</summary>
    public abstract string PromiseMade { get; }

    /// <summary>The shop knows and will not remind you until that day. You can pay sooner whenever you like.</summary>
    public abstract string PromiseMadeText { get; }

    /// <summary>You had given a day already, or nothing is left to pay. Nothing has been sent.</summary>
    public abstract string PromiseNothingLeft { get; }

    /// <summary>In words.</summary>
    public abstract string PromiseLead(string amount);

    /// <summary>Day</summary>
    public abstract string PromiseDay { get; }

    /// <summary>In words.</summary>
    public abstract string PromiseBadDay(DateOnly last);

    /// <summary>Send it to the shop</summary>
    public abstract string PromiseSend { get; }

    /// <summary>One line or the whole invoice.</summary>
    public abstract string DisputeText { get; }

    /// <summary>All that you owed and have paid.</summary>
    public abstract string AccountText { get; }

    /// <summary>Ask the shop</summary>
    public abstract string AskTheShop { get; }

    /// <summary>Cent by cent</summary>
    public abstract string EveryCent { get; }

    /// <summary>Coupon</summary>
    public abstract string CouponCode { get; }

    /// <summary>No more offers</summary>
    public abstract string StopOffers { get; }

    /// <summary>A full invoice for your tickets</summary>
    public abstract string ClaimTitle { get; }

    /// <summary>Copy the number, date and total of each ticket, or scan its QR. All have to be of the same shop.</summary>
    public abstract string ClaimLead { get; }

    /// <summary>In words.</summary>
    public abstract string ClaimTickets(int count);

    /// <summary>In whose name?</summary>
    public abstract string ClaimBuyer { get; }

    /// <summary>I buy as a business</summary>
    public abstract string BuyerBusiness { get; }

    /// <summary>A ticket is exchanged once: check the data before you ask.</summary>
    public abstract string ClaimOnce { get; }

    /// <summary>Get the invoice</summary>
    public abstract string ClaimSend { get; }

    /// <summary>Change the tickets</summary>
    public abstract string ClaimBack { get; }

    /// <summary>The shop’s tax identifier (NIF), at the top of the ticket</summary>
    public abstract string ClaimShop { get; }

    /// <summary>Go on</summary>
    public abstract string ClaimNext { get; }

    /// <summary>Add another ticket</summary>
    public abstract string ClaimMore { get; }

    /// <summary>An invoice in exchange for simplified invoices (RD 1619/2012). The tickets stay as they are, and nothing is charged again.</summary>
    public abstract string ClaimLaw { get; }

    /// <summary>In words.</summary>
    public abstract string ClaimTicket(int number);

    /// <summary>if you have more</summary>
    public abstract string OptionalWord { get; }

    /// <summary>Number of the simplified invoice</summary>
    public abstract string ClaimNumber { get; }

    /// <summary>Date</summary>
    public abstract string ClaimDate { get; }

    /// <summary>Total</summary>
    public abstract string ClaimTotal { get; }

    /// <summary>Scan a ticket’s QR</summary>
    public abstract string Scan { get; }

    /// <summary>Close the camera</summary>
    public abstract string ScanStop { get; }

    /// <summary>We cannot use the camera. Type what the ticket says: it does the same.</summary>
    public abstract string ScanNone { get; }

    /// <summary>Name or company</summary>
    public abstract string BuyerName { get; }

    /// <summary>Tax identifier (NIF)</summary>
    public abstract string BuyerTaxId { get; }

    /// <summary>Street and number</summary>
    public abstract string BuyerStreet { get; }

    /// <summary>Floor and door, if any</summary>
    public abstract string BuyerDoor { get; }

    /// <summary>Postal code</summary>
    public abstract string BuyerPostal { get; }

    /// <summary>Town</summary>
    public abstract string BuyerCity { get; }

    /// <summary>Province</summary>
    public abstract string BuyerRegion { get; }

    /// <summary>My data</summary>
    public abstract string MeTitle { get; }

    /// <summary>You are signed in as</summary>
    public abstract string MeSignedInAs { get; }

    /// <summary>Done: that shop’s offers will come with your invoices.</summary>
    public abstract string ConsentGiven { get; }

    /// <summary>Done: that shop sends you no more offers. Invoices will keep coming.</summary>
    public abstract string ConsentTaken { get; }

    /// <summary>Offers</summary>
    public abstract string MeOffers { get; }

    /// <summary>They come only if you say yes, and you can stop them whenever you like. Your invoices do not depend on it.</summary>
    public abstract string MeOffersText { get; }

    /// <summary>You want offers</summary>
    public abstract string OffersOn { get; }

    /// <summary>No offers</summary>
    public abstract string OffersOff { get; }

    /// <summary>We cannot see it right now; come back in a minute.</summary>
    public abstract string OffersUnknown { get; }

    /// <summary>In words.</summary>
    public abstract string TurnOffersOff(string shop);

    /// <summary>In words.</summary>
    public abstract string TurnOffersOn(string shop);

    /// <summary>What you said and when</summary>
    public abstract string ConsentHistory { get; }

    /// <summary>yes</summary>
    public abstract string SaidYes { get; }

    /// <summary>no</summary>
    public abstract string SaidNo { get; }

    /// <summary>In words.</summary>
    public abstract string ConsentSource(string source);

    /// <summary>Take it away or erase it</summary>
    public abstract string MyData { get; }

    /// <summary>A ZIP with all your invoices, your accounts with the shops and what you said about offers, for you or another program to read (JSON).</summary>
    public abstract string ExportText { get; }

    /// <summary>Download my data</summary>
    public abstract string ExportTitle { get; }

    /// <summary>Before anything is erased we tell you what goes, what stays and until when.</summary>
    public abstract string EraseText { get; }

    /// <summary>Erase my data</summary>
    public abstract string EraseTitle { get; }

    /// <summary>Erased</summary>
    public abstract string EraseDone { get; }

    /// <summary>In words.</summary>
    public abstract string EraseDoneText(int gone, int open);

    /// <summary>What goes</summary>
    public abstract string EraseGoes { get; }

    /// <summary>In words.</summary>
    public abstract string EraseGoesContact(int count);

    /// <summary>Your consent to offers: no more will come.</summary>
    public abstract string EraseGoesOffers { get; }

    /// <summary>Your sessions on this site, in every browser.</summary>
    public abstract string EraseGoesSessions { get; }

    /// <summary>What stays</summary>
    public abstract string EraseStays { get; }

    /// <summary>In words.</summary>
    public abstract string EraseStaysInvoices(DateOnly until);

    /// <summary>Nothing: there are no invoices for your address.</summary>
    public abstract string EraseStaysNothing { get; }

    /// <summary>In words.</summary>
    public abstract string EraseStaysOpen(int count);

    /// <summary>The record that you said yes or no to offers: the shop has to be able to show it (GDPR, art. 7).</summary>
    public abstract string EraseStaysConsent { get; }

    /// <summary>What the shop’s books of payments and receivables and its record of what it sent you say of those invoices, as long as the invoices themselves.</summary>
    public abstract string EraseStaysCopies { get; }

    /// <summary>Afterwards you cannot see those invoices here any more: download them first.</summary>
    public abstract string EraseWarning { get; }

    /// <summary>I have read this and want my data erased</summary>
    public abstract string EraseSure { get; }

    /// <summary>Tick the box to confirm. Nothing has been erased.</summary>
    public abstract string EraseNotSure { get; }

    /// <summary>Erase my data</summary>
    public abstract string EraseSend { get; }

    /// <summary>Rather not</summary>
    public abstract string EraseNot { get; }

    /// <summary>What a search has found, and by what.</summary>
    public string Found(int count, bool more, RetailInvoicing.Portal.Pages.ListFilter filter, string? shop) =>
        string.Join(
            ' ',
            new[]
            {
                FoundCount(count, more),
                filter.Q is { } typed ? FoundWith(typed) : null,
                shop is not null ? AtShop(shop) : null,
                filter.State is { } state ? $"({StateName(state)})" : null,
                filter.From is { } from ? FoundFrom(from) : null,
                filter.To is { } to ? FoundTo(to) : null,
            }.OfType<string>()
        ) + ".";
}
