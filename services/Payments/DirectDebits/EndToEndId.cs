using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// What a debit is known by from end to end: the payment reference, so that people and bank statements recognise it, and from the second
/// time on a number, so that a return says which of them it is.
/// </summary>
public static class EndToEndId
{
    /// <summary>An ISO 11649 reference has no more; with a number it stays within the 35 that banks hand on.</summary>
    private const int MostOfReference = 25;

    /// <summary>The letters and digits of the payment reference; the invoice's id where it has none.</summary>
    public static string BaseOf(string paymentReference, InvoiceId invoice)
    {
        var bare = string.Concat(SepaText.Of(paymentReference, 140).Where(char.IsAsciiLetterOrDigit));
        bare = bare.Length > 0 ? bare : $"{invoice.Value:N}";
        return bare.Length <= MostOfReference ? bare : bare[..MostOfReference];
    }

    /// <summary>The id of the so-manieth debit of that base.</summary>
    public static string Of(string based, int nth) => nth == 1 ? based : string.Create(CultureInfo.InvariantCulture, $"{based}-{nth}");
}
