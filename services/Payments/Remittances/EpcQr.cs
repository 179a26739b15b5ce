using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Remittances;

/// <summary>
/// The payload of a payment QR for a SEPA credit transfer (EPC069-12): the customer's bank app reads payee, amount and reference from it.
/// </summary>
public sealed record EpcQr
{
    /// <summary>What fits into the largest symbol the standard allows (version 13, error level M).</summary>
    public const int MostBytes = 331;

    /// <summary>Line 1.</summary>
    public string ServiceTag { get; init; } = "BCD";

    /// <summary>Line 2: 001 wants a BIC, 002 does not within the EEA.</summary>
    public string Version { get; init; } = "002";

    /// <summary>Line 3: 1 is UTF-8.</summary>
    public string CharacterSet { get; init; } = "1";

    /// <summary>Line 4.</summary>
    public string Identification { get; init; } = "SCT";

    /// <summary>Line 5: the payee's bank.</summary>
    public string Bic { get; init; } = "";

    /// <summary>Line 6: the payee (BT-59).</summary>
    public required string Beneficiary { get; init; }

    /// <summary>Line 7 (BT-84).</summary>
    public required string Iban { get; init; }

    /// <summary>Line 8, in euros; the payer chooses where absent.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Line 9: ISO 20022 purpose code.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Line 10: ISO 11649 reference (BT-83); excludes line 11.</summary>
    public string StructuredReference { get; init; } = "";

    /// <summary>Line 11: the reference in words.</summary>
    public string Text { get; init; } = "";

    /// <summary>Line 12: a word to the payer.</summary>
    public string Information { get; init; } = "";

    /// <summary>The QR that asks for an amount due; none where it is not in euros, nothing is due, or no sound account is known.</summary>
    public static EpcQr? For(string beneficiary, string? iban, string? bic, Money due, string paymentReference)
    {
        if (due.Currency != Currency.Eur || due.Amount <= 0m || iban is null)
        {
            return null;
        }

        var reference = Remittances.Iban.Compact(paymentReference);
        var structured = Remittances.Iban.IsReference(reference);
        var qr = new EpcQr
        {
            Beneficiary = Fit(beneficiary, 70),
            Iban = Remittances.Iban.Compact(iban),
            Bic = bic is null ? "" : Remittances.Iban.Compact(bic),
            Amount = due.RoundedToMinorUnit().Amount,
            StructuredReference = structured ? reference : "",
            Text = structured ? "" : Fit(paymentReference, 140),
        };
        // A BIC that the register got wrong must not cost the customer the QR: version 002 does without.
        return new[] { qr, qr with { Bic = "" } }.FirstOrDefault(each => each.Breaches.Count == 0);
    }

    /// <summary>The lines of the standard that it breaks, by number, with what is wrong.</summary>
    public IReadOnlyList<(int Line, string Why)> Breaches
    {
        get
        {
            var breaches = new List<(int, string)>();
            Rule(1, ServiceTag == "BCD", "the service tag is BCD");
            Rule(2, Version is "001" or "002", "the version is 001 or 002");
            Rule(3, CharacterSet is [>= '1' and <= '8'], "the character set is 1 to 8");
            Rule(4, Identification == "SCT", "the identification is SCT");
            Rule(5, Bic.Length is 0 or 8 or 11 && Bic.All(char.IsAsciiLetterOrDigit), "the BIC has 8 or 11 characters");
            Rule(5, Version != "001" || Bic.Length > 0, "version 001 needs a BIC");
            Rule(6, Beneficiary.Length is > 0 and <= 70, "the beneficiary's name has 1 to 70 characters");
            Rule(7, Remittances.Iban.IsSound(Iban), "the IBAN's check digits do not hold, or it has spaces");
            Rule(8, Amount is null or (>= 0.01m and <= 999_999_999.99m), "the amount is 0.01 to 999999999.99");
            Rule(8, Amount is null || Amount == decimal.Round(Amount.Value, 2, MidpointRounding.ToZero), "the amount has two decimals");
            Rule(9, Purpose.Length <= 4, "the purpose has up to 4 characters");
            Rule(10, StructuredReference.Length <= 35, "the structured reference has up to 35 characters");
            Rule(
                10,
                StructuredReference.Length == 0 || Remittances.Iban.IsReference(StructuredReference),
                "the reference is no ISO 11649 one"
            );
            Rule(11, Text.Length <= 140, "the text has up to 140 characters");
            Rule(11, Text.Length == 0 || StructuredReference.Length == 0, "lines 10 and 11 exclude each other");
            Rule(12, Information.Length <= 70, "the information has up to 70 characters");
            Rule(0, !Lines.Any(line => line.Any(char.IsControl)), "no line holds a line break or control character");
            Rule(0, Bytes <= MostBytes, "the payload has at most 331 bytes");
            return breaches;

            void Rule(int line, bool holds, string why)
            {
                if (!holds)
                {
                    breaches.Add((line, why));
                }
            }
        }
    }

    /// <summary>The payload: lines separated by LF, none after the last that says something.</summary>
    public string Payload => string.Join('\n', Lines).TrimEnd('\n');

    /// <summary>How many bytes the payload has: of the character sets only UTF-8 needs more than one for a character.</summary>
    public int Bytes => CharacterSet == "1" ? Encoding.UTF8.GetByteCount(Payload) : Payload.Length;

    private string[] Lines =>
        [
            ServiceTag,
            Version,
            CharacterSet,
            Identification,
            Bic,
            Beneficiary,
            Iban,
            Amount is { } amount ? string.Create(CultureInfo.InvariantCulture, $"EUR{amount:0.00}") : "",
            Purpose,
            StructuredReference,
            Text,
            Information,
        ];

    /// <summary>Cut to what the line holds, without breaking a character in two.</summary>
    private static string Fit(string text, int most)
    {
        text = string.Concat(text.Where(each => !char.IsControl(each))).Trim();
        return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].TrimEnd();
    }
}
