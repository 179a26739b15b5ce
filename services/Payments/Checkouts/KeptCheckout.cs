using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>A checkout as its row holds it: what is asked of the provider, how far it is, and when it is looked at next.</summary>
public sealed record KeptCheckout
{
    /// <summary>What is read of a row named c.</summary>
    internal const string Columns = """
        c.seller_id, c.checkout_id, c.key, c.attempt, c.provider, c.means, c.order_code, c.currency, c.amount, c.state, c.session,
        c.reference, c.address, c.fields, c.description, c.language, c.return_to, c.customer_id, c.reason, c.payment_id, c.started_at,
        c.expires_at, c.next_look_at, c.looks, c.ended_at,
        array(
            select p.invoice_id from checkout_part p where p.seller_id = c.seller_id and p.checkout_id = c.checkout_id order by p.nth
        ) as invoice_ids,
        array(
            select p.amount from checkout_part p where p.seller_id = c.seller_id and p.checkout_id = c.checkout_id order by p.nth
        ) as amounts
        """;

    /// <summary>The seller who is paid.</summary>
    public SellerId SellerId { get; init; }

    /// <summary>Its id.</summary>
    public Guid CheckoutId { get; init; }

    /// <summary>The page's key, by which a double click finds it.</summary>
    public string Key { get; init; } = "";

    /// <summary>Which attempt under the key it is.</summary>
    public short Attempt { get; init; }

    /// <summary>The provider.</summary>
    public string Provider { get; init; } = "";

    /// <summary>What the payer chose, as tables write it.</summary>
    public string Means { get; init; } = "";

    /// <summary>What the provider knows it by where its wire holds no more.</summary>
    public string OrderCode { get; init; } = "";

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>What is asked for.</summary>
    public decimal Amount { get; init; }

    /// <summary>How far it is, as tables write it.</summary>
    public string State { get; init; } = "";

    /// <summary>The provider's id of it.</summary>
    public string? Session { get; init; }

    /// <summary>The provider's id of the payment.</summary>
    public string? Reference { get; init; }

    /// <summary>Where the payer is sent; absent until the provider has answered.</summary>
    public string? Address { get; init; }

    /// <summary>What is posted there, as JSON.</summary>
    public string? Fields { get; init; }

    /// <summary>What the payer reads.</summary>
    public string Description { get; init; } = "";

    /// <summary>es, en, ca, eu or gl.</summary>
    public string Language { get; init; } = "";

    /// <summary>Where the payer comes back to.</summary>
    public string ReturnTo { get; init; } = "";

    /// <summary>Who pays, where the seller knows the customer.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Why it is still open, or why it came to nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>The payment that came of it.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When nobody can pay it any more.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the provider is asked about it next; absent where its outcome is known.</summary>
    public DateTimeOffset? NextLookAt { get; init; }

    /// <summary>How often the provider was asked.</summary>
    public int Looks { get; init; }

    /// <summary>When its outcome was known.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The invoices it pays, in order.</summary>
    public Guid[] InvoiceIds { get; init; } = [];

    /// <summary>What each of them gets.</summary>
    public decimal[] Amounts { get; init; } = [];

    /// <summary>How far it is.</summary>
    public CheckoutState Standing => Enum.Parse<CheckoutState>(State, ignoreCase: true);

    /// <summary>Whether nobody knows yet whether it will be paid.</summary>
    public bool IsOpen => Standing == CheckoutState.Open;

    /// <summary>The invoices.</summary>
    public IReadOnlyList<InvoiceId> Invoices => [.. InvoiceIds.Select(InvoiceId.Of)];

    /// <summary>What each invoice gets.</summary>
    public IReadOnlyList<CheckoutPart> Parts =>
        [.. InvoiceIds.Zip(Amounts, (invoice, amount) => new CheckoutPart(InvoiceId.Of(invoice), Book.Coins(amount, Currency)))];

    /// <summary>What is posted where the payer is sent.</summary>
    public IReadOnlyDictionary<string, string>? Posted =>
        Fields is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(Fields, Wire.Tolerant);

    /// <summary>How a state is written.</summary>
    public static string NameOf(CheckoutState state) => state.ToString().ToLowerInvariant();

    /// <summary>What the provider is told of it.</summary>
    public Checkout ToCheckout(Uri notifyAt) =>
        new()
        {
            SellerId = SellerId,
            CheckoutId = CheckoutId,
            Provider = Provider,
            Means = Account.MeansOf(Means),
            Order = OrderCode,
            Amount = Book.Coins(Amount, Currency),
            Currency = Currency,
            Parts = Parts,
            Description = Description,
            Language = Language,
            ReturnTo = new Uri(ReturnTo),
            NotifyAt = notifyAt,
            StartedAt = StartedAt,
            ExpiresAt = ExpiresAt,
            State = Standing,
            Session = Session,
            Reference = Reference,
        };
}
