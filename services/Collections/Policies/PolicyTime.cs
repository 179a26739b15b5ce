using System.Globalization;

namespace RetailInvoicing.Collections.Policies;

/// <summary>A time of the day as policies write it: 09:00, 21:30.</summary>
public static class PolicyTime
{
    private const string Form = "HH:mm";

    /// <summary>Reads it; none where it is none.</summary>
    public static TimeOnly? Read(string text) =>
        TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>Writes it.</summary>
    public static string Text(TimeOnly time) => time.ToString(Form, CultureInfo.InvariantCulture);
}
