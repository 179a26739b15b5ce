using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.House;

/// <summary>Every refusal has a stable code, once, in both languages, and stands in docs/errors.md.</summary>
public sealed partial class ErrorsPageTests
{
    private static IReadOnlyList<(FaultCode Code, string Service)> All =>
        [
            .. Directory
                .GetFiles(AppContext.BaseDirectory, "RetailInvoicing.*.dll")
                .Where(file => !Path.GetFileName(file).Contains("Tests", StringComparison.Ordinal))
                .Select(Assembly.LoadFrom)
                .SelectMany(assembly => assembly.GetTypes())
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(each => each.FieldType == typeof(FaultCode))
                .Select(each => ((FaultCode)each.GetValue(null)!, each.DeclaringType!.Assembly.GetName().Name!.Split('.')[^1]))
                .OrderBy(each => each.Item1.Code, StringComparer.Ordinal),
        ];

    [Fact]
    public void A_code_means_one_thing()
    {
        var twice = All.GroupBy(each => each.Code.Code).Where(group => group.Count() > 1).Select(group => group.Key).ToArray();
        Assert.True(twice.Length == 0, $"two refusals share a code: {string.Join(", ", twice)}");
    }

    [Fact]
    public void A_refusal_says_the_same_in_both_languages()
    {
        foreach (var (code, _) in All)
        {
            Assert.False(
                string.IsNullOrWhiteSpace(code.English) || string.IsNullOrWhiteSpace(code.Spanish),
                $"{code.Code} lacks a language"
            );
            var (english, spanish) = (Places(code.English), Places(code.Spanish));
            Assert.True(english.SetEquals(spanish), $"{code.Code}: the languages name different values");
        }
    }

    [Fact]
    public void The_page_of_errors_is_current()
    {
        var page = new StringBuilder("<!-- Made by ErrorsPageTests from the services' faults: do not edit. -->\n# Errors\n\n");
        page.Append("Every refusal is problem+json with one of these codes; a code keeps its meaning for ever.\n\n");
        page.Append("| code | status | service | English | Español |\n| --- | --- | --- | --- | --- |\n");
        foreach (var (code, service) in All)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {code.Code} | {code.With().Status} | {service} | {code.English} | {code.Spanish} |\n"
            );
        }

        Repository.Holds("docs/errors.md", page.ToString());
    }

    private static HashSet<string> Places(string text) => Place().Matches(text).Select(match => match.Value).ToHashSet();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
