using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RetailInvoicing.Services.Tests.Contracts;

/// <summary>The one sentence of business meaning of a type or field, from the compiled documentation of contracts.</summary>
internal static partial class Documentation
{
    private static readonly Dictionary<string, string> Members = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "RetailInvoicing.Contracts.xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Space().Replace(member.Element("summary")!.Value.Trim(), " "));

    public static string? Of(Type type) => Members.GetValueOrDefault($"T:{type.FullName!.Replace('+', '.')}");

    public static string? Of(PropertyInfo property)
    {
        var name = $"P:{property.DeclaringType!.FullName}.{property.Name}";
        return Members.GetValueOrDefault(name) ?? Members.GetValueOrDefault($"P:RetailInvoicing.Contracts.IEvent.{property.Name}");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
