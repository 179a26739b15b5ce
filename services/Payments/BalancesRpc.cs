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
public sealed class BalancesRpc(GetBalance getBalance, WriteOffDebt writeOff) : Balances.BalancesBase
{
    /// <inheritdoc />
    [HeldToStores]
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
        var balances = await getBalance.HandleAsync(
            [.. invoices],
            behalf.SellerId,
            behalf.CustomerEmail,
            context.CancellationToken,
            behalf.StoresOrAll
        );
        return new BalanceList { Balances = { balances.Select(Tell) } };
    }

    /// <inheritdoc />
    public override async Task<WriteOffReply> WriteOff(WriteOffRequest request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        // Who may give up on a debt was decided in Collections; nobody else asks for it.
        if (caller is not { Service: "collections", Behalf: { SellerId: { } seller, CustomerEmail: null } })
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        if (!InvoiceId.TryParse(request.InvoiceId, out var invoice))
        {
            throw PaymentsFaults.Unreadable.With("invoice_id").ToRpc();
        }

        if (!PaymentId.TryParse(request.WriteOffId, out var id))
        {
            throw PaymentsFaults.Unreadable.With("write_off_id").ToRpc();
        }

        if (!decimal.TryParse(request.Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            throw PaymentsFaults.Unreadable.With("amount").ToRpc();
        }

        var done = (await writeOff.HandleAsync(seller, new(invoice, id, amount), context.CancellationToken)).OrRpcFault();
        return new WriteOffReply
        {
            Currency = done.Currency.Code,
            Booked = Text(done.Booked),
            AmountDue = Text(done.AmountDue),
        };
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
