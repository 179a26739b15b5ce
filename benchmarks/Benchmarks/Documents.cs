using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// What it costs to judge, read and write an invoice of ten lines, on one core and warm, against loading the same document into the
/// platform's own XML tree in the same run.
/// </summary>
internal static class Documents
{
    private const int FewLines = 10;
    private const int ManyLines = 10_000;

    public static readonly Benchmark Validation = new(
        "validation",
        "the rules of EN 16931 on an invoice of ten lines in UBL and in CII, Peppol's on the former, and how the cost grows to ten thousand",
        (quick, _) => Task.FromResult(Judge(quick ? 5 : 25))
    );

    public static readonly Benchmark Writing = new(
        "documents",
        "an invoice of ten lines written and read, in UBL and in CII",
        (quick, _) => Task.FromResult(WriteAndRead(quick ? 5 : 25))
    );

    private static BenchmarkResult Judge(int rounds)
    {
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var (syntax, write) in new (string, Func<Invoice, byte[]>)[] { ("ubl", UblWriter.Write), ("cii", CiiWriter.Write) })
        {
            var (few, many) = (write(Sample(FewLines)), write(Sample(ManyLines)));
            using var reader = ReadXmlTree.Take();
            var tree = reader.From(few).Value;
            var load = Best(rounds, 400, () => XDocument.Load(new MemoryStream(few)));
            var whole = Best(rounds, 400, () => ReadAndJudge(few));
            var rules = Best(rounds, 400, () => Judge(tree));
            var peppol = Best(rounds, 400, () => ValidateDocument.Peppol(tree, new Findings()));
            var grown = Best(rounds, 1, () => ReadAndJudge(many));
            ratios[$"{syntax}ReadAndJudgeToLoad"] = whole.Microseconds / load.Microseconds;
            ratios[$"{syntax}JudgeToLoad"] = rules.Microseconds / load.Microseconds;
            ratios[$"{syntax}PeppolToJudge"] = peppol.Microseconds / rules.Microseconds;
            ratios[$"{syntax}TenThousandLinesToTenPerLine"] = grown.Microseconds / ManyLines / (whole.Microseconds / FewLines);
            raw[$"{syntax}Bytes"] = few.Length;
            raw[$"{syntax}LoadMicroseconds"] = load.Microseconds;
            raw[$"{syntax}ReadAndJudgeMicroseconds"] = whole.Microseconds;
            raw[$"{syntax}ReadAndJudgeAllocatedBytes"] = whole.Allocated;
            raw[$"{syntax}JudgeMicroseconds"] = rules.Microseconds;
            raw[$"{syntax}JudgeAllocatedBytes"] = rules.Allocated;
            raw[$"{syntax}PeppolMicroseconds"] = peppol.Microseconds;
            raw[$"{syntax}TenThousandLinesMilliseconds"] = grown.Microseconds / 1000;
        }

