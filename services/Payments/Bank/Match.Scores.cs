using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>How much speaks for a proposal: what the line names, its amount, who paid and when, each with its reason.</summary>
public static partial class Match
{
    private sealed partial class Weighing
    {
        private decimal OfNaming(List<Share> shares, List<MatchReason> reasons)
        {
            reasons.AddRange(shares.SelectMany(each => ReasonOf(each.Of)));
            return shares.Sum(each => WeightOf(each.Of.Naming)) / shares.Count;
        }

        private decimal OfAmount(List<Share> shares, List<MatchReason> reasons)
        {
            var (rest, forgiven) = (Amount - shares.Sum(each => each.Amount), shares.Sum(each => each.Forgiven));
            // Of two sums, the one that needs fewer invoices is less of an accident; those that it names are none.
            var accident = 0.03m * Math.Max(0, shares.Count(each => each.Of.Naming == Naming.None) - 1);
            if (rest > 0m)
            {
                reasons.Add(MatchReason.Of(MatchReason.Over, Said(rest)));
                return 0.05m - accident;
            }

            if (forgiven > 0m)
            {
                reasons.Add(MatchReason.Of(MatchReason.Forgiven, Said(forgiven)));
                return 0.2m - accident;
            }

            if (!shares.TrueForAll(each => each.IsWhole))
            {
                reasons.Add(MatchReason.Of(MatchReason.Partial, Said(shares.Sum(each => each.Item.Due) - Amount)));
                return (shares.Count == 1 ? 0.05m : 0.02m) - accident;
            }

            if (shares.Count > 1)
            {
                reasons.Add(MatchReason.Of(MatchReason.Sum, shares.Count.ToString(CultureInfo.InvariantCulture)));
                return 0.25m - accident;
            }

            reasons.Add(MatchReason.Of(MatchReason.Exact, shares[0].Item.Number));
            reasons.Add(
                _asking == 1
                    ? MatchReason.Of(MatchReason.OnlyOne)
                    : MatchReason.Of(MatchReason.OneOfSeveral, _asking.ToString(CultureInfo.InvariantCulture))
            );
            return 0.25m + (_asking == 1 ? 0.12m : 0m);
        }

        private decimal OfPayer(List<Share> shares, List<MatchReason> reasons)
        {
            if (CustomerOf(shares) is not { } customer)
            {
                return 0m;
            }

            var weight = 0m;
            if (candidates.Owners.Contains(customer))
            {
                var isOnly = candidates.Owners.Count == 1;
                weight += isOnly ? 0.25m : 0.12m;
                reasons.Add(MatchReason.Of(isOnly ? MatchReason.Account : MatchReason.SharedAccount, customer.Value));
            }

            if (candidates.Clues.Names.Count == 0 || !payers.HasName(customer))
            {
                return weight;
            }

            var likeness = payers.Likeness(customer, candidates.Clues.Names);
            var (code, more) = likeness switch
            {
                >= SameName => (MatchReason.Name, 0.2m),
                >= Payers.Alike => (MatchReason.NearName, 0.16m * (decimal)likeness),
                _ => (MatchReason.OtherName, -0.05m),
            };
            reasons.Add(MatchReason.Of(code, customer.Value));
            return weight + more;
        }

        private decimal OfDays(List<Share> shares, List<MatchReason> reasons)
        {
            if (shares.Find(each => IsEarly(each.Item)) is { Item: { } early })
            {
                reasons.Add(MatchReason.Of(MatchReason.Early, early.Number));
                return -0.2m;
            }

            // Most pay about the day it is due.
            var away = shares.Max(each => Math.Abs(entry.BookedOn.DayNumber - each.Item.DueOn.DayNumber));
            return 0.06m * Math.Max(0, 90 - away) / 90m;
        }

        private static IEnumerable<MatchReason> ReasonOf(Candidate named)
        {
            var item = named.Item;
            return named.Naming switch
            {
                Naming.Reference => [MatchReason.Of(MatchReason.Reference, item.Reference, item.Number)],
                Naming.Number => [MatchReason.Of(MatchReason.Number, item.Number)],
                Naming.Bare => [MatchReason.Of(MatchReason.Bare, item.Reference, item.Number)],
                Naming.Slip => [MatchReason.Of(MatchReason.Slip, item.Reference, item.Number)],
                Naming.Cut => [MatchReason.Of(MatchReason.Cut, item.Reference, item.Number)],
                Naming.Tail => [MatchReason.Of(MatchReason.Tail, item.Reference, item.Number)],
                Naming.Sequence => [MatchReason.Of(MatchReason.Sequence, item.Number)],
                _ => Array.Empty<MatchReason>(),
            };
        }

        private static decimal WeightOf(Naming naming) =>
            naming switch
            {
                Naming.Reference => 0.55m,
                Naming.Number => 0.5m,
                Naming.Bare => 0.5m,
                Naming.Slip => 0.45m,
                Naming.Cut => 0.4m,
                Naming.Tail => 0.3m,
                Naming.Sequence => 0.15m,
                _ => 0m,
            };

        private string Said(decimal amount) => Money.Of(amount, entry.Currency).ToString();

        private static decimal Bounded(decimal score) => decimal.Round(Math.Clamp(score, 0.01m, 0.99m), 2, MidpointRounding.AwayFromZero);
    }
}
