using System.Security.Cryptography;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>The key that a webhook's calls are signed with, as Standard Webhooks writes it: whsec_ and base64.</summary>
public static class WebhookSecret
{
    /// <summary>What it begins with.</summary>
    public const string Prefix = "whsec_";

    private const int Least = 24;
    private const int Most = 64;
    private const int Made = 32;
    private const int MostCharacters = 88;

    /// <summary>A new one.</summary>
    public static byte[] Make() => RandomNumberGenerator.GetBytes(Made);

    /// <summary>As text.</summary>
    public static string Text(byte[] key) => Prefix + Convert.ToBase64String(key);

    /// <summary>The key of a text; nothing where it is none.</summary>
    public static byte[]? Read(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > Prefix.Length + MostCharacters)
        {
            return null;
        }

        var base64 = text[Prefix.Length..];
        // The platform's reader passes over spaces.
        if (base64.Any(char.IsWhiteSpace))
        {
            return null;
        }

        var room = new byte[Most + 2];
        return Convert.TryFromBase64String(base64, room, out var length) && length is >= Least and <= Most ? room[..length] : null;
    }
}
