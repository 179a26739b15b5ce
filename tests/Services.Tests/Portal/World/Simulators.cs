using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>Invoicing, as far as the web front asks it: held to whom it is asked for, like the real one.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedInvoices(Surroundings world) : Invoices.InvoicesBase
{
    public override Task<Invoice> Get(GetInvoice request, ServerCallContext context) =>
        Task.FromResult(
            Mine(context).FirstOrDefault(invoice => invoice.InvoiceId.ToString() == request.InvoiceId) is { } found
                ? Tell(found)
                : throw NotFound()
        );

    public override Task<InvoicePage> List(ListInvoices request, ServerCallContext context)
    {
        if (request.HasCursor && !int.TryParse(request.Cursor, out _))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "no cursor of ours"));
        }

        var from = request.HasCursor ? int.Parse(request.Cursor, CultureInfo.InvariantCulture) : 0;
        var all = Mine(context).OrderByDescending(invoice => invoice.IssuedAt).ToList();
        var page = new InvoicePage { Invoices = { all.Skip(from).Take(request.Limit).Select(Tell) } };
        if (from + request.Limit < all.Count)
        {
            page.NextCursor = (from + request.Limit).ToString(CultureInfo.InvariantCulture);
        }

        return Task.FromResult(page);
    }

    public override Task<DocumentFile> Document(GetDocument request, ServerCallContext context) =>
        Mine(context).FirstOrDefault(invoice => invoice.InvoiceId.ToString() == request.InvoiceId) is { } found
            ? Task.FromResult(
                new DocumentFile
                {
                    Content = ByteString.CopyFromUtf8($"<Invoice><ID>{found.Number}</ID></Invoice>"),
                    ContentType = "application/xml",
                    FileName = $"{found.Number}.xml",
                }
            )
            : throw NotFound();

    internal static RpcException NotFound() => new(new Status(StatusCode.NotFound, "no such invoice"));

    private IEnumerable<InvoiceBody> Mine(ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        world.Asked.Enqueue($"{context.Method} customer={behalf.CustomerEmail} staff={behalf.StaffEmail} seller={behalf.SellerId}");
        return world
            .Invoices.Where(each =>
                behalf.CustomerEmail is { } email
                    ? each.Email == email
                    : behalf.StaffEmail is not null && behalf.SellerId is { } seller && each.Invoice.SellerId == seller
            )
            .Select(each => each.Invoice);
    }

    private static Invoice Tell(InvoiceBody invoice) =>
        new() { Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Tolerant)) };
}

/// <summary>Who is who.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedSellers(Surroundings world) : Sellers.SellersBase
{
    public override Task<Seller> Get(GetSeller request, ServerCallContext context) =>
        world.Sellers.FirstOrDefault(seller => seller.SellerId.Value == request.SellerId) is { } found
            ? Task.FromResult(new Seller { Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(found, Wire.Tolerant)) })
            : throw new RpcException(new Status(StatusCode.NotFound, "no such seller"));

    public override Task<Person> LookUp(LookUpPerson request, ServerCallContext context)
    {
        var person = new Person();
        foreach (var seller in world.Invoices.Where(each => each.Email == request.Email).Select(each => each.Invoice.SellerId).Distinct())
        {
            person.CustomerOf.Add(new CustomerOf { SellerId = seller.Value, SellerName = NameOf(seller) });
        }

        foreach (var seller in world.Sellers)
        {
            foreach (var member in seller.Staff.Where(member => member.Email == request.Email))
            {
                person.StaffOf.Add(
                    new StaffOf
                    {
                        SellerId = seller.SellerId.Value,
                        SellerName = NameOf(seller.SellerId),
                        Role = member.Role.ToString().ToLowerInvariant(),
                    }
                );
            }
        }

        return Task.FromResult(person);
    }

    private string NameOf(SellerId id) => world.Sellers.First(seller => seller.SellerId == id) is { TradeName: { } name } ? name : id.Value;
}

