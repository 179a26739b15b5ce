using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Services.Tests.Invoicing.Pricing;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class VerifactuTests
{
    [Fact]
    public void Published_fingerprints_are_ours()
    {
        foreach (var row in Vectors.Of("compliance/verifactu/vectors/huella-published.csv"))
        {
            Assert.Equal(row[4], Fingerprint.Of(row[3]));
        }

        Assert.Equal(
            "3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60",
            Fingerprint.OfRegistration(
                "89890001K",
                "12345678/G33",
                new(2024, 1, 1),
                "F1",
                12.35m,
                123.45m,
                null,
                Instant("2024-01-01T19:20:30+01:00")
            )
        );
    }

    [Fact]
    public void Chains_computed_from_the_specification_are_ours()
    {
        var seen = 0;
        foreach (var row in Vectors.Of("compliance/verifactu/vectors/huella-derived-chains.csv").Where(row => row[2] != "evento"))
        {
            var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(row[3])!;
            var date = (string name) => DateOnly.ParseExact(fields[name], "dd-MM-yyyy", CultureInfo.InvariantCulture);
            var amount = (string name) => decimal.Parse(fields[name], CultureInfo.InvariantCulture);
            var at = Instant(fields["FechaHoraHusoGenRegistro"]);
            Assert.Equal(
                row[5],
                row[2] == "alta"
                    ? Fingerprint.OfRegistration(
                        fields["IDEmisorFactura"],
                        fields["NumSerieFactura"],
                        date("FechaExpedicionFactura"),
                        fields["TipoFactura"],
                        amount("CuotaTotal"),
                        amount("ImporteTotal"),
                        fields["Huella"],
                        at
                    )
                    : Fingerprint.OfCancellation(
                        fields["IDEmisorFacturaAnulada"],
                        fields["NumSerieFacturaAnulada"],
                        date("FechaExpedicionFacturaAnulada"),
                        fields["Huella"],
                        at
                    )
            );
            seen++;
        }

        Assert.True(seen > 100);
    }

    [Fact]
    public void Published_QR_addresses_are_ours()
    {
        foreach (var file in new[] { "qr-url-published.csv", "qr-url-derived.csv" })
        {
            foreach (var row in Vectors.Of($"compliance/verifactu/vectors/{file}").Where(row => row[2] == "S"))
            {
                var environment = row[1] == "test" ? SellerEnvironment.Test : SellerEnvironment.Production;
                var date = DateOnly.ParseExact(row[5], "dd-MM-yyyy", CultureInfo.InvariantCulture);
                Assert.Equal(row[7], QrAddress.Of(environment, row[3], row[4], date, decimal.Parse(row[6], CultureInfo.InvariantCulture)));
            }
        }
    }

    [Fact]
    public void Record_timestamps_ascend_when_a_clock_goes_back()
    {
        var issued = Till.Issue(Till.Sale(Till.Line("5.76")));
        var head = new ChainHead
        {
            TaxId = "B12345674",
            Number = "T-S01-2026-000001",
            IssueDate = new(2026, 11, 23),
            Fingerprint = new string('A', 64),
            RecordedAt = Instant("2026-11-23T10:00:05+01:00"),
        };
        var place = Regimes.First(Till.Seller) with { Position = 2, Head = head };
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Atlantic/Canary");
        var record = Regimes.Verifactu.Register(issued, new Recording(place, zone, Instant("2026-11-23T10:00:00.500+01:00"))).Value.Body;

        Assert.Equal(head.RecordedAt, record.RecordedAt);
        Assert.Equal(TimeSpan.Zero, record.RecordedAt!.Value.Offset);
        Assert.Equal(head.Fingerprint, record.PreviousFingerprint);
    }

    [Fact]
    public void Published_NIFs_are_judged_as_published()
    {
        foreach (var row in Vectors.Of("compliance/es-law/nif-vectors.csv"))
        {
            Assert.True(Nif.IsSound(row[0]) == (row[2] == "valid"), row[0]);
        }
    }

    [Theory]
    [InlineData("00017850W", true)]
    [InlineData("12345678Z", true)]
    [InlineData("12345678A", false)]
    [InlineData("X1234567L", true)]
    [InlineData("B12345674", true)]
    [InlineData("", false)]
    [InlineData("ÑÑÑÑÑÑÑÑÑ", false)]
    [InlineData("٠٠٠٠٠٠٠٠T", false)]
    public void People_and_foreigners_are_judged_by_their_letter(string nif, bool isSound) => Assert.Equal(isSound, Nif.IsSound(nif));

    [Fact]
    public void Payment_references_have_check_digits_that_fit_and_show_the_number_where_they_can()
    {
        var seller = SellerId.Of("nandu");
        var readable = PaymentReference.Of(seller, SellerEnvironment.Production, StoreId.Of("S01"), "F-S01-2026-000123");
        Assert.EndsWith("FS012026000123", readable, StringComparison.Ordinal);
        Assert.True(PaymentReference.IsSound(readable));
        Assert.True(PaymentReference.IsSound("RF18539007547034"));
        Assert.False(PaymentReference.IsSound("RF19539007547034"));
        var drawn = PaymentReference.Of(seller, SellerEnvironment.Test, StoreId.Of("S01"), "F-S01-2026-000123");
        Assert.True(PaymentReference.IsSound(drawn));
        Assert.NotEqual(drawn, PaymentReference.Of(SellerId.Of("otro"), SellerEnvironment.Test, StoreId.Of("S01"), "F-S01-2026-000123"));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
