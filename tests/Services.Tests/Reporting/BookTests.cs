using System.Globalization;
using System.Text;
using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.Services.Tests.Collections;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class BookTests
{
    private static readonly InvoicingSystem Software = new()
    {
        ProducerName = "RetailInvoicing",
        ProducerNif = "B12345674",
        Name = "RetailInvoicing",
        Id = "RI",
        Version = "1",
        Installation = "1",
    };

    private static readonly Gen<(decimal Gross, int Rate, int Kind, decimal? Exchange)[]> Invoices = Gen.Select(
        Gen.Int[-90_000, 250_000].Where(cents => cents != 0).Select(cents => cents / 100m),
        Gen.Int[0, 2],
        Gen.Int[0, 4],
        Gen.Int[0, 3].Select(n => n == 3 ? (decimal?)0.8437m : null)
    ).Array[1, 40];

    [Fact]
    public void The_book_comes_to_what_is_submitted_to_the_tax_agency() =>
        Invoices.Sample(
            some =>
            {
                var invoices = some.Select(each => Some(each.Gross, each.Rate, each.Kind, each.Exchange)).ToArray();
                var records = invoices.Select(invoice => RegistrationOf.Invoice(invoice, null, Software, invoice.IssuedAt)).ToArray();
                var entries = invoices.SelectMany(BookEntries.Of).ToArray();

                // What is declared: registrations without F3, substitutions net of what they replace.
                var declared = records.Where(record => record.RecordType != "F3").ToArray();
                Assert.Equal(
                    declared.Sum(record =>
                        record.TotalWithVat
                        - (
                            (record.CorrectedAmounts?.TaxableAmount ?? 0m)
                            + (record.CorrectedAmounts?.VatAmount ?? 0m)
                            + (record.CorrectedAmounts?.SurchargeAmount ?? 0m)
                        )
                    ),
                    entries.Where(entry => entry.IsDeclared).Sum(entry => entry.Total)
                );
                Assert.Equal(
                    declared.Sum(record => record.VatTotal - (record.CorrectedAmounts?.VatAmount ?? 0m)),
                    entries.Where(entry => entry.IsDeclared).Sum(entry => (entry.VatAmount ?? 0m) + (entry.SurchargeAmount ?? 0m))
                );

                // By rate the same, where nothing is replaced.
                foreach (
                    var rate in declared
                        .Where(record => record.CorrectedAmounts is null)
                        .SelectMany(record => record.Vat)
                        .GroupBy(vat => vat.Rate)
                )
                {
                    Assert.Equal(
                        rate.Sum(vat => vat.TaxableAmount),
                        entries
                            .Where(entry => entry.IsDeclared && entry.Rate == rate.Key && IsPlain(entry, invoices))
                            .Sum(entry => entry.TaxableAmount)
                    );
                }

                Assert.All(invoices, invoice => Assert.Empty(BookRules.Check(BookEntries.Of(invoice))));
            },
            iter: 300
        );

    [Fact]
    public void The_figures_of_form_303_come_to_the_book()
    {
        Invoices.Sample(
            some =>
            {
                var entries = some.Select(each => Some(each.Gross, each.Rate, each.Kind, each.Exchange))
                    .SelectMany(BookEntries.Of)
                    .Where(entry => entry.IsDeclared)
                    .ToArray();
                var boxes = Form303.Of(entries.Select(Sum)).ToDictionary(box => box.Box, box => box.Amount);

                decimal Box(string box) => boxes.GetValueOrDefault(box);
                var plain = entries.Where(entry => !entry.IsCorrective).ToArray();
                Assert.Equal(plain.Where(entry => entry.Rate == 21m).Sum(entry => entry.TaxableAmount), Box("07"));
                Assert.Equal(plain.Where(entry => entry.Rate == 10m).Sum(entry => entry.VatAmount ?? 0m), Box("06"));
                Assert.Equal(plain.Where(entry => entry.Rate == 4m).Sum(entry => entry.VatAmount ?? 0m), Box("03"));
                Assert.Equal(entries.Where(entry => entry.IsCorrective).Sum(entry => entry.TaxableAmount), Box("14"));
                Assert.Equal(entries.Where(entry => entry.IsCorrective).Sum(entry => entry.VatAmount ?? 0m), Box("15"));
                Assert.Equal(entries.Sum(entry => (entry.VatAmount ?? 0m) + (entry.SurchargeAmount ?? 0m)), Box("27"));
            },
            iter: 300
        );
    }

    [Fact]
    public void Boxes_of_the_form_that_inform_hold_what_is_not_taxed()
    {
        DeclaredSum Of(string key, string? qualification, string? exemption, decimal taxable, decimal vat = 0m, decimal surcharge = 0m) =>
            new()
            {
                IsCorrective = false,
                OperationKey = key,
                Qualification = qualification,
                Exemption = exemption,
                Rate = qualification == "S1" ? 21m : null,
                SurchargeRate = surcharge == 0m ? null : 5.2m,
                TaxableAmount = taxable,
                VatAmount = vat,
                SurchargeAmount = surcharge,
            };

        var boxes = Form303.Of([
            Of("01", "S1", null, 100m, 21m, 5.20m),
            Of("17", "N2", null, 7m),
            Of("18", "S1", null, 1000m, 210m),
            Of("01", "S2", null, 30m),
            Of("01", "N2", null, 40m),
            Of("08", "N2", null, 2m),
            Of("01", null, "E5", 50m),
            Of("02", null, "E2", 60m),
            Of("01", null, "E1", 70m),
            Of("07", "S1", null, 80m, 16.80m),
        ]);

        Assert.Equal(
            [
                "07 100.00",
                "09 21.00",
                "22 100.00",
                "24 5.20",
                "27 26.20",
                "59 50.00",
                "60 60.00",
                "62 80.00",
                "63 16.80",
                "120 42.00",
                "122 30.00",
                "123 7.00",
            ],
            boxes.Select(box => FormattableString.Invariant($"{box.Box} {box.Amount}"))
        );
    }

    [Fact]
    public void A_substitution_takes_off_what_it_replaces_as_a_line_of_its_own()
    {
        var invoice = Some(96.80m, 0, 0, null) with
        {
            Kind = InvoiceKind.Corrective,
            Fiscal = Told.Invoice("s1").Fiscal with { RecordType = "R4" },
            Corrects = [new InvoiceReference { Number = "F-S01-2026-000007", IssueDate = new DateOnly(2026, 10, 2) }],
            Correction = new InvoiceCorrection
            {
                Reason = "R4",
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 100m, VatAmount = 21m },
            },
        };

        var entries = BookEntries.Of(invoice);

        Assert.Equal(
            [(1, invoice.Number, 96.80m), (2, "F-S01-2026-000007", -121m)],
            entries.Select(entry => (entry.Part, entry.Number, entry.Total))
        );
        Assert.Empty(BookRules.Check(entries));
    }

    [Fact]
    public void A_ticket_names_nobody_and_IGIC_is_not_subject()
    {
        var ticket = Some(121m, 0, 1, null);
        var igic = Some(107m, 0, 0, null) with
        {
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "L",
                    Rate = 7m,
                    Tax = "igic",
                    TaxableAmount = 100m,
                    VatAmount = 7m,
                },
            ],
        };

        var entry = Assert.Single(BookEntries.Of(ticket));
        Assert.Equal((BookEntries.Consumer, null), (entry.BuyerName, entry.BuyerId));
        var other = Assert.Single(BookEntries.Of(igic));
        Assert.Equal(("08", "N2", 100m, null), (other.OperationKey, other.Qualification, other.Total, other.Rate));
        Assert.Empty(BookRules.Check([other]));
    }

    [Fact]
    public void Every_rule_of_the_layout_finds_what_breaks_it()
    {
        var sound = BookEntries.Of(Some(121m, 0, 0, null))[0];
        var broken = new Dictionary<int, BookEntry>
        {
            [2] = sound with { BuyerId = "1234" },
            [4] = sound with { Number = new string('9', 21), Series = "" },
            [6] = sound with { OperationKey = "16" },
            [9] = sound with { RecordType = "F9" },
            [19] = sound with { Qualification = "S3" },
            [20] = sound with { Exemption = "E1" },
            [21] = sound with { VatAmount = 20m, Total = 120m },
            [22] = sound with { Qualification = "S2" },
            [23] = sound with { OperationKey = "03", Qualification = "N1" },
            [24] = sound with { OperationKey = "08" },
            [25] = sound with { OperationDate = sound.IssueDate.AddDays(1) },
            [27] = sound with { Qualification = null, Exemption = "E5" },
            [28] = sound with { OperationKey = "10" },
            [29] = sound with { BuyerIdType = "02", BuyerId = "FR12345678901", RecordType = "F2" },
            [31] = sound with { OperationKey = "07", Qualification = "N1" },
            [32] = sound with { RecordType = "R3", BuyerIdType = "03", BuyerCountry = "FR", BuyerId = "X1" },
            [33] = sound with { BuyerId = null, BuyerName = BookEntries.Consumer },
            [34] = sound with { RecordType = "F2", TaxableAmount = 3000m, VatAmount = 630m, Total = 3630m },
            [35] = sound with { SurchargeRate = 1.4m, SurchargeAmount = 1.40m, Total = 122.40m },
            [36] = sound with { OperationKey = "11", Rate = 10m },
            [37] = sound with { Total = 120m },
            [39] = sound with { Rate = 5m, VatAmount = 5m, Total = 105m },
        };

        Assert.Empty(BookRules.Check([sound]));
        Assert.Equal(BookRules.Words.Keys.Order(), broken.Keys.Order());
        Assert.All(broken, each => Assert.Contains(each.Key, BookRules.Check([each.Value]).Select(finding => finding.Rule)));
    }

    [Theory]
    [InlineData("2024-09-30", "5", 100, true)]
    [InlineData("2024-10-01", "5", 100, false)]
    [InlineData("2024-10-01", "5", -100, true)]
    [InlineData("2024-10-01", "2", 100, true)]
    [InlineData("2025-01-01", "2", 100, false)]
    [InlineData("2025-01-01", "7.5", -100, true)]
    [InlineData("2026-11-23", "0", 100, false)]
    [InlineData("2022-06-30", "5", 100, false)]
    public void A_rate_is_one_of_its_day(string day, string percent, int taxable, bool holds)
    {
        var rate = decimal.Parse(percent, CultureInfo.InvariantCulture);
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var entry = BookEntries.Of(Some(121m, 0, 0, null))[0] with
        {
            OperationDate = date,
            IssueDate = date,
            Rate = rate,
            TaxableAmount = taxable,
            VatAmount = taxable * rate / 100m,
            Total = taxable + taxable * rate / 100m,
        };

        Assert.Equal(holds, !BookRules.Check([entry]).Any(finding => finding.Rule == 39));
    }

    [Fact]
    public void A_line_of_the_layout_has_36_columns_a_decimal_comma_and_days_of_ten_characters()
    {
        var entry = BookEntries.Of(
            Some(-502.36m, 0, 2, null) with
            {
                OperationDate = new DateOnly(2026, 9, 30),
                IssueDate = new DateOnly(2026, 10, 2),
            }
        )[0];
        var line = new StringBuilder();

        BookLayout.AddCsvLine(line, BookLayout.Cells(entry, BookActivity.Read("A036533")));

        Assert.Equal(
            "2026;3T;A;03;6533;R1;;;02/10/2026;30/09/2026;R-S01-2026;000001;;;;12345678Z;Ana Peñalver;01;S1;;-502,36;-415,17;21,00;-87,19;;;;;;;;;;;;\r\n",
            line.ToString()
        );
        Assert.All(new[] { BookLayout.Groups.Count, BookLayout.Columns.Count, BookLayout.Lengths.Count }, count => Assert.Equal(36, count));
        Assert.Equal("2026B12345674EComercios Ñandú, S.L..csv", BookLayout.FileName(2026, "B12345674", "Comercios Ñandú, S.L.", "csv"));
        Assert.Equal(BookLayout.Named.Count, BookLayout.Cells(entry).Length);
        Assert.Null(BookActivity.Read("E01"));
        Assert.Equal(new BookActivity("B", "06", null), BookActivity.Read("B06"));
        Assert.Equal(new BookActivity("D", null, null), BookActivity.Read("D"));
    }

    [Fact]
    public async Task The_printed_book_carries_its_sums_from_page_to_page()
    {
        var entries = Enumerable
            .Range(1, 200)
            .Select(i => BookEntries.Of(Some(i * 1.21m, 0, 0, null))[0] with { BuyerName = "Peña (Dvořák) \\ 東" })
            .ToArray();
        using var bytes = new MemoryStream();
        var outflow = new Outflow(bytes);
        var pdf = new BookPdf(
            outflow,
            new BookHead("Comercios Ñandú, S.L.", "B12345674", new DateOnly(2026, 10, 1), new DateOnly(2026, 12, 31), Told.At, IsTest: true)
        );
        foreach (var entry in entries)
        {
            pdf.Add(entry);
        }

        pdf.End();
        await outflow.LetOutAsync(TestContext.Current.CancellationToken);

        using var document = UglyToad.PdfPig.PdfDocument.Open(bytes.ToArray());
        Assert.True(document.NumberOfPages > 3);
        var texts = document.GetPages().Select(page => page.Text).ToArray();
        Assert.All(texts, text => Assert.Contains("PRUEBA, sin validez fiscal", text, StringComparison.Ordinal));
        Assert.Contains("Suma y sigue", texts[0], StringComparison.Ordinal);
        Assert.Contains("Suma anterior", texts[1], StringComparison.Ordinal);
        var total = entries.Sum(entry => entry.Total);
        Assert.Contains(
            total.ToString("#,##0.00", new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." }),
            texts[^1],
            StringComparison.Ordinal
        );
        Assert.Contains("Peña (Dvorák)", string.Concat(texts), StringComparison.Ordinal);
    }

    private static bool IsPlain(BookEntry entry, InvoiceIssued[] invoices) =>
        invoices.First(invoice => invoice.InvoiceId == entry.InvoiceId).Correction?.CorrectedAmounts is null;

    private static DeclaredSum Sum(BookEntry entry) =>
        new()
        {
            IsCorrective = entry.IsCorrective,
            OperationKey = entry.OperationKey,
            Qualification = entry.Qualification,
            Exemption = entry.Exemption,
            Rate = entry.Rate,
            SurchargeRate = entry.SurchargeRate,
            TaxableAmount = entry.TaxableAmount,
            VatAmount = entry.VatAmount ?? 0m,
            SurchargeAmount = entry.SurchargeAmount ?? 0m,
        };

    /// <summary>
    /// An invoice of 21, 10 or 4 percent: full, ticket, corrective, exchange or surcharged; negative ones are corrective, and one that is not in
    /// euros has a rate.
    /// </summary>
    internal static InvoiceIssued Some(decimal gross, int rate, int kind, decimal? exchange)
    {
        var percent = new[] { 21m, 10m, 4m }[rate];
        var isBack = gross < 0m;
        var isTicket = kind == 1 && gross <= 3000m;
        var vat = decimal.Round(gross * percent / (100m + percent), 2, MidpointRounding.AwayFromZero);
        decimal? surchargeRate = kind == 4 && !isBack ? new[] { 5.2m, 1.4m, 0.5m }[rate] : null;
        decimal? surcharge = surchargeRate is { } of ? decimal.Round((gross - vat) * of / 100m, 2, MidpointRounding.AwayFromZero) : null;
        var total = gross + (surcharge ?? 0m);
        var told = Told.Invoice("s1", total, currency: exchange is null ? "EUR" : "USD");
        var type = (isBack, isTicket, kind) switch
        {
            (true, true, _) => "R5",
            (true, _, _) => "R1",
            (_, true, _) => "F2",
            (_, _, 3) => "F3",
            _ => "F1",
        };
        var series =
            isBack ? "R-S01-2026"
            : isTicket ? "T-S01-2026"
            : "F-S01-2026";
        return told with
        {
            Kind =
                isBack ? InvoiceKind.Corrective
                : isTicket ? InvoiceKind.Simplified
                : kind == 3 ? InvoiceKind.Exchange
                : InvoiceKind.Full,
            Series = series,
            Number = $"{series}-000001",
            ExchangeRate = exchange,
            AccountingCurrency = exchange is null ? null : Currency.Eur,
            Buyer = isTicket ? null : new InvoiceParty { Name = "Ana Peñalver", TaxId = "12345678Z" },
            Fiscal = told.Fiscal with { RecordType = type },
            Correction = isBack ? new InvoiceCorrection { Reason = type, Method = CorrectionMethod.Differences } : null,
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = percent,
                    TaxableAmount = gross - vat,
                    VatAmount = vat,
                    SurchargeRate = surchargeRate,
                    SurchargeAmount = surcharge,
                },
            ],
            Totals = told.Totals with { TotalWithoutVat = gross - vat, VatTotal = vat + (surcharge ?? 0m), TotalWithVat = total },
        };
    }
}
