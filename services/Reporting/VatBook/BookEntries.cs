using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>What the book says of an invoice: a line for each tax treatment, and for a substitution what was declared before, negative.</summary>
public static class BookEntries
{
    /// <summary>What stands for the buyer of a ticket (layout, rule 2).</summary>
    public const string Consumer = "VENTAS A CONSUMIDOR FINAL";

    private const int LongestName = 40;

    /// <summary>The lines of an invoice, in the order of its VAT breakdown.</summary>
    public static IReadOnlyList<BookEntry> Of(InvoiceBody invoice)
    {
        var shares = Accounted(invoice);
        var plain = new BookEntry
        {
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            Part = 0,
            RecordType = invoice.Fiscal.RecordType,
            IssueDate = invoice.IssueDate,
            OperationDate = invoice.OperationDate,
            Series = invoice.Series,
            Number = invoice.Number,
            BuyerName = Consumer,
            OperationKey = "01",
            Total = 0m,
            TaxableAmount = 0m,
        };
        var named = Named(plain, invoice);
        var entries = shares.Select(share => Entry(named, share)).ToList();
        entries.AddRange(Replaced(invoice, shares).Select(share => Entry(named with { Number = CorrectedNumber(invoice) }, share)));
        return [.. entries.Select((entry, i) => entry with { Part = i + 1 })];
    }

    /// <summary>A ticket names nobody, also where we know who bought (AEAT validation 13).</summary>
    private static BookEntry Named(BookEntry entry, InvoiceBody invoice)
    {
        if (invoice.Fiscal.RecordType is "F2" or "R5" || invoice.Buyer is not { } buyer)
        {
            return entry;
        }

        var isNif = buyer.TaxIdType is null or TaxIdType.Nif;
        var id = Letters(buyer.TaxId);
        return entry with
        {
            BuyerName = buyer.Name.Length <= LongestName ? buyer.Name : buyer.Name[..LongestName].TrimEnd(),
            BuyerId = id.Length == 0 ? null : id,
            BuyerIdType = isNif
                ? null
                : buyer.TaxIdType switch
                {
                    TaxIdType.Vat => "02",
                    TaxIdType.Passport => "03",
                    TaxIdType.NationalId => "04",
                    TaxIdType.Residence => "05",
                    _ => "06",
                },
            BuyerCountry =
                isNif ? null
                : buyer.TaxIdType == TaxIdType.Vat ? CountryOf(id)
                : buyer.TaxIdCountry,
        };
    }

    /// <summary>A VAT identifier begins with its country, and Greece with a code of its own.</summary>
    private static string? CountryOf(string id) =>
        id.Length < 2 || !char.IsAsciiLetterUpper(id[0]) || !char.IsAsciiLetterUpper(id[1]) ? null
        : id.StartsWith("EL", StringComparison.Ordinal) ? "GR"
        : id[..2];

