using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Simulators.Redsys;

#pragma warning disable CA5350 // Redsys derives each order's key by 3DES.

/// <summary>Redsys' signatures, written from its documents and not from the product.</summary>
internal static class Signing
{
    public const string Sha256 = "HMAC_SHA256_V1";
    public const string Sha512 = "HMAC_SHA512_V2";

    /// <summary>The signature's bytes of a text under an order.</summary>
    public static byte[] Compute(string version, string key, string order, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (version == Sha512)
        {
            using var sha512 = new HMACSHA512(Encoding.UTF8.GetBytes(Diversify(key, order)));
            return sha512.ComputeHash(bytes);
        }

        using var sha256 = new HMACSHA256(Encrypt(key, order));
        return sha256.ComputeHash(bytes);
    }

    /// <summary>Whether what came, in either alphabet, is the signature.</summary>
    public static bool IsRight(string version, string key, string order, string text, string signature) =>
        order.Length > 0 && Decode(signature) is { } came && came.AsSpan().SequenceEqual(Compute(version, key, order, text));

    /// <summary>A notice's signature: with the letters that addresses take, filled up in the first version and not in the second.</summary>
    public static string ForNotice(string version, string key, string order, string text)
    {
        var signature = Compute(version, key, order, text);
        return version == Sha512
            ? Base64Url.EncodeToString(signature)
            : Convert.ToBase64String(signature).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>An answer's signature.</summary>
    public static string ForAnswer(string version, string key, string order, string text)
    {
        var signature = Compute(version, key, order, text);
        return version == Sha512 ? Base64Url.EncodeToString(signature) : Convert.ToBase64String(signature);
    }

    /// <summary>The bytes of base64 in either alphabet; null where it is none.</summary>
    public static byte[]? Decode(string text)
    {
        try
        {
            var plain = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
            return Convert.FromBase64String(plain + new string('=', (4 - plain.Length % 4) % 4));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Encrypt(string key, string order)
    {
        var block = Encoding.UTF8.GetBytes(order.PadRight((order.Length + 7) / 8 * 8, '\0'));
        using var des = TripleDES.Create();
        des.Mode = CipherMode.CBC;
        des.Padding = PaddingMode.None;
        des.Key = Convert.FromBase64String(key);
        des.IV = new byte[8];
        using var encryptor = des.CreateEncryptor();
        return encryptor.TransformFinalBlock(block, 0, block.Length);
    }

    private static string Diversify(string key, string order)
    {
        var block = Encoding.UTF8.GetBytes(order);
        using var aes = Aes.Create();
        aes.Mode = CipherMode.CBC;
        aes.Padding = PaddingMode.PKCS7;
        aes.Key = Encoding.UTF8.GetBytes(key[..16]);
        aes.IV = new byte[16];
        using var encryptor = aes.CreateEncryptor();
        return Convert.ToBase64String(encryptor.TransformFinalBlock(block, 0, block.Length));
    }
}
