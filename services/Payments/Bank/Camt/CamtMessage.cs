using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>What a bank tells of its customers' accounts: the statements of a camt.053, or the notifications of a camt.054.</summary>
public sealed record CamtMessage
{
    /// <summary>Whether it tells of single movements as they happen (camt.054), not of a whole period (camt.053).</summary>
    public required bool IsNotification { get; init; }

    /// <summary>The bank's id of the message.</summary>
    public string? MessageId { get; init; }

    /// <summary>The statements or notifications, each of one account.</summary>
    public required IReadOnlyList<CamtStatement> Statements { get; init; }
}

/// <summary>What happened on an account.</summary>
public sealed record CamtStatement
{
    /// <summary>How long an id may be that is kept as it is; the standard's have 35 characters.</summary>
    private const int LongestId = 70;
    private const int BeginningOfLongId = 37;

    /// <summary>The bank's id of the statement.</summary>
    public required string StatementId { get; init; }

    /// <summary>
    /// The id by which its pages are known as one statement's: its own, or where that is too long its beginning with the print of all of it,
    /// so that two that differ at their end are two.
    /// </summary>
    public string KeptId =>
        StatementId.Length <= LongestId
            ? StatementId
            : $"{StatementId[..(char.IsHighSurrogate(StatementId[BeginningOfLongId - 1]) ? BeginningOfLongId - 1 : BeginningOfLongId)]}#"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StatementId)).AsSpan(0, 16));

    /// <summary>Which page of it this is, where the bank sends it in pages.</summary>
    public int? Page { get; init; }

    /// <summary>The account: its IBAN, or what the bank calls it.</summary>
    public required string Account { get; init; }

    /// <summary>The account's currency, where it is said.</summary>
    public Currency? Currency { get; init; }

    /// <summary>The day it was made.</summary>
    public DateOnly? CreatedOn { get; init; }

    /// <summary>The first day it tells of.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day it tells of.</summary>
    public DateOnly? To { get; init; }

    /// <summary>What was on the account, before and after.</summary>
    public required IReadOnlyList<CamtBalance> Balances { get; init; }

    /// <summary>What the bank says besides.</summary>
    public string? Information { get; init; }
}

/// <summary>What was on an account: the kind such as OPBD, the amount (negative where it was overdrawn), and the day.</summary>
public sealed record CamtBalance(string? Kind, decimal Amount, Currency Currency, DateOnly? On);

/// <summary>A movement on an account; one of a batch stands for several payments, which its details name.</summary>
public sealed record CamtEntry
{
    /// <summary>The status of what stands.</summary>
    public const string Booked = "BOOK";

    /// <summary>The status of a movement that is told for information only.</summary>
    public const string ForInformation = "INFO";

    /// <summary>How much, never negative.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Whether the account got it, not gave it.</summary>
    public required bool IsCredit { get; init; }

    /// <summary>Whether it undoes an earlier movement of the other direction.</summary>
    public bool IsReversal { get; init; }

    /// <summary>BOOK where it stands; PDNG, INFO, FUTR where it does not yet.</summary>
    public required string Status { get; init; }

    /// <summary>The day the bank booked it.</summary>
    public DateOnly? BookedOn { get; init; }

    /// <summary>The day from which it counts.</summary>
    public DateOnly? ValuedOn { get; init; }

    /// <summary>The bank's reference of the movement (AcctSvcrRef).</summary>
    public string? BankReference { get; init; }

    /// <summary>What the statement calls the movement (NtryRef), often its place.</summary>
    public string? EntryReference { get; init; }

    /// <summary>What kind of movement it is.</summary>
    public CamtCode Code { get; init; } = new();

    /// <summary>What the bank kept of it, as far as it says so in the movement's currency.</summary>
    public decimal Charges { get; init; }

    /// <summary>What of that the bank says is in the amount already (ChrgInclInd).</summary>
    public decimal IncludedCharges { get; init; }

