using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>What a seller's questions about invoices are answered over HTTP.</summary>
internal static class InvoiceDoors
{
    /// <summary>The store of an invoice.</summary>
    internal const string StoreOf = "select store_id from invoice where seller_id = @seller and invoice_id = @invoice";

    /// <summary>The door is about one invoice: to staff of other stores there is none.</summary>
    public static TBuilder OfOwnStore<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.HeldByInvoice(StoreOf, InvoicingFaults.NoInvoice);

    /// <summary>The invoice; 404 where this seller has none of that id.</summary>
    public static async Task<IResult> Get(string invoiceId, Caller caller, GetInvoice get, CancellationToken cancellationToken) =>
        InvoiceId.TryParse(invoiceId, out var id) && await get.GetAsync(id, caller.SellerId, null, cancellationToken) is { } invoice
            ? ReadInvoice.ToResult(invoice)
            : InvoicingFaults.NoInvoice.With().ToResult();

    /// <summary>How every amount of the invoice came about, in the language that the header Accept-Language asks for.</summary>
    public static async Task<IResult> Explain(
        string invoiceId,
        HttpRequest request,
        Caller caller,
        GetInvoice get,
        CancellationToken cancellationToken
    ) =>
        InvoiceId.TryParse(invoiceId, out var id) && await get.GetAsync(id, caller.SellerId, null, cancellationToken) is { } invoice
            ? Results.Json(Explanation.Of(invoice, request.Headers.AcceptLanguage.ToString()), Wire.Tolerant)
            : InvoicingFaults.NoInvoice.With().ToResult();

    /// <summary>201 with the corrective invoice; 200 with the same one where the same Idempotency-Key comes again.</summary>
    public static Task<IResult> Correct(
        string invoiceId,
        Body<CorrectionRequest> body,
        HttpRequest request,
        Caller caller,
        CorrectInvoice correct,
        CancellationToken cancellationToken
    ) =>
        AnsweredAsync(
            body,
            invoiceId,
            async (id, asked) => Act(await correct.CorrectAsync(caller.SellerId, id, asked, KeyOf(request), cancellationToken))
        );

    /// <summary>201 with the full invoice for the tickets; 200 with the same one where the same Idempotency-Key comes again.</summary>
    public static async Task<IResult> Exchange(
        Body<ExchangeRequest> body,
        HttpRequest request,
        Caller caller,
        ExchangeTickets exchange,
        CancellationToken cancellationToken
    )
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        if (
            caller.Stores.Count > 0
            && body.Content.Value.FormerTickets.Any(ticket => ticket is not null && !caller.MaySee(ticket.StoreId.Value))
        )
        {
            return DoorFaults.NotByStore.At("formerTickets").ToResult();
        }

        // To whoever is held to stores there are no tickets of others.
        foreach (var ticket in caller.Stores.Count == 0 ? [] : body.Content.Value.TicketInvoiceIds)
        {
            if (!caller.MaySee(await StoresAtDoors.StoreOfAsync(request.HttpContext, StoreOf, caller.SellerId, ticket, cancellationToken)))
            {
                return InvoicingFaults.NoInvoice.With().ToResult();
            }
        }

