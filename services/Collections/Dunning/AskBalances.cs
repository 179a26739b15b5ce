using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Payments is asked, at the moment of sending, what is due of a seller's invoices and what is on its way.</summary>
public sealed partial class AskBalances(Balances.BalancesClient balances, ServiceCredentials credentials, ILogger<AskBalances> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All that the drafts are of; where Payments is away, all of them wait.</summary>
    public async Task<PaymentsAnswer> RunAsync(
        SellerId seller,
        IReadOnlyCollection<(PlannedNotice Notice, NoticeDraft Draft)> drafts,
        CancellationToken cancellationToken
    )
    {
        var ask = new GetBalances();
        ask.InvoiceIds.Add(drafts.SelectMany(each => each.Draft.Lines).Select(line => line.Item.InvoiceId.ToString()).Distinct());
        if (ask.InvoiceIds.Count == 0)
        {
            return new PaymentsAnswer([], null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var reply = await balances.GetAsync(
                ask,
                credentials.For("payments", OnBehalfOf.Seller(seller)),
                cancellationToken: patience.Token
            );
            return new PaymentsAnswer(reply.Balances.ToDictionary(balance => balance.InvoiceId), null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new PaymentsAnswer([], Later(exception, drafts.Max(each => each.Notice.Attempts)));
        }
    }

    private Wait Later(RpcException exception, int attempts)
    {
        LogWaiting(exception.Status.ToString());
        return Reminder.After("Payments", exception.StatusCode.ToString(), Resilience.IsPassing(exception), attempts);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminders wait for Payments: {Reason}")]
    private partial void LogWaiting(string reason);
}
