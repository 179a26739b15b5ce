using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What an entry in the books says of when it was made.</summary>
public sealed class KeepBooksTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Whoever_waited_for_anothers_movement_writes_an_instant_after_it()
    {
        var clock = new FakeTimeProvider(Shop.At.ToUniversalTime().AddDays(1));
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings { Services = services => services.AddSingleton<TimeProvider>(clock) }
        );
        using var http = host.As("s1");
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        await using var other = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var movement = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync("select 1 from balance where invoice_id = @invoice for update", new { invoice = invoice.Value }, movement);

        var paying = http.PayAsync(invoice, "121.00", "R1");
        await Eventually.TrueAsync(
            () =>
                host.QueryAsync<bool>(
                    "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
                ),
            "that the payment waits for the invoice"
        );
        clock.Advance(TimeSpan.FromSeconds(3));
        var moved = clock.GetUtcNow();
        await movement.CommitAsync(TestContext.Current.CancellationToken);
        await paying.JsonAsync(201);

        Assert.True(
            await host.QueryAsync<bool>(
                "select bool_and(allocated_at >= @moved) from allocation where invoice_id = @invoice",
                new { moved, invoice = invoice.Value }
            )
        );
    }
}
