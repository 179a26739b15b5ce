using System.Diagnostics;

namespace RetailInvoicing.Benchmarks;

/// <summary>How far a run is, what had no definite answer, and how long nobody was answered while somebody waited.</summary>
internal class EnduranceProgress(int count)
{
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly bool[] _isSettled = new bool[count];
    private readonly SortedDictionary<string, int> _notes = new(StringComparer.Ordinal);
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private TimeSpan _longestSilence;
    private int _waiting;
    private int _wanted = -1;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those that are done with, however that ended.</summary>
    public int Settled { get; private set; }

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

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

    /// <summary>What guards it.</summary>
    protected Lock Guard => _lock;

    /// <summary>Somebody has asked and waits.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            // Nobody had asked: that was no silence.
            _lastAnswer = _waiting++ == 0 ? Stopwatch.GetTimestamp() : _lastAnswer;
        }
    }

    /// <summary>Whoever had asked has its answers.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            Heard();
            _waiting--;
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

    /// <summary>One is done with.</summary>
    public void Settle(int number)
    {
        lock (_lock)
        {
            if (_isSettled[number])
            {
                return;
            }

            _isSettled[number] = true;
            if (++Settled == _wanted)
            {
                _reached.TrySetResult();
            }
        }
    }

    /// <summary>Until so many are settled.</summary>
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

    /// <summary>The longest time since listening began that somebody waited and nobody was answered.</summary>
    public TimeSpan LongestSilence()
    {
        lock (_lock)
        {
            return _waiting > 0 ? Longer(Stopwatch.GetElapsedTime(_lastAnswer)) : _longestSilence;
        }
    }

    /// <summary>Somebody was answered.</summary>
    protected void Heard()
    {
        _longestSilence = _waiting > 0 ? Longer(Stopwatch.GetElapsedTime(_lastAnswer)) : _longestSilence;
        _lastAnswer = Stopwatch.GetTimestamp();
    }

    private TimeSpan Longer(TimeSpan silence) => silence > _longestSilence ? silence : _longestSilence;
}
