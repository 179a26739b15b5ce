using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>What tills are answered over HTTP.</summary>
internal static class SaleDoors
{
    /// <summary>201 with the invoice, 200 with the same invoice again, 409 for other content, 422 with each rule that is broken.</summary>
    public static async Task<IResult> Post(Body<SalePosted> body, Caller caller, PostSale post, CancellationToken cancellationToken)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        var outcome = await post.PostAsync(caller.SellerId, body.Content.Value, cancellationToken);
        return outcome.ToResult(answer =>
            InvoiceReading.ToResult(answer.Invoice, answer.Repeated ? StatusCodes.Status200OK : StatusCodes.Status201Created)
        );
    }
}
