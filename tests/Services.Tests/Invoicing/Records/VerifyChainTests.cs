using System.Text;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>A chain of records says where it was broken, and how.</summary>
public sealed class VerifyChainTests
{
    private static readonly ChainExpectation Whole = new(BeginsWithFirst: true, IsOrdered: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public void A_chain_as_it_was_made_is_sound(int records) => Assert.Empty(Found(RecordSamples.Chain(records)));

    [Fact]
    public void A_part_of_a_chain_is_sound_where_nobody_says_that_it_begins_there()
    {
        var part = RecordSamples.Chain(20).Skip(5).ToList();

        Assert.Empty(Found(part, Whole with { BeginsWithFirst = false }));
        Assert.Equal(["INV-FISCAL-37 1"], Found(part));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(18)]
    public void A_record_removed_is_named_at_the_record_after_it(int position)
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.RemoveAt(position - 1);

        Assert.Equal([$"INV-FISCAL-33 {position}"], Found(chain));
    }

    [Fact]
    public void A_cancellation_removed_is_named_as_a_record_of_the_same_number()
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.RemoveAt(6);

        Assert.Equal(["INV-FISCAL-31 7"], Found(chain));
    }

    [Fact]
    public void Several_records_removed_are_one_gap()
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.RemoveRange(4, 6);

        Assert.Equal(["INV-FISCAL-33 5"], Found(chain));
    }

    [Fact]
    public void Two_gaps_are_two()
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.RemoveAt(15);
        chain.RemoveAt(4);

        Assert.Equal(["INV-FISCAL-33 5", "INV-FISCAL-33 15"], Found(chain));
    }

    [Fact]
    public void The_first_record_removed_is_named()
    {
        Assert.Equal(["INV-FISCAL-37 1"], Found([.. RecordSamples.Chain(20).Skip(1)]));
    }

    [Fact]
    public void A_record_inserted_that_cites_the_one_before_is_named()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var before = Read(chain[9]);
        var forged = RecordSamples.Ticket("FORGED", 5m, 10, Preceding(before));
        chain.Insert(10, RecordXml.Of(forged).Value);

        Assert.Equal(["INV-FISCAL-34 11"], Found(chain));
    }

    [Fact]
    public void Several_records_inserted_are_each_named()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var first = RecordSamples.Ticket("FORGED-1", 5m, 10, Preceding(Read(chain[9])));
        var second = RecordSamples.Ticket("FORGED-2", 5m, 10, new PrecedingRecord(first.Invoice, first.Fingerprint));
        chain.InsertRange(10, [RecordXml.Of(first).Value, RecordXml.Of(second).Value]);

        Assert.Equal(["INV-FISCAL-34 11", "INV-FISCAL-34 12"], Found(chain));
    }

    [Fact]
    public void A_record_of_nowhere_inserted_is_named()
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.Insert(10, RecordSamples.Chain(3, salt: 500)[2]);

        Assert.Equal(["INV-FISCAL-34 11"], Found(chain));
    }

    [Fact]
    public void Two_records_that_changed_places_are_named_by_the_one_that_has_to_move()
    {
        var chain = RecordSamples.Chain(20).ToList();
        (chain[4], chain[5]) = (chain[5], chain[4]);

        Assert.Equal(["INV-FISCAL-35 5"], Found(chain));
    }

    [Fact]
    public void A_record_moved_far_is_named_alone()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var moved = chain[3];
        chain.RemoveAt(3);
        chain.Insert(15, moved);

        Assert.Equal(["INV-FISCAL-35 16"], Found(chain));
    }

    [Fact]
    public void The_first_record_moved_is_named()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var moved = chain[0];
        chain.RemoveAt(0);
        chain.Insert(15, moved);

        Assert.Equal(["INV-FISCAL-43 16"], Found(chain));
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(5, 20)]
    [InlineData(1, 2)]
    public void A_record_duplicated_is_named_at_its_second_place(int position, int again)
    {
        var chain = RecordSamples.Chain(20).ToList();
        chain.Insert(again - 1, chain[position - 1]);

        Assert.Equal([$"INV-FISCAL-36 {again}"], Found(chain));
    }

    [Fact]
    public void A_second_beginning_is_named()
    {
        List<string> chain = [.. RecordSamples.Chain(5), .. RecordSamples.Chain(5, salt: 500)];

        Assert.Equal(["INV-FISCAL-38 6"], Found(chain));
    }

    [Theory]
    [InlineData("<ImporteTotal>", "<ImporteTotal>1", "INV-FISCAL-30 9")]
    [InlineData("<TipoFactura>F2", "<TipoFactura>F1", "INV-FISCAL-30 9")]
    [InlineData("T-S01-2026-000009", "T-S01-2026-000099", "INV-FISCAL-30 9")]
    [InlineData("<FechaHoraHusoGenRegistro>2026-02-01T10:0", "<FechaHoraHusoGenRegistro>2026-02-01T11:0", "INV-FISCAL-30 9")]
    [InlineData("<TipoHuella>01", "<TipoHuella>02", "INV-FISCAL-41 9")]
    [InlineData("<NumeroInstalacion>01", "<NumeroInstalacion>02", "INV-FISCAL-42 9")]
    [InlineData("<RegistroAnterior><IDEmisorFactura>B", "<RegistroAnterior><IDEmisorFactura>A", "INV-FISCAL-32 9")]
    public void A_field_changed_is_named_at_its_record_alone(string from, string to, string finding)
    {
        var chain = RecordSamples.Chain(20).ToList();
        Assert.Contains(from, chain[8], StringComparison.Ordinal);
        chain[8] = chain[8].Replace(from, to, StringComparison.Ordinal);

        Assert.Equal([finding], Found(chain));
    }

    [Fact]
    public void A_fingerprint_changed_is_named_at_its_record_alone()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var fingerprint = Read(chain[8]).Fingerprint;
        var other = new string('0', 64);
        var own = chain.ToList();
        own[8] = own[8].Replace(fingerprint, other, StringComparison.Ordinal);
        var link = chain.ToList();
        link[9] = link[9].Replace(fingerprint, other, StringComparison.Ordinal);

        Assert.Equal(["INV-FISCAL-30 9"], Found(own));
        Assert.Equal(["INV-FISCAL-30 10", "INV-FISCAL-31 10"], Found(link));
    }

    [Fact]
    public void A_record_changed_and_fingerprinted_anew_is_named_at_the_record_after_it()
    {
        var chain = RecordSamples.Chain(20).ToList();
        var forged = RecordReader.Read(Encoding.UTF8.GetBytes(chain[8])).Value.Records[0].Registration! with { TotalWithVat = 1m };
        chain[8] = RecordXml.Of(forged).Value;

        Assert.Equal(["INV-FISCAL-31 10"], Found(chain));
    }

    [Fact]
    public void A_time_before_the_record_before_is_named()
    {
        var first = RecordSamples.Ticket("T-1", 5m, 10, null);
        var second = RecordSamples.Ticket("T-2", 5m, 9, new PrecedingRecord(first.Invoice, first.Fingerprint));

        Assert.Equal(["INV-FISCAL-39 2"], Found([RecordXml.Of(first).Value, RecordXml.Of(second).Value]));
    }

    [Fact]
    public void Fingerprints_made_up_to_point_in_a_circle_are_no_end()
    {
        var (a, b, c) = (new string('A', 64), new string('B', 64), new string('C', 64));
        List<string> circle = [Made("1", c, a), Made("2", a, b), Made("3", b, c)];

        Assert.Contains("INV-FISCAL-30 1", Found(circle));

        static string Made(string number, string before, string own)
        {
            var record = RecordSamples.Ticket(
                number,
                5m,
                0,
                new PrecedingRecord(new RecordedInvoice(RecordSamples.Nif, "x", new(2026, 1, 1)), before)
            );
            return RecordXml.Of(record).Value.Replace(record.Fingerprint, own, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Twenty_thousand_records_in_any_order_are_judged_in_time_that_grows_with_them()
    {
        var chain = RecordSamples.Chain(20_000).Select((text, at) => new ChainPlace($"{at}", Read(text))).ToList();
        new Random(7).Shuffle(global::System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chain));
        var began = global::System.Diagnostics.Stopwatch.StartNew();

        var found = VerifyChain.Of(chain, Whole);

        Assert.NotEmpty(found);
        Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Files_that_cite_each_other_are_a_chain_in_whatever_order_they_come()
    {
        var chain = RecordSamples.Chain(9).Select((text, at) => ($"{at}.xml", Encoding.UTF8.GetBytes(text))).ToList();
        chain.Reverse();

        var whole = VerifyFiles.Of(chain);
        Assert.True(whole.IsSound, string.Join(' ', whole.Findings.Select(each => each.Fault.In(null))));
        Assert.All(whole.Records, each => Assert.True(each.IsLinked));

        var gap = VerifyFiles.Of(chain.Where(each => each.Item1 != "4.xml"));
        var finding = Assert.Single(gap.Findings);
        Assert.Equal(("INV-FISCAL-33", "5.xml"), (finding.Fault.Code.Code, finding.Source));

        var apart = VerifyFiles.Of([chain[0], chain[4]]);
        Assert.True(apart.IsSound);
        Assert.All(apart.Records, each => Assert.False(each.IsLinked));
    }

    private static PrecedingRecord Preceding(WrittenRecord record) =>
        new(new RecordedInvoice(record.Name.Issuer, record.Name.Number, new(2026, 2, 1)), record.Fingerprint);

    private static WrittenRecord Read(string text) => RecordReader.Read(Encoding.UTF8.GetBytes(text)).Value.Records[0].Written;

    private static List<string> Found(IReadOnlyList<string> texts, ChainExpectation? expected = null) =>
        [
            .. VerifyChain
                .Of([.. texts.Select((text, at) => new ChainPlace($"{at + 1}", Read(text)))], expected ?? Whole)
                .Select(each => $"{each.Fault.Code.Code} {each.Position}"),
        ];
}
