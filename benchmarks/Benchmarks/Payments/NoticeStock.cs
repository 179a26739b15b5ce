using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Running;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// Checkouts that are open at Payments and paid at the simulated providers, whose notices are kept back: half of them Stripe's, half
/// Redsys'. Each is of an invoice of its own, begun as the web front begins it.
/// </summary>
internal sealed class NoticeStock(TruthShop shop, NoticeEndpoints endpoints, string portalKey, EnduranceProgress progress)
{
    private const int AtOnce = 250;
    private const int Parallel = 12;

    private int _next;

    /// <summary>Makes so many, in turn of one provider and the other.</summary>
    public async Task<IReadOnlyList<SignedNotice>> MakeAsync(int count, CancellationToken cancellation)
    {
        var made = new SignedNotice?[count];
        var first = _next;
        _next += count;
        var invoices = await SellAsync(first, count, cancellation);
        using var payments = new PatientDoor(shop.Target, "payments", progress);
        using var stripe = Connections.Http(shop.Target.System().Http("stripe"), null);
        using var redsys = Connections.Http(shop.Target.System().Http("redsys"), null);
        using var channel = GrpcChannel.ForAddress(
            shop.Target.System().Grpc("payments"),
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { UseProxy = false },
                DisposeHttpClient = true,
            }
        );
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var sessions = new string?[count];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (i, token) =>
            {
                var link = await payments.PostAsync($"/v1/invoices/{invoices[i]}/payment-links", new { }, token);
                var isStripe = i % 2 == 0;
                var begun = await BeginAsync(
                    pages,
                    invoices[i],
                    link.Json.GetProperty("url").GetString()!,
                    isStripe ? "wallet" : "bizum",
                    token
                );
                if (isStripe)
                {
                    sessions[i] = new Uri(begun.Address).Segments[^1];
                    using var paid = await stripe.PostAsJsonAsync("/control/pay", new { session = sessions[i], means = "wallet" }, token);
                    paid.EnsureSuccessStatusCode();
                }
                else
                {
                    made[i] = await PayAtRedsysAsync(redsys, begun, token);
                }
            }
        );
        for (var i = 0; i < count; i += 2)
        {
            made[i] = await OfStripeAsync(sessions[i]!, cancellation);
        }

        return made!;
    }

    private async Task<IReadOnlyList<string>> SellAsync(int first, int count, CancellationToken cancellation)
    {
        var plans = new TruthPlan(1);
        var invoices = new Dictionary<string, string>(StringComparer.Ordinal);
        var sales = Enumerable.Range(first, count).Select(number => plans.Of(number) with { AtTill = [] }).ToList();
        using var till = shop.Target.Http("invoicing");
        await using var door = new HttpDoor(till);
        foreach (var chunk in sales.Chunk(AtOnce))
        {
            SalePosted[] posted = [.. chunk.Select(plan => plan.Sale(TimeProvider.System.GetUtcNow()))];
            await foreach (var outcome in door.SendAsync(posted, cancellation))
            {
                invoices[outcome.SaleId] =
                    outcome.InvoiceId ?? throw new CommandFailed($"{outcome.SaleId} was refused: {outcome.Code} {outcome.Detail}");
            }
        }

        return [.. sales.Select(plan => invoices[plan.SaleId])];
    }

    /// <summary>As the web front begins it for who holds a link.</summary>
    private async Task<CheckoutReply> BeginAsync(
        PaymentPages.PaymentPagesClient pages,
        string invoice,
        string link,
        string means,
        CancellationToken cancellation
    )
    {
        var request = new CheckoutRequest
        {
            SellerId = shop.Id,
            Key = Guid.CreateVersion7().ToString("N"),
            Means = means,
            Language = "es",
            Token = link[(link.LastIndexOf('/') + 1)..],
        };
        request.InvoiceIds.Add(invoice);
        return await pages.StartCheckoutAsync(request, AsPortal(), cancellationToken: cancellation);
    }

    private Metadata AsPortal()
    {
        var key = new ConfigurationBuilder().AddInMemoryCollection([new("Keys:Service", portalKey)]).Build();
        return new ServiceCredentials(new ServiceName("portal"), key, TimeProvider.System).For("payments", OnBehalfOf.System);
    }

    private async Task<SignedNotice> PayAtRedsysAsync(HttpClient redsys, CheckoutReply begun, CancellationToken cancellation)
    {
        var form = begun.Fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        using var paid = await redsys.PostAsJsonAsync(
            "/control/pay",
            new
            {
                form,
                outcome = "paid",
                means = "bizum",
            },
            cancellation
        );
        paid.EnsureSuccessStatusCode();
        var said = await paid.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        // The payer comes back with what the notice says, signed as the notice is.
        var query = new Uri(said.GetProperty("returnTo").GetString()!)
            .Query.TrimStart('?')
            .Split('&')
            .Where(each => each.StartsWith("Ds_", StringComparison.Ordinal));
        return new SignedNotice(
            "/v1/providers/redsys/webhook",
            Encoding.UTF8.GetBytes(string.Join('&', query)),
            "application/x-www-form-urlencoded",
            null,
            $"paid:{said.GetProperty("order").GetString()}"
        );
    }

    /// <summary>The notice that the simulated Stripe has sent of a session; waited for, since it comes by itself.</summary>
    private async Task<SignedNotice> OfStripeAsync(string session, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        byte[]? body;
        while (!endpoints.Taken.TryGetValue(session, out body))
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }

        var payment = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetProperty("object").GetProperty("payment_intent");
        return new SignedNotice(
            string.Create(CultureInfo.InvariantCulture, $"/v1/providers/stripe/webhook?account={shop.StripeAccount}"),
            body,
            "application/json; charset=utf-8",
            TruthShop.StripeSecret,
            $"paid:{(payment.ValueKind == JsonValueKind.String ? payment.GetString() : payment.GetProperty("id").GetString())}"
        );
    }
}
