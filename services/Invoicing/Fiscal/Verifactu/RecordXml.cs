using System.Globalization;
using System.Text;
using System.Xml;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// A record as the agency's schema writes it (RegistroAlta, RegistroAnulacion): one element without declaration and layout, which is
/// stored, exported and put into submissions as it is. What has the schema's own default (N) is left out.
/// </summary>
public static class RecordXml
{
    private static readonly XmlWriterSettings Settings = new() { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };

    /// <summary>RegistroAlta; refused where the schema has no room for an identifier or amount.</summary>
    public static Outcome<string> Of(RegistrationRecord record) =>
        RecordFit.Of(record) is { } unfit ? unfit : Written("RegistroAlta", xml => Write(xml, record));

    /// <summary>RegistroAnulacion; refused where the schema has no room for an identifier.</summary>
    public static Outcome<string> Of(CancellationRecord record) =>
        RecordFit.Of(record) is { } unfit ? unfit : Written("RegistroAnulacion", xml => Write(xml, record));

    private static string Written(string name, Action<XmlWriter> content)
    {
        var text = new StringBuilder(2048);
        using (var xml = XmlWriter.Create(text, Settings))
        {
            xml.WriteStartElement(name, RecordNames.Information);
            Element(xml, "IDVersion", "1.0");
            content(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Write(XmlWriter xml, RegistrationRecord record)
    {
        Invoice(xml, "IDFactura", record.Invoice);
        Element(xml, "NombreRazonEmisor", RecordText.Free(record.SellerName, 120));
        Flag(xml, "Subsanacion", record.Amends);
        Element(
            xml,
            "RechazoPrevio",
            record.PriorRejection switch
            {
                PriorRejection.Amendment => "S",
                PriorRejection.Unregistered => "X",
                _ => null,
            }
        );
        Element(xml, "TipoFactura", record.RecordType);
        Element(
            xml,
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
            Start(xml, "ImporteRectificacion");
            Amount(xml, "BaseRectificada", corrected.TaxableAmount);
            Amount(xml, "CuotaRectificada", corrected.VatAmount);
            Amount(xml, "CuotaRecargoRectificado", corrected.SurchargeAmount);
            xml.WriteEndElement();
        }

        Element(xml, "FechaOperacion", record.OperationDate is { } day ? RecordText.Day(day) : null);
        Element(xml, "DescripcionOperacion", RecordText.Free(record.Description, 500));
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

    private static void Write(XmlWriter xml, CancellationRecord record)
    {
        Start(xml, "IDFactura");
        Invoice(xml, record.Invoice, "Anulada");
        xml.WriteEndElement();
        Flag(xml, "SinRegistroPrevio", record.WithoutPriorRecord);
        Flag(xml, "RechazoPrevio", record.PriorRejection);
        Chain(xml, record.Preceding);
        System(xml, record.System);
        Fingerprint(xml, record.RecordedAt, record.Fingerprint);
    }

    private static void Invoice(XmlWriter xml, string name, RecordedInvoice invoice)
    {
        Start(xml, name);
        Invoice(xml, invoice, "");
        xml.WriteEndElement();
    }

    private static void Invoice(XmlWriter xml, RecordedInvoice invoice, string ending)
    {
        Element(xml, $"IDEmisorFactura{ending}", invoice.TaxId.Trim());
        Element(xml, $"NumSerieFactura{ending}", invoice.Number.Trim());
        Element(xml, $"FechaExpedicionFactura{ending}", RecordText.Day(invoice.IssueDate));
    }

    private static void Buyer(XmlWriter xml, RecordedPerson buyer)
    {
        Start(xml, "IDDestinatario");
        Element(xml, "NombreRazon", RecordText.Free(buyer.Name, 120));
        Element(xml, "NIF", buyer.Nif?.Trim());
        if (buyer.Other is { } other)
        {
            Start(xml, "IDOtro");
            // Who is not in the census is of Spain: the agency wants it said.
            Element(xml, "CodigoPais", other.Country ?? (other.Type == "07" ? "ES" : null));
            Element(xml, "IDType", other.Type);
            Element(xml, "ID", other.Id.Trim());
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Vat(XmlWriter xml, RecordedVat vat)
    {
        Start(xml, "DetalleDesglose");
        Element(xml, "Impuesto", vat.Tax);
        Element(xml, "ClaveRegimen", vat.RegimeKey);
        Element(xml, "CalificacionOperacion", vat.Qualification);
        Element(xml, "OperacionExenta", vat.ExemptionCause);
        Amount(xml, "TipoImpositivo", vat.Rate);
        Amount(xml, "BaseImponibleOimporteNoSujeto", vat.TaxableAmount);
        Amount(xml, "BaseImponibleACoste", vat.TaxableAmountAtCost);
        Amount(xml, "CuotaRepercutida", vat.VatAmount);
        Amount(xml, "TipoRecargoEquivalencia", vat.SurchargeRate);
        Amount(xml, "CuotaRecargoEquivalencia", vat.SurchargeAmount);
        xml.WriteEndElement();
    }

    private static void Chain(XmlWriter xml, PrecedingRecord? preceding)
    {
        Start(xml, "Encadenamiento");
        if (preceding is null)
        {
            Element(xml, "PrimerRegistro", "S");
        }
        else
        {
            Start(xml, "RegistroAnterior");
            Invoice(xml, preceding.Invoice, "");
            Element(xml, "Huella", preceding.Fingerprint);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void System(XmlWriter xml, InvoicingSystem system)
    {
        Start(xml, "SistemaInformatico");
        Element(xml, "NombreRazon", RecordText.Free(system.ProducerName, 120));
        Element(xml, "NIF", system.ProducerNif.Trim());
        Element(xml, "NombreSistemaInformatico", RecordText.Free(system.Name, 30));
        Element(xml, "IdSistemaInformatico", system.Id);
        Element(xml, "Version", system.Version.Trim());
        Element(xml, "NumeroInstalacion", system.Installation.Trim());
        Element(xml, "TipoUsoPosibleSoloVerifactu", RecordText.YesNo(system.OnlyVerifactu));
        Element(xml, "TipoUsoPosibleMultiOT", RecordText.YesNo(system.SeveralTaxpayersPossible));
        Element(xml, "IndicadorMultiplesOT", RecordText.YesNo(system.SeveralTaxpayers));
        xml.WriteEndElement();
    }

    private static void Fingerprint(XmlWriter xml, DateTimeOffset recordedAt, string fingerprint)
    {
        Element(xml, "FechaHoraHusoGenRegistro", RecordText.Instant(recordedAt));
        Element(xml, "TipoHuella", "01");
        Element(xml, "Huella", fingerprint);
    }

    private static void Each<T>(XmlWriter xml, string name, IReadOnlyList<T> all, Action<T> write)
    {
        if (all.Count == 0)
        {
            return;
        }

        Start(xml, name);
        foreach (var each in all)
        {
            write(each);
        }

        xml.WriteEndElement();
    }

    private static void Start(XmlWriter xml, string name) => xml.WriteStartElement(name, RecordNames.Information);

    private static void Flag(XmlWriter xml, string name, bool isSo) => Element(xml, name, isSo ? "S" : null);

    /// <summary>With the decimals that the fingerprint is over.</summary>
    private static void Total(XmlWriter xml, string name, decimal total) =>
        Element(xml, name, total.ToString(CultureInfo.InvariantCulture));

    private static void Amount(XmlWriter xml, string name, decimal? amount) =>
        Element(xml, name, amount is { } given ? RecordText.Amount(given) : null);

    private static void Element(XmlWriter xml, string name, string? text)
    {
        if (text is not null)
        {
            xml.WriteElementString(name, RecordNames.Information, text);
        }
    }
}
