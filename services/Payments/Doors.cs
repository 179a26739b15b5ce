using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>HTTP's side of the slices: what is posted read, what comes of it answered.</summary>
internal static class Doors
{
    private const string StoreOf = "select store_id from invoice where seller_id = @seller and invoice_id = @invoice";

    /// <summary>The door is about one invoice: to staff of other stores there is none.</summary>
    internal static TBuilder OfOwnStore<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.HeldByInvoice(StoreOf, PaymentsFaults.NoInvoice);

    internal static async Task<IResult> RecordPayment(
        Caller caller,
        Body<RecordPayment.Request> body,
        RecordPayment slice,
        HttpContext http,
        CancellationToken token
    )
    {
        if (body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        var asked = body.Content.Value;
        return
            caller.Stores.Count > 0
            && !caller.MaySee(await StoresAtDoors.StoreOfAsync(http, StoreOf, caller.SellerId, asked.InvoiceId, token))
            ? PaymentsFaults.NoInvoice.With(asked.InvoiceId).ToResult()
            : (await slice.HandleAsync(caller, asked, token)).ToResult(recorded => Made(recorded.Payment, recorded.Now));
    }

    internal static async Task<IResult> RefundPayment(
        Caller caller,
        string paymentId,
        Body<RefundPayment.Request> body,
        RefundPayment slice,
        CancellationToken token
    )
    {
        if (body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        return TryPayment(paymentId, out var payment)
            ? (await slice.HandleAsync(caller, payment, body.Content.Value, token)).ToResult(refunded =>
                Made(refunded.Refund, refunded.Now)
            )
            : PaymentsFaults.NoPayment.With(paymentId).ToResult();
    }

    internal static async Task<IResult> GetBalance(Caller caller, string invoiceId, GetBalance slice, CancellationToken token) =>
        InvoiceId.TryParse(invoiceId, out var invoice)
            ? (await slice.HandleAsync(caller, invoice, token)).ToResult(balance => Results.Ok(balance))
            : PaymentsFaults.NoInvoice.With(invoiceId).ToResult();

    internal static async Task<IResult> MakePaymentLink(Caller caller, string invoiceId, MakePaymentLink slice, CancellationToken token) =>
        InvoiceId.TryParse(invoiceId, out var invoice)
            ? (await slice.HandleAsync(caller, invoice, token)).ToResult(link => Made(link, now: true))
            : PaymentsFaults.NoInvoice.With(invoiceId).ToResult();

    internal static async Task<IResult> ListUnallocated(
        Caller caller,
        string? cursor,
        int? limit,
        ListUnallocated slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller, cursor, limit, token)).ToResult(page => Results.Ok(page));

    internal static async Task<IResult> AllocateUnallocated(
        Caller caller,
        string id,
        Body<AllocateUnallocated.Request> body,
        AllocateUnallocated slice,
        CancellationToken token
    )
    {
        if (body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        return TryPayment(id, out var payment)
            ? (await slice.HandleAsync(caller, payment, body.Content.Value, token)).ToResult(answer => Made(answer, now: true))
            : PaymentsFaults.NoUnallocated.With(id).ToResult();
    }

    internal static async Task<IResult> ReadLedger(
        Caller caller,
        string? account,
        string? from,
        string? to,
        string? cursor,
        int? limit,
        ReadLedger slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller, account, from, to, cursor, limit, token)).ToResult(page => Results.Ok(page));

    internal static async Task<IResult> TrialBalance(Caller caller, ReadTrialBalance slice, CancellationToken token) =>
        Results.Ok(await slice.HandleAsync(caller, token));

    private static IResult Made<T>(T answer, bool now) => now ? Results.Created((string?)null, answer) : Results.Ok(answer);

    private static bool TryPayment(string text, out PaymentId payment)
    {
        var sound = Guid.TryParseExact(text, "D", out var id);
        payment = new(id);
        return sound;
    }
}
