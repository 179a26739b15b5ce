using System.Globalization;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Collections.Forecasts;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>Which list is asked for.</summary>
public sealed record WorklistQuery
{
    /// <summary>At most so many customers, up to 200; 20 unless told.</summary>
    public int? Limit { get; init; }

    /// <summary>expected, or largest-oldest to compare with.</summary>
    public string? Strategy { get; init; }

    /// <summary>Amounts of two currencies are not compared; that of most customers unless told.</summary>
    public string? Currency { get; init; }
}

/// <summary>Whom to turn to first, and why.</summary>
public sealed record WorklistBody
{
    /// <summary>As of when.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>By what it is ranked.</summary>
    public required string Strategy { get; init; }

    /// <summary>The currency of every amount; absent where nothing is overdue.</summary>
    public Currency? Currency { get; init; }

    /// <summary>Other currencies in which something is overdue, each a list of its own.</summary>
    public required IReadOnlyList<Currency> OtherCurrencies { get; init; }

    /// <summary>Whether Payments could be asked what is on its way; where it could not, look before you call.</summary>
    public required bool InFlightKnown { get; init; }

    /// <summary>The customers, first things first.</summary>
    public required IReadOnlyList<WorklistRow> Rows { get; init; }
}

/// <summary>A customer on the list.</summary>
public sealed record WorklistRow
{
    /// <summary>Its place.</summary>
    public required int Rank { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>Where mail reaches it.</summary>
    public string? Email { get; init; }

    /// <summary>Where it can be called.</summary>
    public string? Phone { get; init; }

    /// <summary>All that it has overdue.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What acting now is expected to bring that would not come within two months anyway, its cost taken off.</summary>
    public required decimal ExpectedGain { get; init; }

    /// <summary>What to do; absent where nothing is to be done now.</summary>
    public SuggestedAct? SuggestedAct { get; init; }

    /// <summary>Why, what weighs most first.</summary>
    public required IReadOnlyList<ReasonBody> Reasons { get; init; }

    /// <summary>What is overdue, the oldest first.</summary>
    public required IReadOnlyList<WorklistItem> Items { get; init; }
}

/// <summary>A reason by its stable code and in words.</summary>
public sealed record ReasonBody(string Code, string Text);

/// <summary>An overdue invoice of a customer on the list.</summary>
public sealed record WorklistItem
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>When it was due.</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>Days past it.</summary>
    public required int DaysOverdue { get; init; }

    /// <summary>What is due.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>What of it may be asked for now.</summary>
    public required decimal Workable { get; init; }

    /// <summary>What stands in the way.</summary>
    public required Standstill Standstill { get; init; }
}

