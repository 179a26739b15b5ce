using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Collections.Timing;

/// <summary>
/// Chances that follow from a text alone: whoever asks again, on another instance or after a crash, draws the same. SplitMix64 (Steele,
/// Lea, Flood 2014) from the first eight bytes of the text's SHA-256.
/// </summary>
public sealed class SeededDraws
{
    private ulong _state;

    /// <summary>The draws of a text.</summary>
    public SeededDraws(string seed) => _state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(seed)));

    /// <summary>Evenly between 0 and 1, neither included.</summary>
    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (((mixed ^ (mixed >> 31)) >> 11) + 0.5) / (1UL << 53);
    }

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>A share that a beta distribution of these two counts gives.</summary>
    public double Beta(double hits, double misses)
    {
        var (one, other) = (Gamma(hits), Gamma(misses));
        return one / (one + other);
    }

    /// <summary>Gamma with scale 1 (Marsaglia and Tsang 2000; below a shape of 1 by their boost).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(Uniform(), 1 / shape);
        }

        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + c * x;
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            if (Math.Log(Uniform()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
            {
                return d * v;
            }
        }
    }
}
