namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// A signature policy that is known here: what it is called, and what its document comes to, so that a signature can name no other text.
/// </summary>
internal sealed record SignaturePolicy
{
    /// <summary>
    /// The policy of Facturae, version 3.1. Its document's SHA-1 is what every receiver expects in SigPolicyHash, and what we write; it
    /// identifies a text that is public and fixed, and guards nothing else.
    /// </summary>
    public static readonly SignaturePolicy Facturae = new()
    {
        Identifier = "http://www.facturae.es/politica_de_firma_formato_facturae/politica_de_firma_formato_facturae_v3_1.pdf",
        Description = "Política de firma electrónica para facturación electrónica con formato Facturae",
        Sha1 = "Ohixl6upD6av8N7pEvDABhEL6hM=",
        Sha256 = "a/vDoueJq9zxWGCFwdsXdlXtkFSEek4XVtmlQCEDaE8=",
        SignsKeyInfo = true,
        Roles = ["supplier", "emisor", "customer", "receptor", "third party", "tercero"],
    };

    /// <summary>The policy of the Spanish administration, version 1.9, which the tax agency's records are signed under.</summary>
    public static readonly SignaturePolicy Administration = new()
    {
        Identifier = "urn:oid:2.16.724.1.3.1.1.2.1.9",
        Description = "",
        Sha1 = "G7roucf600+f03r/o0bAOQ6WAs0=",
    };

    /// <summary>SigPolicyId.</summary>
    public required string Identifier { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Description { get; init; }

    /// <summary>SHA-1 of its document, base64.</summary>
    public required string Sha1 { get; init; }

    /// <summary>SHA-256 of its document, where that is known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether the certificate in KeyInfo has to be signed itself.</summary>
    public bool SignsKeyInfo { get; init; }

    /// <summary>The roles that a signer may claim; any where there are none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The policy of an identifier; null where it is not known.</summary>
    public static SignaturePolicy? Find(string? identifier) =>
        identifier == Facturae.Identifier ? Facturae
        : identifier == Administration.Identifier ? Administration
        : null;

    /// <summary>Whether a SigPolicyHash is this document's.</summary>
    public bool Holds(string? algorithm, string? digest) =>
        algorithm switch
        {
            XadesNames.Sha1 => digest == Sha1,
            XadesNames.Sha256 => digest is not null && digest == Sha256,
            _ => false,
        };
}
