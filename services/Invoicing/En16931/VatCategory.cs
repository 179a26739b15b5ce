namespace RetailInvoicing.Invoicing.En16931;

/// <summary>How a category of VAT has to be stated (6.4.3): which parties are identified, which rate, broken down how.</summary>
internal sealed class VatCategory
{
    private readonly string[] _rules;

    private VatCategory(int index, string code, string rules, Identification parties, RateRule rate)
    {
        (Index, Code, Parties, Rate) = (index, code, parties, rate);
        _rules = [.. Enumerable.Range(1, 10).Select(number => $"{rules}-{number:00}")];
    }

    /// <summary>Standard rated.</summary>
    public static readonly VatCategory S = new(0, "S", "BR-S", Identification.Seller, RateRule.Positive);

    /// <summary>Zero rated.</summary>
    public static readonly VatCategory Z = new(1, "Z", "BR-Z", Identification.Seller, RateRule.Zero);

    /// <summary>Exempt.</summary>
    public static readonly VatCategory E = new(2, "E", "BR-E", Identification.Seller, RateRule.Zero);

    /// <summary>Reverse charge.</summary>
    public static readonly VatCategory AE = new(3, "AE", "BR-AE", Identification.SellerAndBuyer, RateRule.Zero);

    /// <summary>Supply within the European Union.</summary>
    public static readonly VatCategory K = new(4, "K", "BR-IC", Identification.SellersAndBuyersVat, RateRule.Zero);

    /// <summary>Export.</summary>
    public static readonly VatCategory G = new(5, "G", "BR-G", Identification.SellersVat, RateRule.Zero);

    /// <summary>Not subject to VAT.</summary>
    public static readonly VatCategory O = new(6, "O", "BR-O", Identification.NoVat, RateRule.None);

    /// <summary>IGIC of the Canary Islands.</summary>
    public static readonly VatCategory L = new(7, "L", "BR-AF", Identification.Seller, RateRule.NotNegative);

    /// <summary>IPSI of Ceuta and Melilla.</summary>
    public static readonly VatCategory M = new(8, "M", "BR-AG", Identification.Seller, RateRule.NotNegative);

    /// <summary>All of them.</summary>
    public static readonly VatCategory[] All = [S, Z, E, AE, K, G, O, L, M];

    /// <summary>Which of <see cref="All"/> it is.</summary>
    public int Index { get; }

    /// <summary>UNTDID 5305.</summary>
    public string Code { get; }

    /// <summary>Who has to be identified.</summary>
    public Identification Parties { get; }

    /// <summary>Which rate it has.</summary>
    public RateRule Rate { get; }

    /// <summary>Several rates, and so several groups of the breakdown, are possible: S, L and M.</summary>
    public bool HasRates => Rate is RateRule.Positive or RateRule.NotNegative;

    /// <summary>The id of one of its ten rules.</summary>
    public string Rule(int number) => _rules[number - 1];

    /// <summary>What one of its ten rules asks for.</summary>
    public (string Spanish, string English) Text(int number) =>
        number switch
        {
            1 => HasRates
                ? (
                    $"La categoría {Code} consta en el desglose si, y solo si, se usa.",
                    $"Category {Code} stands in the breakdown where, and only where, it is used."
                )
                : (
                    $"La categoría {Code} consta una vez en el desglose si se usa.",
                    $"Category {Code} stands once in the breakdown where it is used."
                ),
            2 => Identified("una línea", "a line"),
            3 => Identified("un descuento", "an allowance"),
            4 => Identified("un cargo", "a charge"),
            5 => Rated("una línea", "a line"),
            6 => Rated("un descuento", "an allowance"),
            7 => Rated("un cargo", "a charge"),
            8 => (
                $"La base de la categoría {Code} es la suma de sus líneas menos descuentos más cargos (BT-116).",
                $"The taxable amount of category {Code} is the sum of its lines less allowances plus charges (BT-116)."
            ),
            9 => HasRates
                ? (
                    $"La cuota de la categoría {Code} es su base por su tipo (BT-117).",
                    $"The tax of category {Code} is its taxable amount times its rate (BT-117)."
                )
                : ($"La cuota de la categoría {Code} es cero (BT-117).", $"The tax of category {Code} is zero (BT-117)."),
            _ => HasRates || this == Z
                ? (
                    $"La categoría {Code} no lleva motivo de exención (BT-120, BT-121).",
                    $"Category {Code} has no exemption reason (BT-120, BT-121)."
                )
                : (
                    $"La categoría {Code} lleva motivo de exención (BT-120, BT-121).",
                    $"Category {Code} has an exemption reason (BT-120, BT-121)."
                ),
        };

