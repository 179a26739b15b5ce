using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>An invoice as a transfer may name it, and what is open of it.</summary>
public sealed record OpenItem
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>BT-1.</summary>
    public required string Number { get; init; }

    /// <summary>BT-83.</summary>
    public required string Reference { get; init; }

    /// <summary>Whose it is.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>BT-5.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What it asked for.</summary>
    public required decimal Asked { get; init; }

    /// <summary>What is open of it; nothing where it is paid.</summary>
    public required decimal Due { get; init; }

    /// <summary>BT-2.</summary>
    public required DateOnly IssuedOn { get; init; }

    /// <summary>BT-9, or the day of issue.</summary>
    public required DateOnly DueOn { get; init; }
}

/// <summary>How a line of the bank names an invoice, from not at all to beyond doubt.</summary>
public enum Naming
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The sequence of its number stands somewhere in the text.</summary>
    Sequence,

    /// <summary>The end of its reference stands somewhere in the text.</summary>
    Tail,

    /// <summary>The beginning of its reference does, and then it was cut off.</summary>
    Cut,

    /// <summary>Its reference with one slip.</summary>
    Slip,

    /// <summary>Its reference without RF and check digits.</summary>
    Bare,

    /// <summary>Its number.</summary>
    Number,

    /// <summary>Its reference, check digits and all.</summary>
    Reference,
}

/// <summary>An invoice that a line of the bank may pay, and how the line names it.</summary>
public readonly record struct Candidate(OpenItem Item, Naming Naming);

/// <summary>
/// Invoices that may be paid by transfer, found by what a line of the bank says: by reference, number, amount and customer. It holds what
/// was looked up for some lines, and finds for each of them what the tables would have found.
/// </summary>
public sealed class OpenItems
{
    /// <summary>The most of one customer that are looked at, the earliest due first.</summary>
    public const int MostOfCustomer = 60;

    /// <summary>The most that are looked at because of their amount alone.</summary>
    public const int MostOfAmount = 40;

    /// <summary>The most references that begin alike.</summary>
    public const int MostOfBeginning = 5;

    private readonly Dictionary<InvoiceId, OpenItem> _items = [];
    private readonly Dictionary<InvoiceId, decimal> _loaded = [];
    private readonly Dictionary<string, List<InvoiceId>> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<InvoiceId>> _byReference = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _references = new(StringComparer.Ordinal);
    private readonly SortedSet<(string Currency, decimal Due, InvoiceId Invoice)> _byAmount = new(
        Comparer<(string Currency, decimal Due, InvoiceId Invoice)>.Create(CompareAmounts)
    );
    private readonly Dictionary<CustomerId, SortedSet<(DateOnly DueOn, InvoiceId Invoice)>> _byCustomer = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<OpenItem> All => _items.Values;

    /// <summary>Puts one there; one that is there already stays.</summary>
    public void Add(OpenItem item)
    {
        if (!_items.TryAdd(item.InvoiceId, item))
        {
            return;
        }

        _loaded[item.InvoiceId] = item.Due;
        Into(_byNumber, Clues.NumberKey(item.Number), item.InvoiceId);
        Into(_byReference, item.Reference, item.InvoiceId);
        _references.Add(item.Reference);
        Index(item);
    }

    /// <summary>One of them.</summary>
    public OpenItem? Of(InvoiceId invoice) => _items.GetValueOrDefault(invoice);

    /// <summary>So much is open of it now.</summary>
    public void Set(InvoiceId invoice, decimal due)
    {
        if (_items.TryGetValue(invoice, out var before) && before.Due != due)
        {
            Unindex(before);
            var now = before with { Due = due };
            _items[invoice] = now;
            Index(now);
        }
    }

    /// <summary>Some of it was paid.</summary>
    public void Pay(InvoiceId invoice, decimal amount)
    {
        if (_items.TryGetValue(invoice, out var item))
        {
            Set(invoice, Math.Max(0m, item.Due - amount));
        }
    }

    /// <summary>Everything as it was put there.</summary>
    public void Reset()
    {
        foreach (var (invoice, due) in _loaded)
        {
            Set(invoice, due);
        }
    }

    /// <summary>
    /// What a line of the bank may pay: what it names, what is open of whoever may have paid, and what asks for its amount.
    /// </summary>
    public Candidates For(BankEntry entry, Clues clues, Payers payers, decimal tolerance)
    {
        var named = new Dictionary<InvoiceId, Naming>();
        // The strongest first: what is there already stays.
        Name(named, clues.References.SelectMany(each => Under(_byReference, each)), Naming.Reference);
        Name(named, clues.Numbers.SelectMany(each => Under(_byNumber, each)), Naming.Number);
        Name(named, clues.Bare.SelectMany(each => Under(_byReference, each)), Naming.Bare);
        Name(named, clues.Slips.SelectMany(each => Under(_byReference, each)), Naming.Slip);
        Name(named, clues.Beginnings.SelectMany(BeginningWith), Naming.Cut);

        var owners = payers.OwnersOf(clues.Account);
        var likely = payers.CalledLike(clues.Names);
        var customers = named.Keys.Select(each => _items[each].CustomerId).OfType<CustomerId>().Concat(owners).Concat(likely).ToHashSet();
        Name(named, customers.SelectMany(OpenOf).Concat(AskingFor(entry.Currency, entry.Amount, tolerance)), Naming.None);
        return new Candidates
        {
            Clues = clues,
            Owners = owners,
            Called = likely,
            Found =
            [
                .. named
                    .Select(each => (Item: _items[each.Key], Naming: each.Value))
                    .Where(each => each.Item.Currency == entry.Currency)
                    .Select(each => new Candidate(each.Item, Candidates.Weakly(each.Naming, each.Item, clues)))
                    .OrderBy(each => each.Item.DueOn)
                    .ThenBy(each => each.Item.InvoiceId.Value),
            ],
        };
    }

