using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>Records of every kind, and chains of them.</summary>
internal static class RecordSamples
{
    public const string Nif = "B12345674";

    public static readonly InvoicingSystem System = new()
    {
        ProducerName = "Productora de Software, S.L.",
        ProducerNif = "B87654321",
        Name = "RetailInvoicing",
        Id = "R1",
        Version = "1.0.0",
        Installation = "01",
    };

    public static readonly FiscalExportChain Owner = new()
    {
        SellerName = "Ñandú & Cía, S.L.",
        SellerNif = Nif,
        System = "RetailInvoicing R1 1.0.0",
        Installation = "01",
    };

    private static readonly PrecedingRecord Before = new(new RecordedInvoice(Nif, "F-0", new(2026, 1, 1)), new string('A', 64));

    private static readonly RecordedPerson Company = new() { Name = "Cliente, S.A.", Nif = "A58818501" };

    private static readonly RecordedVat General = Vat(21m, 100m, 21m);

    /// <summary>Each kind of registration by its name.</summary>
    public static IReadOnlyDictionary<string, RegistrationRecord> Registrations { get; } =
        All().ToDictionary(each => each.Name, each => each.Record);

    /// <summary>Each kind of cancellation by its name.</summary>
    public static IReadOnlyDictionary<string, CancellationRecord> Cancellations { get; } =
        new Dictionary<string, CancellationRecord>
        {
            ["cancellation"] = Cancelled,
            ["first of a chain"] = Cancelled with { Preceding = null },
            ["without prior record"] = Cancelled with { WithoutPriorRecord = true },
            ["rejected before"] = Cancelled with { PriorRejection = true },
            ["both"] = Cancelled with { PriorRejection = true, WithoutPriorRecord = true },
        };

    private static CancellationRecord Cancelled =>
        new()
        {
            Invoice = new RecordedInvoice(Nif, "F-1", new(2026, 2, 1)),
            Preceding = Before,
            System = System,
            RecordedAt = At(0),
        };

    /// <summary>A chain of so many records, tickets mostly, every seventh a cancellation of the one before.</summary>
    public static IReadOnlyList<string> Chain(int count, int salt = 0)
    {
        var (texts, before, last) = (new List<string>(), (PrecedingRecord?)null, (RecordedInvoice?)null);
        for (var at = 1; at <= count; at++)
        {
            if (at % 7 == 0 && last is not null)
            {
                var cancelled = Cancelled with { Invoice = last, Preceding = before, RecordedAt = At(at) };
                texts.Add(RecordXml.Of(cancelled).Value);
                before = new PrecedingRecord(cancelled.Invoice, cancelled.Fingerprint);
                continue;
            }

            var record = Ticket($"T-S01-2026-{at + salt:D6}", 1m + at % 90, at, before);
            texts.Add(RecordXml.Of(record).Value);
            (before, last) = (new PrecedingRecord(record.Invoice, record.Fingerprint), record.Invoice);
        }

        return texts;
    }

    /// <summary>A ticket after a record.</summary>
    public static RegistrationRecord Ticket(string number, decimal total, int seconds, PrecedingRecord? before) =>
        new()
        {
            Invoice = new RecordedInvoice(Nif, number, new(2026, 2, 1)),
            SellerName = "Ñandú & Cía, S.L.",
            RecordType = "F2",
            Description = "Venta al por menor: café <molido>",
            Vat = [Vat(21m, total, decimal.Round(total * 0.21m, 2, MidpointRounding.AwayFromZero))],
            VatTotal = decimal.Round(total * 0.21m, 2, MidpointRounding.AwayFromZero),
            TotalWithVat = total + decimal.Round(total * 0.21m, 2, MidpointRounding.AwayFromZero),
            Preceding = before,
            System = System,
            RecordedAt = At(seconds),
        };

    /// <summary>The records of an export.</summary>
    public static async IAsyncEnumerable<StoredRecord> Stored(IReadOnlyList<string> texts, long first = 1)
    {
        await Task.Yield();
        for (var at = 0; at < texts.Count; at++)
        {
            yield return new StoredRecord(first + at, texts[at]);
        }
    }

    /// <summary>The export of records.</summary>
    public static async Task<byte[]> ExportAsync(IReadOnlyList<string> texts, long first = 1)
    {
        using var zip = new MemoryStream();
        await WriteFiscalExport.ToAsync(zip, Owner, Stored(texts, first), TestContext.Current.CancellationToken);
        return zip.ToArray();
    }

    private static DateTimeOffset At(int seconds) => new DateTimeOffset(2026, 2, 1, 10, 0, 0, TimeSpan.FromHours(1)).AddSeconds(seconds);

    private static RecordedVat Vat(decimal rate, decimal taxable, decimal vat, string tax = "01", string? key = "01") =>
        new()
        {
            Tax = tax,
            RegimeKey = key,
            Qualification = "S1",
            Rate = rate,
            TaxableAmount = taxable,
            VatAmount = vat,
        };

