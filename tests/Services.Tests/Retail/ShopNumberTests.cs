using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Replay;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>How a number of the real shop's file becomes a sale.</summary>
public sealed class ShopNumberTests
{
    [Fact]
    public void The_open_file_gives_what_the_contract_says()
    {
        var numbers = OpenShop.Numbers();

        var sendable = numbers.Where(number => number.Refusal is null).ToArray();
        var issued = sendable.Where(number => !number.IsOverTicketLimit).ToArray();

        Assert.Equal(16459, numbers.Count);
        Assert.Equal(320705, numbers.Sum(number => number.Lines.Count));
        Assert.Equal(14977, issued.Length);
        Assert.Equal(3, numbers.Count(number => number.Refusal == ShopNumber.BadDebtAdjustment));
        Assert.Equal(1408, numbers.Count(number => number.Refusal == ShopNumber.StockAdjustment));
        Assert.Equal(71, sendable.Length - issued.Length);
        Assert.Equal(5364733.56m, issued.Sum(number => number.Total));
    }

    [Fact]
    public void The_open_files_returns_find_1660_originals()
    {
        var originals = new Originals();
        int found = 0,
            blind = 0;
        foreach (var number in OpenShop.Numbers().Where(number => number is { Refusal: null, IsOverTicketLimit: false }))
        {
            if (!number.IsReturn)
            {
                originals.Issued(number);
            }
            else if (originals.Find(number) is { } original)
            {
                originals.Returned(number, original);
                found++;
            }
            else
            {
                blind++;
            }
        }

        Assert.Equal((1660, 894), (found, blind));
    }

    [Fact]
    public void One_day_of_the_open_file_has_143_numbers_of_which_131_can_be_issued()
    {
        var day = new DateOnly(2010, 12, 1);
        var order = new ReplayOrder
        {
            File = new FileInfo("-"),
            From = day,
            To = day,
        };

        var numbers = order.Of(OpenShop.Numbers()).ToArray();

        Assert.Equal(143, numbers.Length);
        Assert.Equal(131, numbers.Count(number => number is { Refusal: null, IsOverTicketLimit: false }));
        Assert.Equal(10, numbers.Count(number => number.Refusal == ShopNumber.StockAdjustment));
        Assert.Equal(2, numbers.Count(number => number is { Refusal: null, IsOverTicketLimit: true }));
    }

    [Fact]
    public void Every_sale_of_the_open_file_is_what_the_strict_door_reads_and_its_lines_sum_to_the_files_cents()
    {
        foreach (var number in OpenShop.Numbers().Where(number => number.Refusal is null))
        {
            var sale = number.ToSale(original: null);
            var read = JsonSerializer.Deserialize<SalePosted>(JsonSerializer.SerializeToUtf8Bytes(sale, Wire.Tolerant), Wire.Strict)!;

            Assert.Equal(number.Total, read.Lines.Sum(line => line.Quantity * line.UnitPrice));
            Assert.Equal(number.Lines.Select(line => line.Quantity), read.Lines.Select(line => line.Quantity));
            Assert.InRange(read.OccurredAt.Year, 2025, 2026);
            Assert.True(read.Payments is [] or [{ Means: PaymentMeans.Card }]);
        }
    }

    [Fact]
    public void Lines_are_grouped_by_number_wherever_they_stand_and_the_first_time_counts()
    {
        var numbers = ShopNumber.Of([
            Line("1", "A", 1, 2.50m, "2010-12-01T10:01"),
            Line("2", "B", 1, 1m, "2010-12-01T10:02"),
            Line("1", "C", 2, 1m, "2010-12-01T10:00"),
        ]);

        Assert.Equal(["1", "2"], numbers.Select(number => number.No));
        Assert.Equal(2, numbers[0].Lines.Count);
        Assert.Equal(new DateTime(2010, 12, 1, 10, 0, 0, DateTimeKind.Unspecified), numbers[0].FirstTime);
    }

