using System.Globalization;
using System.Xml;
using RetailInvoicing.Simulators.Bank.Control;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>Why something cannot be ordered, for whoever reads Spanish and whoever reads English.</summary>
internal sealed record Wrong(string Spanish, string English);

/// <summary>A transfer as the payer has filled it in, not yet ordered.</summary>
internal sealed record OrderForm
{
    private const int MostName = 70;
    private const int MostWords = 140;
    private const decimal MostAmount = 999_999_999.99m;

    /// <summary>The text of a QR; its fields are taken where it is there.</summary>
    public string? Epc { get; init; }

    public string Iban { get; init; } = "";

    public string Name { get; init; } = "";

    public string Bic { get; init; } = "";

    public string Amount { get; init; } = "";

    public string Reference { get; init; } = "";

    public string Payer { get; init; } = "Cliente de pruebas";

    /// <summary>The payer's account; one that goes with the name where nothing is said.</summary>
    public string PayerAccount { get; init; } = "";

    /// <summary>The same key again orders nothing more.</summary>
    public string Key { get; init; } = "";

    /// <summary>A fault that the payer wants to see.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Where the payer came from.</summary>
    public string Back { get; init; } = "";

    /// <summary>What cannot be ordered so.</summary>
    public IReadOnlyList<Wrong> Wrongs { get; private init; } = [];

    public decimal Sum { get; private init; }

    /// <summary>A creditor's reference with check digits, without spaces.</summary>
    public string? Structured { get; private init; }

    public string? Words { get; private init; }

    /// <summary>The same, paid by somebody who is named.</summary>
    public OrderForm By(string? payer) => payer is null ? this : this with { Payer = payer };

    /// <summary>Takes what a QR says, and looks at every field.</summary>
    public OrderForm Checked()
    {
        var form = this;
        List<Wrong> wrongs = [];
        if (Epc is { Length: > 0 } payload)
        {
            var (text, wrong) = EpcText.Read(payload.Trim());
            if (text is null)
            {
                return this with { Wrongs = [wrong!] };
            }

            form = this with { Iban = text.Iban, Name = text.Name, Bic = text.Bic, Amount = text.Amount, Reference = text.Reference };
        }

        var (iban, account) = (CheckDigits.Compact(form.Iban), CheckDigits.Compact(form.PayerAccount));
        var (reference, words) = (CheckDigits.Compact(form.Reference), form.Reference.Trim());
        var isStructured = CheckDigits.IsReference(reference);
        Rule(CheckDigits.IsIban(iban), "El IBAN del beneficiario no es correcto.", "The payee's IBAN is not right.");
        Rule(
            form.Name.Trim().Length is > 0 and <= MostName && IsPlain(form.Name),
            "El beneficiario tiene de 1 a 70 caracteres.",
            "The payee has 1 to 70 characters."
        );
        Rule(
            TryRead(form.Amount, out var sum),
            "El importe va de 0,01 a 999999999,99, con dos decimales.",
            "The amount is 0.01 to 999999999.99, with two decimals."
        );
        Rule(
            isStructured || (words.Length <= MostWords && IsPlain(form.Reference)),
            "El concepto tiene hasta 140 caracteres.",
            "The reference has up to 140 characters."
        );
        Rule(
            form.Payer.Trim().Length is > 0 and <= MostName && IsPlain(form.Payer),
            "Quien paga tiene de 1 a 70 caracteres.",
            "The payer has 1 to 70 characters."
        );
        Rule(account.Length == 0 || CheckDigits.IsIban(account), "El IBAN de quien paga no es correcto.", "The payer's IBAN is not right.");
        Rule(
            form.Fault.Length == 0 || FaultKinds.All.Contains(form.Fault),
            $"Los fallos son: {string.Join(", ", FaultKinds.All)}.",
            $"The faults are: {string.Join(", ", FaultKinds.All)}."
        );
        Rule(
            form.Key.Length <= 64 && form.Key.All(static each => each is > ' ' and <= '~'),
            "La clave tiene hasta 64 letras y cifras.",
            "The key has up to 64 letters and digits."
        );
        return form with
        {
            Iban = iban,
            Name = form.Name.Trim(),
            Payer = form.Payer.Trim(),
            PayerAccount = account.Length > 0 ? account : MessyTransfers.AccountOf(form.Payer.Trim()),
            Sum = sum,
            Structured = isStructured ? reference : null,
            Words = isStructured || words.Length == 0 ? null : words,
            Wrongs = wrongs,
        };

        void Rule(bool holds, string spanish, string english)
        {
            if (!holds)
            {
                wrongs.Add(new Wrong(spanish, english));
            }
        }
    }

    /// <summary>An amount as people write it, with a comma or a point.</summary>
    private static bool TryRead(string text, out decimal sum) =>
        decimal.TryParse(text.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out sum)
        && sum is > 0m and <= MostAmount
        && sum == decimal.Round(sum, 2, MidpointRounding.ToZero);

    /// <summary>Whether a statement can carry it: asked of what was sent, since trimming takes control signs away like spaces.</summary>
    internal static bool IsPlain(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text).All(static each => !char.IsControl(each));
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
