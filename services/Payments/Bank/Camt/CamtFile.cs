using System.Xml;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>A bank's file that was read to its end and is sound: what it tells, and its movements one after another.</summary>
public sealed class CamtFile
{
    private readonly Func<XmlReader> _again;

    internal CamtFile(CamtMessage message, Func<XmlReader> again) => (Message, _again) = (message, again);

    /// <summary>Its statements or notifications, in the file's order.</summary>
    public CamtMessage Message { get; }

    /// <summary>
    /// The movements in the file's order, some at a time and never of two statements together, each with the place of its statement from 0.
    /// </summary>
    public IEnumerable<(int Statement, IReadOnlyList<CamtEntry> Entries)> Portions(int most)
    {
        using var xml = _again();
        var (statement, portion) = (0, new List<CamtEntry>());
        foreach (var (place, entry) in new CamtReading(xml).Entries())
        {
            if (portion.Count >= most || (place != statement && portion.Count > 0))
            {
                yield return (statement, portion);
                portion = [];
            }

            statement = place;
            portion.Add(entry);
        }

        if (portion.Count > 0)
        {
            yield return (statement, portion);
        }
    }
}
