using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Lists the holds of chains, newest first, for whoever operates the installation.</summary>
public sealed class ListHolds(NpgsqlDataSource database)
{
    private const string Columns = """
        hold_id, tax_id, environment, installation, reason, detail, detail_es, placed_at, agency_number, agency_issue_date,
        agency_fingerprint, agency_recorded_at, lifted_at, lifted_how, lifted_reason
        """;
    private const string Page = $"""
        select {Columns} from fiscal_hold
        where (@before is null or hold_id < @before) and (not @standing or lifted_at is null)
        order by hold_id desc limit @limit
        """;
    private const string One = $"select {Columns} from fiscal_hold where hold_id = @hold";

    /// <summary>A page, and where the next one begins.</summary>
    public async Task<HoldPage> ListAsync(bool isStanding, Guid? before, int limit, string? language, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Page);
        command.Parameters.Add(new("before", NpgsqlDbType.Uuid) { Value = (object?)before ?? DBNull.Value });
        command.Parameters.Add(new("standing", isStanding));
        command.Parameters.Add(new("limit", limit + 1));
        var holds = await ReadAsync(command, language, cancellationToken);
        return holds.Count > limit
            ? new HoldPage { Holds = holds[..limit], NextCursor = holds[limit - 1].HoldId.ToString() }
            : new HoldPage { Holds = holds };
    }

    /// <summary>A hold; none where there is none of that id.</summary>
    public async Task<FiscalHold?> GetAsync(Guid hold, string? language, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.Add(new("hold", hold));
        return (await ReadAsync(command, language, cancellationToken)).SingleOrDefault();
    }

    private static async Task<List<FiscalHold>> ReadAsync(NpgsqlCommand command, string? language, CancellationToken cancellationToken)
    {
        var holds = new List<FiscalHold>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        DateTimeOffset? Instant(int column) => reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column));
        while (await reader.ReadAsync(cancellationToken))
        {
            var detail = reader.GetString(5);
            holds.Add(
                new FiscalHold
                {
                    HoldId = reader.GetGuid(0),
                    TaxId = reader.GetString(1),
                    Environment = Enum.Parse<SellerEnvironment>(reader.GetString(2)),
                    Installation = reader.GetString(3),
                    Reason = reader.GetString(4),
                    Detail = new Said(detail, Text(6) ?? detail).In(language),
                    PlacedAt = Instant(7)!.Value,
                    Agency = Text(8) is { } number
                        ? new LastAtAgency(
                            number,
                            await reader.GetFieldValueAsync<DateOnly>(9, cancellationToken),
                            reader.GetString(10),
                            Instant(11)!.Value
                        )
                        : null,
                    LiftedAt = Instant(12),
                    LiftedHow = Text(13),
                    LiftedReason = Text(14),
                }
            );
        }

        return holds;
    }
}

/// <summary>A page of holds.</summary>
public sealed record HoldPage
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<FiscalHold> Holds { get; init; }

    /// <summary>Where the next page begins; absent on the last.</summary>
    public string? NextCursor { get; init; }
}
