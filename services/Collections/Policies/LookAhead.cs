using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>
/// What a policy would send in the days to come, on what is really open, before it is in force: beside the seller's other policies, and
/// as if nobody paid. Nothing is sent, kept or decided by it.
/// </summary>
public sealed class LookAhead(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostDays = 90;
    private const int UsualDays = 14;
    private const int CustomersAtOnce = 500;

    private const string Customers = """
        select distinct customer_key from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null and customer_key > @after
        order by customer_key
        limit @atOnce
        """;

    /// <summary>Looks: at a policy that is posted, or at the newest version of the one that is kept.</summary>
    public async Task<Outcome<PolicyPreview>> RunAsync(
        Caller caller,
        string policyId,
        int? days,
        Outcome<PolicyBody>? request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("LookAhead");
        if (days is < 1 or > MostDays)
        {
            return CollectionsFaults.PreviewDays.At("days", MostDays);
        }

        if (!PolicyChecks.IsId(policyId))
        {
            return CollectionsFaults.PolicyId.At("policyId");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        PolicyBody body;
        if (request is { } posted)
        {
            if (posted.Refused(out var unreadable))
            {
                return unreadable;
            }

            if (PolicyChecks.Of(posted.Value) is { Count: > 0 } faults)
            {
                return Fault.Of(faults);
            }

            body = posted.Value;
        }
        else
        {
            var versions = await ListPolicies.ReadAsync(connection, null, caller.SellerId, policyId, cancellationToken);
            if (versions.Count == 0)
            {
                return CollectionsFaults.NoPolicy.With(policyId);
            }

            body = versions[0].Policy;
        }

        // As it would be tomorrow: this one in force beside the others, each at its own time.
        var inForce = await LoadPolicies.InForceAsync(connection, null, [caller.SellerId], cancellationToken);
        Policy[] policies =
        [
            .. inForce[caller.SellerId].Where(policy => policy.PolicyId != policyId),
            Policy.Of(policyId, 0, body) with
            {
                Learned = false,
            },
        ];
        var now = clock.GetUtcNow();
        var sums = new PreviewSums(now, now + TimeSpan.FromDays(days ?? UsualDays));
        var after = "";
        while (true)
        {
            var customers = (
                await connection.QueryAsync<string>(
                    new CommandDefinition(
                        Customers,
                        new
                        {
                            seller = caller.SellerId.Value,
                            after,
                            atOnce = CustomersAtOnce,
                        },
                        cancellationToken: cancellationToken
                    )
                )
            ).AsList();
            if (customers.Count == 0)
            {
                return sums.Preview();
            }

            await AddAsync(connection, caller.SellerId, customers, policies, sums, now, cancellationToken);
            after = customers[^1];
        }
    }

    private static async Task AddAsync(
        NpgsqlConnection connection,
        SellerId seller,
        IReadOnlyCollection<string> customers,
        IReadOnlyList<Policy> policies,
        PreviewSums sums,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        (SellerId, string)[] keys = [.. customers.Select(customer => (seller, customer))];
        var items = await LoadOpenItems.OfCustomersAsync(connection, null, keys, now, cancellationToken);
        var known = await LoadSteps.OfInvoicesAsync(
            connection,
            null,
            [.. items.Select(item => (item.SellerId, item.InvoiceId))],
            cancellationToken
        );
        var messages = await LoadSteps.MessagesAsync(connection, null, keys, underWayToo: false, now, cancellationToken);
        (SellerId, string)[] addresses =
        [
            .. items.SelectMany(item => new[] { item.Email, item.Phone }.OfType<string>().Select(address => (seller, address.Trim()))),
        ];
        var closed = (await LoadSteps.ClosedAsync(connection, null, addresses, cancellationToken))[seller].ToHashSet();
        foreach (var customer in items.GroupBy(item => item.CustomerKey, StringComparer.Ordinal))
        {
            sums.Add(
                new CustomerState
                {
                    Items = [.. customer],
                    Known = customer
                        .Where(item => known.ContainsKey((seller, item.InvoiceId)))
                        .ToDictionary(item => item.InvoiceId, item => known[(seller, item.InvoiceId)]),
                    Messages = [.. messages[(seller, customer.Key)].Select(message => message.At)],
                    Closed = closed,
                    Policies = policies,
                }
            );
        }
    }
}
