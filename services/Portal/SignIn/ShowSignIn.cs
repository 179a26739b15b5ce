using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>Asks for the address that links are sent to; who is signed in already goes on at once.</summary>
public static class ShowSignIn
{
    /// <summary>The page.</summary>
    public static IResult Handle(string? next, PageContext page) =>
        page.Visitor is null
            ? page.Show<SignInPage, SignInModel>(new SignInModel(LocalPath.Of(next)))
            : PageContext.GoTo(LocalPath.Of(next));
}
