using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using RetailInvoicing.Retail.Running;
using RetailInvoicing.Simulators.Bank;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// A seller's bank: customers' transfers and what direct debits bring or return stand in statements, which the seller hands in. Some
/// statements come later than the next, some movements stand in two of them, some answers are never read.
/// </summary>
internal sealed class TruthBank(TruthShop shop, PatientDoor payments, int seed, EnduranceProgress progress)
{
    private const int TransfersAtOnce = 120;
    private const int DebitsAtOnce = 80;

    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(500);

    private readonly Random _chance = new(seed);
    private readonly ConcurrentQueue<OwedByBank> _transfers = new();
    private readonly ConcurrentQueue<OwedByBank> _debits = new();
    private readonly Dictionary<string, OwedByBank> _byReference = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OwedByBank> _byName = new(StringComparer.Ordinal);
    private readonly List<BankFact> _facts = [];
    private readonly List<StatementLine> _told = [];
    private readonly List<StatementLine> _later = [];
    private byte[]? _held;
    private int _files;
    private int _batches;
    private int _lines;

    /// <summary>Everything that stands in the statements, once.</summary>
    public IReadOnlyList<BankFact> Facts => _facts;

    /// <summary>Files handed in, the same again not counted.</summary>
    public int Files => _files;

    /// <summary>Movements that were told in a second file as well.</summary>
    public int ToldTwice { get; private set; }

    /// <summary>Files that were handed in after the next one.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Files whose answer was not waited for, and that were handed in again.</summary>
    public int LostAnswers { get; private set; }

    /// <summary>Files for the bank that were answered with other bytes when they were asked for again.</summary>
    public int OtherFiles { get; private set; }

    /// <summary>The invoice will be paid by transfer.</summary>
    public void Transfer(OwedByBank owed) => _transfers.Enqueue(owed);

    /// <summary>The invoice will be collected.</summary>
    public void Debit(OwedByBank owed) => _debits.Enqueue(owed);

    /// <summary>Makes statements and files while there are enough for one, and of the rest when it is over.</summary>
    public async Task RunAsync(Task over, CancellationToken cancellation)
    {
        for (var isLast = false; !isLast; )
        {
            await Task.WhenAny(over, Task.Delay(LooksEvery, cancellation));
            cancellation.ThrowIfCancellationRequested();
            isLast = over.IsCompleted;
            await WorkAsync(isLast, cancellation);
        }
    }

    /// <summary>The bank's line of a payout.</summary>
    public Task PayOutAsync(string payout, decimal amount, DateOnly on, CancellationToken cancellation)
    {
        var line = new StatementLine
        {
            Amount = amount,
            BookedOn = on,
            BankReference = NextReference(),
            PartyName = "STRIPE PAYMENTS EUROPE",
            PartyAccount = "IE29AIBK93115212345678",
            Lines = [$"STRIPE {payout}"],
        };
        _facts.Add(new BankFact(BankFactKind.Payout, line.BankReference!, null, amount));
        return HandInAsync([line], isLast: true, cancellation);
    }

    private async Task WorkAsync(bool isLast, CancellationToken cancellation)
    {
        while (_debits.Count >= (isLast ? 1 : DebitsAtOnce))
        {
            await CollectAsync(cancellation);
        }

        while (_transfers.Count >= (isLast ? 1 : TransfersAtOnce))
        {
            await HandInAsync([.. Take(_transfers, TransfersAtOnce).SelectMany(Paid)], isLast: false, cancellation);
        }

        if (isLast)
        {
            await HandInAsync(Due(all: true), isLast: true, cancellation);
        }
    }

    /// <summary>What a customer's transfers of an invoice look like on the statement; a part of them later.</summary>
    private IEnumerable<StatementLine> Paid(OwedByBank owed)
    {
        var whole = Line(owed, owed.Amount);
        // What is given back is paid as one should: a bank takes back no more than is left.
        switch (owed.Plan.Refunds.Count > 0 ? 99 : _chance.Next(100))
        {
            case < 5 when owed.Amount >= 2m:
                var part = decimal.Floor(owed.Amount / 2m);
                _later.Add(Line(owed, owed.Amount - part));
                whole = whole with { Amount = part };
                break;
            case < 8:
                whole = whole with { Amount = owed.Amount + 10m };
                break;
            case < 10:
                // The same transfer again, as who forgot that it was made.
                _later.Add(Line(owed, owed.Amount));
                break;
            case < 14:
                _later.Add(whole with { IsCredit = false, IsReversal = true, Code = ("PMNT", "RCDT", "RRTN"), ReturnReason = "AM05" });
                _facts.Add(new BankFact(BankFactKind.TransferTakenBack, whole.BankReference!, owed.Plan.Number, owed.Amount));
                break;
            default:
                break;
        }

        _facts.Add(new BankFact(BankFactKind.Transfer, whole.BankReference!, owed.Plan.Number, whole.Amount));
        yield return whole;
    }

