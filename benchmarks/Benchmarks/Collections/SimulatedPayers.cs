namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>What moves a simulated customer to pay. The code under test knows of none of these.</summary>
internal enum PayerKind
{
    /// <summary>A few days before or after the due date.</summary>
    OnTime,

    /// <summary>Everything that is due when wages have come.</summary>
    OnPayday,

    /// <summary>About twenty days after the due date, always.</summary>
    TwentyDaysLate,

    /// <summary>Some days after somebody called, and hardly ever otherwise.</summary>
    AfterCall,

    /// <summary>Promises when called, and mostly does not keep it.</summary>
    PromiseBreaker,

    /// <summary>Disputes what is overdue, and pays at leisure once that is resolved.</summary>
    Disputer,
}

/// <summary>A simulated customer.</summary>
internal sealed record Payer(int Index, PayerKind Kind, bool Business, int Payday, double Reliable, bool HasPhone)
{
    /// <summary>The share of what it owes that a call brings and that would not come for months.</summary>
    public decimal Moved =>
        Kind switch
        {
            PayerKind.AfterCall => (decimal)Reliable,
            PayerKind.PromiseBreaker => 0.05m,
            _ => 0m,
        };
}

/// <summary>An invoice of a simulated customer.</summary>
internal sealed record PayersInvoice(int Index, Payer Payer, Guid Id, decimal Amount, int IssuedOn, int DueOn);

/// <summary>Chances that follow from their names alone, so that the same customer has the same luck whichever list is worked.</summary>
internal static class Luck
{
    public static double Of(int seed, int one, int other, int purpose)
    {
        var mixed = Mix(Mix(Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15) ^ (uint)one) ^ (uint)other) ^ (uint)purpose;
        return (Mix(mixed) >> 11) / (double)(1UL << 53);
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>Customers with planted habits and their invoices over some hundred days; the same for the same seed.</summary>
internal sealed class SimulatedPayers
{
    // Of a hundred customers.
    private static readonly (PayerKind Kind, int Share)[] Mixture =
    [
        (PayerKind.OnTime, 25),
        (PayerKind.OnPayday, 20),
        (PayerKind.TwentyDaysLate, 20),
        (PayerKind.AfterCall, 15),
        (PayerKind.PromiseBreaker, 10),
        (PayerKind.Disputer, 10),
    ];

    private const double InvoicesOfAMonth = 1.0;

    public SimulatedPayers(int seed, int customers, int days)
    {
        Seed = seed;
        var random = new Random(seed);
        var payers = new List<Payer>();
        for (var i = 0; i < customers; i++)
        {
            var draw = random.Next(100);
            var kind = Mixture.First(each => (draw -= each.Share) < 0).Kind;
            payers.Add(
                new Payer(
                    i,
                    kind,
                    random.NextDouble() < 0.5,
                    random.NextDouble() < 0.6 ? 25 + random.Next(4) : 1 + random.Next(10),
                    0.6 + 0.35 * random.NextDouble(),
                    random.NextDouble() < 0.8
                )
            );
        }

        var invoices = new List<PayersInvoice>();
        foreach (var payer in payers)
        {
            // Whoever buys more buys dearer: a few customers owe most of the money, whatever their habit.
            var scale = Math.Exp(4.8 + 0.9 * Normal(random));
            for (var day = random.NextDouble() * 30; day < days; day += -Math.Log(1 - random.NextDouble()) * 30 / InvoicesOfAMonth)
            {
                var amount = decimal.Round((decimal)(scale * Math.Exp(0.5 * Normal(random))), 2, MidpointRounding.AwayFromZero);
                var terms = payer.Business ? 30 : 15;
                var bytes = new byte[16];
                random.NextBytes(bytes);
                invoices.Add(new PayersInvoice(invoices.Count, payer, new Guid(bytes), Math.Max(1m, amount), (int)day, (int)day + terms));
            }
        }

        (Payers, Invoices) = (payers, [.. invoices.OrderBy(invoice => invoice.IssuedOn)]);
    }

    public int Seed { get; }

    public IReadOnlyList<Payer> Payers { get; }