    [Theory]
    [InlineData("2010-12-01T08:26", "2025-11-12T08:26:00+01:00")]
    [InlineData("2011-05-02T08:26", "2026-04-13T08:26:00+02:00")]
    // In 2026 the clock springs on 29 March and falls back on 25 October: the file's days 2011-04-17 and 2011-11-13.
    [InlineData("2011-04-17T02:30", "2026-03-29T03:30:00+02:00")]
    [InlineData("2011-11-13T02:30", "2026-10-25T02:30:00+02:00")]
    public void Times_move_by_780_weeks_and_are_Madrids(string inFile, string expected)
    {
        var sale = Number(Line("1", "A", 1, 1m, inFile)).ToSale(null);

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), sale.OccurredAt);
        Assert.Equal(expected, sale.OccurredAt.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_known_customer_is_named_with_a_DNI_and_one_divisible_by_5_owes()
    {
        var sale = Number(Line("1", "A", 2, 9.95m, customer: "17850")).ToSale(null);

        // 17850 mod 23 is 2: the third letter.
        Assert.Equal("00017850W", sale.Buyer!.TaxId);
        Assert.Equal("Customer 17850", sale.Buyer.Name);
        Assert.Equal("c17850@example.com", sale.Buyer.Email);
        Assert.Equal("28013", sale.Buyer.Address!.PostalCode);
        Assert.Empty(sale.Payments);
        Assert.Null(sale.DueDate);
    }

    [Fact]
    public void Everybody_else_pays_by_card_and_gets_it_back_by_card()
    {
        var sale = Number(Line("1", "A", 2, 9.95m, customer: "17851")).ToSale(null);
        var back = Number(Line("C2", "A", -1, 9.95m, customer: "17851")).ToSale("1");
        var blind = Number(Line("C3", "A", -1, 9.95m)).ToSale(null);

        Assert.Equal([(PaymentMeans.Card, 19.90m)], sale.Payments.Select(payment => (payment.Means, payment.Amount)));
        Assert.Equal([(PaymentMeans.Card, -9.95m)], back.Payments.Select(payment => (payment.Means, payment.Amount)));
        Assert.Equal("1", back.ReturnOf!.SaleId!.Value.Value);
        Assert.Equal([(PaymentMeans.Card, -9.95m)], blind.Payments.Select(payment => (payment.Means, payment.Amount)));
        Assert.Null(blind.Buyer);
        Assert.Null(blind.ReturnOf);
    }

    [Theory]
    [InlineData(1, "0.001", "0")]
    [InlineData(2, "0.0025", "0.005")]
    [InlineData(3, "2.55", "2.55")]
    public void A_line_with_a_fraction_of_a_cent_is_posted_so_that_it_comes_to_the_rounded_amount(int quantity, string price, string posted)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        var line = Line("1", "A", quantity, decimal.Parse(price, invariant));

        Assert.Equal(decimal.Parse(posted, invariant), line.PriceToTheCent);
        Assert.Equal(line.Amount, line.PriceToTheCent * quantity);
    }

    [Fact]
    public void A_return_takes_the_latest_sale_that_covers_all_of_it()
    {
        var originals = new Originals();
        originals.Issued(Number(Line("1", "A", 10, 2m, customer: "7")));
        originals.Issued(Number(Line("2", "A", 5, 3m, customer: "7")));
        originals.Issued(Number(Line("3", "A", 10, 2m, customer: "8")));
        var back = Number(Line("C4", "A", -3, 2.50m, customer: "7"));

        Assert.Equal("2", originals.Find(back));
        originals.Returned(back, "2");
        // Two pieces are left on 2, and 1 was cheaper than what comes back.
        Assert.Null(originals.Find(back));
        Assert.Equal("1", originals.Find(Number(Line("C5", "A", -10, 2m, customer: "7"))));
        Assert.Null(originals.Find(Number(Line("C6", "A", -1, 1m))));
    }

    private static ShopNumber Number(params ShopLine[] lines) => ShopNumber.Of(lines).Single();

    private static ShopLine Line(
        string no,
        string code,
        decimal quantity,
        decimal price,
        string at = "2010-12-01T10:00",
        string? customer = null
    ) =>
        new()
        {
            InvoiceNo = no,
            StockCode = code,
            Description = "THING",
            Quantity = quantity,
            UnitPrice = price,
            InvoiceDate = DateTime.Parse(at, System.Globalization.CultureInfo.InvariantCulture),
            CustomerId = customer,
        };
}
