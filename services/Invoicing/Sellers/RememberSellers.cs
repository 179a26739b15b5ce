using System.Collections.Concurrent;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>
/// Sellers as they were last read: a sale need not ask for its seller each time. Whoever issues holds the version against the database, so
/// that one remembered too long is read again and never issued under.
/// </summary>
public sealed class RememberSellers
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<SellerId, RegisteredSeller> _sellers = new();

    /// <summary>The seller as last read; none where it was not.</summary>
    public RegisteredSeller? Of(SellerId seller) => _sellers.GetValueOrDefault(seller);

    /// <summary>Remembers it as read just now.</summary>
    public void Keep(RegisteredSeller seller)
    {
        if (_sellers.Count >= Most)
        {
            _sellers.Clear();
        }

        _sellers[seller.SellerId] = seller;
    }
}
