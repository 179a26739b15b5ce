using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>Whose book or mail it is, as last told; of a seller that was not told of yet, what is usual.</summary>
public sealed record BookSeller
{
    /// <summary>Legal name.</summary>
    public string Name { get; init; } = "";

    /// <summary>NIF.</summary>
    public string TaxId { get; init; } = "";

    /// <summary>Mails come from it.</summary>
    public string? Email { get; init; }

    /// <summary>Language, ISO 639-1.</summary>
    public string Language { get; init; } = "es";

    /// <summary>IANA zone.</summary>
    public string TimeZone { get; init; } = "Europe/Madrid";

    /// <summary>test or production.</summary>
    public string Environment { get; init; } = "test";

    /// <summary>Whether its documents have no fiscal validity.</summary>
    public bool IsTest => Environment != "production";

    /// <summary>Its zone; that of Madrid where this machine does not know it.</summary>
    public TimeZoneInfo Zone =>
        TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
}

/// <summary>Reads what was last told of a seller.</summary>
public sealed class FindSeller(NpgsqlDataSource database)
{
    private const string Find = """
        select name, coalesce(tax_id, '') as tax_id, email, coalesce(language, 'es') as language, coalesce(time_zone, 'Europe/Madrid') as time_zone,
            coalesce(environment, 'test') as environment
        from seller where seller_id = @seller
        """;

    /// <summary>The seller.</summary>
    public async Task<BookSeller> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("FindSeller");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<BookSeller>(
                new CommandDefinition(Find, new { seller = seller.Value }, cancellationToken: cancellationToken)
            ) ?? new BookSeller { Name = seller.Value };
    }
}
