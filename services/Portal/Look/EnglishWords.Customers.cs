namespace RetailInvoicing.Portal.Look;

public sealed partial class EnglishWords
{
    public override string FindLabel => "Search your invoices";
    public override string FindHint => "Product, amount, date, shop";
    public override string Find => "Search";
    public override string Filters => "Filters";
    public override string ShopLabel => "Shop";
    public override string AnyShop => "All";
    public override string StateLabel => "State";
    public override string AnyState => "All";

    public override string StateName(string state) =>
        state switch
        {
            "open" => "To pay",
            "overdue" => "Overdue",
            _ => "Paid",
        };

    public override string FromLabel => "From";
    public override string ToLabel => "Until";

    public override string FoundCount(int count, bool more) =>
        $"{(more ? "More than " : "")}{(count == 1 ? "1 invoice" : $"{Count(count)} invoices")}";

    public override string FoundWith(string typed) => $"with “{typed}”";

    public override string FoundFrom(DateOnly day) => $"from {ShortDate(day)}";

    public override string FoundTo(DateOnly day) => $"until {ShortDate(day)}";

    public override string SeeAll => "See all";
    public override string NothingFound => "No invoice has all of that. Try fewer words, or the amount as it stands on the invoice.";
    public override string DownloadTheseZip => "Download these invoices as a ZIP";

    public override string ZipMost(int most) => $"Up to {most}, as PDF and XML.";

    public override string ZipMissing => "These invoices could not be included; download them one by one:";

    public override string AtShop(string shop) => $"at {shop}";

    public override string PayAllOpen(int count) => $"Pay the {Count(count)} invoices";

    public override string SpendingWord => "Spending";
    public override string TicketsWord => "Tickets";
    public override string MeWord => "My data";
    public override string SpendingTitle => "Your spending";

    public override string SpendingIn(int year) => $"Your spending in {year}";

    public override string SpendingLead => "With tax, less what you gave back.";

    public override string SpendingNone(int year) => $"You bought nothing in {year}.";

    public override string ByMonth => "By month";
    public override string MonthWord => "Month";
    public override string ByShopSpent => "By shop";
    public override string OtherYears => "Other years";
    public override string DownloadZip => "All as ZIP";
    public override string ShareIt => "Send the link";
    public override string SomethingElse => "Something else?";
    public override string ClaimThis => "Ask for a full invoice";
    public override string ClaimThisText => "With your tax identifier, to deduct or prove it.";
    public override string RightBuyerTitle => "Correct my data";
    public override string RightBuyerText => "The name or address on the invoice.";
    public override string RightBuyerLead =>
        "Write them as they should be. You get a corrective invoice with the same amounts at once; the one before is not deleted. If the tax identifier is another person’s, the shop has to look into it.";
    public override string RightBuyerSend => "Get the corrective invoice";
    public override string PromiseTitle => "Say which day you will pay";
    public override string PromiseText => "Until then you are not reminded.";
    public override string PromiseMade => "Noted";
    public override string PromiseMadeText =>
        "The shop knows and will not remind you until that day. You can pay sooner whenever you like.";
    public override string PromiseNothingLeft => "You had given a day already, or nothing is left to pay. Nothing has been sent.";

    public override string PromiseLead(string amount) =>
        $"Say on which day you will pay the {amount} that is open. Until then the shop will not remind you.";

    public override string PromiseDay => "Day";

    public override string PromiseBadDay(DateOnly last) => $"Choose a day between today and {Date(last)}.";

    public override string PromiseSend => "Send it to the shop";
    public override string DisputeText => "One line or the whole invoice.";
    public override string AccountText => "All that you owed and have paid.";
    public override string AskTheShop => "Ask the shop";
    public override string EveryCent => "Cent by cent";
    public override string CouponCode => "Coupon";
    public override string StopOffers => "No more offers";
    public override string ClaimTitle => "A full invoice for your tickets";
    public override string ClaimLead => "Copy the number, date and total of each ticket, or scan its QR. All have to be of the same shop.";

    public override string ClaimTickets(int count) => $"{(count == 1 ? "Your ticket" : $"Your {Count(count)} tickets")}";

