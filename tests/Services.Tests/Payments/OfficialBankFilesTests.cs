using System.Globalization;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Every file of the official folder has its verdict here; one that is added has none, and fails until somebody gives it.</summary>
public sealed class OfficialBankFilesTests
{
    private const string Folder = "compliance/iso20022";

    /// <summary>The one that is wrong on purpose: a statement without a statement.</summary>
    private const string Wrong = "camt053.v2.wrong.xml";

    public static TheoryData<string> EachFile
    {
        get
        {
            var root = Path.Combine(Repository.Data, Folder);
            if (!Directory.Exists(root))
            {
                // Each of them then says that the data is not here.
                return ["samples-camt/camt053.v4.xml"];
            }

            return
            [
                .. Directory
                    .GetFiles(root, "*", SearchOption.AllDirectories)
                    .Select(each => Path.GetRelativePath(root, each).Replace('\\', '/'))
                    .Where(each => each != "README.md")
                    .Order(StringComparer.Ordinal),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(EachFile))]
    public void Every_file_of_the_folder_has_its_verdict(string file)
    {
        var name = Path.GetFileName(file);
        switch (file.Split('/')[0], Path.GetExtension(file))
        {
            case ("samples-camt", ".json"):
                // What the sample of its name is expected to say; CamtTests compares it word by word.
                Assert.True(File.Exists(Repository.Shared($"{Folder}/{file[..^5]}.xml")), $"{file} is the parse of no sample");
                Assert.Contains(Path.GetFileNameWithoutExtension(file), CamtTests.EachSample.Select(each => each.Data));
                break;
            case ("samples-camt", ".xml") when name == Wrong:
                Assert.True(Read(file).Refused(out var fault));
                Assert.Equal("PAY-BANK-04", fault.Code.Code);
                break;
            case ("samples-camt", ".xml"):
                Assert.False(Read(file).Refused(out var unread), unread?.In(null));
                Assert.NotEmpty(Read(file).Value.Payments());
                Assert.Contains(Path.GetFileNameWithoutExtension(file), CamtTests.EachSample.Select(each => each.Data));
                break;
            case ("xsd-camt", ".xsd"):
                HoldsAStatementOf(file, name);
                break;
            case ("xsd-pain", ".xsd") when name.StartsWith("pain.008", StringComparison.Ordinal):
                Assert.Empty(CamtFiles.Breaches(file, DebitFile(Path.GetFileNameWithoutExtension(name))));
                break;
            case ("xsd-pain", ".xsd") when name.StartsWith("pain.001", StringComparison.Ordinal):
                // Nothing is paid by file here; handed in as a bank's file it is refused by its name.
                var ordered = $"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{name[..^4]}\"><CstmrCdtTrfInitn/></Document>";
                Assert.True(CamtFiles.Read(ordered).Refused(out var foreign));
                Assert.Equal("PAY-BANK-03", foreign.Code.Code);
                break;
            default:
                Assert.Fail($"{file} has no verdict: say in {nameof(OfficialBankFilesTests)} what becomes of it");
                break;
        }
    }

    private static void HoldsAStatementOf(string file, string name)
    {
        var parts = name.Split('.');
        var text = CamtFiles.Of($"{parts[0]}.{parts[1]}", int.Parse(parts[3], CultureInfo.InvariantCulture));
        Assert.Empty(CamtFiles.Breaches(file, text));
        if (parts[1] == "052")
        {
            Assert.True(CamtFiles.Read(text).Refused(out var within));
            Assert.Equal("PAY-BANK-03", within.Code.Code);
            return;
        }

        var payment = Assert.Single(CamtFiles.Read(text).Value.Payments());
        Assert.Equal((12.50m, "Ñandú, S.L.", "RF18539007547034"), (payment.Amount, payment.PartyName, Assert.Single(payment.Cited)));
    }

    /// <summary>Our file as that version writes it: the three differ in nothing that a direct debit of ours says but how a bank is named.</summary>
    private static string DebitFile(string version) =>
        version is Pain008.Version02 or Pain008.Version08
            ? Pain008Tests.Sample(version)
            : Pain008Tests.Sample(Pain008.Version08).Replace(Pain008.Version08, version, StringComparison.Ordinal);

    private static Outcome<CamtFile> Read(string file) => CamtFiles.Read(File.ReadAllText(Repository.Shared($"{Folder}/{file}")));
}
