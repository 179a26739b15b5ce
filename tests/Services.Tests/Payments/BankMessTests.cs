using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Retail;
using RetailInvoicing.Simulators.Bank;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>
/// The replayed shop's customers who pay by transfer, every fifth, pay as people do; who paid what is known to the test alone.
/// </summary>
public sealed class BankMessTests(Infrastructure infrastructure)
{
    private const string Account = "ES9121000418450200051332";

    /// <summary>As the replay has it: the file's days, 780 weeks later.</summary>
    private const int DaysMoved = 780 * 7;

    /// <summary>References of the test environment are drawn, those of production hold the number.</summary>
    [Theory]
    [InlineData(SellerEnvironment.Test)]
    [InlineData(SellerEnvironment.Production)]
    public void Of_a_years_transfers_nine_in_ten_are_matched_none_wrongly_and_the_rest_is_among_the_first_three(
        SellerEnvironment environment
    )
    {
        var owed = Transfers(environment);
        var (lines, truths) = MessyTransfers.Play(owed, 20022);
        var file = BankStatementWriter.Statement(
            new StatementFile
            {
                StatementId = "YEAR-1",
                Account = Account,
                Lines = lines,
            }
        );
        Assert.Empty(Breaches(file));
        var entries = CamtReader.Read(new MemoryStream(file)).Value.Payments();
        Assert.Equal(lines.Count, entries.Count);

        var year = new Year(owed);
        foreach (var entry in entries)
        {
            year.Take(entry, truths[entry.BankReference!]);
        }

        Assert.True(year.Credits > 2_000, $"only {year.Credits} transfers were made");
        Assert.True(year.Wrong.Count == 0, $"{year.Wrong.Count} matched wrongly: {string.Join("; ", year.Wrong.Take(10))}");
        Assert.True(year.Matched >= 0.9 * year.Credits, year.ToString());
        Assert.True(year.Proposed >= 0.9 * (year.Credits - year.Matched), year.ToString());
    }

    [Fact]
    public async Task A_statement_of_some_customers_transfers_is_booked_by_the_service_as_they_were_meant()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        // Those who buy most, so that one learns from the other.
        var owed = Transfers(SellerEnvironment.Test)
            .GroupBy(each => each.Customer)
            .OrderByDescending(each => each.Count())
            .ThenBy(each => each.Key, StringComparer.Ordinal)
            .SelectMany(each => each.OrderBy(one => one.IssuedOn).Take(8))
            .Take(160)
            .ToList();
        var (lines, truths) = MessyTransfers.Play(owed, 11649);
        await host.HearAsync(Shop.Registered("s1"));
        var told = owed.ConvertAll(Invoice);
        foreach (var invoice in told)
        {
            await host.PublishAsync(invoice);
        }

        await host.HasHeardAsync([.. told]);
        var file = BankStatementWriter.Statement(
            new StatementFile
            {
                StatementId = "YEAR-1",
                Account = Account,
                Lines = lines,
            }
        );
        Assert.Empty(Breaches(file));

        Assert.Equal(lines.Count, (await ImportAsync(http, file)).GetProperty("new").GetInt32());

