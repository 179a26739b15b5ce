using System.Globalization;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>Which record it is.</summary>
public enum RecordKind
{
    /// <summary>RegistroAlta.</summary>
    Registration,

    /// <summary>RegistroAnulacion.</summary>
    Cancellation,

    /// <summary>RegistroEvento.</summary>
    Event,
}

/// <summary>
/// What the next record calls this one by: issuer, number and day of the invoice as written; of an event, its type (as number) and its
/// instant (as day).
/// </summary>
public sealed record RecordName(string Issuer, string Number, string Day);

/// <summary>The record before, as a record cites it (RegistroAnterior, EventoAnterior).</summary>
public sealed record WrittenLink(RecordName Name, string Fingerprint);

/// <summary>One field that a fingerprint is over, as written, without blanks around it.</summary>
public readonly record struct FingerprintedField(string Name, string Text);

/// <summary>A record as some system wrote it: the texts that its fingerprint is over, and those that hang it on the one before.</summary>
public sealed record WrittenRecord
{
    /// <summary>Which record it is.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>What the next record calls it by.</summary>
    public required RecordName Name { get; init; }

    /// <summary>The fields that its fingerprint is over, in the order of the specification.</summary>
    public required IReadOnlyList<FingerprintedField> Fields { get; init; }

    /// <summary>Huella, HuellaEvento: as it says.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>TipoHuella.</summary>
    public required string Algorithm { get; init; }

    /// <summary>PrimerRegistro, PrimerEvento.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>The record before; none on the first.</summary>
    public WrittenLink? Preceding { get; init; }

    /// <summary>FechaHoraHusoGenRegistro, FechaHoraHusoGenEvento.</summary>
    public required string RecordedAt { get; init; }

    /// <summary>The chain it belongs to: kind of records, taxpayer, producer, system and installation.</summary>
    public required string Chain { get; init; }

    /// <summary>Whether it carries a signature.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>The fingerprint that its fields come to as they are written.</summary>
    public string Computed => _computed ??= Of(Fields);

    /// <summary>
    /// Whether it says the fingerprint that its fields come to. Amounts count alike with one decimal or two, whatever zeros end them
    /// (huella v0.1.2, 3): a system may fingerprint 123.1 and write 123.10.
    /// </summary>
    public bool Fits => _fits ??= Fingerprint == Computed || Alike(0, [.. Fields]);

    /// <summary>The instant it was made at; none where that cannot be read.</summary>
    public DateTimeOffset? Instant =>
        DateTimeOffset.TryParse(RecordedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private string? _computed;
    private bool? _fits;

    private static string Of(IEnumerable<FingerprintedField> fields) =>
        Verifactu.Fingerprint.Of(string.Join('&', fields.Select(field => $"{field.Name}={field.Text}")));

    private bool Alike(int at, FingerprintedField[] fields)
    {
        if (at == fields.Length)
        {
            return Of(fields) == Fingerprint;
        }

        var (name, text) = fields[at];
        if (name is not ("CuotaTotal" or "ImporteTotal"))
        {
            return Alike(at + 1, fields);
        }

        foreach (var form in Forms(text))
        {
            fields[at] = new FingerprintedField(name, form);
            if (Alike(at + 1, fields))
            {
                return true;
            }
        }

        fields[at] = new FingerprintedField(name, text);
        return false;
    }

    /// <summary>12, 12.0 and 12.00 are one amount, as are 12.3 and 12.30.</summary>
    private static IEnumerable<string> Forms(string text)
    {
        yield return text;
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (text.Length > 16 || !decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var amount) || amount.Scale > 2)
        {
            yield break;
        }

        foreach (var form in new[] { "0.##", "0.0#", "0.00" })
        {
            var other = amount.ToString(form, CultureInfo.InvariantCulture);
            if (other != text)
            {
                yield return other;
            }
        }
    }
}

/// <summary>A record that was read: as written, and as our noun where it says nothing that the noun has no place for.</summary>
public sealed record ReadRecord(WrittenRecord Written, RegistrationRecord? Registration, CancellationRecord? Cancellation);

/// <summary>A file of records: one, or those of a submission under its header.</summary>
public sealed record RecordFile(SubmissionHeader? Header, IReadOnlyList<ReadRecord> Records);
