using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// The seller decides what an invoice may lack and still count as paid, what becomes of credit that is left, and in which order ways to pay
/// are offered. It holds from then on; what was booked before stays.
/// </summary>
public sealed class KeepPaymentPolicy(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Keep = """
        insert into payment_policy (seller_id, tolerance, credit, means, changed_at)
        values (@SellerId, @Tolerance, @Credit, @Means, @Now)
        on conflict (seller_id) do update
        set tolerance = excluded.tolerance, credit = excluded.credit, means = excluded.means, changed_at = excluded.changed_at
        """;
    private const string Kept = "select tolerance, credit, means from payment_policy where seller_id = @SellerId";

    /// <summary>What is put: the whole policy; what is left out is as usual.</summary>
    public sealed record Request
    {
        /// <summary>What an invoice may lack after a payment; 0.00 to 5.00.</summary>
        public decimal? Tolerance { get; init; }

        /// <summary>offset or refund.</summary>
        public CreditUse? Credit { get; init; }

        /// <summary>The order in which ways to pay are offered.</summary>
        public IReadOnlyList<PaymentMeans>? Means { get; init; }
    }

    /// <summary>Keeps it in place of the one before.</summary>
    public async Task<Outcome<PaymentPolicy>> HandleAsync(Caller caller, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("KeepPaymentPolicy");
        var policy = new PaymentPolicy
        {
            Tolerance = request.Tolerance ?? PaymentPolicy.Usual.Tolerance,
            Credit = request.Credit ?? PaymentPolicy.Usual.Credit,
            Means = request.Means ?? PaymentPolicy.UsualMeans,
        };
        if (policy.Check() is { } refused)
        {
            return refused;
        }

        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                caller.SellerId,
                policy.Tolerance,
                Credit = policy.Credit == CreditUse.Refund ? "refund" : "offset",
                Means = policy.Means.Select(Account.NameOf).ToArray(),
                Now = clock.GetUtcNow(),
            }
        );
        return await OfAsync(connection, null, caller.SellerId);
    }

    /// <summary>The one that holds.</summary>
    public async Task<PaymentPolicy> ReadAsync(Caller caller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await OfAsync(connection, null, caller.SellerId);
    }

    /// <summary>The policy that holds for a seller.</summary>
    public static async Task<PaymentPolicy> OfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, SellerId seller) =>
        await connection.QuerySingleOrDefaultAsync<Row>(Kept, new { SellerId = seller }, transaction) is { } row
            ? new PaymentPolicy
            {
                Tolerance = Book.Coins(row.Tolerance, Currency.Eur),
                Credit = row.Credit == "refund" ? CreditUse.Refund : CreditUse.Offset,
                Means = [.. row.Means.Select(Account.MeansOf)],
            }
            : PaymentPolicy.Usual;

    /// <summary>
    /// What an invoice still lacks after it took the rest of a payment is written off as a difference, where the seller's tolerance covers
    /// it; the last thing before its book is closed.
    /// </summary>
    public static async Task ForgiveAsync(NpgsqlTransaction transaction, Book book, PaymentId payment, InvoiceId invoice, decimal took)
    {
        var lacks = book.Of(invoice)?.AmountDue ?? 0m;
        // Nobody is forgiven what its own money can pay; and most often nothing is lacking, or far too much to ask for the policy.
        if (
            book.Of(payment).Unallocated == 0m
            && lacks is > 0m and <= PaymentPolicy.MostTolerance
            && (await OfAsync(transaction.Connection!, transaction, book.Seller)).Forgives(lacks, took)
        )
        {
            book.WriteOff(PaymentId.New(), invoice, lacks, Account.Differences);
        }
    }

    private sealed record Row
    {
        public decimal Tolerance { get; init; }

        public string Credit { get; init; } = "";

        public string[] Means { get; init; } = [];
    }
}
