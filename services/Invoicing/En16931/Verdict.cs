using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>The rules that a document is held against.</summary>
public enum Profile
{
    /// <summary>Those of EN 16931 for the document's syntax.</summary>
    En16931,

    /// <summary>Those and Peppol BIS Billing 3.0's.</summary>
    Peppol,
}

/// <summary>What the rules say of a document.</summary>
public sealed record Verdict
{
    /// <summary>Whether it breaks no fatal rule.</summary>
    public required bool Valid { get; init; }

    /// <summary>ubl-invoice, ubl-creditnote or cii.</summary>
    public required string Syntax { get; init; }

    /// <summary>en16931 or peppol.</summary>
    public required string Profile { get; init; }

    /// <summary>Each rule broken, at each place.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Judges a document; refused where it is no XML or of no syntax that the standard knows.</summary>
    public static Outcome<Verdict> Of(ReadOnlyMemory<byte> document, Profile profile, string? language)
    {
        using var reader = ReadXmlTree.Take();
        return Of(reader.From(document), profile, language);
    }

    /// <inheritdoc cref="Of(ReadOnlyMemory{byte}, Profile, string)"/>
    public static Outcome<Verdict> Of(Stream document, Profile profile, string? language)
    {
        using var reader = ReadXmlTree.Take();
        return Of(reader.From(document), profile, language);
    }

    private static Outcome<Verdict> Of(Outcome<XmlTree> read, Profile profile, string? language)
    {
        if (read.Refused(out var fault))
        {
            return fault;
        }

        var tree = read.Value;
        var found = new Findings();
        var root = tree.Root;
        var isCii = root.Is(Rsm.CrossIndustryInvoice);
        if (!isCii && !root.Is(Root.Invoice) && !root.Is(Root.CreditNote))
        {
            return InvoicingFaults.NoSyntax.With(root.NameText);
        }

        if (isCii)
        {
            ValidateDocument.Cii(tree, found);
        }
        else
        {
            ValidateDocument.Ubl(tree, found);
        }

        if (profile == En16931.Profile.Peppol)
        {
            ValidateDocument.Peppol(tree, found);
        }

        var findings = found.Told(tree, language);
        return new Verdict
        {
            Valid = findings.All(finding => finding.Severity != Severity.Fatal),
            Syntax =
                isCii ? "cii"
                : root.Is(Root.Invoice) ? "ubl-invoice"
                : "ubl-creditnote",
            Profile = profile == En16931.Profile.Peppol ? "peppol" : "en16931",
            Findings = findings,
        };
    }
}
