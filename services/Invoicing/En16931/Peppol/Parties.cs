using System.Text.RegularExpressions;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>A country with rules of its own in Peppol, by its code.</summary>
internal enum Country
{
    /// <summary>One without.</summary>
    Other,
    DE,
    DK,

    /// <summary>Greece, as VAT identifiers write it.</summary>
    EL,
    GR,
    IS,
    IT,
    NL,
    NO,
    SE,
}

/// <summary>
/// Where the parties of a document are, which decides what national rules it is held to, and what else rules of single places ask of the
/// whole document; gathered once.
/// </summary>
internal sealed partial class Parties
{
    private HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _currencies;
    private Node _currency;
    private bool _isCurrencyKnown;

    /// <summary>Whether the document names its business process as Peppol does (BT-23).</summary>
    public bool HasProcess { get; private set; }

    /// <summary>Whether that process is 01, billing.</summary>
    public bool IsBilling { get; private set; }

    /// <summary>The seller's country: of its VAT identifier, its representative's, or its address.</summary>
    public Country Seller { get; init; }

    /// <summary>The same without the representative.</summary>
    public Country SellerAlone { get; init; }

    /// <summary>The buyer's country: of its VAT identifier or its address.</summary>
    public Country Buyer { get; init; }

    /// <summary>The country of the seller's address (BT-40), in whatever case.</summary>
    public Country SellersAddress { get; init; }

    /// <summary>The country of the buyer's address (BT-55), in whatever case.</summary>
    public Country BuyersAddress { get; init; }

    /// <summary>The country of the tax representative's address (BT-69), in whatever case.</summary>
    public Country RepresentativesAddress { get; init; }

    /// <summary>The country of the seller's address (BT-40), exactly as the code is.</summary>
    public Country SellersCode { get; init; }

    /// <summary>The country of the buyer's address (BT-55), exactly as the code is.</summary>
    public Country BuyersCode { get; init; }

    /// <summary>Whether a seller's address is in Greece, exactly as the code is.</summary>
    public bool HasGreekAddress { get; init; }

    /// <summary>Whether a seller's address is in Sweden.</summary>
    public bool IsSellerSwedish { get; set; }

    /// <summary>Whether such a seller has a Swedish VAT identifier, too.</summary>
    public bool HasSellerSwedishVat { get; set; }

    /// <summary>Whether a buyer's address is in Sweden.</summary>
    public bool IsBuyerSwedish { get; set; }

    /// <summary>Whether the document says anywhere how it is to be paid (BG-16).</summary>
    public bool HasPaymentMeans { get; set; }

    /// <summary>Whether the document cites an order (BT-13).</summary>
    public bool HasOrder { get; init; }

    /// <summary>The first day of the document's period (BT-73).</summary>
    public Node PeriodStart { get; init; }

    /// <summary>The last day of the document's period (BT-74).</summary>
    public Node PeriodEnd { get; init; }

    /// <summary>Whether both parties are German, by their addresses.</summary>
    public bool AreGerman => SellersAddress == Country.DE && BuyersAddress == Country.DE;

    /// <summary>Whether both parties are Danish, by their addresses.</summary>
    public bool AreDanish => SellersCode == Country.DK && BuyersCode == Country.DK;

    /// <summary>Whether the seller is Greek.</summary>
    public bool IsSellerGreek => Seller is Country.GR or Country.EL;

    /// <summary>Whether the buyer is Greek, too.</summary>
    public bool AreGreek => IsSellerGreek && Buyer is Country.GR or Country.EL;

    /// <summary>Takes the document's business process (BT-23).</summary>
    public void AddProcess(ReadOnlySpan<char> id)
    {
        Span<char> room = stackalloc char[256];
        var process = XPath.Normalized(id, room);
        HasProcess = Process().IsMatch(process);
        var part = 0;
        foreach (var range in process.Split(':'))
        {
            if (++part == 7)
            {
                IsBilling = HasProcess && process[range] is "01";
                break;
            }
        }
    }

    /// <summary>Takes a currency that the document is in (BT-5); there ought to be one.</summary>
    public void AddCurrency(Node currency)
    {
        if (!_currency.Exists)
        {
            _currency = currency;
            _isCurrencyKnown = CodeList.PeppolCurrencies.HasExactly(currency.Text);
            return;
        }

        _currencies ??= new HashSet<string>([_currency.Text.ToString()], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _currencies.Value.Add(currency.Text);
    }

    /// <summary>Whether the document is in that currency.</summary>
    public bool IsCurrency(ReadOnlySpan<char> code) =>
        _currency.Exists && (code.SequenceEqual(_currency.Text) || _currencies?.Contains(code) == true);

    /// <summary>Whether the document is in a currency that is another one.</summary>
    public bool IsOtherCurrency(ReadOnlySpan<char> code) =>
        _currency.Exists && (!code.SequenceEqual(_currency.Text) || _currencies is { Set.Count: > 1 });

    /// <summary>Whether there is such a currency; the document's own is looked up once.</summary>
    public bool IsKnownCurrency(ReadOnlySpan<char> code) =>
        _isCurrencyKnown && code.SequenceEqual(_currency.Text) || CodeList.PeppolCurrencies.HasExactly(code);

    /// <summary>The country of a code, exactly as it is.</summary>
    public static Country Exactly(ReadOnlySpan<char> code) =>
        code switch
        {
            "DE" => Country.DE,
            "DK" => Country.DK,
            "EL" => Country.EL,
            "GR" => Country.GR,
            "IS" => Country.IS,
            "IT" => Country.IT,
            "NL" => Country.NL,
            "NO" => Country.NO,
            "SE" => Country.SE,
            _ => Country.Other,
        };

    /// <summary>The country of a code in whatever case, white space around it apart.</summary>
    public static Country InAnyCase(ReadOnlySpan<char> code)
    {
        code = code.Trim(" \t\r\n");
        if (code.Length != 2)
        {
            return Country.Other;
        }

        Span<char> large = stackalloc char[2];
        code.ToUpperInvariant(large);
        return Exactly(large);
    }

    [GeneratedRegex(@"urn:fdc:peppol.eu:2017:poacc:billing:([0-9]{2}):1.0", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Process();

    /// <summary>The country that a VAT identifier begins with; none where there is no identifier.</summary>
    public static Country? OfVat(ReadOnlySpan<char> identifier) => identifier.IsEmpty ? null : InAnyCase(XPath.Part(identifier, 1, 2));
}
