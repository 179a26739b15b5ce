using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// A record as the agency's schema writes it (RegistroAlta, RegistroAnulacion): one element without declaration and layout, which is
/// stored, exported and put into submissions as it is. What has the schema's own default (N) is left out.
/// </summary>
public static class RecordXml
{
    /// <summary>RegistroAlta; refused where the schema has no room for an identifier or amount.</summary>
    public static Outcome<string> Of(RegistrationRecord record) =>
        RecordFit.Of(record) is { } unfit ? unfit : Written("RegistroAlta", xml => Write(xml, record));

    /// <summary>RegistroAnulacion; refused where the schema has no room for an identifier.</summary>
    public static Outcome<string> Of(CancellationRecord record) =>
        RecordFit.Of(record) is { } unfit ? unfit : Written("RegistroAnulacion", xml => Write(xml, record));

    private static string Written(string name, Action<RecordOutput> content)
    {
        var xml = new RecordOutput();
        xml.Root(name);
        xml.Element("IDVersion", "1.0");
        content(xml);
        xml.End(name);
        return xml.Written();
    }

    private static void Write(RecordOutput xml, RegistrationRecord record)
    {
        Invoice(xml, "IDFactura", record.Invoice);
        xml.Element("NombreRazonEmisor", RecordText.Free(record.SellerName, 120));
        Flag(xml, "Subsanacion", record.Amends);
        xml.Element(
            "RechazoPrevio",
            record.PriorRejection switch
            {
                PriorRejection.Amendment => "S",
                PriorRejection.Unregistered => "X",
                _ => null,
            }
        );
        xml.Element("TipoFactura", record.RecordType);
        xml.Element(
            "TipoRectificativa",
            record.Method switch
            {
                CorrectionMethod.Differences => "I",
                CorrectionMethod.Substitution => "S",
                _ => null,
            }
        );
        Each(xml, "FacturasRectificadas", record.Corrected, each => Invoice(xml, "IDFacturaRectificada", each));
        Each(xml, "FacturasSustituidas", record.Replaced, each => Invoice(xml, "IDFacturaSustituida", each));
        if (record.CorrectedAmounts is { } corrected)
        {
            xml.Start("ImporteRectificacion");
            Amount(xml, "BaseRectificada", corrected.TaxableAmount);
            Amount(xml, "CuotaRectificada", corrected.VatAmount);
            Amount(xml, "CuotaRecargoRectificado", corrected.SurchargeAmount);
            xml.End("ImporteRectificacion");
        }

        xml.Element("FechaOperacion", record.OperationDate is { } day ? RecordText.Day(day) : null);
        xml.Element("DescripcionOperacion", RecordText.Free(record.Description, 500));
        Flag(xml, "FacturaSimplificadaArt7273", record.Qualified);
        Each(xml, "Destinatarios", record.Buyers, each => Buyer(xml, each));
        Flag(xml, "Cupon", record.Coupon);
        Each(xml, "Desglose", record.Vat, each => Vat(xml, each));
        Total(xml, "CuotaTotal", record.VatTotal);
        Total(xml, "ImporteTotal", record.TotalWithVat);
        Chain(xml, record.Preceding);
        System(xml, record.System);
        Fingerprint(xml, record.RecordedAt, record.Fingerprint);
    }

    private static void Write(RecordOutput xml, CancellationRecord record)
    {
        xml.Start("IDFactura");
        Invoice(xml, record.Invoice, "Anulada");
        xml.End("IDFactura");
        Flag(xml, "SinRegistroPrevio", record.WithoutPriorRecord);
        Flag(xml, "RechazoPrevio", record.PriorRejection);
        Chain(xml, record.Preceding);
        System(xml, record.System);
        Fingerprint(xml, record.RecordedAt, record.Fingerprint);
    }

    private static void Invoice(RecordOutput xml, string name, RecordedInvoice invoice)
    {
        xml.Start(name);
        Invoice(xml, invoice, "");
        xml.End(name);
    }

    private static void Invoice(RecordOutput xml, RecordedInvoice invoice, string ending)
    {
        xml.Element($"IDEmisorFactura{ending}", invoice.TaxId.Trim());
        xml.Element($"NumSerieFactura{ending}", invoice.Number.Trim());
        xml.Element($"FechaExpedicionFactura{ending}", RecordText.Day(invoice.IssueDate));
    }

