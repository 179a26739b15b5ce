using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class BookTests
{
    [Theory]
    [InlineData("100", "100", "100")]
    [InlineData("150", "100", "100")]
    [InlineData("60,90", "100", "60,40")]
    [InlineData("120,-20", "100", "120,-20")]
    [InlineData("120,-20", "80", "100,-20")]
    [InlineData("-30", "-30", "-30")]
    [InlineData("", "0", "")]
    public void Of_what_a_sale_took_the_invoice_has_its_paid_amount_and_vouchers_and_tips_the_rest(string taken, string paid, string parts)
    {
        Assert.Equal(Decimals(parts), Opening.ForInvoice(Decimals(taken), decimal.Parse(paid, Invariant)));
    }

    [Fact]
    public void An_invoice_that_says_more_was_paid_than_it_lists_is_a_contradiction_and_not_guessed_at()
    {
        Assert.Throws<InvalidOperationException>(() => Opening.ForInvoice([50m], 80m));
    }

    [Fact]
    public void An_exchange_asks_for_nothing_and_a_substitution_for_the_difference()
    {
        var substitution = new InvoiceCorrection
        {
            Reason = "R1",
            Method = CorrectionMethod.Substitution,
            CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 100m, VatAmount = 21m },
        };

        Assert.Equal(0m, Opening.Asked(Shop.Invoice("s", 121m, kind: InvoiceKind.Exchange)));
        Assert.Equal(-21m, Opening.Asked(Shop.Invoice("s", 100m, kind: InvoiceKind.Corrective, correction: substitution)));
        Assert.Equal(121m, Opening.Asked(Shop.Invoice("s", 121m)));
    }

    [Fact]
    public void Whatever_is_paid_allocated_and_refunded_every_entry_sums_to_zero_and_no_limit_is_passed()
    {
        var amounts = Gen.Int[1, 20000].Select(cents => cents / 100m);
        Gen.Select(amounts, Gen.Select(amounts, amounts, Gen.Bool).List[1, 12])
            .Sample(
                (total, steps) =>
                {
                    var invoice = InvoiceId.New();
                    var book = new Book(SellerId.Of("s"), Shop.At);
                    book.Hold(new InvoiceBalance { InvoiceId = invoice });
                    book.Open(invoice, InvoiceKind.Full, Currency.Eur, total, total);
                    foreach (var (paid, back, refund) in steps)
                    {
                        var payment = Card(invoice, paid);
                        book.Receive(payment);
                        book.Allocate(payment.PaymentId, invoice);
                        if (refund)
                        {
                            var held = book.Of(payment.PaymentId);
                            var taken = book.Allocations.Where(each => each.PaymentId == payment.PaymentId).ToArray();
                            book.Refund(payment.PaymentId, Math.Min(back, held.Refundable), "r", taken);
                        }
                    }

                    book.Settle();
                    var balance = book.Of(invoice)!;
                    Assert.All(book.Entries, entry => Assert.Equal(0m, entry.Lines.Sum(line => line.Amount)));
                    Assert.InRange(balance.AmountDue, 0m, total);
                    Assert.All(book.Payments, each => Assert.Equal(each.Amount, each.Allocated + each.Unallocated + each.Refunded));
                    Assert.All(
                        book.Payments,
                        each => Assert.True(each is { Allocated: >= 0m, Unallocated: >= 0m } && each.Refunded <= each.Amount)
                    );
                    Assert.Equal(balance.AmountDue, Sum(book, Account.Receivable));
                    Assert.Equal(book.Payments.Sum(each => each.Unallocated), -Sum(book, Account.Unallocated));
                    Assert.Equal(book.Payments.Sum(each => each.Allocated), balance.Paid - balance.Refunded);
                    Assert.Equal(balance.AmountDue == 0m ? 1 : 0, book.Settlements.Count);
                }
            );
    }

    [Fact]
    public void An_allocation_says_when_its_money_was_received_and_whose_correction_its_credit_is()
    {
        var (own, other, corrective) = (InvoiceId.New(), InvoiceId.New(), InvoiceId.New());
        var book = new Book(SellerId.Of("s"), Shop.At);
        foreach (var (invoice, asked) in new[] { (own, 100m), (other, 100m), (corrective, -50m) })
        {
            book.Hold(new InvoiceBalance { InvoiceId = invoice });
            book.Open(invoice, InvoiceKind.Full, Currency.Eur, asked, asked);
        }

        var money = Card(own, 20m) with { ReceivedAt = Shop.At.AddDays(-3) };
        book.Receive(money);
        book.Allocate(money.PaymentId, own);
        var credit = book.Grant(
            Card(corrective, 0m) with
            {
                Means = PaymentMeans.Credit,
                Provider = Payment.CreditProvider,
                GivenFor = [own],
            }
        );
        book.Allocate(credit.PaymentId, own, 30m);
        book.Allocate(credit.PaymentId, other, 20m);
        book.Release(credit.PaymentId, own, 30m);
        book.Release(money.PaymentId, own, 20m);
        book.WriteOff(PaymentId.New(), other, 5m, Account.WriteOffs);

        string Name(InvoiceId? id) =>
            id == own ? "own"
            : id == other ? "other"
            : id == corrective ? "corrective"
            : "nobody";
        var told = book.Told.OfType<PaymentAllocated>().ToArray();
        Assert.Equal(
            ["own 20", "corrective -50", "own 30 by corrective", "other 20", "own -30 by corrective", "own -20", "other 5"],
            told.Select(each =>
                FormattableString.Invariant($"{Name(each.InvoiceId)} {each.Amount:0}")
                + (each.CorrectiveInvoiceId is { } by ? $" by {Name(by)}" : "")
            )
        );
        Assert.Equal(Shop.At.AddDays(-3), told[0].ReceivedAt);
        Assert.All(told.Skip(1), each => Assert.Null(each.ReceivedAt));
    }

    [Fact]
    public void A_link_says_what_was_signed_and_a_changed_one_nothing()
    {
        var key = new byte[32];
        var link = new PaymentLink(SellerId.Of("Ñandú-7"), InvoiceId.New(), DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var token = link.Sign(key);

        Assert.Equal(link, PaymentLink.Read(token, key));
        Assert.Null(PaymentLink.Read(token, [.. Enumerable.Repeat((byte)1, 32)]));
        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Null(PaymentLink.Read(changed, key));
        }

        Assert.All(["", "x", "====", new string('A', 40), new string('A', 5000), "ñ"], each => Assert.Null(PaymentLink.Read(each, key)));
    }

    [Fact]
    public void Every_refusal_has_a_code_of_its_own_and_words_in_both_languages()
    {
        var codes = typeof(RetailInvoicing.Payments.PaymentsFaults).GetFields().Select(field => (FaultCode)field.GetValue(null)!).ToArray();

        Assert.Equal(codes.Length, codes.Select(code => code.Code).Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^PAY-[A-Z]+-[0-9]{2}$", code.Code));
        Assert.All(codes, code => Assert.NotEqual(code.With(1, 2, 3).In("en"), code.With(1, 2, 3).In("es")));
    }

    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static decimal[] Decimals(string list) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => decimal.Parse(each, Invariant))];

    private static decimal Sum(Book book, string account) =>
        book.Entries.SelectMany(entry => entry.Lines).Where(line => line.Account == account).Sum(line => line.Amount);

    private static Payment Card(InvoiceId invoice, decimal amount) =>
        new()
        {
            PaymentId = PaymentId.New(),
            InvoiceId = invoice,
            Means = PaymentMeans.Card,
            Provider = "till",
            Account = Account.TakenBySeller(PaymentMeans.Card),
            Currency = Currency.Eur,
            Amount = amount,
            ReceivedAt = Shop.At,
        };
}
