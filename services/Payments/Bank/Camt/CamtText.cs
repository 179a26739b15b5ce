using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>What a file's elements say: amounts, days, codes, names and references, in the layout of whatever version.</summary>
internal static class CamtText
{
    /// <summary>The attribute that names an amount's currency.</summary>
    public const string CurrencyOf = "Ccy";

    private const decimal TooMuch = 10_000_000_000_000m;

    /// <summary>What was on the account.</summary>
    public static CamtBalance Balance(XElement tree, string place)
    {
        var (amount, currency) = Amount(tree.Child("Amt"), $"{place}/Amt", null);
        return new CamtBalance(
            CodeOf(tree.Child("Tp").Child("CdOrPrtry")),
            Direction(tree.Child("CdtDbtInd")) == false ? -amount : amount,
            currency,
            Day(tree.Child("Dt"), $"{place}/Dt")
        );
    }

    /// <summary>An amount with its currency, or the account's where it names none.</summary>
    public static (decimal Amount, Currency Currency) Amount(XElement? tree, string place, string? otherwise)
    {
        var text = tree.Text();
        // 18 digits, 5 of them decimals: what the standard allows, and what the tables hold.
        return
            Currency.TryParse(tree?.Attribute(CurrencyOf)?.Value ?? otherwise, out var currency)
            && text is { Length: <= 19 }
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount < TooMuch
            && amount.Scale <= 5
            ? (amount, currency)
            : throw new CamtUnfitException(place);
    }

    /// <summary>The same, where it may be absent.</summary>
    public static (decimal? Amount, Currency? Currency) AnyAmount(XElement? tree, string place) =>
        tree is null ? (null, null) : Amount(tree, place, null);

    /// <summary>
    /// What the bank kept (Chrgs), in whatever currencies, and whether it says of each that it is in the amount already. What cannot be read
    /// is none: banks write charges as they like, and nothing is booked by them that does not add up.
    /// </summary>
    public static IEnumerable<(Money Amount, bool IsIncluded)> Charges(XElement tree)
    {
        var records = tree.Children("Rcrd").ToList();
        var isIncluded = records.Count > 0 && records.TrueForAll(each => each.Child("ChrgInclInd").Text() is "true" or "1");
        var one = tree.Child("TtlChrgsAndTaxAmt") ?? tree.Child("Amt");
        IEnumerable<XElement?> parts = one is not null
            ? Direction(tree.Child("CdtDbtInd")) == true
                ? []
                : [one]
            : records.Where(each => Direction(each.Child("CdtDbtInd")) != true).Select(each => each.Child("Amt"));
        foreach (var part in parts)
        {
            if (
                Currency.TryParse(part?.Attribute(CurrencyOf)?.Value, out var currency)
                && decimal.TryParse(part.Text(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                && amount < TooMuch
            )
            {
                yield return (Money.Of(amount, currency), isIncluded);
            }
        }
    }

    /// <summary>Whether it is to the account's good; nothing where it does not say.</summary>
    public static bool? Direction(XElement? tree) =>
        tree.Text() switch
        {
            "CRDT" => true,
            "DBIT" => false,
            _ => null,
        };

    /// <summary>A day as the bank means it: of an instant, the day at the bank's own offset.</summary>
    public static DateOnly? Day(XElement? tree, string place)
    {
        if ((tree.Text("Dt") ?? tree.Text("DtTm") ?? tree.Text()) is not { } text)
        {
            return null;
        }

        return
            text.Length >= 10
            && (text.Length == 10 || text[10] is 'T' or 'Z' or '+' or '-')
            && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1900 and < 9000
            ? day
            : throw new CamtUnfitException(place);
    }

    /// <summary>Which page it is.</summary>
    public static int? PageOf(XElement tree) => Number(tree.Text("PgNb"));

    /// <summary>How many payments a batch has, where it says so.</summary>
    public static int CountOf(XElement batch) => Number(batch.Text("NbOfTxs")) ?? 0;

    /// <summary>The kind of a movement.</summary>
    public static CamtCode Code(XElement? tree)
    {
        var (domain, family) = (tree.Child("Domn"), tree.Child("Domn").Child("Fmly"));
        return new CamtCode(domain.Text("Cd"), family.Text("Cd"), family.Text("SubFmlyCd"), tree.Child("Prtry").Text("Cd"));
    }

    /// <summary>A code that stands alone, or as Cd or Prtry.</summary>
    public static string? CodeOf(XElement? tree) =>
        tree is null ? null
        : tree.HasElements ? tree.Text("Cd") ?? tree.Text("Prtry")
        : tree.Text();

    /// <summary>Up to version 7 the party stands there itself, from then on in Pty or, where it is a bank, in Agt.</summary>
    public static string? NameOf(XElement? tree) =>
        tree.Text("Nm") ?? tree.Child("Pty").Text("Nm") ?? tree.Child("Agt").Child("FinInstnId").Text("Nm");

    /// <summary>An account: its IBAN, or what its bank calls it.</summary>
    public static string? AccountOf(XElement? tree)
    {
        var id = tree.Child("Id");
        return id.Text("IBAN") ?? id.Child("Othr").Text("Id");
    }

    /// <summary>A reference, where it is more than a word that stands where one is missing.</summary>
    public static string? Reference(string? text) =>
        text is null || text.ToUpperInvariant() is "NOTPROVIDED" or "NOTPROVIDE" or "NONREF" or "NOREF" or "NONE" ? null
        : text.All(each => each is '0' or '-' or '.' or ' ') ? null
        : text;

    /// <summary>The texts that say something, in order.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<XElement?> trees) => [.. trees.Select(each => each.Text()).OfType<string>()];

    /// <summary>The first element of that name in this one.</summary>
    public static XElement? Child(this XElement? tree, string name) => tree?.Elements().FirstOrDefault(each => each.Name.LocalName == name);

    /// <summary>All of that name.</summary>
    public static IEnumerable<XElement> Children(this XElement? tree, string name) =>
        tree?.Elements().Where(each => each.Name.LocalName == name) ?? [];

    /// <summary>What an element of that name in this one says.</summary>
    public static string? Text(this XElement? tree, string name) => tree.Child(name).Text();

    /// <summary>In one line, without blanks around it; none where nothing is left.</summary>
    public static string? Text(this XElement? tree) =>
        tree is null || tree.HasElements ? null
        : string.Join(' ', tree.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text ? text
        : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
