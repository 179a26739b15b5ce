using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>How an amount may be taxed: which category, at which rate, for which reason.</summary>
public static class VatRules
{
    private static readonly HashSet<string> Causes = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"];

    /// <summary>The treatment with its defaults filled in, or why it cannot be. Rates are those of the day.</summary>
    public static Outcome<InvoiceVatBody> Of(SaleVat vat, SellerBody seller, DateOnly day, string path)
    {
        var category = vat.Category;
        if (VatCategory.Of(category) is null)
        {
            return InvoicingFaults.NoCategory.At($"{path}.category", category);
        }

        var tax = vat.Tax ?? TaxOf(category, seller.Territory);
        if (tax is not ("iva" or "igic" or "ipsi"))
        {
            return InvoicingFaults.BadCode.At($"{path}.tax", tax, "tax: iva, igic, ipsi");
        }

        if (!HoldsIn(seller.Territory, category, tax))
        {
            return InvoicingFaults.WrongTerritory.At($"{path}.category", category, seller.Territory);
        }

        var rate = Normal(vat.Rate ?? 0m);
        if (category is "S" or "L" or "M")
        {
            if (category == "S" && vat.Rate is 0m)
            {
                return InvoicingFaults.ZeroRated.At($"{path}.rate");
            }

            if (vat.Rate is null || !VatRates.Holds(category, rate, day))
            {
                return InvoicingFaults.NoRate.At($"{path}.rate", vat.Rate ?? 0m, category, $"{day:yyyy-MM-dd}");
            }
        }
        else if (rate != 0m)
        {
            return InvoicingFaults.RateNotZero.At($"{path}.rate", category);
        }

        if (vat.RegimeKey is { } key && !RegimeKeys.IsKey(key))
        {
            return InvoicingFaults.BadCode.At($"{path}.regimeKey", key, "regimeKey: 01 … 21");
        }

        var reasoned = ExemptionRules.Of(
            vat,
            new InvoiceVatBody
            {
                Category = category,
                Rate = rate,
                Tax = tax,
            },
            path
        );
        if (reasoned.Refused(out var fault))
        {
            return fault;
        }

        var (body, margin) = reasoned.Value;
        body = body with { RegimeKey = vat.RegimeKey ?? RegimeKeys.Default(body, margin, seller.EquivalenceSurcharge) };
        return RegimeKeys.Fits(body) && (margin is null || margin.RegimeKey == body.RegimeKey)
            ? body
            : InvoicingFaults.WrongRegime.At(
                $"{path}.regimeKey",
                body.RegimeKey,
                body.ExemptionReasonCode ?? body.ExemptionCause ?? body.Qualification ?? category
            );
    }

    private static bool HoldsIn(Territory territory, string category, string tax) =>
        category switch
        {
            "S" => territory is Territory.Common or Territory.Foral && tax == "iva",
            "L" => territory == Territory.Canary && tax == "igic",
            "M" => territory == Territory.CeutaMelilla && tax == "ipsi",
            // The Canaries, Ceuta and Melilla lie outside the Union's VAT territory (LIVA art. 3): what leaves them is an export.
            "K" => territory is Territory.Common or Territory.Foral && tax == "iva",
            _ => true,
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

    /// <summary>Whether that is a cause of list L10 under a tax; E7 and E8 are IGIC's.</summary>
    internal static bool IsCause(string cause, string tax) => Causes.Contains(cause) && (cause is not ("E7" or "E8") || tax == "igic");
}
