using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>An element's or attribute's name that some rule speaks of; every other name is one and the same unknown.</summary>
public readonly record struct Name(ushort Id)
{
    /// <summary>Whether some rule speaks of it.</summary>
    public bool IsKnown => Id != 0;
}

/// <summary>The names that the rules of UBL and CII speak of, each with its namespace and usual prefix.</summary>
public static class Vocabulary
{
    private static readonly List<(string Space, string Local, string Text)> Names = [("", "", "")];
    private static readonly Dictionary<(string Space, string Local), Name> Growing = [];

    private static readonly Lazy<FrozenDictionary<(string Space, string Local), Name>> Known = new(() =>
    {
        foreach (
            var words in new[]
            {
                typeof(Root),
                typeof(Cbc),
                typeof(Cac),
                typeof(Attributes),
                typeof(Rsm),
                typeof(Ram),
                typeof(Udt),
                typeof(Qdt),
                typeof(RamOfPeppol),
            }
        )
        {
            RuntimeHelpers.RunClassConstructor(words.TypeHandle);
        }

        foreach (var name in En16931.Ubl.UblRestrictions.Names.Concat(En16931.Cii.CiiRestrictions.Names))
        {
            Parse(name);
        }

        return Growing.ToFrozenDictionary();
    });

    /// <summary>How many names there are, the unknown one included.</summary>
    public static int Count => Known.Value.Count + 1;

    /// <summary>The local names, for a reader to hand out the same strings.</summary>
    public static IEnumerable<(string Space, string Local)> All => Known.Value.Keys;

    /// <summary>The name of an element of a namespace; the unknown one where no rule speaks of it.</summary>
    public static Name Find(string space, string local) => Known.Value.GetValueOrDefault((space, local));

    /// <summary>How people write it: cbc:ID.</summary>
    public static string TextOf(Name name) => Names[name.Id].Text;

    /// <summary>Whether its local name ends so.</summary>
    public static bool EndsWith(Name name, string end) => Names[name.Id].Local.EndsWith(end, StringComparison.Ordinal);

    /// <summary>Whether a name is one of those, by its number: asked of each element of a document, it costs one look.</summary>
    public static bool[] Among(params ReadOnlySpan<Name> names)
    {
        var among = new bool[Count];
        foreach (var name in names)
        {
            among[name.Id] = true;
        }

        return among;
    }

    /// <summary>The known names whose local part ends so.</summary>
    public static IEnumerable<Name> EndingWith(string end) => Known.Value.Values.Where(name => EndsWith(name, end));

    /// <summary>The name that a rule writes as cbc:ID or @schemeID.</summary>
    public static Name Parse(string text) =>
        text.Split(':') switch
        {
            ["cbc", var local] => Cbc.Of(local),
            ["cac", var local] => Cac.Of(local),
            ["rsm", var local] => Rsm.Of(local),
            ["ram", var local] => Ram.Of(local),
            ["udt", var local] => Udt.Of(local),
            ["qdt", var local] => Qdt.Of(local),
            ["ext", var local] => Add("urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2", "ext", local),
            [['@', .. var local]] => Attributes.Of(local),
            _ => throw new FormatException($"no rule may write a name as {text}"),
        };

    internal static Name Add(string space, string prefix, string local)
    {
        lock (Growing)
        {
            if (Growing.TryGetValue((space, local), out var known))
            {
                return known;
            }

            var name = new Name((ushort)Names.Count);
            Names.Add((space, local, prefix.Length == 0 ? local : $"{prefix}:{local}"));
            Growing.Add((space, local), name);
            return name;
        }
    }
}
