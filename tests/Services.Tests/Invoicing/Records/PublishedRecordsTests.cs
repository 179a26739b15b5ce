using System.Text.Json;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>Fingerprints of the agency's examples and of the chains computed from its specification, read from records as XML.</summary>
public sealed class PublishedRecordsTests
{
    [Fact]
    public void All_derived_fingerprints_of_registrations_cancellations_and_events_are_ours()
    {
        var seen = new Dictionary<string, int>();
        foreach (var row in Vectors.Of("compliance/verifactu/vectors/huella-derived-chains.csv"))
        {
            var record = Assert.Single(RecordReader.Read(Xml(row[2], Fields(row[3]), row[5])).Value.Records).Written;

            Assert.Equal(row[4], string.Join('&', record.Fields.Select(field => $"{field.Name}={field.Text}")));
            Assert.Equal(row[5], record.Computed);
            Assert.True(record.Fits);
            seen[row[2]] = seen.GetValueOrDefault(row[2]) + 1;
        }

        Assert.Equal((102, 18, 36), (seen["alta"], seen["anulacion"], seen["evento"]));
    }

    [Fact]
    public void All_published_fingerprints_are_ours()
    {
        var seen = 0;
        foreach (var row in Vectors.Of("compliance/verifactu/vectors/huella-published.csv"))
        {
            var fields = row[3].Split('&').Select(field => field.Split('=', 2)).Select(each => (each[0], each[1])).ToList();

            var record = Assert.Single(RecordReader.Read(Xml(row[1], fields, row[4])).Value.Records).Written;

            Assert.True(record.Fits, row[0]);
            Assert.Equal(row[4], record.Computed);
            seen++;
        }

        Assert.True(seen >= 7);
    }

    [Theory]
    [InlineData("samples-josemmo/registration-record-f1.xml", true)]
    [InlineData("samples-josemmo/registration-record-f2.xml", true)]
    [InlineData("samples-josemmo/cancellation-record.xml", true)]
    [InlineData("aeat-xades-sample/ejemploRegistro.xml", true)]
    [InlineData("aeat-xades-sample/ejemploRegistro-firmado-epes-xades4j.xml", false)]
    public void Published_record_files_fit_their_fingerprints_and_those_without_a_signature_are_our_nouns(string file, bool isNoun)
    {
        var read = Assert.Single(RecordReader.Read(File.ReadAllBytes(Repository.Shared($"compliance/verifactu/{file}"))).Value.Records);

        Assert.True(read.Written.Fits);
        Assert.Equal(isNoun, read.Registration is not null || read.Cancellation is not null);
        Assert.Equal(isNoun, !read.Written.IsSigned);
        if (read.Registration is { } registration)
        {
            Assert.Equal(read.Written.Fingerprint, registration.Fingerprint);
            Assert.Empty(OfficialSchemas.Breaches(RecordXml.Of(registration).Value));
        }
    }

    [Fact]
    public void The_official_signed_example_is_accepted_and_no_change_of_it_is()
    {
        var signed = File.ReadAllBytes(
            Repository.Shared("compliance/verifactu/aeat-xades-sample/ejemploRegistro-firmado-epes-xades4j.xml")
        );

        var verdict = VerifyFiles.Of([("signed.xml", signed)]);

        Assert.True(verdict.IsSound);
        var record = Assert.Single(verdict.Records);
        Assert.True(record.Signature.IsChecked);
        Assert.Contains("89890001K", record.Signature.Signer, StringComparison.Ordinal);

        var text = global::System.Text.Encoding.UTF8.GetString(signed).Replace("fecha entrega", "fecha entregA", StringComparison.Ordinal);
        var changed = VerifyFiles.Of([("signed.xml", global::System.Text.Encoding.UTF8.GetBytes(text))]);
        Assert.Equal("INV-SIGN-07", Assert.Single(changed.Findings).Fault.Code.Code);
    }

    [Theory]
    [InlineData("123.1", "123.10", "123.1")]
    [InlineData("123.10", "123.1", "123.10")]
    [InlineData("12", "12.00", "12")]
    [InlineData("12.0", "12", "12.00")]
    public void Zeros_at_the_end_of_an_amount_do_not_matter(string written, string fingerprinted, string total)
    {
        (string, string)[] Fields(string vat, string whole) =>
            [
                ("IDEmisorFactura", "89890001K"),
                ("NumSerieFactura", "12345678 / G33"),
                ("FechaExpedicionFactura", "01-01-2024"),
                ("TipoFactura", "F1"),
                ("CuotaTotal", vat),
                ("ImporteTotal", whole),
                ("Huella", ""),
                ("FechaHoraHusoGenRegistro", "2024-01-01T19:20:30+01:00"),
            ];
        var stated = Fingerprint.Of(string.Join('&', Fields(fingerprinted, total).Select(each => $"{each.Item1}={each.Item2}")));

        var record = RecordReader.Read(Xml("alta", Fields(written, total), stated)).Value.Records[0].Written;
        var other = RecordReader.Read(Xml("alta", Fields(written + "1", total), stated)).Value.Records[0].Written;

        Assert.True(record.Fits);
        Assert.False(other.Fits);
    }

    private static List<(string, string)> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(each => (each[0].GetString()!, each[1].GetString()!))]
            : [.. document.RootElement.EnumerateObject().Select(each => (each.Name, each.Value.GetString()!))];
    }

    /// <summary>A record that says these fields, with blanks around each, under a prefix.</summary>
    private static byte[] Xml(string kind, IReadOnlyList<(string Name, string Text)> fields, string fingerprint)
    {
        XNamespace space = kind == "evento" ? RecordNames.Events : RecordNames.Information;
        XElement At(int index) => new(space + fields[index].Name, $"\n  {fields[index].Text}\t");
        XElement Of(string name, params object?[] content) => new(space + name, content);
        var root = kind switch
        {
            "alta" => Of(
                "RegistroAlta",
                Of("IDFactura", At(0), At(1), At(2)),
                At(3),
                At(4),
                At(5),
                Of("Encadenamiento", fields[6].Text.Length == 0 ? Of("PrimerRegistro", "S") : Of("RegistroAnterior", At(6))),
                At(7),
                Of("TipoHuella", "01"),
                Of("Huella", fingerprint)
            ),
            "anulacion" => Of(
                "RegistroAnulacion",
                Of("IDFactura", At(0), At(1), At(2)),
                Of("Encadenamiento", fields[3].Text.Length == 0 ? Of("PrimerRegistro", "S") : Of("RegistroAnterior", At(3))),
                At(4),
                Of("TipoHuella", "01"),
                Of("Huella", fingerprint)
            ),
            _ => Of(
                "RegistroEvento",
                Of(
                    "Evento",
                    Of("SistemaInformatico", fields[0].Text.Length == 0 ? Of("IDOtro", At(1)) : At(0), At(2), At(3), At(4)),
                    Of("ObligadoEmision", At(5)),
                    At(8),
                    At(6),
                    Of("Encadenamiento", fields[7].Text.Length == 0 ? Of("PrimerEvento", "S") : Of("EventoAnterior", At(7))),
                    Of("TipoHuella", "01"),
                    Of("HuellaEvento", fingerprint)
                )
            ),
        };
        root.SetAttributeValue(XNamespace.Xmlns + "p", space.NamespaceName);
        using var bytes = new MemoryStream();
        root.Save(bytes);
        return bytes.ToArray();
    }
}