/// <summary>Customers with something overdue, ranked by the cash that acting on them now is expected to bring, or the most owed first.</summary>
public sealed class GetWorklist(
    NpgsqlDataSource database,
    Balances.BalancesClient balances,
    ServiceCredentials credentials,
    TimeProvider clock
)
{
    private const int MostAtOnce = 200;
    private const int Usual = 20;
    private const int CustomersAtOnce = 500;
    private const int LateDays = 30;
    private const string Expected = "expected";
    private const string LargestOldest = "largest-oldest";

    private const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";
    private const string OverdueByCurrency = """
        select currency, count(distinct customer_key)::int as customers
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null and due_date < @today
          and (@stores::text[] is null or store_id = any(@stores))
        group by currency order by customers desc, currency
        """;
    private const string OverdueByCustomer = """
        select customer_key, sum(amount_due) as amount
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null and due_date < @today and currency = @currency
          and (@stores::text[] is null or store_id = any(@stores))
        group by customer_key
        order by amount desc, min(due_date), customer_key
        """;
    private const string Escalated = """
        select distinct invoice_id from dunning_step
        where seller_id = @seller and invoice_id = any (@invoices) and state = 'sent' and escalation <> 'none'
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The list; its words English unless Spanish is asked for.</summary>
    public async Task<Outcome<WorklistBody>> RunAsync(
        SellerId seller,
        WorklistQuery query,
        string? language,
        string[]? stores,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("GetWorklist");
        if (query.Limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1 … {MostAtOnce}");
        }

        if (query.Strategy is not (null or Expected or LargestOldest))
        {
            return CollectionsFaults.UnknownStrategy.At("strategy", query.Strategy);
        }

        var currency = default(Currency);
        if (query.Currency is not null && !Contracts.Currency.TryParse(query.Currency, out currency))
        {
            return CollectionsFaults.UnknownCurrency.At("currency", query.Currency);
        }

        var (strategy, limit, now) = (query.Strategy ?? Expected, query.Limit ?? Usual, clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(ZoneOfSeller, new { seller = seller.Value }, cancellationToken: cancellationToken)
        );
        var today = OpenHazard.DayOf(now, zone ?? SellerDay.UsualZone);
        var currencies = (
            await connection.QueryAsync<(string Currency, int Customers)>(
                new CommandDefinition(
                    OverdueByCurrency,
                    new
                    {
                        seller = seller.Value,
                        stores,
                        today,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).Select(row => Contracts.Currency.Of(row.Currency)).ToArray();
        if (currencies.Length == 0 && query.Currency is null)
        {
            return new WorklistBody
            {
                AsOf = now,
                Strategy = strategy,
                OtherCurrencies = [],
                InFlightKnown = true,
                Rows = [],
            };
        }

        currency = query.Currency is null ? currencies[0] : currency;
        var ranked = new Ranking(strategy, limit, today);
        await foreach (var debtor in DebtorsAsync(connection, (seller, stores), currency, today, now, ranked, cancellationToken))
        {
            ranked.Add(debtor);
        }

        var known = await LookAtFlightsAsync(seller, ranked, cancellationToken);
        return new WorklistBody
        {
            AsOf = now,
            Strategy = strategy,
            Currency = currency,
            OtherCurrencies = [.. currencies.Where(other => other != currency)],
            InFlightKnown = known,
            Rows = [.. ranked.First().Select((each, place) => Row(place + 1, each.Debtor, each.Gain, today, language))],
        };
    }

    /// <summary>
    /// Customers from the most owed down. By expected gain it goes on until none of the rest can come up to the list: nobody brings more
    /// than a certain share of what is owed.
    /// </summary>
    private static async IAsyncEnumerable<Debtor> DebtorsAsync(
        NpgsqlConnection connection,
        (SellerId Seller, string[]? Stores) whose,
        Currency currency,
        DateOnly today,
        DateTimeOffset now,
        Ranking ranked,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (seller, stores) = whose;
        var customers = (
            await connection.QueryAsync<(string Key, decimal Amount)>(
                new CommandDefinition(
                    OverdueByCustomer,
                    new
                    {
                        seller = seller.Value,
                        stores,
                        today,
                        currency = currency.Code,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var chances = (await LoadHabits.ChancesAsync(connection, null, [seller], cancellationToken))[seller];
        foreach (var together in customers.Chunk(CustomersAtOnce))
        {
            if (ranked.IsBeyond(together[0].Amount))
            {
                yield break;
            }

            var keys = together.Select(each => (seller, each.Key)).ToArray();
            var items = await LoadOpenItems.OfCustomersAsync(connection, null, keys, now, cancellationToken);
            var habits = await LoadHabits.CustomersAsync(connection, null, keys, cancellationToken);
            var acts = await LoadHabits.ActsAsync(connection, null, keys, cancellationToken);
            var promises = await LoadForecasts.PromisesAsync(connection, seller, [.. together.Select(each => each.Key)], cancellationToken);
            var escalated = (
                await connection.QueryAsync<Guid>(
                    new CommandDefinition(
                        Escalated,
                        new { seller = seller.Value, invoices = items.Select(item => item.InvoiceId.Value).ToArray() },
                        cancellationToken: cancellationToken
                    )
                )
            ).ToHashSet();
            foreach (var open in items.GroupBy(item => item.CustomerKey))
            {
                var overdue = open.Where(item => item.Currency == currency && item.DueDate < today && IsOf(stores, item)).ToArray();
                if (overdue.Length == 0)
                {
                    // Paid between the two looks.
                    continue;
                }

                var habit = habits.GetValueOrDefault((seller, open.Key)) ?? Habit.None;
                var ofCustomer = acts[(seller, open.Key)].ToArray();
                var zone = overdue[0].SellerZone ?? SellerDay.UsualZone;
                var (kept, judged) = promises.GetValueOrDefault(open.Key);
                yield return new Debtor
                {
                    Overdue = overdue,
                    Habit = habit,
                    Hazard = OpenHazard.Of(chances, habit, [.. open], ofCustomer, today),
                    Uplift = ActUplift.Of(chances, overdue[0].Business, habit),
                    LateActs =
                    [
                        .. ofCustomer
                            .Select(act => OpenHazard.DayOf(act.At, zone))
                            .Where(day => day.DayNumber > today.DayNumber - LateDays),
                    ],
                    PromisesKept = kept,
                    PromisesJudged = judged,
                    Escalated = overdue.Any(item => escalated.Contains(item.InvoiceId.Value)),
                };
            }
        }
    }

    /// <summary>Asks Payments what is on its way of the customers at the head, until none there is unasked; false where it is away.</summary>
    private async Task<bool> LookAtFlightsAsync(SellerId seller, Ranking ranked, CancellationToken cancellationToken)
    {
        for (var asked = 0; asked < Ranking.MostRounds && ranked.Unasked() is { Count: > 0 } unasked; asked++)
        {
            var ask = new GetBalances();
            ask.InvoiceIds.Add(unasked.SelectMany(debtor => debtor.Overdue).Select(item => item.InvoiceId.ToString()));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                var reply = await balances.GetAsync(
                    ask,
                    credentials.For("payments", OnBehalfOf.Seller(seller)),
                    cancellationToken: patience.Token
                );
                var inFlight = reply
                    .Balances.Select(balance => (Id: Guid.Parse(balance.InvoiceId), Amount: AmountOf(balance.InFlight)))
                    .Where(each => each.Amount > 0m)
                    .ToDictionary(each => each.Id, each => each.Amount);
                ranked.Know(unasked, inFlight);
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return ranked.Unasked().Count == 0;
    }

    private static bool IsOf(string[]? stores, OpenItem item) => stores is null || stores.Contains(item.StoreId?.Value);

    private static decimal AmountOf(string text) =>
        text.Length == 0 ? 0m : decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static WorklistRow Row(int rank, Debtor debtor, ExpectedGain gain, DateOnly today, string? language)
    {
        var latest = debtor.Overdue[^1];
        var currency = latest.Currency;
        return new WorklistRow
        {
            Rank = rank,
            CustomerId = latest.CustomerId,
            CustomerName = latest.CustomerName,
            Email = debtor.Overdue.Select(item => item.Email).LastOrDefault(email => email is not null),
            Phone = debtor.Overdue.Select(item => item.Phone).LastOrDefault(phone => phone is not null),
            Amount = Money.Of(debtor.Amount, currency).Amount,
            ExpectedGain = Money.Of(gain.Amount, currency).Amount,
            SuggestedAct = gain.Act,
            Reasons = [.. Reasons.Of(debtor, gain, today).Select(reason => new ReasonBody(reason.Code.Code, reason.In(language)))],
            Items =
            [
                .. debtor.Overdue.Select(item => new WorklistItem
                {
                    InvoiceId = item.InvoiceId,
                    Number = item.Number,
                    DueDate = item.DueDate,
                    DaysOverdue = today.DayNumber - item.DueDate.DayNumber,
                    AmountDue = item.AmountDue,
                    Workable = Money.Of(Workable.AmountOf(item, debtor.InFlightOf(item)), currency).Amount,
                    Standstill = Workable.StandstillOf(item, debtor.InFlightOf(item)),
                }),
            ],
        };
    }
}
