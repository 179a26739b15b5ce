using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>A rate as the operator keeps it.</summary>
public sealed record InterestRateRequest
{
    /// <summary>The European Central Bank's main refinancing rate in force on the first day of the half-year, percent.</summary>
    public required decimal MainRefinancingRate { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Source { get; init; }
}

/// <summary>All rates that are known.</summary>
public sealed record InterestRateList(IReadOnlyList<HalfYearRate> Items);

/// <summary>
/// The operator keeps the rate of a half-year that began after this version was made. What a version knows stands: history is not
/// rewritten by hand.
/// </summary>
public sealed class KeepInterestRates(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Kept = "select half_year, main_refinancing_rate, source from interest_rate";
    private const string Keep = """
        insert into interest_rate (half_year, main_refinancing_rate, source, kept_at) values (@half, @rate, @source, @now)
        on conflict (half_year) do update
        set main_refinancing_rate = excluded.main_refinancing_rate, source = excluded.source, kept_at = excluded.kept_at
        """;

    /// <summary>What is known now.</summary>
    public static async Task<InterestRates> ReadAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    ) =>
        InterestRates.Known.With(
            await connection.QueryAsync<HalfYearRate>(
                new CommandDefinition(Kept, transaction: transaction, cancellationToken: cancellationToken)
            )
        );

    /// <summary>All of them.</summary>
    public async Task<InterestRateList> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new InterestRateList([.. (await ReadAsync(connection, null, cancellationToken)).Halves]);
    }

    /// <summary>Keeps one.</summary>
    public async Task<Outcome<HalfYearRate>> RunAsync(
        string halfYear,
        Outcome<InterestRateRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("KeepInterestRates");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (
            !DateOnly.TryParseExact(halfYear, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var half)
            || half != InterestRates.HalfYearOf(half)
        )
        {
            return CollectionsFaults.NoHalfYear.At("halfYear", halfYear);
        }

        var now = clock.GetUtcNow();
        // Nobody knows today what is in force on a day to come.
        if (half > DateOnly.FromDateTime(now.UtcDateTime))
        {
            return CollectionsFaults.RateToCome.At("halfYear");
        }

        if (half <= InterestRates.Known.Halves.Last().HalfYear)
        {
            return CollectionsFaults.RateKnown.At("halfYear", halfYear);
        }

        var (rate, source) = (request.Value.MainRefinancingRate, request.Value.Source.Trim());
        if (rate is < -5m or > 25m || rate != decimal.Round(rate, 3, MidpointRounding.ToZero))
        {
            return CollectionsFaults.BadRate.At("mainRefinancingRate");
        }

        if (source.Length is 0 or > 200 || source.Contains('\0'))
        {
            return CollectionsFaults.NoReason.At("source", 200);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                half,
                rate,
                source,
                now,
            }
        );
        return new HalfYearRate
        {
            HalfYear = half,
            MainRefinancingRate = rate,
            Source = source,
        };
    }
}
