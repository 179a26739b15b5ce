using Microsoft.Extensions.Caching.Memory;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>A form that is sent twice, by a double click or from two tabs of one page, is done once.</summary>
public sealed class FormOnce(IMemoryCache memory)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    /// <summary>Whether it comes for the first time; a form without its key is none of ours.</summary>
    public bool Take(string email, string? key)
    {
        if (key is not { Length: 32 })
        {
            return false;
        }

        var mark = new object();
        var kept = memory.GetOrCreate(
            ("once", email, key),
            entry =>
            {
                entry.Size = 1;
                entry.AbsoluteExpirationRelativeToNow = Kept;
                return mark;
            }
        );
        return ReferenceEquals(kept, mark);
    }

    /// <summary>Nothing came of it: it may be sent again.</summary>
    public void GiveBack(string email, string? key) => memory.Remove(("once", email, key ?? ""));
}
