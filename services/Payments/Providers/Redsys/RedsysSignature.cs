using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Payments.Providers.Redsys;

#pragma warning disable CA5350 // Redsys derives each order's key by 3DES; what signs is HMAC-SHA256.

/// <summary>
/// Signs under a terminal's key, and tells whether what came was signed under it. HMAC_SHA256_V1 is as Redsys' "Guía de migración a firma
/// HMAC SHA256" (RS.TE.CEL.MAN.0001) has it: the order, padded with zeros, goes through 3DES-CBC, and what comes out keys HMAC-SHA256.
/// HMAC_SHA512_V2 is as its page "Firmar una operación" and its library "Firma HMAC SHA-512 V2" have it: AES-128-CBC under the first
/// sixteen characters of the key as they are written, not decoded, and what keys HMAC-SHA512 is the base64 text of what comes out.
/// </summary>
public static class RedsysSignature
{
    /// <summary>The version of 2015, which every terminal knows.</summary>
    public const string Sha256 = "HMAC_SHA256_V1";

    /// <summary>The version that Redsys asks for today.</summary>
    public const string Sha512 = "HMAC_SHA512_V2";

    private const int KeyCharacters = 32;
    private const int DesKey = 24;
    private const int DesBlock = 8;
    private const int AesBlock = 16;

    /// <summary>Whether this is a version that can be checked.</summary>
    public static bool IsKnown(string? version) => version is Sha256 or Sha512;

    /// <summary>Whether a key can sign, in either version.</summary>
    public static bool IsKey(string? key)
    {
        if (key is not { Length: KeyCharacters })
        {
            return false;
        }

        var bytes = new byte[DesKey];
        return Convert.TryFromBase64String(key, bytes, out var length) && length == DesKey && !TripleDES.IsWeakKey(bytes);
    }

    /// <summary>The signature of a text under an order, as that version writes it.</summary>
    public static string Sign(string version, string key, string order, string text)
    {
        var signature = Compute(version, key, order, text);
        return version == Sha512 ? Base64Url.EncodeToString(signature) : Convert.ToBase64String(signature);
    }

    /// <summary>Whether a text was signed under an order, whichever of the two alphabets the signature is written in.</summary>
    public static bool IsRight(string version, string key, string order, string text, string? signature) =>
        // The key of an empty order would be empty, and so anybody's.
        RedsysOrder.IsSound(order)
        && IsKnown(version)
        && RedsysParameters.Bytes(signature) is { } came
        && CryptographicOperations.FixedTimeEquals(came, Compute(version, key, order, text));

    private static byte[] Compute(string version, string key, string order, string text) =>
        version switch
        {
            Sha256 => HMACSHA256.HashData(OrderKeyBy3Des(key, order), Encoding.UTF8.GetBytes(text)),
            Sha512 => HMACSHA512.HashData(OrderKeyByAes(key, order), Encoding.UTF8.GetBytes(text)),
            _ => throw new ArgumentOutOfRangeException(nameof(version), version, "no version of Redsys' signature"),
        };

    private static byte[] OrderKeyBy3Des(string key, string order)
    {
        var padded = new byte[(order.Length + DesBlock - 1) / DesBlock * DesBlock];
        Encoding.ASCII.GetBytes(order, padded);
        using var des = TripleDES.Create();
        des.Key = Convert.FromBase64String(key);
        return des.EncryptCbc(padded, new byte[DesBlock], PaddingMode.None);
    }

    private static byte[] OrderKeyByAes(string key, string order)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(key.PadRight(AesBlock, '0')[..AesBlock]);
        var encrypted = aes.EncryptCbc(Encoding.ASCII.GetBytes(order), new byte[AesBlock], PaddingMode.PKCS7);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(encrypted));
    }
}
