using System.Diagnostics;
using System.Globalization;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// What the tills were told: of each sale its number, and how often. A sale that is told two numbers, or issued twice, is noted; so is
/// whatever was no answer.
/// </summary>
internal sealed class EnduranceAnswers(int count)
{
    private const int MostTold = 20;
    private const int SequenceBits = 40;

    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Series and sequence of each sale's number; 0 until it is known.</summary>
    private readonly long[] _numbers = new long[count];
    private readonly bool[] _isSettled = new bool[count];
    private readonly byte[] _issued = new byte[count];
    private readonly List<string> _series = [""];
    private readonly List<int> _perSecond = [];
    private readonly List<string> _wrong = [];
    private readonly SortedDictionary<string, int> _notes = new(StringComparer.Ordinal);
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private TimeSpan _longestSilence;
    private int _waiting;
    private int _wanted = -1;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sales whose number is known.</summary>
    public int Known { get; private set; }

    /// <summary>Sales that have their number, or were refused.</summary>
    public int Settled { get; private set; }

    /// <summary>Definite answers.</summary>
    public int Answers { get; private set; }

    /// <summary>Answers that contradict an earlier one, and refusals.</summary>
    public int Wrong { get; private set; }

    /// <summary>Time since the first till began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Some of the answers that are wrong.</summary>
    public IReadOnlyList<string> Wrongs
    {
        get
        {
            lock (_lock)
            {
                return [.. _wrong];
            }
        }
    }

    /// <summary>How often a try had no definite answer, by what it had instead.</summary>
    public IReadOnlyDictionary<string, int> Notes
    {
        get
        {
            lock (_lock)
            {
                return new SortedDictionary<string, int>(_notes, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Sales that became known in each second.</summary>
    public IReadOnlyList<int> PerSecond
    {
        get
        {
            lock (_lock)
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

        lock (_lock)
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

    /// <summary>A till has asked and waits.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            // Nobody had asked: that was no silence.
            _lastAnswer = _waiting++ == 0 ? Stopwatch.GetTimestamp() : _lastAnswer;
        }
    }

    /// <summary>A till that had asked has its answers.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            Heard();
            _waiting--;
        }
    }

    /// <summary>The sale was refused, which none is to be.</summary>
    public void Refuse(int sale, string why)
    {
        lock (_lock)
        {
            Tell($"sale {sale}: {why}");
            Settle(sale);
        }
    }

    /// <summary>A try had no definite answer.</summary>
    public void Note(string what)
    {
        lock (_lock)
        {
            _notes[what] = _notes.GetValueOrDefault(what) + 1;
        }
    }

    /// <summary>Series and sequence of the number that a sale was told; none where it was told none.</summary>
    public (string Series, long Sequence) NumberOf(int sale)
    {
        var told = _numbers[sale];
        return (_series[(int)(told >> SequenceBits)], told & ((1L << SequenceBits) - 1));
    }

    /// <summary>Until so many sales are settled.</summary>
    public Task SettledAsync(int wanted, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (Settled >= wanted)
            {
                return Task.CompletedTask;
            }

            _wanted = wanted;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>From here on the longest time without an answer is taken anew.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            _longestSilence = default;
        }
    }

    /// <summary>The longest time since listening began that tills waited and none was answered.</summary>
    public TimeSpan LongestSilence()
    {
        lock (_lock)
        {
            return _waiting > 0 ? Longer(Stopwatch.GetElapsedTime(_lastAnswer)) : _longestSilence;
        }
    }

    private void Settle(int sale)
    {
        if (_isSettled[sale])
        {
            return;
        }

        _isSettled[sale] = true;
        if (++Settled == _wanted)
        {
            _reached.TrySetResult();
        }
    }

    private void Heard()
    {
        _longestSilence = _waiting > 0 ? Longer(Stopwatch.GetElapsedTime(_lastAnswer)) : _longestSilence;
        _lastAnswer = Stopwatch.GetTimestamp();
    }

    private TimeSpan Longer(TimeSpan silence) => silence > _longestSilence ? silence : _longestSilence;

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
