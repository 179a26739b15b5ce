using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The reason that exempt and untaxed amounts carry (BR-E-10 and its sisters): by default the category's own.</summary>
internal static class ExemptionRules
{
    /// <summary>The treatment with qualification and reason, and the margin scheme it is under; or why they do not go together.</summary>
    public static Outcome<Reasoned> Of(SaleVat vat, InvoiceVatBody body, string path)
    {
        var category = body.Category;
        var isTaxed = category is "S" or "Z" or "L" or "M";
        if (isTaxed && (vat.ExemptionReason ?? vat.ExemptionReasonCode ?? vat.ExemptionCause) is not null)
        {
            return InvoicingFaults.ReasonTooMuch.At(path, category);
        }

        if (vat.ExemptionCause is { } given && !VatRules.IsCause(given, body.Tax))
        {
            return InvoicingFaults.BadCode.At($"{path}.exemptionCause", given, "exemptionCause: E1 … E6; E7, E8 (igic)");
        }

        var code = vat.ExemptionReasonCode?.Trim().ToUpperInvariant();
        if (code is not null && !CodeList.ExemptionReasons.Has(code))
        {
            return InvoicingFaults.BadCode.At($"{path}.exemptionReasonCode", code, "exemptionReasonCode: VATEX (BR-CL-22)");
        }

        if (code is not null && CategoryOf(code) != category)
        {
            return InvoicingFaults.OtherReason.At($"{path}.exemptionReasonCode", code, CategoryOf(code), category);
        }

        var margin = category == "E" ? MarginScheme.Of(code, vat.RegimeKey, vat.ExemptionCause) : null;
        var allowed =
            isTaxed || margin is not null
                ? "S1"
                : category switch
                {
                    "AE" => "S2",
                    "O" => "N1 N2",
                    _ => "",
                };
        if (vat.Qualification is { } qualification && !allowed.Split(' ').Contains(qualification))
        {
            return InvoicingFaults.BadCode.At($"{path}.qualification", qualification, $"qualification of {category}: {allowed}");
        }

        if (vat.ExemptionCause is { } meant && (category is not ("E" or "K" or "G") || margin is not null))
        {
            return InvoicingFaults.OtherReason.At($"{path}.exemptionCause", meant, "E", margin?.ReasonCode ?? category);
        }

        if (category == "E" && margin is null && (vat.ExemptionReason ?? code ?? vat.ExemptionCause) is null)
        {
            return InvoicingFaults.NoReason.At(path);
        }

        var cause = margin is null ? vat.ExemptionCause ?? CauseOf(category, code) : null;
        return new Reasoned(
            body with
            {
                Qualification = vat.Qualification ?? (allowed.Length > 0 ? allowed[..2] : null),
                ExemptionCause = cause,
                ExemptionReasonCode = margin?.ReasonCode ?? code ?? CodeOf(category),
                ExemptionReason = isTaxed
                    ? null
                    : Mentioned(vat.ExemptionReason?.Trim(), category, margin) ?? Words(category, body.Tax, cause),
            },
            margin
        );
    }

    /// <summary>What the sale says, with the words before it that the law wants on the invoice (RD 1619/2012 art. 6.1.m to p).</summary>
    private static string? Mentioned(string? said, string category, MarginScheme? margin)
    {
        var mention = margin?.Words ?? (category == "AE" ? "Inversión del sujeto pasivo" : null);
        return said is null ? margin?.Words
            : mention is null || said.Contains(mention, StringComparison.OrdinalIgnoreCase) ? said
            : $"{mention}. {said}";
    }

    /// <summary>The category that a reason belongs to (Peppol P0104 to P0111 say the same).</summary>
    private static string CategoryOf(string code) =>
        code switch
        {
            "VATEX-EU-AE" or "VATEX-FR-AE" => "AE",
            "VATEX-EU-IC" => "K",
            "VATEX-EU-G" => "G",
            "VATEX-EU-O" => "O",
            _ => "E",
        };

    private static string? CodeOf(string category) =>
        category switch
        {
            "AE" => "VATEX-EU-AE",
            "K" => "VATEX-EU-IC",
            "G" => "VATEX-EU-G",
            "O" => "VATEX-EU-O",
            _ => null,
        };

    /// <summary>OperacionExenta where the sale says none: by the article of the Directive that the reason cites, else article 20.</summary>
    private static string? CauseOf(string category, string? code) =>
        category switch
        {
            "K" => "E5",
            "G" => "E2",
            "E" => code switch
            {
                null => "E1",
                _ when code.StartsWith("VATEX-EU-132", StringComparison.Ordinal)
                        || code.StartsWith("VATEX-EU-135", StringComparison.Ordinal) => "E1",
                _ when code.StartsWith("VATEX-EU-146", StringComparison.Ordinal) => "E2",
                _ when code.StartsWith("VATEX-EU-148", StringComparison.Ordinal)
                        || code.StartsWith("VATEX-EU-151", StringComparison.Ordinal) => "E3",
                _ => "E6",
            },
            _ => null,
        };

    private static string Words(string category, string tax, string? cause) =>
        (category, tax) switch
        {
            ("AE", "iva") => "Inversión del sujeto pasivo (art. 84 LIVA)",
            ("AE", _) => "Inversión del sujeto pasivo",
            ("K", _) => "Entrega intracomunitaria exenta (art. 25 LIVA)",
            ("G", "iva") => "Exportación exenta (art. 21 LIVA)",
            ("G", _) => "Exportación exenta",
            ("O", _) => "Operación no sujeta",
            (_, "igic") => "Operación exenta de IGIC",
            (_, "ipsi") => "Operación exenta de IPSI",
            _ => cause switch
            {
                "E1" => "Operación exenta (art. 20 LIVA)",
                "E2" => "Operación exenta (art. 21 LIVA)",
                "E3" => "Operación exenta (art. 22 LIVA)",
                "E4" => "Operación exenta (arts. 23 y 24 LIVA)",
                "E5" => "Operación exenta (art. 25 LIVA)",
                _ => "Operación exenta",
            },
        };

    /// <summary>A treatment with its reason.</summary>
    internal sealed record Reasoned(InvoiceVatBody Body, MarginScheme? Margin);
}
