using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// Says which invoices a line of the bank pays, how sure that is and why. Certain is only what leaves nothing else to mean: a reference or
/// number with an amount that fits it, or the only open invoices of the one customer who pays from the account that come to the amount.
/// Whatever could mean two things is never certain, however likely one of them is.
/// </summary>
public static partial class Match
{
    /// <summary>How many proposals are kept.</summary>
    public const int MostProposals = 5;

    /// <summary>Up to so many open invoices of a customer, a sum that only one set of them has is no accident.</summary>
    private const int MostForSums = 12;

    private const int MostSets = 4;
    private const int MostPartials = 5;
    private const double SameName = 0.95;
    private const double SureName = 0.9;
    private const decimal LikelyFrom = 0.45m;

    /// <summary>What it may be; <paramref name="tolerance"/> is what the seller forgives of an invoice.</summary>
    public static Verdict Of(BankEntry entry, Candidates candidates, Payers payers, decimal tolerance)
    {
        var weighing = new Weighing(entry, candidates, payers, tolerance);
        weighing.WhatItNames();
        weighing.WhatItHintsAt();
        weighing.WhatItsPayerOwes();
        weighing.WhatAsksForItsAmount();
        return weighing.Verdict();
    }

    /// <summary>What an invoice would get, and what would be forgiven of it.</summary>
    private readonly record struct Share(Candidate Of, decimal Amount, decimal Forgiven = 0m)
    {
        public OpenItem Item => Of.Item;

        public bool IsWhole => Amount + Forgiven == Item.Due;
    }

    private sealed partial class Weighing(BankEntry entry, Candidates candidates, Payers payers, decimal tolerance)
    {
        private readonly Dictionary<string, Proposal> _proposals = new(StringComparer.Ordinal);
        private readonly List<Candidate> _cited = [.. candidates.Found.Where(each => each.Naming >= Naming.Number)];
        private readonly List<Candidate> _damaged = Damaged(candidates.Found);
        private readonly int _asking = candidates.Found.Count(each => each.Item.Due == entry.Amount);

        private decimal Amount => entry.Amount;

        /// <summary>Invoices that it cites by reference or number.</summary>
        public void WhatItNames()
        {
            var open = _cited.FindAll(each => each.Item.Due > 0m);
            foreach (var paid in _cited.Where(each => each.Item.Due <= 0m))
            {
                AddPaidAlready(paid);
            }

            if (open.Count == 0)
            {
                return;
            }

            // One that it cites is paid: whoever wrote this has lost count, and a person should look.
            var isSure = open.Count == _cited.Count;
            var isByReference = open.TrueForAll(each => each.Naming == Naming.Reference);
            var sum = open.Sum(each => each.Item.Due);
            if (Amount >= sum - tolerance && Amount <= sum)
            {
                Add(Whole(open, sum - Amount), isSure);
            }
            else if (Amount < sum && open is [var only])
            {
                Add([new Share(only, Amount)], isSure && IsPartOf(only));
            }
            else if (Amount < sum)
            {
                AddSets(open, Amount, [], (_, _) => false);
                Add(InTurn(open), false);
            }
            else
            {
                AddMore(open, sum, isSure, isByReference);
            }
        }

        /// <summary>
        /// Invoices whose references it cites with a slip, cut off or without their beginning; those of whose names it has a part.
        /// </summary>
        public void WhatItHintsAt()
        {
            if (_cited.Count == 0)
            {
                foreach (var damaged in _damaged)
                {
                    if (damaged.Item.Due <= 0m)
                    {
                        // Of many that it may be, those that never asked for this amount are not meant.
                        if (_damaged.Count == 1 || damaged.Item.Asked == Amount)
                        {
                            AddPaidAlready(damaged);
                        }

                        continue;
                    }

                    Add([new Share(damaged, Math.Min(Amount, damaged.Item.Due))], IsOnlyOne(damaged));
                    if (Amount > damaged.Item.Due)
                    {
                        AddSets(OthersOf([damaged]), Amount - damaged.Item.Due, [damaged], (_, _) => false);
                    }
                }

                var open = _damaged.FindAll(each => each.Item.Due > 0m);
                if (open.Count > 1 && open.Sum(each => each.Item.Due) == Amount)
                {
                    Add(Whole(open, 0m), false);
                }
            }

            foreach (var hinted in candidates.Found.Where(each => each.Naming is Naming.Tail or Naming.Sequence && each.Item.Due > 0m))
            {
                Add([new Share(hinted, Math.Min(Amount, hinted.Item.Due))], false);
            }
        }

