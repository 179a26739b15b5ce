using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.Bank;

/// <summary>How far a line of the bank is.</summary>
public enum EntryState
{
    /// <summary>Kept, and not looked at yet.</summary>
    Waiting,

    /// <summary>The bank has not booked it; neither have we.</summary>
    Pending,

    /// <summary>Everybody knows what it is: allocated, or reconciled.</summary>
    Matched,

    /// <summary>There is something that it may be; somebody has to say so.</summary>
    Proposed,

    /// <summary>Nobody knows what it is.</summary>
    Open,

    /// <summary>Shown, and no business of these books.</summary>
    Noted,

    /// <summary>It was pending, and came again as booked.</summary>
    Superseded,
}

/// <summary>What kind of line it is, by what the bank says of it.</summary>
public enum EntryKind
{
    /// <summary>Somebody paid us.</summary>
    Payment,

    /// <summary>It may be what our own direct debits collected; where it is not, it is a payment.</summary>
    Collection,

    /// <summary>What we had paid came back.</summary>
    CameBack,

    /// <summary>What we had been paid was taken from us again: a returned debit, a recalled or reversed transfer.</summary>
    TakenBack,

    /// <summary>We paid somebody.</summary>
    Debit,
}

/// <summary>One payment on one of the seller's bank accounts, as the bank told it.</summary>
public record BankEntry
{
    /// <summary>Our name for it.</summary>
    public Guid EntryId { get; init; }

    /// <summary>The seller's account.</summary>
    public required string Account { get; init; }

    /// <summary>The statement that told it first.</summary>
    public required string StatementId { get; init; }

    /// <summary>The page of that statement.</summary>
    public int? Page { get; init; }

    /// <summary>The movement of the account that it is, or is part of: what comes again under the same name is the same.</summary>
    public required string Movement { get; init; }

    /// <summary>The movement's name without its place among equal ones.</summary>
    public required string Likeness { get; init; }

    /// <summary>What it has in common with the same payment while it was pending.</summary>
    public required string Shape { get; init; }

    /// <summary>Which payment of the movement it is, from 1.</summary>
    public short Part { get; init; } = 1;

    /// <summary>How many payments the movement has.</summary>
    public short Parts { get; init; } = 1;

    /// <summary>How much the account moved, all payments together.</summary>
    public decimal MovementAmount { get; init; }

    /// <summary>Whether the movement was to the account's good.</summary>
    public bool MovementIsCredit { get; init; }

    /// <summary>Whether we got it.</summary>
    public bool IsCredit { get; init; }

    /// <summary>What kind of line it is.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>Whether the bank booked it.</summary>
    public bool IsBooked { get; init; }

    /// <summary>How much, not negative.</summary>
    public decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>The day the bank booked it, as near as it is said.</summary>
    public DateOnly BookedOn { get; init; }

    /// <summary>The day from which it counts.</summary>
    public DateOnly? ValuedOn { get; init; }

    /// <summary>The bank's reference of the movement.</summary>
    public string? BankReference { get; init; }

    /// <summary>The payer's own id of it.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>The first bank's id of it.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The mandate of a direct debit.</summary>
    public string? MandateId { get; init; }

    /// <summary>The batch it was ordered in.</summary>
    public string? BatchId { get; init; }

    /// <summary>Whom it is with. Personal data; an erasure overwrites it, and the next two.</summary>
    public string? PartyName { get; init; }

    /// <summary>On whose behalf they paid.</summary>
    public string? UltimateName { get; init; }

    /// <summary>Their account.</summary>
    public string? PartyAccount { get; init; }

    /// <summary>Their name without order, accents and legal form.</summary>
    public string? PartyKey => PayerName.KeyOf(PartyName);

    /// <summary>Creditor's references that it cites.</summary>
    public string[] Cited { get; init; } = [];

    /// <summary>Everything else that the payer or the bank says of it. Personal data; an erasure overwrites it.</summary>
    public string Words { get; init; } = "";

    /// <summary>Why it came back, in the code of ISO 20022.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public string? ReturnText { get; init; }

    /// <summary>What kind of movement the bank calls it.</summary>
    public string? BankCode { get; init; }

    /// <summary>The amount with its sign: what it does to the account.</summary>
    public decimal Signed => IsCredit ? Amount : -Amount;

    /// <summary>
    /// What a payment made of it is known by: the reference that the payer cited, or the bank's own. Never the payer's words.
    /// </summary>
    public string? PaymentReference =>
        Cited.Select(Iban.Compact).FirstOrDefault(each => CreditorReference.IsSound(each)) ?? BankReference ?? EndToEndId;
}

/// <summary>
/// What a statement's movements are in our words, each payment of a batch by itself where the bank says what each comes to.
/// </summary>
public static class StatementEntries
{
    private const int LongestText = 2_000;
    private const int LongestName = 140;
    private const int LongestReference = 70;

