namespace RetailInvoicing.Portal.Doors;

/// <summary>Whether a form is done now, or what came of it before; where nothing is told, the first one is being done still.</summary>
public sealed record FormTaken
{
    /// <summary>The right to do it, for the first.</summary>
    public FormTurn? First { get; init; }

    /// <summary>What the first one was answered.</summary>
    public FormAnswer? Answer { get; init; }

    /// <summary>Whether the form was done before and said something else then.</summary>
    public bool IsChanged { get; init; }
}

/// <summary>The right to do a form, taken at an instant.</summary>
public sealed record FormTurn(string Email, string Key, DateTimeOffset At);

/// <summary>Where a form leads when it is done, and what its answer tells once, such as a new secret.</summary>
public sealed record FormAnswer(string Link, string? Told = null);
