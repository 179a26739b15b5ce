using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>
/// An invoice's PDF for our own services, where Invoicing decides whether that seller or customer may see it; a customer's statement as
/// Collections gives it; and what a seller's mails and pages look like, for its staff.
/// </summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class DocumentsRpc(RenderInvoice render, RenderPreview preview, RenderStatement statement) : Documents.DocumentsBase
{
    /// <inheritdoc />
    [HeldToStores]
    public override async Task<RenderedDocument> Pdf(GetPdf request, ServerCallContext context)
    {
        if (!InvoiceId.TryParse(request.InvoiceId, out var id))
        {
            throw DeliveryFaults.NoInvoice.With(request.InvoiceId).ToRpc();
        }

        var pdf = (await render.RunAsync(id, RpcCaller.Of(context).Behalf, DocumentKind.Pdf, context.CancellationToken)).OrRpcFault();
        return new RenderedDocument
        {
            Content = UnsafeByteOperations.UnsafeWrap(pdf.Content),
            ContentType = pdf.ContentType,
            FileName = pdf.FileName,
        };
    }

    /// <inheritdoc />
    public override async Task<RenderedDocument> Statement(GetStatementPdf request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        // Whose statement it is was decided where it was drawn up: nobody else has one set here.
        if (caller.Service != "collections" || caller.Behalf.CustomerEmail is not null)
        {
            throw DoorFaults.NoScope.With().ToRpc();
        }

        var pdf = (await statement.RunAsync(caller.SellerId, StatementForm.Read(request), context.CancellationToken)).OrRpcFault();
        return new RenderedDocument
        {
            Content = UnsafeByteOperations.UnsafeWrap(pdf.Content),
            ContentType = pdf.ContentType,
            FileName = pdf.FileName,
        };
    }

    /// <inheritdoc />
    public override async Task<RenderedDocument> Preview(GetPreview request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        if (caller.Behalf.CustomerEmail is not null)
        {
            throw DeliveryFaults.NoTemplate.With(request.Template).ToRpc();
        }

        var wanted = new PreviewRequest { InvoiceId = request.HasInvoiceId ? request.InvoiceId : null };
        var html = await preview.RunAsync(caller.SellerId, caller.Behalf, request.Template, wanted, context.CancellationToken);
        return new RenderedDocument
        {
            Content = ByteString.CopyFromUtf8(html.OrRpcFault()),
            ContentType = "text/html; charset=utf-8",
            FileName = $"{request.Template}.html",
        };
    }
}

/// <summary>What our own services want said to someone; the same key again sends nothing more.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class MessagesRpc(SendMessage send, SendNotice sendNotice, WithdrawNotice withdraw) : Messages.MessagesBase
{
    /// <inheritdoc />
    public override async Task<Queued> SendSignInLink(SignInLink request, ServerCallContext context)
    {
        var seller = request.HasSellerId && request.SellerId.Length > 0 ? SellerId.Of(request.SellerId) : (SellerId?)null;
        var expires = DateTimeOffset.MaxValue;
        if (
            request.ExpiresAt.Length > 0
            && !DateTimeOffset.TryParse(request.ExpiresAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out expires)
        )
        {
            throw DeliveryFaults.BadMessage.With("expires_at", request.ExpiresAt).ToRpc();
        }

        if (request.Key.Length == 0)
        {
            throw DeliveryFaults.BadMessage.With("key", "").ToRpc();
        }

        if (!Uri.TryCreate(request.Link, UriKind.Absolute, out var link) || link.Scheme is not ("http" or "https"))
        {
            throw DeliveryFaults.BadMessage.With("link", "no address of http or https").ToRpc();
        }

        var content = new SignInContent
        {
            Link = request.Link,
            Language = request.Language,
            ExpiresAt = request.ExpiresAt.Length > 0 ? expires : null,
        };
        return Answer(await send.RunAsync(seller, null, Purpose.SignIn, request.Key, request.Email, content, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<Queued> SendNotice(Notice request, ServerCallContext context)
    {
        var asked = ReadNotice.Of(request, CollectionsOf(context).Behalf).OrRpcFault();
        return Answer((await sendNotice.RunAsync(asked, context.CancellationToken)).OrRpcFault());
    }

    /// <inheritdoc />
    public override async Task<NoticeFate> WithdrawNotice(NoticeWithdrawal request, ServerCallContext context)
    {
        var caller = CollectionsOf(context);
        if (request.NoticeId.Length == 0 || caller.Behalf.CustomerEmail is not null)
        {
            throw DeliveryFaults.BadMessage.With("notice_id", request.NoticeId).ToRpc();
        }

        var queued = await withdraw.RunAsync(caller.SellerId, request.NoticeId, context.CancellationToken);
        return new NoticeFate { Queued = queued is null ? null : Answer(queued) };
    }

    /// <summary>Who is reminded is decided in Collections; nobody else has anybody reminded.</summary>
    private static RpcCaller CollectionsOf(ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        return caller.Service == "collections" ? caller : throw DoorFaults.NoScope.With().ToRpc();
    }

    private static Queued Answer(QueuedNotice queued)
    {
        var answer = new Queued
        {
            TransmissionId = queued.TransmissionId.ToString(),
            Status = queued.Status,
            QueuedAt = queued.QueuedAt.ToString("O", CultureInfo.InvariantCulture),
        };
        answer.Carried.Add(queued.Carried.Select(each => new CarriedStep { InvoiceId = each.Invoice.ToString(), Step = each.Step }));
        return answer;
    }

    private static Queued Answer(Outcome<QueuedMessage> outcome)
    {
        var queued = outcome.OrRpcFault();
        return new Queued { TransmissionId = queued.TransmissionId.ToString(), Status = queued.Status };
    }
}

/// <summary>What was sent in a seller's name, for our own services on behalf of its staff.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class TransmissionsRpc(RetailInvoicing.Delivery.Transmissions.ListTransmissions list)
    : Contracts.Grpc.Delivery.Transmissions.TransmissionsBase
{
    /// <inheritdoc />
    public override async Task<TransmissionList> List(Contracts.Grpc.Delivery.ListTransmissions request, ServerCallContext context)
    {
        var page = (
            await list.RunAsync(
                RpcCaller.Of(context).SellerId,
                request.HasInvoiceId ? request.InvoiceId : null,
                null,
                null,
                request.Limit is > 0 and <= 200 ? request.Limit : 50,
                context.CancellationToken
            )
        ).OrRpcFault();
        var answer = new TransmissionList();
        answer.Transmissions.AddRange(page.Transmissions.Select(ToRpc));
        return answer;
    }

    private static Contracts.Grpc.Delivery.Transmission ToRpc(Transmissions.Transmission each)
    {
        var told = new Contracts.Grpc.Delivery.Transmission
        {
            TransmissionId = each.TransmissionId.ToString(),
            Purpose = each.Purpose,
            Channel = each.Channel,
            Recipient = each.Recipient,
            Status = each.Status,
            Attempts = each.Attempts,
            CreatedAt = Instant(each.CreatedAt),
        };
        if (each.InvoiceId is { } invoice)
        {
            told.InvoiceId = invoice.ToString();
        }

        if (each.SentAt is { } sent)
        {
            told.SentAt = Instant(sent);
        }

        if (each.LastError is { } error)
        {
            told.LastError = error;
        }

        return told;
    }

    private static string Instant(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
