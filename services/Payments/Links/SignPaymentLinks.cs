using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>Makes and reads payment links. The key comes from the installation's secret, so links hold through restarts and restores.</summary>
public sealed class SignPaymentLinks(IConfiguration configuration, PublicAddress address, TimeProvider clock)
{
    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(
            configuration["Keys:ApiKeySecret"]
                ?? throw new InvalidOperationException("Keys:ApiKeySecret is not set: payment links are signed")
        ),
        32,
        info: "payments/payment-link/1"u8.ToArray()
    );
    private readonly TimeSpan _lifetime = TimeSpan.FromDays(configuration.GetValue("Payments:LinkDays", 60));

    /// <summary>A link to pay an invoice; ends after Payments:LinkDays, 60 unless configured.</summary>
    public (string Url, DateTimeOffset ExpiresAt) Make(SellerId seller, InvoiceId invoice) => Make(seller, invoice, null, null);

    /// <summary>A link to pay everything open of a customer, which it names by the customer's key; ends likewise.</summary>
    public (string Url, DateTimeOffset ExpiresAt) MakeForCustomer(SellerId seller, Guid customerKey) =>
        Make(seller, null, customerKey, null);

    /// <summary>A link to pay what a reminder asked for, by the id that it is kept under; ends likewise.</summary>
    public (string Url, DateTimeOffset ExpiresAt) MakeForAsked(SellerId seller, Guid asked) => Make(seller, null, null, asked);

    /// <summary>What a token was signed for, unless it is forged or past its end; whether it was revoked, the table tells.</summary>
    public Outcome<PaymentLink> Open(string token) =>
        PaymentLink.Read(token, _key) is not { } link ? PaymentsFaults.ForgedLink.With()
        : link.ExpiresAt <= clock.GetUtcNow() ? PaymentsFaults.EndedLink.With()
        : link;

    private (string Url, DateTimeOffset ExpiresAt) Make(SellerId seller, InvoiceId? invoice, Guid? customerKey, Guid? asked)
    {
        var now = clock.GetUtcNow();
        var end = DateTimeOffset.FromUnixTimeSeconds((now + _lifetime).ToUnixTimeSeconds());
        var link = new PaymentLink(seller, invoice, end)
        {
            CustomerKey = customerKey,
            AskedId = asked,
            MadeAt = now,
        };
        return ($"{address.Portal}/pay/{link.Sign(_key)}", end);
    }
}
