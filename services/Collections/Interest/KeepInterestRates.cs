using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>A rate as the operator keeps it.</summary>
public sealed record InterestRateRequest
{
    /// <summary>The European Central Bank's main refinancing rate in force on the first day of the half-year, percent.</summary>
    public required decimal MainRefinancingRate { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Source { get; init; }

    /// <summary>Who keeps it; the holder of the admin key where absent.</summary>
    public string? By { get; init; }

    /// <summary>Why, such as that a rate was mistyped.</summary>
    public string? Why { get; init; }
}

/// <summary>All rates that are known.</summary>
public sealed record InterestRateList(IReadOnlyList<HalfYearRate> Items);

/// <summary>
/// The operator keeps the rate of a half-year that began after this version was made. What a version knows stands: history is not
/// rewritten by hand. Who kept it, when and why is kept as well.
/// </summary>
public sealed class KeepInterestRates(NpgsqlDataSource database, TimeProvider clock)
{
    private const string UnnamedOperator = "admin";

    private const string Kept = """
        select r.half_year, r.main_refinancing_rate, r.source, a.by_name as kept_by, r.kept_at, a.why
        from interest_rate r
        left join lateral (
            select by_name, why from interest_rate_act where half_year = r.half_year order by at desc, act_id desc limit 1
        ) a on true
        """;
    private const string Keep = """
        insert into interest_rate (half_year, main_refinancing_rate, source, kept_at) values (@half, @rate, @source, @now)
        on conflict (half_year) do update
        set main_refinancing_rate = excluded.main_refinancing_rate, source = excluded.source, kept_at = excluded.kept_at;
        insert into interest_rate_act (act_id, half_year, main_refinancing_rate, source, by_name, why, at)
        values (@act, @half, @rate, @source, @by, @why, @now)
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

        var (by, why) = (UnnamedOperator, default(string));
        foreach (var (said, path) in new[] { (request.Value.By, "by"), (request.Value.Why, "why") })
        {
            if (said is null)
            {
                continue;
            }

            if (Act.Reason(said, CollectionsFaults.NoReason, path).Refused(out var unreasoned))
            {
                return unreasoned;
            }

            (by, why) = path == "by" ? (said.Trim(), why) : (by, said.Trim());
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    act = Guid.CreateVersion7(),
                    half,
                    rate,
                    source,
                    by,
                    why,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return new HalfYearRate
        {
            HalfYear = half,
            MainRefinancingRate = rate,
            Source = source,
            KeptBy = by,
            KeptAt = now,
            Why = why,
        };
    }
}
