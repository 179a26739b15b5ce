namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>What becomes of a payment, as its test number says: refused with these codes, or paid with what follows.</summary>
internal sealed record Fate(string? Code = null, string? Decline = null, string? Outcome = null);

/// <summary>The numbers that Stripe publishes for tests, and what each stands for.</summary>
internal static class TestNumbers
{
    public const string Card = "4242424242424242";
    public const string Iban = "ES0700120345030000067890";

    /// <summary>The payer's bank wants to ask the payer first.</summary>
    public const string Authentication = "authentication";

    public const string Fraudulent = "fraudulent";
    public const string NotReceived = "product_not_received";

    /// <summary>The payer's bank asks, and takes nothing.</summary>
    public const string Inquiry = "inquiry";

    public const string NotAuthorised = "debit_not_authorized";
    public const string Fails = "fails";
    public const string RefundPending = "refund-pending";
    public const string RefundFails = "refund-fails";

    private static readonly Dictionary<string, Fate> Cards = new(StringComparer.Ordinal)
    {
        ["4000000000000002"] = new("card_declined", "generic_decline"),
        ["4000000000009995"] = new("card_declined", "insufficient_funds"),
        ["4000000000009987"] = new("card_declined", "lost_card"),
        ["4000000000000069"] = new("expired_card"),
        ["4000000000000127"] = new("incorrect_cvc"),
        ["4000000000000119"] = new("processing_error"),
        ["4000000000000259"] = new(Outcome: Fraudulent),
        ["4000000000002685"] = new(Outcome: NotReceived),
        ["4000000000001976"] = new(Outcome: Inquiry),
        ["4000000000007726"] = new(Outcome: RefundPending),
        ["4000000000005126"] = new(Outcome: RefundFails),
        ["4000002760003184"] = new(Outcome: Authentication),
        ["4000002500003155"] = new(Outcome: Authentication),
    };

    private static readonly Dictionary<string, Fate> Ibans = new(StringComparer.Ordinal)
    {
        ["ES9121000418450200051332"] = new(Outcome: Fails),
        ["DE62370400440532013001"] = new(Outcome: Fails),
        ["ES5000120345030000067892"] = new(Outcome: NotAuthorised),
        ["DE35370400440532013002"] = new(Outcome: NotAuthorised),
    };

    public static Fate OfCard(string number) =>
        Cards.TryGetValue(number, out var fate) ? fate
        : IsCard(number) ? new Fate()
        : new Fate("incorrect_number");

    public static Fate OfIban(string iban) =>
        Ibans.TryGetValue(iban, out var fate) ? fate
        : IsIban(iban) ? new Fate()
        : new Fate("invalid_bank_account_iban");

    /// <summary>Without the blanks that people type.</summary>
    public static string Plain(string? text) => string.Concat((text ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static bool IsCard(string number)
    {
        if (number.Length is < 12 or > 19 || !number.All(char.IsAsciiDigit))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }

        return sum % 10 == 0;
    }

    private static bool IsIban(string iban)
    {
        if (iban.Length is < 15 or > 34 || !char.IsAsciiLetter(iban[0]) || !char.IsAsciiLetter(iban[1]))
        {
            return false;
        }

        var rest = 0;
        foreach (var each in iban[4..] + iban[..4])
        {
            rest = char.IsAsciiDigit(each) ? ((rest * 10) + each - '0') % 97 : ((rest * 100) + each - 'A' + 10) % 97;
        }

        return rest == 1;
    }
}
