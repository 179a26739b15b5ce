using System.Globalization;

namespace RetailInvoicing.Simulators.Bank.Books;

/// <summary>A transfer that somebody ordered.</summary>
internal sealed record Transfer
{
    public required long Number { get; init; }

    public required string Key { get; init; }

    public required string Iban { get; init; }

    public required string Name { get; init; }

    public required decimal Amount { get; init; }

    public string? Reference { get; init; }

    public string? Words { get; init; }

    public required string Payer { get; init; }

    public required string PayerAccount { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The faults that it was drawn for.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What it was booked with; none while it waits for the next one to the same account.</summary>
    public long? Movement { get; init; }
}

/// <summary>A movement on a seller's account.</summary>
internal sealed record Movement
{
    public required long Number { get; init; }

    public required string Iban { get; init; }

    public required decimal Amount { get; init; }

    public string? Reference { get; init; }

    public string? Words { get; init; }

    public required string Payer { get; init; }

    public required string PayerAccount { get; init; }

    /// <summary>When it is booked; a return lies ahead.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the seller is to be told; never where there is nothing.</summary>
    public DateTimeOffset? TellAt { get; init; }

    /// <summary>How often it is told.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The movement that it takes back.</summary>
    public long? Returns { get; init; }

    /// <summary>Why, in four characters of ISO 20022.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>What the seller's bookkeeping made of it: matched, proposed, unknown, noted, repeated.</summary>
    public string? Answer { get; init; }

    /// <summary>The bank's own reference; what takes it back cites the same.</summary>
    public string BankReference => string.Create(CultureInfo.InvariantCulture, $"SIM{Returns ?? Number:0000000000}");

    /// <summary>As a statement has it.</summary>
    public StatementLine Line =>
        new()
        {
            Amount = Amount,
            IsCredit = Returns is null,
            IsReversal = Returns is not null,
            BookedOn = DayOf(At),
            Code = ("PMNT", "RCDT", Returns is null ? "ESCT" : "RRTN"),
            BankReference = BankReference,
            PartyName = Payer,
            PartyAccount = PayerAccount,
            Reference = Reference,
            Lines = Words is null ? [] : [.. Words.Chunk(140).Select(static each => new string(each))],
            ReturnReason = Reason,
        };

    /// <summary>The bank's day.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Madrid).DateTime);

    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
}

/// <summary>An account that its owner has told the bank where to deliver what happens on it.</summary>
internal sealed record Account
{
    public required string Iban { get; init; }

    public string? Name { get; init; }

    /// <summary>The seller's Payments.</summary>
    public required string Address { get; init; }

    /// <summary>The seller's key; never shown.</summary>
    public required string Key { get; init; }

    public bool IsClosed { get; init; }
}
