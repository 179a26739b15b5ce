using RetailInvoicing.Collections.Forecasts;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Worklist;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>Which list the simulated staff works through.</summary>
internal enum WorkedList
{
    /// <summary>None: nobody is called.</summary>
    Nobody,

    /// <summary>The most owed first, the oldest first among equals: the head of that list each day, whoever it is.</summary>
    LargestOldest,

    /// <summary>The same by somebody with tact: leaving out what may not be asked for, and nobody twice within a week.</summary>
    LargestRested,

    /// <summary>By expected gain.</summary>
    Expected,

    /// <summary>By somebody who knows each customer's habit as it was planted; nobody can, and no list can do much better.</summary>
    Knowing,
}

/// <summary>What a trial came to.</summary>
internal sealed record TrialResult
{
    /// <summary>Money of overdue invoices that came in while the list was worked.</summary>
    public required decimal CollectedOverdue { get; init; }

    /// <summary>All money that came in while the list was worked.</summary>
    public required decimal Collected { get; init; }

    /// <summary>What was overdue on average, day by day.</summary>
    public required decimal AverageOverdue { get; init; }

    /// <summary>Calls made.</summary>
    public required int Acts { get; init; }

    /// <summary>Forecasts whose outcome was looked at, and those whose interval held it.</summary>
    public required int Forecasts { get; init; }

    /// <summary>Those that held.</summary>
    public required int Held { get; init; }

    /// <summary>Outcomes before the interval.</summary>
    public required int Before { get; init; }

    /// <summary>Outcomes after it.</summary>
    public required int After { get; init; }

    /// <summary>The half of the intervals' lengths, in days; those without an end count as the horizon.</summary>
    public required double MedianLength { get; init; }

    /// <summary>The same of customers who pay by a steady habit of days: theirs can be known well.</summary>
    public required double MedianLengthOfSteady { get; init; }

    /// <summary>The share of outcomes that held.</summary>
    public double Coverage => (double)Held / Math.Max(1, Forecasts);
}

/// <summary>
/// One seller's simulated years: invoices are issued, customers pay by their habits, somebody makes a number of calls each working day from
/// a list. Up to a day all trials call alike, so that each list starts with the same history; from then on each works its own. What the
/// list knows is what the service would: payments, acts, promises, disputes; never a customer's kind.
/// </summary>
internal sealed class WorklistTrial
{
    private const int LateDays = 30;

    private static readonly DateOnly Epoch = new(2025, 1, 1);
    private static readonly SellerId Seller = SellerId.Of("s1");

    private readonly SimulatedPayers _payers;
    private readonly WorkedList _list;
    private readonly int _callsADay;
    private readonly int _apartFrom;
    private readonly int _until;
    private readonly InvoiceLife[] _lives;
    private readonly ILookup<int, InvoiceLife> _livesOf;
    private readonly Dictionary<int, Habit> _habits = [];
    private readonly Dictionary<int, List<int>> _calls = [];
    private readonly Dictionary<int, (int Kept, int Judged)> _promises = [];
    private readonly List<(int Day, Payer Payer, InvoiceLife Life)> _unjudged = [];
    private readonly List<MadeForecast> _made = [];
    private Habit _businesses = Habit.None;
    private Habit _consumers = Habit.None;
    private SellerChances _chances = SellerChances.Unknown;
    private double? _weight;
    private Calibration _calibration = Calibration.None;

    private sealed record MadeForecast(InvoiceLife Life, int Day, PayCurve Curve, int From, int? To);

    private WorklistTrial(SimulatedPayers payers, WorkedList list, int callsADay, int apartFrom, int until)
    {
        (_payers, _list, _callsADay, _apartFrom, _until) = (payers, list, callsADay, apartFrom, until);
        _lives = [.. payers.Invoices.Select(invoice => new InvoiceLife(invoice, payers.Seed, Epoch))];
        _livesOf = _lives.ToLookup(life => life.Invoice.Payer.Index);
    }