        /// <summary>What is open of whoever pays from this account, or is called like the payer.</summary>
        public void WhatItsPayerOwes()
        {
            foreach (var customer in candidates.Owners.Concat(candidates.Called).Distinct().ToList())
            {
                var all = candidates.OpenOf(customer);
                var open = all.Where(each => !IsEarly(each.Item)).ToList();
                var isOwner = candidates.Owners is [var only] && only == customer;
                // What it cites, even with a slip, says more than the account it was paid from; a beginning that many share says little.
                var found = AddSets(
                    open,
                    Amount,
                    [],
                    (set, isOnly) =>
                        isOwner
                        && isOnly
                        && _cited.Count == 0
                        && _damaged.TrueForAll(each => each.Naming == Naming.Cut || set.Contains(each))
                        && (set.Count == 1 || open.Count <= MostForSums)
                );
                // Some pay before they are invoiced.
                found = found == 0 && all.Count > open.Count ? AddSets(all, Amount, [], (_, _) => false) : found;
                if (found > 0)
                {
                    continue;
                }

                Add(InTurn(open), false);
                foreach (var more in open.Where(each => each.Item.Due > Amount).Take(MostPartials))
                {
                    Add([Fitting(more)], false);
                }
            }
        }

        /// <summary>Whatever asks for just this amount.</summary>
        public void WhatAsksForItsAmount()
        {
            foreach (var each in candidates.Found.Where(each => each.Item.Due >= Amount && each.Item.Due <= Amount + tolerance))
            {
                Add([Fitting(each)], false);
            }
        }

        public Verdict Verdict() =>
            new([
                .. _proposals
                    .Values.OrderByDescending(each => each.Confidence == Confidence.Certain)
                    .ThenByDescending(each => each.Score)
                    .Take(MostProposals),
            ]);

        /// <summary>More than what it cites comes to: other invoices of the same customer may make it up.</summary>
        private void AddMore(List<Candidate> open, decimal sum, bool isSure, bool isByReference)
        {
            var damaged = _damaged.FindAll(each => each.Item.Due > 0m);
            var rest = Amount - sum;
            if (damaged.Count > 0 && damaged.Sum(each => each.Item.Due) == rest)
            {
                Add(Whole([.. open, .. damaged], 0m), isSure && _damaged.Count == damaged.Count);
            }

            var others = OthersOf(open);
            var found = AddSets(
                others,
                rest,
                open,
                (set, isOnly) => isSure && isByReference && isOnly && others.Count <= MostForSums && _damaged.Count == 0
            );
            // Where the customer owes nothing else, the rest can only be too much.
            Add(Whole(open, 0m), isSure && isByReference && found == 0 && others.Count == 0 && _damaged.Count == 0);
            if (found == 0 && others.Count > 0)
            {
                Add(InTurn([.. open, .. others]), false);
            }
        }

        /// <summary>Adds each set that comes to the amount, beside what is taken whole; gives back how many there are.</summary>
        private int AddSets(
            IReadOnlyList<Candidate> open,
            decimal amount,
            IReadOnlyList<Candidate> beside,
            Func<IReadOnlyList<Candidate>, bool, bool> isCertain
        )
        {
            var sets = AmountSets.Find([.. open.Select(each => each.Item.Due)], amount, MostSets, out var isAll);
            foreach (var set in sets.Select(each => each.Select(place => open[place]).ToList()))
            {
                Add(Whole([.. beside, .. set], 0m), isCertain(set, isAll && sets.Count == 1));
            }

            return sets.Count;
        }

        private List<Candidate> OthersOf(List<Candidate> cited) =>
            cited.Select(each => each.Item.CustomerId).Distinct().ToList() is [{ } customer]
                ? [.. candidates.OpenOf(customer).Where(each => !cited.Contains(each) && !IsEarly(each.Item))]
                : [];

        /// <summary>All of them, the last one without what is forgiven.</summary>
        private static List<Share> Whole(IReadOnlyList<Candidate> open, decimal forgiven) =>
            [
                .. open.Select(
                    (each, i) => i == open.Count - 1 ? new Share(each, each.Item.Due - forgiven, forgiven) : new Share(each, each.Item.Due)
                ),
            ];

