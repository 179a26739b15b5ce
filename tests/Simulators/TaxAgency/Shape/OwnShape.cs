using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency.Shape;

/// <summary>The simulator's own check of the structure, for where the official schemas are not at hand.</summary>
internal sealed class OwnShape : IShape
{
    public (string Spanish, string English) Source =>
        (
            "su propia comprobación de la estructura, sin los esquemas oficiales",
            "its own check of the structure, without the official schemas"
        );

    public IReadOnlyList<Finding> Check(XElement message)
    {
        var findings = new List<Finding>();
        Check(message, message.Name == Names.Submit ? "Envio" : "Consulta", findings);
        return findings;
    }

    private static void Check(XElement element, string type, List<Finding> findings)
    {
        if (type == "Any")
        {
            return;
        }

        if (Structure.Values.TryGetValue(type, out var value))
        {
            if (element.HasElements || !Regex.IsMatch(element.Value, $@"\A(?:{value})\z", RegexOptions.Singleline, TimeSpan.FromSeconds(1)))
            {
                findings.Add(new(element, element.HasElements, element.Name.LocalName));
            }

            return;
        }

        using var children = element.Elements().GetEnumerator();
        var child = children.MoveNext() ? children.Current : null;
        foreach (var part in Structure.Parts(type))
        {
            var count = 0;
            while (child is not null && count < part.Most && part.TypeOf(child) is { } inner)
            {
                Check(child, inner, findings);
                child = children.MoveNext() ? children.Current : null;
                count++;
            }

            if (count < part.Least)
            {
                // What comes next is no longer where it should be, and says nothing more.
                findings.Add(new(child ?? element, true, part.Names[0]));
                return;
            }
        }

        if (child is not null)
        {
            findings.Add(new(child, true, child.Name.LocalName));
        }
    }
}

/// <summary>A place in a sequence: one element, or one of several, so many times.</summary>
internal sealed partial record Part(XNamespace Namespace, string[] Names, string[] Types, int Least, int Most)
{
    /// <summary>The type that an element has at this place; null where it does not belong here.</summary>
    public string? TypeOf(XElement element)
    {
        var index = Array.IndexOf(Names, element.Name.LocalName);
        return index < 0 || (element.Name.Namespace != Namespace && Types[index] != "Any") ? null : Types[index];
    }

    /// <summary>A place as the table writes it: Name:Type, ? for one that may be missing, *9 for up to nine, | between alternatives.</summary>
    public static Part Of(string text, XNamespace space)
    {
        var match = Notation().Match(text);
        var alternatives = match.Groups["names"].Value.Split('|').Select(each => each.Split(':')).ToArray();
        var most = match.Groups["most"].Value;
        return new(
            space,
            [.. alternatives.Select(each => each[0])],
            [.. alternatives.Select(each => each[1])],
            match.Groups["optional"].Success ? 0 : 1,
            most.Length > 0 ? int.Parse(most, CultureInfo.InvariantCulture) : 1
        );
    }

    [GeneratedRegex(@"^(?<names>[\w:|.]+)(?<optional>\?)?(\*(?<most>\d+))?$")]
    private static partial Regex Notation();
}