    /// <summary>Runs the days: all alike before <paramref name="apartFrom"/>, measured from there until <paramref name="until"/>.</summary>
    /// <param name="payers">Whose days.</param>
    /// <param name="list">Which list is worked from then on.</param>
    /// <param name="callsADay">Calls a working day.</param>
    /// <param name="apartFrom">The first day that is measured.</param>
    /// <param name="until">The day after the last.</param>
    /// <param name="forecastFrom">The first day whose forecasts are held against what came; none where forecasts are not looked at.</param>
    /// <param name="forecastUntil">The day after the last of these; what comes up to the end is what they are held against.</param>
    public static TrialResult Run(
        SimulatedPayers payers,
        WorkedList list,
        int callsADay,
        int apartFrom,
        int until,
        int? forecastFrom = null,
        int forecastUntil = 0
    ) => new WorklistTrial(payers, list, callsADay, apartFrom, until).Run(forecastFrom, forecastUntil);

    private TrialResult Run(int? forecastFrom, int forecastUntil)
    {
        var (collected, collectedOverdue, overdueDays, acts) = (0m, 0m, 0m, 0);
        for (var day = 0; day < _until; day++)
        {
            if (day % 7 == 0)
            {
                LearnOpen(day);
                if (forecastFrom is not null)
                {
                    Calibrate(day);
                }
            }

            if (forecastFrom is not null)
            {
                Forecast(day);
            }

            // Five days of seven.
            if (day % 7 < 5)
            {
                foreach (var payer in Listed(day).Take(_callsADay))
                {
                    acts += day >= _apartFrom ? 1 : 0;
                    Call(payer, day);
                }
            }

            foreach (var life in _lives)
            {
                if (life.PaidOn is not null || life.Invoice.IssuedOn > day)
                {
                    continue;
                }

                var promised = life.PromisedFor;
                life.Live(day);
                if (promised is not null && life.PromisedFor is null)
                {
                    var (kept, judged) = _promises.GetValueOrDefault(life.Invoice.Payer.Index);
                    _promises[life.Invoice.Payer.Index] = (kept + (life.PromiseKept == true ? 1 : 0), judged + 1);
                }

                if (life.PaidOn is not null)
                {
                    Learn(life);
                }

                if (day >= _apartFrom)
                {
                    collected += life.PaidOn is null ? 0m : life.Invoice.Amount;
                    collectedOverdue += life.PaidOn > life.Invoice.DueOn ? life.Invoice.Amount : 0m;
                    overdueDays += life.PaidOn is null && day > life.Invoice.DueOn ? life.Invoice.Amount : 0m;
                }
            }

            Judge(day);
        }

        var looked = _made.Where(made => made.Day >= forecastFrom && made.Day < forecastUntil).ToArray();
        var places = looked.Select(Place).ToArray();
        return new TrialResult
        {
            Collected = collected,
            CollectedOverdue = collectedOverdue,
            AverageOverdue = overdueDays / Math.Max(1, _until - _apartFrom),
            Acts = acts,
            Forecasts = looked.Length,
            Held = places.Count(place => place == 0),
            Before = places.Count(place => place < 0),
            After = places.Count(place => place > 0),
            MedianLength = MedianLengthOf(looked),
            MedianLengthOfSteady = MedianLengthOf([
                .. looked.Where(made => made.Life.Invoice.Payer.Kind is PayerKind.OnTime or PayerKind.TwentyDaysLate),
            ]),
        };
    }

    private static double MedianLengthOf(MadeForecast[] made) =>
        made.Select(each => (double)((each.To ?? PayCurve.Horizon) - each.From)).DefaultIfEmpty().Order().ElementAt(made.Length / 2);

    /// <summary>Below, within or above the interval; what is open at the end came after every day that has passed.</summary>
    private int Place(MadeForecast made)
    {
        var came = (made.Life.PaidOn ?? _until + PayCurve.Horizon) - made.Day;
        return came < made.From ? -1
            : made.To is { } to && came > to ? 1
            : 0;
    }