    private static RecordedVat Untaxed(
        string? qualification,
        string? exemption,
        string key = "01",
        decimal? rate = null,
        decimal? vat = null
    ) =>
        new()
        {
            Tax = "01",
            RegimeKey = key,
            Qualification = qualification,
            ExemptionCause = exemption,
            Rate = rate,
            TaxableAmount = 100.00m,
            VatAmount = vat,
        };

    private static IEnumerable<(string Name, RegistrationRecord Record)> All()
    {
        var ticket = Ticket("T-1", 100m, 0, Before);
        var full = ticket with { RecordType = "F1", Buyers = [Company] };
        RegistrationRecord Taxed(params RecordedVat[] vat) => full with { Vat = vat };
        RegistrationRecord To(OtherIdentifier other) =>
            full with
            {
                Buyers = [new RecordedPerson { Name = "Louise Dubois", Other = other }],
            };
        RecordedInvoice Cited(int number) => new(Nif, $"T-S01-2026-{number:D6}", new(2026, 1, 15));

        yield return ("F2", ticket);
        yield return ("F2 first of a chain", ticket with { Preceding = null });
        yield return (
            "F2 of a negative amount",
            ticket with
            {
                Vat = [Vat(21m, -1.00m, -0.21m)],
                VatTotal = -0.21m,
                TotalWithVat = -1.21m,
            }
        );
        yield return ("F1", full);
        yield return ("F1 qualified", full with { Qualified = true });
        yield return ("F1 of another day", full with { OperationDate = new(2026, 1, 31) });
        yield return ("F1 to two", full with { Buyers = [Company, Company with { Name = "Otro", Nif = "12345678Z" }] });
        yield return ("F3", full with { RecordType = "F3", Replaced = [Cited(1), Cited(2)] });
        yield return ("F3 for 1000 tickets", full with { RecordType = "F3", Replaced = [.. Enumerable.Range(1, 1000).Select(Cited)] });
        foreach (var type in new[] { "R1", "R2", "R3", "R4", "R5" })
        {
            var corrective = (type == "R5" ? ticket : full) with { RecordType = type, Corrected = [Cited(3)] };
            yield return ($"{type} by differences", corrective with { Method = CorrectionMethod.Differences });
            yield return (
                $"{type} by substitution",
                corrective with
                {
                    Method = CorrectionMethod.Substitution,
                    CorrectedAmounts = new CorrectedAmounts
                    {
                        TaxableAmount = 90.00m,
                        VatAmount = 18.90m,
                        SurchargeAmount = 4.68m,
                    },
                }
            );
        }

        yield return ("R1 by a coupon", full with { RecordType = "R1", Method = CorrectionMethod.Differences, Coupon = true });
        yield return ("surcharge", Taxed(General with { RegimeKey = "18", SurchargeRate = 5.2m, SurchargeAmount = 5.20m }));
        foreach (var cause in new[] { "E1", "E2", "E3", "E4", "E5", "E6" })
        {
            yield return ($"exempt {cause}", Taxed(Untaxed(null, cause, cause is "E2" or "E3" ? "02" : "01")));
        }

        yield return ("N1", Taxed(Untaxed("N1", null)));
        yield return ("N2", Taxed(Untaxed("N2", null, "17")));
        yield return ("S2", Taxed(Untaxed("S2", null, "01", 0m, 0m)));
        yield return ("IGIC", Taxed(Vat(7m, 100m, 7m, "03")));
        yield return ("IGIC exempt E7", Taxed(Untaxed(null, "E7") with { Tax = "03" }));
        yield return ("IPSI", Taxed(Vat(4m, 100m, 4m, "02", null) with { TaxableAmountAtCost = 90.00m }));
        yield return ("other tax", Taxed(Vat(1m, 100m, 1m, "05", null)));
        yield return ("several rates", Taxed(General, Vat(10m, 50m, 5m), Vat(4.00m, 10.00m, 0.40m), Vat(0m, 5m, 0m)));
        yield return ("twelve lines", Taxed([.. Enumerable.Repeat(General, 12)]));
        yield return ("IDOtro 02", To(new OtherIdentifier(null, "02", "FR52422961982")));
        yield return ("IDOtro 02 with its country", To(new OtherIdentifier("FR", "02", "FR52422961982")));
        yield return ("IDOtro 03", To(new OtherIdentifier("ES", "03", "AAA123456")));
        yield return ("IDOtro 04", To(new OtherIdentifier("US", "04", "12-3456789")));
        yield return ("IDOtro 05", To(new OtherIdentifier("MA", "05", "C-77")));
        yield return ("IDOtro 06", To(new OtherIdentifier("GB", "06", "X 1")));
        yield return ("IDOtro 07", To(new OtherIdentifier("ES", "07", "12345678Z")));
        yield return ("amendment", full with { Amends = true });
        yield return ("amendment after a rejected one", full with { Amends = true, PriorRejection = PriorRejection.Amendment });
        yield return ("amendment of what the agency has not", full with { Amends = true, PriorRejection = PriorRejection.Unregistered });
        yield return ("amounts of one decimal", ticket with { VatTotal = 21m, TotalWithVat = 121.5m });
    }
}