    public override string ClaimBuyer => "In whose name?";
    public override string BuyerBusiness => "I buy as a business";
    public override string ClaimOnce => "A ticket is exchanged once: check the data before you ask.";
    public override string ClaimSend => "Get the invoice";
    public override string ClaimBack => "Change the tickets";
    public override string ClaimShop => "The shop’s tax identifier (NIF), at the top of the ticket";
    public override string ClaimNext => "Go on";
    public override string ClaimMore => "Add another ticket";
    public override string ClaimLaw =>
        "An invoice in exchange for simplified invoices (RD 1619/2012). The tickets stay as they are, and nothing is charged again.";

    public override string ClaimTicket(int number) => $"Ticket {number}";

    public override string OptionalWord => "if you have more";
    public override string ClaimNumber => "Number of the simplified invoice";
    public override string ClaimDate => "Date";
    public override string ClaimTotal => "Total";
    public override string Scan => "Scan a ticket’s QR";
    public override string ScanStop => "Close the camera";
    public override string ScanNone => "We cannot use the camera. Type what the ticket says: it does the same.";
    public override string BuyerName => "Name or company";
    public override string BuyerTaxId => "Tax identifier (NIF)";
    public override string BuyerStreet => "Street and number";
    public override string BuyerDoor => "Floor and door, if any";
    public override string BuyerPostal => "Postal code";
    public override string BuyerCity => "Town";
    public override string BuyerRegion => "Province";
    public override string MeTitle => "My data";
    public override string MeSignedInAs => "You are signed in as";
    public override string ConsentGiven => "Done: that shop’s offers will come with your invoices.";
    public override string ConsentTaken => "Done: that shop sends you no more offers. Invoices will keep coming.";
    public override string MeOffers => "Offers";
    public override string MeOffersText =>
        "They come only if you say yes, and you can stop them whenever you like. Your invoices do not depend on it.";
    public override string OffersOn => "You want offers";
    public override string OffersOff => "No offers";
    public override string OffersUnknown => "We cannot see it right now; come back in a minute.";

    public override string TurnOffersOff(string shop) => $"Stop offers from {shop}";

    public override string TurnOffersOn(string shop) => $"Get offers from {shop}";

    public override string ConsentHistory => "What you said and when";
    public override string SaidYes => "yes";
    public override string SaidNo => "no";

    public override string ConsentSource(string source) =>
        source switch
        {
            "portal" => "on this page",
            "one-click" => "in a mail",
            "complaint" => "complaint about a mail",
            _ => source,
        };

    public override string MyData => "Take it away or erase it";
    public override string ExportText =>
        "A ZIP with all your invoices, your accounts with the shops and what you said about offers, for you or another program to read (JSON).";
    public override string ExportTitle => "Download my data";
    public override string EraseText => "Before anything is erased we tell you what goes, what stays and until when.";
    public override string EraseTitle => "Erase my data";
    public override string EraseDone => "Erased";

    public override string EraseDoneText(int gone, int open) =>
        $"Your address is gone from {FoundCount(gone, false)} and you are signed out everywhere. {(open > 0 ? "On those that are still to be paid it stays until they are; then you can ask again." : "")}";

    public override string EraseGoes => "What goes";

    public override string EraseGoesContact(int count) =>
        $"Your e-mail, telephone, language and customer number from {FoundCount(count, false)}.";

    public override string EraseGoesOffers => "Your consent to offers: no more will come.";
    public override string EraseGoesSessions => "Your sessions on this site, in every browser.";
    public override string EraseStays => "What stays";

    public override string EraseStaysInvoices(DateOnly until) =>
        $"The invoices, with the name and tax identifier they were made out to: the law has the shop keep them for six years (Código de Comercio, art. 30). The last one until {Date(until)}.";

    public override string EraseStaysNothing => "Nothing: there are no invoices for your address.";

    public override string EraseStaysOpen(int count) => $"Your address on {FoundCount(count, false)} still to be paid, until then.";

    public override string EraseStaysConsent =>
        "The record that you said yes or no to offers: the shop has to be able to show it (GDPR, art. 7).";
    public override string EraseStaysCopies =>
        "What the shop’s books of payments and receivables and its record of what it sent you say of those invoices, as long as the invoices themselves.";
    public override string EraseWarning => "Afterwards you cannot see those invoices here any more: download them first.";
    public override string EraseSure => "I have read this and want my data erased";
    public override string EraseNotSure => "Tick the box to confirm. Nothing has been erased.";
    public override string EraseSend => "Erase my data";
    public override string EraseNot => "Rather not";
}