    private IEnumerable<Payer> Listed(int day)
    {
        var list = day < _apartFrom ? WorkedList.LargestRested : _list;
        var today = Epoch.AddDays(day);
        var debtors = Overdue(day).Select(owed => (Payer: owed.Key, Debtor: DebtorOf(owed.Key, [.. owed], today)));
        var callable = debtors.Where(each => each.Debtor.Workable > 0m && !CalledSince(each.Payer, day - ExpectedGain.Rest + 1));
        return list switch
        {
            WorkedList.Nobody => [],
            WorkedList.LargestOldest => debtors
                .OrderByDescending(each => each.Debtor.Amount)
                .ThenBy(each => each.Debtor.Overdue.Min(item => item.DueDate))
                .Select(each => each.Payer),
            WorkedList.LargestRested => callable
                .OrderByDescending(each => each.Debtor.Workable)
                .ThenBy(each => each.Debtor.Overdue.Min(item => item.DueDate))
                .Select(each => each.Payer),
            WorkedList.Expected => callable
                .OrderByDescending(each => ExpectedGain.Of(each.Debtor, today).Amount)
                .Select(each => each.Payer),
            _ => callable
                .OrderByDescending(each => each.Debtor.Workable * each.Payer.Moved)
                .ThenByDescending(each => each.Debtor.Workable)
                .Select(each => each.Payer),
        };
    }

    private IEnumerable<IGrouping<Payer, InvoiceLife>> Overdue(int day) =>
        _lives
            .Where(life => life.PaidOn is null && life.Invoice.DueOn < day && life.Invoice.IssuedOn <= day)
            .GroupBy(life => life.Invoice.Payer);

    private Debtor DebtorOf(Payer payer, IReadOnlyList<InvoiceLife> lives, DateOnly today)
    {
        var day = today.DayNumber - Epoch.DayNumber;
        var habit = _habits.GetValueOrDefault(payer.Index) ?? Habit.None;
        var (kept, judged) = _promises.GetValueOrDefault(payer.Index);
        return new Debtor
        {
            Overdue = [.. lives.Select(life => Item(life, day))],
            Habit = habit,
            Hazard = HazardOf(payer, habit, day),
            Uplift = ActUplift.Of(_chances, payer.Business, habit),
            LateActs = [.. CallsOf(payer).Where(call => call > day - LateDays).Select(Epoch.AddDays)],
            PromisesKept = kept,
            PromisesJudged = judged,
        };
    }

    private PaymentHazard HazardOf(Payer payer, Habit habit, int day) =>
        _chances.Customer(
            payer.Business,
            habit,
            _livesOf[payer.Index]
                .Where(life => life.PaidOn is null && life.Invoice.IssuedOn < day)
                .Select(life => ExposureOf(life, day - 1, false))
        );

    private static OpenItem Item(InvoiceLife life, int day) =>
        new()
        {
            SellerId = Seller,
            InvoiceId = InvoiceId.Of(life.Invoice.Id),
            Number = $"F-{life.Invoice.Index}",
            CustomerKey = $"c{life.Invoice.Payer.Index}",
            Language = "es",
            Business = life.Invoice.Payer.Business,
            Phone = life.Invoice.Payer.HasPhone ? "+34600000000" : null,
            Currency = Currency.Eur,
            TotalWithVat = life.Invoice.Amount,
            AmountDue = life.Invoice.Amount,
            DueDate = Epoch.AddDays(life.Invoice.DueOn),
            IssueDate = Epoch.AddDays(life.Invoice.IssuedOn),
            OpenedAt = new DateTimeOffset(Epoch.AddDays(life.Invoice.IssuedOn), TimeOnly.MinValue, TimeSpan.Zero),
            PaymentReference = "",
            OpenPromise =
                life.PromisedFor is { } promised && life.IsPromised(day)
                    ? new OpenPromise(Epoch.AddDays(promised), life.Invoice.Amount)
                    : null,
            DisputedAmount = life.IsDisputed(day) ? life.Invoice.Amount : 0m,
        };

    private void Call(Payer payer, int day)
    {
        if (!_calls.TryGetValue(payer.Index, out var calls))
        {
            _calls[payer.Index] = calls = [];
        }

        calls.Add(day);
        foreach (var life in _livesOf[payer.Index].Where(life => life.PaidOn is null && life.Invoice.DueOn < day))
        {
            life.Call(day);
            _unjudged.Add((day, payer, life));
        }
    }

    private IReadOnlyList<int> CallsOf(Payer payer) => _calls.GetValueOrDefault(payer.Index) ?? [];

    private bool CalledSince(Payer payer, int day) => CallsOf(payer) is [.., var last] && last >= day;

