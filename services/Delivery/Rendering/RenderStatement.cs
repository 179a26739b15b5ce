using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A customer's statement of account as PDF, in the seller's name, colour and logo.</summary>
public sealed class RenderStatement(Neighbours neighbours, FindLook looks)
{
    /// <summary>Sets it.</summary>
    public async Task<Outcome<RenderedInvoice>> RunAsync(
        SellerId seller,
        Outcome<StatementContent> content,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("RenderStatement");
        if (content.Refused(out var fault))
        {
            return fault;
        }

        var statement = content.Value;
        var look = await looks.RunAsync(seller, cancellationToken);
        var body = await neighbours.SellerAsync(seller, cancellationToken);
        return new RenderedInvoice(
            StatementPdf.Of(statement, body, look.Logo),
            "application/pdf",
            RenderInvoice.FileName($"{statement.CustomerNumber}_{statement.From:yyyy-MM-dd}_{statement.To:yyyy-MM-dd}", "pdf")
        );
    }
}
