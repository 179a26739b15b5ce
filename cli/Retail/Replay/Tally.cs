using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Retail.Replay;

/// <summary>What became of every number that was read.</summary>
public sealed class Tally
{
    /// <summary>Invoicing's code for a ticket over the limit whose buyer is not identified.</summary>
    public const string OverTicketLimit = "INV-KIND-02";

    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly List<string> _unexpected = [];

    /// <summary>Numbers read.</summary>
    public int Read { get; private set; }

    /// <summary>Invoices that this run made, corrective ones too.</summary>
    public int Issued { get; private set; }

    /// <summary>Numbers whose invoice was there before this run.</summary>
    public int Repeated { get; private set; }

    /// <summary>Refusals by code.</summary>
    public IReadOnlyDictionary<string, int> Refused => _refused;

    /// <summary>Total with VAT of what this run issued, returns taken off.</summary>
    public decimal TotalWithVat { get; private set; }

    /// <summary>Returns whose original was found, among those issued or repeated.</summary>
    public int WithOriginal { get; private set; }

    /// <summary>Blind returns, among those issued or repeated.</summary>
    public int Blind { get; private set; }

    /// <summary>Refusals that the shop's file does not call for, each with its number, code and words.</summary>
    public IReadOnlyList<string> Unexpected => _unexpected;

    /// <summary>A number was read.</summary>
    public void Count() => Read++;

    /// <summary>The replay itself refuses it.</summary>
    public void CountRefused(string code) => _refused[code] = _refused.GetValueOrDefault(code) + 1;

    /// <summary>Invoicing has answered.</summary>
    public void Count(ShopNumber number, string? original, SaleOutcome outcome)
    {
        switch (outcome.Status)
        {
            case SaleStatus.Issued:
                Issued++;
                TotalWithVat += number.Total;
                break;
            case SaleStatus.Repeated:
                Repeated++;
                break;
            default:
                var code = outcome.Code ?? "REPLAY-NO-CODE";
                CountRefused(code);
                if (!number.IsOverTicketLimit || code != OverTicketLimit)
                {
                    _unexpected.Add($"{number.No}: {code} {outcome.Detail}".TrimEnd());
                }

                return;
        }

        if (number.IsReturn)
        {
            WithOriginal += original is null ? 0 : 1;
            Blind += original is null ? 1 : 0;
        }
    }

    /// <summary>The result as a script wants it.</summary>
    public ReplayResult ToResult() => new(Read, Issued, Repeated, _refused, Money.Of(TotalWithVat, Currency.Eur).Amount);
}

/// <summary>The result of a replay as --json prints it.</summary>
public sealed record ReplayResult(
    [property: JsonPropertyName("read")] int Read,
    [property: JsonPropertyName("issued")] int Issued,
    [property: JsonPropertyName("repeated")] int Repeated,
    [property: JsonPropertyName("refused")] IReadOnlyDictionary<string, int> Refused,
    [property: JsonPropertyName("totalWithVat")] decimal TotalWithVat
);

/// <summary>What Invoicing made of a sale.</summary>
public enum SaleStatus
{
    /// <summary>It has an invoice now.</summary>
    Issued,

    /// <summary>It had one before.</summary>
    Repeated,

    /// <summary>It has none and will not get one as it stands.</summary>
    Refused,
}

/// <summary>Invoicing's answer to a sale.</summary>
public sealed record SaleOutcome
{
    /// <summary>The sale.</summary>
    public required string SaleId { get; init; }

    /// <summary>What became of it.</summary>
    public required SaleStatus Status { get; init; }

    /// <summary>Its invoice.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Its invoice's number.</summary>
    public string? Number { get; init; }

    /// <summary>The refusal's code.</summary>
    public string? Code { get; init; }

    /// <summary>The refusal in words.</summary>
    public string? Detail { get; init; }
}
