using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Collections;

/// <summary>What a seller's staff sees of its receivables in the portal; a customer sees nothing here.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class CollectionsRpc(GetAgeing ageing, ListReceivables list) : Rpc.Receivables.ReceivablesBase
{
    /// <summary>Per currency: all that is open, and how much of it is overdue.</summary>
    public override async Task<Rpc.SummaryReply> Summary(Rpc.GetSummary request, ServerCallContext context)
    {
        var now = await ageing.RunAsync(Seller(context), context.CancellationToken);
        var reply = new Rpc.SummaryReply();
        reply.Currencies.Add(
            now.Rows.GroupBy(row => row.Currency)
                .Select(currency =>
                {
                    var overdue = currency.Where(row => row.Bucket != AgeingBucket.All[0].Name).ToArray();
                    return new Rpc.CurrencySummary
                    {
                        Currency = currency.Key.Code,
                        Open = Text(currency.Sum(row => row.AmountDue)),
                        Overdue = Text(Money.Of(overdue.Sum(row => row.AmountDue), currency.Key).Amount),
                        OpenCount = currency.Sum(row => row.Receivables),
                        OverdueCount = overdue.Sum(row => row.Receivables),
                    };
                })
        );
        return reply;
    }

    /// <summary>A page of GET /v1/receivables.</summary>
    public override async Task<Rpc.ReceivablePage> List(Rpc.ListReceivables request, ServerCallContext context)
    {
        var filter = new ReceivableFilter
        {
            Status = request.HasStatus ? request.Status : null,
            Cursor = request.HasCursor ? request.Cursor : null,
            Limit = request.Limit == 0 ? null : request.Limit,
        };
        var page = (await list.RunAsync(Seller(context), filter, context.CancellationToken)).OrRpcFault();
        var reply = new Rpc.ReceivablePage();
        if (page.NextCursor is not null)
        {
            reply.NextCursor = page.NextCursor;
        }

        reply.Receivables.Add(page.Items.Select(Told));
        return reply;
    }

    private static Rpc.Receivable Told(ReceivableBody body)
    {
        var told = new Rpc.Receivable
        {
            InvoiceId = body.InvoiceId.ToString(),
            Number = body.Number,
            Currency = body.Currency.Code,
            TotalWithVat = Text(body.TotalWithVat),
            AmountDue = Text(body.AmountDue),
            Status = JsonNamingPolicy.KebabCaseLower.ConvertName(body.Status.ToString()),
            Bucket = body.Bucket ?? "",
            Reminders = body.Reminders,
        };
        if (body.CustomerId is { } customer)
        {
            told.CustomerId = customer.Value;
        }

        if (body.CustomerName is { } name)
        {
            told.CustomerName = name;
        }

        if (body.DueDate is { } due)
        {
            told.DueDate = due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return told;
    }

    private static SellerId Seller(ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        return caller.Behalf.CustomerEmail is null ? caller.SellerId : throw DoorFaults.NoScope.With().ToRpc();
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
