using System.Globalization;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>An invoice that a customer will pay by transfer.</summary>
internal sealed record Owed(
    Guid InvoiceId,
    string Number,
    string Reference,
    string Customer,
    string Name,
    DateOnly IssuedOn,
    decimal Amount
);

/// <summary>What a line of the bank's really was, which only whoever made it knows.</summary>
internal sealed record Truth
{
    /// <summary>How it was written, such as typo or merged-uncited.</summary>
    public required string Mess { get; init; }

    /// <summary>What was paid; nothing where it was paid before.</summary>
    public required IReadOnlyDictionary<Guid, decimal> Parts { get; init; }

    /// <summary>Whose it was.</summary>
    public required string Customer { get; init; }
}

/// <summary>
/// Plays customers who pay by transfer as people do: most cite the reference, others make a mistake in it, lose its end, name the number in
/// their own way or nothing at all, pay several invoices at once, a part, twice, for somebody else or from another account; some banks keep
/// a fee, and some transfers are taken back. The same seed plays the same again.
/// </summary>
internal sealed class MessyTransfers
{
    private const string Signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly string[] Greetings = ["pago", "factura", "transferencia", "gracias", "pago de mi pedido", "compra web", ""];

    private readonly Random _chance;
    private readonly List<Owed> _invoices;
    private readonly Dictionary<Guid, decimal> _due;
    private readonly Dictionary<string, List<Owed>> _byCustomer;
    private readonly PriorityQueue<(Owed Invoice, string? Way), (DateOnly, int)> _plans = new();
    private readonly List<StatementLine> _lines = [];
    private readonly Dictionary<string, Truth> _truths = [];
    private readonly HashSet<Guid> _takenBack = [];
    private int _planned;

    private MessyTransfers(IEnumerable<Owed> invoices, int seed)
    {
        _chance = new Random(seed);
        _invoices = [.. invoices.Where(each => each.Amount > 0m)];
        _due = _invoices.ToDictionary(each => each.InvoiceId, each => each.Amount);
        _byCustomer = _invoices.GroupBy(each => each.Customer).ToDictionary(each => each.Key, each => each.ToList());
    }

    /// <summary>The lines of the bank in the order they were booked, and what each was by the bank's reference.</summary>
    public static (IReadOnlyList<StatementLine> Lines, IReadOnlyDictionary<string, Truth> Truths) Play(IEnumerable<Owed> invoices, int seed)
    {
        var play = new MessyTransfers(invoices, seed);
        foreach (var invoice in play._invoices)
        {
            play.Plan(invoice, invoice.IssuedOn.AddDays(play._chance.Next(8, 46)), null);
        }

        while (play._plans.TryDequeue(out var plan, out var when))
        {
            play.Pay(plan.Invoice, plan.Way, when.Item1);
        }

        return ([.. play._lines.OrderBy(each => each.BookedOn)], play._truths);
    }

    /// <summary>The account that a customer pays from: the same each time, with check digits that hold.</summary>
    public static string AccountOf(string customer)
    {
        var number = customer.Aggregate(17L, (sum, each) => (sum * 31 + each) % 9_999_999_967L);
        var basic = string.Create(CultureInfo.InvariantCulture, $"21000418{number:D12}");
        var rest = (basic + "142800").Aggregate(0, (sum, each) => (sum * 10 + each - '0') % 97);
        return string.Create(CultureInfo.InvariantCulture, $"ES{98 - rest:00}{basic}");
    }

    private void Plan(Owed invoice, DateOnly day, string? way) => _plans.Enqueue((invoice, way), (day, _planned++));

    private void Pay(Owed invoice, string? planned, DateOnly day)
    {
        var due = _due[invoice.InvoiceId];
        if (due <= 0m)
        {
            return;
        }

        switch (planned ?? Way())
        {
            case "number":
                Book(day, invoice, "number", Spelled(invoice.Number), One(invoice, due));
                break;
            case "other-number":
                var other = _invoices[_chance.Next(_invoices.Count)];
                Book(day, invoice, "other-number", $"Factura {other.Number}", One(invoice, due));
                break;
            case "typo":
                Book(day, invoice, "typo", Around(WithSlip(invoice.Reference)), One(invoice, due));
                break;
            case "cut":
                Book(day, invoice, "cut", invoice.Reference[..^_chance.Next(3, 8)], One(invoice, due));
                break;
            case "nothing":
                Book(day, invoice, "nothing", Greetings[_chance.Next(Greetings.Length)], One(invoice, due));
                break;
            case "merged":
                PayAll(invoice, day);
                break;
            case "part":
                var part = decimal.Round(due * _chance.Next(30, 80) / 100m, 2, MidpointRounding.AwayFromZero);
                Book(day, invoice, "part", Cited(invoice.Reference), One(invoice, Math.Max(0.01m, part)));
                Plan(invoice, day.AddDays(_chance.Next(10, 30)), "whole");
                break;
            case "fee":
                // What the bank kept stays open for good.
                var kept = Math.Min(due - 0.01m, _chance.Next(300, 1500) / 100m);
                Book(day, invoice, "fee", Cited(invoice.Reference), One(invoice, due - kept));
                break;
            case "twice":
                var words = Cited(invoice.Reference);
                Book(day, invoice, "whole", words, One(invoice, due));
                Book(day.AddDays(_chance.Next(1, 4)), invoice, "twice", words, new Dictionary<Guid, decimal>(), due);
                break;
            case "other-payer":
                var isCited = _chance.Next(10) < 7;
                Book(
                    day,
                    invoice,
                    isCited ? "other-payer" : "other-payer-uncited",
                    isCited ? Cited(invoice.Reference) : "pago",
                    One(invoice, due),
                    payer: ($"Gestoría {_chance.Next(1000, 9999)} y Asociados, S.L.", AccountOf($"payer {_chance.Next()}"))
                );
                break;
            case "for-other":
                var payer = _invoices[_chance.Next(_invoices.Count)];
                Book(
                    day,
                    invoice,
                    "for-other",
                    Cited(invoice.Reference),
                    One(invoice, due),
                    payer: (payer.Name, AccountOf(payer.Customer))
                );
                break;
            case "taken-back":
                TakeBack(invoice, day, due);
                break;
            default:
                Book(day, invoice, "whole", Cited(invoice.Reference), One(invoice, due));
                break;
        }
    }

