using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// Each invoice that became settled says once how long its customer took. It is learned in the transaction that settles it, or in the one
/// that hears by what it was settled, of the first settlement only: money that is taken back and comes again says nothing more.
/// </summary>
public static class LearnSettlement
{
    private const string Zones = "select seller_id, time_zone from seller where seller_id = any (@sellers)";
    private const string Remember = """
        insert into settlement (seller_id, invoice_id, customer_key, business, issue_date, due_date, settled_on, settled_at, paid)
        select * from unnest(@sellers, @invoices, @customers, @businesses, @issued, @due, @on, @at, @paid)
            as told (seller_id, invoice_id, customer_key, business, issue_date, due_date, settled_on, settled_at, paid)
        order by seller_id, invoice_id
        on conflict do nothing
        returning seller_id, invoice_id
        """;

    /// <summary>Learns of receivables that became settled; those that had never anything due are not among them.</summary>
    public static async Task LearnAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Receivable> settled,
        CancellationToken cancellationToken
    )
    {
        var told = settled.Where(each => each is { SettledAt: not null, DueDate: not null }).ToArray();
        if (told.Length == 0)
        {
            return;
        }

        var connection = transaction.Connection!;
        var zones = (
            await connection.QueryAsync<(string Seller, string Zone)>(
                new CommandDefinition(
                    Zones,
                    new { sellers = told.Select(each => each.SellerId.Value).Distinct().ToArray() },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToDictionary(row => row.Seller, row => row.Zone);
        var settlements = told.Select(each => Settlement.Of(each, zones.GetValueOrDefault(each.SellerId.Value))).ToArray();
        T[] Of<T>(Func<Settlement, T> value) => [.. settlements.Select(value)];
        var first = (
            await connection.QueryAsync<(string, Guid)>(
                new CommandDefinition(
                    Remember,
                    new
                    {
                        sellers = Of(each => each.Seller.Value),
                        invoices = Of(each => each.Invoice.Value),
                        customers = Of(each => each.CustomerKey),
                        businesses = Of(each => each.Business),
                        issued = Of(each => each.IssueDate),
                        due = Of(each => each.DueDate),
                        on = Of(each => each.SettledOn),
                        at = Of(each => each.SettledAt),
                        paid = Of(each => each.Paid),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToHashSet();
        settlements = [.. settlements.Where(each => first.Contains((each.Seller.Value, each.Invoice.Value)))];
        if (settlements.Length > 0)
        {
            await LearnAsync(transaction, settlements, cancellationToken);
        }
    }

    private static async Task LearnAsync(NpgsqlTransaction transaction, Settlement[] settlements, CancellationToken cancellationToken)
    {
        var acts = await LoadHabits.ActsAsync(
            transaction.Connection!,
            transaction,
            [.. settlements.Select(each => (each.Seller, each.CustomerKey)).Distinct()],
            cancellationToken
        );
        var habits = await KeepHabits.LockAsync(
            transaction,
            [.. settlements.Select(each => (each.Seller, each.CustomerKey, each.Business))],
            cancellationToken
        );
        foreach (var seller in settlements.GroupBy(each => each.Seller))
        {
            // One batch's payments say nothing of each other: all are held against what was known before it.
            var chances = habits.Chances(seller.Key);
            foreach (var each in seller)
            {
                var exposure = each.Exposure([.. acts[(each.Seller, each.CustomerKey)].Select(act => SellerDayOf(act.At, each.Zone))]);
                var before = chances.Customer(each.Business, habits.Customer(each.Seller, each.CustomerKey));
                var segment = chances.Segment(each.Business);
                habits.Learn(
                    each.Seller,
                    each.CustomerKey,
                    each.Business,
                    habit => habit.With(exposure, before),
                    habit => habit.With(exposure, segment)
                );
            }
        }

        await habits.WriteAsync(cancellationToken);
    }

    private static DateOnly SellerDayOf(DateTimeOffset at, string zone) =>
        SellerDay.At(at, zone) ?? SellerDay.At(at, SellerDay.UsualZone)!.Value;

    private sealed record Settlement(
        SellerId Seller,
        InvoiceId Invoice,
        string CustomerKey,
        bool Business,
        DateOnly IssueDate,
        DateOnly DueDate,
        DateOnly SettledOn,
        DateTimeOffset SettledAt,
        bool Paid,
        string Zone
    )
    {
        public static Settlement Of(Receivable receivable, string? zone)
        {
            // The event may come late; the money came when it was allocated.
            // A few cents that the seller's tolerance forgave went with the payment that lacked them.
            var paid = receivable is { CancelledAt: null, BalanceCause: null or "difference" };
            var at = (paid ? Later(receivable.BalanceAt, receivable.PaidAt) : null) ?? receivable.SettledAt!.Value;
            var day = SellerDayOf(at, zone ?? SellerDay.UsualZone);
            var due = receivable.DueDate!.Value;
            var issued = receivable.IssueDate ?? (due.AddDays(-30) < day ? due.AddDays(-30) : day);
            return new Settlement(
                receivable.SellerId,
                receivable.InvoiceId,
                receivable.CustomerKey,
                receivable.Business ?? false,
                issued,
                due,
                day < issued ? issued : day,
                at.ToUniversalTime(),
                paid,
                zone ?? SellerDay.UsualZone
            );
        }

        /// <summary>That it is paid may be told before the balance that made it so.</summary>
        private static DateTimeOffset? Later(DateTimeOffset? balance, DateTimeOffset? paid) =>
            balance > paid || paid is null ? balance : paid;

        public Exposure Exposure(IReadOnlyList<DateOnly> acts) =>
            new()
            {
                From = IssueDate,
                To = SettledOn,
                Due = DueDate,
                Paid = Paid,
                Acts = acts,
            };
    }
}
