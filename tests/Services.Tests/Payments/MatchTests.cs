using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class MatchTests
{
    private const string AnasAccount = "ES7921000813610123456789";
    private const string Ana = "ana";
    private const string Bea = "bea";

    private readonly OpenItems _items = new();
    private readonly Payers _payers = new();

    public MatchTests()
    {
        Name(Ana, "Ana Peña García");
        Name(Bea, "Beatriz Ñandú, S.L.");
        Owe(Ana, 1, 100m);
        Owe(Ana, 2, 40m);
        Owe(Ana, 3, 27.5m);
        Owe(Bea, 4, 100m);
        Owe(Bea, 5, 60m, paid: true);
    }

    [Theory]
    [InlineData("{1}")]
    [InlineData("Pago factura {1} gracias")]
    [InlineData("ref:{1}.")]
    [InlineData("REF{1}")]
    public void A_reference_whose_amount_fits_is_certain_wherever_it_stands(string text) => Certain(Pays(100m, text), (1, 100m));

    [Fact]
    public void A_reference_is_known_in_its_own_field_in_groups_of_four_and_in_small_letters()
    {
        var reference = ReferenceOf(1);
        var grouped = string.Join(' ', reference.Chunk(4).Select(each => new string(each)));

        Certain(Pays(100m, "") with { Cited = [reference] }, (1, 100m));
        Certain(Pays(100m, grouped), (1, 100m));
        Certain(Pays(100m, $"pago {grouped.ToLowerInvariant()} ana"), (1, 100m));
    }

    [Fact]
    public void Less_than_a_reference_asks_for_is_a_part_unless_the_customer_owes_just_that_for_something_else()
    {
        Certain(Pays(99m, "{1}"), (1, 99m));
        Likely(Pays(40m, "{1}"), (1, 40m), (2, 40m));
    }

    [Fact]
    public void More_than_a_reference_asks_for_is_made_up_by_the_only_others_that_can_or_left_to_a_person()
    {
        Certain(Pays(140m, "{1}"), (1, 100m), (2, 40m));
        Certain(Pays(167.5m, "{1} {2}"), (1, 100m), (2, 40m), (3, 27.5m));
        Unsure(Pays(120m, "{1}"));
        // Bea owes nothing else: what is over can only be too much.
        Certain(Pays(101m, "{4}"), (4, 100m));
    }

    [Fact]
    public void Several_references_that_come_to_the_amount_are_certain()
    {
        Certain(Pays(140m, "{1} y {2}"), (1, 100m), (2, 40m));
        Certain(Pays(200m, "{1}{4}"), (1, 100m), (4, 100m));
        Unsure(Pays(90m, "{1} {2}"));
    }

    [Fact]
    public void What_is_paid_already_is_never_booked_and_said_so()
    {
        var verdict = Unsure(Pays(60m, "{5}"));
        Assert.Equal(ProposalKind.PaidAlready, verdict.Proposals[0].Kind);
        Assert.Contains(verdict.Proposals[0].Reasons, reason => reason.Code == MatchReason.PaidAlready);
        Unsure(Pays(160m, "{5} {4}"));
    }

    [Theory]
    [InlineData("F-WEB-2026-000001")]
    [InlineData("factura f/web/2026/1")]
    [InlineData("FWEB2026000001")]
    [InlineData("Fra. F WEB 2026 001")]
    public void A_number_is_known_in_any_spelling_and_certain_where_the_amount_fits(string text)
    {
        Certain(Pays(100m, text), (1, 100m));
        // A slip makes it somebody else's: less than it asks for says nothing of it, unless its customer pays.
        Unsure(Pays(70m, text));
        Certain(Pays(70m, text) with { PartyName = "PENA GARCIA ANA" }, (1, 70m));
    }

    [Fact]
    public void A_slip_in_a_reference_a_lost_end_and_a_lost_beginning_are_certain_only_with_the_amount()
    {
        var reference = ReferenceOf(1);
        string[] damaged =
        [
            reference[..8] + (reference[8] == 'Z' ? 'Y' : 'Z') + reference[9..],
            reference[..8] + reference[9..],
            reference[..8] + "K" + reference[8..],
            reference[..^4],
            reference[4..],
        ];
        foreach (var text in damaged)
        {
            Certain(Pays(100m, $"pago {text}"), (1, 100m));
            var unsure = Unsure(Pays(55m, $"pago {text}"));
            Assert.Equal([(1, 55m)], Parts(unsure.Proposals[0]));
        }
    }

    [Fact]
    public void From_a_known_account_the_only_invoices_that_come_to_the_amount_are_certain()
    {
        _payers.AddAccount(AnasAccount, CustomerId.Of(Ana));
        Certain(From(AnasAccount, 40m), (2, 40m));
        Certain(From(AnasAccount, 67.5m), (2, 40m), (3, 27.5m));
        Unsure(From(AnasAccount, 50m));

        // Once two invoices ask for the same, nobody knows which is meant; both are proposed.
        Owe(Ana, 6, 40m);
        var verdict = Unsure(From(AnasAccount, 40m));
        Assert.Equal([(2, 40m), (6, 40m)], verdict.Proposals.Take(2).SelectMany(Parts).OrderBy(each => each.Number));
    }

    [Fact]
    public void From_an_account_that_pays_for_several_nothing_is_certain_without_a_reference()
    {
        _payers.AddAccount(AnasAccount, CustomerId.Of(Ana));
        _payers.AddAccount(AnasAccount, CustomerId.Of(Bea));
        Likely(From(AnasAccount, 40m), (2, 40m));
        Certain(From(AnasAccount, 100m) with { Words = ReferenceOf(4) }, (4, 100m));
    }

    [Fact]
    public void A_name_alone_proposes_and_is_never_certain()
    {
        var verdict = Likely(Pays(40m, "") with { PartyName = "PEÑA GARCÍA, ANA" }, (2, 40m));
        Assert.Contains(verdict.Proposals[0].Reasons, reason => reason.Code == MatchReason.Name);
        Likely(Pays(100m, "") with { PartyName = "NANDU BEATRIZ SL" }, (4, 100m), (1, 100m));
    }

    [Fact]
    public void An_amount_alone_is_a_possibility_with_its_reason()
    {
        var only = Unsure(Pays(27.5m, "gracias"));
        Assert.Equal([(3, 27.5m)], Parts(only.Proposals[0]));
        Assert.Contains(only.Proposals[0].Reasons, reason => reason.Code == MatchReason.OnlyOne);
        Assert.Equal("The amount is what is open of F-WEB-2026-000003.", only.Proposals[0].Reasons[0].English);
        Assert.Equal("El importe es lo pendiente de F-WEB-2026-000003.", only.Proposals[0].Reasons[0].Spanish);
        Assert.Empty(Unsure(Pays(3.33m, "gracias")).Proposals);
    }

    [Fact]
    public void What_is_within_the_tolerance_is_forgiven()
    {
        var verdict = Of(Pays(99.96m, "{1}"), tolerance: 0.05m);
        var part = Assert.Single(verdict.Automatic!.Parts);
        Assert.Equal((99.96m, 0.04m), (part.Amount, part.Forgiven));
        Assert.Null(Of(Pays(99.96m, ""), tolerance: 0.05m).Automatic);
        Assert.NotEmpty(Of(Pays(99.96m, ""), tolerance: 0.05m).Proposals);
    }

    [Fact]
    public void An_invoice_in_another_currency_is_never_meant() =>
        Assert.Empty(Of(Pays(100m, "{1}") with { Currency = Currency.Of("USD") }).Proposals);

    [Fact]
    public void A_payout_is_certain_where_its_line_names_it_and_proposed_where_only_the_amount_fits()
    {
        var announced = new AnnouncedPayout
        {
            Provider = "stripe",
            Reference = "po_1",
            Currency = Currency.Eur,
            Amount = 97.1m,
            ArrivesOn = new DateOnly(2026, 11, 24),
        };

        Assert.NotNull(Payouts.Of(Pays(97.1m, "") with { PartyName = "STRIPE TECHNOLOGY EUROPE LTD" }, [announced]).Automatic);
        var unnamed = Payouts.Of(Pays(97.1m, "abono"), [announced]);
        Assert.Null(unnamed.Automatic);
        Assert.Equal("po_1", Assert.Single(unnamed.Proposals).Reference);
        Assert.Empty(Payouts.Of(Pays(97.1m, "stripe") with { BookedOn = new DateOnly(2027, 1, 5) }, [announced]).Proposals);
        Assert.Empty(Payouts.Of(Pays(97.1m, "stripe") with { IsCredit = false }, [announced]).Proposals);
    }

    [Theory]
    [InlineData("Ñandú, S.L.", "NANDU SL", 1.0)]
    [InlineData("García Pérez, José María", "JOSE MARIA GARCIA PEREZ", 1.0)]
    [InlineData("J. M. García", "JM GARCIA", 1.0)]
    [InlineData("Customer 17850", "CUSTOMER 17855", 0.5)]
    [InlineData("Comercios Reunidos del Norte", "COMERCIOS REUNID", 0.72)]
    [InlineData("Gonzalez Ruiz", "GONZALES RUIZ", 0.92)]
    [InlineData("Ana", "Bea", 0.0)]
    [InlineData("", "Bea", 0.0)]
    public void Names_are_as_alike_as_their_words(string one, string other, double likeness) =>
        Assert.Equal(likeness, PayerName.Likeness(PayerName.TokensOf(one), PayerName.TokensOf(other)), 0.01);

    [Fact]
    public void Amounts_are_found_that_sum_to_another_and_whether_there_are_more()
    {
        Assert.Equal("0 2", string.Join(' ', Assert.Single(AmountSets.Find([5m, 7m, 3m], 8m, 4, out var isAll))));
        Assert.True(isAll);
        Assert.Equal(2, AmountSets.Find([5m, 5m, 3m], 8m, 4, out _).Count);
        Assert.Empty(AmountSets.Find([5m, 7m], 8m, 4, out _));
        // Forty equal amounts have more sets than anybody looks at.
        AmountSets.Find([.. Enumerable.Repeat(1m, 40)], 20m, 1_000_000, out isAll);
        Assert.False(isAll);
    }

    [Fact]
    public void One_slip_from_a_reference_is_found_and_its_own_check_digits_hold()
    {
        const string reference = "RF18539007547034";
        Assert.True(CreditorReference.IsSound(reference));
        Assert.Equal(reference, CreditorReference.Of("539007547034"));
        Assert.False(CreditorReference.IsSound("RF19539007547034"));
        Assert.False(CreditorReference.IsSound("RF18 5390 0754 7034"));
        foreach (var slip in new[] { "RF18539007547035", "RF1853900754734", "RF185390075470344", "RF18539007547304", "FR18539007547034" })
        {
            Assert.Contains(reference, CreditorReference.OneSlipFrom(slip));
            Assert.All(CreditorReference.OneSlipFrom(slip), each => Assert.True(CreditorReference.IsSound(each)));
        }
    }

    private void Owe(string customer, int number, decimal amount, bool paid = false) =>
        _items.Add(
            new OpenItem
            {
                InvoiceId = IdOf(number),
                Number = $"F-WEB-2026-{number:000000}",
                Reference = ReferenceOf(number),
                CustomerId = CustomerId.Of(customer),
                Currency = Currency.Eur,
                Asked = amount,
                Due = paid ? 0m : amount,
                IssuedOn = new DateOnly(2026, 10, 20).AddDays(number),
                DueOn = new DateOnly(2026, 11, 20).AddDays(number),
            }
        );

    private void Name(string customer, string name) => _payers.AddName(CustomerId.Of(customer), PayerName.TokensOf(name));

    private static InvoiceId IdOf(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>What a test shop's references look like: they say nothing of the number.</summary>
    private static string ReferenceOf(int number) =>
        CreditorReference.Of($"X{number * 7919 % 10_000:0000}QK{number * 104_729 % 100_000:00000}VB{number:000}")!;

    private static BankEntry Pays(decimal amount, string text) =>
        new()
        {
            Account = "ES9121000418450200051332",
            StatementId = "S1",
            Movement = "m",
            Likeness = "m",
            Shape = "m",
            IsCredit = true,
            IsBooked = true,
            Kind = EntryKind.Payment,
            Amount = amount,
            Currency = Currency.Eur,
            BookedOn = new DateOnly(2026, 11, 23),
            Words = Enumerable
                .Range(1, 6)
                .Aggregate(text, (words, i) => words.Replace($"{{{i}}}", ReferenceOf(i), StringComparison.Ordinal)),
        };

    private static BankEntry From(string account, decimal amount) => Pays(amount, "pago") with { PartyAccount = account };

    private Verdict Of(BankEntry entry, decimal tolerance = 0m) =>
        Match.Of(entry, _items.For(entry, Clues.Of(entry), _payers, tolerance), _payers, tolerance);

    private void Certain(BankEntry entry, params (int Number, decimal Amount)[] parts)
    {
        var verdict = Of(entry);
        Assert.True(verdict.Automatic is not null, $"not certain: {string.Join("; ", verdict.Proposals.Select(Told))}");
        Assert.Equal(parts, Parts(verdict.Automatic!));
    }

    private Verdict Unsure(BankEntry entry)
    {
        var verdict = Of(entry);
        Assert.True(verdict.Automatic is null, $"certain: {verdict.Proposals.Select(Told).FirstOrDefault()}");
        return verdict;
    }

    /// <summary>Nothing is certain, and these are the first proposals, an invoice each.</summary>
    private Verdict Likely(BankEntry entry, params (int Number, decimal Amount)[] first)
    {
        var verdict = Unsure(entry);
        Assert.Equal(first, verdict.Proposals.Take(first.Length).SelectMany(Parts));
        Assert.Equal(Confidence.Likely, verdict.Proposals[0].Confidence);
        return verdict;
    }

    private static IEnumerable<(int Number, decimal Amount)> Parts(Proposal proposal) =>
        proposal
            .Parts.Select(each => (Number: int.Parse(each.Number[^6..], CultureInfo.InvariantCulture), each.Amount))
            .OrderBy(each => each.Number);

    private static string Told(Proposal proposal) =>
        $"{proposal.Kind} {proposal.Score} {string.Join(' ', Parts(proposal))} ({string.Join(' ', proposal.Reasons.Select(each => each.English))})";
}
