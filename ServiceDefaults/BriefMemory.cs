namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// What was read a moment ago is not read again: for so long at most, and at once where whoever changes it here has it forgotten. What
/// another instance changes is seen when it is no longer fresh; nothing may be kept here that has to hold at once everywhere.
/// </summary>
public sealed class BriefMemory<TKey, TValue>(TimeSpan fresh, int most, TimeProvider clock)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (TValue Value, long At)> _kept = [];
    private long _changes;

    /// <summary>What is known, where it is fresh and enough; else it is read.</summary>
    public async ValueTask<TValue> GetAsync(
        TKey key,
        Func<CancellationToken, Task<TValue>> read,
        CancellationToken cancellationToken,
        Func<TValue, bool>? isEnough = null
    )
    {
        long changes;
        lock (_lock)
        {
            if (
                _kept.TryGetValue(key, out var known)
                && clock.GetElapsedTime(known.At) < fresh
                && (isEnough is null || isEnough(known.Value))
            )
            {
                return known.Value;
            }

            changes = _changes;
        }

        var at = clock.GetTimestamp();
        var value = await read(cancellationToken);
        lock (_lock)
        {
            // What was changed while it was read may not be in it.
            if (changes == _changes)
            {
                if (_kept.Count >= most)
                {
                    _kept.Clear();
                }

                _kept[key] = (value, at);
            }
        }

        return value;
    }

    /// <summary>Reads these anew next time: they have just been changed.</summary>
    public void Forget(params IEnumerable<TKey> keys)
    {
        lock (_lock)
        {
            _changes++;
            foreach (var key in keys)
            {
                _kept.Remove(key);
            }
        }
    }
}
