using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Me;

/// <summary>Shows a person what is known of it: the shops that send it invoices, whether it wants their offers, and its rights.</summary>
public sealed class ShowMe(AskInvoicing invoicing, AskCustomers customers, AskPersonal personal)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, string? done, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowMe));
        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (person.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var sellers = await invoicing.SellersAsync(person.Value.CustomerOf.Select(each => SellerId.Of(each.SellerId)), cancellationToken);
        var shops = await Task.WhenAll(person.Value.CustomerOf.Select(each => ShopAsync(each, sellers, visitor, cancellationToken)));
        page = page with { Staff = person.Value.StaffOf.Count > 0 };
        return ListMyInvoices
            .Branded(page, sellers.Count == 1 ? sellers.Values.First() : null)
            .Show<MePage, MeModel>(new MeModel { Shops = shops, Done = done is "yes" or "no" ? done : null });
    }

    private async Task<ShopOfMine> ShopAsync(
        CustomerOf of,
        IReadOnlyDictionary<SellerId, SellerRegistered> sellers,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var id = SellerId.Of(of.SellerId);
        var seller = sellers.GetValueOrDefault(id);
        var known = await KnownAsync(customers, id, visitor, cancellationToken);
        var consent = await personal.ConsentAsync(known, visitor.AsCustomer with { SellerId = id }, cancellationToken);
        var zone = Zones.Of(seller?.TimeZone);
        return new ShopOfMine(
            id,
            seller?.TradeName ?? seller?.Name ?? of.SellerName,
            seller?.Email,
            consent.Fault is null ? consent.Value.Granted : null,
            consent.Fault is null
                ? [.. consent.Value.Words.Select(word => new ConsentRow(word.Granted, word.Source, Standing.DayOf(word.At, zone)))]
                : []
        );
    }

    /// <summary>The shop's own name for the customer, as its latest invoice has it.</summary>
    internal static async Task<CustomerId?> KnownAsync(
        AskCustomers customers,
        SellerId seller,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var latest = await customers.FindAsync(
            new ListFilter { Seller = seller },
            unpaid: false,
            limit: 1,
            visitor.AsCustomer,
            cancellationToken
        );
        return latest.Fault is null && latest.Value.Invoices is [var invoice, ..] ? invoice.Contact?.CustomerId : null;
    }
}