    private string Way() =>
        _chance.Next(1000) switch
        {
            < 60 => "number",
            < 65 => "other-number",
            < 115 => "typo",
            < 145 => "cut",
            < 195 => "nothing",
            < 235 => "merged",
            < 255 => "part",
            < 265 => "fee",
            < 280 => "twice",
            < 290 => "other-payer",
            < 295 => "for-other",
            < 305 => "taken-back",
            _ => "whole",
        };

    /// <summary>Everything that the customer has whole and open, at once.</summary>
    private void PayAll(Owed invoice, DateOnly day)
    {
        var open = _byCustomer[invoice.Customer]
            .Where(each => each.IssuedOn <= day && _due[each.InvoiceId] == each.Amount && !_takenBack.Contains(each.InvoiceId))
            .Append(invoice)
            .DistinctBy(each => each.InvoiceId)
            .Take(6)
            .ToList();
        var (mess, words) = _chance.Next(4) switch
        {
            0 => ("merged-uncited", "pago de varias facturas"),
            1 => ("merged-first", Cited(open[0].Reference)),
            _ => ("merged", string.Join(' ', open.Select(each => each.Reference))),
        };
        Book(day, invoice, mess, words, open.ToDictionary(each => each.InvoiceId, each => _due[each.InvoiceId]));
    }

    /// <summary>The bank takes the transfer back under its own reference, and the customer pays again.</summary>
    private void TakeBack(Owed invoice, DateOnly day, decimal due)
    {
        Book(day, invoice, "whole", Cited(invoice.Reference), One(invoice, due));
        _lines.Add(
            _lines[^1] with
            {
                IsCredit = false,
                IsReversal = true,
                BookedOn = day.AddDays(2),
                Code = ("PMNT", "RCDT", "RRTN"),
                ReturnReason = "AM05",
            }
        );
        _due[invoice.InvoiceId] = due;
        // Nobody pays it along with others before the bank has told of it.
        _takenBack.Add(invoice.InvoiceId);
        Plan(invoice, day.AddDays(_chance.Next(5, 15)), "whole");
    }

    private void Book(
        DateOnly day,
        Owed invoice,
        string mess,
        string words,
        Dictionary<Guid, decimal> parts,
        decimal? amount = null,
        (string Name, string Account)? payer = null
    )
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"B{_lines.Count + 1:00000000}");
        // Half of those that cite nothing but the reference do so in its own field.
        var isStructured = words == invoice.Reference && _chance.Next(2) == 0;
        _lines.Add(
            new StatementLine
            {
                Amount = amount ?? parts.Values.Sum(),
                BookedOn = day,
                BankReference = reference,
                PartyName = payer?.Name ?? Called(invoice.Name),
                PartyAccount = payer?.Account ?? AccountOf(invoice.Customer),
                Reference = isStructured ? words : null,
                Lines = isStructured || words.Length == 0 ? [] : [.. words.Chunk(140).Select(each => new string(each))],
            }
        );
        foreach (var (paid, part) in parts)
        {
            _due[paid] -= part;
        }

        _truths[reference] = new Truth
        {
            Mess = mess,
            Parts = parts,
            Customer = invoice.Customer,
        };
    }

    private static Dictionary<Guid, decimal> One(Owed invoice, decimal amount) => new() { [invoice.InvoiceId] = amount };

    /// <summary>A reference as people copy it: as it stands, in groups of four, or among words.</summary>
    private string Cited(string reference) =>
        _chance.Next(4) switch
        {
            0 => Around(string.Join(' ', reference.Chunk(4).Select(each => new string(each)))),
            1 => Around(reference),
            _ => reference,
        };

    private string Around(string words) => $"{Greetings[_chance.Next(Greetings.Length)]} {words}".Trim();

    private string Spelled(string number)
    {
        var parts = number.Split('-');
        var bare = parts[^1].TrimStart('0');
        return _chance.Next(5) switch
        {
            0 => number.ToLowerInvariant(),
            1 => $"Fra. {number}",
            2 => $"factura {string.Join('/', parts[..^1])}/{bare}",
            3 => number.Replace("-", "", StringComparison.Ordinal),
            _ => $"Pago {string.Join(' ', parts[..^1])} {bare}",
        };
    }

    private string WithSlip(string reference)
    {
        var at = _chance.Next(4, reference.Length - 1);
        var sign = Signs[_chance.Next(Signs.Length)];
        return _chance.Next(4) switch
        {
            0 => reference[..at] + reference[(at + 1)..],
            1 => reference[..at] + sign + reference[at..],
            2 => reference[..at] + reference[at + 1] + reference[at] + reference[(at + 2)..],
            _ => reference[..at] + sign + reference[(at + 1)..],
        };
    }

    /// <summary>A customer's name as banks have it.</summary>
    private string Called(string name) =>
        _chance.Next(4) switch
        {
            0 => name.ToUpperInvariant(),
            1 => string.Join(' ', name.Split(' ').AsEnumerable().Reverse()),
            2 => $"{name.ToUpperInvariant()} S.L.",
            _ => name,
        };
}
