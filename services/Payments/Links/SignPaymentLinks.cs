using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>Makes and opens payment links. The key comes from the installation's secret, so links hold through restarts and restores.</summary>
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
    public (string Url, DateTimeOffset ExpiresAt) Make(SellerId seller, InvoiceId invoice)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds((clock.GetUtcNow() + _lifetime).ToUnixTimeSeconds());
        return ($"{address.Portal}/pay/{new PaymentLink(seller, invoice, end).Sign(_key)}", end);
    }

    /// <summary>What a token opens, unless it is forged or past its end.</summary>
    public Outcome<PaymentLink> Open(string token) =>
        PaymentLink.Read(token, _key) is not { } link ? PaymentsFaults.ForgedLink.With()
        : link.ExpiresAt <= clock.GetUtcNow() ? PaymentsFaults.EndedLink.With()
        : link;
}
