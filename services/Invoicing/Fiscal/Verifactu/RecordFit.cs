using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// Whether the agency's schema has room for what may not be changed: identifiers, amounts, counts, and the pairs that the agency takes
/// together only (validaciones 1.0.9).
/// </summary>
internal static class RecordFit
{
    private const int MostVat = 12;
    private const int MostNamed = 1000;

    /// <summary>What of a registration has no room; null where all has.</summary>
    public static Fault? Of(RegistrationRecord record) =>
        Invoice(record.Invoice)
        ?? Said("NombreRazonEmisor", record.SellerName)
        ?? Said("DescripcionOperacion", record.Description)
        ?? Prior(record)
        ?? First(record.Corrected, Invoice)
        ?? First(record.Replaced, Invoice)
        ?? First(record.Buyers, Buyer)
        ?? Count("DetalleDesglose", record.Vat.Count, 1, MostVat)
        ?? Count("IDFacturaRectificada", record.Corrected.Count, 0, MostNamed)
        ?? Count("IDFacturaSustituida", record.Replaced.Count, 0, MostNamed)
        ?? Count("IDDestinatario", record.Buyers.Count, 0, MostNamed)
        ?? First(record.Vat, Vat)
        ?? Total("CuotaTotal", record.VatTotal)
        ?? Total("ImporteTotal", record.TotalWithVat)
        ?? Amount("BaseRectificada", record.CorrectedAmounts?.TaxableAmount)
        ?? Amount("CuotaRectificada", record.CorrectedAmounts?.VatAmount)
        ?? Amount("CuotaRecargoRectificado", record.CorrectedAmounts?.SurchargeAmount)
        ?? Preceding(record.Preceding)
        ?? System(record.System);

    /// <summary>What of a cancellation has no room; null where all has.</summary>
    public static Fault? Of(CancellationRecord record) => Invoice(record.Invoice) ?? Preceding(record.Preceding) ?? System(record.System);

    private static Fault? Invoice(RecordedInvoice invoice)
    {
        var number = invoice.Number.Trim();
        return Nif("IDEmisorFactura", invoice.TaxId)
            // The agency rejects what is not printable ASCII.
            ?? (
                number.Length is >= 1 and <= 60 && number.All(each => each is >= ' ' and <= '~')
                    ? null
                    : FiscalFaults.Unfit.With("NumSerieFactura", number)
            );
    }

    private static Fault? Buyer(RecordedPerson buyer) =>
        Said("NombreRazon", buyer.Name)
        ?? (buyer.Nif is null == buyer.Other is null ? FiscalFaults.Unfit.With("IDDestinatario", "NIF, IDOtro") : null)
        ?? (buyer.Nif is { } nif ? Nif("NIF", nif) : Other(buyer.Other!));

    private static Fault? Other(OtherIdentifier other)
    {
        var (country, type) = (other.Country, other.Type);
        if (type is not ("02" or "03" or "04" or "05" or "06" or "07"))
        {
            return FiscalFaults.Unfit.With("IDType", type);
        }

        // A VAT number says its country itself, and who is not in the census is of Spain.
        var countryFits =
            country is null ? type is "02" or "07"
            : country == "ES" ? type is "03" or "07"
            : type != "07" && country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
        return !countryFits ? FiscalFaults.Unfit.With("CodigoPais", $"{country} ({type})")
            : other.Id.Trim() is not { Length: >= 1 and <= 20 } id || RecordText.Free(id, 20) != id
                ? FiscalFaults.Unfit.With("ID", other.Id)
            : null;
    }

    private static Fault? Vat(RecordedVat vat) =>
        (
            vat.Qualification is null == vat.ExemptionCause is null
                ? FiscalFaults.Unfit.With("CalificacionOperacion, OperacionExenta", "")
                : null
        )
        ?? Rate("TipoImpositivo", vat.Rate)
        ?? Amount("BaseImponibleOimporteNoSujeto", vat.TaxableAmount)
        ?? Amount("BaseImponibleACoste", vat.TaxableAmountAtCost)
        ?? Amount("CuotaRepercutida", vat.VatAmount)
        ?? Rate("TipoRecargoEquivalencia", vat.SurchargeRate)
        ?? Amount("CuotaRecargoEquivalencia", vat.SurchargeAmount);

    /// <summary>RechazoPrevio S and X stand with Subsanacion S only.</summary>
    private static Fault? Prior(RegistrationRecord record) =>
        record.PriorRejection != PriorRejection.None && !record.Amends
            ? FiscalFaults.Unfit.With("RechazoPrevio", record.PriorRejection)
            : null;

    private static Fault? Preceding(PrecedingRecord? preceding) =>
        preceding is null ? null
        : preceding.Fingerprint.Length == 64 ? Invoice(preceding.Invoice)
        : FiscalFaults.Unfit.With("Huella", preceding.Fingerprint);

    private static Fault? System(InvoicingSystem system) =>
        Said("NombreRazon", system.ProducerName)
        ?? Nif("NIF", system.ProducerNif)
        ?? Said("NombreSistemaInformatico", system.Name)
        ?? (
            system.Id.Length == 2 && system.Id.All(each => char.IsAsciiLetterUpper(each) || char.IsAsciiDigit(each))
                ? null
                : FiscalFaults.Unfit.With("IdSistemaInformatico", system.Id)
        )
        ?? Identifier("Version", system.Version, 50)
        ?? Identifier("NumeroInstalacion", system.Installation, 100);

    private static Fault? Identifier(string name, string text, int most) =>
        text.Trim() is { Length: > 0 } given && given.Length <= most && RecordText.Free(given, most) == given
            ? null
            : FiscalFaults.Unfit.With(name, text);

    private static Fault? Nif(string name, string nif) =>
        nif.Trim() is { Length: 9 } given && given.All(char.IsAsciiLetterOrDigit) ? null : FiscalFaults.Unfit.With(name, nif);

    private static Fault? Said(string name, string text) => string.IsNullOrWhiteSpace(text) ? FiscalFaults.Unfit.With(name, text) : null;

    private static Fault? Count(string name, int count, int least, int most) =>
        count >= least && count <= most ? null : FiscalFaults.Unfit.With(name, count);

    /// <summary>A total is written as it is fingerprinted, so that its third decimal may not even be a zero.</summary>
    private static Fault? Total(string name, decimal total) =>
        total.Scale <= 2 ? Amount(name, total) : FiscalFaults.Unfit.With(name, total);

    private static Fault? Amount(string name, decimal? amount) =>
        amount is not { } given || (Math.Abs(given) < 1_000_000_000_000m && HasTwoDecimals(given))
            ? null
            : FiscalFaults.Unfit.With(name, given);

    private static Fault? Rate(string name, decimal? rate) =>
        rate is not { } given || (given is >= 0 and < 1000 && HasTwoDecimals(given)) ? null : FiscalFaults.Unfit.With(name, given);

    private static bool HasTwoDecimals(decimal number) => decimal.Round(number, 2, MidpointRounding.ToZero) == number;

    private static Fault? First<T>(IEnumerable<T> all, Func<T, Fault?> fit) => all.Select(fit).FirstOrDefault(fault => fault is not null);
}