    /// <summary>Without what separates its letters and digits (layout, rule 2).</summary>
    private static string Letters(string? id) => string.Concat((id ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static BookEntry Entry(BookEntry plain, VatBreakdownBody vat)
    {
        var (key, qualification, exemption) = Treatment(vat);
        var isTaxed = exemption is null && qualification is "S1" or "S2";
        return plain with
        {
            OperationKey = key,
            Qualification = qualification,
            Exemption = exemption,
            TaxableAmount = vat.TaxableAmount,
            Rate = isTaxed ? vat.Rate : null,
            VatAmount = isTaxed ? vat.VatAmount : null,
            SurchargeRate = isTaxed ? vat.SurchargeRate : null,
            SurchargeAmount = isTaxed ? vat.SurchargeAmount : null,
            Total = vat.TaxableAmount + (isTaxed ? vat.VatAmount + (vat.SurchargeAmount ?? 0m) : 0m),
        };
    }

    /// <summary>
    /// The book is of IVA: what is under IGIC or IPSI is not subject to it by its place (rule 24). Of the regime keys, 20 and 21 of the
    /// fiscal record are none of the book's.
    /// </summary>
    private static (string Key, string? Qualification, string? Exemption) Treatment(VatBreakdownBody vat) =>
        vat.Tax != "iva" ? ("08", "N2", null)
        : vat.ExemptionCause is { } cause ? (KeyOf(vat, cause), null, cause is "E7" or "E8" ? "E6" : cause)
        : (KeyOf(vat, null), vat.Qualification ?? "S1", null);

    private static string KeyOf(VatBreakdownBody vat, string? cause) =>
        vat.RegimeKey is "20" or "21" ? "01"
        // Rule 27.
        : vat.RegimeKey == "01" && cause is "E2" or "E3" ? "02"
        : vat.RegimeKey;

    /// <summary>
    /// What a substituted invoice had declared goes off again, as a line of its own (rule 8). It is told in total only, and goes off the
    /// rates in proportion to what they say anew.
    /// </summary>
    private static IEnumerable<VatBreakdownBody> Replaced(InvoiceBody invoice, IReadOnlyList<VatBreakdownBody> shares)
    {
        if (invoice.Correction is not { Method: CorrectionMethod.Substitution, CorrectedAmounts: { } corrected } || shares.Count == 0)
        {
            return [];
        }

        var taxable = new Money(corrected.TaxableAmount, Currency.Eur).Split([.. shares.Select(share => share.TaxableAmount)]);
        var vat = new Money(corrected.VatAmount, Currency.Eur).Split([.. shares.Select(share => share.VatAmount)]);
        var surcharge = new Money(corrected.SurchargeAmount ?? 0m, Currency.Eur).Split([
            .. shares.Select(share => share.SurchargeAmount ?? 0m),
        ]);
        return shares.Select(
            (share, i) =>
                share with
                {
                    TaxableAmount = -taxable[i].Amount,
                    VatAmount = -vat[i].Amount,
                    SurchargeAmount = share.SurchargeAmount is null && surcharge[i].Amount == 0m ? null : -surcharge[i].Amount,
                }
        );
    }

    private static string CorrectedNumber(InvoiceBody invoice) => invoice.Corrects.Count > 0 ? invoice.Corrects[0].Number : invoice.Number;

    /// <summary>
    /// The breakdown in EUR, in which the book is kept: at the invoice's rate, each amount to the cent, what that leaves over on the largest,
    /// so that the sums are those of the fiscal record.
    /// </summary>
    private static IReadOnlyList<VatBreakdownBody> Accounted(InvoiceBody invoice)
    {
        if (invoice.ExchangeRate is not { } rate)
        {
            return invoice.VatBreakdown;
        }

        var vat = invoice.VatBreakdown;
        var vatTotal = InEur(invoice.Totals.VatTotal, rate);
        var total = InEur(invoice.Totals.TotalWithVat, rate);
        var taxable = vat.Select(each => InEur(each.TaxableAmount, rate)).ToArray();
        // The taxes first, then the surcharges: both are parts of the VAT total.
        decimal[] taxes =
        [
            .. vat.Select(each => InEur(each.VatAmount, rate)),
            .. vat.Select(each => InEur(each.SurchargeAmount ?? 0m, rate)),
        ];
        GiveOddCents(taxable, total - vatTotal);
        GiveOddCents(taxes, vatTotal);
        return
        [
            .. vat.Select(
                (each, i) =>
                    each with
                    {
                        TaxableAmount = taxable[i],
                        VatAmount = taxes[i],
                        SurchargeAmount = each.SurchargeAmount is null ? null : taxes[vat.Count + i],
                    }
            ),
        ];
    }

    private static decimal InEur(decimal amount, decimal rate) => Money.Of(amount * rate, Currency.Eur).Amount;

    private static void GiveOddCents(decimal[] parts, decimal whole)
    {
        if (parts.Length > 0)
        {
            var largest = Enumerable.Range(0, parts.Length).MaxBy(i => Math.Abs(parts[i]));
            parts[largest] += whole - parts.Sum();
        }
    }
}
