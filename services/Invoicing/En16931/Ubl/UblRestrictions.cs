using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>
/// What the core invoice leaves out of UBL 2.1 (UBL-CR): over six hundred ways through the document, kept as one tree of names that is
/// followed while the document is walked, so that their number costs nothing.
/// </summary>
internal sealed class UblRestrictions
{
    private const string File = "rules/ubl-restrictions.txt";
    private static readonly Name[] Lines = [Cac.InvoiceLine, Cac.CreditNoteLine];

    private readonly Step _fromRoot = new();
    private readonly List<Anywhere>?[] _anywhere = new List<Anywhere>?[Vocabulary.Count];
    private readonly string?[] _ofAttribute = new string?[Vocabulary.Count];

    private UblRestrictions()
    {
        var ways = Data.Lines(File).Select(line => line.Split(' ', 2)).ToList();
        var anywhere = new List<(Name Last, Anywhere Way)>();
        foreach (var (rule, way) in ways.Select(each => (each[0], each[1])))
        {
            if (way.StartsWith("//@", StringComparison.Ordinal))
            {
                _ofAttribute[Attributes.Of(way[3..]).Id] = rule;
                continue;
            }

            var (path, attribute) = way.Split("/@") is [var before, var after] ? (before, Attributes.Of(after)) : (way, (Name?)null);
            if (path.StartsWith("//", StringComparison.Ordinal))
            {
                var names = path[2..].Split('/').Select(Vocabulary.Parse).ToArray();
                anywhere.Add((names[^1], new Anywhere(rule, [.. names[..^1].Reverse()], attribute)));
                continue;
            }

            var steps = path.Split('/');
            foreach (var line in steps[0] == "LINE" ? Lines : [Vocabulary.Parse(steps[0])])
            {
                var step = _fromRoot.Next(line);
                foreach (var name in steps.Skip(1))
                {
                    step = step.Next(Vocabulary.Parse(name));
                }

                step.Rules.Add((rule, attribute));
            }
        }

        foreach (var (last, way) in anywhere)
        {
            (_anywhere[last.Id] ??= []).Add(way);
        }
    }

    private static readonly Lazy<UblRestrictions> Read = new(() => new UblRestrictions());

    /// <summary>The restrictions, read once.</summary>
    public static UblRestrictions All => Read.Value;

    /// <summary>The names that the ways consist of.</summary>
    public static IEnumerable<string> Names =>
        Data.Lines(File).SelectMany(line => line.Split(' ', 2)[1].TrimStart('/').Split('/')).Where(name => name != "LINE");

    /// <summary>The restrictions' rules.</summary>
    public static IEnumerable<(string Rule, string Way)> Rules =>
        Data.Lines(File).Select(line => line.Split(' ', 2)).Select(each => (each[0], each[1]));

    /// <summary>Tells what the document says that the core invoice has no place for, each once.</summary>
    public void Walk(XmlTree tree, Findings found)
    {
        Follow(tree.Root, _fromRoot, found);
        OfAttributes(tree, found);
        for (var index = 1; index < tree.Count; index++)
        {
            var at = new Node(tree, index);
            if (_anywhere[at.Name.Id] is { } ways)
            {
                foreach (var way in ways)
                {
                    if (way.LeadsTo(at))
                    {
                        found.Once(way.Rule, at);
                    }
                }
            }

            if (at.Is(Cac.AdditionalDocumentReference))
            {
                OfDocumentReference(at, found);
            }
        }

        More(tree.Root, found);
    }

    /// <summary>Those of all elements but the document's own, one after the other as they lie in the tree.</summary>
    private void OfAttributes(XmlTree tree, Findings found)
    {
        var of = 1;
        for (var nth = tree.AttributesEnd(0); nth < tree.AttributeCount; nth++)
        {
            var attribute = tree.AttributeAt(nth).Name;
            var rule = _ofAttribute[attribute.Id];
            if (rule is null && attribute != Attributes.NameAttribute)
            {
                continue;
            }

            while (tree.AttributesEnd(of) <= nth)
            {
                of++;
            }

            var at = new Node(tree, of);
            if (rule is not null)
            {
                found.Once(rule, at);
            }
            else if (!at.Is(Cbc.PaymentMeansCode))
            {
                found.Once("UBL-DT-18", at);
            }
        }
    }

    private static void Follow(Node parent, Step step, Findings found)
    {
        foreach (var child in parent.Children)
        {
            if (step.Find(child.Name) is not { } next)
            {
                continue;
            }

            foreach (var (rule, attribute) in next.Rules)
            {
                if (attribute is not { } name || child.HasAttribute(name))
                {
                    found.Once(rule, child);
                }
            }

            if (next.LeadsOn)
            {
                Follow(child, next, found);
            }
        }
    }

    /// <summary>Those that ask for more than a way.</summary>
    private static void More(Node document, Findings found)
    {
        if (document[Cbc.UBLVersionID] is { Exists: true } version && version.Text is not "2.1")
        {
            found.Once("UBL-CR-002", version);
        }

        if (!document.Is(Root.CreditNote) && document[Cac.PaymentMeans, Cbc.PaymentDueDate] is { Exists: true } due)
        {
            found.Once("UBL-CR-412", due);
        }
    }

    private static void OfDocumentReference(Node at, Findings found)
    {
        if (at[Cbc.DocumentTypeCode].Text is not "130")
        {
            if (at[Cbc.ID].HasAttribute(Attributes.SchemeID))
            {
                found.Once("UBL-CR-665", at);
            }

            return;
        }

        if (at.Has(Cac.Attachment))
        {
            found.Once("UBL-CR-666", at);
        }

        if (at.Has(Cbc.DocumentDescription))
        {
            found.Once("UBL-CR-673", at);
        }
    }

    /// <summary>A name on the ways, what is forbidden there, and where they lead on.</summary>
    private sealed class Step
    {
        private ushort[] _names = [];
        private Step[] _steps = [];

        public List<(string Rule, Name? Attribute)> Rules { get; } = [];

        public bool LeadsOn => _steps.Length > 0;

        public Step Next(Name name)
        {
            if (Find(name) is { } known)
            {
                return known;
            }

            var step = new Step();
            (_names, _steps) = ([.. _names, name.Id], [.. _steps, step]);
            return step;
        }

        public Step? Find(Name name)
        {
            var at = name.IsKnown ? _names.AsSpan().IndexOf(name.Id) : -1;
            return at < 0 ? null : _steps[at];
        }
    }

    /// <summary>A way that may begin at any element: the names before the last one, from near to far.</summary>
    private sealed record Anywhere(string Rule, Name[] Around, Name? Attribute)
    {
        public bool LeadsTo(Node at)
        {
            if (Attribute is { } name && !at.HasAttribute(name))
            {
                return false;
            }

            var parent = at.Parent;
            foreach (var around in Around)
            {
                if (!parent.Is(around))
                {
                    return false;
                }

                parent = parent.Parent;
            }

            return true;
        }
    }
}
