using RetailInvoicing.Collections.Habits;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class HabitTests
{
    private static readonly DateOnly Due = new(2026, 6, 30);

    [Fact]
    public void What_nothing_is_known_of_is_said_as_the_level_above_says()
    {
        var seller = PaymentHazard.Of(PaymentHazard.Prior, Habit.None, PaymentHazard.SellerWeight);

        for (var day = -40; day < 250; day++)
        {
            Assert.Equal(PaymentHazard.Prior.ByAge(day), seller.ByAge(day), 9);
        }

        Assert.Equal(1, seller.ByMonthPart(Due), 9);
    }

    [Fact]
    public void A_chance_is_payments_and_the_weighted_chance_above_over_days_and_the_weight()
    {
        // Three days of the band 20 to 22 at risk, paid on the last: by hand.
        var above = PaymentHazard.Prior;
        var habit = Habit.None.With(Paid(17, 22), above);

        var hazard = PaymentHazard.Of(above, habit, 8);

        Assert.Equal((1 + 8 * above.ByAge(20)) / (3 + 8), hazard.ByAge(21), 6);
        // The bands before it were survived.
        Assert.Equal(8 * above.ByAge(17) / (3 + 8), hazard.ByAge(18), 6);
        // Of the bands after it nothing is known.
        Assert.Equal(above.ByAge(23), hazard.ByAge(24), 9);
    }

    [Fact]
    public void More_history_outweighs_the_level_above_and_a_larger_weight_gives_in_later()
    {
        var above = PaymentHazard.Prior;
        double Of(int invoices, double weight)
        {
            var habit = Habit.None;
            for (var i = 0; i < invoices; i++)
            {
                habit = habit.With(Paid(-30, 20), above);
            }

            return PaymentHazard.Of(above, habit, weight).ByAge(20);
        }

        Assert.True(above.ByAge(20) < Of(1, 8) && Of(1, 8) < Of(5, 8) && Of(5, 8) < Of(50, 8));
        Assert.InRange(Of(400, 8), 0.93, 0.951);
        Assert.True(Of(5, 64) < Of(5, 8));
    }

    [Fact]
    public void What_is_open_makes_a_late_payer_known_before_it_pays()
    {
        var segment = SellerChances.Unknown;
        var open = new Exposure
        {
            From = Due.AddDays(-30),
            To = Due.AddDays(40),
            Due = Due,
            Paid = false,
        };

        var known = segment.Customer(false, Habit.None, [open, open, open]);

        Assert.True(known.Within(Due, Due, 14) < 0.8 * segment.Customer(false, Habit.None).Within(Due, Due, 14));
    }

    [Fact]
    public void Days_after_a_persons_act_are_no_quiet_days()
    {
        var exposure = Paid(-5, 20) with { Acts = [Due.AddDays(10)] };

        var days = exposure.Days().ToArray();

        // Ten to twenty-three are the act's.
        Assert.Equal(Enumerable.Range(-5, 15), days.Select(each => each.Day));
        Assert.DoesNotContain(days, each => each.Paid);
        var habit = Habit.None.With(exposure, PaymentHazard.Prior);
        Assert.Equal((0f, 15f, 1), (habit.PaidByAge.Sum(), habit.DaysByAge.Sum(), habit.Paid));
    }

    [Fact]
    public void A_day_of_the_month_is_learned_of_who_pays_on_it_and_not_of_who_pays_a_fixed_time_late()
    {
        var chances = SellerChances.Unknown;
        var (byMonth, byDelay) = (Habit.None, Habit.None);
        for (var i = 0; i < 24; i++)
        {
            // Due dates wander through the month.
            var due = new DateOnly(2024, 1, 3).AddDays(i * 37);
            var payday = new DateOnly(due.Year, due.Month, 26);
            payday = payday > due ? payday : payday.AddMonths(1);
            byMonth = byMonth.With(PaidOn(due, payday), chances.Customer(false, byMonth));
            byDelay = byDelay.With(PaidOn(due, due.AddDays(20)), chances.Customer(false, byDelay));
        }

        Assert.True(chances.Customer(false, byMonth).ByMonthPart(new DateOnly(2026, 5, 26)) > 2.5);
        Assert.InRange(chances.Customer(false, byDelay).ByMonthPart(new DateOnly(2026, 5, 26)), 0.4, 2.2);
    }

    [Fact]
    public void Customers_who_differ_are_believed_sooner_than_customers_who_are_alike()
    {
        var seller = PaymentHazard.Prior;
        double Weight(Func<int, int, int> delayOf)
        {
            var weight = new HazardWeight();
            for (var customer = 0; customer < 60; customer++)
            {
                var habit = Habit.None;
                for (var i = 0; i < 12; i++)
                {
                    habit = habit.With(Paid(-30, delayOf(customer, i)), seller);
                }

                weight.Add(habit, seller);
            }

            return weight.Best();
        }

        var random = new Random(7);
        // Each its own day, or each of its invoices on a day that the table of chances draws.
        var different = Weight((customer, _) => customer);
        var alike = Weight((_, _) => Draw(seller, random));
        Assert.True(different <= 4 && alike >= 64, $"different {different}, alike {alike}");
    }

    [Fact]
    public void Too_few_customers_leave_the_usual_weight() => Assert.Equal(PaymentHazard.CustomerWeight, new HazardWeight().Best());

    [Fact]
    public void What_acts_do_is_learned_beside_what_would_come_anyway()
    {
        // Of a hundred who were called, half would have stayed unpaid anyway and a quarter did: the call moved half of those.
        var habit = Habit.None;
        for (var i = 0; i < 400; i++)
        {
            habit = habit.With(ActKind.Call, paid: i % 4 != 0, unmoved: 0.5);
        }

        Assert.InRange(ActUplift.Of(ActUplift.Prior, habit, ActUplift.TableWeight).By(ActKind.Call), 0.46, 0.51);

        var never = Enumerable.Range(0, 6).Aggregate(Habit.None, (sums, _) => sums.With(ActKind.Call, false, 0.95));
        var always = Enumerable.Range(0, 6).Aggregate(Habit.None, (sums, _) => sums.With(ActKind.Call, true, 0.95));
        Assert.True(ActUplift.Of(SellerChances.Unknown, false, never).By(ActKind.Call) < 0.08);
        Assert.True(ActUplift.Of(SellerChances.Unknown, false, always).By(ActKind.Call) > 0.6);
        // Other acts are as they were.
        Assert.Equal(0.05, ActUplift.Of(SellerChances.Unknown, false, always).By(ActKind.Email), 6);
    }

    [Fact]
    public void Several_invoices_of_the_same_days_count_as_each_of_them_alone()
    {
        var exposure = Paid(-30, 12);
        var one = Habit.None.With(exposure, PaymentHazard.Prior).With(exposure, PaymentHazard.Prior).With(exposure, PaymentHazard.Prior);
        var together = Habit.None.With(exposure, PaymentHazard.Prior, 3);

        Assert.Equal(one.PaidByAge, together.PaidByAge);
        Assert.Equal(one.DaysByAge, together.DaysByAge);
        Assert.Equal((one.Paid, one.PaidLate, one.DaysLate), (together.Paid, together.PaidLate, together.DaysLate));
        Assert.Equal(one.ExpectedByMonthPart.Sum(), together.ExpectedByMonthPart.Sum(), 3);
    }

    private static int Draw(PaymentHazard hazard, Random random)
    {
        var day = -30;
        while (day < 300 && random.NextDouble() >= hazard.ByAge(day))
        {
            day++;
        }

        return day;
    }

    private static Exposure Paid(int from, int on) =>
        new()
        {
            From = Due.AddDays(from),
            To = Due.AddDays(on),
            Due = Due,
            Paid = true,
        };

    private static Exposure PaidOn(DateOnly due, DateOnly on) =>
        new()
        {
            From = due.AddDays(-30),
            To = on,
            Due = due,
            Paid = true,
        };
}
