using System.Text.RegularExpressions;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>Which bank an account is at (ISO 9362); within the European Economic Area the IBAN says it.</summary>
public static partial class Bic
{
    private static readonly HashSet<string> EuropeanEconomicArea =
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ];

    /// <summary>Whether it has a BIC's form, as both versions of the message want it.</summary>
    public static bool IsSound(string bic) => Form().IsMatch(bic);

    /// <summary>Whether a debit of that account has to name the bank.</summary>
    public static bool IsNeededFor(string iban) => !EuropeanEconomicArea.Contains(iban[..2]);

    [GeneratedRegex(@"^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?\z")]
    private static partial Regex Form();
}