        var wrong = new List<string>();
        var (credits, matched) = (0, 0);
        foreach (
            var (reference, isCredit, state, matchedAs, allocated) in await host.ListAsync<(string, bool, string, string?, string?)>(
                "select bank_reference, is_credit, state, matched_as, allocated::text from bank_entry order by entry_id"
            )
        )
        {
            if (!isCredit)
            {
                Assert.Equal(("matched", "reversed"), (state, matchedAs));
                continue;
            }

            credits++;
            if (state == "matched")
            {
                matched++;
                var parts = JsonSerializer.Deserialize<List<AllocatedPart>>(allocated ?? "[]", Wire.Tolerant)!;
                if (!IsTrue(parts.ToDictionary(each => each.InvoiceId.Value, each => each.Amount), truths[reference]))
                {
                    wrong.Add($"{reference} {truths[reference].Mess}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(matched >= 0.9 * credits, $"{matched} of {credits} were matched");
        Assert.Equal(
            lines.Sum(line => line.IsCredit ? line.Amount : -line.Amount),
            await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'bank'")
        );
        await host.BooksAgreeAsync();

        var before = await host.QueryAsync<long>("select count(*) from journal_line");
        var again = await ImportAsync(http, file);
        Assert.Equal((0, lines.Count), (again.GetProperty("new").GetInt32(), again.GetProperty("repeated").GetInt32()));
        Assert.Equal(before, await host.QueryAsync<long>("select count(*) from journal_line"));
    }

    /// <summary>
    /// What customers whose id is divisible by five owe: their sales, each less what came back of it, under the numbers and references that
    /// Invoicing would give.
    /// </summary>
    private static List<Owed> Transfers(SellerEnvironment environment)
    {
        var (owed, sequences) = (new List<Owed>(), new Dictionary<int, int>());
        foreach (var number in OpenShop.Numbers().Where(each => each is { Refusal: null, IsOverTicketLimit: false, CustomerId: not null }))
        {
            var day = DateOnly.FromDateTime(number.FirstTime).AddDays(DaysMoved);
            if (number.IsReturn || number.Total <= 0m)
            {
                Reduce(owed, number.CustomerId!, -number.Total);
                continue;
            }

            // Cards' sales take numbers too.
            sequences[day.Year] = sequences.GetValueOrDefault(day.Year) + 1;
            if (number.IsPaidByTransfer)
            {
                var text = $"F-WEB-{day.Year}-{sequences[day.Year]:000000}";
                owed.Add(
                    new Owed(
                        new Guid(day.Year, 0, 0, [.. BitConverter.GetBytes((long)sequences[day.Year])]),
                        text,
                        PaymentReference.Of(SellerId.Of("s1"), environment, StoreId.Of("WEB"), text),
                        number.CustomerId!,
                        $"Customer {number.CustomerId}",
                        day,
                        number.Total
                    )
                );
            }
        }

        return owed.FindAll(each => each.Amount > 0m);
    }

    private static void Reduce(List<Owed> owed, string customer, decimal amount)
    {
        var at = owed.FindLastIndex(each => each.Customer == customer && each.Amount >= amount);
        if (at >= 0)
        {
            owed[at] = owed[at] with { Amount = owed[at].Amount - amount };
        }
    }

    private static InvoiceIssued Invoice(Owed owed) =>
        Shop.Invoice("s1", owed.Amount) with
        {
            InvoiceId = new InvoiceId(owed.InvoiceId),
            Number = owed.Number,
            PaymentReference = owed.Reference,
            IssueDate = owed.IssuedOn,
            DueDate = owed.IssuedOn.AddDays(30),
            Contact = new InvoiceContact { CustomerId = CustomerId.Of(owed.Customer) },
            Buyer = new InvoiceParty { Name = owed.Name, CustomerId = CustomerId.Of(owed.Customer) },
        };

    private static async Task<JsonElement> ImportAsync(HttpClient http, byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } };
        return (await http.PostAsync("/v1/bank-statements", content).JsonAsync(200)).GetProperty("statements")[0];
    }

    private static bool IsTrue(IReadOnlyDictionary<Guid, decimal> parts, Truth truth) =>
        parts.Count == truth.Parts.Count && parts.All(each => truth.Parts.GetValueOrDefault(each.Key) == each.Value);

    private static List<string> Breaches(byte[] file)
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        var xsd = Repository.Shared("compliance/iso20022/xsd-camt/camt.053.001.08.xsd");
        using (var reader = XmlReader.Create(xsd, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }))
        {
            schemas.Add(null, reader);
        }

