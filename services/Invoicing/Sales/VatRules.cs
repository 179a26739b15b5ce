using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>How an amount may be taxed: which category, at which rate, for which reason.</summary>
public static class VatRules
{
    private static readonly HashSet<string> Categories = ["S", "Z", "E", "AE", "K", "G", "O", "L", "M"];
    private static readonly HashSet<string> Causes = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"];

    /// <summary>The treatment with its defaults filled in, or why it cannot be. Rates are those of the day.</summary>
    public static Outcome<InvoiceVatBody> Of(SaleVat vat, SellerBody seller, DateOnly day, string path)
    {
        var category = vat.Category;
        if (!Categories.Contains(category))
        {
            return InvoicingFaults.NoCategory.At($"{path}.category", category);
        }

        var tax = vat.Tax ?? TaxOf(category, seller.Territory);
        if (tax is not ("iva" or "igic" or "ipsi"))
        {
            return InvoicingFaults.BadCode.At($"{path}.tax", tax, "tax: iva, igic, ipsi");
        }

        var holds = category switch
        {
            "S" => seller.Territory is Territory.Common or Territory.Foral && tax == "iva",
            "L" => seller.Territory == Territory.Canary && tax == "igic",
            "M" => seller.Territory == Territory.CeutaMelilla && tax == "ipsi",
            _ => true,
        };
        if (!holds)
        {
            return InvoicingFaults.WrongTerritory.At($"{path}.category", category, seller.Territory);
        }

        var rate = Normal(vat.Rate ?? 0m);
        var sound = category switch
        {
            "S" => vat.Rate is not null && VatRates.Holds(rate, day),
            "L" => vat.Rate is not null && rate is >= 0m and <= 35m,
            "M" => vat.Rate is not null && rate is >= 0m and <= 10m,
            _ => true,
        };
        if (!sound)
        {
            return InvoicingFaults.NoRate.At($"{path}.rate", vat.Rate ?? 0m, category, $"{day:yyyy-MM-dd}");
        }

        if (category is not ("S" or "L" or "M") && rate != 0m)
        {
            return InvoicingFaults.RateNotZero.At($"{path}.rate", category);
        }

        var regime =
            vat.RegimeKey
            ?? (
                category == "G" ? "02"
                : seller.EquivalenceSurcharge ? "18"
                : "01"
            );
        if (regime is not { Length: 2 } || !int.TryParse(regime, out var key) || key is < 1 or > 21)
        {
            return InvoicingFaults.BadCode.At($"{path}.regimeKey", regime, "regimeKey: 01 … 21");
        }

        return Reasoned(
            vat,
            path,
            new InvoiceVatBody
            {
                Category = category,
                Rate = rate,
                Tax = tax,
                RegimeKey = regime,
            }
        );
    }

    /// <summary>The reason that exempt and untaxed lines carry (BR-E-10 and its sisters), by default the category's own.</summary>
    private static Outcome<InvoiceVatBody> Reasoned(SaleVat vat, string path, InvoiceVatBody body)
    {
        if (body.Category is "S" or "Z" or "L" or "M" && (vat.ExemptionReason ?? vat.ExemptionReasonCode ?? vat.ExemptionCause) is not null)
        {
            return InvoicingFaults.ReasonTooMuch.At(path, body.Category);
        }

        if (vat.ExemptionCause is { } given && !Causes.Contains(given))
        {
            return InvoicingFaults.BadCode.At($"{path}.exemptionCause", given, "exemptionCause: E1 … E8");
        }

        var allowed = body.Category switch
        {
            "S" or "Z" or "L" or "M" => "S1",
            "AE" => "S2",
            "O" => "N1 N2",
            _ => "",
        };
        if (vat.Qualification is { } qualification && !allowed.Split(' ').Contains(qualification))
        {
            return InvoicingFaults.BadCode.At($"{path}.qualification", qualification, $"qualification of {body.Category}: {allowed}");
        }

        var (code, words) = body.Category switch
        {
            "AE" => ("VATEX-EU-AE", "Inversión del sujeto pasivo (art. 84 LIVA)"),
            "K" => ("VATEX-EU-IC", "Entrega intracomunitaria exenta (art. 25 LIVA)"),
            "G" => ("VATEX-EU-G", "Exportación exenta (art. 21 LIVA)"),
            "O" => ("VATEX-EU-O", "Operación no sujeta"),
            _ => ((string?)null, (string?)null),
        };
        var cause =
            vat.ExemptionCause
            ?? body.Category switch
            {
                "K" => "E5",
                "G" => "E2",
                "E" when (vat.ExemptionReason ?? vat.ExemptionReasonCode) is not null => "E1",
                _ => null,
            };
        if (body.Category == "E")
        {
            words = CauseInWords(vat.ExemptionCause);
            if ((vat.ExemptionReason ?? vat.ExemptionReasonCode ?? words) is null)
            {
                return InvoicingFaults.NoReason.At(path);
            }
        }

        return body with
        {
            Qualification = vat.Qualification ?? (allowed.Length > 0 ? allowed[..2] : null),
            ExemptionCause = cause,
            ExemptionReasonCode = vat.ExemptionReasonCode ?? code,
            ExemptionReason = vat.ExemptionReason ?? words,
        };
    }

    private static string? CauseInWords(string? cause) =>
        cause switch
        {
            "E1" => "Operación exenta (art. 20 LIVA)",
            "E2" => "Operación exenta (art. 21 LIVA)",
            "E3" => "Operación exenta (art. 22 LIVA)",
            "E4" => "Operación exenta (arts. 23 y 24 LIVA)",
            "E5" => "Operación exenta (art. 25 LIVA)",
            null => null,
            _ => "Operación exenta",
        };

    private static string TaxOf(string category, Territory territory) =>
        category switch
        {
            "S" => "iva",
            "L" => "igic",
            "M" => "ipsi",
            _ => territory switch
            {
                Territory.Canary => "igic",
                Territory.CeutaMelilla => "ipsi",
                _ => "iva",
            },
        };

    /// <summary>21.00 is 21.</summary>
    private static decimal Normal(decimal rate) => rate / 1.0000000000000000000000000000m;
}