/// <summary>What is open and paid.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedBalances(Surroundings world) : Balances.BalancesBase
{
    public override Task<BalanceList> Get(GetBalances request, ServerCallContext context)
    {
        var list = new BalanceList();
        foreach (var id in request.InvoiceIds)
        {
            if (world.Find(id) is { } invoice)
            {
                var due = world.DueOf(invoice);
                var balance = new Balance
                {
                    InvoiceId = id,
                    Currency = invoice.Currency.Code,
                    TotalWithVat = Text(invoice.Totals.TotalWithVat),
                    Paid = Text(invoice.Totals.TotalWithVat - due),
                    Refunded = "0.00",
                    InFlight = "0.00",
                    AmountDue = Text(due),
                };
                balance.Payments.AddRange(
                    invoice.Payments.Select(payment => new PaymentFact
                    {
                        PaymentId = Guid.CreateVersion7().ToString(),
                        Means = JsonNamingPolicy.KebabCaseLower.ConvertName(payment.Means.ToString()),
                        Provider = "till",
                        Amount = Text(payment.Amount),
                        ReceivedAt = invoice.IssuedAt.ToString("O", CultureInfo.InvariantCulture),
                    })
                );
                if (world.Payments.TryGetValue(invoice.InvoiceId, out var facts))
                {
                    balance.Payments.AddRange(facts);
                }

                list.Balances.Add(balance);
            }
        }

        return Task.FromResult(list);
    }

    internal static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How something can be paid.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedPaymentPages(Surroundings world, TimeProvider clock) : PaymentPages.PaymentPagesBase
{
    public override Task<PaymentPage> OpenLink(LinkToken request, ServerCallContext context) =>
        world.RevokedLinks.ContainsKey(request.Token)
            ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "revoked"), new Metadata { { "fault-code", "PAY-LINK-04" } })
        : world.CustomerLinks.TryGetValue(request.Token, out var customer) ? Task.FromResult(PageOf(customer.Seller, customer.Email))
        : !world.PayLinks.TryGetValue(request.Token, out var invoice) ? throw new RpcException(new Status(StatusCode.NotFound, "forged"))
        : invoice is null ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "past its end"))
        : Task.FromResult(PageOf(world.Find(invoice.Value.ToString())!, null));

    public override Task<PaymentPage> Open(OpenPage request, ServerCallContext context)
    {
        var email = RpcCaller.Of(context).Behalf.CustomerEmail;
        var found = world.Invoices.FirstOrDefault(each => each.Email == email && each.Invoice.InvoiceId.ToString() == request.InvoiceId);
        return found.Invoice is null ? throw SimulatedInvoices.NotFound() : Task.FromResult(PageOf(found.Invoice, email));
    }

    public override Task<CheckoutReply> StartCheckout(CheckoutRequest request, ServerCallContext context)
    {
        Hold(context, request.HasToken ? request.Token : null);
        world.Started.Enqueue(request);
        if (world.ProvidersDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "no provider answers"));
        }

        var invoices = Wanted(request);
        var due = invoices.Sum(world.DueOf);
        if (due <= 0m)
        {
            return Task.FromResult(new CheckoutReply { AlreadyPaid = true });
        }

        var standing = world.Checkouts.GetOrAdd(
            request.Key,
            _ => new CheckoutStanding
            {
                State = "open",
                Amount = SimulatedBalances.Text(due),
                Currency = "EUR",
                InvoiceIds = { invoices.Select(invoice => invoice.InvoiceId.ToString()) },
            }
        );
        var reply = new CheckoutReply { CheckoutId = IdOf(request.Key), Address = world.ProviderAddress };
        reply.Fields.AddRange(world.ProviderFields.Select(field => new CheckoutField { Name = field.Name, Value = field.Value }));
        return Task.FromResult(standing.State == "paid" ? new CheckoutReply { AlreadyPaid = true } : reply);
    }

    public override Task<CheckoutStanding> SeeCheckout(CheckoutLook request, ServerCallContext context)
    {
        Hold(context, request.HasToken ? request.Token : null);
        var (_, seen) = world.Checkouts.FirstOrDefault(each => IdOf(each.Key) == request.CheckoutId);
        if (seen is null)
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "none of yours"));
        }

        // As the provider's books say: paid, so that the invoices are.
        foreach (var invoice in seen.State == "paid" ? seen.InvoiceIds.Select(id => world.Find(id)!) : [])
        {
            var due = world.DueOf(invoice);
            if (due > 0m)
            {
                world
                    .Payments.GetOrAdd(invoice.InvoiceId, _ => [])
                    .Add(
                        new PaymentFact
                        {
                            PaymentId = Guid.CreateVersion7().ToString(),
                            Means = "card",
                            Provider = "stripe",
                            Amount = SimulatedBalances.Text(due),
                            ReceivedAt = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                        }
                    );
            }
        }

        return Task.FromResult(seen);
    }

    /// <summary>What a checkout begun with a key is called.</summary>
    public static string IdOf(string key) =>
        new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)).AsSpan(0, 16)).ToString();

    public override Task<PaymentResult> PayInSandbox(SandboxPayment request, ServerCallContext context)
    {
        if (!world.Sandbox)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "the sandbox works only in development"));
        }

        lock (world.SandboxKeys)
        {
            if (world.SandboxKeys.TryGetValue(request.Key, out var before))
            {
                return Task.FromResult(before);
            }

            var invoice = world.Find(request.InvoiceId)!;
            var due = world.DueOf(invoice);
            var result = new PaymentResult
            {
                PaymentId = Guid.CreateVersion7().ToString(),
                Status = due > 0 ? "received" : "already-paid",
                Amount = SimulatedBalances.Text(due),
                Currency = invoice.Currency.Code,
            };
            if (due > 0)
            {
                world
                    .Payments.GetOrAdd(invoice.InvoiceId, _ => [])
                    .Add(
                        new PaymentFact
                        {
                            PaymentId = result.PaymentId,
                            Means = request.Means,
                            Provider = "sandbox",
                            Amount = result.Amount,
                            ReceivedAt = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                        }
                    );
                world.SandboxKeys[request.Key] = result;
            }

            return Task.FromResult(result);
        }
    }

    /// <summary>Payers come by a link or are signed in.</summary>
    private void Hold(ServerCallContext context, string? token)
    {
        if (
            token is null
                ? RpcCaller.Of(context).Behalf.CustomerEmail is null
                : !world.PayLinks.ContainsKey(token) && !world.CustomerLinks.ContainsKey(token)
        )
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "neither a link nor a customer"));
        }
    }

    private List<InvoiceBody> Wanted(CheckoutRequest request)
    {
        if (request is { AllOpen: true, HasToken: true } && world.CustomerLinks.TryGetValue(request.Token, out var customer))
        {
            return OpenOf(customer.Seller, customer.Email);
        }

        var named = request.InvoiceIds.Select(id => world.Find(id)!).ToList();
        return request.AllOpen ? OpenOf(named[0].SellerId, world.Invoices.First(each => each.Invoice == named[0]).Email) : named;
    }

    private List<InvoiceBody> OpenOf(SellerId seller, string email) =>
        [
            .. world
                .Invoices.Where(each => each.Email == email && each.Invoice.SellerId == seller && world.DueOf(each.Invoice) > 0m)
                .Select(each => each.Invoice),
        ];

    private PaymentPage PageOf(SellerId id, string email)
    {
        var seller = world.Sellers.First(each => each.SellerId == id);
        var open = OpenOf(id, email);
        var page = new PaymentPage
        {
            SellerId = id.Value,
            Currency = "EUR",
            TotalWithVat = SimulatedBalances.Text(open.Sum(invoice => invoice.Totals.TotalWithVat)),
            AmountDue = SimulatedBalances.Text(open.Sum(world.DueOf)),
            InFlight = SimulatedBalances.Text(open.Sum(invoice => world.UnderWay.GetValueOrDefault(invoice.InvoiceId).Amount)),
            Key = Guid.CreateVersion7().ToString("N"),
            SellerName = seller.TradeName ?? seller.Name,
            AllOpen = true,
        };
        page.AlsoOpen.AddRange(open.Select(Row));
        page.Options.AddRange(world.Ways.Select(way => new PaymentOption { Means = way, Provider = "stripe" }));
        return page;
    }

    private OpenInvoice Row(InvoiceBody invoice) =>
        new()
        {
            InvoiceId = invoice.InvoiceId.ToString(),
            Number = invoice.Number,
            AmountDue = SimulatedBalances.Text(world.DueOf(invoice)),
            DueDate = invoice.DueDate!.Value.ToString("O", CultureInfo.InvariantCulture),
            InFlight = SimulatedBalances.Text(world.UnderWay.GetValueOrDefault(invoice.InvoiceId).Amount),
        };

    private PaymentPage PageOf(InvoiceBody invoice, string? email)
    {
        var seller = world.Sellers.First(each => each.SellerId == invoice.SellerId);
        var due = world.DueOf(invoice);
        var (inFlight, since) = world.UnderWay.GetValueOrDefault(invoice.InvoiceId);
        var page = new PaymentPage
        {
            SellerId = seller.SellerId.Value,
            InvoiceId = invoice.InvoiceId.ToString(),
            Number = invoice.Number,
            Currency = invoice.Currency.Code,
            TotalWithVat = SimulatedBalances.Text(invoice.Totals.TotalWithVat),
            AmountDue = SimulatedBalances.Text(due),
            InFlight = SimulatedBalances.Text(inFlight),
            Sandbox = world.Sandbox && world.Ways.Count == 0,
            Key = Guid.CreateVersion7().ToString("N"),
            SellerName = seller.TradeName ?? seller.Name,
            Transfer = new InstructionsReply
            {
                Beneficiary = seller.Name,
                PayUrl = "",
                ExpiresAt = "",
            },
        };
        page.Options.AddRange(world.Ways.Select(way => new PaymentOption { Means = way, Provider = "stripe" }));
        if (email is not null && due > 0m)
        {
            page.AlsoOpen.AddRange(OpenOf(invoice.SellerId, email).Where(other => other.InvoiceId != invoice.InvoiceId).Select(Row));
        }

        if (since is not null)
        {
            page.InFlightSince = since;
        }

        if (invoice.DueDate is { } date)
        {
            page.DueDate = date.ToString("O", CultureInfo.InvariantCulture);
        }

        if (seller.Iban is { } iban)
        {
            page.Transfer.Iban = iban;
            page.Transfer.EpcPayload = string.Create(
                CultureInfo.InvariantCulture,
                $"BCD\n002\n1\nSCT\n\n{seller.Name}\n{iban}\nEUR{due}\n\n{invoice.PaymentReference}\n\n"
            );
        }

        return page;
    }
}

