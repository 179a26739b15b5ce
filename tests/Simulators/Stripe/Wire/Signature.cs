using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>What the header Stripe-Signature says.</summary>
internal static class Signature
{
    public static string Of(string secret, DateTimeOffset at, string body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return $"t={time},v1={Convert.ToHexStringLower(signed)}";
    }
}
