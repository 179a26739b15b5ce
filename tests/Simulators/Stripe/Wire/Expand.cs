namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>Which objects are wanted whole, where otherwise their ids would stand: payment_intent.latest_charge.</summary>
internal sealed class Expand(IReadOnlyList<string> paths)
{
    public static readonly Expand Nothing = new([]);

    /// <summary>What is wanted whole within a field; null where the field's id will do.</summary>
    public Expand? Of(string field)
    {
        var within = paths
            .Where(path => path == field || path.StartsWith($"{field}.", StringComparison.Ordinal))
            .Select(path => path.Length > field.Length ? path[(field.Length + 1)..] : "")
            .ToList();
        return within.Count == 0 ? null : new Expand([.. within.Where(path => path.Length > 0)]);
    }
}