    private StatementLine Line(OwedByBank owed, decimal amount)
    {
        _byReference[owed.Reference] = owed;
        _byName[owed.Plan.Name] = owed;
        return new StatementLine
        {
            Amount = amount,
            BookedOn = Today(),
            BankReference = NextReference(),
            PartyName = owed.Plan.Name,
            PartyAccount = MessyTransfers.AccountOf(owed.Plan.Customer),
            Reference = owed.Plan.Luck < 50 ? owed.Reference : null,
            Lines = owed.Plan.Luck < 50 ? [] : [$"pago {owed.Reference}"],
        };
    }

    /// <summary>Mandates for what is to be collected, a file for the bank, and what the bank makes of it.</summary>
    private async Task CollectAsync(CancellationToken cancellation)
    {
        var owed = Take(_debits, DebitsAtOnce);
        foreach (var each in owed)
        {
            _byReference[each.Reference] = each;
        }

        await Parallel.ForEachAsync(
            owed,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation },
            async (each, token) =>
            {
                var mandate = new
                {
                    customerId = each.Plan.Customer,
                    name = each.Plan.Name,
                    iban = MessyTransfers.AccountOf(each.Plan.Customer),
                    signedOn = Today().AddDays(-30),
                };
                Check(await payments.PutAsync($"/v1/mandates/M-{each.Plan.Customer}", mandate, token), "a mandate");
            }
        );
        var asked = new
        {
            collectOn = Today().AddDays(6),
            invoiceIds = owed.Select(each => each.InvoiceId).ToArray(),
            reference = string.Create(CultureInfo.InvariantCulture, $"BATCH-{++_batches}"),
        };
        var file = Check(await payments.PostAsync("/v1/direct-debits", asked, cancellation), "a file of direct debits");
        if (_chance.Next(100) < 30)
        {
            var again = await payments.PostAsync("/v1/direct-debits", asked, cancellation);
            OtherFiles += again.Body == file.Body ? 0 : 1;
        }

