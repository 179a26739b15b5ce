using System.Globalization;
using System.Text.Json;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What Delivery asks of Invoicing and Payments: the invoice, its UBL, its seller, and how it can be paid.</summary>
public sealed class Neighbours(
    Invoices.InvoicesClient invoices,
    Sellers.SellersClient sellers,
    PaymentPages.PaymentPagesClient pages,
    ServiceCredentials credentials,
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    TimeProvider clock
)
{
    private const string KnownSeller = "select body from seller where seller_id = @sellerId";

    private const int MostKept = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly BriefMemory<SellerId, SellerBody?> _sellers = new(Fresh, MostKept, clock);

    /// <summary>The invoice, if whoever asks may see it.</summary>
    public async Task<Outcome<InvoiceBody>> InvoiceAsync(InvoiceId id, OnBehalfOf behalf, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        try
        {
            var answer = await invoices.GetAsync(
                new GetInvoice { InvoiceId = id.ToString() },
                credentials.For("invoicing", behalf),
                cancellationToken: limit.Token
            );
            return JsonSerializer.Deserialize<InvoiceBody>(answer.Body.Span, Wire.Tolerant)!;
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.NotFound or StatusCode.PermissionDenied)
        {
            return DeliveryFaults.NoInvoice.With(id);
        }
    }

    /// <summary>Why there is no such invoice to somebody who is held to stores; nothing where there is, or where nobody is held.</summary>
    public async Task<Fault?> WhyNotOfStoreAsync(string invoiceId, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Stores.Count == 0)
        {
            return null;
        }

        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return DeliveryFaults.NoInvoice.With(invoiceId);
        }

        var found = await InvoiceAsync(id, OnBehalfOf.Seller(caller.SellerId) with { Stores = caller.Stores }, cancellationToken);
        return found.Refused(out var none) ? none : null;
    }

    /// <summary>The invoice's document in a format, for whoever may see it; none where that format cannot hold the invoice.</summary>
    public async Task<byte[]?> DocumentAsync(InvoiceId id, string format, OnBehalfOf behalf, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        try
        {
            var answer = await invoices.DocumentAsync(
                new GetDocument { InvoiceId = id.ToString(), Format = format },
                credentials.For("invoicing", behalf),
                cancellationToken: limit.Token
            );
            return answer.Content.ToByteArray();
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
    }

    /// <summary>The invoice's documents by format, for whoever may see it; those that cannot hold the invoice are left out.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> DocumentsAsync(
        InvoiceId id,
        IReadOnlyCollection<string> formats,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(cancellationToken);
        var answer = await invoices.DocumentsAsync(
            new GetDocuments { InvoiceId = id.ToString(), Formats = { formats } },
            credentials.For("invoicing", behalf),
            cancellationToken: limit.Token
        );
        return answer.Documents.ToDictionary(each => each.Format, each => each.File.Content.ToByteArray(), StringComparer.Ordinal);
    }

    /// <summary>
    /// The seller as last told, within seconds where another instance was told, or as Invoicing knows it where the telling has not arrived
    /// yet.
    /// </summary>
    public ValueTask<SellerBody?> SellerAsync(SellerId id, CancellationToken cancellationToken) =>
        _sellers.GetAsync(id, token => ReadSellerAsync(id, token), cancellationToken, static known => known is not null);

    /// <summary>Reads the seller anew next time: this instance was told.</summary>
    public void Forget(SellerId id) => _sellers.Forget(id);

    private async Task<SellerBody?> ReadSellerAsync(SellerId id, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            if (await connection.QuerySingleOrDefaultAsync<string>(KnownSeller, new { sellerId = id.Value }) is { } known)
            {
                return JsonSerializer.Deserialize<SellerBody>(known, Wire.Tolerant);
            }
        }

        using var limit = Limit(cancellationToken);
        try
        {
            var answer = await sellers.GetAsync(
                new GetSeller { SellerId = id.Value },
                credentials.For("invoicing", OnBehalfOf.Seller(id)),
                cancellationToken: limit.Token
            );
            var told = JsonSerializer.Deserialize<SellerRegistered>(answer.Body.Span, Wire.Tolerant)!;
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await LearnSeller.KeepAsync(connection, null, told);
            return told;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>How an amount of an invoice can be paid.</summary>
    public async Task<PaymentInstructions> InstructionsAsync(
        SellerId seller,
        InvoiceId invoice,
        Money due,
        string reference,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(cancellationToken);
        var answer = await pages.InstructionsAsync(
            new GetInstructions
            {
                SellerId = seller.Value,
                InvoiceId = invoice.ToString(),
                Currency = due.Currency.Code,
                AmountDue = due.RoundedToMinorUnit().Amount.ToString(CultureInfo.InvariantCulture),
                PaymentReference = reference,
            },
            credentials.For("payments", OnBehalfOf.Seller(seller)),
            cancellationToken: limit.Token
        );
        return new PaymentInstructions
        {
            Iban = answer.HasIban ? answer.Iban : null,
            Bic = answer.HasBic ? answer.Bic : null,
            Beneficiary = answer.Beneficiary,
            EpcPayload = answer.HasEpcPayload ? answer.EpcPayload : null,
            PayUrl = answer.PayUrl is { Length: > 0 } url ? url : null,
        };
    }

    /// <summary>Where a reminder is paid, of each invoice what it asks for and of no other anything; else where they are shown.</summary>
    public async Task<string> PayLinkAsync(
        SellerId seller,
        TransmissionId message,
        InvoiceId invoice,
        ReminderContent reminder,
        string portal,
        CancellationToken cancellationToken
    )
    {
        if (reminder.PayUrl is { Length: > 0 } given)
        {
            return given;
        }

        if (reminder.Items.Count > 0)
        {
            using var limit = Limit(cancellationToken);
            try
            {
                var asked = new GetAskedLink { SellerId = seller.Value, MessageId = message.ToString() };
                asked.Invoices.Add(
                    reminder.Items.Select(item => new AskedInvoice
                    {
                        InvoiceId = item.InvoiceId.ToString(),
                        Amount = item.AmountDue.ToString(CultureInfo.InvariantCulture),
                    })
                );
                var answer = await pages.AskedLinkAsync(
                    asked,
                    credentials.For("payments", OnBehalfOf.Seller(seller)),
                    cancellationToken: limit.Token
                );
                return answer.PayUrl;
            }
            catch (RpcException none) when (none.StatusCode is StatusCode.NotFound or StatusCode.Unimplemented)
            {
                // Payments has not heard of one of them, or is of the version before.
            }
        }

        if (reminder.IsOfSeveral)
        {
            // Signed in, each of them is there to be paid; a link to everything open would ask for what the reminder does not.
            return $"{portal}/invoices";
        }

        var due = new Money(reminder.AmountDue, reminder.Currency);
        var paying = await InstructionsAsync(seller, invoice, due, reminder.PaymentReference, cancellationToken);
        return paying.PayUrl ?? $"{portal}/invoices/{invoice}";
    }

    /// <summary>A neighbour that does not answer is away, which is passing; the token's end reads so.</summary>
    private static CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }
}
