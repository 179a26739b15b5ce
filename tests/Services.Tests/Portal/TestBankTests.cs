using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The way to a simulated bank is shown to those who try, and to nobody else.</summary>
public sealed class TestBankTests(Infrastructure infrastructure)
{
    private const string Bank = "https://bank.example:5124";

    [Theory]
    [InlineData(SellerEnvironment.Test, true)]
    [InlineData(SellerEnvironment.Production, false)]
    public async Task The_pay_page_leads_there_where_the_sellers_documents_have_no_validity(SellerEnvironment environment, bool isShown)
    {
        await using var portal = new PortalHost(infrastructure);
        portal.Settings["Bank:TestAddress"] = Bank;
        var seller = portal.World.Sellers.FindIndex(each => each.SellerId == Demo.Nandu);
        portal.World.Sellers[seller] = portal.World.Sellers[seller] with { Environment = environment };
        await portal.InitializeAsync();
        Demo.Add(
            portal.World,
            "t1@example.com",
            Demo.Invoice(Demo.Nandu, "F-T01-2026-000001", 0, paid: false, Demo.Line("A", "Cosa", 1, 18.90m))
        );
        var invoice = Demo.Of(portal.World, "F-T01-2026-000001");
        using var browser = await portal.SignedInAsync("t1@example.com");

        var page = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");

        Assert.Equal(isShown, page.Text.Contains("un banco simulado, que no mueve dinero", StringComparison.Ordinal));
        var link = page.Html.QuerySelector("#test-bank")?.GetAttribute("href");
        Assert.Equal(isShown, link is not null);
        if (link is not null)
        {
            Assert.StartsWith(
                $"{Bank}/transfer?iban=ES9121000418450200051332&name=Comercios%20%C3%91and%C3%BA%2C%20S.L.&amount=18.90&reference=RF",
                link,
                StringComparison.Ordinal
            );
            Assert.EndsWith(Uri.EscapeDataString($"/invoices/{invoice.InvoiceId}/pay"), link, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Development", Bank, true, true, true)]
    [InlineData("Production", Bank, true, true, false)]
    [InlineData("Development", null, true, true, false)]
    [InlineData("Development", Bank, false, true, false)]
    [InlineData("Development", Bank, true, false, false)]
    public void There_is_no_way_there_in_production_without_an_address_for_real_sellers_and_without_a_transfer(
        string environment,
        string? address,
        bool isTest,
        bool hasTransfer,
        bool isThere
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["Bank:TestAddress"] = address, ["Public:Portal"] = "https://facturas.example" }
            )
            .Build();
        var bank = new FindTestBank(configuration, new Named(environment), new PublicAddress(configuration));
        var page = new PageContext
        {
            Words = Words.For("es", "es"),
            Path = "/",
            FormToken = "",
            IsTest = isTest,
        };
        var payment = new PaymentPage
        {
            AmountDue = "18.90",
            Currency = "EUR",
            Transfer = new InstructionsReply { Iban = "ES91", Beneficiary = "N" },
        };
        if (hasTransfer)
        {
            payment.Transfer.EpcPayload = "BCD\n002\n1\nSCT\n\nN\nES91\nEUR18.90\n\n\nFactura 7 & más";
        }

        Assert.Equal(
            isThere
                ? $"{Bank}/transfer?iban=ES91&name=N&amount=18.90&reference=Factura%207%20%26%20m%C3%A1s&back=https%3A%2F%2Ffacturas.example%2Fpay%2Fx"
                : null,
            bank.For(page, new PaymentModel { Payment = payment, Href = "/pay/x" })
        );
    }

    private sealed class Named(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "portal";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
