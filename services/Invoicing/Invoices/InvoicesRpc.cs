using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Invoices for our own services, held to the seller or the customer's address they ask on behalf of.</summary>
[Authorize(ServiceCredentials.Policy)]
internal sealed class InvoicesRpc(GetInvoice get, ListInvoices list, DownloadDocument download) : Rpc.Invoices.InvoicesBase
{
    private const int MostFormats = 8;

    [HeldToStores]
    public override async Task<Rpc.Invoice> Get(Rpc.GetInvoice request, ServerCallContext context)
    {
        var behalf = Behalf(context);
        var invoice = InvoiceId.TryParse(request.InvoiceId, out var id)
            ? await get.GetAsync(id, behalf.SellerId, behalf.CustomerEmail, context.CancellationToken)
            : null;
        return invoice is null || !behalf.MaySee(invoice.StoreId.Value) ? throw InvoicingFaults.NoInvoice.With().ToRpc() : ToRpc(invoice);
    }

    [HeldToStores]
    public override async Task<Rpc.InvoicePage> List(Rpc.ListInvoices request, ServerCallContext context)
    {
        var behalf = Behalf(context);
        var page = (
            await list.ListAsync(
                new InvoiceQuery
                {
                    SellerId = behalf.SellerId,
                    CustomerEmail = behalf.CustomerEmail,
                    Stores = behalf.StoresOrAll,
                    Number = Text(request.HasNumber, request.Number),
                    CustomerId = Text(request.HasCustomerId, request.CustomerId),
                    From = Date("from", request.HasFrom, request.From),
                    To = Date("to", request.HasTo, request.To),
                    Q = Text(request.HasQ, request.Q),
                    Cursor = Text(request.HasCursor, request.Cursor),
                    Limit = request.Limit > 0 ? request.Limit : null,
                },
                context.CancellationToken
            )
        ).OrRpcFault();
        var answer = new Rpc.InvoicePage { Invoices = { page.Invoices.Select(ToRpc) } };
        if (page.NextCursor is { } next)
        {
            answer.NextCursor = next;
        }

        return answer;
    }

    [HeldToStores]
    public override async Task<Rpc.DocumentFile> Document(Rpc.GetDocument request, ServerCallContext context)
    {
        var behalf = Behalf(context);
        if (!InvoiceId.TryParse(request.InvoiceId, out var id))
        {
            throw InvoicingFaults.NoInvoice.With().ToRpc();
        }

        await CheckStoreAsync(id, behalf, context.CancellationToken);
        var document = (
            await download.DownloadAsync(id, request.Format, behalf.SellerId, behalf.CustomerEmail, context.CancellationToken)
        ).OrRpcFault();
        return ToRpc(document);
    }

    [HeldToStores]
    public override async Task<Rpc.DocumentFiles> Documents(Rpc.GetDocuments request, ServerCallContext context)
    {
        var behalf = Behalf(context);
        if (!InvoiceId.TryParse(request.InvoiceId, out var id))
        {
            throw InvoicingFaults.NoInvoice.With().ToRpc();
        }

        if (request.Formats.Count > MostFormats)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"more than {MostFormats} formats"));
        }

        await CheckStoreAsync(id, behalf, context.CancellationToken);
        var documents = (
            await download.DownloadAsync(id, [.. request.Formats], behalf.SellerId, behalf.CustomerEmail, context.CancellationToken)
        ).OrRpcFault();
        return new Rpc.DocumentFiles
        {
            Documents = { documents.Select(each => new Rpc.FormattedDocument { Format = each.Key, File = ToRpc(each.Value) }) },
        };
    }

    private async Task CheckStoreAsync(InvoiceId id, OnBehalfOf behalf, CancellationToken cancellationToken)
    {
        if (
            behalf.Stores.Count > 0
            && (
                await get.GetAsync(id, behalf.SellerId, behalf.CustomerEmail, cancellationToken) is not { } invoice
                || !behalf.MaySee(invoice.StoreId.Value)
            )
        )
        {
            throw InvoicingFaults.NoInvoice.With().ToRpc();
        }
    }

    private static OnBehalfOf Behalf(ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        return behalf.SellerId is null && behalf.CustomerEmail is null
            ? throw new RpcException(new Status(StatusCode.PermissionDenied, "on behalf of neither seller nor customer"))
            : behalf;
    }

    private static Rpc.DocumentFile ToRpc(Document document) =>
        new()
        {
            Content = UnsafeByteOperations.UnsafeWrap(document.Content),
            ContentType = document.ContentType,
            FileName = document.FileName,
        };

    private static Rpc.Invoice ToRpc(InvoiceBody invoice) => new() { Body = UnsafeByteOperations.UnsafeWrap(ReadInvoice.Json(invoice)) };

    private static string? Text(bool isThere, string text) => isThere ? text : null;

    private static DateOnly? Date(string name, bool isThere, string text) =>
        !isThere ? null
        : DateOnly.TryParseExact(
            text,
            "yyyy-MM-dd",
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.None,
            out var date
        )
            ? date
        : throw DoorFaults.BadParameter.With(name, "2026-11-23").ToRpc();
}
