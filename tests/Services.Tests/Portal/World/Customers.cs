using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>Invoicing, as far as a customer asks it for itself: held to the address that was proved, like the real one.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedCustomers(Surroundings world) : Customers.CustomersBase
{
    public override Task<InvoicePage> Find(FindMine request, ServerCallContext context)
    {
        if (request.HasCursor && !InvoiceId.TryParse(request.Cursor, out _))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "no cursor of ours"));
        }

        var found = Mine(context)
            .Where(invoice => !request.HasSellerId || invoice.SellerId.Value == request.SellerId)
            .Where(invoice => !request.HasFrom || string.CompareOrdinal(Iso(invoice.IssueDate), request.From) >= 0)
            .Where(invoice => !request.HasTo || string.CompareOrdinal(Iso(invoice.IssueDate), request.To) <= 0)
            .Where(invoice => !request.UnpaidAtIssue || invoice.Totals.AmountDue > 0m)
            .Where(invoice =>
                !request.HasQ
                || JsonSerializer
                    .Serialize(invoice.Lines.Select(line => line.Name))
                    .Contains(JsonEncodedText.Encode(request.Q).ToString(), StringComparison.OrdinalIgnoreCase)
            )
            .OrderByDescending(invoice => invoice.IssuedAt)
            .SkipWhile(invoice => request.HasCursor && invoice.InvoiceId.ToString() != request.Cursor)
            .Skip(request.HasCursor ? 1 : 0)
            .ToList();
        var page = new InvoicePage { Invoices = { found.Take(request.Limit).Select(Tell) } };
        if (found.Count > request.Limit)
        {
            page.NextCursor = found[request.Limit - 1].InvoiceId.ToString();
        }

        return Task.FromResult(page);
    }

    public override Task<SpendingReply> Spending(GetSpending request, ServerCallContext context)
    {
        var reply = new SpendingReply();
        reply.Months.AddRange(
            Mine(context)
                .Where(invoice =>
                    string.CompareOrdinal(Iso(invoice.OperationDate), request.From) >= 0
                    && string.CompareOrdinal(Iso(invoice.OperationDate), request.To) <= 0
                )
                .GroupBy(invoice => (Month: Iso(invoice.OperationDate)[..7], invoice.SellerId))
                .Select(group => new MonthOfSpending
                {
                    Month = group.Key.Month,
                    Currency = "EUR",
                    SellerId = group.Key.SellerId.Value,
                    Total = SimulatedBalances.Text(group.Sum(invoice => invoice.Totals.TotalWithVat)),
                    Invoices = group.Count(),
                })
        );
        return Task.FromResult(reply);
    }

    public override Task<ExplanationReply> Explain(ExplainInvoice request, ServerCallContext context)
    {
        var invoice =
            Mine(context).FirstOrDefault(each => each.InvoiceId.ToString() == request.InvoiceId) ?? throw SimulatedInvoices.NotFound();
        return Task.FromResult(
            new ExplanationReply
            {
                Body = ByteString.CopyFromUtf8(
                    $$"""
                    {"language":"{{request.Language}}","text":"La regla de {{invoice.Number}}.","amounts":[
                     {"path":"lines[0].lineGrossAmount","amount":"19.90","calculation":["2 × 9,95 = 19,90"],"text":"Cantidad por precio."}]}
                    """
                ),
            }
        );
    }

    public override Task<TicketsReply> Tickets(HeldTickets request, ServerCallContext context)
    {
        var reply = new TicketsReply();
        reply.Tickets.AddRange(
            request.Tickets.Select(held =>
                Held(held, context) is not { } ticket
                    ? new SeenTicket
                    {
                        Refusal = new Refusal
                        {
                            Code = "INV-CUSTOMER-01",
                            Text = request.Language == "en" ? "There is no such ticket." : "No hay ningún ticket así.",
                        },
                    }
                : ticket.ReplacedBy is null ? new SeenTicket { Invoice = Tell(ticket) }
                : new SeenTicket
                {
                    Invoice = Tell(ticket),
                    Refusal = new Refusal { Code = "INV-EXCHANGE-02", Text = $"{ticket.Number} ya se canjeó." },
                }
            )
        );
        return Task.FromResult(reply);
    }

    public override Task<CustomerAct> Claim(ClaimRequest request, ServerCallContext context)
    {
        var email = Email(context);
        var tickets = request.Tickets.Select(held => Held(held, context) ?? throw SimulatedInvoices.NotFound()).ToList();
        if (!request.Buyer.HasTaxId || request.Buyer.TaxId == "12345678A")
        {
            return Task.FromResult(Refused("INV-BUYER-01", "El NIF no es correcto.", "buyer.taxId"));
        }

        var full = world.Claimed.GetOrAdd(
            request.Key,
            _ =>
            {
                var number = $"F-{tickets[0].StoreId.Value}-2026-{900 + world.Claimed.Count:000000}";
                var invoice = Demo.Invoice(tickets[0].SellerId, number, 0, true, [.. tickets.SelectMany(ticket => ticket.Lines)]) with
                {
                    Kind = InvoiceKind.Exchange,
                    Buyer = new InvoiceParty { Name = request.Buyer.Name, TaxId = request.Buyer.TaxId },
                    Replaces = [.. tickets.Select(ticket => new InvoiceReference { Number = ticket.Number, InvoiceId = ticket.InvoiceId })],
                };
                Demo.Add(world, email, invoice);
                return invoice;
            }
        );
        return Task.FromResult(new CustomerAct { Invoice = Tell(full) });
    }

    public override Task<CustomerAct> CorrectBuyer(BuyerCorrection request, ServerCallContext context)
    {
        var email = Email(context);
        var wrong =
            Mine(context).FirstOrDefault(each => each.InvoiceId.ToString() == request.InvoiceId) ?? throw SimulatedInvoices.NotFound();
        if (request.Buyer.TaxId != wrong.Buyer!.TaxId)
        {
            return Task.FromResult(Refused("INV-CUSTOMER-04", $"El NIF de {wrong.Number} es otro.", "buyer.taxId"));
        }

        var right = world.Claimed.GetOrAdd(
            request.Key,
            _ =>
            {
                var invoice = wrong with
                {
                    InvoiceId = InvoiceId.New(),
                    Kind = InvoiceKind.Corrective,
                    Number = $"R-S01-2026-{800 + world.Claimed.Count:000000}",
                    Buyer = wrong.Buyer with { Name = request.Buyer.Name },
                    Corrects = [new InvoiceReference { Number = wrong.Number, InvoiceId = wrong.InvoiceId }],
                };
                Demo.Add(world, email, invoice);
                return invoice;
            }
        );
        return Task.FromResult(new CustomerAct { Invoice = Tell(right) });
    }

    public override Task<Forgotten> Forget(ForgetRequest request, ServerCallContext context)
    {
        var mine = Mine(context).ToList();
        world.Forgotten[Email(context)] = [.. request.ButInvoiceIds];
        return Task.FromResult(new Forgotten { Forgotten_ = mine.Count - request.ButInvoiceIds.Count, Kept = request.ButInvoiceIds.Count });
    }

    private InvoiceBody? Held(HeldTicket held, ServerCallContext context) =>
        held.HasInvoiceId
            ? Mine(context).FirstOrDefault(each => each.InvoiceId.ToString() == held.InvoiceId)
            : world.Tickets.FirstOrDefault(ticket =>
                ticket.Seller.TaxId == held.SellerTaxId
                && ticket.Number == held.Number
                && held.HasDate
                && Iso(ticket.IssueDate) == held.Date
                && held.HasTotal
                && ticket.Totals.TotalWithVat == decimal.Parse(held.Total, CultureInfo.InvariantCulture)
            );

    private IEnumerable<InvoiceBody> Mine(ServerCallContext context)
    {
        var email = Email(context);
        world.Asked.Enqueue($"{context.Method} customer={email} staff= seller=x");
        return world.Invoices.ToArray().Where(each => each.Email == email).Select(each => each.Invoice);
    }

    private static string Email(ServerCallContext context) =>
        RpcCaller.Of(context).Behalf.CustomerEmail ?? throw new RpcException(new Status(StatusCode.PermissionDenied, "for customers"));

    private static CustomerAct Refused(string code, string text, string path) =>
        new()
        {
            Refusals =
            {
                new Refusal
                {
                    Code = code,
                    Text = text,
                    Path = path,
                },
            },
        };

    private static string Iso(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    private static Invoice Tell(InvoiceBody invoice) =>
        new() { Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Tolerant)) };
}

