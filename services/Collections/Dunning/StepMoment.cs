using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>When a step is due: at its time of its day, by the clocks of the customer's place.</summary>
public static class StepMoment
{
    // A due date of another age is a mistake of whoever wrote it, and no instant can be had of it.
    private static readonly DateOnly First = new(1900, 1, 1);

    /// <summary>No day after it is one that anybody waits for.</summary>
    public static readonly DateOnly Last = new(9000, 1, 1);

    /// <summary>The step's day; none for a due date of another age.</summary>
    public static DateOnly? DayOf(DateOnly dueDate, PolicyStep step) =>
        dueDate < First || dueDate > Last ? null : dueDate.AddDays(step.OffsetDays);

    /// <summary>The instant; where hour and channel are learned, the beginning of its day.</summary>
    public static DateTimeOffset? Of(DateOnly dueDate, PolicyStep step, CustomerPlace place, bool learned = false) =>
        DayOf(dueDate, step) is { } day ? place.InstantOf(day, learned ? TimeOnly.MinValue : step.At) : null;
}
