using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>Ids in Stripe's form, which nobody can guess.</summary>
internal static class Ids
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string New(string prefix, int length) => prefix + RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>The account that a key opens which nobody has registered: always the same.</summary>
    public static string AccountOf(string key) => $"acct_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}";
}
