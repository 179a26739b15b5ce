using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Claims;

/// <summary>
/// Takes the tickets of a full invoice, then its data, then has it issued, once however often the button is pressed. Which tickets are
/// there and what the law makes of them, Invoicing decides each time anew.
/// </summary>
public sealed class ClaimInvoice(AskInvoicing invoicing, AskCustomers customers)
{
    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ClaimInvoice));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        var (branded, _) = await ShowClaim.BrandedAsync(page, visitor, invoicing, cancellationToken);
        var model = ClaimModel.In(form, CorrectBuyer.KeyIn(form) ?? Guid.CreateVersion7().ToString("N"));
        var looked = await LookAsync(branded, visitor, model, cancellationToken);
        if (looked.Fault is { } fault)
        {
            return branded.Show(fault);
        }

        model = looked.Value;
        var isSound = model.Rows.Count > 0 && model.Rows.All(row => row is { Seen: not null, Refused: null });
        return form["act"] switch
        {
            "issue" when isSound => await IssueAsync(branded, visitor, model, cancellationToken),
            "more" => ShowClaim.Show(branded, model),
            _ when isSound => ShowClaim.Show(
                branded,
                model with
                {
                    AsksBuyer = true,
                    Buyer = await BuyerAsync(visitor, model, cancellationToken),
                }
            ),
            _ => ShowClaim.Show(branded, model, StatusCodes.Status422UnprocessableEntity),
        };
    }

    private async Task<IResult> IssueAsync(PageContext page, Visitor visitor, ClaimModel model, CancellationToken cancellationToken)
    {
        var claim = new ClaimRequest
        {
            Buyer = model.Buyer.Asked(page.Words.Code),
            Key = model.Key,
            Language = page.Words.FaultLanguage,
        };
        claim.Tickets.Add(model.Rows.Select(row => row.Held(model.TaxId)));
        var issued = await customers.ClaimAsync(claim, visitor.AsCustomer, cancellationToken);
        return issued.Fault is { } fault ? page.Show(fault)
            : issued.Value.Invoice is { } invoice ? PageContext.GoTo($"/invoices/{AskCustomers.BodyOf(invoice).InvoiceId}")
            : ShowClaim.Show(
                page,
                model with
                {
                    AsksBuyer = true,
                    Refusals = [.. issued.Value.Refusals],
                },
                StatusCodes.Status422UnprocessableEntity
            );
    }

    /// <summary>What Invoicing says of each ticket.</summary>
    private async Task<Outcome<ClaimModel>> LookAsync(
        PageContext page,
        Visitor visitor,
        ClaimModel model,
        CancellationToken cancellationToken
    )
    {
        if (model.Rows.Count == 0)
        {
            return model;
        }

        var answer = await customers.TicketsAsync(
            model.Rows.Select(row => row.Held(model.TaxId)),
            page.Words.FaultLanguage,
            visitor.AsCustomer,
            cancellationToken
        );
        return answer.Fault is { } fault
            ? fault
            : model with
            {
                Rows =
                [
                    .. model.Rows.Zip(
                        answer.Value.Tickets,
                        (row, seen) =>
                            row with
                            {
                                Seen = seen.Invoice is { } invoice ? AskCustomers.BodyOf(invoice) : null,
                                Refused = seen.Refusal,
                            }
                    ),
                ],
            };
    }

    /// <summary>As the customer's latest full invoice of that shop has it, so that it is not typed again.</summary>
    private async Task<BuyerFields> BuyerAsync(Visitor visitor, ClaimModel model, CancellationToken cancellationToken)
    {
        var latest = await customers.FindAsync(
            new ListFilter { Seller = model.Rows[0].Seen!.SellerId },
            unpaid: false,
            limit: 25,
            visitor.AsCustomer,
            cancellationToken
        );
        return latest.Fault is null && latest.Value.Invoices.FirstOrDefault(each => each.Buyer is not null)?.Buyer is { } buyer
            ? BuyerFields.Of(buyer)
            : new BuyerFields();
    }
}