    private static void Buyer(RecordOutput xml, RecordedPerson buyer)
    {
        xml.Start("IDDestinatario");
        xml.Element("NombreRazon", RecordText.Free(buyer.Name, 120));
        xml.Element("NIF", buyer.Nif?.Trim());
        if (buyer.Other is { } other)
        {
            xml.Start("IDOtro");
            // Who is not in the census is of Spain: the agency wants it said.
            xml.Element("CodigoPais", other.Country ?? (other.Type == "07" ? "ES" : null));
            xml.Element("IDType", other.Type);
            xml.Element("ID", other.Id.Trim());
            xml.End("IDOtro");
        }

        xml.End("IDDestinatario");
    }

    private static void Vat(RecordOutput xml, RecordedVat vat)
    {
        xml.Start("DetalleDesglose");
        xml.Element("Impuesto", vat.Tax);
        xml.Element("ClaveRegimen", vat.RegimeKey);
        xml.Element("CalificacionOperacion", vat.Qualification);
        xml.Element("OperacionExenta", vat.ExemptionCause);
        Amount(xml, "TipoImpositivo", vat.Rate);
        Amount(xml, "BaseImponibleOimporteNoSujeto", vat.TaxableAmount);
        Amount(xml, "BaseImponibleACoste", vat.TaxableAmountAtCost);
        Amount(xml, "CuotaRepercutida", vat.VatAmount);
        Amount(xml, "TipoRecargoEquivalencia", vat.SurchargeRate);
        Amount(xml, "CuotaRecargoEquivalencia", vat.SurchargeAmount);
        xml.End("DetalleDesglose");
    }

    private static void Chain(RecordOutput xml, PrecedingRecord? preceding)
    {
        xml.Start("Encadenamiento");
        if (preceding is null)
        {
            xml.Element("PrimerRegistro", "S");
        }
        else
        {
            xml.Start("RegistroAnterior");
            Invoice(xml, preceding.Invoice, "");
            xml.Element("Huella", preceding.Fingerprint);
            xml.End("RegistroAnterior");
        }

        xml.End("Encadenamiento");
    }

    private static void System(RecordOutput xml, InvoicingSystem system)
    {
        xml.Start("SistemaInformatico");
        xml.Element("NombreRazon", RecordText.Free(system.ProducerName, 120));
        xml.Element("NIF", system.ProducerNif.Trim());
        xml.Element("NombreSistemaInformatico", RecordText.Free(system.Name, 30));
        xml.Element("IdSistemaInformatico", system.Id);
        xml.Element("Version", system.Version.Trim());
        xml.Element("NumeroInstalacion", system.Installation.Trim());
        xml.Element("TipoUsoPosibleSoloVerifactu", RecordText.YesNo(system.OnlyVerifactu));
        xml.Element("TipoUsoPosibleMultiOT", RecordText.YesNo(system.SeveralTaxpayersPossible));
        xml.Element("IndicadorMultiplesOT", RecordText.YesNo(system.SeveralTaxpayers));
        xml.End("SistemaInformatico");
    }

    private static void Fingerprint(RecordOutput xml, DateTimeOffset recordedAt, string fingerprint)
    {
        xml.Element("FechaHoraHusoGenRegistro", RecordText.Instant(recordedAt));
        xml.Element("TipoHuella", "01");
        xml.Element("Huella", fingerprint);
    }

    private static void Each<T>(RecordOutput xml, string name, IReadOnlyList<T> all, Action<T> write)
    {
        if (all.Count == 0)
        {
            return;
        }

        xml.Start(name);
        foreach (var each in all)
        {
            write(each);
        }

        xml.End(name);
    }

    private static void Flag(RecordOutput xml, string name, bool isSo) => xml.Element(name, isSo ? "S" : null);

    /// <summary>With the decimals that the fingerprint is over.</summary>
    private static void Total(RecordOutput xml, string name, decimal total) =>
        xml.Element(name, total.ToString(CultureInfo.InvariantCulture));

    private static void Amount(RecordOutput xml, string name, decimal? amount) =>
        xml.Element(name, amount is { } given ? RecordText.Amount(given) : null);
}
