namespace RetailInvoicing.Benchmarks;

/// <summary>A way into Invoicing.</summary>
internal enum EnduranceDoor
{
    /// <summary>POST /v1/sales, one sale.</summary>
    Post,

    /// <summary>POST /v1/sales:import, NDJSON.</summary>
    Lines,

    /// <summary>gRPC Sales/Import.</summary>
    Rpc,

    /// <summary>The exchange sales.sale-posted.v1.</summary>
    Bus,
}

/// <summary>What one client sends in one go.</summary>
internal sealed record EnduranceUnit(EnduranceDoor Door, IReadOnlyList<int> Sales);

/// <summary>
/// What is still to be sent: the sales in their order, and those that are sent twice. It gives out no more than the killer allows, so that
/// every kill finds tills at work.
/// </summary>
internal sealed class EnduranceWork(EnduranceSales sales)
{
    private const int Chunk = 50;
    private const int BusChunk = 20;

    /// <summary>How many later ones lie between a sale and its repetition.</summary>
    private readonly int _later = Math.Clamp(sales.Count / 10, 1, 20_000);

    private readonly Lock _lock = new();
    private readonly Queue<int> _again = new();
    private readonly int[] _given = new int[Enum.GetValues<EnduranceDoor>().Length];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;
    private int _limit;
    private bool _isOver;

    /// <summary>How many were given out by each way, repetitions too.</summary>
    public int Given(EnduranceDoor door)
    {
        lock (_lock)
        {
            return _given[(int)door];
        }
    }

    /// <summary>The first so many may be given out.</summary>
    public void Allow(int limit)
    {
        lock (_lock)
        {
            _limit = Math.Clamp(limit, _limit, sales.Count);
            Wake();
        }
    }

    /// <summary>The next unit, by the preferred way while that has not had its share; none when everything was given out.</summary>
    public async Task<EnduranceUnit?> TakeAsync(EnduranceDoor preferred, CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                var door = _given[(int)preferred] <= Share(preferred) * _next ? preferred : EnduranceDoor.Post;
                var taken = Take(SizeOf(door));
                if (taken.Count > 0)
                {
                    _given[(int)door] += taken.Count;
                    return new EnduranceUnit(door, taken);
                }

                if (_next == sales.Count)
                {
                    return null;
                }

                more = _more.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }

    private List<int> Take(int most)
    {
        var taken = new List<int>(most);
        while (taken.Count < most && _again.TryDequeue(out var again))
        {
            taken.Add(again);
        }

        var atOnce = new List<int>();
        for (; taken.Count < most && _next < _limit; _next++)
        {
            taken.Add(_next);
            if (sales.RepeatOf(_next) == EnduranceSales.Repeat.AtOnce)
            {
                atOnce.Add(_next);
            }

            RepeatLater(_next - _later);
        }

        if (_next == sales.Count && taken.Count > 0)
        {
            for (var number = Math.Max(0, sales.Count - _later); number < sales.Count && !_isOver; number++)
            {
                RepeatLater(number);
            }

            _isOver = true;
        }

        // Into the hands of the next who asks.
        atOnce.ForEach(_again.Enqueue);
        if (_again.Count > 0)
        {
            Wake();
        }

        return taken;
    }

    private void RepeatLater(int number)
    {
        if (number >= 0 && sales.RepeatOf(number) == EnduranceSales.Repeat.Later)
        {
            _again.Enqueue(number);
        }
    }

    private void Wake()
    {
        _more.TrySetResult();
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static int SizeOf(EnduranceDoor door) =>
        door switch
        {
            EnduranceDoor.Post => 1,
            EnduranceDoor.Bus => BusChunk,
            _ => Chunk,
        };

    /// <summary>The part of all sales that goes that way at most; single posts are the rest, more than half.</summary>
    private static double Share(EnduranceDoor door) =>
        door switch
        {
            EnduranceDoor.Lines => 0.3,
            EnduranceDoor.Rpc => 0.1,
            EnduranceDoor.Bus => 0.05,
            _ => 1,
        };
}
