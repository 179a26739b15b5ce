using CsCheck;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class ReceivableTests
{
    private static readonly DateTimeOffset Now = Told.At.AddDays(1);

    [Fact]
    public void Any_order_and_any_number_of_the_same_facts_is_the_same_receivable()
    {
        var invoice = Told.Invoice("s1");
        IEvent[] facts =
        [
            invoice,
            Told.Allocated(invoice, 1, 100m, TimeSpan.FromHours(1)),
            Told.Allocated(invoice, 2, 0m, TimeSpan.FromHours(2)),
            Told.Paid(invoice, TimeSpan.FromHours(2)),
            // Taken back by the bank, then paid in part.
            Told.Allocated(invoice, 3, 121m, TimeSpan.FromHours(3)),
            Told.Allocated(invoice, 4, 20.50m, TimeSpan.FromHours(4)),
        ];
        var expected = Fold(facts);
        Assert.Equal(20.50m, expected.AmountDue);
        Assert.Equal(ReceivableStatus.Open, expected.StatusOn(invoice.DueDate!.Value));

        Gen.Shuffle(facts.Concat(facts).ToArray()).Sample(told => Assert.Equal(expected, Fold(told)), iter: 500);
    }

    [Fact]
    public void A_payment_told_before_its_invoice_settles_it_as_soon_as_it_is_told()
    {
        var invoice = Told.Invoice("s1");

        var receivable = Fold([Told.Allocated(invoice, 1, 0m), invoice]);

        Assert.Equal((Now, Now, 0m), (receivable.OpenedAt, receivable.SettledAt, receivable.AmountDue));
    }

    [Fact]
    public void An_older_balance_told_late_changes_nothing()
    {
        var invoice = Told.Invoice("s1");

        Assert.Equal(0m, Fold([invoice, Told.Allocated(invoice, 2, 0m), Told.Allocated(invoice, 1, 100m)]).AmountDue);
    }

    [Fact]
    public void An_invoice_paid_at_the_till_is_no_receivable_until_its_payment_is_taken_back()
    {
        var invoice = Told.Invoice("s1", due: 0m);
        var paid = Fold([invoice, Told.Allocated(invoice, 1, 0m), Told.Paid(invoice)]);
        Assert.Null(paid.OpenedAt);

        var reversed = paid.With(Told.Allocated(invoice, 2, 121m, TimeSpan.FromDays(3))).Following(Now);

        Assert.Equal((Now, default(DateTimeOffset?), 121m), (reversed.OpenedAt, reversed.SettledAt, reversed.AmountDue));
    }

    [Fact]
    public void An_exchange_for_tickets_and_a_credit_open_nothing()
    {
        Assert.Null(Fold([Told.Invoice("s1") with { Kind = InvoiceKind.Exchange }]).OpenedAt);
        Assert.Null(Fold([Told.Invoice("s1", total: -12.10m)]).OpenedAt);
    }

    [Fact]
    public void A_cancelled_invoice_owes_nothing_even_where_a_balance_says_so()
    {
        var invoice = Told.Invoice("s1");

        var receivable = Fold([Told.Cancelled(invoice), Told.Allocated(invoice, 1, 60m), invoice]);

        Assert.Equal((0m, ReceivableStatus.Settled), (receivable.AmountDue, receivable.StatusOn(invoice.DueDate!.Value.AddDays(9))));
    }

    [Theory]
    [InlineData(-30, "current")]
    [InlineData(0, "current")]
    [InlineData(1, "1-30")]
    [InlineData(30, "1-30")]
    [InlineData(31, "31-60")]
    [InlineData(60, "31-60")]
    [InlineData(61, "61-90")]
    [InlineData(90, "61-90")]
    [InlineData(91, "90+")]
    [InlineData(4000, "90+")]
    public void Days_past_due_fall_into_the_bucket_that_names_them(int days, string bucket) =>
        Assert.Equal(bucket, AgeingBucket.Of(days).Name);

    // The first instant of the day after the due date, around each zone's clock changes; worked out by hand from the published offsets.
    [Theory]
    [InlineData("Europe/Madrid", "2026-03-27", "2026-03-27T23:00:00Z")]
    [InlineData("Europe/Madrid", "2026-03-28", "2026-03-28T23:00:00Z")]
    [InlineData("Europe/Madrid", "2026-03-29", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Madrid", "2026-10-24", "2026-10-24T22:00:00Z")]
    [InlineData("Europe/Madrid", "2026-10-25", "2026-10-25T23:00:00Z")]
    [InlineData("Atlantic/Canary", "2026-03-28", "2026-03-29T00:00:00Z")]
    [InlineData("Atlantic/Canary", "2026-03-29", "2026-03-29T23:00:00Z")]
    [InlineData("Atlantic/Canary", "2026-10-24", "2026-10-24T23:00:00Z")]
    [InlineData("Atlantic/Canary", "2026-10-25", "2026-10-26T00:00:00Z")]
    [InlineData("America/New_York", "2026-03-07", "2026-03-08T05:00:00Z")]
    [InlineData("America/New_York", "2026-03-08", "2026-03-09T04:00:00Z")]
    [InlineData("America/New_York", "2026-10-31", "2026-11-01T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z")]
    // Here midnight itself is skipped when clocks go forward: the day begins at 01:00.
    [InlineData("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z")]
    public void A_receivable_is_overdue_from_the_first_instant_of_the_day_after_its_due_date_in_the_sellers_zone(
        string zone,
        string dueDate,
        string instant
    )
    {
        var due = DateOnly.ParseExact(dueDate, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var begins = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        var receivable = Fold([Told.Invoice("s1", dueDate: due)]);

        Assert.Equal(ReceivableStatus.Open, receivable.StatusOn(SellerDay.At(begins.AddTicks(-1), zone)!.Value));
        Assert.Equal(ReceivableStatus.Overdue, receivable.StatusOn(SellerDay.At(begins, zone)!.Value));
    }

    [Fact]
    public void A_zone_that_this_machine_does_not_know_has_no_day_and_stops_nobody_else() =>
        Assert.Null(SellerDay.At(Now, "Europe/Atlantis"));

    private static Receivable Fold(IEnumerable<IEvent> facts)
    {
        var all = facts.ToArray();
        var first = all.OfType<InvoiceIssued>().First();
        return all.Aggregate(
            new Receivable { SellerId = first.SellerId, InvoiceId = first.InvoiceId },
            (receivable, fact) =>
                (
                    fact switch
                    {
                        InvoiceIssued issued => receivable.With(issued),
                        InvoiceCancelled cancelled => receivable.With(cancelled),
                        PaymentAllocated allocated => receivable.With(allocated),
                        InvoicePaid paid => receivable.With(paid),
                        _ => receivable,
                    }
                ).Following(Now)
        );
    }
}
