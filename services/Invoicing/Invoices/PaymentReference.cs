using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>BT-83: the reference that a transfer cites (ISO 11649: RF, two check digits, at most 21 letters and digits).</summary>
public static class PaymentReference
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>
    /// The number without its dashes where that is unambiguous, so that people recognise it; otherwise letters and digits drawn from it.
    /// </summary>
    public static string Of(SellerId seller, SellerEnvironment environment, StoreId store, string number)
    {
        var bare = number.Replace("-", "", StringComparison.Ordinal);
        var readable =
            environment == SellerEnvironment.Production
            && store.Value.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))
            && bare.Length <= 21
            && bare.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c));
        return WithCheckDigits(readable ? bare : Drawn($"{seller}\n{environment}\n{number}"));
    }

    /// <summary>Whether the check digits of a reference fit.</summary>
    public static bool IsSound(string reference) =>
        reference.Length is > 4 and <= 25
        && reference.StartsWith("RF", StringComparison.Ordinal)
        && reference.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))
        && Iban.Remainder(reference[4..] + reference[..4]) == 1;

    private static string WithCheckDigits(string reference) => $"RF{98 - Iban.Remainder(reference + "RF00"):00}{reference}";

    private static string Drawn(string from)
    {
        // X is no kind of invoice: what is drawn never meets a readable one.
        Span<char> text = ['X', .. stackalloc char[16]];
        // The hash as one whole number, its least byte first, in digits of base 36, the least first.
        var value = SHA256.HashData(Encoding.UTF8.GetBytes(from));
        for (var i = 1; i < text.Length; i++)
        {
            var rest = 0;
            for (var place = value.Length - 1; place >= 0; place--)
            {
                (value[place], rest) = ((byte)(((rest << 8) + value[place]) / 36), ((rest << 8) + value[place]) % 36);
            }

            text[i] = Digits[rest];
        }

        return new string(text);
    }
}
