using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>Which part of the forecast is asked for.</summary>
public sealed record ForecastQuery
{
    /// <summary>Of one customer only, by the seller's own name for it.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many invoices, up to 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>What is expected to come in, and when.</summary>
public sealed record ForecastBody
{
    /// <summary>The seller's day.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>When the sums were made; the invoices are looked at now.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Expected money by currency and day.</summary>
    public required IReadOnlyList<ExpectedDay> Days { get; init; }

    /// <summary>How past forecasts did.</summary>
    public required CalibrationBody Calibration { get; init; }

    /// <summary>Open invoices, the longest due first.</summary>
    public required IReadOnlyList<ForecastItem> Items { get; init; }

    /// <summary>Where the page ends.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>How past forecasts did: of the intervals that were told and are over, the share that held is to be the target.</summary>
public sealed record CalibrationBody
{
    /// <summary>The share that is aimed at.</summary>
    public required decimal Target { get; init; }

    /// <summary>Paid invoices that the intervals were learned from; below fifty the curves are taken at their word.</summary>
    public required int Outcomes { get; init; }

    /// <summary>Intervals that are over.</summary>
    public required int Told { get; init; }

    /// <summary>Those of them that held.</summary>
    public required int Held { get; init; }
}

/// <summary>When an open invoice is expected to be paid.</summary>
public sealed record ForecastItem
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What is open.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When it is due.</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>The day by which it is as likely paid as not; absent where that is more than a year away.</summary>
    public DateOnly? ExpectedOn { get; init; }

    /// <summary>The first day of the interval that holds four cases in five.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day; absent where it has none within a year.</summary>
    public DateOnly? To { get; init; }
}

/// <summary>Today's forecast of a seller: made now where nobody has asked before and its morning has not come.</summary>
public sealed class GetForecast(NpgsqlDataSource database, MakeForecast make, TimeProvider clock)
{
    private const int MostAtOnce = 200;
    private const int Usual = 50;

    private const string Page = """
        select invoice_id, customer_key, due_date
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null
          and (@customer::text is null or customer_id = @customer)
          and (@afterDue::date is null or (due_date, invoice_id) > (@afterDue, @afterInvoice::uuid))
        order by due_date, invoice_id
        limit @limit
        """;

    /// <summary>One page of it.</summary>
    public async Task<Outcome<ForecastBody>> RunAsync(SellerId seller, ForecastQuery query, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetForecast");
        if (query.Limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1 … {MostAtOnce}");
        }

        var after = default((DateOnly Due, Guid Invoice)?);
        if (query.Cursor is { } cursor && (after = Cursor.Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.At("cursor", "cursor", cursor);
        }

        // PostgreSQL's text holds no NUL, so no customer has one in its name.
        if (query.CustomerId?.Contains('\0') == true)
        {
            return DoorFaults.BadParameter.At("customerId", "customerId", query.CustomerId);
        }

        var run = await make.RunAsync(seller, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var limit = query.Limit ?? Usual;
        var rows = (
            await connection.QueryAsync<PageRow>(
                new CommandDefinition(
                    Page,
                    new
                    {
                        seller = seller.Value,
                        customer = query.CustomerId,
                        afterDue = after?.Due,
                        afterInvoice = after?.Invoice,
                        limit = limit + 1,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var (calibration, told, held) = await LoadForecasts.CalibrationAsync(connection, seller, cancellationToken);
        var page = rows.Take(limit).ToArray();
        // A customer's chances depend on all that it has open, not on what is on the page.
        var items = await LoadOpenItems.OfCustomersAsync(
            connection,
            null,
            [.. page.Select(row => (seller, row.CustomerKey)).Distinct()],
            clock.GetUtcNow(),
            cancellationToken
        );
        var chances = (await LoadHabits.ChancesAsync(connection, null, [seller], cancellationToken))[seller];
        var forecasts = (await LoadForecasts.OfAsync(connection, chances, calibration, items, run.AsOf, cancellationToken)).ToDictionary(
            each => each.Item.InvoiceId
        );
        return new ForecastBody
        {
            AsOf = run.AsOf,
            MadeAt = run.MadeAt,
            Days = run.Days,
            Calibration = new CalibrationBody
            {
                Target = (decimal)Calibration.Target,
                Outcomes = calibration.Outcomes,
                Told = told,
                Held = held,
            },
            Items =
            [
                // One that was settled between the two looks is left out.
                .. page.Where(row => forecasts.ContainsKey(row.InvoiceId)).Select(row => Show(forecasts[row.InvoiceId])),
            ],
            NextCursor = rows.Count > limit ? Cursor.Of(page[^1]) : null,
        };
    }

    private static ForecastItem Show((OpenItem Item, PayForecast Forecast) each) =>
        new()
        {
            InvoiceId = each.Item.InvoiceId,
            Number = each.Item.Number,
            CustomerId = each.Item.CustomerId,
            CustomerName = each.Item.CustomerName,
            Currency = each.Item.Currency,
            AmountDue = each.Item.AmountDue,
            DueDate = each.Item.DueDate,
            ExpectedOn = each.Forecast.ExpectedOn,
            From = each.Forecast.From,
            To = each.Forecast.To,
        };

    private sealed record PageRow
    {
        public InvoiceId InvoiceId { get; init; }

        public string CustomerKey { get; init; } = "";

        public DateOnly DueDate { get; init; }
    }

    private static class Cursor
    {
        public static string Of(PageRow last) =>
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{last.DueDate:yyyy-MM-dd}|{last.InvoiceId}"));

        public static (DateOnly Due, Guid Invoice)? Read(string cursor)
        {
            if (!Base64Url.IsValid(cursor))
            {
                return null;
            }

            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|');
            return
                parts.Length == 2
                && DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)
                && Guid.TryParseExact(parts[1], "D", out var invoice)
                ? (due, invoice)
                : null;
        }
    }
}
