namespace RetailInvoicing.Payments.Bank;

/// <summary>What came of the file, statement by statement.</summary>
public sealed record ImportedFile
{
    /// <summary>In the file's order.</summary>
    public required IReadOnlyList<ImportedStatement> Statements { get; init; }
}

/// <summary>What came of a statement.</summary>
public sealed record ImportedStatement
{
    /// <summary>The bank's id of it.</summary>
    public required string StatementId { get; init; }

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>The payments that it tells of.</summary>
    public required int Entries { get; init; }

    /// <summary>Those that nobody had told before.</summary>
    public required int New { get; init; }

    /// <summary>Those that had been told.</summary>
    public required int Repeated { get; init; }

    /// <summary>Of the new ones: known, and booked so.</summary>
    public required int Matched { get; init; }

    /// <summary>Of the new ones: something is proposed.</summary>
    public required int Proposed { get; init; }

    /// <summary>Of the new ones: nobody knows what they are.</summary>
    public required int Unknown { get; init; }

    /// <summary>Of the new ones: the bank has not booked them.</summary>
    public required int Pending { get; init; }

    /// <summary>Of the new ones: shown, and no business of these books.</summary>
    public required int Noted { get; init; }

    /// <summary>Of the new ones: told for information only.</summary>
    public required int Unbooked { get; init; }
}
