using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Reporting.Views;

/// <summary>
/// A password as PostgreSQL keeps it (RFC 5802, 7677): the server is told this and never the password, so that no log of statements has it.
/// </summary>
public static class ScramVerifier
{
    private const int Iterations = 4096;

    /// <summary>The verifier of a password of ASCII letters and digits.</summary>
    public static string Of(string password, ReadOnlySpan<byte> salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
