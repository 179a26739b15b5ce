namespace RetailInvoicing.Portal.Look;

public abstract partial class Words
{
    // The account with a shop.
    /// <summary>Title, and what leads there.</summary>
    public abstract string AccountTitle { get; }

    /// <summary>Which days.</summary>
    public abstract string AccountPeriod(DateOnly from, DateOnly to);

    /// <summary>Where nothing was ever open.</summary>
    public abstract string AccountEmpty { get; }

    /// <summary>Heading of one currency.</summary>
    public abstract string AccountIn(string currency);

    /// <summary>Column.</summary>
    public abstract string AccountWhat { get; }

    /// <summary>Column: what was owed after it.</summary>
    public abstract string AccountBalance { get; }

    /// <summary>The first line.</summary>
    public abstract string AccountOpening(DateOnly day);

    /// <summary>The last line.</summary>
    public abstract string AccountClosing(DateOnly day);

    /// <summary>What happened: invoice, payment, correction, refund, reversal, write-off, undone, cancellation.</summary>
    public abstract string AccountKind(string kind);

    /// <summary>Heading of interest and compensation.</summary>
    public abstract string AccountClaims { get; }

    /// <summary>What they are.</summary>
    public abstract string AccountClaimsText { get; }

    /// <summary>interest or recovery.</summary>
    public abstract string ClaimKind(string kind);

    /// <summary>due, paid or waived.</summary>
    public abstract string ClaimState(string state);

    // Saying that something is wrong.
    /// <summary>Title, and what leads there.</summary>
    public abstract string DisputeTitle { get; }

    /// <summary>What it does.</summary>
    public abstract string DisputeLead { get; }

    /// <summary>Label.</summary>
    public abstract string DisputeWhat { get; }

    /// <summary>All lines.</summary>
    public abstract string DisputeAll { get; }

    /// <summary>Label.</summary>
    public abstract string DisputeReason { get; }

    /// <summary>The act.</summary>
    public abstract string DisputeSend { get; }

    /// <summary>Nothing was written, or too much.</summary>
    public abstract string DisputeNoReason(int longest);

    /// <summary>It was told before, or nothing is left to pay.</summary>
    public abstract string DisputeNothingLeft { get; }

    /// <summary>Heading, after it.</summary>
    public abstract string DisputeSent { get; }

    /// <summary>What happens now.</summary>
    public abstract string DisputeSentText { get; }
}