    /// <summary>
    /// The statement's payments, in its order. Each movement has a name that it has again whenever it is told again: the bank's own
    /// reference with the amount, or else all that is said of it; and, since two equal payments on one day are two, its place among those
    /// that are named the same in this statement. <paramref name="equalBefore"/> says how many of them other pages of the statement had.
    /// </summary>
    public static IReadOnlyList<BankEntry> Of(CamtStatement statement, Func<string, int> equalBefore)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new List<BankEntry>();
        foreach (var told in statement.Entries)
        {
            var likeness = LikenessOf(statement, told);
            var place = seen.GetValueOrDefault(likeness);
            seen[likeness] = place + 1;
            place += equalBefore(likeness);
            entries.AddRange(PaymentsOf(statement, told, likeness, $"{likeness}.{place.ToString(CultureInfo.InvariantCulture)}"));
        }

        return entries;
    }

    /// <summary>The names of its movements without their places.</summary>
    public static IReadOnlyList<string> LikenessesOf(CamtStatement statement) =>
        [.. statement.Entries.Select(told => LikenessOf(statement, told)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<BankEntry> PaymentsOf(CamtStatement statement, CamtEntry told, string likeness, string movement)
    {
        var whole = new BankEntry
        {
            Account = Iban.Compact(statement.Account),
            StatementId = Cut(statement.StatementId, LongestReference)!,
            Page = statement.Page,
            Movement = movement,
            Likeness = likeness,
            Shape = ShapeOf(statement, told),
            MovementAmount = told.Amount,
            MovementIsCredit = told.IsCredit,
            IsCredit = told.IsCredit,
            IsBooked = told.Status == "BOOK",
            Amount = told.Amount,
            Currency = told.Currency,
            BookedOn = DayOf(statement, told),
            ValuedOn = told.ValuedOn,
            BankReference = Cut(ReferenceOf(told), LongestReference),
            BatchId = Cut(told.BatchId, LongestReference),
            BankCode = Cut(told.Code.ToString(), LongestReference),
        };
        if (Shares(told) is not { } shares)
        {
            yield return Fill(whole, statement, told, told.Details);
            yield break;
        }

        for (var i = 0; i < shares.Count; i++)
        {
            var part = whole with
            {
                Part = (short)(i + 1),
                Parts = (short)shares.Count,
                Amount = Math.Abs(shares[i]),
                IsCredit = shares[i] >= 0m,
            };
            // Beyond the details there is what the bank kept.
            yield return i < told.Details.Count ? Fill(part, statement, told, [told.Details[i]]) : part with { Kind = EntryKind.Debit };
        }
    }

    /// <summary>
    /// What each payment of a batch comes to, with its sign, and last what the bank kept of it; none where the bank does not say so of
    /// each, or where they do not sum to what the account moved.
    /// </summary>
    private static List<decimal>? Shares(CamtEntry told)
    {
        if (told.Details.Count is < 2 or > short.MaxValue - 1)
        {
            return null;
        }

        var shares = new List<decimal>(told.Details.Count + 1);
        foreach (var detail in told.Details)
        {
            decimal? amount =
                detail.Currency == told.Currency ? detail.Amount
                : detail.PassedOnCurrency == told.Currency ? detail.PassedOn
                : null;
            if (amount is not { } share || Money.Of(share, told.Currency).Amount != share)
            {
                return null;
            }

            shares.Add((detail.IsCredit ?? told.IsCredit) ? Money.Of(share, told.Currency).Amount : -Money.Of(share, told.Currency).Amount);
        }

        var kept = shares.Sum() - (told.IsCredit ? told.Amount : -told.Amount);
        if (kept > 0m && kept == told.Charges)
        {
            shares.Add(-kept);
            return shares;
        }

        return kept == 0m ? shares : null;
    }

    private static BankEntry Fill(BankEntry entry, CamtStatement statement, CamtEntry told, IReadOnlyList<CamtDetail> details)
    {
        var first = details.Count > 0 ? details[0] : new CamtDetail();
        var own = Iban.Compact(statement.Account);
        // Whoever is not us. Banks that turn the roles around for what came back, or leave one out, are read by the account.
        var (near, far) = entry.IsCredit ? (first.Debtor, first.Creditor) : (first.Creditor, first.Debtor);
        var party = IsOurs(near, own) || (near.Name is null && near.Account is null && far.Account is not null) ? far : near;
        party = IsOurs(party, own) ? default : party;
        var code = first.Code.IsEmpty ? told.Code : first.Code;
        var back = details.FirstOrDefault(each => each.IsReturn);
        var filled = entry with
        {
            EndToEndId = Cut(Same(details, each => each.EndToEndId), LongestReference),
            TransactionId = Cut(Same(details, each => each.TransactionId ?? each.Uetr), LongestReference),
            MandateId = Cut(Same(details, each => each.MandateId), LongestReference),
            BatchId = Cut(entry.BatchId ?? Same(details, each => each.BatchId), LongestReference),
            PartyName = details.Count > 1 ? null : Cut(party.Name, LongestName),
            UltimateName = details.Count > 1 ? null : Cut(entry.IsCredit ? first.UltimateDebtor : first.UltimateCreditor, LongestName),
            PartyAccount = details.Count > 1 ? null : Cut(party.Account is null ? null : Iban.Compact(party.Account), LongestReference),
            Cited = [.. details.SelectMany(each => each.References).Take(20).Select(each => Cut(each, LongestReference)!)],
            Words = Cut(string.Join(' ', Spoken(told, details)), LongestText) ?? "",
            ReturnReason = Cut(back?.ReturnReason, LongestReference),
            ReturnText = Cut(back?.ReturnText, LongestText),
            BankCode = Cut(code.ToString(), LongestReference) ?? entry.BankCode,
        };
        return filled with { Kind = KindOf(filled, back is not null || told.IsReversal, code) };
    }

    private static EntryKind KindOf(BankEntry entry, bool isBack, CamtCode code) =>
        (entry.IsCredit, isBack, code.Family) switch
        {
            (true, true, _) => EntryKind.CameBack,
            // Issued direct debits are money that we collected ourselves. A batch of ours, or a line that names nobody, may be.
            (true, false, "IDDT") => EntryKind.Collection,
            (true, false, _) => entry is { MandateId: null, BatchId: null } && !IsNameless(entry)
                ? EntryKind.Payment
                : EntryKind.Collection,
            (false, true, _) or (false, _, "IDDT") => EntryKind.TakenBack,
            _ => EntryKind.Debit,
        };

    /// <summary>Whether it says neither who paid nor what for.</summary>
    public static bool IsNameless(BankEntry entry) => entry is { PartyName: null, PartyAccount: null, UltimateName: null, Cited.Length: 0 };

    private static bool IsOurs(CamtParty party, string own) => party.Account is { } account && Iban.Compact(account) == own;

    private static IEnumerable<string> Spoken(CamtEntry told, IReadOnlyList<CamtDetail> details)
    {
        foreach (var detail in details)
        {
            foreach (var word in detail.Lines.Concat(detail.Documents).Concat(detail.MoreLines))
            {
                yield return word;
            }

            if (detail.Information is { } information)
            {
                yield return information;
            }
        }

        if (told.Information is { } more)
        {
            yield return more;
        }
    }

    /// <summary>What all payments say alike.</summary>
    private static string? Same(IReadOnlyList<CamtDetail> details, Func<CamtDetail, string?> said) =>
        details.Select(said).Distinct(StringComparer.Ordinal).ToList() is [{ } one] ? one : null;

    private static DateOnly DayOf(CamtStatement statement, CamtEntry told) =>
        told.BookedOn ?? told.ValuedOn ?? statement.To ?? statement.CreatedOn ?? statement.From ?? DateOnly.FromDayNumber(0);

    /// <summary>The bank's reference, where it is the movement's own or that of its only payment.</summary>
    private static string? ReferenceOf(CamtEntry told) =>
        told.BankReference ?? (told.Details.Count == 1 ? told.Details[0].BankReference : null);

    private static string LikenessOf(CamtStatement statement, CamtEntry told)
    {
        var movement = new[]
        {
            Iban.Compact(statement.Account),
            told.Currency.Code,
            told.Amount.ToString("0.#####", CultureInfo.InvariantCulture),
            told.IsCredit ? "credit" : "debit",
            told.IsReversal ? "reversal" : "",
        };
        return ReferenceOf(told) is { } reference
            ? Print(["named", .. movement, reference])
            : Print(["told", .. movement, Day(DayOf(statement, told)), Day(told.ValuedOn), .. told.Details.SelectMany(Said)]);
    }

    private static string ShapeOf(CamtStatement statement, CamtEntry told) =>
        Print([
            Iban.Compact(statement.Account),
            told.Currency.Code,
            told.Amount.ToString("0.#####", CultureInfo.InvariantCulture),
            told.IsCredit ? "credit" : "debit",
            .. told.Details.SelectMany(Said),
        ]);

    private static IEnumerable<string> Said(CamtDetail detail) =>
        [
            detail.EndToEndId ?? "",
            detail.TransactionId ?? "",
            detail.MandateId ?? "",
            detail.Debtor.Name ?? "",
            detail.Debtor.Account ?? "",
            detail.Creditor.Name ?? "",
            detail.Creditor.Account ?? "",
            string.Join(' ', detail.Lines),
            string.Join(' ', detail.References),
            detail.ReturnReason ?? "",
        ];

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Print(IEnumerable<string> said) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', said))).AsSpan(0, 16));

    private static string? Cut(string? text, int most) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length <= most ? text
        : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