/// <summary>Renders and mails.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedDelivery(Surroundings world) : Messages.MessagesBase
{
    public override Task<Queued> SendSignInLink(SignInLink request, ServerCallContext context)
    {
        world.Mailed.TryAdd(request.Key, request);
        return Task.FromResult(new Queued { TransmissionId = request.Key, Status = "queued" });
    }
}

/// <summary>Renders.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedDocuments(Surroundings world) : Documents.DocumentsBase
{
    public override Task<RenderedDocument> Pdf(GetPdf request, ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        var found = world.Invoices.FirstOrDefault(each =>
            each.Invoice.InvoiceId.ToString() == request.InvoiceId
            && (behalf.CustomerEmail is { } email ? each.Email == email : behalf.SellerId == each.Invoice.SellerId)
        );
        return found.Invoice is null
            ? throw SimulatedInvoices.NotFound()
            : Task.FromResult(
                new RenderedDocument
                {
                    Content = ByteString.CopyFromUtf8("%PDF-1.7 of a simulator"),
                    ContentType = "application/pdf",
                    FileName = $"{found.Invoice.Number}.pdf",
                }
            );
    }

    public override Task<RenderedDocument> Preview(GetPreview request, ServerCallContext context)
    {
        var seller = RpcCaller.Of(context).SellerId;
        return request.Template is "mail" or "page"
            ? Task.FromResult(
                new RenderedDocument
                {
                    Content = ByteString.CopyFromUtf8(
                        $"<!doctype html><html lang=\"es\"><head><title>x</title></head><body><h1>{request.Template} de {seller}</h1></body></html>"
                    ),
                    ContentType = "text/html; charset=utf-8",
                    FileName = "x.html",
                }
            )
            : throw SimulatedInvoices.NotFound();
    }
}

