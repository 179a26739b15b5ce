using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class SendTimeTests
{
    private static readonly SellerId Seller = SellerId.Of("s1");
    private static readonly DateOnly Day = new(2026, 6, 1);
    private static readonly TimeOnly Own = new(10, 0);
    private static readonly SendWindow[] Windows =
    [
        new("email", TimeOnly.MinValue, TimeOnly.MinValue),
        new("sms", new TimeOnly(9, 0), new TimeOnly(21, 0)),
    ];

    [Fact]
    public void A_tenth_of_the_customers_is_held_out_for_a_quarter_and_gets_the_policys_own_way()
    {
        var heldOut = Customers().Where(customer => SendTime.IsHeldOut(Seller, customer, Day)).ToArray();

        Assert.InRange(heldOut.Length, 900, 1100);
        foreach (var customer in heldOut.Take(50))
        {
            Assert.Equal(new SendChoice("email", Own, true), Choose(AnswerHabit.None, customer, NoticeId.New()));
            Assert.True(SendTime.IsHeldOut(Seller, customer, new DateOnly(2026, 4, 1)));
        }

        // Another quarter, another tenth.
        var still = heldOut.Count(customer => SendTime.IsHeldOut(Seller, customer, new DateOnly(2026, 7, 1)));
        Assert.InRange(still, 60, 150);
    }

    [Fact]
    public void The_same_notice_is_chosen_the_same_way_and_within_what_is_allowed()
    {
        foreach (var customer in Customers().Take(500))
        {
            var notice = NoticeId.New();
            var choice = Choose(AnswerHabit.None, customer, notice);

            Assert.Equal(choice, Choose(AnswerHabit.None, customer, notice));
            Assert.True(choice.Channel == "email" || (choice.At >= new TimeOnly(9, 0) && choice.At < new TimeOnly(21, 0)), $"{choice}");
        }
    }

    [Fact]
    public void What_was_answered_is_chosen_more_and_more()
    {
        double Share(float sent, float answeredThere)
        {
            var there = AnswerHabit.CellOf("sms", HourBand.Of(new TimeOnly(18, 0)))!.Value;
            var (sents, answers) = (new float[AnswerHabit.Cells], new float[AnswerHabit.Cells]);
            for (var cell = 0; cell < AnswerHabit.Cells; cell++)
            {
                (sents[cell], answers[cell]) = (sent, 0.08f * sent);
            }

            answers[there] = answeredThere * sent;
            var habit = AnswerHabit.None with { SellerSent = sents, SellerAnswered = answers };
            var chosen = Customers()
                .Take(1000)
                .Select(customer => Choose(habit, customer, NoticeId.New()))
                .Where(choice => !choice.HeldOut)
                .ToArray();
            return chosen.Count(choice => choice is { Channel: "sms" } && HourBand.Of(choice.At).Index == 4) / (double)chosen.Length;
        }

        var (nothing, some, much) = (Share(0, 0.3f), Share(40, 0.3f), Share(2000, 0.3f));
        Assert.True(nothing < 0.25 && nothing < some && some < much && much > 0.98, $"{nothing} {some} {much}");
    }

    [Fact]
    public void A_customers_own_answers_outweigh_those_of_all()
    {
        var morning = AnswerHabit.CellOf("email", HourBand.Of(new TimeOnly(9, 0)))!.Value;
        var evening = AnswerHabit.CellOf("email", HourBand.Of(new TimeOnly(18, 0)))!.Value;
        var (all, answered, own, ownAnswered) = (
            Enumerable.Repeat(5000f, AnswerHabit.Cells).ToArray(),
            Enumerable.Repeat(250f, AnswerHabit.Cells).ToArray(),
            new float[AnswerHabit.Cells],
            new float[AnswerHabit.Cells]
        );
        answered[morning] = 1000;
        (own[evening], ownAnswered[evening]) = (10, 9);
        var habit = new AnswerHabit
        {
            Sent = own,
            Answered = ownAnswered,
            SellerSent = all,
            SellerAnswered = answered,
        };
        var customer = Customers().First(each => !SendTime.IsHeldOut(Seller, each, Day));

        Assert.Equal(new SendChoice("email", new TimeOnly(17, 0), false), Choose(habit, customer, NoticeId.New()));
    }

    [Fact]
    public void Draws_have_the_moments_of_their_distributions()
    {
        var draws = new SeededDraws("moments");
        var betas = Enumerable.Range(0, 20_000).Select(_ => draws.Beta(2, 18)).ToArray();
        var small = Enumerable.Range(0, 20_000).Select(_ => draws.Gamma(0.5)).ToArray();

        Assert.Equal(0.1, betas.Average(), 0.003);
        Assert.Equal(2.0 * 18 / (20 * 20 * 21), Variance(betas), 0.0003);
        Assert.Equal(0.5, small.Average(), 0.02);
    }

    [Fact]
    public void A_planted_effect_is_found_again_in_its_interval_nineteen_times_of_twenty()
    {
        var (held, near) = (0, 0.0);
        for (var seed = 0; seed < 200; seed++)
        {
            var effect = SendEffect.Of(Reminded(seed, -3));
            held += effect.From <= -3 && -3 <= effect.To ? 1 : 0;
            near += effect.Days!.Value / 200;
        }

        // Nineteen in twenty, give or take what two hundred trials may.
        Assert.InRange(held, 180, 199);
        Assert.Equal(-3, near, 0.4);
    }

    [Fact]
    public void Where_there_is_no_effect_the_interval_covers_zero_nineteen_times_of_twenty()
    {
        var covers = Enumerable.Range(1000, 200).Count(seed => SendEffect.Of(Reminded(seed, 0)) is { From: <= 0, To: >= 0 });

        Assert.InRange(covers, 180, 199);
    }

    [Fact]
    public void Too_few_customers_say_nothing()
    {
        var effect = SendEffect.Of(Enumerable.Range(0, 100).Select(i => new RemindedCustomer(i < 19, 2, 30)));

        Assert.Equal((81, 162, 19), (effect.Chosen.Customers, effect.Chosen.Invoices, effect.HeldOut.Customers));
        Assert.Null(effect.Days);
        Assert.Null(SendEffect.Of([]).Chosen.Days);
    }

    /// <summary>Customers whose invoices resemble each other, a tenth held out; the others pay so many days sooner.</summary>
    private static IEnumerable<RemindedCustomer> Reminded(int seed, double effect)
    {
        var random = new Random(seed);
        for (var customer = 0; customer < 600; customer++)
        {
            var heldOut = random.NextDouble() < 0.1;
            var own = 25 + 8 * Normal(random);
            var invoices = 1 + random.Next(6);
            var days = Enumerable
                .Range(0, invoices)
                .Sum(_ => Math.Clamp(own + 4 * Normal(random) + (heldOut ? 0 : effect), 0, SendEffect.Horizon));
            yield return new RemindedCustomer(heldOut, invoices, days);
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    private static SendChoice Choose(AnswerHabit habit, string customer, NoticeId notice) =>
        SendTime.Choose(habit, Windows, Own, Seller, customer, Day, notice);

    private static IEnumerable<string> Customers() => Enumerable.Range(0, 10_000).Select(i => $"c{i}");
}
