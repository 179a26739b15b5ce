using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>What is looked at before any rule: how many there are of what, where the records stand, and the schema.</summary>
internal static class MessageChecks
{
    private const int MostRecords = 1000;

    private static readonly (string Block, string Each, int Most)[] Blocks =
    [
        ("Destinatarios", "IDDestinatario", 1000),
        ("FacturasRectificadas", "IDFacturaRectificada", 1000),
        ("FacturasSustituidas", "IDFacturaSustituida", 1000),
        ("Desglose", "DetalleDesglose", 12),
    ];

    /// <summary>Why the whole message is refused, and else the records whose values the schema does not allow.</summary>
    public static (Refusal? Refusal, IReadOnlyDictionary<XElement, Finding> Values) Of(XElement message, IShape shape)
    {
        var none = new Dictionary<XElement, Finding>();
        if ((TooMany(message) ?? Misplaced(message)) is { } early)
        {
            return (early, none);
        }

        var findings = shape.Check(message);
        if (findings.FirstOrDefault(IsOfStructure) is { } structure)
        {
            return (new(4102, structure.Field), none);
        }

        foreach (var finding in findings)
        {
            var code = ValueCodes.Of(finding.At);
            var record = finding.At.AncestorsAndSelf().FirstOrDefault(each => each.Name.LocalName is "RegistroAlta" or "RegistroAnulacion");
            if (record is null || code >= 4000)
            {
                // Outside a record a value without a code of its own breaks the schema of the message.
                return (new(code == ValueCodes.Default ? 4102 : code, finding.Field), none);
            }

            none.TryAdd(record, finding);
        }

        return (null, none);
    }

    // A number that says nothing is missing, as the schema's least length has it.
    private static bool IsOfStructure(Finding finding) =>
        finding.IsStructure
        || (finding.At.Value.Length == 0 && finding.At.Name.LocalName is "NumSerieFactura" or "NumSerieFacturaAnulada" && IsId(finding.At));

    private static bool IsId(XElement at) => at.Parent?.Name.LocalName == "IDFactura";

    private static Refusal? TooMany(XElement message)
    {
        if (message.Elements(Names.Submission + "RegistroFactura").Skip(MostRecords).Any())
        {
            return new(4114, $"{MostRecords}");
        }

        foreach (var (block, each, most) in Blocks)
        {
            if (message.Descendants(Names.Common + block).Any(found => found.Elements(Names.Common + each).Skip(most).Any()))
            {
                return new(4113, each);
            }
        }

        return null;
    }

    private static Refusal? Misplaced(XElement message)
    {
        bool IsLost(XElement record) => record.Parent!.Name != Names.Submission + "RegistroFactura";
        if (message.Descendants().Any(each => each.Name.LocalName == "RegistroAnulacion" && IsLost(each)))
        {
            return new(4137);
        }

        return
            message.Descendants().Any(each => each.Name.LocalName == "RegistroAlta" && IsLost(each))
            || message.Elements(Names.Submission + "RegistroFactura").Any(each => !each.HasElements)
            ? new(4136)
            : null;
    }
}
