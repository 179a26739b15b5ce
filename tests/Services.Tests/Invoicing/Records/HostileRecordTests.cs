using System.Text;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>Files of records are hostile input: each is read or refused, and never a surprise.</summary>
public sealed class HostileRecordTests
{
    private static readonly string Record = RecordSamples.Chain(2)[1];

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "nothing", "", "INV-XML-01" },
            { "an entity", $"<!DOCTYPE a [<!ENTITY b 'c'>]>{Record.Replace("F2", "&b;", StringComparison.Ordinal)}", "" },
            { "a file of this machine", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "" },
            { "a bomb", "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>", "" },
            { "deep elements", string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000)), "" },
            { "half a record", Record[..(Record.Length / 2)], "" },
            { "another namespace", Record.Replace("SuministroInformacion.xsd", "Otro.xsd", StringComparison.Ordinal), "INV-FISCAL-21" },
            { "no namespace", "<RegistroAlta/>", "INV-FISCAL-21" },
            { "an invoice", "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "INV-FISCAL-21" },
            { "an empty submission", $"<RegFactuSistemaFacturacion xmlns='{RecordNames.Submission}'/>", "INV-FISCAL-21" },
            { "an empty body", $"<e:Envelope xmlns:e='{RecordNames.Soap}'><e:Body/></e:Envelope>", "INV-FISCAL-21" },
            {
                "a submission of something else",
                $"<RegFactuSistemaFacturacion xmlns='{RecordNames.Submission}'><RegistroFactura><a/></RegistroFactura></RegFactuSistemaFacturacion>",
                "INV-FISCAL-21"
            },
            {
                "a field twice",
                Record.Replace("<TipoHuella>", "<TipoHuella>01</TipoHuella><TipoHuella>", StringComparison.Ordinal),
                "INV-FISCAL-22"
            },
            { "two fingerprints", Record.Replace("<Huella>", "<Huella>A</Huella><Huella>", StringComparison.Ordinal), "INV-FISCAL-22" },
            { "text beside elements", Record.Replace("<IDFactura>", "<IDFactura>x", StringComparison.Ordinal), "INV-FISCAL-22" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_read_is_refused_with_a_code(string what, string file, string code)
    {
        var fault = RecordReader.Read(Encoding.UTF8.GetBytes(file)).Fault;

        Assert.True(fault is not null, what);
        if (code.StartsWith("INV-FISCAL", StringComparison.Ordinal))
        {
            Assert.Equal(code, fault.Code.Code);
        }

        Assert.False(VerifyFiles.Of([("x.xml", Encoding.UTF8.GetBytes(file))]).IsSound);
    }

    [Fact]
    public void A_record_of_many_megabytes_is_read_in_time_that_grows_with_it()
    {
        var began = global::System.Diagnostics.Stopwatch.StartNew();
        var huge = Record.Replace("café", new string('c', 20_000_000), StringComparison.Ordinal);
        var many = Record.Replace(
            "<Desglose>",
            $"<Destinatarios>{string.Concat(Enumerable.Repeat("<IDDestinatario><NombreRazon>x</NombreRazon></IDDestinatario>", 50_000))}</Destinatarios><Desglose>",
            StringComparison.Ordinal
        );

        Assert.True(RecordReader.Read(Encoding.UTF8.GetBytes(huge)).Value.Records[0].Written.Fits);
        Assert.True(RecordReader.Read(Encoding.UTF8.GetBytes(many)).Value.Records[0].Written.Fits);
        Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_record_that_lacks_everything_is_read_and_found_broken()
    {
        foreach (var name in new[] { "RegistroAlta", "RegistroAnulacion" })
        {
            var verdict = VerifyFiles.Of([("x.xml", Encoding.UTF8.GetBytes($"<{name} xmlns='{RecordNames.Information}'/>"))]);
            Assert.False(verdict.IsSound);
        }

        Assert.False(VerifyFiles.Of([("x.xml", Encoding.UTF8.GetBytes($"<RegistroEvento xmlns='{RecordNames.Events}'/>"))]).IsSound);
        Assert.False(VerifyFiles.Of([]).IsSound);
    }

    /// <summary>Bytes changed, cut, doubled and moved at random places of records, submissions and exports.</summary>
    [Fact]
    public async Task Thousands_of_mutated_files_are_read_or_refused_and_never_a_surprise()
    {
        var random = new Random(20260201);
        var records = RecordSamples.Chain(5);
        var header = new SubmissionHeader { Seller = new HeaderPerson("x", RecordSamples.Nif) };
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(records[1]),
            SubmissionXml.Of(header, records).Value,
            await RecordSamples.ExportAsync(records),
        ];
        for (var round = 0; round < 3000; round++)
        {
            var file = Mutated(files[round % 3], random);
            if (round % 3 == 2)
            {
                _ = VerifyExport.Of(new MemoryStream(file));
            }
            else
            {
                _ = VerifyFiles.Of([("x.xml", file), ("y.xml", files[0])]);
                _ = AgencyReply.Read(file);
                _ = SubmissionXml.Query(file);
            }
        }
    }

    private static byte[] Mutated(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 10; times--)
        {
            var (at, length) = (random.Next(bytes.Count), random.Next(1, 40));
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count / 2), Math.Min(length, bytes.Count / 2)));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }
}
