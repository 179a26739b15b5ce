using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What a customer asks of Invoicing for itself: Invoicing knows it by the address that was proved.</summary>
public sealed class AskCustomers(Ask ask, Customers.CustomersClient customers)
{
    private const string Service = "invoicing";
    private const string TooManyTries = "INV-CUSTOMER-02";

    /// <summary>Invoices that a filter finds, the latest first.</summary>
    public async Task<Outcome<InvoiceList>> FindAsync(
        ListFilter filter,
        bool unpaid,
        int limit,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    )
    {
        var question = new FindMine { Limit = limit, UnpaidAtIssue = unpaid };
        if (filter.Q is { } q)
        {
            question.Q = q;
        }

        if (filter.Seller is { } seller)
        {
            question.SellerId = seller.Value;
        }

        if (filter.From is { } from)
        {
            question.From = Text(from);
        }

        if (filter.To is { } to)
        {
            question.To = Text(to);
        }

        if (filter.Cursor is { } cursor)
        {
            question.Cursor = cursor;
        }

        var answer = await ask.ForAsync(Service, customer, options => customers.FindAsync(question, options), cancellationToken);
        return answer.Fault is { } fault
            ? fault
            : new InvoiceList(answer.Value.Invoices.Select(BodyOf).ToList(), answer.Value.HasNextCursor ? answer.Value.NextCursor : null);
    }

    /// <summary>What was spent, month by month.</summary>
    public Task<Outcome<SpendingReply>> SpendingAsync(
        DateOnly from,
        DateOnly to,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    ) =>
        ask.ForAsync(
            Service,
            customer,
            options => customers.SpendingAsync(new GetSpending { From = Text(from), To = Text(to) }, options),
            cancellationToken
        );

    /// <summary>How every cent of an invoice came about.</summary>
    public async Task<Outcome<JsonNode>> ExplainAsync(
        InvoiceId invoice,
        string language,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    )
    {
        var question = new ExplainInvoice { InvoiceId = invoice.ToString(), Language = language };
        var answer = await ask.ForAsync(Service, customer, options => customers.ExplainAsync(question, options), cancellationToken);
        return answer.Fault is { } fault ? fault : JsonNode.Parse(answer.Value.Body.Span)!;
    }

    /// <summary>Which of the tickets that somebody holds are there.</summary>
    public async Task<Outcome<TicketsReply>> TicketsAsync(
        IEnumerable<HeldTicket> held,
        string language,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    )
    {
        var question = new HeldTickets { Language = language };
        question.Tickets.Add(held);
        return await TriedAsync(customer, options => customers.TicketsAsync(question, options), cancellationToken);
    }

    /// <summary>Has one full invoice issued for tickets; the same key again gives the same one.</summary>
    public Task<Outcome<CustomerAct>> ClaimAsync(ClaimRequest claim, OnBehalfOf customer, CancellationToken cancellationToken) =>
        TriedAsync(customer, options => customers.ClaimAsync(claim, options), cancellationToken);

    /// <summary>Has the customer's own data put right on an invoice; the same key again gives the same corrective invoice.</summary>
    public Task<Outcome<CustomerAct>> CorrectBuyerAsync(
        BuyerCorrection correction,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    ) => ask.ForAsync(Service, customer, options => customers.CorrectBuyerAsync(correction, options), cancellationToken);

    /// <summary>Has the customer forgotten on all invoices but those.</summary>
    public Task<Outcome<Forgotten>> ForgetAsync(IEnumerable<InvoiceId> but, OnBehalfOf customer, CancellationToken cancellationToken)
    {
        var wish = new ForgetRequest();
        wish.ButInvoiceIds.Add(but.Select(each => each.ToString()));
        return ask.ForAsync(Service, customer, options => customers.ForgetAsync(wish, options), cancellationToken);
    }

    /// <summary>The invoice that an answer carries.</summary>
    public static InvoiceBody BodyOf(Invoice invoice) =>
        JsonSerializer.Deserialize<InvoiceBody>(invoice.Body.Span, Wire.Tolerant)
        ?? throw new InvalidDataException("Invoicing answered null for an invoice");

    /// <summary>Tickets that are not found are counted there: after too many, that is what the page says.</summary>
    private async Task<Outcome<T>> TriedAsync<T>(
        OnBehalfOf customer,
        Func<CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var tooMany = false;
        var answer = await ask.ForAsync(
            Service,
            customer,
            options => AskPayments.Heard(call(options), code => tooMany = code == TooManyTries),
            cancellationToken
        );
        return tooMany ? ClaimFaults.TooManyTries.With() : answer;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