    private (string Spanish, string English) Identified(string spanish, string english) =>
        Parties switch
        {
            Identification.Seller => (
                $"Con {spanish} de categoría {Code} consta el NIF-IVA o registro fiscal del vendedor, o el NIF-IVA de su representante.",
                $"With {english} of category {Code} the seller's VAT or tax registration identifier stands, or its representative's VAT identifier."
            ),
            Identification.SellerAndBuyer => (
                $"Con {spanish} de categoría {Code} consta quién es el vendedor, y el NIF-IVA o registro del comprador.",
                $"With {english} of category {Code} the seller is identified, and the buyer by VAT or registration identifier."
            ),
            Identification.SellersVat => (
                $"Con {spanish} de categoría {Code} consta el NIF-IVA del vendedor o de su representante.",
                $"With {english} of category {Code} the VAT identifier of the seller or its representative stands."
            ),
            Identification.SellersAndBuyersVat => (
                $"Con {spanish} de categoría {Code} constan los NIF-IVA del vendedor, o de su representante, y del comprador.",
                $"With {english} of category {Code} the VAT identifiers of the seller, or its representative, and of the buyer stand."
            ),
            _ => (
                $"Con {spanish} de categoría {Code} no consta el NIF-IVA de nadie.",
                $"With {english} of category {Code} nobody's VAT identifier stands."
            ),
        };

    private (string Spanish, string English) Rated(string spanish, string english) =>
        Rate switch
        {
            RateRule.Positive => (
                $"El tipo de {spanish} de categoría {Code} es mayor que cero.",
                $"The rate of {english} of category {Code} is more than zero."
            ),
            RateRule.NotNegative => (
                $"El tipo de {spanish} de categoría {Code} es cero o más.",
                $"The rate of {english} of category {Code} is zero or more."
            ),
            RateRule.Zero => ($"El tipo de {spanish} de categoría {Code} es cero.", $"The rate of {english} of category {Code} is zero."),
            _ => ($"{Capital(spanish)} de categoría {Code} no lleva tipo.", $"{Capital(english)} of category {Code} has no rate."),
        };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>The category of a code; none where it is no such code.</summary>
    public static VatCategory? Of(ReadOnlySpan<char> code) =>
        code switch
        {
            "S" => S,
            "Z" => Z,
            "E" => E,
            "AE" => AE,
            "K" => K,
            "G" => G,
            "O" => O,
            "L" => L,
            "M" => M,
            _ => null,
        };

    /// <summary>Whether a rate is one that it may have.</summary>
    public bool Allows(bool isGiven, decimal? rate) =>
        Rate switch
        {
            RateRule.Positive => rate > 0m,
            RateRule.NotNegative => rate >= 0m,
            RateRule.Zero => rate == 0m,
            _ => !isGiven,
        };
}

/// <summary>Which rate a category has.</summary>
internal enum RateRule
{
    Positive,
    NotNegative,
    Zero,
    None,
}

/// <summary>Which parties a category asks to be identified.</summary>
internal enum Identification
{
    /// <summary>The seller by VAT or tax registration identifier, or its representative by VAT identifier.</summary>
    Seller,

    /// <summary>That, and the buyer by VAT or legal registration identifier.</summary>
    SellerAndBuyer,

    /// <summary>The seller or its representative by VAT identifier.</summary>
    SellersVat,

    /// <summary>That, and the buyer by VAT identifier.</summary>
    SellersAndBuyersVat,

    /// <summary>Nobody by VAT identifier.</summary>
    NoVat,
}
