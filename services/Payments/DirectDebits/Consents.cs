namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// Customers' mandates while a batch is made: of several living ones the one signed last is used, and each use changes what the next
/// one is.
/// </summary>
public sealed class Consents
{
    private readonly Dictionary<string, List<Mandate>> _ofCustomer;

    /// <summary>These mandates.</summary>
    public Consents(IEnumerable<Mandate> mandates) =>
        _ofCustomer = mandates
            .GroupBy(each => each.CustomerId.Value)
            .ToDictionary(
                customer => customer.Key,
                customer =>
                    customer.OrderByDescending(each => each.SignedOn).ThenBy(each => each.MandateId, StringComparer.Ordinal).ToList()
            );

    /// <summary>The mandate by which a customer can be debited on that day, as it was before this use; none where there is none.</summary>
    public Mandate? Use(string? customer, DateOnly day)
    {
        if (customer is null || !_ofCustomer.TryGetValue(customer, out var mandates))
        {
            return null;
        }

        var place = mandates.FindIndex(each => each.MayBeUsedOn(day));
        if (place < 0)
        {
            return null;
        }

        var mandate = mandates[place];
        mandates[place] = mandate.UsedOn(day);
        return mandate;
    }
}
