namespace RetailInvoicing.Collections.Habits;

/// <summary>What a person can do about something open. Their order is that of kept sums: new ones go last.</summary>
public enum ActKind
{
    /// <summary>Ring the customer up.</summary>
    Call,

    /// <summary>Write a mail by hand.</summary>
    Email,

    /// <summary>Write a short message by hand.</summary>
    Sms,

    /// <summary>Send a letter.</summary>
    Letter,

    /// <summary>Go there.</summary>
    Visit,

    /// <summary>Agree on instalments.</summary>
    Plan,
}

/// <summary>The words by which acts are kept.</summary>
public static class ActKinds
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>Days after an act within which a payment is counted as its doing.</summary>
    public const int Window = 14;

    /// <summary>The words that table act has for them.</summary>
    public static readonly IReadOnlyList<string> Words = ["call", "email", "sms", "letter", "visit", "plan-made"];

    /// <summary>The kind of a word; none for acts that ask for nothing, such as a hold.</summary>
    public static ActKind? Of(string word)
    {
        for (var i = 0; i < Words.Count; i++)
        {
            if (Words[i] == word)
            {
                return (ActKind)i;
            }
        }

        return null;
    }
}
