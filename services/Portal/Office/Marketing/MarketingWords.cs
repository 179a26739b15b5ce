using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>The ways between marketing's pages.</summary>
public static class MarketingWords
{
    /// <summary>The office's section.</summary>
    public const string Section = "marketing";

    /// <summary>The pages.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("Campañas", "Campaigns"), office.Link("/marketing"), current == ""),
            new(office.Say("Cupones", "Coupons"), office.Link("/marketing/coupons"), current == "coupons"),
            new(office.Say("Consentimiento", "Consent"), office.Link("/marketing/consent"), current == "consent"),
        ];
}
