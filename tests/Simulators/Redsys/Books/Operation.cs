using System.Globalization;
using System.Text.Json.Serialization;

namespace RetailInvoicing.Simulators.Redsys.Books;

/// <summary>A payment or refund as Redsys has it.</summary>
internal sealed record Operation
{
    public const string Payment = "0";
    public const string Refund = "3";

    /// <summary>Asked for, the payer not done yet.</summary>
    public const string Asked = "S";

    /// <summary>Over.</summary>
    public const string Over = "F";

    public required long Number { get; init; }

    public required string Merchant { get; init; }

    public required string Terminal { get; init; }

    public required string Order { get; init; }

    public required string Type { get; init; }

    /// <summary>In smallest coins.</summary>
    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string State { get; init; }

    /// <summary>Ds_Response.</summary>
    public required string Response { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>How what is told of it is signed.</summary>
    public required string Version { get; init; }

    /// <summary>Ds_ErrorCode.</summary>
    public string? Error { get; init; }

    public string? Authorisation { get; init; }

    /// <summary>card or bizum.</summary>
    public string? Means { get; init; }

    /// <summary>Ds_MerchantData.</summary>
    public string Data { get; init; } = "";

    public string? NotifyAt { get; init; }

    public string? Ok { get; init; }

    public string? Ko { get; init; }

    /// <summary>C, z or whatever the terminal has.</summary>
    public string PayMethods { get; init; } = "";

    public string Language { get; init; } = "001";

    public string Description { get; init; } = "";

    [JsonIgnore]
    public bool IsPaid => Type == Payment && State == Over && Response is ['0', '0', _, _];

    [JsonIgnore]
    public bool IsGiven => Type == Refund && Response == "0900";

    /// <summary>The amount as people write it, with a point.</summary>
    [JsonIgnore]
    public string Coins => CoinsOf(Amount, Currency);

    /// <summary>Yen and pesos have no smaller coins.</summary>
    public static string CoinsOf(long amount, string currency) =>
        currency is "392" or "152"
            ? amount.ToString(CultureInfo.InvariantCulture)
            : (amount / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
