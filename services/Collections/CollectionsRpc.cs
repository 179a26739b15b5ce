using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Collections;

/// <summary>
/// What a seller's staff sees of its receivables in the portal and does about them; a customer sees its own statement, promises, and
/// disputes, and nothing else.
/// </summary>
[Authorize(ServiceCredentials.Policy)]
public sealed partial class CollectionsRpc(
    GetAgeing ageing,
    ListReceivables list,
    GetStatement getStatement,
    RenderStatement renderStatement,
    CollectionsRpc.Slices slices
) : Rpc.Receivables.ReceivablesBase
{
    /// <summary>Per currency: all that is open, and how much of it is overdue.</summary>
    [HeldToStores]
    public override async Task<Rpc.SummaryReply> Summary(Rpc.GetSummary request, ServerCallContext context)
    {
        var now = await ageing.RunAsync(Seller(context), RpcCaller.Of(context).Behalf.StoresOrAll, context.CancellationToken);
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
    [HeldToStores]
    public override async Task<Rpc.ReceivablePage> List(Rpc.ListReceivables request, ServerCallContext context)
    {
        var filter = new ReceivableFilter
        {
            Status = request.HasStatus ? request.Status : null,
            Cursor = request.HasCursor ? request.Cursor : null,
            Limit = request.Limit == 0 ? null : request.Limit,
            Stores = RpcCaller.Of(context).Behalf.StoresOrAll,
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

    /// <summary>A customer's statement of account.</summary>
    public override async Task<Rpc.StatementReply> Statement(Rpc.GetStatement request, ServerCallContext context)
    {
        var statement = await StatementAsync(request, context);
        var reply = new Rpc.StatementReply
        {
            CustomerKey = statement.CustomerKey,
            Language = statement.Language,
            From = Text(statement.From),
            To = Text(statement.To),
            MadeAt = Text(statement.MadeAt),
        };
        if (statement.CustomerName is { } name)
        {
            reply.CustomerName = name;
        }

        reply.Accounts.Add(statement.Accounts.Select(Told));
        return reply;
    }

    /// <summary>A customer's statement of account as PDF.</summary>
    public override async Task<Rpc.StatementDocument> StatementPdf(Rpc.GetStatement request, ServerCallContext context)
    {
        var statement = await StatementAsync(request, context);
        var seller = RpcCaller.Of(context).SellerId;
        var pdf = (await renderStatement.RunAsync(seller, statement, context.CancellationToken)).OrRpcFault();
        return new Rpc.StatementDocument
        {
            Content = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(pdf.Content),
            ContentType = pdf.ContentType,
            FileName = pdf.FileName,
        };
    }

    private async Task<Statement> StatementAsync(Rpc.GetStatement request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        // A customer is known by the address it proved, whatever else it says.
        var whose = caller.Behalf.CustomerEmail is { } email
            ? new StatementOf { SellerId = caller.SellerId, Email = email }
            : new StatementOf { SellerId = caller.SellerId, CustomerKey = request.CustomerKey };
        var statement = await getStatement.RunAsync(
            whose,
            request.HasFrom ? request.From : null,
            request.HasTo ? request.To : null,
            context.CancellationToken
        );
        return statement.OrRpcFault();
    }

    private static Rpc.StatementAccount Told(StatementAccount account)
    {
        var told = new Rpc.StatementAccount
        {
            Currency = account.Currency.Code,
            Opening = Text(account.Opening),
            Closing = Text(account.Closing),
            ClaimsDue = Text(account.ClaimsDue),
        };
        told.Entries.Add(
            account.Entries.Select(entry =>
            {
                var line = new Rpc.StatementEntry
                {
                    Date = Text(entry.Date),
                    Kind = entry.Kind,
                    InvoiceId = entry.InvoiceId.ToString(),
                    Number = entry.Number,
                    Amount = Text(entry.Amount),
                    Balance = Text(entry.Balance),
                };
                if (entry.DueDate is { } due)
                {
                    line.DueDate = Text(due);
                }

                return line;
            })
        );
        told.Claims.Add(
            account.Claims.Select(claim => new Rpc.StatementClaim
            {
                Date = Text(claim.Date),
                Kind = claim.Kind,
                InvoiceId = claim.InvoiceId.ToString(),
                Number = claim.Number,
                Amount = Text(claim.Amount),
                State = claim.State,
            })
        );
        return told;
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
            told.DueDate = Text(due);
        }

        return told;
    }

    private static SellerId Seller(ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        return caller.Behalf.CustomerEmail is null ? caller.SellerId : throw DoorFaults.NoScope.With().ToRpc();
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
