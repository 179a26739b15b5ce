using CsCheck;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class ReceivableHistoryTests
{
    private static readonly InvoiceIssued Invoice = Told.Invoice("s1");

    [Fact]
    public void What_was_due_at_an_instant_is_what_the_highest_version_made_by_then_says()
    {
        var history = Of(
            Told.Allocated(Invoice, 3, 0m, TimeSpan.FromDays(10)),
            Told.Allocated(Invoice, 2, 100m, TimeSpan.FromDays(5)),
            Told.Allocated(Invoice, 5, 121m, TimeSpan.FromDays(20)) with
            {
                Cause = "reversal",
            },
            Told.Paid(Invoice, TimeSpan.FromDays(10))
        );

        Assert.Equal(0m, history.DueAt(Invoice.IssuedAt.AddTicks(-1)));
        Assert.Equal(121m, history.DueAt(Invoice.IssuedAt));
        Assert.Equal(121m, history.DueAt(Day(5).AddTicks(-1)));
        Assert.Equal(100m, history.DueAt(Day(5)));
        Assert.Equal(0m, history.DueAt(Day(10)));
        Assert.Equal(0m, history.DueAt(Day(19)));
        Assert.Equal(121m, history.DueAt(Day(20)));
    }

    [Fact]
    public void An_allocation_of_a_lower_version_that_was_made_later_changes_nothing()
    {
        var history = Of(Told.Allocated(Invoice, 4, 20m, TimeSpan.FromDays(4)), Told.Allocated(Invoice, 3, 60m, TimeSpan.FromDays(6)));

        Assert.Equal(20m, history.DueAt(Day(6)));
        Assert.Equal([("invoice", 121m), ("payment", -101m)], history.Movements().Select(each => (each.Kind, each.Amount)));
    }

    [Fact]
    public void Each_movement_is_called_what_it_is()
    {
        var history = Of(
            Told.Allocated(Invoice, 2, 100m, TimeSpan.FromDays(1)),
            Told.Allocated(Invoice, 3, 110m, TimeSpan.FromDays(2)) with
            {
                Cause = "refund",
            },
            Told.Allocated(Invoice, 4, 121m, TimeSpan.FromDays(3)) with
            {
                Cause = "reversal",
            },
            Told.Allocated(Invoice, 5, 90m, TimeSpan.FromDays(4)) with
            {
                Cause = "credit",
            },
            // Paid but for a cent, which is forgiven in the same breath.
            Told.Allocated(Invoice, 6, 0.01m, TimeSpan.FromDays(5)),
            Told.Allocated(Invoice, 7, 0m, TimeSpan.FromDays(5)) with
            {
                Cause = "difference",
            },
            Told.Allocated(Invoice, 8, 0.01m, TimeSpan.FromDays(6)) with
            {
                Cause = "write-off-undone",
            },
            Told.Allocated(Invoice, 9, 50m, TimeSpan.FromDays(7)) with
            {
                Cause = "undone",
            },
            Told.Cancelled(Invoice) with
            {
                CancelledAt = Day(8),
            }
        );

        Assert.Equal(
            [
                "invoice 121",
                "payment -21",
                "refund 10",
                "reversal 11",
                "correction -31",
                "payment -89.99",
                "write-off -0.01",
                "write-off 0.01",
                "undone 49.99",
                "cancellation -50",
            ],
            history.Movements().Select(each => FormattableString.Invariant($"{each.Kind} {each.Amount:0.##}"))
        );
    }

    [Fact]
    public void Money_counts_when_it_was_received_and_what_comes_again_after_it_was_taken_back_no_earlier_than_that()
    {
        var history = Of(
            Told.Allocated(Invoice, 2, 100m, TimeSpan.FromDays(2)),
            Told.Allocated(Invoice, 3, 40m, TimeSpan.FromDays(9)) with
            {
                ReceivedAt = Day(1),
            },
            Told.Allocated(Invoice, 4, 121m, TimeSpan.FromDays(12)) with
            {
                Cause = "reversal",
            },
            Told.Allocated(Invoice, 5, 61m, TimeSpan.FromDays(20)) with
            {
                ReceivedAt = Day(1),
            }
        );

        Assert.Equal(
            ["0 invoice 121", "1 payment -60", "2 payment -21", "12 reversal 81", "12 payment -60"],
            history
                .Counting()
                .Select(each =>
                    FormattableString.Invariant($"{(each.CountsAt - Invoice.IssuedAt).TotalDays:0} {each.Kind} {each.Amount:0.##}")
                )
        );
        // What was due goes by when it was booked.
        Assert.Equal((100m, 40m), (history.DueAt(Day(8)), history.DueAt(Day(9))));
        Assert.Equal([2d, 9d, 12d, 20d], history.Movements().Skip(1).Select(each => (each.At - Invoice.IssuedAt).TotalDays));
    }

    [Fact]
    public void What_was_received_before_the_invoice_was_issued_counts_from_its_issue_on()
    {
        var history = Of(Told.Allocated(Invoice, 2, 0m, TimeSpan.FromDays(1)) with { ReceivedAt = Day(-5) });

        Assert.Equal([Invoice.IssuedAt, Invoice.IssuedAt], history.Counting().Select(each => each.CountsAt));
    }

    [Fact]
    public void An_invoice_paid_at_the_till_moves_nothing_until_its_payment_is_taken_back()
    {
        var till = Told.Invoice("s1", due: 0m);
        var history = Of(
            till,
            Told.Allocated(till, 2, 0m),
            Told.Allocated(till, 3, 121m, TimeSpan.FromDays(3)) with
            {
                Cause = "reversal",
            }
        );

        Assert.Equal([("reversal", 121m)], history.Movements().Select(each => (each.Kind, each.Amount)));
    }

    [Fact]
    public void The_movements_sum_to_what_was_due_at_every_instant_whatever_was_told_and_in_which_order()
    {
        var fact = Gen.Select(Gen.Int[0, 40], Gen.Int[1, 12], Gen.Int[0, 121], Gen.Int[0, 9]);
        fact.Array[0, 8]
            .Sample(
                drawn =>
                {
                    var facts = drawn
                        .Select(each =>
                        {
                            var (day, version, due, kind) = each;
                            return kind switch
                            {
                                0 => (IEvent)Told.Paid(Invoice, TimeSpan.FromDays(day)),
                                1 => Told.Cancelled(Invoice) with { CancelledAt = Day(day) },
                                // Some clocks are behind: allocated before it was issued.
                                2 => Told.Allocated(Invoice, version, due, TimeSpan.FromDays(-1)),
                                _ => Told.Allocated(Invoice, version, due, TimeSpan.FromDays(day)),
                            };
                        })
                        .DistinctBy(each =>
                            each is PaymentAllocated allocated ? allocated.BalanceVersion
                            : each is InvoicePaid ? -1L
                            : -2L
                        )
                        .ToArray();
                    var history = Of(facts);
                    var movements = history.Movements();
                    for (var day = 0; day <= 41; day++)
                    {
                        var at = Day(day);
                        Assert.Equal(history.DueAt(at), movements.Where(each => each.At <= at).Sum(each => each.Amount));
                    }

                    Assert.Equal(history.Receivable.AmountDue, history.DueAt(Day(41)));
                },
                iter: 3000
            );
    }

    private static DateTimeOffset Day(int days) => Invoice.IssuedAt.AddDays(days);

    private static ReceivableHistory Of(params IEvent[] facts) => Of(Invoice, facts);

    /// <summary>As the table keeps it: every change but the one that stands in the receivable.</summary>
    private static ReceivableHistory Of(InvoiceIssued invoice, params IEvent[] facts)
    {
        var receivable = facts
            .Prepend(invoice)
            .Aggregate(
                new Receivable { SellerId = invoice.SellerId, InvoiceId = invoice.InvoiceId },
                (known, fact) =>
                    (
                        fact switch
                        {
                            InvoiceIssued issued => known.With(issued),
                            InvoiceCancelled cancelled => known.With(cancelled),
                            PaymentAllocated allocated => known.With(allocated),
                            InvoicePaid paid => known.With(paid),
                            _ => known,
                        }
                    ).Following(Told.At)
            );
        return ReceivableHistory.Of(
            receivable,
            facts.OfType<PaymentAllocated>().Select(ReceivableChange.Of).Where(change => change.Version != receivable.BalanceVersion)
        );
    }
}
