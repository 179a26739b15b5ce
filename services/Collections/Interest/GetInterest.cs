using System.Globalization;
using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>What a business owes beside a late invoice, and how it was reckoned.</summary>
public sealed record InterestBody
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The first day that counts: after the due date, and after the days that were claimed already.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day that counts.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>The sum; absent where the rate of a day is not known.</summary>
    public decimal? Interest { get; init; }

    /// <summary>The first day whose rate is not known: nothing is guessed.</summary>
    public DateOnly? RateUnknownFrom { get; init; }

    /// <summary>The compensation in euros; absent where it was claimed already or is not owed.</summary>
    public decimal? Recovery { get; init; }

    /// <summary>How the interest came about.</summary>
    public required IReadOnlyList<InterestPieceBody> Pieces { get; init; }
}

/// <summary>Days of one rate on one amount.</summary>
public sealed record InterestPieceBody(
    DateOnly From,
    DateOnly Until,
    int Days,
    decimal Owed,
    decimal RatePercent,
    int DaysInYear,
    decimal Interest
);

/// <summary>The interest and the compensation that a business owes for a late invoice and that are not claimed yet.</summary>
public sealed class GetInterest(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostDaysAhead = 366;
    private const int FinestDecimals = 6;

    /// <summary>As of the end of that day; of today where none is given.</summary>
    public async Task<Outcome<InterestBody>> RunAsync(SellerId seller, string invoiceId, string? until, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetInterest");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FindReceivable.LockAsync(transaction, seller, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var claimable = await OfAsync(transaction, seller, found.Value, until, clock.GetUtcNow(), cancellationToken);
        if (claimable.Refused(out var refused))
        {
            return refused;
        }

        var interest = claimable.Value.Interest;
        var currency = found.Value.Currency;
        return new InterestBody
        {
            InvoiceId = found.Value.InvoiceId,
            Currency = currency,
            From = interest.From,
            Until = interest.Until,
            Interest = interest.Amount,
            RateUnknownFrom = interest.UnknownFrom,
            Recovery = claimable.Value.Recovery ? RecoveryCompensation.Amount.Amount : null,
            Pieces =
            [
                .. interest.Pieces.Select(piece => new InterestPieceBody(
                    piece.From,
                    piece.Until,
                    piece.Days,
                    Money.Of(piece.Owed, currency).Amount,
                    piece.Rate,
                    piece.DaysInYear,
                    decimal.Round(piece.Interest, FinestDecimals, MidpointRounding.AwayFromZero)
                )),
            ],
        };
    }

    /// <summary>What can be claimed of a receivable that is held: of a business alone, until a day that is no further than a year ahead.</summary>
    internal static async Task<Outcome<Claimable>> OfAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        LockedReceivable receivable,
        string? until,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!receivable.Business)
        {
            return CollectionsFaults.ConsumerOwesNoInterest.With();
        }

        var (today, last) = (receivable.SellerDayAt(now), default(DateOnly));
        if (until is not null && !DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out last))
        {
            return DoorFaults.BadParameter.At("until", "until", until);
        }

        if (until is not null && last.DayNumber - today.DayNumber > MostDaysAhead)
        {
            return CollectionsFaults.InterestTooFar.At("until", MostDaysAhead);
        }

        var key = (seller, receivable.InvoiceId);
        var histories = await LoadHistories.OfAsync(transaction.Connection!, transaction, [key], cancellationToken);
        var zones = new Dictionary<(SellerId, InvoiceId), string> { [key] = receivable.SellerZone ?? SellerDay.UsualZone };
        var claimable = await MakeClaims.OfAsync(
            transaction.Connection!,
            transaction,
            histories,
            zones,
            now,
            until is null ? null : last,
            waivedToo: true,
            cancellationToken
        );
        return claimable is [var one] ? one : CollectionsFaults.NoReceivable.With();
    }
}
