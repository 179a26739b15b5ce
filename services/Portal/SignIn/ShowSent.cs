using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>Says that a link is on its way if the address is known: the same words for every address.</summary>
public static class ShowSent
{
    /// <summary>The page.</summary>
    public static IResult Handle(PageContext page, PortalOptions options) =>
        page.Show<SentPage, SentModel>(new SentModel((int)options.LinkLifetime.TotalMinutes));
}
