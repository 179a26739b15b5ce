using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class Pain008Tests
{
    private static readonly DateTimeOffset Made = new(2026, 12, 1, 11, 0, 5, TimeSpan.FromHours(1));
    private static readonly DateOnly Christmas = new(2026, 12, 25);

    private static readonly DirectDebitSettings Creditor = new()
    {
        CreditorId = "ES11ZZZB12345674",
        Name = "Comercios Ñandú & Cía., S.L.",
        Iban = "ES9121000418450200051332",
        LeadDays = 2,
    };

    private static readonly DebitOrder One = new()
    {
        EndToEndId = "RF18539007547034",
        Amount = 0.10m,
        Scheme = DebitScheme.Core,
        Sequence = DebitSequence.Recurring,
        MandateId = "M-1/2026",
        SignedOn = new DateOnly(2026, 11, 2),
        Name = "Lucía Peña Güell",
        Iban = "ES7921000813610123456789",
        PaymentReference = "RF18 5390 0754 7034",
        InvoiceNumber = "F-S01-2026-000123",
    };

    [Theory]
    [InlineData(Pain008.Version08)]
    [InlineData(Pain008.Version02)]
    public void The_file_is_valid_against_its_schema_and_its_sums_are_right(string version)
    {
        var file = Of(
            version,
            One,
            One with
            {
                EndToEndId = "RF18539007547034-2",
                Amount = 1_234_567.80m,
                Sequence = DebitSequence.First,
                Bic = "CAIXESBBXXX",
                IsAmended = true,
            },
            One with
            {
                EndToEndId = "X-1",
                Amount = 0.20m,
                PaymentReference = "pedido nº 7",
                Name = "Жанна Ωμέγα 株式会社",
            },
            One with
            {
                EndToEndId = "X-2",
                Amount = 99.99m,
                Scheme = DebitScheme.B2b,
                Sequence = DebitSequence.OneOff,
            }
        );

        var text = file.Write();

        Assert.Empty(Breaches(version, text));
        var document = Read(text);
        var header = Child(document, "GrpHdr");
        Assert.Equal(("4", "1234668.09"), (Value(header, "NbOfTxs"), Value(header, "CtrlSum")));
        Assert.Equal("2026-12-01T11:00:05", Value(header, "CreDtTm"));
        Assert.Equal(
            ["CORE FRST 1 1234567.80", "CORE RCUR 2 0.30", "B2B OOFF 1 99.99"],
            Children(document, "PmtInf")
                .Select(group => $"{Value(group, "LclInstrm")} {Value(group, "SeqTp")} {Value(group, "NbOfTxs")} {Value(group, "CtrlSum")}")
        );
        Assert.Equal(3, Children(document, "PmtInfId").Select(each => each.Value).Distinct().Count());
        Assert.All(Children(document, "PmtInfId"), each => Assert.InRange(each.Value.Length, 1, 35));
        Assert.All(Children(document, "ReqdColltnDt"), each => Assert.Equal("2026-12-28", each.Value));
        Assert.All(
            Children(document, "InstdAmt"),
            each => Assert.Equal(("EUR", 2), (each.Attribute("Ccy")!.Value, each.Value.Split('.')[1].Length))
        );
        Assert.Equal(
            ["Lucia Pena Guell", "Lucia Pena Guell", "Zhanna Omega ....", "Lucia Pena Guell"],
            Children(document, "Dbtr").Select(each => Value(each, "Nm"))
        );
        Assert.Equal("Comercios Nandu + Cia., S.L.", Value(Child(document, "Cdtr"), "Nm"));
        Assert.Equal("SMNDA", Child(document, "AmdmntInfDtls").Value);
        Assert.Equal(["RF18539007547034", "RF18539007547034", "RF18539007547034"], Children(document, "Ref").Select(each => each.Value));
        Assert.Equal("pedido no 7 F-S01-2026-000123", Child(document, "Ustrd").Value);
    }

    [Fact]
    public void Whatever_customers_are_called_and_invoices_cite_the_file_is_valid_and_in_SEPAs_letters()
    {
        Gen.Select(Gen.String, Gen.String, Gen.Int[1, int.MaxValue])
            .Sample(
                (name, reference, cents) =>
                {
                    var order = One with
                    {
                        Name = name,
                        PaymentReference = reference,
                        Amount = cents / 100m,
                        EndToEndId = EndToEndId.Of(EndToEndId.BaseOf(reference, InvoiceId.New()), 12_345),
                    };
                    var text = Of(Pain008.Version08, order).Write();
                    Assert.Empty(Breaches(Pain008.Version08, text));
                    Assert.All(
                        Read(text).Descendants().Where(each => !each.HasElements && each.Name.LocalName is "Nm" or "Ustrd" or "EndToEndId"),
                        each => Assert.True(SepaText.Holds(each.Value), each.Value)
                    );
                },
                iter: 200,
                threads: 1
            );
    }

    [Theory]
    [InlineData("Ñandú, S.L.", "Nandu, S.L.")]
    [InlineData("Straße Łódź Ærø Þór", "Strasse Lodz Aero Thor")]
    [InlineData("Καλημέρα", "Kalimera")]
    [InlineData("Щастие и Юлия", "Shtastie i Yuliya")]
    [InlineData("a\t\r\n  b", "a b")]
    [InlineData("«uno» – “dos” & #3", "'uno' - 'dos' + .3")]
    [InlineData("½ €", "1/2 EUR")]
    [InlineData("  ", ".")]
    [InlineData("", ".")]
    public void Names_are_written_as_near_as_SEPAs_letters_come(string name, string written) =>
        Assert.Equal(written, SepaText.Of(name, 70));

    [Fact]
    public void A_name_is_cut_to_what_its_place_holds_and_what_is_no_letter_at_all_breaks_nothing()
    {
        Assert.Equal("Uno dos", SepaText.Of("Uno dos tres", 8));
        Assert.Equal(".A", SepaText.Of("\uFFFEA\u0301", 70));
        Assert.Equal(". B", SepaText.Of("\uD800\0B", 70));
        Assert.False(SepaText.IsReference("M\0"));
    }

    [Theory]
    [InlineData("M-1", true)]
    [InlineData("a/b c?:().,'+", true)]
    [InlineData("12345678901234567890123456789012345", true)]
    [InlineData("123456789012345678901234567890123456", false)]
    [InlineData("", false)]
    [InlineData(" M", false)]
    [InlineData("M/", false)]
    [InlineData("M//1", false)]
    [InlineData("Mñ", false)]
    [InlineData("M_1", false)]
    public void A_mandate_is_called_by_what_banks_hand_on(string id, bool sound) => Assert.Equal(sound, SepaText.IsReference(id));

    [Theory]
    [InlineData("ES11ZZZB12345674", true)]
    [InlineData("ES11000B12345674", true)]
    [InlineData("DE98ZZZ09999999999", true)]
    [InlineData("BE69ZZZ050D000000008", true)]
    [InlineData("AT61ZZZ01234567890", true)]
    [InlineData("ES12ZZZB12345674", false)]
    [InlineData("ES11ZZZB12345675", false)]
    [InlineData("ES11ZZZB123456740", false)]
    [InlineData("es11ZZZB12345674", false)]
    [InlineData("ES11ZZZ", false)]
    [InlineData("", false)]
    public void A_creditor_identifier_holds_by_its_own_check_digits(string id, bool sound) =>
        Assert.Equal(sound, CreditorIdentifier.IsSound(id));

    [Theory]
    [InlineData("CAIXESBB", true)]
    [InlineData("CAIXESBBXXX", true)]
    [InlineData("CAIXESB", false)]
    [InlineData("CAIXESBBXX", false)]
    [InlineData("caixesbb", false)]
    [InlineData("CAIXESBB\n", false)]
    public void A_bank_is_called_by_eight_or_eleven_characters(string bic, bool sound) => Assert.Equal(sound, Bic.IsSound(bic));

    [Fact]
    public void Banks_rest_on_weekends_and_on_six_holidays()
    {
        string[] closed =
        [
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-12-25",
            "2026-12-26",
            "2027-03-26",
            "2027-03-29",
            "2028-04-14",
            "2028-04-17",
            "2026-11-28",
            "2026-11-29",
        ];
        string[] open = ["2026-01-02", "2026-01-06", "2026-04-02", "2026-04-07", "2026-10-12", "2026-12-08", "2026-12-24", "2026-12-28"];

        Assert.All(closed, day => Assert.False(TargetDays.IsOpen(Day(day)), day));
        Assert.All(open, day => Assert.True(TargetDays.IsOpen(Day(day)), day));
        Assert.Equal(Day("2026-12-28"), TargetDays.OnOrAfter(Christmas));
        Assert.Equal(Day("2026-04-07"), TargetDays.After(Day("2026-04-02"), 1));
        Assert.Equal(Day("2026-12-30"), TargetDays.After(Day("2026-12-24"), 3));
        Assert.Equal(
            ["2000-04-23", "2024-03-31", "2026-04-05", "2038-04-25"],
            new[] { 2000, 2024, 2026, 2038 }.Select(year => TargetDays.EasterSunday(year).ToString("O", CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public void A_collection_moves_to_the_next_day_on_which_banks_settle_and_is_never_too_early_for_the_bank()
    {
        var thursday = Day("2026-12-24");
        Assert.Equal(Day("2026-12-29"), Creditor.DayFor(Day("2026-12-29"), thursday).Value);
        Assert.Equal(Day("2027-01-04"), Creditor.DayFor(Day("2027-01-02"), thursday).Value);
        Assert.Equal("PAY-DEBIT-04", Refused(Creditor.DayFor(Day("2026-12-28"), thursday)));
        Assert.Equal("PAY-DEBIT-04", Refused(Creditor.DayFor(DateOnly.MinValue, thursday)));
        Assert.Equal("PAY-DEBIT-05", Refused(Creditor.DayFor(DateOnly.MaxValue, thursday)));
        Assert.Contains("2026-12-29", Creditor.DayFor(thursday, thursday).Fault!.In("es"), StringComparison.Ordinal);

        static string Refused(Outcome<DateOnly> outcome) => outcome.Fault!.Code.Code;
    }

    [Fact]
    public void A_mandate_is_first_once_used_once_where_it_is_for_one_debit_and_lapses_after_36_months_without_use()
    {
        var signed = Day("2026-11-02");
        var mandate = new Mandate
        {
            MandateId = "M-1",
            CustomerId = CustomerId.Of("17850"),
            Name = "Lucía Peña",
            Iban = "ES7921000813610123456789",
            SignedOn = signed,
            Scheme = DebitScheme.Core,
            Sequence = DebitSequence.First,
            State = MandateState.Active,
            FirstIban = "ES7921000813610123456789",
            KnownSince = Day("2029-10-01"),
        };

        Assert.Equal((DebitSequence.First, DebitSequence.Recurring), (mandate.Next, mandate.UsedOn(signed).Next));
        Assert.True(mandate.MayBeUsedOn(Day("2029-11-02")));
        Assert.Equal("lapsed", mandate.StandingOn(Day("2029-11-03")));
        Assert.True(mandate.UsedOn(Day("2029-11-02")).MayBeUsedOn(Day("2032-11-02")));
        // In use elsewhere before: nobody knows when last, so it counts from when we were told.
        Assert.True((mandate with { Sequence = DebitSequence.Recurring }).MayBeUsedOn(Day("2032-10-01")));
        Assert.Equal("used", (mandate with { Sequence = DebitSequence.OneOff }).UsedOn(signed).StandingOn(signed));
        Assert.Equal("suspended", (mandate with { State = MandateState.Suspended }).StandingOn(signed));

        // The bank is told of another account once, and only where it knew the one before.
        var moved = mandate with
        {
            Iban = "ES6621000418401234567891",
        };
        Assert.False(moved.IsAmended);
        Assert.True((moved with { Sequence = DebitSequence.Recurring }).IsAmended);
        Assert.True((mandate.UsedOn(signed) with { Iban = moved.Iban }).IsAmended);
        Assert.False((mandate.UsedOn(signed) with { Iban = moved.Iban }).UsedOn(signed).IsAmended);
    }

    [Fact]
    public void Of_several_mandates_the_one_signed_last_is_used_and_one_for_one_debit_only_once()
    {
        var older = new Mandate
        {
            MandateId = "OLD",
            CustomerId = CustomerId.Of("17850"),
            Name = "Lucía Peña",
            Iban = "ES7921000813610123456789",
            SignedOn = Day("2026-10-01"),
            Scheme = DebitScheme.Core,
            Sequence = DebitSequence.First,
            State = MandateState.Active,
            FirstIban = "ES7921000813610123456789",
            KnownSince = Day("2026-10-01"),
        };
        var once = older with { MandateId = "ONCE", SignedOn = Day("2026-11-01"), Sequence = DebitSequence.OneOff };
        var ended = older with { MandateId = "ENDED", SignedOn = Day("2026-11-20"), State = MandateState.Cancelled };
        var consents = new Consents([older, once, ended]);

        Assert.Equal(
            ["ONCE OneOff", "OLD First", "OLD Recurring"],
            Enumerable.Range(0, 3).Select(_ => consents.Use("17850", Christmas)!).Select(each => $"{each.MandateId} {each.Next}")
        );
        Assert.Null(consents.Use("12345", Christmas));
        Assert.Null(consents.Use(null, Christmas));
    }

    [Fact]
    public void A_debit_is_known_by_its_payment_reference_and_later_ones_by_a_number_more()
    {
        var invoice = InvoiceId.New();
        Assert.Equal("RF18539007547034", EndToEndId.BaseOf("RF18 5390 0754 7034", invoice));
        Assert.Equal("F20261", EndToEndId.BaseOf("F/2026-1", invoice));
        Assert.Equal(25, EndToEndId.BaseOf(new string('9', 200), invoice).Length);
        Assert.Equal($"{invoice.Value:N}"[..25], EndToEndId.BaseOf(" ", invoice));
        Assert.Equal(("A", "A-2"), (EndToEndId.Of("A", 1), EndToEndId.Of("A", 2)));
    }

    [Fact]
    public void Every_reason_is_said_in_both_languages()
    {
        foreach (var code in new[] { "AC01", "AC04", "AM04", "MD01", "MD06", "MS02", "MS03", "XX99", null })
        {
            var reason = ReturnReason.Of(code);
            Assert.Equal(code, reason.Code);
            Assert.NotEqual(reason.En, reason.Es);
        }

        Assert.Equal(
            ["AC01", "AC04", "MD01"],
            new[] { "AC01", "AC04", "AC06", "AM04", "MD01", "MD06", "MS02", "MS03" }.Where(ReturnReason.Suspends)
        );
    }

    private static Pain008 Of(string version, params DebitOrder[] orders) =>
        new()
        {
            Version = version,
            MessageId = "0199f0c47a3b7c1d9e551f2a3b4c5d6e",
            MadeAt = Made,
            Creditor = Creditor,
            CollectOn = TargetDays.OnOrAfter(Christmas),
            Debits = orders,
        };

    /// <summary>A file with a debit of each kind.</summary>
    internal static string Sample(string version) =>
        Of(
                version,
                One,
                One with
                {
                    EndToEndId = "RF18539007547034-2",
                    Sequence = DebitSequence.First,
                    Bic = "CAIXESBBXXX",
                    IsAmended = true,
                },
                One with
                {
                    EndToEndId = "X-1",
                    Scheme = DebitScheme.B2b,
                    Sequence = DebitSequence.OneOff,
                }
            )
            .Write();

    /// <summary>What the version's schema finds wrong with a file.</summary>
    internal static IReadOnlyList<string> Breaches(string version, string file)
    {
        var wrong = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = Schemas.Value[version],
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings,
        };
        settings.ValidationEventHandler += (_, found) => wrong.Add(found.Message);
        using var reader = XmlReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(file)), settings);
        while (reader.Read()) { }

        return wrong;
    }

    private static readonly Lazy<Dictionary<string, XmlSchemaSet>> Schemas = new(() =>
        new[] { Pain008.Version08, Pain008.Version02 }.ToDictionary(version => version, SchemaOf)
    );

    private static XmlSchemaSet SchemaOf(string version)
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        using var reader = XmlReader.Create(
            Repository.Shared($"compliance/iso20022/xsd-pain/{version}.xsd"),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore }
        );
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    }

    private static XElement Read(string file) => XDocument.Parse(file).Root!;

    private static IEnumerable<XElement> Children(XElement at, string name) => at.Descendants().Where(each => each.Name.LocalName == name);

    private static XElement Child(XElement at, string name) => Children(at, name).First();

    private static string Value(XElement at, string name) => Child(at, name).Value;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
