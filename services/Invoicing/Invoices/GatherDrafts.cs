using System.Collections.Concurrent;
using System.Diagnostics;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Where numbers and fingerprints of a taxpayer are given, one after the other.</summary>
internal sealed record IssuingPoint(string TaxId, SellerEnvironment Environment, FiscalRegime Regime);

/// <summary>
/// Drafts that wait for one point go down together: whoever comes first starts at once, alone, and what has come meanwhile is the next
/// commit. So an idle point costs one commit and no timer, and a busy one a part of a commit. Each point has its own line.
/// </summary>
internal sealed class GatherDrafts
{
    /// <summary>Issues what has been gathered at a point; an outcome for each, in their order.</summary>
    public delegate Task<IReadOnlyList<Outcome<InvoiceIssued?>>> Issue(IssuingPoint point, IReadOnlyList<GatheredDraft> drafts);

    private const int MostTogether = 128;

    // Few at once: each holds a connection, and those of other points get theirs in turn.
    private const int MostPointsAtOnce = 6;

    private readonly ConcurrentDictionary<IssuingPoint, Line> _lines = new();
    private readonly SemaphoreSlim _points = new(MostPointsAtOnce);
    private readonly Issue _issue;
    private readonly int _mostWaiting;

    /// <summary>Begins with empty lines.</summary>
    public GatherDrafts(Issue issue, int mostWaiting)
    {
        (_issue, _mostWaiting) = (issue, mostWaiting);
        Telemetry.Meter.CreateObservableUpDownCounter("invoicing.invoices.waiting", () => Waiting);
    }

    /// <summary>How many wait, at all points.</summary>
    public int Waiting => _lines.Values.Sum(static line => line.Length);

    /// <summary>Gets in line before it returns, and waits for its turn; a draft that nobody waits for any more before its turn is not issued.</summary>
    public Task<Outcome<InvoiceIssued?>> AddAsync(InvoiceDraft draft, CancellationToken cancellationToken)
    {
        var seller = draft.Seller.Body;
        var point = new IssuingPoint(seller.TaxId, seller.Environment, seller.Regime);
        var waiting = new GatheredDraft(draft, Activity.Current, cancellationToken);
        var line = _lines.GetOrAdd(point, _ => new Line(_mostWaiting));
        switch (line.Add(waiting))
        {
            case Joining.Full:
                waiting.TryTake();
                return Task.FromResult<Outcome<InvoiceIssued?>>(InvoicingFaults.Behind.With() with { RetryAfter = 1 });
            case Joining.First:
                // In nobody's trace: each commit is in that of the first who waited for it.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(() => WorkAsync(point, line), CancellationToken.None);
                }

                break;
        }

        return waiting.Outcome.Task;
    }

    private async Task WorkAsync(IssuingPoint point, Line line)
    {
        while (line.Take(MostTogether) is { Count: > 0 } gathered)
        {
            await _points.WaitAsync();
            Activity.Current = gathered[0].Trace;
            try
            {
                var outcomes = await _issue(point, gathered);
                for (var i = 0; i < gathered.Count; i++)
                {
                    gathered[i].Outcome.SetResult(outcomes[i]);
                }
            }
            catch (Exception exception)
            {
                // Whoever waits learns it; what was committed all the same is found by the name of its sale.
                foreach (var each in gathered)
                {
                    each.Outcome.TrySetException(exception);
                }
            }
            finally
            {
                _points.Release();
            }
        }
    }

    private enum Joining
    {
        First,
        Behind,
        Full,
    }

    /// <summary>Those who wait at a point; worked by one at a time.</summary>
    private sealed class Line(int mostWaiting)
    {
        private readonly Lock _lock = new();
        private readonly Queue<GatheredDraft> _waiting = new();
        private bool _isWorked;

        /// <summary>How many wait.</summary>
        public int Length
        {
            get
            {
                lock (_lock)
                {
                    return _waiting.Count;
                }
            }
        }

        /// <summary>First where nobody works the line yet: the caller sees to it.</summary>
        public Joining Add(GatheredDraft draft)
        {
            lock (_lock)
            {
                if (_waiting.Count >= mostWaiting)
                {
                    return Joining.Full;
                }

                _waiting.Enqueue(draft);
                var joining = _isWorked ? Joining.Behind : Joining.First;
                _isWorked = true;
                return joining;
            }
        }

        /// <summary>
        /// The next that can go down together; none ends the work. Of two that claim the same sale, or touch the same invoice, the second
        /// waits for the next commit and sees what the first has done.
        /// </summary>
        public IReadOnlyList<GatheredDraft> Take(int most)
        {
            var taken = new List<GatheredDraft>();
            var claims = new HashSet<(SellerId, string)>();
            var touched = new HashSet<InvoiceId>();
            lock (_lock)
            {
                while (taken.Count < most && _waiting.TryPeek(out var next))
                {
                    if (claims.Contains(next.Claim) || next.Draft.Touched.Any(each => touched.Contains(each.InvoiceId)))
                    {
                        break;
                    }

                    _waiting.Dequeue();
                    // Called off until now, or not at all.
                    if (next.TryTake())
                    {
                        taken.Add(next);
                        claims.Add(next.Claim);
                        touched.UnionWith(next.Draft.Touched.Select(each => each.InvoiceId));
                    }
                }

                _isWorked = taken.Count > 0;
                return taken;
            }
        }
    }
}

/// <summary>A draft in line, with the trace it belongs to.</summary>
internal sealed class GatheredDraft
{
    private readonly CancellationTokenRegistration _callingOff;
    private int _isTaken;

    /// <summary>Gets in line; called off by the token until it is taken.</summary>
    public GatheredDraft(InvoiceDraft draft, Activity? trace, CancellationToken callOff)
    {
        Draft = draft;
        Trace = trace;
        _callingOff = callOff.UnsafeRegister(
            static (self, token) =>
            {
                var waiting = (GatheredDraft)self!;
                if (Interlocked.Exchange(ref waiting._isTaken, 1) == 0)
                {
                    waiting.Outcome.TrySetCanceled(token);
                }
            },
            this
        );
    }

    /// <summary>What waits.</summary>
    public InvoiceDraft Draft { get; }

    /// <summary>The trace of whoever asked.</summary>
    public Activity? Trace { get; }

    /// <summary>What makes it happen once: the sale's name, or the act's key.</summary>
    public (SellerId, string) Claim =>
        (Draft.Seller.SellerId, Draft.Act is { } act ? $"act {act.Key}" : $"sale {Draft.Sale.Posted.SaleId.Value}");

    /// <summary>What becomes of it.</summary>
    public TaskCompletionSource<Outcome<InvoiceIssued?>> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes it out of the line; false where it was called off.</summary>
    public bool TryTake()
    {
        _callingOff.Unregister();
        return Interlocked.Exchange(ref _isTaken, 1) == 0;
    }
}
