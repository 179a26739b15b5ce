using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>A seller sees its customers' checkouts, the latest first: what is open, why, and when the provider is asked next.</summary>
public sealed class ListCheckouts(NpgsqlDataSource database)
{
    private const string OfSeller = $"""
        select {KeptCheckout.Columns}
        from checkout c
        where c.seller_id = @SellerId
          and (@State::text is null or c.state = @State)
          and (@InvoiceId::uuid is null or exists (
              select from checkout_part i
              where i.seller_id = c.seller_id and i.checkout_id = c.checkout_id and i.invoice_id = @InvoiceId))
          and (@Before::uuid is null or c.checkout_id < @Before)
        order by c.checkout_id desc limit @Limit + 1
        """;

    /// <summary>A page of them.</summary>
    public async Task<Outcome<Page>> HandleAsync(
        SellerId seller,
        string? state,
        string? invoiceId,
        string? cursor,
        int? limit,
        CancellationToken token
    )
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        if (state is not (null or "open" or "paid" or "failed" or "cancelled" or "expired"))
        {
            return DoorFaults.BadParameter.At("state", "state", "open, paid, failed, cancelled, expired");
        }

        Guid? invoice = null;
        if (invoiceId is not null)
        {
            if (!InvoiceId.TryParse(invoiceId, out var parsed))
            {
                return DoorFaults.BadParameter.At("invoiceId", "invoiceId", "UUID");
            }

            invoice = parsed.Value;
        }

        Guid? before = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(Cursor.Read(cursor), out var last))
            {
                return Cursor.Unreadable();
            }

            before = last;
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = (
            await connection.QueryAsync<KeptCheckout>(
                new CommandDefinition(
                    OfSeller,
                    new
                    {
                        SellerId = seller,
                        State = state,
                        InvoiceId = invoice,
                        Before = before,
                        Limit = most,
                    },
                    cancellationToken: token
                )
            )
        ).ToArray();
        return new Page
        {
            Checkouts = [.. rows.Take(most).Select(Shown)],
            Cursor = rows.Length > most ? Cursor.Of(rows[most - 1].CheckoutId.ToString()) : null,
        };
    }

    private static Item Shown(KeptCheckout kept) =>
        new()
        {
            CheckoutId = kept.CheckoutId,
            Provider = kept.Provider,
            Means = Account.MeansOf(kept.Means),
            Order = kept.OrderCode,
            Currency = kept.Currency,
            Amount = Book.Coins(kept.Amount, kept.Currency),
            Invoices = kept.Parts,
            State = kept.Standing,
            Reason = kept.Reason,
            Reference = kept.Reference,
            PaymentId = kept.PaymentId,
            StartedAt = kept.StartedAt,
            ExpiresAt = kept.ExpiresAt,
            NextLookAt = kept.NextLookAt,
            Looks = kept.Looks,
            EndedAt = kept.EndedAt,
        };

    /// <summary>A page.</summary>
    public sealed record Page
    {
        /// <summary>The checkouts.</summary>
        public required IReadOnlyList<Item> Checkouts { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? Cursor { get; init; }
    }

    /// <summary>A checkout.</summary>
    public sealed record Item
    {
        /// <summary>Its id.</summary>
        public required Guid CheckoutId { get; init; }

        /// <summary>The provider.</summary>
        public required string Provider { get; init; }

        /// <summary>What the payer chose.</summary>
        public required PaymentMeans Means { get; init; }

        /// <summary>The code that the provider's own pages show.</summary>
        public required string Order { get; init; }

        /// <summary>Currency of the amounts.</summary>
        public required Currency Currency { get; init; }

        /// <summary>What was asked for.</summary>
        public required decimal Amount { get; init; }

        /// <summary>What each invoice gets of it.</summary>
        public required IReadOnlyList<CheckoutPart> Invoices { get; init; }

        /// <summary>How far it is.</summary>
        public required CheckoutState State { get; init; }

        /// <summary>Why it is still open, or why it came to nothing.</summary>
        public string? Reason { get; init; }

        /// <summary>The provider's id of the payment.</summary>
        public string? Reference { get; init; }

        /// <summary>The payment that came of it.</summary>
        public PaymentId? PaymentId { get; init; }

        /// <summary>When it began.</summary>
        public required DateTimeOffset StartedAt { get; init; }

        /// <summary>When nobody can pay it any more.</summary>
        public required DateTimeOffset ExpiresAt { get; init; }

        /// <summary>When the provider is asked next.</summary>
        public DateTimeOffset? NextLookAt { get; init; }

        /// <summary>How often it was asked.</summary>
        public required int Looks { get; init; }

        /// <summary>When its outcome was known.</summary>
        public DateTimeOffset? EndedAt { get; init; }
    }
}
