using RetailInvoicing.Simulators.Stripe.Control;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>
/// All that the simulated Stripe keeps. What changes is in the journal first; a restart reads it again, and goes on where it was.
/// </summary>
internal sealed class Ledger : IDisposable
{
    // Pauses that double, from an hour on all alike, make three days.
    private const int MostAttempts = 84;
    private const double LongestPause = 3600;
    private const double ShortestPause = 0.05;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Faults _faults;
    private readonly State _state;
    private readonly Journal _journal;
    private TaskCompletionSource _changed = Fresh();

    public Ledger(string folder, Settings settings, Faults faults, TimeProvider clock)
    {
        (_clock, _faults, _state) = (clock, faults, new State(settings));
        _journal = Journal.Open(folder, _state.Apply);
        _faults.Seed(_state.Settings.Seed);
    }

    /// <summary>Ends when something happens by time sooner than before.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Does something with the books, one at a time; what it puts down is kept when this comes back.</summary>
    public T Do<T>(Func<Draft, T> work)
    {
        lock (_gate)
        {
            var draft = new Draft(_state, _faults, _clock.GetUtcNow());
            var result = work(draft);
            Keep(draft.Change, toDisk: true);
            return result;
        }
    }

    /// <summary>Looks at everything as it is now.</summary>
    public T Look<T>(Func<State, T> look)
    {
        lock (_gate)
        {
            return look(_state);
        }
    }

    /// <summary>An answer's body again.</summary>
    public string BodyOf(KeptAnswer kept, string account, string key) =>
        _journal.Read(kept.Place).Answers!.First(each => each.Account == account && each.Key == key).Body!;

    /// <summary>An event's body, and where it goes; nothing where that address is no more.</summary>
    public (Hook Hook, string Body)? NoticeOf(Sent sent)
    {
        var (hook, place) = Look(state => (state.Hooks.GetValueOrDefault(sent.Hook), state.Events[sent.Event]));
        return hook is null || hook.Deleted ? null : (hook, _journal.Read(place).Events!.First(each => each.Id == sent.Event).Body!);
    }

    /// <summary>What has become due by time, taken from the queue: kind and id.</summary>
    public IReadOnlyList<(string Kind, string Id)> TakeDue()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            List<(string Kind, string Id)> due = [];
            while (_state.Due.TryPeek(out var next, out var at) && at <= now)
            {
                _state.Due.Dequeue();
                due.Add(next);
            }

            return due;
        }
    }

    /// <summary>Notices that are to be sent now, taken from the queue.</summary>
    public IReadOnlyList<Sent> TakeNotices(int most)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            List<Sent> taken = [];
            while (taken.Count < most && _state.Notices.TryPeek(out var next, out var at) && at <= now)
            {
                _state.Notices.Dequeue();
                // After a restart the queue holds what has been sent since, too.
                if (_state.Sending.TryGetValue((next.Event, next.Hook, next.Copy), out var current) && current == next)
                {
                    taken.Add(next);
                }
            }

            return taken;
        }
    }

    /// <summary>When something is due next; <paramref name="withNotices"/> where notices can be sent.</summary>
    public DateTimeOffset? NextAt(bool withNotices)
    {
        lock (_gate)
        {
            DateTimeOffset? next = _state.Due.TryPeek(out _, out var due) ? due : null;
            return withNotices && _state.Notices.TryPeek(out _, out var notice) && !(notice >= next) ? notice : next;
        }
    }

    /// <summary>What came of a notice: taken, or to be sent again, each time after twice as long, for three days.</summary>
    public void Record(Sent sent, int status)
    {
        lock (_gate)
        {
            var attempts = sent.Attempts + 1;
            var pause = Math.Clamp(_state.Settings.RetrySeconds * Math.Pow(2, attempts - 1), ShortestPause, LongestPause);
            var isTaken = status is >= 200 and < 300;
            var after = sent with
            {
                Attempts = attempts,
                LastStatus = status,
                State =
                    isTaken ? Sent.Delivered
                    : attempts >= MostAttempts ? Sent.GivenUp
                    : Sent.Waiting,
                NextAt = isTaken ? sent.NextAt : _clock.GetUtcNow().AddSeconds(pause),
            };
            Keep(new Change { Sent = [after] }, toDisk: false);
        }
    }

    /// <summary>Sends again what was lost or given up; how many that are.</summary>
    public int SendAgain()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            List<Sent> again =
            [
                .. _state
                    .Sending.Values.Where(each => each.State is Sent.Lost or Sent.GivenUp)
                    .Select(each => each with { State = Sent.Waiting, Attempts = 0, NextAt = now }),
            ];
            if (again.Count > 0)
            {
                Keep(new Change { Sent = again }, toDisk: true);
            }

            return again.Count;
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Keep(Change change, bool toDisk)
    {
        if (change.IsNothing())
        {
            return;
        }

        _state.Apply(change, _journal.Append(change, toDisk));
        var before = _changed;
        _changed = Fresh();
        before.TrySetResult();
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