/// <summary>What is owed.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedReceivables(Surroundings world) : Receivables.ReceivablesBase
{
    public override Task<SummaryReply> Summary(GetSummary request, ServerCallContext context) =>
        Task.FromResult(new SummaryReply { Currencies = { world.Owed } });

    public override Task<ReceivablePage> List(ListReceivables request, ServerCallContext context) =>
        Task.FromResult(new ReceivablePage { Receivables = { world.Overdue } });

    public override Task<StatementReply> Statement(GetStatement request, ServerCallContext context)
    {
        var (email, seller) = Customer(context);
        var mine = world.Invoices.Where(each => each.Email == email && each.Invoice.SellerId == seller).Select(each => each.Invoice);
        var reply = new StatementReply
        {
            CustomerKey = $"mail:{email}",
            Language = "es",
            From = "2025-11-24",
            To = "2026-11-23",
            MadeAt = "2026-11-23T09:15:00Z",
        };
        var account = new StatementAccount
        {
            Currency = "EUR",
            Opening = "0",
            ClaimsDue = "0",
        };
        var balance = 0m;
        foreach (var invoice in mine.Where(invoice => invoice.Totals.AmountDue > 0m).OrderBy(invoice => invoice.IssueDate))
        {
            balance += invoice.Totals.AmountDue;
            account.Entries.Add(
                new StatementEntry
                {
                    Date = invoice.IssueDate.ToString("O", CultureInfo.InvariantCulture),
                    Kind = "invoice",
                    InvoiceId = invoice.InvoiceId.ToString(),
                    Number = invoice.Number,
                    Amount = invoice.Totals.AmountDue.ToString(CultureInfo.InvariantCulture),
                    Balance = balance.ToString(CultureInfo.InvariantCulture),
                }
            );
        }

        account.Closing = balance.ToString(CultureInfo.InvariantCulture);
        account.Claims.Add(world.Claims);
        reply.Accounts.Add(account);
        return Task.FromResult(reply);
    }

    public override Task<StatementDocument> StatementPdf(GetStatement request, ServerCallContext context) =>
        Task.FromResult(
            new StatementDocument
            {
                Content = ByteString.CopyFromUtf8($"%PDF of {Customer(context).Email}"),
                ContentType = "application/pdf",
                FileName = "estado-de-cuenta.pdf",
            }
        );

    public override Task<Dispute> RaiseDispute(DisputeRequest request, ServerCallContext context)
    {
        var (email, seller) = Customer(context);
        if (
            !world.Invoices.Exists(each =>
                each.Email == email && each.Invoice.SellerId == seller && each.Invoice.InvoiceId.ToString() == request.InvoiceId
            )
        )
        {
            throw SimulatedInvoices.NotFound();
        }

        if (!world.Disputes.TryAdd(request.InvoiceId, request))
        {
            throw new RpcException(new Status(StatusCode.AlreadyExists, "it is disputed"));
        }

        return Task.FromResult(new Dispute { DisputeId = Guid.CreateVersion7().ToString(), Reason = request.Reason });
    }

    public override Task<Promise> MakePromise(PromiseRequest request, ServerCallContext context)
    {
        var (email, seller) = Customer(context);
        return !world.Invoices.Exists(each =>
                each.Email == email && each.Invoice.SellerId == seller && each.Invoice.InvoiceId.ToString() == request.InvoiceId
            )
                ? throw SimulatedInvoices.NotFound()
            : world.Promises.TryAdd(request.InvoiceId, request) ? Task.FromResult(new Promise { Date = request.Date })
            : throw new RpcException(new Status(StatusCode.AlreadyExists, "it is promised"));
    }

    private static (string Email, SellerId Seller) Customer(ServerCallContext context) =>
        RpcCaller.Of(context).Behalf is { CustomerEmail: { } email, SellerId: { } seller }
            ? (email, seller)
            : throw new RpcException(new Status(StatusCode.PermissionDenied, "for a customer of a seller"));
}

/// <summary>What was sold.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class SimulatedReports(Surroundings world) : Reports.ReportsBase
{
    public override Task<SalesReport> Sales(GetSalesReport request, ServerCallContext context) =>
        Task.FromResult(
            new SalesReport
            {
                AsOf = "2026-11-23T10:00:00Z",
                Rows = { world.Sales.GetValueOrDefault((request.From, request.GroupBy)) ?? [] },
            }
        );
}
