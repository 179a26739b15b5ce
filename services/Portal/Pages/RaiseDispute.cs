using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>
/// Tells the shop what a customer says is wrong: reminders of that much wait until the shop has answered. Whether the invoice is the
/// customer's, and how much of it can be disputed, Collections decides.
/// </summary>
public sealed class RaiseDispute(AskInvoicing invoicing, AskCollections collections)
{
    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(RaiseDispute));
        page = page with { Staff = door.HasOffice };
        if ((form.Fault ?? door.Fault) is { } shut)
        {
            return page.Show(shut);
        }

        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var model = new DisputeModel
        {
            Invoice = asked.Value,
            Href = door.Href,
            // A browser counts a new line as one character and sends two.
            Typed = (form["reason"] ?? "").ReplaceLineEndings("\n").Trim(),
            Line = form["line"] is { Length: > 0 } line ? line : null,
        };
        var seller = await invoicing.SellerAsync(asked.Value.SellerId, cancellationToken);
        page = ListMyInvoices.Branded(page, seller.Fault is null ? seller.Value : null);
        if (model.Typed.Length is 0 or > DisputeModel.LongestReason || model.Typed.Contains('\0'))
        {
            return page.Show<DisputePage, DisputeModel>(model with { NoReason = true }, StatusCodes.Status422UnprocessableEntity);
        }

        if (model.Line is { } chosen && asked.Value.Lines.All(each => each.LineId != chosen))
        {
            return page.Show(PortalFaults.BadRequest.With());
        }

        var told = await collections.DisputeAsync(
            door.InvoiceId,
            model.Line,
            model.Typed,
            door.Behalf with
            {
                SellerId = asked.Value.SellerId,
            },
            cancellationToken
        );
        return told.Fault is not { } refused ? PageContext.GoTo($"{door.Href}/dispute?sent=yes")
            // Settled, told before, or never open at all: nothing waits to be paid that could be disputed.
            : refused.Code == PortalFaults.NoDocument || refused.Code == PortalFaults.NotFound
                ? page.Show<DisputePage, DisputeModel>(model with { NothingLeft = true }, StatusCodes.Status409Conflict)
            : page.Show(refused);
    }
}