        await HandInAsync(Banked(XDocument.Parse(file.Body)), isLast: false, cancellation);
    }

    /// <summary>What the bank makes of a file: a line for each of its groups, told whole or debit by debit, and some that come back.</summary>
    private List<StatementLine> Banked(XDocument file)
    {
        var lines = new List<StatementLine>();
        foreach (var group in Named(file.Root!, "PmtInf"))
        {
            var day = DateOnly.ParseExact(Said(group, "ReqdColltnDt"), "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var debits = new List<StatementLine>();
            foreach (var debit in Named(group, "DrctDbtTxInf"))
            {
                var (name, amount) = (Said(debit, "EndToEndId"), decimal.Parse(Said(debit, "InstdAmt"), CultureInfo.InvariantCulture));
                var owed = _byReference[name.Split('-')[0]];
                _facts.Add(new BankFact(BankFactKind.Collected, name, owed.Plan.Number, amount));
                var line = new StatementLine
                {
                    Amount = amount,
                    BookedOn = day,
                    Code = ("PMNT", "IDDT", "ESDD"),
                    EndToEndId = name,
                    MandateId = Said(debit, "MndtId"),
                };
                debits.Add(line);
                if (_chance.Next(100) < 8)
                {
                    _facts.Add(new BankFact(BankFactKind.Returned, name, owed.Plan.Number, amount));
                    var back = line with
                    {
                        IsCredit = false,
                        Code = ("PMNT", "IDDT", "UPDD"),
                        BankReference = NextReference(),
                        ReturnReason = "AM04",
                    };
                    // Before what was collected, or in some later statement.
                    if (_chance.Next(2) == 0)
                    {
                        lines.Add(back);
                    }
                    else
                    {
                        _later.Add(back);
                    }
                }
            }

            lines.Add(
                new StatementLine
                {
                    Amount = debits.Sum(each => each.Amount),
                    BookedOn = day,
                    Code = ("PMNT", "IDDT", "ESDD"),
                    BankReference = NextReference(),
                    BatchId = Said(group, "PmtInfId"),
                    Batch = _chance.Next(2) == 0 ? debits : [],
                }
            );
        }

        return lines;
    }

    /// <summary>Hands a statement of these lines in, and of some that are due or were told before.</summary>
    private async Task HandInAsync(IReadOnlyList<StatementLine> lines, bool isLast, CancellationToken cancellation)
    {
        if (isLast)
        {
            await PostHeldAsync(cancellation);
        }

        var again = _told.Where(_ => _chance.Next(100) < 30).ToList();
        ToldTwice += again.Count;
        _told.Clear();
        _told.AddRange(lines);
        List<StatementLine> all = [.. again, .. Due(all: false), .. lines];
        if (all.Count > 0)
        {
            var file = BankStatementWriter.Statement(
                new StatementFile
                {
                    MessageId = string.Create(CultureInfo.InvariantCulture, $"MSG-{_files + 1}"),
                    StatementId = string.Create(CultureInfo.InvariantCulture, $"{Today():yyyyMMdd}-{++_files}"),
                    Account = TruthShop.Iban,
                    Lines = all,
                }
            );
            if (!isLast && _held is null && _chance.Next(100) < 20)
            {
                OutOfOrder++;
                _held = file;
                return;
            }

            await PostAsync(file, cancellation);
        }

        await PostHeldAsync(cancellation);
    }

    private async Task PostHeldAsync(CancellationToken cancellation)
    {
        if (_held is { } held)
        {
            _held = null;
            await PostAsync(held, cancellation);
        }
    }

    private async Task PostAsync(byte[] file, CancellationToken cancellation)
    {
        if (_chance.Next(100) < 5)
        {
            LostAnswers++;
            using var http = shop.Target.Http("payments");
            using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            hurry.CancelAfter(TimeSpan.FromMilliseconds(_chance.Next(5, 60)));
            try
            {
                using var nobodyReads = await http.PostAsync("/v1/bank-statements", Xml(file), hurry.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Note("a statement's answer was not waited for");
            }
        }

        for (var times = _chance.Next(100) < 30 ? 2 : 1; times > 0; times--)
        {
            Check(await payments.SendAsync(HttpMethod.Post, "/v1/bank-statements", () => Xml(file), cancellation), "a statement");
        }
    }

    /// <summary>
    /// What a later statement tells: some of it with this one, all of it with the last. A transfer is not taken back before the bank has
    /// told of it.
    /// </summary>
    private List<StatementLine> Due(bool all)
    {
        var due = _later.Where(line => all || (_chance.Next(2) == 0 && (_held is null || !line.IsReversal))).ToList();
        _later.RemoveAll(due.Contains);
        foreach (var line in due.Where(line => line.IsCredit))
        {
            var owed = _byName[line.PartyName!];
            _facts.Add(new BankFact(BankFactKind.Transfer, line.BankReference!, owed.Plan.Number, line.Amount));
        }

        return due;
    }

    private string NextReference() => string.Create(CultureInfo.InvariantCulture, $"BK{shop.Seller}{++_lines:0000000}");

    private static List<OwedByBank> Take(ConcurrentQueue<OwedByBank> from, int most)
    {
        var taken = new List<OwedByBank>();
        while (taken.Count < most && from.TryDequeue(out var owed))
        {
            taken.Add(owed);
        }

        return taken;
    }

    private static ByteArrayContent Xml(byte[] file) =>
        new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } };

    private static DoorAnswer Check(DoorAnswer answer, string what) =>
        answer.Status is HttpStatusCode.OK or HttpStatusCode.Created
            ? answer
            : throw new CommandFailed($"{what} was refused: {(int)answer.Status} {answer.Body}");

    private static IEnumerable<XElement> Named(XElement at, string name) => at.Descendants().Where(each => each.Name.LocalName == name);

    private static string Said(XElement at, string name) => Named(at, name).First().Value;

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
}
