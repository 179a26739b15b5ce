using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>The seller sees its mandates: which can be used, and which are suspended and why.</summary>
public sealed class GetMandate(NpgsqlDataSource database, TimeProvider clock)
{
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    /// <summary>A page of them.</summary>
    public sealed record Page
    {
        /// <summary>The mandates.</summary>
        public required IReadOnlyList<MandateAnswer> Mandates { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? NextCursor { get; init; }
    }

    /// <summary>One of them.</summary>
    public async Task<Outcome<MandateAnswer>> HandleAsync(Caller caller, string mandateId, CancellationToken token)
    {
        if (!SepaText.IsReference(mandateId))
        {
            return PaymentsFaults.NoMandate.With(mandateId);
        }

        await using var connection = await database.OpenConnectionAsync(token);
        var today = await TodayAsync(connection, caller);
        return await ReadMandates.OneAsync(connection, null, caller.SellerId, mandateId) is { } mandate
            ? MandateAnswer.Of(mandate, today)
            : PaymentsFaults.NoMandate.With(mandateId);
    }

    /// <summary>All of them, or a customer's, by id.</summary>
    public async Task<Outcome<Page>> ListAsync(Caller caller, string? customerId, string? cursor, int? limit, CancellationToken token)
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        if (customerId is not null && (customerId.Length is 0 or > 100 || customerId.Any(char.IsControl)))
        {
            return DoorFaults.BadParameter.At("customerId", "customerId", "1 … 100");
        }

        string? after = null;
        if (cursor is not null && ((after = Cursor.Read(cursor)) is null || !SepaText.IsReference(after)))
        {
            return Cursor.Unreadable();
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var today = await TodayAsync(connection, caller);
        var found = await ReadMandates.PageAsync(connection, caller.SellerId, customerId, after, most + 1);
        return new Page
        {
            Mandates = [.. found.Take(most).Select(mandate => MandateAnswer.Of(mandate, today))],
            NextCursor = found.Count > most ? Cursor.Of(found[most - 1].MandateId) : null,
        };
    }

    private async Task<DateOnly> TodayAsync(NpgsqlConnection connection, Caller caller) =>
        SellerDay.Of(clock.GetUtcNow(), await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, new { caller.SellerId }));
}
