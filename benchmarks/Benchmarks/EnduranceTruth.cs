using System.Globalization;

namespace RetailInvoicing.Benchmarks;

/// <summary>Something that must be so at the end: what is wanted, and what was found.</summary>
internal sealed record EnduranceTruth(string What, long Wanted, long Found)
{
    /// <summary>Whether it is so.</summary>
    public bool Holds => Wanted == Found;

    /// <summary>A few places where it is not.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>That something never is.</summary>
    public static EnduranceTruth None(string what, EnduranceFaults found) => new(what, 0, found.Count) { Examples = found.Examples };

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Holds ? "true " : "FALSE")} {What}: {Found:N0}{(Holds ? "" : $", wanted {Wanted:N0}")}{string.Concat(Examples.Select(each => $"\n        {each}"))}"
        );
}

/// <summary>Counts what is wrong and remembers the first few.</summary>
internal sealed class EnduranceFaults
{
    private const int MostExamples = 10;

    private readonly List<string> _examples = [];

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>The first few.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>One more where it is wrong.</summary>
    public void When(bool isWrong, Func<string> example)
    {
        if (isWrong)
        {
            Count++;
            if (_examples.Count < MostExamples)
            {
                _examples.Add(example());
            }
        }
    }
}
