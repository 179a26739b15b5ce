using RetailInvoicing.Collections.Habits;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>What is suggested to do next.</summary>
public enum SuggestedAct
{
    /// <summary>Ring the customer up.</summary>
    Call,

    /// <summary>Write a mail by hand.</summary>
    Email,

    /// <summary>Write a short message by hand.</summary>
    Sms,

    /// <summary>Agree on instalments.</summary>
    Plan,

    /// <summary>Hand it to those who collect by law.</summary>
    Legal,

    /// <summary>Give it up.</summary>
    WriteOff,
}

/// <summary>What acts cost the seller: a person's minutes. Compared by number in the currency of what is owed.</summary>
public static class ActCost
{
    /// <summary>Ten minutes of somebody's.</summary>
    public const decimal Call = 3.00m;

    /// <summary>Two minutes.</summary>
    public const decimal Email = 0.50m;

    /// <summary>Two minutes and the message.</summary>
    public const decimal Sms = 0.60m;

    /// <summary>Half an hour, and looking after it.</summary>
    public const decimal Plan = 10.00m;

    /// <summary>Of an act of that kind.</summary>
    public static decimal Of(ActKind kind) =>
        kind switch
        {
            ActKind.Email => Email,
            ActKind.Sms => Sms,
            ActKind.Plan => Plan,
            _ => Call,
        };
}
