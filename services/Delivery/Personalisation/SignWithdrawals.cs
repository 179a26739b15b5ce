using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// Makes and opens the links that stop offers. The key comes from the installation's secret, so that the link of an old mail still works
/// after restarts and restores.
/// </summary>
public sealed class SignWithdrawals(IConfiguration configuration, PublicAddress address)
{
    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(
            configuration["Keys:ApiKeySecret"]
                ?? throw new InvalidOperationException("Keys:ApiKeySecret is not set: links that stop offers are sealed")
        ),
        32,
        info: "delivery/consent-withdrawal/1"u8.ToArray()
    );

    /// <summary>The address: opened it asks, posted to it stops.</summary>
    public string UrlOf(SellerId seller, string email, CustomerId? customer, string language) =>
        $"{address.Delivery}/v1/consent/withdrawals/"
        + new WithdrawalToken(seller, email, ConsentPurpose.Offers, customer, language).Seal(_key);

    /// <summary>What a link of ours says.</summary>
    public Outcome<WithdrawalToken> Open(string token) =>
        WithdrawalToken.Open(token, _key) is { } opened ? opened : DeliveryFaults.ForgedWithdrawal.With();
}
