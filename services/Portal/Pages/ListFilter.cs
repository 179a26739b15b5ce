using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Which of its invoices a customer looks for, as the address says it: it can be kept, and sent to oneself.</summary>
public sealed record ListFilter : IBindableFromHttpContext<ListFilter>
{
    private const string Iso = "yyyy-MM-dd";

    /// <summary>The states that can be chosen.</summary>
    public static readonly IReadOnlyList<string> States = ["open", "overdue", "paid"];

    /// <summary>Words, amounts or days.</summary>
    public string? Q { get; init; }

    /// <summary>One shop's only.</summary>
    public SellerId? Seller { get; init; }

    /// <summary>open, overdue or paid.</summary>
    public string? State { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Where the page begins.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether nothing is looked for: all of them.</summary>
    public bool IsAll => Q is null && Seller is null && State is null && From is null && To is null;

    /// <summary>Whether something is chosen beside words.</summary>
    public bool IsNarrow => Seller is not null || State is not null || From is not null || To is not null;

    /// <summary>A day as a form has it.</summary>
    public static string Plain(DateOnly? day) => day?.ToString(Iso, CultureInfo.InvariantCulture) ?? "";

    /// <summary>An address that looks for the same.</summary>
    public string Address(string path, string? cursor = null)
    {
        var query = new Dictionary<string, string?>();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query[name] = value;
            }
        }

        Add("q", Q);
        Add("seller", Seller?.Value);
        Add("state", State);
        Add("from", Plain(From));
        Add("to", Plain(To));
        Add("cursor", cursor);
        return QueryHelpers.AddQueryString(path, query);
    }

    /// <summary>Reads the address; what makes no sense there looks for nothing.</summary>
    public static ValueTask<ListFilter?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
    {
        var query = context.Request.Query;
        string? Text(string name, int longest) =>
            query[name].ToString().Trim() is { Length: > 0 } text && text.Length <= longest && !text.Any(char.IsControl) ? text : null;
        DateOnly? Day(string name) =>
            DateOnly.TryParseExact(query[name].ToString(), Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : null;
        return new(
            new ListFilter
            {
                Q = Text("q", 200),
                Seller = Text("seller", 100) is { } id && SellerId.TryParse(id, out var seller) ? seller : null,
                State = Text("state", 20) is { } state && States.Contains(state, StringComparer.Ordinal) ? state : null,
                From = Day("from"),
                To = Day("to"),
                Cursor = Text("cursor", 100),
            }
        );
    }
}
