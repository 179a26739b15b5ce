using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Drafts that are to go down in one transaction, each with the series and the day that it would be issued under.</summary>
internal sealed class IssuingAttempt
{
    /// <summary>An attempt at an instant, which gives each its day in its store's zone.</summary>
    public IssuingAttempt(IssuingPoint point, IReadOnlyList<GatheredDraft> gathered, DateTimeOffset at)
    {
        (Point, Gathered, At) = (point, gathered, at);
        Keys = [.. gathered.Select(each => KeyOf(each.Draft))];
        Series = [.. Keys.Distinct()];
        Ids = [.. gathered.Select(static _ => InvoiceId.New())];
        Issued = new InvoiceIssued?[gathered.Count];
    }

    /// <summary>The taxpayer's point.</summary>
    public IssuingPoint Point { get; }

    /// <summary>The drafts, in line.</summary>
    public IReadOnlyList<GatheredDraft> Gathered { get; }

    /// <summary>When they are issued.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Each one's series.</summary>
    public IReadOnlyList<SeriesKey> Keys { get; }

    /// <summary>The series, each once.</summary>
    public IReadOnlyList<SeriesKey> Series { get; }

    /// <summary>Each one's invoice.</summary>
    public IReadOnlyList<InvoiceId> Ids { get; }

    /// <summary>What was issued; none where another post claimed the sale.</summary>
    public InvoiceIssued?[] Issued { get; }

    /// <summary>The day it is issued on.</summary>
    public DateOnly IssueDateOf(InvoiceDraft draft) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(At, draft.Zone).DateTime);

    private SeriesKey KeyOf(InvoiceDraft draft) =>
        new(
            draft.Seller.SellerId,
            draft.Seller.Body.Environment,
            SeriesKey.KindOf(draft.Kind),
            draft.Sale.Posted.StoreId,
            IssueDateOf(draft).Year
        );
}

/// <summary>Drafts of an attempt that cannot be issued after all, by their places, or all of them where it names none; and why.</summary>
internal sealed record Refusal(IReadOnlyList<int>? Drafts, Fault Fault);
