using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>A seller's past forecasts are held against what came of them; those that are too old to say anything are forgotten.</summary>
public static class KeepCalibration
{
    // Of what was settled, taken back and forecast again only the first settlement is kept: it says nothing of the later forecast.
    private const string PastForecasts = """
        select f.made_on, f.quantile_days, f.from_day, f.to_day, s.settled_on, s.paid
        from forecast_score f
        left join settlement s on s.seller_id = f.seller_id and s.invoice_id = f.invoice_id
        where f.seller_id = @seller and f.made_on >= @notBefore and f.made_on < @today
          and (s.settled_on is null or s.settled_on >= f.made_on)
        order by f.made_on desc
        limit 20000
        """;
    private const string Keep = """
        insert into forecast_calibration (seller_id, lower, upper, outcomes, told, held, made_at)
        values (@seller, @lower, @upper, @outcomes, @told, @held, @now)
        on conflict (seller_id) do update
        set lower = excluded.lower, upper = excluded.upper, outcomes = excluded.outcomes, told = excluded.told, held = excluded.held,
            made_at = excluded.made_at
        """;
    private const string Forget = "delete from forecast_score where seller_id = @seller and made_on < @notBefore";

    /// <summary>The levels between which four outcomes in five lay, from now on; kept, with how the intervals that were told held.</summary>
    public static async Task<Calibration> RunAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SellerId seller,
        DateOnly today,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var notBefore = today.AddDays(-Calibration.LookBackDays);
        await connection.ExecuteAsync(
            new CommandDefinition(Forget, new { seller = seller.Value, notBefore }, transaction, cancellationToken: cancellationToken)
        );
        var past = await connection.QueryAsync<PastRow>(
            new CommandDefinition(
                PastForecasts,
                new
                {
                    seller = seller.Value,
                    notBefore,
                    today,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        var (outcomes, told, held) = (new List<ForecastOutcome>(), 0, 0);
        foreach (var each in past)
        {
            if (PayCurve.Kept(each.QuantileDays) is not { } curve)
            {
                continue;
            }

            var passed = (each.SettledOn is { } settled ? settled.DayNumber : today.DayNumber) - each.MadeOn.DayNumber;
            var paid = each.Paid == true;
            outcomes.Add(paid ? ForecastOutcome.PaidOn(curve, passed) : ForecastOutcome.OpenThrough(curve, passed - 1));
            // Told and over: paid, or open past the day that was said to be the last.
            if (paid || passed > each.ToDay)
            {
                told++;
                held += paid && passed >= each.FromDay && !(passed > each.ToDay) ? 1 : 0;
            }
        }

        var calibration = Calibration.Of(outcomes);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = seller.Value,
                    lower = (float)calibration.Lower,
                    upper = (float)calibration.Upper,
                    outcomes = calibration.Outcomes,
                    told,
                    held,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return calibration;
    }

    private sealed record PastRow
    {
        public DateOnly MadeOn { get; init; }

        public short[] QuantileDays { get; init; } = [];

        public short FromDay { get; init; }

        public short? ToDay { get; init; }

        public DateOnly? SettledOn { get; init; }

        public bool? Paid { get; init; }
    }
}
