using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency.Shape;

/// <summary>
/// A breach of the schema: of its structure, for which the whole message is refused, or of what an element may say, for which a record
/// is.
/// </summary>
internal sealed record Finding(XElement At, bool IsStructure, string Field);

/// <summary>What holds a message against the schema: the agency's own, or the simulator's where that is not at hand.</summary>
internal interface IShape
{
    /// <summary>What it is, for the page and the log, in Spanish and English.</summary>
    (string Spanish, string English) Source { get; }

    IReadOnlyList<Finding> Check(XElement message);
}
