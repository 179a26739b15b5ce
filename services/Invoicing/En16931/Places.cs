using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>What must hold at an element; it says what does not.</summary>
public delegate void Check(Node at, Findings found);

/// <summary>A set of rules by the name of the element they hold at, so that a document is walked once whatever the number of rules.</summary>
public sealed class Places
{
    private readonly List<Check>?[] _byName = new List<Check>?[Vocabulary.Count];
    private Check[]?[]? _ready;

    /// <summary>The rules of some rooms, put together when they are first asked for.</summary>
    public static Lazy<Places> With(params Action<Places>[] rules) =>
        new(() =>
        {
            var places = new Places();
            foreach (var add in rules)
            {
                add(places);
            }

            return places;
        });

    /// <summary>A check of every element of that name.</summary>
    public void At(Name name, Check check) => (_byName[name.Id] ??= []).Add(check);

    /// <summary>Holds the rules against a document.</summary>
    public void Walk(XmlTree tree, Findings found)
    {
        var checks = _ready ??= [.. _byName.Select(each => each?.ToArray())];
        for (var index = 0; index < tree.Count; index++)
        {
            var at = new Node(tree, index);
            if (checks[at.Name.Id] is { } here)
            {
                foreach (var check in here)
                {
                    check(at, found);
                }
            }
        }
    }
}
