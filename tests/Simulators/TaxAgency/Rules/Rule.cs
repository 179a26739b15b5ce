namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>A published validation: its code, where the validations document has it, what it says, and when a record breaks it.</summary>
internal sealed record Rule(int Code, string Section, string Says, Func<Examined, bool> IsBroken)
{
    /// <summary>A record kept under a requirement is refused for this too: it is about who somebody is (validations 4.3.2).</summary>
    public bool Identifies { get; init; }

    /// <summary>A rule on each line of the breakdown.</summary>
    public static Rule OfLines(int code, string section, string says, Func<TaxLine, bool> isBroken) =>
        new(code, section, says, x => x.Record.Lines.Any(isBroken));

    /// <summary>A rule on each line of the breakdown, and on the record.</summary>
    public static Rule OfLines(int code, string section, string says, Func<Examined, TaxLine, bool> isBroken) =>
        new(code, section, says, x => x.Record.Lines.Any(line => isBroken(x, line)));

    /// <summary>A rule on somebody named in the record.</summary>
    public static Rule OfParties(
        int code,
        string section,
        string says,
        Func<Examined, IEnumerable<Party>> parties,
        Func<Examined, Party, bool> isBroken
    ) => new(code, section, says, x => parties(x).Any(party => isBroken(x, party))) { Identifies = true };
}

/// <summary>A record and what is known around it: the header it came with, the census, the day, and the chain it belongs to.</summary>
internal sealed class Examined
{
    /// <summary>The agency's servers tell the time of Madrid.</summary>
    public static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    /// <summary>How far ahead of the agency's clock a record's may be. The validations name no figure; the agency's answers say this one.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(240);

    public required SentRecord Record { get; init; }

    public required Header Header { get; init; }

    public required Control.Census Census { get; init; }

    public required Control.Settings Settings { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The agency has records of this taxpayer and system already.</summary>
    public bool ChainHasRecords { get; init; }

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Madrid).DateTime);

    public DateOnly OperatedOn => Record.OperatedOn ?? Today;

    public bool IsKind(params ReadOnlySpan<string> kinds) => kinds.Contains(Record.Kind);

    public bool IsCorrective => IsKind("R1", "R2", "R3", "R4", "R5");

    public bool Says(string field, string value) => Record.Text(field) == value;

    /// <summary>When the record says that it was made; null where it does not say it as it must.</summary>
    public DateTimeOffset? MadeAt =>
        DateTimeOffset.TryParse(
            Record.Text("FechaHoraHusoGenRegistro"),
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
