namespace RetailInvoicing.Delivery.Channels;

/// <summary>How handing a message over ended.</summary>
public enum HandOverEnd
{
    /// <summary>The channel has it.</summary>
    Accepted,

    /// <summary>The channel does not have it, and may take it later.</summary>
    Deferred,

    /// <summary>The channel refuses it for good.</summary>
    Refused,

    /// <summary>The line broke after the message went out and before its acceptance came back: nobody knows.</summary>
    Unknown,
}

/// <summary>The end of handing a message over, with the channel's own words.</summary>
public sealed record HandOver(HandOverEnd End, string? Detail = null)
{
    /// <summary>The channel has it.</summary>
    public static readonly HandOver Accepted = new(HandOverEnd.Accepted);
}
