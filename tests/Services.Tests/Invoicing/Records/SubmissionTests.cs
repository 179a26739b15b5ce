using System.Globalization;
using System.Text;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>What goes to the agency's service is valid by its schemas, and what comes back is understood.</summary>
public sealed class SubmissionTests
{
    private static readonly SubmissionHeader Header = new() { Seller = new HeaderPerson("Ñandú & Cía, S.L.", RecordSamples.Nif) };

    public static TheoryData<string> Headers => ["plain", "representative", "incident", "leaving", "asked for"];

    public static TheoryData<int> Samples => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_submission_is_valid_by_the_official_schemas_and_read_as_it_was_written(string kind)
    {
        var header = kind switch
        {
            "representative" => Header with { Representative = new HeaderPerson("Asesoría", "12345678Z") },
            "incident" => Header with { Incident = true },
            "leaving" => Header with { LastDay = new(2026, 12, 31), Incident = true },
            "asked for" => Header with { Request = "REQ-2026-1", EndsRequest = true },
            _ => Header,
        };
        var records = RecordSamples.Chain(20);

        var message = SubmissionXml.Of(header, records).Value;
        var read = RecordReader.Read(message).Value;

        Assert.Empty(OfficialSchemas.Breaches(message));
        Assert.Equal(header, read.Header);
        Assert.Equal(20, read.Records.Count);
        Assert.All(read.Records, each => Assert.True(each.Written.Fits));
        var text = Encoding.UTF8.GetString(message);
        Assert.All(records, each => Assert.Contains(each, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_submission_holds_one_to_a_thousand_records()
    {
        var record = RecordSamples.Chain(1)[0];

        Assert.Equal("INV-FISCAL-24", SubmissionXml.Of(Header, []).Fault?.Code.Code);
        Assert.Equal("INV-FISCAL-24", SubmissionXml.Of(Header, [.. Enumerable.Repeat(record, 1001)]).Fault?.Code.Code);
        var full = SubmissionXml.Of(Header, [.. Enumerable.Repeat(record, 1000)]).Value;
        Assert.Empty(OfficialSchemas.Breaches(full));
        Assert.Equal(1000, RecordReader.Read(full).Value.Records.Count);
    }

    [Fact]
    public void Queries_are_valid_by_the_official_schemas_and_read_as_they_were_written()
    {
        var plain = new RecordQuery
        {
            Asker = Header.Seller,
            Year = 2026,
            Month = 2,
        };
        RecordQuery[] queries =
        [
            plain,
            plain with
            {
                AsBuyer = true,
                OtherParty = new HeaderPerson("Proveedor", "A58818501"),
            },
            plain with
            {
                Number = "T-1",
            },
            plain with
            {
                From = new(2026, 2, 1),
                To = new(2026, 2, 3),
            },
            plain with
            {
                From = new(2026, 2, 1),
                To = new(2026, 2, 1),
            },
            plain with
            {
                To = new(2026, 2, 3),
            },
            plain with
            {
                After = new RecordedInvoice(RecordSamples.Nif, "T-9", new(2026, 2, 2)),
                ShowSystem = true,
            },
        ];

        foreach (var query in queries)
        {
            var message = SubmissionXml.Of(query);
            Assert.Empty(OfficialSchemas.Breaches(message));
            Assert.Equal(query, SubmissionXml.Query(message).Value);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_of_the_official_document_is_understood(int number)
    {
        var sample = Sample($"aeat-soap-samples/{number:D2}.xml");
        switch (number)
        {
            case 1:
                var fault = Assert.IsType<SoapFault>(AgencyReply.Read(sample).Value);
                Assert.True(fault.IsOurs);
                Assert.Equal("4104", fault.Code);
                Assert.StartsWith("El NIF del titular en la cabecera no está identificado.", fault.Text, StringComparison.Ordinal);
                break;
            case 13:
                var answer = Assert.IsType<QueryAnswer>(AgencyReply.Read(sample).Value);
                var record = Assert.Single(answer.Records);
                Assert.Equal(new RecordedInvoice("XXXXXXXXX", "88", new(2024, 11, 27)), record.Invoice);
                Assert.Equal((RecordState.Accepted, 41.76m, 16976.37m), (record.State, record.VatTotal!.Value, record.TotalWithVat!.Value));
                Assert.Equal("DAA7F72EEDC1AE8A294B7A011EC4A1EC2BE0E4DDB79AF3758377F8D61F38FE6B", record.Fingerprint);
                Assert.Equal("3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60", record.PrecedingFingerprint);
                Assert.Equal("20241113115410360242", record.RequestId);
                Assert.False(answer.HasMore);
                break;
            case 12 or > 13:
                var query = SubmissionXml.Query(sample).Value;
                Assert.Equal((2024, 11), (query.Year, query.Month));
                Assert.Equal(number == 16, query.AsBuyer);
                Assert.Equal(number == 14, query.OtherParty is not null);
                Assert.Equal(number == 15, query.From is not null && query.To is not null);
                Assert.Equal(number == 16, query.After is not null);
                break;
            default:
                var file = RecordReader.Read(sample).Value;
                Assert.Equal(new HeaderPerson("XXXXX", "AAAA"), file.Header!.Seller);
                Assert.Equal(number is 9 or 10 or 11, file.Header.Request is not null);
                Assert.Equal(number == 8 ? 3 : 1, file.Records.Count);
                Assert.All(file.Records, each => Assert.True(each.Registration is not null || each.Cancellation is not null));
                Assert.All(file.Records, each => Assert.False(each.Written.Fits));
                break;
        }
    }

    [Fact]
    public void Published_answers_are_understood()
    {
        var accepted = Assert.IsType<SubmissionAnswer>(AgencyReply.Read(Sample("responses-josemmo/correcto.xml")).Value);
        Assert.Equal((SubmissionState.Accepted, "A-86U4KHPACUMVZE"), (accepted.State, accepted.Csv));
        Assert.Equal(TimeSpan.FromSeconds(60), accepted.Wait);
        Assert.Equal(DateTimeOffset.Parse("2025-10-13T12:34:56+02:00", CultureInfo.InvariantCulture), accepted.PresentedAt);
        Assert.True(accepted.Records.Count > 1);
        Assert.All(accepted.Records, each => Assert.Equal(RecordState.Accepted, each.State));
        Assert.True(accepted.Records[0].Amends);

        var rejected = Assert.IsType<SubmissionAnswer>(AgencyReply.Read(Sample("responses-josemmo/incorrecto.xml")).Value);
        Assert.Equal((SubmissionState.Rejected, null), (rejected.State, rejected.Csv));
        var line = Assert.Single(rejected.Records);
        Assert.True(line.IsCancellation);
        Assert.Equal((RecordState.Rejected, "3002", "No existe el registro de facturación."), (line.State, line.ErrorCode, line.ErrorText));

        var fault = Assert.IsType<SoapFault>(AgencyReply.Read(Sample("responses-josemmo/fault.xml")).Value);
        Assert.Equal((false, "20009", "Error interno en el servidor"), (fault.IsOurs, fault.Code, fault.Text));
    }

    [Fact]
    public void A_duplicate_says_what_became_of_the_record_that_the_agency_has()
    {
        var text = Encoding
            .UTF8.GetString(Sample("responses-josemmo/incorrecto.xml"))
            .Replace(" Id=\"Body\"", "", StringComparison.Ordinal)
            .Replace(
                "</tikR:DescripcionErrorRegistro>",
                "</tikR:DescripcionErrorRegistro><tikR:RegistroDuplicado><tik:IdPeticionRegistroDuplicado>20260201</tik:IdPeticionRegistroDuplicado>"
                    + "<tik:EstadoRegistroDuplicado>AceptadaConErrores</tik:EstadoRegistroDuplicado><tik:CodigoErrorRegistro>2000</tik:CodigoErrorRegistro>"
                    + "</tikR:RegistroDuplicado>",
                StringComparison.Ordinal
            );

        Assert.Empty(OfficialSchemas.Breaches(text));
        var answer = Assert.IsType<SubmissionAnswer>(AgencyReply.Read(Encoding.UTF8.GetBytes(text)).Value);

        Assert.Equal(new DuplicateRecord("20260201", RecordState.AcceptedWithErrors, "2000", null), answer.Records[0].Duplicate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Service Unavailable")]
    [InlineData("<html><body>Error 503</body></html>")]
    [InlineData("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>")]
    [InlineData("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><a/></e:Body></e:Envelope>")]
    [InlineData("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")]
    public void What_is_no_answer_of_the_service_is_refused(string message) =>
        Assert.Equal("INV-FISCAL-23", AgencyReply.Read(Encoding.UTF8.GetBytes(message)).Fault?.Code.Code);

    [Fact]
    public void An_answer_cut_anywhere_or_with_a_state_that_nobody_knows_is_refused()
    {
        var answer = Sample("responses-josemmo/correcto.xml");
        for (var length = 0; length < answer.Length - 20; length += 37)
        {
            Assert.Equal("INV-FISCAL-23", AgencyReply.Read(answer.AsMemory(0, length)).Fault?.Code.Code);
        }

        var unknown = Encoding
            .UTF8.GetString(answer)
            .Replace("<tikR:EstadoRegistro>Correcto<", "<tikR:EstadoRegistro>Bien<", StringComparison.Ordinal);
        Assert.Equal("INV-FISCAL-23", AgencyReply.Read(Encoding.UTF8.GetBytes(unknown)).Fault?.Code.Code);
    }

    private static byte[] Sample(string file) => File.ReadAllBytes(Repository.Shared($"compliance/verifactu/{file}"));
}
