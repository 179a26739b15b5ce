using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Interest;

/// <summary>Interest or compensation that can be claimed now and is not claimed yet.</summary>
public sealed record NewClaim
{
    /// <summary>The claim that it becomes.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>Whom it is owed to.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice that was or is paid late.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string CustomerKey { get; init; }

    /// <summary>interest or recovery.</summary>
    public required string Kind { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Currency of it.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The first day of the interest.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Its last day.</summary>
    public DateOnly? Until { get; init; }
}

/// <summary>
/// What businesses owe beside late invoices: interest for the days that were not claimed yet, and the compensation once. Of a consumer
/// nothing, and no interest for days whose rate is not known.
/// </summary>
public static class MakeClaims
{
    /// <summary>Interest for days.</summary>
    public const string OfInterest = "interest";

    /// <summary>The compensation of recovery costs.</summary>
    public const string OfRecovery = "recovery";

    private const string Made = """
        select seller_id, invoice_id,
            max(until_date) filter (where kind = 'interest' and waived_at is null) as claimed_until,
            max(until_date) filter (where kind = 'interest') as decided_until,
            coalesce(bool_or(kind = 'recovery'), false) as recovery
        from claim
        where (seller_id, invoice_id) in (select * from unnest(@sellers::text[], @invoices::uuid[]))
        group by seller_id, invoice_id
        """;
    private const string Keep = """
        insert into claim (seller_id, claim_id, invoice_id, kind, amount, currency, from_date, until_date, created_at)
        select seller_id, claim_id, invoice_id, kind, amount, currency, from_date, until_date, @now
        from unnest(@sellers, @claims, @invoices, @kinds, @amounts, @currencies, @froms, @untils) as made
            (seller_id, claim_id, invoice_id, kind, amount, currency, from_date, until_date)
        where kind <> 'interest' or not exists (
            select from claim c
            where c.seller_id = made.seller_id and c.invoice_id = made.invoice_id and c.kind = 'interest' and c.waived_at is null
              and c.until_date >= made.from_date)
        on conflict do nothing
        returning claim_id
        """;

    /// <summary>
    /// What could be claimed now of these items, each in its invoice's currency; nothing of it is written. What somebody waived no reminder
    /// claims again: only a person does.
    /// </summary>
    public static async Task<IReadOnlyList<NewClaim>> OfItemsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<OpenItem> items,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var late = items
            .Where(item => item.Business)
            .ToDictionary(item => (item.SellerId, item.InvoiceId), item => item.SellerZone ?? SellerDay.UsualZone);
        if (late.Count == 0)
        {
            return [];
        }

        var currencies = items.ToDictionary(item => item.InvoiceId, item => item.Currency);
        var histories = await LoadHistories.OfAsync(connection, transaction, [.. late.Keys], cancellationToken);
        var claimable = await OfAsync(connection, transaction, histories, late, now, null, waivedToo: false, cancellationToken);
        // A message is in one currency; euros beside dollars are claimed by hand.
        return [.. claimable.SelectMany(each => each.Claims).Where(claim => claim.Currency == currencies[claim.InvoiceId])];
    }

    /// <summary>
    /// What could be claimed of these histories of businesses, until a day or until today; of days whose interest was waived, where that is
    /// asked for.
    /// </summary>
    public static async Task<IReadOnlyList<Claimable>> OfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyList<ReceivableHistory> histories,
        IReadOnlyDictionary<(SellerId, InvoiceId), string> zones,
        DateTimeOffset now,
        DateOnly? until,
        bool waivedToo,
        CancellationToken cancellationToken
    )
    {
        var rates = await KeepInterestRates.ReadAsync(connection, transaction, cancellationToken);
        var made = (
            await connection.QueryAsync<MadeRow>(
                new CommandDefinition(
                    Made,
                    new
                    {
                        sellers = histories.Select(each => each.Receivable.SellerId.Value).ToArray(),
                        invoices = histories.Select(each => each.Receivable.InvoiceId.Value).ToArray(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToDictionary(row => (row.SellerId, row.InvoiceId));
        return
        [
            .. histories
                .Where(each => each.Receivable.DueDate is not null)
                .Select(each =>
                {
                    var key = (each.Receivable.SellerId, each.Receivable.InvoiceId);
                    var (zone, before) = (zones[key], made.GetValueOrDefault(key));
                    return Claimable.Of(
                        each,
                        rates,
                        zone,
                        until ?? SellerDay.At(now, zone)!.Value,
                        waivedToo ? before?.ClaimedUntil : before?.DecidedUntil,
                        before?.Recovery == true
                    );
                }),
        ];
    }

    /// <summary>
    /// Writes claims down, each with who made it (ourselves, where nobody is said) and why; what another has claimed meanwhile is left out.
    /// Those that were written.
    /// </summary>
    public static async Task<IReadOnlyList<NewClaim>> KeepAsync(
        NpgsqlTransaction transaction,
        Actor? actor,
        string? why,
        IReadOnlyList<NewClaim> claims,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (claims.Count == 0)
        {
            return [];
        }

        var written = (
            await transaction.Connection!.QueryAsync<Guid>(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        now,
                        sellers = claims.Select(each => each.SellerId.Value).ToArray(),
                        claims = claims.Select(each => each.ClaimId).ToArray(),
                        invoices = claims.Select(each => each.InvoiceId.Value).ToArray(),
                        kinds = claims.Select(each => each.Kind).ToArray(),
                        amounts = claims.Select(each => each.Amount).ToArray(),
                        currencies = claims.Select(each => each.Currency.Code).ToArray(),
                        froms = claims.Select(each => each.From).ToArray(),
                        untils = claims.Select(each => each.Until).ToArray(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToHashSet();
        var kept = claims.Where(each => written.Contains(each.ClaimId)).ToArray();
        foreach (var claim in kept)
        {
            var act = new Act
            {
                By = actor ?? Actor.System(claim.SellerId),
                At = now,
                Kind = "claim-made",
                InvoiceId = claim.InvoiceId,
                CustomerKey = claim.CustomerKey,
                Why = why,
                Body = new
                {
                    claim.ClaimId,
                    claim.Kind,
                    claim.Amount,
                    claim.Currency,
                    claim.From,
                    claim.Until,
                },
            };
            await KeepAct.AddAsync(transaction, act, cancellationToken);
        }

        return kept;
    }

    private sealed record MadeRow
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public DateOnly? ClaimedUntil { get; init; }

        /// <summary>The same with what was waived.</summary>
        public DateOnly? DecidedUntil { get; init; }

        public bool Recovery { get; init; }
    }
}
