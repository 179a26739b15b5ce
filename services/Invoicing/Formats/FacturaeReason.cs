using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Why a corrective invoice corrects, as one of the 22 reasons that Facturae knows, with the words its schema demands.</summary>
internal sealed record FacturaeReason(string Code, string Description)
{
    // The first whose words are in the seller's own reason holds. 82 to 84 are reasons of LIVA art. 80 (R1), 01 to 15 errors (R4).
    private static readonly (string Of, string Code, string[] Words)[] Told =
    [
        ("R1 R5", "82", ["envase", "embalaje"]),
        ("R1 R5", "83", ["descuento", "bonificaci", "rappel", "rápel"]),
        ("R1", "84", ["sentencia", "resolución judicial", "resolución firme", "resolución administrativa"]),
        ("R1 R4 R5", "11", ["tipo impositivo", "tipo de iva", "tipo de igic", "porcentaje"]),
        ("R1 R4 R5", "12", ["cuota"]),
        ("R1 R4", "06", ["nif del emisor", "nif emisor"]),
        ("R1 R4", "07", ["nif", "cif", "identificación fiscal"]),
        ("R1 R4", "09", ["domicilio", "dirección"]),
        ("R1 R4", "05", ["nombre", "razón social"]),
        ("R1 R4", "03", ["fecha de expedición", "fecha de la factura"]),
        ("R1 R4", "13", ["fecha", "periodo", "período"]),
        ("R1 R4", "02", ["serie"]),
        ("R1 R4", "01", ["número de factura", "número de la factura"]),
        ("R1 R4 R5", "15", ["literal", "mención"]),
        ("R1 R4 R5", "10", ["artículo", "línea", "cantidad", "precio", "detalle"]),
    ];

    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["01"] = "Número de la factura",
        ["02"] = "Serie de la factura",
        ["03"] = "Fecha expedición",
        ["05"] = "Nombre y apellidos/Razón Social-Receptor",
        ["06"] = "Identificación fiscal Emisor/obligado",
        ["07"] = "Identificación fiscal Receptor",
        ["09"] = "Domicilio Receptor",
        ["10"] = "Detalle Operación",
        ["11"] = "Porcentaje impositivo a aplicar",
        ["12"] = "Cuota tributaria a aplicar",
        ["13"] = "Fecha/Periodo a aplicar",
        ["15"] = "Literales legales",
        ["16"] = "Base imponible",
        ["82"] = "Base imponible modificada por devolución de envases / embalajes",
        ["83"] = "Base imponible modificada por descuentos y bonificaciones",
        ["84"] = "Base imponible modificada por resolución firme, judicial o administrativa",
        ["85"] = "Base imponible modificada cuotas repercutidas no satisfechas. Auto de declaración de concurso",
    };

    /// <summary>
    /// The reason of a correction. An insolvency (R2) has one of its own; a bad debt (R3) has none and is the taxable base's (16), as is
    /// a return, which leaves the sale without effect by the usage of trade (LIVA art. 80.Dos).
    /// </summary>
    public static FacturaeReason Of(InvoiceCorrection correction)
    {
        var text = correction.Text ?? "";
        var code = correction.Reason switch
        {
            "R2" => "85",
            "R3" => "16",
            var kind => Array
                .Find(
                    Told,
                    each =>
                        each.Of.Contains(kind, StringComparison.Ordinal)
                        && each.Words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))
                )
                .Code
                ?? "16",
        };
        return new FacturaeReason(code, Descriptions[code]);
    }
}
