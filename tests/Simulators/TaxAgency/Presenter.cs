using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>Whose certificate a submission came with.</summary>
internal static partial class Presenter
{
    private const string SerialNumber = "2.5.4.5";
    private const string OrganizationIdentifier = "2.5.4.97";

    /// <summary>
    /// The NIF that a certificate's subject names: the organisation's (VATES-…) where it is one's, else the holder's (IDCES-…, or the NIF
    /// alone). Null where it names none.
    /// </summary>
    public static string? NifOf(X509Certificate2 certificate) =>
        Attribute(certificate, OrganizationIdentifier) ?? Attribute(certificate, SerialNumber);

    /// <summary>It is valid at an instant.</summary>
    public static bool IsInTime(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore <= now && now <= certificate.NotAfter;

    private static string? Attribute(X509Certificate2 certificate, string oid)
    {
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!name.HasMultipleElements && name.GetSingleElementType().Value == oid && Value(name) is { } value)
            {
                return Identifier().Match(value) is { Success: true } match ? match.Groups[1].Value : null;
            }
        }

        return null;
    }

    // Of an attribute that .NET has no name for, it does not read the value either.
    private static string? Value(X500RelativeDistinguishedName name)
    {
        var set = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSetOf();
        var pair = set.ReadSequence();
        pair.ReadObjectIdentifier();
        var tag = (UniversalTagNumber)pair.PeekTag().TagValue;
        return tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
            ? pair.ReadCharacterString(tag)
            : null;
    }

    [GeneratedRegex("^(?:IDCES-|VATES-)?([0-9A-Z]{9})$")]
    private static partial Regex Identifier();
}
