using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>A link to everything open of a customer, for the notice that Delivery writes.</summary>
public sealed class CustomerLinkTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task The_link_of_a_notice_opens_everything_that_the_customer_owes_and_nobody_elses()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await host.HearAsync(Shop.Registered("s1"));
        await host.HearAsync(Shop.Invoice("s1", 121m));
        await host.HearAsync(Shop.Invoice("s1", 60.50m));
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var seller = OnBehalfOf.Seller(SellerId.Of("s1"));

        var link = await pages.CustomerLinkAsync(Ask("17850"), host.CallAs("delivery", seller));
        var page = await pages.OpenLinkAsync(
            new LinkToken { Token = link.PayUrl[(link.PayUrl.LastIndexOf('/') + 1)..] },
            host.CallAs("portal", OnBehalfOf.System)
        );

        Assert.True(page.AllOpen);
        Assert.Equal("181.50", page.AmountDue);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () =>
            await pages.CustomerLinkAsync(Ask("nobody"), host.CallAs("delivery", seller))
        );
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        var others = await Assert.ThrowsAsync<RpcException>(async () =>
            await pages.CustomerLinkAsync(Ask("17850"), host.CallAs("delivery", OnBehalfOf.Seller(SellerId.Of("s2"))))
        );
        Assert.Equal(StatusCode.PermissionDenied, others.StatusCode);
        var customer = OnBehalfOf.Customer("clara@example.com", SellerId.Of("s1"));
        var theirs = await Assert.ThrowsAsync<RpcException>(async () =>
            await pages.CustomerLinkAsync(Ask("17850"), host.CallAs("portal", customer))
        );
        Assert.Equal(StatusCode.PermissionDenied, theirs.StatusCode);
    }

    private static GetCustomerLink Ask(string customer) => new() { SellerId = "s1", CustomerId = customer };
}
