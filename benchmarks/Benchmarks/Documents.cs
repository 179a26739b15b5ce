using System.Diagnostics;
using System.Globalization;
using System.Text;
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
        "the rules of EN 16931 on a UBL invoice of ten lines, and how the cost grows to ten thousand",
        (quick, _) => Task.FromResult(Judge(quick ? 5 : 25))
    );

    public static readonly Benchmark Writing = new(
        "documents",
        "an invoice of ten lines written and read, in UBL and in CII",
        (quick, _) => Task.FromResult(WriteAndRead(quick ? 5 : 25))
    );

    public static readonly Benchmark CiiValidation = new(
        "validation-cii",
        "the rules of EN 16931 on a CII invoice of ten lines, and how the cost grows to ten thousand",
        (quick, _) => Task.FromResult(Judge(quick ? 5 : 25, CiiOf(FewLines), CiiOf(ManyLines)))
    );

    private static BenchmarkResult Judge(int rounds) =>
        Judge(rounds, UblWriter.Write(Sample(FewLines)), UblWriter.Write(Sample(ManyLines)));

    private static BenchmarkResult Judge(int rounds, byte[] few, byte[] many)
    {
        using var reader = ReadXmlTree.Take();
        var tree = reader.From(new MemoryStream(few)).Value;
        var load = Best(rounds, 400, () => XDocument.Load(new MemoryStream(few)));
        var whole = Best(rounds, 400, () => ReadAndJudge(few));
        var rules = Best(rounds, 400, () => Judge(tree));
        var grown = Best(rounds, 1, () => ReadAndJudge(many));
        return new BenchmarkResult(
            new Dictionary<string, double>
            {
                ["readAndJudgeToLoad"] = whole.Microseconds / load.Microseconds,
                ["judgeToLoad"] = rules.Microseconds / load.Microseconds,
                ["tenThousandLinesToTenPerLine"] = grown.Microseconds / ManyLines / (whole.Microseconds / FewLines),
            },
            new Dictionary<string, double>
            {
                ["bytes"] = few.Length,
                ["loadMicroseconds"] = load.Microseconds,
                ["readAndJudgeMicroseconds"] = whole.Microseconds,
                ["readAndJudgeAllocatedBytes"] = whole.Allocated,
                ["judgeMicroseconds"] = rules.Microseconds,
                ["judgeAllocatedBytes"] = rules.Allocated,
                ["tenThousandLinesMilliseconds"] = grown.Microseconds / 1000,
            }
        );
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
        var read = Best(rounds, 400, () => UblReader.Read(reader.From(new MemoryStream(ubl)).Value.Root));
        var readCii = Best(rounds, 400, () => CiiReader.Read(reader.From(new MemoryStream(cii)).Value.Root));
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
        Judge(reader.From(new MemoryStream(document)).Value);
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

    /// <summary>The same invoice in CII, as text: what is measured is the judge, not a writer.</summary>
    private static byte[] CiiOf(int lines)
    {
        var net = 10m * lines;
        var (vat, total) = (net * 0.21m, net * 1.21m);
        const string Address =
            "<ram:PostalTradeAddress><ram:PostcodeCode>28004</ram:PostcodeCode><ram:LineOne>Calle de Fuencarral 45</ram:LineOne>"
            + "<ram:CityName>Madrid</ram:CityName><ram:CountryID>ES</ram:CountryID></ram:PostalTradeAddress>";
        const string Vat = "<ram:TypeCode>VAT</ram:TypeCode>";
        const string Rate = "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>21</ram:RateApplicablePercent>";
        static string Party(string name, string id) =>
            $"<ram:Name>{name}</ram:Name>{Address}<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"VA\">{id}</ram:ID></ram:SpecifiedTaxRegistration>";
        var text = new StringBuilder(
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <rsm:CrossIndustryInvoice xmlns:rsm="{Rsm.Space}" xmlns:ram="{Ram.Space}" xmlns:udt="{Udt.Space}">
              <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{SemanticForm.Core}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
              <rsm:ExchangedDocument><ram:ID>F-S01-2026-000001</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20261124</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
              <rsm:SupplyChainTradeTransaction>
            """
        );
        for (var line = 1; line <= lines; line++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                <ram:IncludedSupplyChainTradeLineItem>
                  <ram:AssociatedDocumentLineDocument><ram:LineID>{line}</ram:LineID></ram:AssociatedDocumentLineDocument>
                  <ram:SpecifiedTradeProduct><ram:SellerAssignedID>85123A</ram:SellerAssignedID><ram:Name>Portavelas de cristal</ram:Name></ram:SpecifiedTradeProduct>
                  <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>5.00</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
                  <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
                  <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{Vat}{Rate}</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
                </ram:IncludedSupplyChainTradeLineItem>
                """
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"""
              <ram:ApplicableHeaderTradeAgreement>
                <ram:SellerTradeParty>{Party("Comercios Ñandú, S.L.", "ESB12345674")}</ram:SellerTradeParty>
                <ram:BuyerTradeParty>{Party("Taberna La Espiga, S.A.", "ESA58818501")}</ram:BuyerTradeParty>
              </ram:ApplicableHeaderTradeAgreement>
              <ram:ApplicableHeaderTradeDelivery/>
              <ram:ApplicableHeaderTradeSettlement>
                <ram:PaymentReference>RF20XFT1QWFS6GC6UAGMY</ram:PaymentReference>
                <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
                <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>ES9121000418450200051332</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
                <ram:ApplicableTradeTax><ram:CalculatedAmount>{vat:0.00}</ram:CalculatedAmount>{Vat}<ram:BasisAmount>{net:0.00}</ram:BasisAmount>{Rate}</ram:ApplicableTradeTax>
                <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261224</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
                <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
                  <ram:LineTotalAmount>{net:0.00}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{net:0.00}</ram:TaxBasisTotalAmount>
                  <ram:TaxTotalAmount currencyID="EUR">{vat:0.00}</ram:TaxTotalAmount><ram:GrandTotalAmount>{total:0.00}</ram:GrandTotalAmount><ram:DuePayableAmount>{total:0.00}</ram:DuePayableAmount>
                </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
              </ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>
            </rsm:CrossIndustryInvoice>
            """
        );
        return Encoding.UTF8.GetBytes(text.ToString());
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
