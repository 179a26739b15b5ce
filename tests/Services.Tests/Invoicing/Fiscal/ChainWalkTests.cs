using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.Services.Tests.Invoicing.Records;

namespace RetailInvoicing.Services.Tests.Invoicing.Fiscal;

/// <summary>A walk finds the same whatever its windows are, and knows what is old from what was taken away.</summary>
public sealed class ChainWalkTests
{
    private static readonly SellerId Own = SellerId.Of("nandu");
    private static readonly List<ChainRow> Whole = All();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_sound_chain_is_sound_by_windows_of_any_size(int size)
    {
        var rows = Rows(300);

        Assert.Empty(Walk(rows, size));
        Assert.Empty(Walk(rows, size, from: 150));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void What_is_broken_at_a_window_s_edge_is_found_like_anywhere_else(int size)
    {
        foreach (var at in new[] { 1, 6, 7, 8, 14, 99, 100, 101, 300 })
        {
            var rows = Rows(300);
            rows[at - 1] = rows[at - 1] with
            {
                Document = rows[at - 1].Document!.Replace("2026-02-01T", "2026-02-02T", StringComparison.Ordinal),
            };
            var changed = Walk(rows, size);
            var removed = Walk([.. Rows(300).Where(row => row.Position != at)], size);

            Assert.Contains(changed, each => each.Position == at && each.Fault.Code == FiscalFaults.FingerprintWrong);
            Assert.All(changed, each => Assert.InRange(each.Position, at, at + 1));
            // The last one is missed by the head, all others by the link that points to them.
            Assert.Single(removed);
            Assert.Equal(Math.Min(at + 1, 300), removed[0].Position);
        }
    }

    [Fact]
    public void Records_from_before_documents_were_kept_are_known_by_their_columns_at_the_beginning_only()
    {
        List<ChainRow> old = [.. Rows(20).Select(row => row.Position <= 8 ? row with { Document = null } : row)];
        List<ChainRow> changed = [.. old.Select(row => row.Position == 5 ? row with { TotalWithVat = "3.00" } : row)];
        List<ChainRow> taken = [.. old.Select(row => row.Position == 12 ? row with { Document = null } : row)];

        Assert.Empty(Walk(old, 5));
        Assert.Equal("5 INV-FISCAL-30", Assert.Single(Walk(changed, 5)).Mark);
        Assert.Equal("12 INV-FISCAL-09", Assert.Single(Walk(taken, 5)).Mark);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void An_adopted_place_bridges_what_was_lost_and_hides_nothing_else(int size)
    {
        var rows = Rows(20);
        var lost = rows[9];
        var adopted = new Dictionary<long, AdoptedRecord>
        {
            [10] = new(10, lost.Number, new(2026, 2, 1), lost.Fingerprint, ChainWalk.Instant(lost.RecordedAt)!.Value, IsAgencys: true),
        };
        rows.RemoveAt(9);

        Assert.Empty(Walk(rows, size, adopted: adopted));
        Assert.Empty(Walk(rows, size, from: 11, adopted: adopted));
        rows.RemoveAt(10);
        Assert.Equal("13 INV-FISCAL-33", Assert.Single(Walk(rows, size, adopted: adopted)).Mark);
    }

    [Fact]
    public void A_producer_that_is_named_later_breaks_nothing_here()
    {
        var rows = Rows(10);
        for (var at = 5; at < 10; at++)
        {
            rows[at] = rows[at] with { Document = rows[at].Document!.Replace("B87654321", "A58818501", StringComparison.Ordinal) };
        }

        Assert.Empty(Walk(rows, 100));
        rows[3] = rows[3] with
        {
            Document = rows[3].Document!.Replace("NumeroInstalacion>01", "NumeroInstalacion>02", StringComparison.Ordinal),
        };
        Assert.Equal("4 INV-FISCAL-42", Assert.Single(Walk(rows, 100)).Mark);
    }

    private static IReadOnlyList<ChainFinding> Walk(
        List<ChainRow> rows,
        int size,
        long from = 1,
        Dictionary<long, AdoptedRecord>? adopted = null
    )
    {
        var last = rows.Count > 200 ? Whole[^1] : rows[^1];
        var state = new ChainState
        {
            Key = new ChainKey(RecordSamples.Nif, "Test", "01"),
            Last = last.Position,
            Fingerprint = last.Fingerprint,
            RecordedAt = ChainWalk.Instant(last.RecordedAt),
            Highest = rows[^1].Position,
            Adopted = adopted ?? [],
        };
        var walk = new ChainWalk(state, from, rows.Find(row => row.Position == from - 1), hasDocuments: from > 1, viewer: null);
        var findings = rows.Where(row => row.Position >= from).Chunk(size).SelectMany(walk.Take).ToList();
        return [.. findings, .. walk.Head(rows[^1])];
    }

    private static List<ChainRow> Rows(int count) => [.. Whole.Take(count)];

    private static List<ChainRow> All() =>
        [
            .. RecordSamples
                .Chain(300)
                .Select(
                    (document, at) =>
                    {
                        var record = RecordReader.Read(Encoding.UTF8.GetBytes(document)).Value.Records[0].Written;
                        string Field(string name) => record.Fields.FirstOrDefault(field => field.Name == name).Text ?? "0";
                        var day = DateOnly.ParseExact(record.Name.Day, "dd-MM-yyyy", CultureInfo.InvariantCulture);
                        return new ChainRow
                        {
                            Position = at + 1,
                            SellerId = Own,
                            Kind = record.Kind == RecordKind.Registration ? "registration" : "cancellation",
                            RecordType = record.Kind == RecordKind.Registration ? Field("TipoFactura") : "F2",
                            Number = record.Name.Number,
                            IssueDate = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                            VatTotal = Field("CuotaTotal") + "00",
                            TotalWithVat = Field("ImporteTotal") + "00",
                            PreviousFingerprint = record.Preceding?.Fingerprint,
                            Fingerprint = record.Fingerprint,
                            RecordedAt = record.RecordedAt,
                            Document = document,
                        };
                    }
                ),
        ];
}