        return new BenchmarkResult(ratios, raw);
    }

    private static BenchmarkResult WriteAndRead(int rounds)
    {
        var invoice = Sample(FewLines);
        var ubl = UblWriter.Write(invoice);
        var cii = CiiWriter.Write(invoice);
        using var reader = ReadXmlTree.Take();
        var load = Best(rounds, 400, () => XDocument.Load(new MemoryStream(ubl)));
        var loadCii = Best(rounds, 400, () => XDocument.Load(new MemoryStream(cii)));
        var write = Best(rounds, 400, () => UblWriter.Write(invoice));
        var writeCii = Best(rounds, 400, () => CiiWriter.Write(invoice));
        var read = Best(rounds, 400, () => UblReader.Read(reader.From(ubl).Value.Root));
        var readCii = Best(rounds, 400, () => CiiReader.Read(reader.From(cii).Value.Root));
        return new BenchmarkResult(
            new Dictionary<string, double>
            {
                ["writeToLoad"] = write.Microseconds / load.Microseconds,
                ["readToLoad"] = read.Microseconds / load.Microseconds,
                ["ciiWriteToLoad"] = writeCii.Microseconds / loadCii.Microseconds,
                ["ciiReadToLoad"] = readCii.Microseconds / loadCii.Microseconds,
            },
            new Dictionary<string, double>
            {
                ["bytes"] = ubl.Length,
                ["loadMicroseconds"] = load.Microseconds,
                ["writeMicroseconds"] = write.Microseconds,
                ["writeAllocatedBytes"] = write.Allocated,
                ["readMicroseconds"] = read.Microseconds,
                ["readAllocatedBytes"] = read.Allocated,
                ["ciiBytes"] = cii.Length,
                ["ciiLoadMicroseconds"] = loadCii.Microseconds,
                ["ciiWriteMicroseconds"] = writeCii.Microseconds,
                ["ciiWriteAllocatedBytes"] = writeCii.Allocated,
                ["ciiReadMicroseconds"] = readCii.Microseconds,
                ["ciiReadAllocatedBytes"] = readCii.Allocated,
            }
        );
    }

    private static void ReadAndJudge(byte[] document)
    {
        using var reader = ReadXmlTree.Take();
        Judge(reader.From(document).Value);
    }

    private static void Judge(XmlTree tree)
    {
        var found = new Findings();
        if (tree.Root.Is(Rsm.CrossIndustryInvoice))
        {
            ValidateDocument.Cii(tree, found);
        }
        else
        {
            ValidateDocument.Ubl(tree, found);
        }

        if (found.Count > 0)
        {
            throw new InvalidOperationException($"the sample breaks {string.Join(' ', found.Rules)}");
        }
    }

    /// <summary>The best of some rounds: what the machine's other work adds is not measured. The first rounds warm up.</summary>
    private static (double Microseconds, double Allocated) Best(int rounds, int times, Action act)
    {
        var (best, allocated) = (double.MaxValue, 0d);
        for (var round = 0; round < rounds + 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                act();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / times);
            allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }

        return (best, allocated);
    }

    private static Invoice Sample(int lines)
    {
        var net = 10m * lines;
        var address = new PostalAddress
        {
            Line1 = "Calle de Fuencarral 45",
            PostalCode = "28004",
            City = "Madrid",
            Country = "ES",
        };
        return new Invoice
        {
            ProcessControl = new ProcessControl { Specification = SemanticForm.Core },
            Number = "F-S01-2026-000001",
            IssueDate = new DateOnly(2026, 11, 24),
            DueDate = new DateOnly(2026, 12, 24),
            TypeCode = "380",
            Currency = "EUR",
            Seller = new Seller
            {
                Name = "Comercios Ñandú, S.L.",
                TradingName = "Ñandú",
                VatIdentifier = "ESB12345674",
                LegalRegistration = new Identifier("B12345674"),
                Address = address,
            },
            Buyer = new Buyer
            {
                Name = "Taberna La Espiga, S.A.",
                VatIdentifier = "ESA58818501",
                Address = address,
            },
            Payment = new PaymentInstructions
            {
                MeansCode = "58",
                RemittanceReference = "RF20XFT1QWFS6GC6UAGMY",
                CreditTransfers = [new CreditTransfer { Account = "ES9121000418450200051332", AccountName = "Comercios Ñandú, S.L." }],
            },
            Totals = new DocumentTotals
            {
                LineTotal = net,
                TotalWithoutVat = net,
                VatTotal = net * 0.21m,
                TotalWithVat = net * 1.21m,
                AmountDue = net * 1.21m,
            },
            VatBreakdown =
            [
                new VatBreakdown
                {
                    TaxableAmount = net,
                    TaxAmount = net * 0.21m,
                    Category = "S",
                    Rate = 21m,
                },
            ],
            Lines =
            [
                .. Enumerable
                    .Range(1, lines)
                    .Select(line => new InvoiceLine
                    {
                        Id = line.ToString(CultureInfo.InvariantCulture),
                        Quantity = 2m,
                        Unit = "C62",
                        NetAmount = 10.00m,
                        Price = new PriceDetails { NetPrice = 5.00m },
                        Vat = new LineVat { Category = "S", Rate = 21m },
                        Item = new ItemInformation { Name = "Portavelas de cristal", SellersIdentifier = "85123A" },
                    }),
            ],
        };
    }
}