    /// <summary>The bank's id of the batch (PmtInfId).</summary>
    public string? BatchId { get; init; }

    /// <summary>How many payments the bank says it stands for (NbOfTxs), whether it names them or not.</summary>
    public int? Payments { get; init; }

    /// <summary>The payments that it stands for, as far as the bank names them.</summary>
    public required IReadOnlyList<CamtDetail> Details { get; init; }

    /// <summary>What the bank says besides; some banks write the payer's words here.</summary>
    public string? Information { get; init; }
}

/// <summary>One payment of a movement.</summary>
public sealed record CamtDetail
{
    /// <summary>How much, as the detail itself says (Amt); in any currency.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The currency of it.</summary>
    public Currency? Currency { get; init; }

    /// <summary>How much, as it was passed on (AmtDtls/TxAmt).</summary>
    public decimal? PassedOn { get; init; }

    /// <summary>The currency of that.</summary>
    public Currency? PassedOnCurrency { get; init; }

    /// <summary>What that came to in the account's currency, where the bank changed money (AmtDtls/CntrValAmt).</summary>
    public decimal? CounterValue { get; init; }

    /// <summary>The currency of that.</summary>
    public Currency? CounterValueCurrency { get; init; }

    /// <summary>What the bank kept of it, in whatever currencies it says so.</summary>
    public IReadOnlyList<Money> Charges { get; init; } = [];

    /// <summary>Which way it went, where it is said.</summary>
    public bool? IsCredit { get; init; }

    /// <summary>The payer's own id of it (EndToEndId); none where it says NOTPROVIDED.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>The first bank's id of it.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The id that payments carry everywhere (UETR).</summary>
    public string? Uetr { get; init; }

    /// <summary>The mandate of a direct debit.</summary>
    public string? MandateId { get; init; }

    /// <summary>The batch it was ordered in.</summary>
    public string? BatchId { get; init; }

    /// <summary>The instruction's id.</summary>
    public string? InstructionId { get; init; }

    /// <summary>The account's bank's id of it.</summary>
    public string? BankReference { get; init; }

    /// <summary>What kind of payment it is, where it says so itself.</summary>
    public CamtCode Code { get; init; } = new();

    /// <summary>Who paid.</summary>
    public CamtParty Debtor { get; init; } = new(null, null);

    /// <summary>On whose behalf it was paid.</summary>
    public string? UltimateDebtor { get; init; }

    /// <summary>Who was paid.</summary>
    public CamtParty Creditor { get; init; } = new(null, null);

    /// <summary>On whose behalf it was received.</summary>
    public string? UltimateCreditor { get; init; }

    /// <summary>The payer's words, line by line.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The creditor's references that it cites, in order.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Numbers of documents that it names.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>More words beside the references.</summary>
    public IReadOnlyList<string> MoreLines { get; init; } = [];

    /// <summary>Why it came back, in the code of ISO 20022, such as AC04 or MD06.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public string? ReturnText { get; init; }

    /// <summary>Whether it tells that something came back, with or without a reason.</summary>
    public bool IsReturn { get; init; }

    /// <summary>What the bank says besides.</summary>
    public string? Information { get; init; }
}

/// <summary>A party of a payment: its name, and its account as IBAN or as its bank calls it.</summary>
public readonly record struct CamtParty(string? Name, string? Account);

/// <summary>The kind of a movement: domain, family and subfamily such as PMNT, RCDT, ESCT, and the bank's own code.</summary>
public sealed record CamtCode(string? Domain = null, string? Family = null, string? SubFamily = null, string? Own = null)
{
    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => this is { Domain: null, Family: null, SubFamily: null, Own: null };

    /// <summary>PMNT/RCDT/ESCT, or the bank's own code.</summary>
    public override string ToString() =>
        Domain is null && Family is null && SubFamily is null ? Own ?? "" : $"{Domain}/{Family}/{SubFamily}".TrimEnd('/');
}
