using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class EpcQrTests
{
    private static readonly EpcQr Sound = new()
    {
        Beneficiary = "Panadería Ñandú, S.L.",
        Iban = "ES9121000418450200051332",
        Bic = "CAIXESBBXXX",
        Amount = 0.01m,
        StructuredReference = "RF18539007547034",
    };

    [Fact]
    public void Every_published_vector_has_its_verdict_and_ours_are_written_to_the_letter()
    {
        var vectors = EpcVectors.Rows("vectors.csv");
        Assert.Equal(11, vectors.Count);
        foreach (var vector in vectors)
        {
            var (payload, verdict) = (vector[2].Replace("\\n", "\n", StringComparison.Ordinal), vector[3]);
            var qr = Parse(payload);

            Assert.True(
                (verdict == "valid") == (qr.Breaches.Count == 0),
                $"{vector[0]}: {verdict}; found {string.Join(", ", qr.Breaches)}"
            );
            if (vector[1] == "derived")
            {
                Assert.Equal(payload, qr.Payload);
            }
            else
            {
                // Others write the amount without decimals or empty lines at the end: it says the same.
                Assert.Equal(qr, Parse(qr.Payload));
            }
        }
    }

    [Fact]
    public void Every_rule_of_the_standard_is_held()
    {
        var broken = new Dictionary<string, EpcQr[]>
        {
            ["1"] = [Sound with { ServiceTag = "BCX" }],
            ["2"] = [Sound with { Version = "003" }],
            ["3"] = [Sound with { CharacterSet = "9" }, Sound with { CharacterSet = "" }],
            ["4"] = [Sound with { Identification = "INST" }],
            ["5"] = [Sound with { Bic = "CAIXESBBX" }, Sound with { Version = "001", Bic = "" }],
            ["6"] = [Sound with { Beneficiary = "" }, Sound with { Beneficiary = new string('N', 71) }],
            ["7"] = [Sound with { Iban = "ES91 2100 0418 4502 0005 1332" }, Sound with { Iban = "ES9121000418450200051333" }],
            ["8"] = [Sound with { Amount = 0m }, Sound with { Amount = 1_000_000_000m }, Sound with { Amount = 1.005m }],
            ["9"] = [Sound with { Purpose = "CHARX" }],
            ["10"] = [Sound with { StructuredReference = "RF18539007547035" }],
            ["11"] = [Sound with { StructuredReference = "", Text = new string('t', 141) }, Sound with { Text = "both" }],
            ["12"] = [Sound with { Information = new string('i', 71) }],
        };
        Assert.Empty(Sound.Breaches);
        foreach (var rule in EpcVectors.Rows("rules.csv").Where(rule => rule[0] != "-"))
        {
            Assert.All(
                broken[rule[0]],
                qr => Assert.Contains(qr.Breaches, breach => breach.Line == int.Parse(rule[0], CultureInfo.InvariantCulture))
            );
        }

        // The symbol's limit counts bytes: two for each Ñ.
        var large = Sound with
        {
            Beneficiary = new string('Ñ', 70),
            StructuredReference = "",
            Text = new string('Ñ', 140),
        };
        Assert.Contains(large.Breaches, breach => breach.Why.Contains("331", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', Sound.Payload);
        Assert.False(Sound.Payload.EndsWith('\n'));
    }

    [Theory]
    [InlineData("ES91 2100 0418 4502 0005 1332", "EUR", "12.10", true)]
    [InlineData("ES9121000418450200051333", "EUR", "12.10", false)]
    [InlineData(null, "EUR", "12.10", false)]
    [InlineData("ES9121000418450200051332", "GBP", "12.10", false)]
    [InlineData("ES9121000418450200051332", "EUR", "0.00", false)]
    [InlineData("ES9121000418450200051332", "EUR", "-3.00", false)]
    public void A_transfer_QR_is_there_where_euros_are_due_and_a_sound_account_is_known(
        string? iban,
        string currency,
        string due,
        bool there
    )
    {
        var amount = Money.Of(decimal.Parse(due, CultureInfo.InvariantCulture), Currency.Of(currency));

        var qr = EpcQr.For("Comercios Ñandú, S.L.", iban, "CAIXESBBXXX", amount, "RF18 5390 0754 7034");

        Assert.Equal(there, qr is not null);
        Assert.Equal(
            there ? "BCD\n002\n1\nSCT\nCAIXESBBXXX\nComercios Ñandú, S.L.\nES9121000418450200051332\nEUR12.10\n\nRF18539007547034" : null,
            qr?.Payload
        );
    }

    [Fact]
    public void A_reference_without_check_digits_goes_in_as_text_and_a_long_name_is_cut()
    {
        var qr = EpcQr.For(
            new string('N', 69) + "🐧",
            "ES9121000418450200051332",
            "not a bic",
            Money.Of(1m, Currency.Eur),
            "F-2026-000123"
        )!;

        Assert.Equal("", qr.StructuredReference);
        Assert.Equal("F-2026-000123", qr.Text);
        Assert.Equal(new string('N', 69), qr.Beneficiary);
        Assert.Equal("", qr.Bic);
    }

    private static EpcQr Parse(string payload)
    {
        var lines = payload.Split('\n').Concat(Enumerable.Repeat("", 12)).ToArray();
        return new EpcQr
        {
            ServiceTag = lines[0],
            Version = lines[1],
            CharacterSet = lines[2],
            Identification = lines[3],
            Bic = lines[4],
            Beneficiary = lines[5],
            Iban = lines[6],
            Amount = lines[7].Length == 0 ? null : decimal.Parse(lines[7][3..], CultureInfo.InvariantCulture),
            Purpose = lines[8],
            StructuredReference = lines[9],
            Text = lines[10],
            Information = lines[11],
        };
    }
}

/// <summary>The open data about the QR of a transfer.</summary>
internal static class EpcVectors
{
    /// <summary>Payloads, and whether each is valid.</summary>
    public static IEnumerable<(string Payload, bool IsValid)> All() =>
        Rows("vectors.csv").Select(vector => (vector[2].Replace("\\n", "\n", StringComparison.Ordinal), vector[3] == "valid"));

    public static List<string[]> Rows(string file) =>
        [.. File.ReadAllLines(Repository.Shared($"compliance/epc-qr/{file}")).Skip(1).Where(line => line.Length > 0).Select(Fields)];

    private static string[] Fields(string line)
    {
        var fields = new List<string>();
        var (field, quoted) = ("", false);
        foreach (var each in line)
        {
            if (each == '"')
            {
                quoted = !quoted;
            }
            else if (each == ',' && !quoted)
            {
                fields.Add(field);
                field = "";
            }
            else
            {
                field += each;
            }
        }

        return [.. fields, field];
    }
}