        return Act(await exchange.ExchangeAsync(caller.SellerId, body.Content.Value, KeyOf(request), cancellationToken));
    }

    /// <summary>201 with the invoice as it stands, cancelled.</summary>
    public static Task<IResult> Cancel(
        string invoiceId,
        Body<CancellationRequest> body,
        Caller caller,
        CancelInvoice cancel,
        CancellationToken cancellationToken
    ) =>
        AnsweredAsync(
            body,
            invoiceId,
            async (id, asked) => Created(await cancel.CancelAsync(caller.SellerId, id, asked, cancellationToken))
        );

    /// <summary>201 with the invoice, its record on the way to the tax agency again.</summary>
    public static Task<IResult> Resubmit(
        string invoiceId,
        Body<ResubmissionRequest> body,
        Caller caller,
        AmendRecord amend,
        CancellationToken cancellationToken
    ) =>
        AnsweredAsync(body, invoiceId, async (id, asked) => Created(await amend.AmendAsync(caller.SellerId, id, asked, cancellationToken)));

    private static async Task<IResult> AnsweredAsync<T>(Body<T> body, string invoiceId, Func<InvoiceId, T, Task<IResult>> act)
        where T : class =>
        body.Content.Refused(out var fault) ? fault.ToResult()
        : !InvoiceId.TryParse(invoiceId, out var id) ? InvoicingFaults.NoInvoice.With().ToResult()
        : await act(id, body.Content.Value);

    private static string? KeyOf(HttpRequest request) =>
        request.Headers.TryGetValue("Idempotency-Key", out var key) ? key.ToString() : null;

    private static IResult Act(Outcome<PostedAct> outcome) =>
        outcome.ToResult(answer =>
            ReadInvoice.ToResult(answer.Invoice, answer.Repeated ? StatusCodes.Status200OK : StatusCodes.Status201Created)
        );

    private static IResult Created(Outcome<InvoiceBody> outcome) =>
        outcome.ToResult(invoice => ReadInvoice.ToResult(invoice, StatusCodes.Status201Created));

    /// <summary>A page of the seller's invoices.</summary>
    public static async Task<IResult> List(
        Caller caller,
        ListInvoices list,
        string? number,
        string? series,
        string? saleId,
        string? customerId,
        string? storeId,
        string? kind,
        string? status,
        string? from,
        string? to,
        string? q,
        string? cursor,
        string? limit,
        CancellationToken cancellationToken
    )
    {
        if (!TryDate(from, out var first))
        {
            return DoorFaults.BadParameter.With("from", "2026-11-23").ToResult();
        }

        if (!TryDate(to, out var last))
        {
            return DoorFaults.BadParameter.With("to", "2026-11-23").ToResult();
        }

        var most = 0;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > 200))
        {
            return DoorFaults.BadParameter.With("limit", "1–200").ToResult();
        }

        if (kind is not (null or "full" or "simplified" or "corrective" or "exchange"))
        {
            return DoorFaults.BadParameter.With("kind", "full|simplified|corrective|exchange").ToResult();
        }

        if (status is not (null or "issued" or "cancelled"))
        {
            return DoorFaults.BadParameter.With("status", "issued|cancelled").ToResult();
        }

        var page = await list.ListAsync(
            new InvoiceQuery
            {
                SellerId = caller.SellerId,
                Stores = caller.StoresOrAll,
                Number = number,
                Series = series,
                SaleId = saleId,
                CustomerId = customerId,
                StoreId = storeId,
                Kind = kind,
                IsCancelled = status is null ? null : status == "cancelled",
                From = first,
                To = last,
                Q = q,
                Cursor = cursor,
                Limit = limit is null ? null : most,
            },
            cancellationToken
        );
        return page.ToResult(answer => Results.Json(answer, Wire.Tolerant));
    }

    /// <summary>The invoice as a document, by format or by the Accept header.</summary>
    public static async Task<IResult> Document(
        string invoiceId,
        string? format,
        HttpRequest request,
        Caller caller,
        DownloadDocument download,
        CancellationToken cancellationToken
    )
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return InvoicingFaults.NoInvoice.With().ToResult();
        }

        var accepted = request.Headers.Accept.ToString();
        var wanted = format ?? (accepted.Contains("json", StringComparison.OrdinalIgnoreCase) ? "json" : "ubl");
        var document = await download.DownloadAsync(id, wanted, caller.SellerId, null, cancellationToken);
        return document.ToResult(answer => Results.File(answer.Content, answer.ContentType, answer.FileName));
    }

    internal static bool TryDate(string? text, out DateOnly? date)
    {
        date = null;
        if (text is null)
        {
            return true;
        }

        var sound = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        date = day;
        return sound;
    }
}
