using System.Text.Json.Serialization;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Retail.Validate;

/// <summary>What is told of a Facturae whose signature holds; neither its schema nor its sums are looked at.</summary>
public sealed record SignedFacturae(
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("signedAt")] DateTimeOffset SignedAt,
    [property: JsonPropertyName("signer")] string Signer,
    [property: JsonPropertyName("policy")] string Policy
)
{
    /// <summary>The signature, or why it does not hold; null where the file is no Facturae.</summary>
    public static Outcome<SignedFacturae>? Of(FileInfo file)
    {
        var document = File.ReadAllBytes(file.FullName);
        if (!FacturaeReader.IsFacturae(document))
        {
            return null;
        }

        var (invoice, signature) = (FacturaeReader.Read(document), XadesVerification.Of(document));
        if (invoice.Refused(out var unread))
        {
            return unread;
        }

        return signature.Refused(out var unsigned)
            ? unsigned
            : new SignedFacturae(
                invoice.Value.Number,
                signature.Value.SignedAt,
                signature.Value.Certificate.Subject,
                signature.Value.Policy
            );
    }
}
