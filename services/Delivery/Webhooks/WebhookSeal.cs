using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>Webhooks' secrets lie in the database sealed, each bound to its webhook: a copy of the database signs nothing.</summary>
public sealed class WebhookSeal(IConfiguration configuration)
{
    private readonly Seal? _seal = Seal.Of(configuration["Keys:DkimKey"], "webhook-secret");

    /// <summary>Whether there is a key to seal with.</summary>
    public bool IsThere => _seal is not null;

    /// <summary>A secret, sealed.</summary>
    public byte[] Close(SellerId seller, string webhookId, byte[] secret) =>
        (_seal ?? throw new InvalidOperationException("Keys:DkimKey is not set")).Close(Bound(seller, webhookId), secret);

    /// <summary>The secret again; nothing where it was sealed by another key or for another webhook.</summary>
    public byte[]? Open(SellerId seller, string webhookId, byte[] closed) => _seal?.Open(Bound(seller, webhookId), closed);

    // Neither can hold the sign between them.
    private static byte[] Bound(SellerId seller, string webhookId) => Encoding.UTF8.GetBytes($"{seller.Value}\n{webhookId}");
}
