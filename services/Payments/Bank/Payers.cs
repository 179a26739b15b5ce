using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// Who pays the seller from which account and under which name, as invoices said and as accepted matches taught. Personal data: an erasure
/// of the customer takes it.
/// </summary>
public sealed class Payers
{
    /// <summary>The most customers that are looked at because of their name.</summary>
    public const int MostCalled = 5;

    /// <summary>The most customers that an account may have paid for and still tell anything.</summary>
    public const int MostOwners = 5;

    /// <summary>How alike names must be to tell anything.</summary>
    public const double Alike = 0.6;

    private readonly Dictionary<string, HashSet<CustomerId>> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<CustomerId, List<IReadOnlyList<string>>> _names = [];
    private readonly Dictionary<string, HashSet<CustomerId>> _byToken = new(StringComparer.Ordinal);

    /// <summary>A payment for the customer came from the account.</summary>
    public void AddAccount(string account, CustomerId customer)
    {
        if (!_owners.TryGetValue(account, out var owners))
        {
            _owners[account] = owners = [];
        }

        owners.Add(customer);
    }

    /// <summary>The customer is called so.</summary>
    public void AddName(CustomerId customer, IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0)
        {
            return;
        }

        if (!_names.TryGetValue(customer, out var names))
        {
            _names[customer] = names = [];
        }

        if (names.Exists(each => each.SequenceEqual(tokens, StringComparer.Ordinal)))
        {
            return;
        }

        names.Add(tokens);
        foreach (var token in tokens)
        {
            if (!_byToken.TryGetValue(token, out var customers))
            {
                _byToken[token] = customers = [];
            }

            customers.Add(customer);
        }
    }

    /// <summary>For whom payments came from the account; nobody where it pays for everybody.</summary>
    public IReadOnlyList<CustomerId> OwnersOf(string? account) =>
        account is not null && _owners.TryGetValue(account, out var owners) && owners.Count <= MostOwners
            ? [.. owners.OrderBy(each => each.Value, StringComparer.Ordinal)]
            : [];

    /// <summary>Whether a customer's name is known.</summary>
    public bool HasName(CustomerId customer) => _names.ContainsKey(customer);

    /// <summary>How alike the payer's names and the customer's are, at best.</summary>
    public double Likeness(CustomerId? customer, IReadOnlyList<IReadOnlyList<string>> names) =>
        customer is { } known && names.Count > 0 && _names.TryGetValue(known, out var own)
            ? names.Max(name => own.Max(each => PayerName.Likeness(name, each)))
            : 0;

    /// <summary>Customers who are called like that, the most alike first.</summary>
    public IReadOnlyList<CustomerId> CalledLike(IReadOnlyList<IReadOnlyList<string>> names)
    {
        if (names.Count == 0)
        {
            return [];
        }

        // A word that everybody shares tells nobody apart: whoever shares most of them is looked at.
        return
        [
            .. names
                .SelectMany(each => each)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(token => _byToken.GetValueOrDefault(token) ?? [])
                .CountBy(each => each)
                .OrderByDescending(each => each.Value)
                .ThenBy(each => each.Key.Value, StringComparer.Ordinal)
                .Take(MostCalled * 4)
                .Select(each => (Customer: each.Key, Likeness: Likeness(each.Key, names)))
                .Where(each => each.Likeness >= Alike)
                .OrderByDescending(each => each.Likeness)
                .ThenBy(each => each.Customer.Value, StringComparer.Ordinal)
                .Take(MostCalled)
                .Select(each => each.Customer),
        ];
    }
}
