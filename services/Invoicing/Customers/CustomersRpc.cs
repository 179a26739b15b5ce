using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What the portal asks for a customer, who is known by the address it proved and sees what was sent there.</summary>
[Authorize(ServiceCredentials.Policy)]
internal sealed class CustomersRpc(
    FindMyInvoices find,
    CountSpending spending,
    GetInvoice get,
    FindTickets tickets,
    ExchangeHeldTickets exchange,
    CorrectBuyer correct,
    RemoveContact remove
) : Rpc.Customers.CustomersBase
{
    private const int MostTickets = 50;
    private const int MostKept = 1000;

    public override async Task<Rpc.InvoicePage> Find(Rpc.FindMine request, ServerCallContext context)
    {
        var query = new MineQuery
        {
            Email = Email(context),
            SellerId =
                !request.HasSellerId ? null
                : SellerId.TryParse(request.SellerId, out var seller) ? seller
                : throw DoorFaults.BadParameter.With("seller_id", request.SellerId).ToRpc(),
            Q = request.HasQ ? request.Q : null,
            From = request.HasFrom ? Day("from", request.From) : null,
            To = request.HasTo ? Day("to", request.To) : null,
            UnpaidAtIssue = request.UnpaidAtIssue,
            Cursor = request.HasCursor ? request.Cursor : null,
            Limit = request.Limit > 0 ? request.Limit : 25,
        };
        var page = (await find.FindAsync(query, context.CancellationToken)).OrRpcFault();
        var answer = new Rpc.InvoicePage { Invoices = { page.Invoices.Select(Told) } };
        if (page.NextCursor is { } next)
        {
            answer.NextCursor = next;
        }

        return answer;
    }

    public override async Task<Rpc.SpendingReply> Spending(Rpc.GetSpending request, ServerCallContext context)
    {
        var months = await spending.CountAsync(Email(context), Day("from", request.From), Day("to", request.To), context.CancellationToken);
        return new Rpc.SpendingReply
        {
            Months =
            {
                months.Select(each => new Rpc.MonthOfSpending
                {
                    Month = each.Month,
                    Currency = each.Currency,
                    SellerId = each.SellerId,
                    Total = each.Total.ToString(CultureInfo.InvariantCulture),
                    Invoices = each.Invoices,
                }),
            },
        };
    }

    public override async Task<Rpc.ExplanationReply> Explain(Rpc.ExplainInvoice request, ServerCallContext context)
    {
        var invoice = InvoiceId.TryParse(request.InvoiceId, out var id)
            ? await get.GetAsync(id, null, Email(context), context.CancellationToken)
            : null;
        return invoice is null
            ? throw InvoicingFaults.NoInvoice.With().ToRpc()
            : new Rpc.ExplanationReply
            {
                Body = UnsafeByteOperations.UnsafeWrap(
                    JsonSerializer.SerializeToUtf8Bytes(Explanation.Of(invoice, request.Language), Wire.Tolerant)
                ),
            };
    }

    public override async Task<Rpc.TicketsReply> Tickets(Rpc.HeldTickets request, ServerCallContext context)
    {
        var found = (await tickets.FindAsync(Email(context), Held(request.Tickets), context.CancellationToken)).OrRpcFault();
        return new Rpc.TicketsReply { Tickets = { found.Select((each, i) => Seen(each, i, request.Language)) } };
    }

    public override async Task<Rpc.CustomerAct> Claim(Rpc.ClaimRequest request, ServerCallContext context) =>
        Told(
            await exchange.ExchangeAsync(
                Email(context),
                Held(request.Tickets),
                Buyer(request.Buyer, request.Language),
                request.Key,
                context.CancellationToken
            ),
            request.Language
        );

    public override async Task<Rpc.CustomerAct> CorrectBuyer(Rpc.BuyerCorrection request, ServerCallContext context) =>
        InvoiceId.TryParse(request.InvoiceId, out var id)
            ? Told(
                await correct.CorrectAsync(
                    Email(context),
                    id,
                    Buyer(request.Buyer, request.Language),
                    request.Key,
                    context.CancellationToken
                ),
                request.Language
            )
            : throw InvoicingFaults.NoInvoice.With().ToRpc();

    public override async Task<Rpc.Forgotten> Forget(Rpc.ForgetRequest request, ServerCallContext context)
    {
        if (request.ButInvoiceIds.Count > MostKept)
        {
            throw DoorFaults.BadParameter.With("but_invoice_ids", $"≤ {MostKept}").ToRpc();
        }

        InvoiceId[] but =
        [
            .. request.ButInvoiceIds.Where(each => InvoiceId.TryParse(each, out _)).Select(each => InvoiceId.Of(Guid.Parse(each))),
        ];
        var done = await remove.RemoveAsync(Email(context), but, context.CancellationToken);
        return new Rpc.Forgotten { Forgotten_ = done.Forgotten, Kept = done.Kept };
    }

    /// <summary>Only a customer asks here: neither staff nor a seller.</summary>
    private static string Email(ServerCallContext context) =>
        RpcCaller.Of(context).Behalf is { CustomerEmail: { Length: > 0 } email, StaffEmail: null }
            ? email
            : throw DoorFaults.NoScope.With().ToRpc();

    private static Rpc.SeenTicket Seen(InvoiceBody? ticket, int index, string language)
    {
        if (ticket is null)
        {
            return new Rpc.SeenTicket { Refusal = Told(CustomerFaults.NoTicket.At($"tickets[{index}]"), language) };
        }

        var seen = new Rpc.SeenTicket { Invoice = Told(ticket) };
        if (ExchangeDraft.Refusal(ticket, []) is { } refusal)
        {
            seen.Refusal = Told(refusal, language);
        }

        return seen;
    }

    private static IReadOnlyList<HeldTicket> Held(IReadOnlyCollection<Rpc.HeldTicket> tickets) =>
        tickets.Count > MostTickets
            ? throw DoorFaults.BadParameter.With("tickets", $"≤ {MostTickets}").ToRpc()
            :
            [
                .. tickets.Select(each => new HeldTicket
                {
                    InvoiceId = each.HasInvoiceId && InvoiceId.TryParse(each.InvoiceId, out var id) ? id : null,
                    SellerTaxId = each.HasSellerTaxId ? Short(each.SellerTaxId) : null,
                    Number = each.HasNumber ? Short(each.Number) : null,
                    Date =
                        each.HasDate
                        && DateOnly.TryParseExact(each.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                            ? day
                            : null,
                    Total =
                        each.HasTotal
                        && each.Total.Length <= 20
                        && decimal.TryParse(
                            each.Total,
                            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                            CultureInfo.InvariantCulture,
                            out var total
                        )
                            ? total
                            : null,
                }),
            ];

    private static string? Short(string text) => text.Length <= 100 && !text.Contains('\0') ? text.Trim() : null;

    private static SaleBuyer Buyer(Rpc.Buyer? buyer, string language) =>
        buyer is null
            ? new SaleBuyer()
            : new SaleBuyer
            {
                Name = buyer.HasName ? buyer.Name : null,
                TaxId = buyer.HasTaxId ? buyer.TaxId : null,
                TaxIdCountry = buyer.HasTaxIdCountry ? buyer.TaxIdCountry : null,
                Business = buyer.Business,
                Address = buyer.Address is { } address
                    ? new Address
                    {
                        Line1 = address.HasLine1 ? address.Line1 : null,
                        Line2 = address.HasLine2 ? address.Line2 : null,
                        PostalCode = address.HasPostalCode ? address.PostalCode : null,
                        City = address.HasCity ? address.City : null,
                        Region = address.HasRegion ? address.Region : null,
                        Country = address.HasCountry ? address.Country : "ES",
                    }
                    : null,
                Language = buyer.HasLanguage ? buyer.Language : language,
            };

    private static Rpc.CustomerAct Told(Outcome<PostedAct> outcome, string language)
    {
        if (!outcome.Refused(out var fault))
        {
            return new Rpc.CustomerAct { Invoice = Told(outcome.Value.Invoice) };
        }

        // Of an invoice that is not this customer's, or after too many tries, nothing is told.
        if (fault.Code.Kind is FaultKind.NotFound or FaultKind.TooMany or FaultKind.Unavailable && fault.Code != CustomerFaults.NoTicket)
        {
            throw fault.ToRpc();
        }

        return new Rpc.CustomerAct { Refusals = { (fault.Parts.Count > 0 ? fault.Parts : [fault]).Select(each => Told(each, language)) } };
    }

    private static Rpc.Refusal Told(Fault fault, string language)
    {
        var told = new Rpc.Refusal { Code = fault.Code.Code, Text = fault.In(language) };
        if (fault.Path is { } path)
        {
            told.Path = path;
        }

        return told;
    }

    private static Rpc.Invoice Told(InvoiceBody invoice) => new() { Body = UnsafeByteOperations.UnsafeWrap(ReadInvoice.Json(invoice)) };

    private static DateOnly Day(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw DoorFaults.BadParameter.With(name, "2026-11-23").ToRpc();
}
