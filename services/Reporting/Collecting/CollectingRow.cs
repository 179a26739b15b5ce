using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.Collecting;

/// <summary>What reminding and calling did, of one group and currency.</summary>
public sealed record CollectingRow
{
    /// <summary>The group: 2026-11-23, 2026-W48, 2026-11, a step such as reminder-1, a channel such as email.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How many notices, one for each invoice and step.</summary>
    public long Notices { get; init; }

    /// <summary>How many calls.</summary>
    public long Calls { get; init; }

    /// <summary>How many messages, letters and visits of the seller's staff.</summary>
    public long OtherActs { get; init; }

    /// <summary>What was open of the invoices when they were reminded or called about.</summary>
    public decimal AskedFor { get; init; }

    /// <summary>How many of these were answered with money within thirty days and before the next one.</summary>
    public long Answered { get; init; }

    /// <summary>Money that came within seven days of the last notice or act before it.</summary>
    public decimal Within7Days { get; init; }

    /// <summary>The same within fourteen days.</summary>
    public decimal Within14Days { get; init; }

    /// <summary>The same within thirty days.</summary>
    public decimal Within30Days { get; init; }

    /// <summary>How many promises were made; absent by step and by channel, as all below.</summary>
    public long? Promises { get; init; }

    /// <summary>What was promised.</summary>
    public decimal? Promised { get; init; }

    /// <summary>How many promises whose day was over in the group were kept.</summary>
    public long? PromisesKept { get; init; }

    /// <summary>How many were kept in part.</summary>
    public long? PromisesPartial { get; init; }

    /// <summary>How many were broken.</summary>
    public long? PromisesBroken { get; init; }

    /// <summary>What of them came in time.</summary>
    public decimal? PromisedAndCame { get; init; }

    /// <summary>How many disputes were raised.</summary>
    public long? Disputes { get; init; }

    /// <summary>What was open of the invoices then.</summary>
    public decimal? Disputed { get; init; }

    /// <summary>Money that came for invoices after their sale, whether anybody had reminded or not.</summary>
    public decimal? Came { get; init; }

    /// <summary>The same with its currency's decimals.</summary>
    public CollectingRow Rounded()
    {
        return this with
        {
            AskedFor = Coins(AskedFor)!.Value,
            Within7Days = Coins(Within7Days)!.Value,
            Within14Days = Coins(Within14Days)!.Value,
            Within30Days = Coins(Within30Days)!.Value,
            Promised = Coins(Promised),
            PromisedAndCame = Coins(PromisedAndCame),
            Disputed = Coins(Disputed),
            Came = Coins(Came),
        };

        decimal? Coins(decimal? amount) => amount is { } known ? Money.Of(known, Currency).Amount : null;
    }
}

/// <summary>The effect of collecting as formats with columns write it.</summary>
public static class CollectingColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("notices", "Notices", "Avisos", ColumnKind.Whole),
        new("calls", "Calls", "Llamadas", ColumnKind.Whole),
        new("otherActs", "Other acts", "Otras gestiones", ColumnKind.Whole),
        new("askedFor", "Asked for", "Reclamado", ColumnKind.Money),
        new("answered", "Answered with money", "Con cobro", ColumnKind.Whole),
        new("within7Days", "Came within 7 days", "Cobrado en 7 días", ColumnKind.Money),
        new("within14Days", "Came within 14 days", "Cobrado en 14 días", ColumnKind.Money),
        new("within30Days", "Came within 30 days", "Cobrado en 30 días", ColumnKind.Money),
        new("promises", "Promises", "Promesas", ColumnKind.Whole),
        new("promised", "Promised", "Prometido", ColumnKind.Money),
        new("promisesKept", "Promises kept", "Promesas cumplidas", ColumnKind.Whole),
        new("promisesPartial", "Kept in part", "Cumplidas en parte", ColumnKind.Whole),
        new("promisesBroken", "Broken", "Incumplidas", ColumnKind.Whole),
        new("promisedAndCame", "Promised and came", "Prometido y cobrado", ColumnKind.Money),
        new("disputes", "Disputes", "Disputas", ColumnKind.Whole),
        new("disputed", "Disputed", "Disputado", ColumnKind.Money),
        new("came", "Came after the sale", "Cobrado tras la venta", ColumnKind.Money),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(CollectingRow row) =>
        [
            row.Key,
            row.Currency.Code,
            row.Notices,
            row.Calls,
            row.OtherActs,
            row.AskedFor,
            row.Answered,
            row.Within7Days,
            row.Within14Days,
            row.Within30Days,
            row.Promises,
            row.Promised,
            row.PromisesKept,
            row.PromisesPartial,
            row.PromisesBroken,
            row.PromisedAndCame,
            row.Disputes,
            row.Disputed,
            row.Came,
        ];
}