    public IReadOnlyList<PayersInvoice> Invoices { get; }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What becomes of an invoice as the days pass; it knows its customer's habit.</summary>
internal sealed class InvoiceLife(PayersInvoice invoice, int seed, DateOnly epoch)
{
    private const int CallPurpose = 1;
    private const int DayPurpose = 2;
    private const int DelayPurpose = 3;
    private const int MonthPurpose = 4;
    private const int DisputePurpose = 5;
    private const int PromisePurpose = 6;

    private int? _willPayOn;
    private int _calls;

    public PayersInvoice Invoice { get; } = invoice;

    public int? PaidOn { get; private set; }

    public int? PromisedFor { get; private set; }

    public bool? PromiseKept { get; private set; }

    public int? DisputedFrom { get; private set; }

    public int? DisputedUntil { get; private set; }

    public bool IsDisputed(int day) => DisputedFrom <= day && day < DisputedUntil;

    /// <summary>A promise that stands on that day.</summary>
    public bool IsPromised(int day) => PromisedFor >= day;

    /// <summary>The day passes.</summary>
    public void Live(int day)
    {
        if (PaidOn is not null || day < Invoice.IssuedOn)
        {
            return;
        }

        var since = day - Invoice.DueOn;
        var pays = Invoice.Payer.Kind switch
        {
            PayerKind.OnTime => since >= -6 + (int)(9 * Luck.Of(seed, Invoice.Index, 0, DelayPurpose)),
            PayerKind.OnPayday => since >= 0 && IsPayday(day),
            PayerKind.TwentyDaysLate => since >= 18 + (int)(5 * Luck.Of(seed, Invoice.Index, 0, DelayPurpose)),
            PayerKind.AfterCall => since >= 0 && Luck.Of(seed, Invoice.Index, day, DayPurpose) < 0.002,
            PayerKind.PromiseBreaker => since >= 0 && Luck.Of(seed, Invoice.Index, day, DayPurpose) < 0.006,
            _ => since >= 0 && !IsDisputed(day) && Luck.Of(seed, Invoice.Index, day, DayPurpose) < (DisputedUntil <= day ? 0.04 : 0.01),
        };
        if (Invoice.Payer.Kind == PayerKind.Disputer && since == 5 && Luck.Of(seed, Invoice.Index, 0, DisputePurpose) < 0.7)
        {
            (DisputedFrom, DisputedUntil) = (day, day + 20 + (int)(40 * Luck.Of(seed, Invoice.Index, 1, DisputePurpose)));
        }

        if (pays || _willPayOn <= day)
        {
            PaidOn = day;
        }

        if (PromisedFor is { } promised && (PaidOn is not null || day >= promised))
        {
            (PromiseKept, PromisedFor) = (PaidOn <= promised, null);
        }
    }

    /// <summary>Somebody calls about it in the morning.</summary>
    public void Call(int day)
    {
        if (PaidOn is not null)
        {
            return;
        }

        _calls++;
        var luck = Luck.Of(seed, Invoice.Index, _calls, CallPurpose);
        switch (Invoice.Payer.Kind)
        {
            case PayerKind.AfterCall when luck < Invoice.Payer.Reliable:
                _willPayOn ??= day + 1 + (int)(8 * Luck.Of(seed, Invoice.Index, _calls, DelayPurpose));
                break;
            case PayerKind.PromiseBreaker when luck < 0.8:
                (PromisedFor, PromiseKept) = (day + 7, null);
                if (Luck.Of(seed, Invoice.Index, _calls, PromisePurpose) < 0.12)
                {
                    _willPayOn ??= day + 6;
                }

                break;
            case PayerKind.OnTime or PayerKind.TwentyDaysLate when luck < 0.3:
                _willPayOn ??= day + 2;
                break;
            case PayerKind.OnPayday when luck < 0.08:
                _willPayOn ??= day + 2;
                break;
        }
    }

    private bool IsPayday(int day)
    {
        var date = epoch.AddDays(day);
        var late = (int)(3 * Luck.Of(seed, Invoice.Payer.Index, date.Year * 12 + date.Month, MonthPurpose));
        return date.Day == Math.Min(DateTime.DaysInMonth(date.Year, date.Month), Invoice.Payer.Payday + late);
    }
}
