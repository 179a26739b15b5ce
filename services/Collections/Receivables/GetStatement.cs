using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Whose statement: a customer of the seller by its key, or whoever proved an address, by that address and nothing else.</summary>
public sealed record StatementOf
{
    /// <summary>Whom it is owed to.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The customer's key, as the seller's staff asks.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>The proved address, as the customer asks.</summary>
    public string? Email { get; init; }
}

/// <summary>A customer's statement of account between two days of the seller, as of what is known now; a year where no days are given.</summary>
public sealed class GetStatement(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostReceivables = 10_000;

    private const string OfSeller = "select time_zone, language from seller where seller_id = @seller";
    private const string IsKnown = """
        select exists (
            select from receivable where seller_id = @seller and opened_at is not null
              and (@key::text is null or customer_key = @key) and (@email::text is null or lower(email) = lower(@email)))
        """;

    // What owed nothing before the first day and nothing happened to since is not in it.
    private const string Receivables = """
        select * from receivable
        where seller_id = @seller and opened_at is not null
          and (@key::text is null or customer_key = @key) and (@email::text is null or lower(email) = lower(@email))
          and (settled_at is null or greatest(settled_at, balance_at, paid_at, cancelled_at) >= @begins)
          and coalesce(issued_at, opened_at) < @ends
        order by due_date desc, invoice_id
        limit @most
        """;
    private const string Claims = """
        select c.invoice_id, r.number, c.kind, c.amount, c.currency, c.created_at, c.paid_at, c.waived_at
        from claim c join receivable r using (seller_id, invoice_id)
        where c.seller_id = @seller and r.opened_at is not null
          and (@key::text is null or r.customer_key = @key) and (@email::text is null or lower(r.email) = lower(@email))
        """;

    /// <summary>The statement, or why there is none.</summary>
    public async Task<Outcome<Statement>> RunAsync(StatementOf whose, string? from, string? to, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetStatement");
        if (Day("from", from).Refused(out var badFrom))
        {
            return badFrom;
        }

        if (Day("to", to).Refused(out var badTo))
        {
            return badTo;
        }

        var (seller, key, email) = (whose.SellerId.Value, whose.CustomerKey, whose.Email);
        if (key is null == email is null || (key ?? email)!.Length is 0 or > 320 || (key ?? email)!.Contains('\0'))
        {
            return CollectionsFaults.NoCustomer.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (zone, language) = await connection.QuerySingleOrDefaultAsync<(string?, string?)>(OfSeller, new { seller });
        zone ??= SellerDay.UsualZone;
        var now = clock.GetUtcNow();
        var last = Day("to", to).Value.Given ?? SellerDay.At(now, zone)!.Value;
        var first = Day("from", from).Value.Given ?? last.AddYears(-1).AddDays(1);
        if (first > last)
        {
            return CollectionsFaults.StatementBackwards.At("from");
        }

        var asked = new
        {
            seller,
            key,
            email,
            begins = SellerDay.EndOf(first.AddDays(-1), zone),
            ends = SellerDay.EndOf(last, zone),
            most = MostReceivables + 1,
        };
        var receivables = (await connection.QueryAsync<Receivable>(Receivables, asked)).AsList();
        if (receivables.Count > MostReceivables)
        {
            return CollectionsFaults.StatementTooLong.With(MostReceivables);
        }

        if (receivables.Count == 0 && !await connection.ExecuteScalarAsync<bool>(IsKnown, asked))
        {
            return CollectionsFaults.NoCustomer.With();
        }

        var claims = (await connection.QueryAsync<Statement.ClaimRow>(Claims, asked)).AsList();
        var histories = await LoadHistories.OfAsync(connection, null, receivables, cancellationToken);
        return new Statement
        {
            CustomerKey = key ?? email!,
            CustomerName = receivables.FirstOrDefault(each => each.CustomerName is not null)?.CustomerName,
            Language = receivables.FirstOrDefault(each => each.Language is not null)?.Language ?? language ?? "es",
            From = first,
            To = last,
            // With the seller's clock beside it: that day stands on the statement.
            MadeAt = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) ? TimeZoneInfo.ConvertTime(now, known) : now,
            Accounts = Statement.AccountsOf(histories, claims, first, last, zone),
        };
    }

    private static Outcome<DayGiven> Day(string name, string? text)
    {
        if (text is null)
        {
            return new DayGiven(null);
        }

        return
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is > 1900 and < 9999
            ? (Outcome<DayGiven>)new DayGiven(day)
            : DoorFaults.BadParameter.At(name, name, text);
    }

    private sealed record DayGiven(DateOnly? Given);
}
