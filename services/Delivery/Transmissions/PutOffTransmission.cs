using Dapper;
using Npgsql;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>What cannot go out now goes out later, and waits longer each time; a mail host that puts off again and again gets a rest.</summary>
public sealed class PutOffTransmission(NpgsqlDataSource database, DeliveryOptions options, TimeProvider clock)
{
    private const string LetGo = """
        with gone as (
            update transmission
            set hold = null, handed_over_at = null, due_at = @due, put_off = @putOff, last_error = @detail,
                possible_duplicate = possible_duplicate or @outcome = 'unknown'
            where seller_id = @seller and transmission_id = @id and hold = @hold and status = 'queued'
            returning 1
        )
        update attempt set ended_at = @now, outcome = @outcome, detail = @detail
        where exists (select from gone) and seller_id = @seller and transmission_id = @id and number = @number and ended_at is null
        """;

    // The hosts' rests double; what waits for one waits until its end.
    private const string CountFailure = """
        insert into mail_host as h (host, failures)
        select host, 1 from transmission where seller_id = @seller and transmission_id = @id
        on conflict (host) do update set failures = h.failures + 1
        returning h.host, h.failures
        """;

    private const string Rest = """
        with rests as (
            update mail_host set rest_until = @until where host = @host
        )
        update transmission set due_at = @until where status = 'queued' and host = @host and hold is null and due_at < @until
        """;

    /// <summary>Lets it go until later; a mail host that puts off again and again gets a rest.</summary>
    public async Task RunAsync(HeldMessage held, int? attempt, HandOver end, CancellationToken cancellationToken, bool isNeighbours = false)
    {
        var now = clock.GetUtcNow();
        var cap = attempt is null ? options.RetryCap : options.PutOffCap;
        var due = now + Backoff.After(held.PutOff + 1, options.RetryBase, cap, Random.Shared.NextDouble());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            LetGo,
            new
            {
                seller = held.SellerId.Value,
                id = held.TransmissionId.Value,
                hold = held.Hold,
                now,
                due,
                detail = end.Detail,
                outcome = end.End == HandOverEnd.Unknown ? "unknown" : "deferred",
                putOff = Backoff.Counted(held.PutOff, isNeighbours),
                number = attempt ?? 0,
            },
            transaction
        );
        if (attempt is not null && end.IsOfHost && held.Channel == ChannelNames.Email)
        {
            var (host, failures) = await connection.QuerySingleAsync<(string, int)>(
                CountFailure,
                new { seller = held.SellerId.Value, id = held.TransmissionId.Value },
                transaction
            );
            if (failures >= options.HostFailures)
            {
                var rest = Backoff.After(
                    failures - options.HostFailures + 1,
                    options.HostRestBase,
                    options.HostRestCap,
                    Random.Shared.NextDouble()
                );
                await connection.ExecuteAsync(Rest, new { host, until = now + rest }, transaction);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