    private Exposure ExposureOf(InvoiceLife life, int to, bool paid) =>
        new()
        {
            From = Epoch.AddDays(life.Invoice.IssuedOn),
            To = Epoch.AddDays(to),
            Due = Epoch.AddDays(life.Invoice.DueOn),
            Paid = paid,
            Acts = [.. CallsOf(life.Invoice.Payer).Select(Epoch.AddDays)],
        };

    private void Learn(InvoiceLife life)
    {
        var payer = life.Invoice.Payer;
        var exposure = ExposureOf(life, life.PaidOn!.Value, true);
        var habit = _habits.GetValueOrDefault(payer.Index) ?? Habit.None;
        _habits[payer.Index] = habit.With(exposure, _chances.Customer(payer.Business, habit));
        LearnSegment(payer.Business, sums => sums.With(exposure, _chances.Segment(payer.Business)));
    }

    private void Judge(int day)
    {
        foreach (var (called, payer, life) in _unjudged.Where(each => each.Day + ActKinds.Window <= day))
        {
            var habit = _habits.GetValueOrDefault(payer.Index) ?? Habit.None;
            var hazard = _chances.Customer(payer.Business, habit);
            var unmoved = 1 - hazard.Within(Epoch.AddDays(life.Invoice.DueOn), Epoch.AddDays(called), ActKinds.Window);
            var paid = life.PaidOn <= called + ActKinds.Window;
            _habits[payer.Index] = habit.With(ActKind.Call, paid, unmoved);
            LearnSegment(payer.Business, sums => sums.With(ActKind.Call, paid, unmoved));
        }

        _unjudged.RemoveAll(each => each.Day + ActKinds.Window <= day);
    }

    private void LearnSegment(bool business, Func<Habit, Habit> learn) =>
        (_businesses, _consumers) = business ? (learn(_businesses), _consumers) : (_businesses, learn(_consumers));

    /// <summary>As each morning's forecast does: what is open counts with its days, and the weight is looked at again.</summary>
    private void LearnOpen(int day)
    {
        var (businesses, consumers) = (Habit.None, Habit.None);
        foreach (var life in _lives.Where(life => life.PaidOn is null && life.Invoice.IssuedOn < day))
        {
            var exposure = ExposureOf(life, day - 1, false);
            if (life.Invoice.Payer.Business)
            {
                businesses = businesses.With(exposure, _chances.Segment(true));
            }
            else
            {
                consumers = consumers.With(exposure, _chances.Segment(false));
            }
        }

        var weight = new HazardWeight();
        foreach (var habit in _habits.Values)
        {
            weight.Add(habit, _chances.Seller);
        }

        _weight = weight.Best();
        _chances = SellerChances.Of(_businesses, _consumers, businesses, consumers, _weight, _weight);
    }

    private void Forecast(int day)
    {
        var today = Epoch.AddDays(day);
        foreach (
            var owed in _lives
                .Where(life => life.PaidOn is null && life.Invoice.IssuedOn < day && life.Invoice.Index % 7 == day % 7)
                .GroupBy(life => life.Invoice.Payer)
        )
        {
            var hazard = HazardOf(owed.Key, _habits.GetValueOrDefault(owed.Key.Index) ?? Habit.None, day);
            var (kept, judged) = _promises.GetValueOrDefault(owed.Key.Index);
            foreach (var life in owed)
            {
                var forecast = PayForecast.Of(
                    new PayOutlook
                    {
                        DueDate = Epoch.AddDays(life.Invoice.DueOn),
                        PromisedOn = life.PromisedFor is { } promised && life.IsPromised(day) ? Epoch.AddDays(promised) : null,
                        KeepsPromises = (kept + 1.0) / (judged + 2.0),
                        DisputedShare = life.IsDisputed(day) ? 1 : 0,
                    },
                    hazard,
                    _calibration,
                    today
                );
                var (from, to) = _calibration.Interval(forecast.Curve);
                _made.Add(new MadeForecast(life, day, forecast.Curve, from, to));
            }
        }
    }

    private void Calibrate(int day) =>
        _calibration = Calibration.Of([
            .. _made
                .Where(made => made.Day >= day - Calibration.LookBackDays)
                .Select(made =>
                    made.Life.PaidOn is { } paid
                        ? ForecastOutcome.PaidOn(made.Curve, paid - made.Day)
                        : ForecastOutcome.OpenThrough(made.Curve, day - 1 - made.Day)
                ),
        ]);
}
