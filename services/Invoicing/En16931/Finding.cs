using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>What a breach of a rule means for the document.</summary>
public enum Severity
{
    /// <summary>The document does not conform.</summary>
    Fatal,

    /// <summary>It conforms, and says something that the core invoice has no place for.</summary>
    Warning,
}

/// <summary>A rule that a document breaks, and where.</summary>
public sealed record Finding
{
    /// <summary>The rule's official id: BR-CO-15, UBL-SR-48.</summary>
    public required string Rule { get; init; }

    /// <summary>What the breach means.</summary>
    public required Severity Severity { get; init; }

    /// <summary>The way to the element.</summary>
    public required string Location { get; init; }

    /// <summary>What the rule asks for, in the reader's language.</summary>
    public required string Message { get; init; }
}

/// <summary>Breaches as they are found: a rule's id and an element, nothing written out before somebody reads it.</summary>
public sealed class Findings
{
    private readonly List<(string Rule, int At)> _breaches = [];
    private readonly HashSet<string> _once = [];

    /// <summary>What rules of the whole document gathered for those of its parts.</summary>
    internal object? Facts { get; set; }

    /// <summary>What Peppol's rules of single places ask of the whole document.</summary>
    internal Peppol.Parties? Parties { get; set; }

    /// <summary>How many there are.</summary>
    public int Count => _breaches.Count;

    /// <summary>The rules broken, each as often as it is.</summary>
    public IEnumerable<string> Rules => _breaches.Select(breach => breach.Rule);

    /// <summary>Holds a rule against an element.</summary>
    public void Check(string rule, Node at, bool holds)
    {
        if (!holds)
        {
            _breaches.Add((rule, at.Index));
        }
    }

    /// <summary>Counts a breach of a rule that speaks of the whole document once, at the first element that breaks it.</summary>
    public void Once(string rule, Node at)
    {
        if (_once.Add(rule))
        {
            _breaches.Add((rule, at.Index));
        }
    }

    /// <summary>Writes them out in a language, in the order of the document.</summary>
    public IReadOnlyList<Finding> Told(XmlTree tree, string? language) =>
        [
            .. _breaches
                .OrderBy(breach => breach.At)
                .Select(breach => new Finding
                {
                    Rule = breach.Rule,
                    Severity = RuleTable.SeverityOf(breach.Rule, inCii: tree.Root.Is(Rsm.CrossIndustryInvoice)),
                    Location = tree.LocationOf(breach.At),
                    Message = RuleTable.TextOf(breach.Rule, language),
                }),
        ];

    internal void Clear()
    {
        _breaches.Clear();
        _once.Clear();
        Facts = null;
        Parties = null;
    }
}
