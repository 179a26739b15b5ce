using System.Buffers.Text;
using System.Text;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>Where a page of a list ended; opaque to whoever gets it.</summary>
public static class Cursor
{
    private const int Most = 200;

    /// <summary>How many a page holds, within what is allowed.</summary>
    public static Outcome<int> Limit(int? limit) =>
        limit is null ? 100
        : limit is > 0 and <= Most ? limit.Value
        : DoorFaults.BadParameter.At("limit", "limit", $"1 … {Most}");

    /// <summary>The cursor of a page that ended at a key.</summary>
    public static string Of(string key) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(key));

    /// <summary>The key of a cursor; null where it is none of ours.</summary>
    public static string? Read(string cursor)
    {
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        return Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
    }

    /// <summary>The refusal of a cursor that is none of ours.</summary>
    public static Fault Unreadable() => DoorFaults.BadParameter.At("cursor", "cursor", "?");
}
