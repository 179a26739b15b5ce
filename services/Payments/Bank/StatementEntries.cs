using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What a statement's movements are in our words, each payment of a batch by itself where the bank says what each comes to.
/// </summary>
public sealed class StatementEntries(CamtStatement statement)
{
    private const int LongestText = 2_000;
    private const int LongestName = 140;
    private const int LongestReference = 70;

    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>
    /// The next movements' payments, in their order. Each movement has a name that it has again whenever it is told again: the bank's own
    /// reference with the amount, or else all that is said of it; and, since two equal payments on one day are two, its place among those
    /// that are named the same in this statement. <paramref name="equalBefore"/> says how many of them other pages of the statement had.
    /// </summary>
    public IReadOnlyList<BankEntry> Of(IReadOnlyList<CamtEntry> told, Func<string, int> equalBefore)
    {
        var entries = new List<BankEntry>();
        foreach (var each in told)
        {
            var likeness = LikenessOf(each);
            var place = _seen.GetValueOrDefault(likeness);
            _seen[likeness] = place + 1;
            place += equalBefore(likeness);
            entries.AddRange(PaymentsOf(each, likeness, $"{likeness}.{place.ToString(CultureInfo.InvariantCulture)}"));
        }

        return entries;
    }

    /// <summary>The names of movements without their places.</summary>
    public IReadOnlyList<string> LikenessesOf(IReadOnlyList<CamtEntry> told) =>
        [.. told.Select(LikenessOf).Distinct(StringComparer.Ordinal)];

    private IEnumerable<BankEntry> PaymentsOf(CamtEntry told, string likeness, string movement)
    {
        var whole = new BankEntry
        {
            Account = Iban.Compact(statement.Account),
            StatementId = statement.KeptId,
            Page = statement.Page,
            Movement = movement,
            Likeness = likeness,
            Shape = ShapeOf(told),
            MovementAmount = told.Amount,
            MovementIsCredit = told.IsCredit,
            IsCredit = told.IsCredit,
            IsBooked = told.Status == CamtEntry.Booked,
            IsInformation = told.Status == CamtEntry.ForInformation,
            Amount = told.Amount,
            Currency = told.Currency,
            BookedOn = DayOf(told),
            ValuedOn = told.ValuedOn,
            BankReference = Cut(ReferenceOf(told), LongestReference),
            BatchId = Cut(told.BatchId, LongestReference),
            BankCode = Cut(told.Code.ToString(), LongestReference),
        };
        if (Shares(told) is not { } shares)
        {
            yield return Fill(whole, told, told.Details);
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
            // Last, beyond the payments, there is what the bank kept.
            var isCharge = i == shares.Count - 1 && i >= told.Details.Count;
            yield return isCharge ? part with { Kind = EntryKind.Charge } : Fill(part, told, [.. told.Details.Skip(i).Take(1)]);
        }
    }

    /// <summary>
    /// What each payment of a movement comes to, with its sign, and last what the bank kept of it; none where there is but one payment and
    /// nothing was kept, where the bank does not say so of each, or where they do not sum to what the account moved.
    /// </summary>
    private static List<decimal>? Shares(CamtEntry told)
    {
        var moved = told.IsCredit ? told.Amount : -told.Amount;
        if (told.Details.Count == 0)
        {
            return told.IncludedCharges is > 0m and var inside && moved + inside != 0m && (told.IsCredit || moved + inside < 0m)
                ? [moved + inside, -inside]
                : null;
        }

        if (told.Details.Count > short.MaxValue - 1)
        {
            return null;
        }

        var inDetails = told.Details.Sum(each => each.Charges.Where(one => one.Currency == told.Currency).Sum(one => one.Amount));
        var (asBooked, asPassedOn) = (SharesOf(told, isPassedOnFirst: false), SharesOf(told, isPassedOnFirst: true));
        // Some banks write in each payment what is left of it, and what was passed on beside that.
        foreach (var shares in new[] { asPassedOn, asBooked })
        {
            var kept = shares?.Sum() - moved;
            if (kept > 0m && (kept == told.Charges || kept == inDetails))
            {
                return [.. shares!, -kept.Value];
            }
        }

        return told.Details.Count > 1 && asBooked?.Sum() == moved ? asBooked : null;
    }

