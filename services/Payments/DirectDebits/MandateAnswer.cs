using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>A mandate as its answers tell it.</summary>
public sealed record MandateAnswer
{
    /// <summary>The seller's own reference of it.</summary>
    public required string MandateId { get; init; }

    /// <summary>The customer whose invoices are collected by it.</summary>
    public required CustomerId CustomerId { get; init; }

    /// <summary>The debtor.</summary>
    public required string Name { get; init; }

    /// <summary>The debtor's account.</summary>
    public required string Iban { get; init; }

    /// <summary>Its bank, where it was said.</summary>
    public string? Bic { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateOnly SignedOn { get; init; }

    /// <summary>core or b2b.</summary>
    public required string Scheme { get; init; }

    /// <summary>What the next debit by it is: first, recurring or one-off.</summary>
    public required string Sequence { get; init; }

    /// <summary>active, suspended, cancelled, lapsed, or used where it was for one debit only.</summary>
    public required string State { get; init; }

    /// <summary>Why it is suspended.</summary>
    public ReturnReason? Reason { get; init; }

    /// <summary>How many debits were made by it.</summary>
    public required int Debits { get; init; }

    /// <summary>The last day that one of them was for.</summary>
    public DateOnly? LastUsedOn { get; init; }

    /// <summary>The last day it can be used, unless it is used before.</summary>
    public required DateOnly LapsesAfter { get; init; }

    /// <summary>The answer for a mandate as it stands on that day.</summary>
    public static MandateAnswer Of(Mandate mandate, DateOnly day) =>
        new()
        {
            MandateId = mandate.MandateId,
            CustomerId = mandate.CustomerId,
            Name = mandate.Name,
            Iban = mandate.Iban,
            Bic = mandate.Bic,
            SignedOn = mandate.SignedOn,
            Scheme = Word.Of(mandate.Scheme),
            Sequence = Word.Of(mandate.Next),
            State = mandate.StandingOn(day),
            Reason = mandate.State == MandateState.Suspended ? ReturnReason.Of(mandate.Reason) : null,
            Debits = mandate.Uses,
            LastUsedOn = mandate.LastUsedOn,
            LapsesAfter = mandate.LapsesAfter,
        };
}
