using System.Globalization;
using System.Text;
using RetailInvoicing.Payments.Bank.Camt;

namespace RetailInvoicing.Services.Tests.Payments;

[Collection(nameof(Alone))]
public sealed class CamtSizeTests
{
    private const int HundredMegabytes = 100 * 1024 * 1024;
    private const long RoomForReading = 24L * 1024 * 1024;

    [Fact]
    public void A_hundred_megabytes_are_read_in_the_room_of_a_few()
    {
        using var file = new EndlessStatement(HundredMegabytes);
        Assert.InRange(file.Length, HundredMegabytes, HundredMegabytes + 4096);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var read = CamtReader.Read(file);
        Assert.False(read.Refused(out var fault), fault?.In("en"));
        var (count, sum, most, portions) = (0, 0m, 0L, 0);
        foreach (var (_, entries) in read.Value.Portions(1_000))
        {
            (count, sum) = (count + entries.Count, sum + entries.Sum(each => each.Amount));
            if (++portions % 20 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal((file.Entries, file.Entries * 12.34m), (count, sum));
        Assert.True(portions > 20, $"{portions} portions");
        Assert.True(most < RoomForReading, $"{most / 1024 / 1024} MB were held");
    }

    [Fact]
    public void More_payments_than_are_taken_at_once_are_refused_while_they_are_counted()
    {
        var entry = "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt></Ntry>";
        using var file = new EndlessStatement((long)(CamtReader.MostPayments + 10) * entry.Length, entry);

        Assert.True(CamtReader.Read(file).Refused(out var fault));
        Assert.Equal("PAY-BANK-19", fault.Code.Code);
    }

    /// <summary>A statement of that many bytes, of which nothing is kept: every movement is made when it is read.</summary>
    private sealed class EndlessStatement : Stream
    {
        private static readonly byte[] Head = Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
                + $"<Stmt><Id>S1</Id><Acct><Id><IBAN>{CamtFiles.Account}</IBAN></Id></Acct>"
        );
        private static readonly byte[] Tail = "</Stmt></BkToCstmrStmt></Document>"u8.ToArray();

        private readonly byte[] _entry;
        private readonly int _number;

        public EndlessStatement(long bytes, string? entry = null)
        {
            const string mark = "00000000";
            var text =
                entry
                ?? "<Ntry><Amt Ccy=\"EUR\">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>"
                    + $"<ValDt><Dt>2026-11-23</Dt></ValDt><AcctSvcrRef>{mark}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
                    + "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
                    + "<Amt Ccy=\"EUR\">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>María del Carmen Ñandú Güell</Nm></Pty></Dbtr>"
                    + "<DbtrAcct><Id><IBAN>ES7921000813610123456789</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>pago de la factura de noviembre"
                    + "</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>";
            _entry = Encoding.UTF8.GetBytes(text);
            _number = text.IndexOf(mark, StringComparison.Ordinal);
            Entries = (int)((bytes - Head.Length - Tail.Length) / _entry.Length) + 1;
            Length = Head.Length + ((long)Entries * _entry.Length) + Tail.Length;
        }

        public int Entries { get; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length { get; }

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = 0;
            while (read < buffer.Length && Position < Length)
            {
                var (source, offset) = At(Position);
                var count = Math.Min(buffer.Length - read, source.Length - offset);
                source.AsSpan(offset, count).CopyTo(buffer[read..]);
                (read, Position) = (read + count, Position + count);
            }

            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch
            {
                SeekOrigin.Begin => offset,
                SeekOrigin.Current => Position + offset,
                _ => Length + offset,
            };

        public override void SetLength(long value) => throw new NotSupportedException("it has the length it has");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("it is read only");

        private (byte[] Source, int Offset) At(long position)
        {
            if (position < Head.Length)
            {
                return (Head, (int)position);
            }

            var within = position - Head.Length;
            var number = within / _entry.Length;
            if (number >= Entries)
            {
                return (Tail, (int)(within - ((long)Entries * _entry.Length)));
            }

            if (_number >= 0)
            {
                number.ToString("00000000", CultureInfo.InvariantCulture).Select(each => (byte)each).ToArray().CopyTo(_entry, _number);
            }

            return (_entry, (int)(within % _entry.Length));
        }
    }
}
