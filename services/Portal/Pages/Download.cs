using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Pages;

/// <summary>A file that is kept: named so that every disk takes it.</summary>
public static class Download
{
    /// <summary>The name the document gives itself without what some disk refuses.</summary>
    public static string NameOf(string given, InvoiceId invoiceId, string extension)
    {
        var safe = new string(given.Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.').ToArray());
        safe = safe.Trim('.');
        return safe.Length > 0 ? safe : $"{invoiceId}.{extension}";
    }
}
