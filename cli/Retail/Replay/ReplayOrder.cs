namespace RetailInvoicing.Retail.Replay;

/// <summary>What the operator asked to be replayed, and how.</summary>
public sealed record ReplayOrder
{
    /// <summary>The shop's file.</summary>
    public required FileInfo File { get; init; }

    /// <summary>First day, as in the file.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day, as in the file.</summary>
    public DateOnly? To { get; init; }

    /// <summary>How many times the shop's own pace; absent as fast as it goes.</summary>
    public decimal? Speed { get; init; }

    /// <summary>The way in.</summary>
    public ReplayVia Via { get; init; }

    /// <summary>Whose shop it becomes.</summary>
    public string Seller { get; init; } = "demo";

    /// <summary>The numbers of the order's days; a number is of the day of its first line.</summary>
    public IEnumerable<ShopNumber> Of(IEnumerable<ShopNumber> numbers) =>
        numbers.Where(number =>
            DateOnly.FromDateTime(number.FirstTime) is var day && (From is not { } from || day >= from) && (To is not { } to || day <= to)
        );
}

/// <summary>The ways into Invoicing.</summary>
public enum ReplayVia
{
    /// <summary>NDJSON over HTTP.</summary>
    Http,

    /// <summary>A gRPC stream.</summary>
    Grpc,

    /// <summary>The bus.</summary>
    Bus,
}