    private static List<decimal>? SharesOf(CamtEntry told, bool isPassedOnFirst)
    {
        var shares = new List<decimal>(told.Details.Count + 1);
        foreach (var detail in told.Details)
        {
            var amount = detail.Currency == told.Currency ? detail.Amount : null;
            var passedOn =
                detail.PassedOnCurrency == told.Currency ? detail.PassedOn
                : detail.CounterValueCurrency == told.Currency ? detail.CounterValue
                : null;
            if (
                (isPassedOnFirst ? passedOn ?? amount : amount ?? passedOn) is not { } share
                || Money.Of(share, told.Currency).Amount != share
            )
            {
                return null;
            }

            shares.Add((detail.IsCredit ?? told.IsCredit) ? Money.Of(share, told.Currency).Amount : -Money.Of(share, told.Currency).Amount);
        }

        return shares;
    }

    private BankEntry Fill(BankEntry entry, CamtEntry told, IReadOnlyList<CamtDetail> details)
    {
        var first = details.Count > 0 ? details[0] : new CamtDetail();
        var own = Iban.Compact(statement.Account);
        // Whoever is not us. Banks that turn the roles around for what came back, or leave one out, are read by the account.
        var (near, far) = entry.IsCredit ? (first.Debtor, first.Creditor) : (first.Creditor, first.Debtor);
        var party = IsOurs(near, own) || (near.Name is null && near.Account is null && far.Account is not null) ? far : near;
        party = IsOurs(party, own) ? default : party;
        var code = first.Code.IsEmpty ? told.Code : first.Code;
        var back = details.FirstOrDefault(each => each.IsReturn);
        // Of a batch that names but some of its payments nobody is the one who paid.
        var isOne =
            details.Count == 0
            || (details.Count == 1 && !(told.Payments > told.Details.Count && details[0].Amount is { } part && part != told.Amount));
        var filled = entry with
        {
            EndToEndId = Cut(Same(details, each => each.EndToEndId), LongestReference),
            TransactionId = Cut(Same(details, each => each.TransactionId ?? each.Uetr), LongestReference),
            MandateId = Cut(Same(details, each => each.MandateId), LongestReference),
            BatchId = Cut(entry.BatchId ?? Same(details, each => each.BatchId), LongestReference),
            PartyName = !isOne ? null : Cut(party.Name, LongestName),
            UltimateName = !isOne ? null : Cut(entry.IsCredit ? first.UltimateDebtor : first.UltimateCreditor, LongestName),
            PartyAccount = !isOne ? null : Cut(party.Account is null ? null : Iban.Compact(party.Account), LongestReference),
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
            // Some banks say only by the code that a transfer which had been received went back.
            (false, false, "RCDT") when code.SubFamily == "RRTN" => EntryKind.TakenBack,
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

    private DateOnly DayOf(CamtEntry told) =>
        told.BookedOn ?? told.ValuedOn ?? statement.To ?? statement.CreatedOn ?? statement.From ?? DateOnly.FromDayNumber(0);

    /// <summary>The bank's reference, where it is the movement's own or that of its only payment.</summary>
    private static string? ReferenceOf(CamtEntry told) =>
        told.BankReference ?? (told.Details.Count == 1 ? told.Details[0].BankReference : null);

    private string LikenessOf(CamtEntry told)
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
            : Print(["told", .. movement, Day(DayOf(told)), Day(told.ValuedOn), .. told.Details.SelectMany(Said)]);
    }

    private string ShapeOf(CamtEntry told) =>
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
