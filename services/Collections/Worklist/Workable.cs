using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>Why nobody is to ask for an invoice now.</summary>
public enum Standstill
{
    /// <summary>Nothing stands in the way.</summary>
    None,

    /// <summary>Somebody put it on hold.</summary>
    Held,

    /// <summary>A payment is on its way.</summary>
    InFlight,

    /// <summary>The customer promised to pay all of it, and the day has not been judged.</summary>
    Promised,

    /// <summary>The customer disputes all of it.</summary>
    Disputed,
}

/// <summary>What of an overdue invoice may be asked for now.</summary>
public static class Workable
{
    /// <summary>What stands in the way, the strongest first.</summary>
    public static Standstill StandstillOf(OpenItem item, decimal inFlight) =>
        item.Holds.Count > 0 ? Standstill.Held
        : inFlight > 0m ? Standstill.InFlight
        : item.IsPromisedWhole ? Standstill.Promised
        : item.AskedAmount <= 0m ? Standstill.Disputed
        : Standstill.None;

    /// <summary>How much may be asked for: what is due, not disputed and not promised, nothing while something stands in the way.</summary>
    public static decimal AmountOf(OpenItem item, decimal inFlight) =>
        StandstillOf(item, inFlight) == Standstill.None ? item.AskedAmount - item.PromisedPart : 0m;
}