        /// <summary>One after the other, the earliest due first, as far as the amount goes.</summary>
        private List<Share> InTurn(IEnumerable<Candidate> open)
        {
            var (shares, rest) = (new List<Share>(), Amount);
            foreach (var each in open.TakeWhile(_ => rest > 0m))
            {
                var amount = Math.Min(rest, each.Item.Due);
                shares.Add(new Share(each, amount));
                rest -= amount;
            }

            return shares;
        }

        private Share Fitting(Candidate one)
        {
            var lacks = one.Item.Due - Amount;
            return lacks > 0m && lacks <= tolerance ? new Share(one, Amount, lacks) : new Share(one, Math.Min(Amount, one.Item.Due));
        }

        /// <summary>
        /// Less than it cites is a part of it, unless the customer owes just that amount for something else; a number, which a slip turns
        /// into another invoice's, counts only where the payer is known to be its customer.
        /// </summary>
        private bool IsPartOf(Candidate cited) =>
            !OthersOf([cited]).Exists(each => each.Item.Due == Amount)
            && _damaged.Count == 0
            && (
                cited.Naming == Naming.Reference
                || (candidates.Owners is [var owner] && owner == cited.Item.CustomerId)
                || payers.Likeness(cited.Item.CustomerId, candidates.Clues.Names) >= SureName
            );

        /// <summary>
        /// Of all that a damaged reference may be, one alone asks for this amount; of what was cut off, there is only one.
        /// </summary>
        private bool IsOnlyOne(Candidate damaged) =>
            Amount == damaged.Item.Due
            && (_damaged.Count == 1 || (damaged.Naming != Naming.Cut && _damaged.Count(each => each.Item.Due == Amount) == 1));

        /// <summary>Where a slip explains it, that it was cut off explains nothing.</summary>
        private static List<Candidate> Damaged(IReadOnlyList<Candidate> found)
        {
            var damaged = found.Where(each => each.Naming is Naming.Bare or Naming.Slip or Naming.Cut).ToList();
            return damaged.Exists(each => each.Naming != Naming.Cut) ? damaged.FindAll(each => each.Naming != Naming.Cut) : damaged;
        }

        private bool IsEarly(OpenItem item) => item.IssuedOn > entry.BookedOn.AddDays(1);

        private void AddPaidAlready(Candidate paid)
        {
            var score = 0.4m + 0.6m * WeightOf(paid.Naming) + (paid.Item.Asked == Amount ? 0.2m : 0m);
            _proposals[$"paid {paid.Item.InvoiceId}"] = new Proposal
            {
                Kind = ProposalKind.PaidAlready,
                Confidence = score >= LikelyFrom ? Confidence.Likely : Confidence.Possible,
                Score = Bounded(score),
                CustomerId = paid.Item.CustomerId,
                Rest = Amount,
                Reasons = [.. ReasonOf(paid), MatchReason.Of(MatchReason.PaidAlready, paid.Item.Number)],
            };
        }

        private void Add(List<Share> shares, bool isCertain)
        {
            if (shares.Count == 0 || shares.Exists(each => each.Amount <= 0m))
            {
                return;
            }

            var key = string.Join(
                ' ',
                shares
                    .OrderBy(each => each.Item.InvoiceId.Value)
                    .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Item.InvoiceId}:{each.Amount}"))
            );
            if (_proposals.TryGetValue(key, out var before) && (before.Confidence == Confidence.Certain || !isCertain))
            {
                return;
            }

            var reasons = new List<MatchReason>();
            var score = Bounded(OfNaming(shares, reasons) + OfAmount(shares, reasons) + OfPayer(shares, reasons) + OfDays(shares, reasons));
            _proposals[key] = new Proposal
            {
                Kind = ProposalKind.Invoices,
                Confidence =
                    isCertain ? Confidence.Certain
                    : score >= LikelyFrom ? Confidence.Likely
                    : Confidence.Possible,
                Score = score,
                CustomerId = CustomerOf(shares),
                Parts =
                [
                    .. shares.Select(each => new ProposalPart
                    {
                        InvoiceId = each.Item.InvoiceId,
                        Number = each.Item.Number,
                        Amount = each.Amount,
                        Forgiven = each.Forgiven,
                    }),
                ],
                Rest = Amount - shares.Sum(each => each.Amount),
                Reasons = reasons,
            };
        }

        private static CustomerId? CustomerOf(List<Share> shares) =>
            shares.Select(each => each.Item.CustomerId).Distinct().ToList() is [var one] ? one : null;
    }
}
