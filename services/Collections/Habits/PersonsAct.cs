namespace RetailInvoicing.Collections.Habits;

/// <summary>What somebody did about a customer, and when.</summary>
public sealed record PersonsAct(ActKind Kind, DateTimeOffset At);
