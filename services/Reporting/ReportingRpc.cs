using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Reporting;

namespace RetailInvoicing.Reporting;

/// <summary>What a seller's staff sees of its reports in the portal; a customer sees nothing here.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class ReportingRpc(ReportDoor door, QuerySales sales) : Rpc.Reports.ReportsBase
{
    /// <summary>The same as GET /v1/reports/sales.</summary>
    [HeldToStores]
    public override async Task<Rpc.SalesReport> Sales(Rpc.GetSalesReport request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        if (caller.Behalf.CustomerEmail is not null)
        {
            throw DoorFaults.NoScope.With().ToRpc();
        }

        var question = new ReportQuestion { From = request.From, To = request.To };
        var (report, asked, lag) = (
            await door.MakeAsync(
                caller.SellerId,
                question,
                (asked, token) => sales.MakeAsync(asked with { Stores = caller.Behalf.StoresOrAll }, request.GroupBy, null, token),
                context.CancellationToken
            )
        ).OrRpcFault();
        var reply = new Rpc.SalesReport { AsOf = asked.AsOf.ToString("O", CultureInfo.InvariantCulture), LagMs = lag };
        await foreach (var row in report.Rows.WithCancellation(context.CancellationToken))
        {
            reply.Rows.Add(
                new Rpc.SalesRow
                {
                    Key = row.Key,
                    Currency = row.Currency.Code,
                    Invoices = row.Invoices,
                    TotalWithoutVat = Text(row.TotalWithoutVat),
                    VatTotal = Text(row.VatTotal),
                    TotalWithVat = Text(row.TotalWithVat),
                    Returns = Text(row.Returns),
                }
            );
        }

        return reply;
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