/// <summary>Delivery, as far as offers and consent go.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedPersonal(Surroundings world) : Personal.PersonalBase
{
    public override Task<OffersReply> Offers(GetOffers request, ServerCallContext context)
    {
        var reply = new OffersReply();
        if (!Granted(context))
        {
            return Task.FromResult(reply);
        }

        reply.Label = "Publicidad";
        reply.Heading = "Para ti";
        reply.Offers.Add(
            new OfferShown
            {
                Title = "10 % en velas",
                Text = "Hasta fin de mes.",
                Code = "VELAS10",
                Because = "Porque compraste Portavelas",
                Url = "https://nandu.example/velas",
            }
        );
        return Task.FromResult(reply);
    }

    public override Task<ConsentReply> Consent(GetConsentOf request, ServerCallContext context) => Task.FromResult(Told(context));

    public override Task<ConsentReply> SayConsent(ConsentSaid request, ServerCallContext context)
    {
        world.Consents.GetOrAdd(Who(context), _ => []).Add(request.Granted);
        return Task.FromResult(Told(context));
    }

    private ConsentReply Told(ServerCallContext context)
    {
        var reply = new ConsentReply { Granted = Granted(context) };
        reply.Words.AddRange(
            (world.Consents.GetValueOrDefault(Who(context)) ?? [])
                .AsEnumerable()
                .Reverse()
                .Select(granted => new ConsentWordSaid
                {
                    Granted = granted,
                    Source = "portal",
                    At = "2026-11-23T09:15:00Z",
                })
        );
        return reply;
    }

    private bool Granted(ServerCallContext context) => world.Consents.GetValueOrDefault(Who(context)) is { Count: > 0 } said && said[^1];

    private static (string, string) Who(ServerCallContext context) =>
        RpcCaller.Of(context).Behalf is { CustomerEmail: { } email, SellerId: { } seller }
            ? (seller.Value, email)
            : throw new RpcException(new Status(StatusCode.PermissionDenied, "for a customer of a seller"));
}
