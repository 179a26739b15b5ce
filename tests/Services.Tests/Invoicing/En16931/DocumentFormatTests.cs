using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.Formats;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>What the profiles of EN 16931 make of an invoice, and what they refuse for want of.</summary>
public sealed class DocumentFormatTests
{
    [Theory]
    [InlineData("ubl", "urn:cen.eu:en16931:2017", null)]
    [InlineData("cii", "urn:cen.eu:en16931:2017", null)]
    [InlineData("factur-x", "urn:cen.eu:en16931:2017", null)]
    [InlineData(
        "peppol",
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    )]
    [InlineData(
        "xrechnung",
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    )]
    [InlineData(
        "xrechnung-cii",
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    )]
    public void A_document_names_the_specification_and_process_of_its_format(string format, string specification, string? process)
    {
        var control = Semantics.Read(DocumentFormat.Of(format)!.Document(Whole).Value).ProcessControl;

        Assert.Equal(specification, control.Specification);
        Assert.Equal(process, control.Process);
    }

    [Theory]
    [InlineData("peppol", "BT-10 BT-34 BT-49")]
    [InlineData("xrechnung", "BT-10 BT-34 BT-37 BT-38 BT-41 BT-42 BT-43 BT-49 BT-52 BT-53 BT-77 BT-78")]
    [InlineData("xrechnung-cii", "BT-10 BT-34 BT-37 BT-38 BT-41 BT-42 BT-43 BT-49 BT-52 BT-53 BT-77 BT-78")]
    public void What_a_profile_needs_is_named_by_its_number_in_both_languages(string format, string fields)
    {
        Assert.True(DocumentFormat.Of(format)!.Document(Bare).Refused(out var fault));

        Assert.Equal("INV-DOC-04", fault.Code.Code);
        Assert.Equal(fields.Split(' '), fault.Parts.Select(part => part.Path));
        Assert.All(fault.Parts, part => Assert.Equal("INV-DOC-04", part.Code.Code));
        Assert.All(
            fields.Split(' '),
            field =>
            {
                Assert.Contains(field, fault.In("en"), StringComparison.Ordinal);
                Assert.Contains(field, fault.In("es"), StringComparison.Ordinal);
            }
        );
        Assert.Contains("(Buyer reference", fault.In("en"), StringComparison.Ordinal);
        Assert.Contains("(referencia del comprador", fault.In("es"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ubl")]
    [InlineData("cii")]
    [InlineData("factur-x")]
    public void The_standard_alone_needs_nothing_more(string format) =>
        Assert.False(DocumentFormat.Of(format)!.Document(Bare).Refused(out _));

    [Fact]
    public void An_e_mail_address_is_one_for_XRechnung_and_none_for_the_network_of_Peppol()
    {
        var mailed = Whole with { Buyer = Whole.Buyer with { ElectronicAddress = new Identifier("compras@example.com", "EM") } };

        Assert.False(DocumentFormat.Of("xrechnung")!.Document(mailed).Refused(out _));
        Assert.True(DocumentFormat.Of("peppol")!.Document(mailed).Refused(out var fault));
        Assert.Contains("BT-49", fault.In(null), StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_serves_Peppol_as_a_reference_and_not_XRechnung()
    {
        var ordered = Whole with { BuyerReference = null, PurchaseOrderReference = "P-1" };

        Assert.False(DocumentFormat.Of("peppol")!.Document(ordered).Refused(out _));
        Assert.True(DocumentFormat.Of("xrechnung")!.Document(ordered).Refused(out _));
    }

    [Fact]
    public void Peppol_has_one_note()
    {
        var noted = Whole with { Notes = [new Note { Text = "PRUEBA" }, new Note { Text = "Devolución" }] };

        Assert.Equal("PRUEBA\nDevolución", Semantics.Read(DocumentFormat.Of("peppol")!.Document(noted).Value).Notes.Single().Text);
        Assert.Equal(2, Semantics.Read(DocumentFormat.Of("ubl")!.Document(noted).Value).Notes.Count);
    }

    [Theory]
    [InlineData("48", "ZZZ")]
    [InlineData("59", "ZZZ")]
    [InlineData("58", "58")]
    [InlineData("10", "10")]
    public void A_means_whose_details_nobody_kept_is_told_in_words(string code, string told)
    {
        var paid = Whole with
        {
            Payment = new PaymentInstructions { MeansCode = code, MeansText = "Tarjeta" },
        };

        foreach (var format in new[] { "peppol", "xrechnung", "xrechnung-cii" })
        {
            var payment = Semantics.Read(DocumentFormat.Of(format)!.Document(paid).Value).Payment!;
            Assert.Equal((told, "Tarjeta"), (payment.MeansCode, payment.MeansText));
        }

        Assert.Equal(code, Semantics.Read(DocumentFormat.Of("cii")!.Document(paid).Value).Payment!.MeansCode);
    }

    [Fact]
    public void XRechnung_has_payment_instructions_also_where_nothing_is_paid_and_a_rate_of_what_is_not_subject()
    {
        var given = Whole with
        {
            Payment = null,
            VatBreakdown =
            [
                new VatBreakdown
                {
                    Category = "O",
                    TaxableAmount = 1m,
                    TaxAmount = 0m,
                },
            ],
        };

        var read = Semantics.Read(DocumentFormat.Of("xrechnung")!.Document(given).Value);
        Assert.Equal("1", read.Payment!.MeansCode);
        Assert.Equal(0m, read.VatBreakdown.Single().Rate);
        Assert.Null(Semantics.Read(DocumentFormat.Of("ubl")!.Document(given).Value).Payment);
    }

    [Fact]
    public void D16B_has_place_for_one_preceding_invoice_and_others_for_more()
    {
        var two = Whole with { PrecedingInvoices = [new PrecedingInvoice { Number = "A" }, new PrecedingInvoice { Number = "B" }] };

        foreach (var format in new[] { "cii", "xrechnung-cii" })
        {
            Assert.True(DocumentFormat.Of(format)!.Document(two).Refused(out var fault));
            Assert.Equal("INV-DOC-05", fault.Code.Code);
        }

        foreach (var format in new[] { "ubl", "peppol", "xrechnung", "factur-x" })
        {
            Assert.Equal(2, Semantics.Read(DocumentFormat.Of(format)!.Document(two).Value).PrecedingInvoices.Count);
        }
    }

    [Theory]
    [InlineData("A58818501", TaxIdType.Nif, "9920", "ESA58818501")]
    [InlineData("DE123456789", TaxIdType.Vat, "9930", "DE123456789")]
    [InlineData("PT501442600", TaxIdType.Vat, "9946", "PT501442600")]
    [InlineData("EL123456789", TaxIdType.Vat, "9933", "EL123456789")]
    [InlineData("BE0202239951", TaxIdType.Vat, "0208", "0202239951")]
    [InlineData("BE0202239952", TaxIdType.Vat, "9925", "BE0202239952")]
    [InlineData("SE556012579001", TaxIdType.Vat, "0007", "5560125790")]
    [InlineData("SE556012579101", TaxIdType.Vat, "EM", "quien@example.com")]
    [InlineData("AB123456", TaxIdType.Passport, "EM", "quien@example.com")]
    public void An_electronic_address_is_made_of_what_is_known(string taxId, TaxIdType type, string scheme, string value) =>
        Assert.Equal(
            new Identifier(value, scheme),
            ElectronicAddress.Of(
                new InvoiceParty
                {
                    Name = "Quien",
                    TaxId = taxId,
                    TaxIdType = type,
                    Email = "quien@example.com",
                }
            )
        );

    private static readonly Invoice Bare = new()
    {
        ProcessControl = new ProcessControl { Specification = SemanticForm.Core },
        Number = "F-1",
        IssueDate = new DateOnly(2026, 11, 23),
        TypeCode = "380",
        Currency = "EUR",
        Seller = new Seller { Name = "Ñandú" },
        Buyer = new Buyer { Name = "Consumidor final" },
        Delivery = new RetailInvoicing.Invoicing.En16931.Model.Delivery { Address = new PostalAddress { Country = "ES" } },
        Totals = new DocumentTotals(),
    };

    private static readonly PostalAddress Street = new()
    {
        Line1 = "Calle Mayor 1",
        City = "Madrid",
        PostalCode = "28013",
        Country = "ES",
    };

    private static readonly Invoice Whole = Bare with
    {
        BuyerReference = "04011000-12345-34",
        Seller = new Seller
        {
            Name = "Ñandú",
            ElectronicAddress = new Identifier("ESB12345674", "9920"),
            Address = Street,
            Contact = new Contact
            {
                Name = "Tienda",
                Telephone = "+34910000000",
                Email = "tienda@example.com",
            },
        },
        Buyer = new Buyer
        {
            Name = "La Espiga",
            ElectronicAddress = new Identifier("ESA58818501", "9920"),
            Address = Street,
        },
        Delivery = null,
        Payment = new PaymentInstructions { MeansCode = "10" },
    };
}
