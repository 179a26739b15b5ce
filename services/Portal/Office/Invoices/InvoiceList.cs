using System.Globalization;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>What of the invoices is asked for, as the address says it; and the same as a sentence.</summary>
public sealed record InvoiceList
{
    /// <summary>One of the words of what is shown.</summary>
    public required string Shown { get; init; }

    /// <summary>What is searched.</summary>
    public string? Q { get; init; }

    /// <summary>The shop.</summary>
    public string? Store { get; init; }

    /// <summary>The customer, by the seller's own name for it.</summary>
    public string? Customer { get; init; }

    /// <summary>First issue date.</summary>
    public string? From { get; init; }

    /// <summary>Last issue date.</summary>
    public string? To { get; init; }

    /// <summary>Where the page begins.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether Collections is asked, which knows what is owed.</summary>
    public bool IsOwed => Shown is "open" or "overdue";

    /// <summary>Whether anything narrows it.</summary>
    public bool IsNarrow => Q is not null || Store is not null || Customer is not null || From is not null || To is not null;

    /// <summary>As the address asks.</summary>
    public static InvoiceList Of(AskOffice office) =>
        new()
        {
            Shown = office.Asked("show") is { } shown && InvoiceWords.Shown.ContainsKey(shown) ? shown : "all",
            Q = office.Asked("q")?.Trim() is { Length: > 0 } q ? q : null,
            Store = office.Asked("store"),
            Customer = office.Asked("customer"),
            From = DayOf(office.Asked("from")),
            To = DayOf(office.Asked("to")),
            Cursor = office.Asked("cursor"),
        };

    /// <summary>The door's question for a page.</summary>
    public string Question(int limit, string? cursor)
    {
        var asked = IsOwed
            ? new[] { ("status", Shown), ("customerId", Customer), ("cursor", cursor) }
            :
            [
                ("q", Q),
                ("storeId", Store),
                ("customerId", Customer),
                ("from", From),
                ("to", To),
                ("kind", Shown is "full" or "simplified" or "corrective" or "exchange" ? Shown : null),
                ("status", Shown == "cancelled" ? Shown : null),
                ("cursor", cursor),
            ];
        return string.Join(
            '&',
            asked
                .Where(each => each.Item2 is not null)
                .Select(each => $"{each.Item1}={AskOffice.Escape(each.Item2!)}")
                .Append(string.Create(CultureInfo.InvariantCulture, $"limit={limit}"))
        );
    }

    /// <summary>The same list with another choice of what is shown, or at another place.</summary>
    public string Link(AskOffice office, string? shown = null, string? cursor = null) =>
        office.Link(
            "/invoices",
            ("show", (shown ?? Shown) is "all" ? null : shown ?? Shown),
            ("q", Q),
            ("store", Store),
            ("customer", Customer),
            ("from", From),
            ("to", To),
            ("cursor", cursor)
        );

    /// <summary>What is seen, as a sentence.</summary>
    public string Sentence(AskOffice office)
    {
        var parts = new List<string> { office.Words.OneOf(Shown, InvoiceWords.Shown) };
        if (Q is not null && !IsOwed)
        {
            parts.Add(office.Say($"que dicen «{Q}»", $"that say “{Q}”"));
        }

        if (Store is not null && !IsOwed)
        {
            parts.Add(office.Say($"de la tienda {Store}", $"of shop {Store}"));
        }

        if (Customer is not null)
        {
            parts.Add(office.Say($"del cliente {Customer}", $"of customer {Customer}"));
        }

        if (!IsOwed && (From ?? To) is not null)
        {
            parts.Add(
                From is null ? office.Say($"hasta el {Said(office, To)}", $"until {Said(office, To)}")
                : To is null ? office.Say($"desde el {Said(office, From)}", $"since {Said(office, From)}")
                : office.Say($"del {Said(office, From)} al {Said(office, To)}", $"from {Said(office, From)} to {Said(office, To)}")
            );
        }

        return string.Join(", ", parts) + ".";
    }

    private static string Said(AskOffice office, string? day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known)
            ? office.Words.ShortDate(known)
            : "";

    private static string? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : null;
}
