using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// A sale of five lines, paid by card, as bytes that are made before the clock starts. A fresh sale is those bytes with ten digits of its
/// name written anew: the load generator shares the cores with what it measures.
/// </summary>
internal sealed class SaleForm
{
    private const string Prefix = "BENCH-";
    private const int Digits = 10;
    private const int Forms = 32;

    private static long _names;

    private readonly int _jsonAt;
    private readonly int _messageAt;

    private SaleForm(object sale)
    {
        Json = JsonSerializer.SerializeToUtf8Bytes(sale, Wire.Tolerant);
        Message = JsonParser.Default.Parse<Rpc.Sale>(Encoding.UTF8.GetString(Json)).ToByteArray();
        (_jsonAt, _messageAt) = (DigitsIn(Json), DigitsIn(Message));
    }

    /// <summary>The sale as JSON on one line.</summary>
    public byte[] Json { get; }

    /// <summary>The sale as a message of Sales/Import.</summary>
    public byte[] Message { get; }

    /// <summary>A name that no sale of this process has had.</summary>
    public static long NextName() => Interlocked.Increment(ref _names);

    /// <summary>Sales of anonymous and of identified buyers in turn; one of each where there shall be few.</summary>
    public static IReadOnlyList<SaleForm> Make(DateTimeOffset now) =>
        [.. Enumerable.Range(0, Forms).Select(form => new SaleForm(Sale(form, now, form % 2 == 1)))];

    /// <summary>Writes the sale of that name as JSON.</summary>
    public void WriteJson(Span<byte> to, long name)
    {
        Json.CopyTo(to);
        Stamp(to[_jsonAt..], name);
    }

    /// <summary>Names the sale whose JSON begins there.</summary>
    public void NameJson(Span<byte> json, long name) => Stamp(json[_jsonAt..], name);

    /// <summary>Writes the sale of that name as a message.</summary>
    public void WriteMessage(IBufferWriter<byte> to, long name)
    {
        var span = to.GetSpan(Message.Length);
        Message.CopyTo(span);
        Stamp(span[_messageAt..], name);
        to.Advance(Message.Length);
    }

    private static void Stamp(Span<byte> digits, long name)
    {
        for (var i = Digits - 1; i >= 0; i--, name /= 10)
        {
            digits[i] = (byte)('0' + name % 10);
        }
    }

    private static int DigitsIn(ReadOnlySpan<byte> sale) => sale.IndexOf(Encoding.ASCII.GetBytes(Prefix)) + Prefix.Length;

    private static object Sale(int form, DateTimeOffset now, bool isIdentified)
    {
        var lines = Enumerable
            .Range(1, 5)
            .Select(line => (Line: line, Quantity: 1 + (form + line) % 3, Price: 1.95m + form + 0.10m * line, Rate: line < 4 ? "21" : "10"))
            .ToList();
        return new
        {
            saleId = Prefix + new string('0', Digits),
            storeId = "S01",
            tillId = "T1",
            channel = "pos",
            occurredAt = now,
            currency = "EUR",
            lines = lines.Select(line => new
            {
                sku = $"A{form:00}{line.Line}",
                name = $"Artículo {form:00}-{line.Line} de la temporada",
                quantity = line.Quantity.ToString(CultureInfo.InvariantCulture),
                unit = "C62",
                unitPrice = line.Price.ToString(CultureInfo.InvariantCulture),
                vat = new { category = "S", rate = line.Rate },
            }),
            payments = new[] { new { means = "card", amount = lines.Sum(line => line.Quantity * line.Price) } },
            buyer = isIdentified
                ? new
                {
                    customerId = $"C{form:000}",
                    name = $"Ana Gil Prado {form}",
                    taxId = Nif.OfPerson(20_000_000 + form),
                    email = $"c{form:000}@example.com",
                    address = new
                    {
                        line1 = $"Calle del Pez {form + 1}",
                        postalCode = "28004",
                        city = "Madrid",
                        region = "Madrid",
                        country = "ES",
                    },
                }
                : null,
        };
    }
}
