using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>
/// An invoice that an address names, and the right by which it is asked for: the customer's under /invoices, the staff's under /office.
/// Whether that right holds for this invoice, the service that owns it decides.
/// </summary>
public sealed class InvoiceDoor : IBindableFromHttpContext<InvoiceDoor>
{
    private InvoiceDoor() { }

    /// <summary>Why it stays shut.</summary>
    public Fault? Fault { get; private init; }

    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; private init; }

    /// <summary>On whose behalf it is asked for.</summary>
    public OnBehalfOf Behalf { get; private init; } = OnBehalfOf.System;

    /// <summary>The invoice's page.</summary>
    public string Href { get; private init; } = "";

    /// <summary>What stands behind the addresses of its pages.</summary>
    public string Query { get; private init; } = "";

    /// <summary>Whether every cent is to be explained.</summary>
    public bool Explained { get; private init; }

    /// <summary>Whether staff looks.</summary>
    public bool ForStaff { get; private init; }

    /// <summary>Whether the visitor has an office, where that is known.</summary>
    public bool HasOffice { get; private init; }

    /// <summary>Opens for the visitor of the address.</summary>
    public static async ValueTask<InvoiceDoor?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
    {
        if (
            !InvoiceId.TryParse(context.Request.RouteValues["invoiceId"] as string, out var invoiceId)
            || Visitor.Of(context) is not { } visitor
        )
        {
            return new InvoiceDoor { Fault = PortalFaults.NotFound.With() };
        }

        if (context.Request.Path.StartsWithSegments("/office", StringComparison.OrdinalIgnoreCase))
        {
            var office = await OfficeDoor.OpenAsync(context);
            return office is { Fault: null, Chosen: not null }
                ? new InvoiceDoor
                {
                    InvoiceId = invoiceId,
                    Behalf = office.Behalf,
                    Href = $"/office/invoices/{invoiceId}",
                    Query = office.Query,
                    ForStaff = true,
                    HasOffice = true,
                }
                : new InvoiceDoor { Fault = office.Fault ?? PortalFaults.NotFound.With() };
        }

        var person = await context.RequestServices.GetRequiredService<AskInvoicing>().PersonAsync(visitor.Email, context.RequestAborted);
        return new InvoiceDoor
        {
            InvoiceId = invoiceId,
            Behalf = visitor.AsCustomer,
            Href = $"/invoices/{invoiceId}",
            Explained = context.Request.Query.ContainsKey("explained"),
            HasOffice = person.Fault is null && person.Value.StaffOf.Count > 0,
        };
    }
}