    private static void Name(Dictionary<InvoiceId, Naming> named, IEnumerable<InvoiceId> invoices, Naming how)
    {
        foreach (var invoice in invoices)
        {
            named.TryAdd(invoice, how);
        }
    }

    private IEnumerable<InvoiceId> BeginningWith(string beginning) =>
        _references
            // Letters and digits all stand before the tilde.
            .GetViewBetween(beginning, beginning + "~")
            .Take(MostOfBeginning)
            .SelectMany(each => Under(_byReference, each));

    private IEnumerable<InvoiceId> OpenOf(CustomerId customer) =>
        _byCustomer.TryGetValue(customer, out var open) ? open.Take(MostOfCustomer).Select(each => each.Invoice) : [];

    private IEnumerable<InvoiceId> AskingFor(Currency currency, decimal amount, decimal tolerance) =>
        _byAmount
            .GetViewBetween((currency.Code, amount, default), (currency.Code, amount + tolerance, new(Guid.AllBitsSet)))
            .Take(MostOfAmount)
            .Select(each => each.Invoice);

    private void Index(OpenItem item)
    {
        if (item.Due <= 0m)
        {
            return;
        }

        _byAmount.Add((item.Currency.Code, item.Due, item.InvoiceId));
        if (item.CustomerId is { } customer)
        {
            if (!_byCustomer.TryGetValue(customer, out var open))
            {
                _byCustomer[customer] = open = new(Comparer<(DateOnly DueOn, InvoiceId Invoice)>.Create(CompareDays));
            }

            open.Add((item.DueOn, item.InvoiceId));
        }
    }

    private void Unindex(OpenItem item)
    {
        _byAmount.Remove((item.Currency.Code, item.Due, item.InvoiceId));
        if (item.CustomerId is { } customer && _byCustomer.TryGetValue(customer, out var open))
        {
            open.Remove((item.DueOn, item.InvoiceId));
        }
    }

    private static void Into(Dictionary<string, List<InvoiceId>> index, string key, InvoiceId invoice)
    {
        if (!index.TryGetValue(key, out var under))
        {
            index[key] = under = [];
        }

        under.Add(invoice);
    }

    private static List<InvoiceId> Under(Dictionary<string, List<InvoiceId>> index, string key) => index.GetValueOrDefault(key) ?? [];

    private static int CompareAmounts(
        (string Currency, decimal Due, InvoiceId Invoice) one,
        (string Currency, decimal Due, InvoiceId Invoice) other
    )
    {
        var order = string.CompareOrdinal(one.Currency, other.Currency);
        order = order != 0 ? order : one.Due.CompareTo(other.Due);
        return order != 0 ? order : one.Invoice.Value.CompareTo(other.Invoice.Value);
    }

    private static int CompareDays((DateOnly DueOn, InvoiceId Invoice) one, (DateOnly DueOn, InvoiceId Invoice) other)
    {
        var order = one.DueOn.CompareTo(other.DueOn);
        return order != 0 ? order : one.Invoice.Value.CompareTo(other.Invoice.Value);
    }
}

/// <summary>What a line of the bank may pay, and who may have paid it.</summary>
public sealed record Candidates
{
    private const int ShortestTail = 8;

    /// <summary>What the line says.</summary>
    public required Clues Clues { get; init; }

    /// <summary>Customers whose payments came from this account before.</summary>
    public required IReadOnlyList<CustomerId> Owners { get; init; }

    /// <summary>Customers who are called like the payer.</summary>
    public required IReadOnlyList<CustomerId> Called { get; init; }

    /// <summary>Invoices in the line's currency, the earliest due first; those that are named may be paid already.</summary>
    public required IReadOnlyList<Candidate> Found { get; init; }

    /// <summary>What is open of a customer.</summary>
    public IReadOnlyList<Candidate> OpenOf(CustomerId customer) =>
        [.. Found.Where(each => each.Item.CustomerId == customer && each.Item.Due > 0m)];

    /// <summary>
    /// An invoice that nothing names may still be hinted at: by the end of its reference, or by the sequence of its number.
    /// </summary>
    internal static Naming Weakly(Naming naming, OpenItem item, Clues clues)
    {
        if (naming != Naming.None || clues.Compact.Length == 0)
        {
            return naming;
        }

        if (
            item.Reference.Length >= ShortestTail + 4
            && clues.Compact.Contains(item.Reference.AsSpan(item.Reference.Length - ShortestTail).ToString(), StringComparison.Ordinal)
        )
        {
            return Naming.Tail;
        }

        var sequence = item.Number.AsSpan(item.Number.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1).TrimStart('0').ToString();
        return sequence.Length >= 2 && clues.Words.Any(word => word.TrimStart('0') == sequence) ? Naming.Sequence : Naming.None;
    }
}
