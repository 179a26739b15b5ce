using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>The signature of a record (XAdES-EPES, for systems outside VERI*FACTU): whether it was looked at, who signed, or why it does not hold.</summary>
public sealed record RecordSignature(bool IsChecked, string? Signer, Fault? Fault)
{
    private static readonly RecordSignature Unchecked = new(false, null, null);

    /// <summary>
    /// The signature of a file that is a record and nothing else. Of one inside a submission or an event, which does not stand in the root, it is
    /// not looked at; whether the signer's issuer is to be trusted is not asked.
    /// </summary>
    public static RecordSignature Of(ReadOnlyMemory<byte> file, WrittenRecord record)
    {
        if (!record.IsSigned || record.Kind == RecordKind.Event)
        {
            return Unchecked;
        }

        var signature = XadesVerification.Of(file);
        return signature.Refused(out var fault)
            ? new RecordSignature(true, null, fault)
            : new RecordSignature(true, signature.Value.Certificate.Subject, null);
    }
}
