using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.Services.Tests.Collections;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class SaleTests
{
    private static readonly Gen<Shop> Shops =
        from totals in Gen.Decimal[-300m, 900m].Select(each => decimal.Round(each, 2, MidpointRounding.AwayFromZero)).Array[1, 12]
        from kinds in Gen.Int[0, 9].Array[totals.Length]
        from order in Gen.Int[0, int.MaxValue]
        select new Shop(totals, kinds, order);

    private sealed record Shop(decimal[] Totals, int[] Kinds, int Order);

    [Fact]
    public void Any_order_and_any_number_of_the_same_events_adds_up_to_the_same_sums()
    {
        Shops.Sample(
            shop =>
            {
                var invoices = shop
                    .Totals.Select(
                        (total, i) =>
                            Told.Invoice("s1", total) with
                            {
                                Kind =
                                    shop.Kinds[i] == 0 ? InvoiceKind.Exchange
                                    : total < 0 ? InvoiceKind.Corrective
                                    : InvoiceKind.Simplified,
                            }
                    )
                    .ToArray();
                var cancelled = invoices.Where((_, i) => shop.Kinds[i] == 1).ToArray();
                IEvent[] told = [.. invoices, .. invoices, .. cancelled.Select(Told.Cancelled), .. cancelled.Select(Told.Cancelled)];
                new Random(shop.Order).Shuffle(told);

                var (sum, rates) = Fold(told);

                // The same said the other way round: what stands, added up once.
                var standing = invoices.Except(cancelled).Where(invoice => invoice.Kind != InvoiceKind.Exchange).ToArray();
                Assert.Equal(
                    (
                        standing.LongLength,
                        standing.Sum(invoice => invoice.Totals.TotalWithoutVat),
                        standing.Sum(invoice => invoice.Totals.TotalWithVat),
                        -standing.Where(invoice => invoice.Kind == InvoiceKind.Corrective).Sum(invoice => invoice.Totals.TotalWithVat)
                    ),
                    (sum.Invoices, sum.TotalWithoutVat, sum.TotalWithVat, sum.Returns)
                );
                Assert.Equal(sum.VatTotal, rates.Values.Sum(rate => rate.VatTotal));
                Assert.Equal(sum.TotalWithVat, rates.Values.Sum(rate => rate.TotalWithVat));
            },
            iter: 1000
        );
    }

    [Fact]
    public void An_invoice_of_several_rates_has_a_share_of_each_with_its_surcharge()
    {
        var invoice = Told.Invoice("s1", 0m) with
        {
            VatBreakdown =
            [
                Rate(21m, 100m, 21m) with
                {
                    SurchargeRate = 5.2m,
                    SurchargeAmount = 5.20m,
                },
                Rate(4m, 50m, 2m),
                Rate(21m, 10m, 2.10m) with
                {
                    RegimeKey = "18",
                },
            ],
        };

        Assert.Equal(
            [(4m, 50m, 2m, 52m), (21m, 110m, 28.30m, 138.30m)],
            VatShare
                .Of(invoice)
                .Select(share => (share.Rate, share.Figures.TotalWithoutVat, share.Figures.VatTotal, share.Figures.TotalWithVat))
        );
    }

    [Fact]
    public void A_correction_by_substitution_adds_the_difference_to_what_it_replaces()
    {
        var invoice = Told.Invoice("s1", 0m) with
        {
            Kind = InvoiceKind.Corrective,
            VatBreakdown = [Rate(21m, 80m, 16.80m)],
            Correction = new InvoiceCorrection
            {
                Reason = "R4",
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 100m, VatAmount = 21m },
            },
        };

        var sale = Empty(invoice).With(invoice);

        Assert.Equal(
            new Figures
            {
                Invoices = 1,
                TotalWithoutVat = -20m,
                VatTotal = -4.20m,
                TotalWithVat = -24.20m,
                Returns = 24.20m,
            },
            sale.Adds
        );
    }

    [Fact]
    public void The_hour_is_the_shops_where_it_is_told_and_nobodys_guess_where_it_is_not()
    {
        var invoice = Told.Invoice("s1");
        // 23:40 in the Canary Islands in summer is 22:40 in Greenwich.
        var told = invoice with
        {
            OccurredAt = new DateTimeOffset(2026, 7, 1, 23, 40, 0, TimeSpan.FromHours(1)),
        };

        Assert.Equal(23, Empty(invoice).With(told).Hour);
        Assert.Equal(-1, Empty(invoice).With(invoice).Hour);
    }

    [Fact]
    public void The_lag_is_the_age_of_the_oldest_event_in_hand_and_nothing_where_none_is()
    {
        var feed = new SalesFeed();
        Assert.Equal(TimeSpan.Zero, feed.LagAt(Told.At, brokerIsThere: true));

        var older = feed.Take(Told.At.AddSeconds(-9));
        using (feed.Take(Told.At.AddSeconds(-2)))
        {
            Assert.Equal(TimeSpan.FromSeconds(9), feed.LagAt(Told.At, brokerIsThere: true));
            older.Dispose();
            Assert.Equal(TimeSpan.FromSeconds(2), feed.LagAt(Told.At, brokerIsThere: true));
        }

        Assert.Equal(TimeSpan.FromSeconds(30), feed.LagAt(Told.At.AddSeconds(30), brokerIsThere: false));
        Assert.Equal(TimeSpan.Zero, feed.LagAt(Told.At.AddSeconds(31), brokerIsThere: true));
    }

    private static VatBreakdownBody Rate(decimal rate, decimal taxable, decimal vat) =>
        new()
        {
            Category = "S",
            Rate = rate,
            TaxableAmount = taxable,
            VatAmount = vat,
        };

    private static Sale Empty(InvoiceIssued invoice) => new() { SellerId = invoice.SellerId, InvoiceId = invoice.InvoiceId };

    private static (Figures Sum, Dictionary<decimal, Figures> Rates) Fold(IEnumerable<IEvent> told)
    {
        var sum = default(Figures);
        var rates = new Dictionary<decimal, Figures>();
        var sales = new Dictionary<InvoiceId, Sale>();
        foreach (var each in told)
        {
            var (id, add) = each switch
            {
                InvoiceIssued issued => (issued.InvoiceId, (Func<Sale, Sale>)(sale => sale.With(issued))),
                InvoiceCancelled cancelled => (cancelled.InvoiceId, sale => sale.With(cancelled)),
                _ => throw new InvalidOperationException(each.GetType().Name),
            };
            var before = sales.GetValueOrDefault(id) ?? new Sale { SellerId = each.SellerId, InvoiceId = id };
            var after = sales[id] = add(before);
            var change = Changes.Between(before, after);
            sum += change.Figures;
            foreach (var share in change.Vat)
            {
                rates[share.Rate] = rates.GetValueOrDefault(share.Rate) + share.Figures;
            }
        }

        return (sum, rates);
    }
}
