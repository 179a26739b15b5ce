using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// What the till's payments are to the invoice. Vouchers sold, deposits, tips and donations are paid first, from the last payments;
/// what is left is paid on the invoice, and what that leaves open is due.
/// </summary>
public sealed record Settlement(decimal Paid, IReadOnlyList<SalePayment> Payments)
{
    /// <summary>Settles a total; refused where more is paid than it comes to, or on the wrong side.</summary>
    public static Outcome<Settlement> Of(SalePosted sale, decimal total)
    {
        var beside = sale.NonSaleItems.Sum(item => item.Amount);
        var given = sale.Payments.Sum(payment => payment.Amount);
        var paid = given - beside;
        if (total >= 0m ? paid > total : paid < total)
        {
            return InvoicingFaults.PaidTooMuch.At("payments", given, total + beside);
        }

        if (total >= 0m ? paid < 0m : paid > 0m)
        {
            return InvoicingFaults.PaidTooLittle.At("payments");
        }

        var payments = sale.Payments.Select(Rounded).ToList();
        for (var i = payments.Count - 1; i >= 0 && beside != 0m; i--)
        {
            if (Math.Sign(payments[i].Amount) != Math.Sign(beside))
            {
                continue;
            }

            var taken = Math.Sign(beside) * Math.Min(Math.Abs(beside), Math.Abs(payments[i].Amount));
            payments[i] = payments[i] with { Amount = payments[i].Amount - taken };
            beside -= taken;
        }

        if (beside != 0m)
        {
            // A deposit given back stands in for money: it pays for goods as credit would.
            payments.Add(new SalePayment { Means = PaymentMeans.Credit, Amount = Money.Of(-beside, sale.Currency).Amount });
        }

        return new Settlement(paid, [.. payments.Where(payment => payment.Amount != 0m)]);

        SalePayment Rounded(SalePayment payment) => payment with { Amount = Money.Of(payment.Amount, sale.Currency).Amount };
    }
}
