using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>A page of a list of invoices.</summary>
public sealed record InvoiceList(IReadOnlyList<InvoiceBody> Invoices, string? NextCursor);

/// <summary>What the pages ask of Invoicing.</summary>
public sealed class AskInvoicing(Ask ask, Invoices.InvoicesClient invoices, Sellers.SellersClient sellers, IMemoryCache memory)
{
    private const string Service = "invoicing";
    private const int PageSize = 25;

    /// <summary>A role taken away closes the office within this.</summary>
    private static readonly TimeSpan PersonKept = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SellerKept = TimeSpan.FromSeconds(30);

    /// <summary>One invoice.</summary>
    public async Task<Outcome<InvoiceBody>> InvoiceAsync(InvoiceId invoiceId, OnBehalfOf behalf, CancellationToken cancellationToken)
    {
        var answer = await ask.ForAsync(
            Service,
            behalf,
            options => invoices.GetAsync(new GetInvoice { InvoiceId = invoiceId.ToString() }, options),
            cancellationToken
        );
        return answer.Fault is { } fault ? fault : BodyOf(answer.Value);
    }

    /// <summary>Invoices, the latest first.</summary>
    public async Task<Outcome<InvoiceList>> InvoicesAsync(OnBehalfOf behalf, string? cursor, CancellationToken cancellationToken)
    {
        var question = new ListInvoices { Limit = PageSize };
        if (cursor is not null)
        {
            question.Cursor = cursor;
        }

        var answer = await ask.ForAsync(Service, behalf, options => invoices.ListAsync(question, options), cancellationToken);
        return answer.Fault is { } fault
            ? fault
            : new InvoiceList(answer.Value.Invoices.Select(BodyOf).ToList(), answer.Value.HasNextCursor ? answer.Value.NextCursor : null);
    }

    /// <summary>An invoice in one of its formats.</summary>
    public Task<Outcome<DocumentFile>> DocumentAsync(
        InvoiceId invoiceId,
        string format,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    ) =>
        ask.ForAsync(
            Service,
            behalf,
            options => invoices.DocumentAsync(new GetDocument { InvoiceId = invoiceId.ToString(), Format = format }, options),
            cancellationToken
        );

    /// <summary>Who someone is that signed in, as of some seconds ago.</summary>
    public async Task<Outcome<Person>> PersonAsync(string email, CancellationToken cancellationToken)
    {
        var key = ("person", email);
        if (memory.TryGetValue(key, out Person? known))
        {
            return known!;
        }

        var answer = await LookUpAsync(email, cancellationToken);
        return answer.Fault is null ? Kept(key, answer.Value, PersonKept) : answer;
    }

    /// <summary>Who an address is, now.</summary>
    public Task<Outcome<Person>> LookUpAsync(string email, CancellationToken cancellationToken) =>
        ask.ForAsync(
            Service,
            OnBehalfOf.System,
            options => sellers.LookUpAsync(new LookUpPerson { Email = email }, options),
            cancellationToken
        );

    /// <summary>A seller: its zone, its name, its colour.</summary>
    public async Task<Outcome<SellerRegistered>> SellerAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        var key = ("seller", sellerId.Value);
        if (memory.TryGetValue(key, out SellerRegistered? known))
        {
            return known!;
        }

        var answer = await ask.ForAsync(
            Service,
            OnBehalfOf.Seller(sellerId),
            options => sellers.GetAsync(new GetSeller { SellerId = sellerId.Value }, options),
            cancellationToken
        );
        return answer.Fault is { } fault
            ? fault
            : Kept(key, JsonSerializer.Deserialize<SellerRegistered>(answer.Value.Body.Span, Wire.Tolerant)!, SellerKept);
    }

    /// <summary>The sellers of some invoices, those that could be had; each is asked once.</summary>
    public async Task<IReadOnlyDictionary<SellerId, SellerRegistered>> SellersAsync(
        IEnumerable<SellerId> sellerIds,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(sellerIds.Distinct().Select(sellerId => SellerAsync(sellerId, cancellationToken)));
        return answers.Where(answer => answer.Fault is null).ToDictionary(answer => answer.Value.SellerId, answer => answer.Value);
    }

    private T Kept<T>(object key, T value, TimeSpan life)
        where T : class
    {
        using var entry = memory.CreateEntry(key);
        entry.Value = value;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = life;
        return value;
    }

    private static InvoiceBody BodyOf(Invoice invoice) =>
        JsonSerializer.Deserialize<InvoiceBody>(invoice.Body.Span, Wire.Tolerant)
        ?? throw new InvalidDataException("Invoicing answered null for an invoice");
}