        var breaches = new List<string>();
        XDocument.Load(new MemoryStream(file)).Validate(schemas, (_, breach) => breaches.Add(breach.Message));
        return breaches;
    }

    /// <summary>A year of the pure matcher: what is certain is booked, of the rest a person says what it was, and both teach.</summary>
    private sealed class Year
    {
        private readonly OpenItems _items = new();
        private readonly Payers _payers = new();
        private readonly Queue<Owed> _issued;
        private readonly List<string> _missed = [];

        public Year(IEnumerable<Owed> owed) => _issued = new(owed.OrderBy(each => each.IssuedOn));

        public int Credits { get; private set; }

        public int Matched { get; private set; }

        public int Proposed { get; private set; }

        public List<string> Wrong { get; } = [];

        public void Take(BankEntry entry, Truth truth)
        {
            while (_issued.TryPeek(out var next) && next.IssuedOn <= entry.BookedOn)
            {
                Issue(_issued.Dequeue());
            }

            if (!entry.IsCredit)
            {
                foreach (var (invoice, amount) in truth.Parts)
                {
                    _items.Set(new InvoiceId(invoice), _items.Of(new InvoiceId(invoice))!.Due + amount);
                }

                return;
            }

            Credits++;
            var clues = Clues.Of(entry);
            var verdict = Match.Of(entry, _items.For(entry, clues, _payers, 0m), _payers, 0m);
            if (verdict.Automatic is { } automatic)
            {
                Matched++;
                if (!IsSo(automatic, truth))
                {
                    Wrong.Add(
                        $"{truth.Mess} {entry.Amount}: {Said(entry)} as {string.Join(' ', automatic.Parts.Select(each => each.Number))}"
                    );
                }

                Learn(entry, automatic, clues);
            }
            else
            {
                Propose(entry, truth, verdict);
            }

            foreach (var (invoice, amount) in truth.Parts)
            {
                _items.Pay(new InvoiceId(invoice), amount);
            }
        }

        public override string ToString() =>
            $"{Credits} transfers, {Matched} matched, of the others {Proposed} proposed; not proposed: {string.Join("; ", _missed.Take(20))}";

        private void Issue(Owed owed)
        {
            _items.Add(
                new OpenItem
                {
                    InvoiceId = new InvoiceId(owed.InvoiceId),
                    Number = owed.Number,
                    Reference = owed.Reference,
                    CustomerId = CustomerId.Of(owed.Customer),
                    Currency = Currency.Eur,
                    Asked = owed.Amount,
                    Due = owed.Amount,
                    IssuedOn = owed.IssuedOn,
                    DueOn = owed.IssuedOn.AddDays(30),
                }
            );
            _payers.AddName(CustomerId.Of(owed.Customer), PayerName.TokensOf(owed.Name));
        }

        /// <summary>As SuggestMatches learns.</summary>
        private void Learn(BankEntry entry, Proposal automatic, Clues clues)
        {
            if (
                entry.PartyAccount is { } account
                && automatic.CustomerId is { } customer
                && _payers.Likeness(customer, clues.Names) >= Payers.Alike
            )
            {
                _payers.AddAccount(account, customer);
            }
        }

        private void Propose(BankEntry entry, Truth truth, Verdict verdict)
        {
            if (verdict.Proposals.Take(3).Any(each => IsSo(each, truth)))
            {
                Proposed++;
            }
            else
            {
                _missed.Add($"{truth.Mess} {entry.Amount}: {Said(entry)}");
            }

            // A person accepts what it was.
            var customer = CustomerId.Of(truth.Customer);
            _payers.AddAccount(entry.PartyAccount!, customer);
            _payers.AddName(customer, PayerName.TokensOf(entry.PartyName));
        }

        private static bool IsSo(Proposal proposal, Truth truth) =>
            truth.Parts.Count == 0
                ? proposal.Kind == ProposalKind.PaidAlready && proposal.CustomerId == CustomerId.Of(truth.Customer)
                : proposal.Kind == ProposalKind.Invoices
                    && IsTrue(proposal.Parts.ToDictionary(each => each.InvoiceId.Value, each => each.Amount), truth);

        private static string Said(BankEntry entry) => $"{entry.PartyName} '{string.Join(' ', entry.Cited)}' '{entry.Words}'";
    }
}
