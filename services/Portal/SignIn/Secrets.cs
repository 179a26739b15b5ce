using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>
/// The secrets that open something. A link's token is made from its id with a key that is not in the database: it can be mailed again
/// after a crash, and what the database holds opens nothing.
/// </summary>
public sealed class Secrets
{
    private readonly byte[] _key;

    /// <summary>Secrets under the service's own key.</summary>
    public Secrets(IConfiguration configuration)
    {
        var key = configuration["Keys:Service"] ?? throw new InvalidOperationException("Keys:Service is not set");
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), 32, info: "portal sign-in"u8.ToArray());
    }

    /// <summary>A new secret of 256 bits.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The token of a mailed link.</summary>
    public string LinkToken(Guid linkId) => Made($"link {linkId:N}");

    /// <summary>The token of the one session that a link makes in the browser that asked for it.</summary>
    public string SessionToken(Guid linkId, string browser) => Made($"session {linkId:N} {browser}");

    /// <summary>Whether a token can be one of ours, before the database is asked.</summary>
    public static bool IsPlausible(string? token) =>
        token is { Length: 43 } && token.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private string Made(string of) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(of)));
}
