using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>Balances for our own services, held to the seller or customer they ask for.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class BalancesRpc(GetBalance getBalance) : Balances.BalancesBase
{
    /// <inheritdoc />
    public override async Task<BalanceList> Get(GetBalances request, ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        if (behalf is { SellerId: null, CustomerEmail: null })
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        var invoices = request.InvoiceIds.Select(id =>
            InvoiceId.TryParse(id, out var invoice) ? invoice : throw PaymentsFaults.Unreadable.With("invoice_ids").ToRpc()
        );
        var balances = await getBalance.HandleAsync([.. invoices], behalf.SellerId, behalf.CustomerEmail, context.CancellationToken);
        return new BalanceList { Balances = { balances.Select(Tell) } };
    }

    private static Balance Tell(BalanceAnswer balance) =>
        new()
        {
            InvoiceId = balance.InvoiceId.ToString(),
            Currency = balance.Currency.Code,
            TotalWithVat = Text(balance.TotalWithVat),
            Paid = Text(balance.Paid),
            Refunded = Text(balance.Refunded),
            InFlight = Text(balance.InFlight),
            AmountDue = Text(balance.AmountDue),
            Payments =
            {
                balance.Payments.Select(payment => new PaymentFact
                {
                    PaymentId = payment.PaymentId.ToString(),
                    Means = payment.Means,
                    Provider = payment.Provider,
                    Amount = Text(payment.Amount),
                    ReceivedAt = payment.ReceivedAt.ToString("O", CultureInfo.InvariantCulture),
                }),
            },
        };

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
