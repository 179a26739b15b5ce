using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Timing;

/// <summary>What choosing channel and hour of messages is worth.</summary>
public sealed record EffectBody
{
    /// <summary>As of when.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Days that an invoice is followed from its first message.</summary>
    public required int HorizonDays { get; init; }

    /// <summary>The share of customers that is held out.</summary>
    public required decimal HoldOutShare { get; init; }

    /// <summary>Customers whose messages were chosen.</summary>
    public required EffectGroupBody Chosen { get; init; }

    /// <summary>Customers held out: the policy's own channel and time.</summary>
    public required EffectGroupBody HeldOut { get; init; }

    /// <summary>The difference in days; absent while a group has fewer than twenty customers.</summary>
    public EffectInterval? Effect { get; init; }
}

/// <summary>One of the two groups.</summary>
public sealed record EffectGroupBody
{
    /// <summary>Its customers.</summary>
    public required int Customers { get; init; }

    /// <summary>Their invoices that were followed to the end.</summary>
    public required int Invoices { get; init; }

    /// <summary>Days from the first message to the payment on average, at most the horizon each.</summary>
    public decimal? DaysToPay { get; init; }
}

/// <summary>Days more, or below zero fewer, than the customers held out take, with its interval of 95%.</summary>
public sealed record EffectInterval(decimal Days, decimal From, decimal To);

/// <summary>Days to pay of customers whose messages' channel and hour were chosen against those held out, with an interval.</summary>
public sealed class GetEffect(NpgsqlDataSource database, TimeProvider clock)
{
    // The first message of each invoice that a choice was made of. What was settled without money is left out of both.
    private const string Reminded = """
        with first as (
            select distinct on (d.invoice_id) d.invoice_id, c.customer_key, c.held_out, n.issued_at
            from send_choice c
            join notice n on n.seller_id = c.seller_id and n.notice_id = c.notice_id
            join dunning_step d on d.seller_id = n.seller_id and d.notice_id = n.notice_id
            where c.seller_id = @seller and n.issued_at is not null
            order by d.invoice_id, n.issued_at, n.notice_id
        )
        select f.held_out, count(*)::int as invoices,
            sum(least(@horizon, greatest(0, extract(epoch from coalesce(done.settled_at, @now) - f.issued_at) / 86400)))::double precision
                as days
        from first f
        left join settlement done on done.seller_id = @seller and done.invoice_id = f.invoice_id
        where f.issued_at <= @followed and coalesce(done.paid, true)
        group by f.customer_key, f.held_out
        """;

    /// <summary>The effect as of now.</summary>
    public async Task<EffectBody> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetEffect");
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var customers = await connection.QueryAsync<RemindedRow>(
            new CommandDefinition(
                Reminded,
                new
                {
                    seller = seller.Value,
                    horizon = SendEffect.Horizon,
                    now,
                    followed = now.AddDays(-SendEffect.Horizon),
                },
                cancellationToken: cancellationToken
            )
        );
        var effect = SendEffect.Of(customers.Select(each => new RemindedCustomer(each.HeldOut, each.Invoices, each.Days)));
        return new EffectBody
        {
            AsOf = now,
            HorizonDays = SendEffect.Horizon,
            HoldOutShare = (decimal)SendTime.HoldOutShare,
            Chosen = Body(effect.Chosen),
            HeldOut = Body(effect.HeldOut),
            Effect = effect is { Days: { } days, From: { } from, To: { } to }
                ? new EffectInterval(Tenths(days), Tenths(from), Tenths(to))
                : null,
        };
    }

    private static EffectGroupBody Body(EffectGroup group) =>
        new()
        {
            Customers = group.Customers,
            Invoices = group.Invoices,
            DaysToPay = group.Days is { } days ? Tenths(days) : null,
        };

    private static decimal Tenths(double days) => decimal.Round((decimal)days, 1, MidpointRounding.AwayFromZero);

    private sealed record RemindedRow
    {
        public bool HeldOut { get; init; }

        public int Invoices { get; init; }

        public double Days { get; init; }
    }
}
