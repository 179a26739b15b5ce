using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>Records are written as the agency's schema wants them, and read back as what they were.</summary>
public sealed class RecordXmlTests
{
    public static TheoryData<string> Registrations => [.. RecordSamples.Registrations.Keys];

    public static TheoryData<string> Cancellations => [.. RecordSamples.Cancellations.Keys];

    [Theory]
    [MemberData(nameof(Registrations))]
    public void Every_registration_is_valid_by_the_official_schema(string kind) =>
        Assert.Empty(OfficialSchemas.Breaches(RecordXml.Of(RecordSamples.Registrations[kind]).Value));

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void Every_cancellation_is_valid_by_the_official_schema(string kind) =>
        Assert.Empty(OfficialSchemas.Breaches(RecordXml.Of(RecordSamples.Cancellations[kind]).Value));

    [Theory]
    [MemberData(nameof(Registrations))]
    public void A_registration_is_read_as_it_was_written(string kind)
    {
        var record = RecordSamples.Registrations[kind];
        var text = RecordXml.Of(record).Value;

        var read = Assert.Single(RecordReader.Read(Encoding.UTF8.GetBytes(text)).Value.Records);

        Assert.Equal(Json(record), Json(read.Registration));
        Assert.Equal(text, RecordXml.Of(read.Registration!).Value);
        Assert.Equal(record.Fingerprint, read.Written.Fingerprint);
        Assert.Equal(record.Fingerprint, read.Written.Computed);
        Assert.True(read.Written.Fits);
    }

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void A_cancellation_is_read_as_it_was_written(string kind)
    {
        var record = RecordSamples.Cancellations[kind];
        var text = RecordXml.Of(record).Value;

        var read = Assert.Single(RecordReader.Read(Encoding.UTF8.GetBytes(text)).Value.Records);

        Assert.Equal(record, read.Cancellation);
        Assert.Equal(record.Fingerprint, read.Written.Computed);
        Assert.True(read.Written.Fits);
    }

    [Fact]
    public void Names_are_cut_to_the_length_of_the_schema_and_never_inside_a_character()
    {
        var name = string.Concat(Enumerable.Repeat("ñ", 119)) + "😀 S.L.";
        var record = RecordSamples.Registrations["F1"] with
        {
            SellerName = $"  {name}  ",
            Description = new string('d', 600),
            System = RecordSamples.System with { Name = new string('s', 40) },
        };

        var text = RecordXml.Of(record).Value;
        var read = RecordReader.Read(Encoding.UTF8.GetBytes(text)).Value.Records[0].Registration!;

        Assert.Empty(OfficialSchemas.Breaches(text));
        Assert.Equal(name[..119], read.SellerName);
        Assert.Equal(500, read.Description.Length);
        Assert.Equal(30, read.System.Name.Length);
    }

    [Fact]
    public void What_XML_cannot_hold_is_replaced_in_names_and_descriptions()
    {
        var record = RecordSamples.Registrations["F1"] with { SellerName = "A\u0001B", Description = "x\ud800y\uffff <&>\r\n" };

        var text = RecordXml.Of(record).Value;
        var read = RecordReader.Read(Encoding.UTF8.GetBytes(text)).Value.Records[0].Registration!;

        Assert.Empty(OfficialSchemas.Breaches(text));
        Assert.Equal("A\uFFFDB", read.SellerName);
        Assert.Equal("x\uFFFDy\uFFFD <&>", read.Description);
    }

    [Fact]
    public void What_identifies_is_never_changed_but_refused()
    {
        var record = RecordSamples.Registrations["F1"];
        RegistrationRecord[] unfit =
        [
            record with
            {
                Invoice = record.Invoice with { Number = new string('1', 61) },
            },
            record with
            {
                Invoice = record.Invoice with { Number = "Ñ-1" },
            },
            record with
            {
                Invoice = record.Invoice with { Number = " " },
            },
            record with
            {
                Invoice = record.Invoice with { TaxId = "B1234567" },
            },
            record with
            {
                Replaced = [record.Invoice with { Number = "a\tb" }],
            },
            record with
            {
                Description = " ",
            },
            record with
            {
                Vat = [],
            },
            record with
            {
                Vat = [.. Enumerable.Repeat(record.Vat[0], 13)],
            },
            record with
            {
                Vat = [record.Vat[0] with { ExemptionCause = "E1" }],
            },
            record with
            {
                Vat = [record.Vat[0] with { Rate = 5.255m }],
            },
            record with
            {
                VatTotal = 21.000m,
            },
            record with
            {
                TotalWithVat = 1_000_000_000_000m,
            },
            record with
            {
                PriorRejection = PriorRejection.Unregistered,
            },
            record with
            {
                Buyers = [new RecordedPerson { Name = "x" }],
            },
            record with
            {
                Buyers = [Known(null, "04", "1")],
            },
            record with
            {
                Buyers = [Known("ES", "02", "ES1")],
            },
            record with
            {
                Buyers = [Known("FR", "07", "1")],
            },
            record with
            {
                Buyers = [Known("FR", "08", "1")],
            },
            record with
            {
                Buyers = [Known("FR", "04", new string('1', 21))],
            },
            record with
            {
                System = RecordSamples.System with { Id = "r1" },
            },
            record with
            {
                System = RecordSamples.System with { Installation = new string('1', 101) },
            },
        ];

        Assert.All(unfit, each => Assert.Equal("INV-FISCAL-20", RecordXml.Of(each).Fault?.Code.Code));

        static RecordedPerson Known(string? country, string type, string id) =>
            new() { Name = "x", Other = new OtherIdentifier(country, type, id) };
    }

    [Fact]
    public void Amounts_from_the_database_lose_the_zeros_that_the_schema_has_no_room_for()
    {
        var record = RecordSamples.Registrations["F1"];
        record = record with { Vat = [record.Vat[0] with { Rate = 21.0000m, TaxableAmount = 100.0000m, VatAmount = 21.5000m }] };

        var text = RecordXml.Of(record).Value;

        Assert.Empty(OfficialSchemas.Breaches(text));
        Assert.Contains("<TipoImpositivo>21.00</TipoImpositivo>", text, StringComparison.Ordinal);
        Assert.Contains("<CuotaRepercutida>21.50</CuotaRepercutida>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_one_element_that_can_stand_in_any_other()
    {
        var text = RecordXml.Of(RecordSamples.Registrations["F1"]).Value;

        Assert.StartsWith($"<RegistroAlta xmlns=\"{RecordNames.Information}\"><IDVersion>1.0</IDVersion>", text, StringComparison.Ordinal);
        Assert.EndsWith("</Huella></RegistroAlta>", text, StringComparison.Ordinal);
    }

    private static string Json<T>(T record) => JsonSerializer.Serialize(record, Wire.Tolerant);
}
