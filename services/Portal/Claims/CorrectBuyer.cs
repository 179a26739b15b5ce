using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Claims;

/// <summary>
/// Has the corrective invoice issued that puts a customer's own name or address right. Whether the law lets it be done without the shop,
/// Invoicing decides; where it does not, the page says to whom to turn.
/// </summary>
public sealed class CorrectBuyer(AskInvoicing invoicing, AskCustomers customers)
{
    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(CorrectBuyer));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        var (branded, asked) = await ShowBuyer.OpenAsync(page, door, invoicing, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return branded.Show(fault);
        }

        var model = asked.Value with { Fields = BuyerFields.In(form), Key = KeyIn(form) ?? asked.Value.Key };
        var correction = new BuyerCorrection
        {
            InvoiceId = door.InvoiceId.ToString(),
            Buyer = model.Fields.Asked(page.Words.Code),
            Key = model.Key,
            Language = page.Words.FaultLanguage,
        };
        var done = await customers.CorrectBuyerAsync(correction, door.Behalf, cancellationToken);
        return done.Fault is { } refused ? branded.Show(refused)
            : done.Value.Invoice is { } issued ? PageContext.GoTo($"/invoices/{AskCustomers.BodyOf(issued).InvoiceId}")
            : branded.Show<BuyerPage, BuyerModel>(
                model with
                {
                    Refusals = [.. done.Value.Refusals],
                },
                StatusCodes.Status422UnprocessableEntity
            );
    }

    /// <summary>The form's own name, where it is one of ours.</summary>
    internal static string? KeyIn(Form form) => form["key"] is { Length: 32 } key && key.All(char.IsAsciiHexDigit) ? key : null;
}
