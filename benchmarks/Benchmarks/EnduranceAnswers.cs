using System.Globalization;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// What the tills were told: of each sale its number, and how often. A sale that is told two numbers, or issued twice, is noted; so is
/// whatever was no answer.
/// </summary>
internal sealed class EnduranceAnswers(int count) : EnduranceProgress(count)
{
    private const int MostTold = 20;
    private const int SequenceBits = 40;

    /// <summary>Series and sequence of each sale's number; 0 until it is known.</summary>
    private readonly long[] _numbers = new long[count];
    private readonly byte[] _issued = new byte[count];
    private readonly List<string> _series = [""];
    private readonly List<int> _perSecond = [];
    private readonly List<string> _wrong = [];

    /// <summary>Sales whose number is known.</summary>
    public int Known { get; private set; }

    /// <summary>Definite answers.</summary>
    public int Answers { get; private set; }

    /// <summary>Answers that contradict an earlier one, and refusals.</summary>
    public int Wrong { get; private set; }

    /// <summary>Some of the answers that are wrong.</summary>
    public IReadOnlyList<string> Wrongs
    {
        get
        {
            lock (Guard)
            {
                return [.. _wrong];
            }
        }
    }

    /// <summary>Sales that became known in each second.</summary>
    public IReadOnlyList<int> PerSecond
    {
        get
        {
            lock (Guard)
            {
                return [.. _perSecond];
            }
        }
    }

    /// <summary>The sale has its invoice; whether it was made just now, where the answer says so.</summary>
    public void Answer(int sale, string number, bool? isNew)
    {
        var dash = number.LastIndexOf('-');
        if (dash < 1 || !long.TryParse(number.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            Refuse(sale, $"answered with the number '{number}'");
            return;
        }

        lock (Guard)
        {
            var named = number[..dash];
            var series = _series.IndexOf(named);
            if (series < 0)
            {
                series = _series.Count;
                _series.Add(named);
            }

            var told = ((long)series << SequenceBits) | sequence;
            if (_numbers[sale] == 0)
            {
                _numbers[sale] = told;
                Known++;
                Bucket();
            }
            else if (_numbers[sale] != told)
            {
                Tell($"sale {sale} was told {NumberOf(sale)} and then {number}");
            }

            if (isNew == true && ++_issued[sale] > 1)
            {
                Tell($"sale {sale} was issued twice, as {number}");
            }

            Answers++;
            Settle(sale);
            Heard();
        }
    }

    /// <summary>The sale was refused, which none is to be.</summary>
    public void Refuse(int sale, string why)
    {
        lock (Guard)
        {
            Tell($"sale {sale}: {why}");
            Settle(sale);
        }
    }

    /// <summary>Series and sequence of the number that a sale was told; none where it was told none.</summary>
    public (string Series, long Sequence) NumberOf(int sale)
    {
        var told = _numbers[sale];
        return (_series[(int)(told >> SequenceBits)], told & ((1L << SequenceBits) - 1));
    }

    private void Bucket()
    {
        var second = (int)Elapsed.TotalSeconds;
        while (_perSecond.Count <= second)
        {
            _perSecond.Add(0);
        }

        _perSecond[second]++;
    }

    private void Tell(string wrong)
    {
        Wrong++;
        if (_wrong.Count < MostTold)
        {
            _wrong.Add(wrong);
        }
    }
}
