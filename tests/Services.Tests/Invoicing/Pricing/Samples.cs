using CsCheck;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>
/// Holds a property against random samples, the same at every run: thousands, or as many as RETAIL_SAMPLES says. A failure is made as
/// simple as it goes and tells the seed that makes it again.
/// </summary>
internal static class Samples
{
    private const ulong Seed = 20261123;

    public static void Hold<T>(Gen<T> samples, int usually, Action<T> property, Func<T, string> print)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("RETAIL_SAMPLES"), out var asked) ? asked : usually;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} samples of seed {Seed}");
        var (failed, why, gate) = (int.MaxValue, (Exception?)null, new Lock());
        Parallel.For(
            0,
            count,
            (i, loop) =>
            {
                try
                {
                    property(samples.Generate(new PCG((uint)i, Seed), null, out _));
                }
                catch (Exception exception)
                {
                    lock (gate)
                    {
                        (failed, why) = i < failed ? (i, exception) : (failed, why);
                    }

                    loop.Break();
                }
            }
        );
        if (why is null)
        {
            return;
        }

        var seed = new PCG((uint)failed, Seed).ToString();
        samples.Sample(property, seed: seed, iter: 5_000, threads: 1, print: print);
        Assert.Fail($"sample {failed}, seed {seed}: {why}\n{print(samples.Generate(new PCG((uint)failed, Seed), null, out _))}");
    }
}
