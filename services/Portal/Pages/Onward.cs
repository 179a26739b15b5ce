using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Where a payer goes on to the provider's page: by a link that is followed at once, or by a form whose button is pressed.</summary>
public sealed record Onward
{
    /// <summary>The provider's address.</summary>
    public required Uri Address { get; init; }

    /// <summary>What is posted there; empty where it is a link.</summary>
    public required IReadOnlyList<CheckoutField> Fields { get; init; }

    /// <summary>What will be paid.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Who is paid.</summary>
    public required string SellerName { get; init; }

    /// <summary>The payment page, to go back to.</summary>
    public required string Back { get; init; }

    /// <summary>The provider's address as we send someone to it; none where it is no web address.</summary>
    public static Uri? AddressOf(string text) =>
        // In a header and in a policy, so nothing but what an address is written with.
        text.All(character => character is > ' ' and <= '~' and not ('"' or '\'' or '\\' or '<' or '>'))
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length == 0
            ? address
            : null;

    /// <summary>
    /// The page. A link is followed at once by a header, not by a redirect: a browser that holds forms to our own address would not follow
    /// one to another address, and going back would post the form again.
    /// </summary>
    public IResult Show(PageContext page) =>
        new WithHeaders(
            page.Show<OnwardPage, Onward>(this),
            headers =>
            {
                if (Fields.Count > 0)
                {
                    headers.ContentSecurityPolicy = SecurityHeaders.PolicyPostingTo(Address);
                }
                else
                {
                    headers["Refresh"] = $"0; url={Address.AbsoluteUri}";
                }
            }
        );
}
