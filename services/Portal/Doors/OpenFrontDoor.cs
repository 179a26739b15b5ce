using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Leads whoever comes to where they belong: to sign in, to their invoices, to the office if they are staff and no customer, or to operations if they are neither and operate the system.</summary>
public static class OpenFrontDoor
{
    /// <summary>Sends on.</summary>
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        AskInvoicing invoicing,
        PortalOptions options,
        CancellationToken cancellationToken
    )
    {
        if (Visitor.Of(http) is not { } visitor)
        {
            return PageContext.GoTo("/sign-in");
        }

        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (options.IsOperator(visitor.Email) && (person.Fault is not null || person.Value is { StaffOf.Count: 0, CustomerOf.Count: 0 }))
        {
            return PageContext.GoTo("/operations");
        }

        var staffOnly = person.Fault is null && person.Value is { StaffOf.Count: > 0, CustomerOf.Count: 0 };
        return PageContext.GoTo(staffOnly ? "/office" : "/invoices");
    }
}
