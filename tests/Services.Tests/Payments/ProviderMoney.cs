using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Money that a provider took, put straight into the books.</summary>
internal static class ProviderMoney
{
    /// <summary>A service in which nobody asks providers to give anything back: what was ordered stays as it is.</summary>
    public static HostSettings Unasked { get; } =
        new()
        {
            Services = services =>
            {
                foreach (var each in services.Where(IsAsking).ToArray())
                {
                    services.Remove(each);
                }
            },
        };

    public static Payment Of(PaymentId id, string provider, decimal amount, DateTimeOffset at, InvoiceId? invoice = null) =>
        new()
        {
            PaymentId = id,
            InvoiceId = invoice,
            Means = PaymentMeans.Card,
            Provider = provider,
            ProviderReference = provider == "till" ? null : $"pi_{id}",
            Account = provider == "till" ? Account.TakenBySeller(PaymentMeans.Card) : Account.TakenBy(provider),
            Currency = Currency.Eur,
            Amount = amount,
            ReceivedAt = at,
        };

    /// <summary>A provider took that much, and these invoices what they ask for of it, in this order.</summary>
    public static async Task<PaymentId> ReceiveAsync(
        this ServiceHost host,
        string seller,
        string provider,
        decimal amount,
        params InvoiceId[] invoices
    )
    {
        var id = PaymentId.New();
        await host.BookAsync(
            seller,
            invoices,
            [],
            (book, _) =>
            {
                book.Receive(Of(id, provider, amount, book.At, invoices.Length > 0 ? invoices[0] : null));
                foreach (var invoice in invoices)
                {
                    book.Allocate(id, invoice);
                }
            }
        );
        return id;
    }

    /// <summary>Moves a seller's books at these invoices and payments in one transaction, knowing what invoices have of each.</summary>
    public static async Task BookAsync(
        this ServiceHost host,
        string seller,
        IReadOnlyCollection<InvoiceId> invoices,
        IReadOnlyCollection<PaymentId> payments,
        Action<Book, Func<PaymentId, IReadOnlyList<Allocation>>> move
    )
    {
        var books = host.Services.GetRequiredService<KeepBooks>();
        await using var connection = await host.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var book = await books.OpenAsync(transaction, SellerId.Of(seller), invoices, CancellationToken.None);
        await books.HoldAsync(transaction, book, payments, CancellationToken.None);
        var taken = new Dictionary<PaymentId, IReadOnlyList<Allocation>>();
        foreach (var payment in payments)
        {
            taken[payment] = await books.TakenByAsync(transaction, SellerId.Of(seller), payment);
        }

        move(book, payment => taken.GetValueOrDefault(payment, []));
        await books.CloseAsync(transaction, book, CancellationToken.None);
        await books.CommitAsync(transaction, CancellationToken.None);
    }

    private static bool IsAsking(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.ReturnType)?.Name == "GiveRefunds";
}
