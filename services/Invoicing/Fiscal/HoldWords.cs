using System.Globalization;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>A sentence in both languages.</summary>
public sealed record Said(string English, string Spanish) : ISaid
{
    /// <inheritdoc />
    public string In(string? language) => language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Spanish : English;

    /// <summary>Several as one.</summary>
    public static Said Of(IEnumerable<Said> sentences)
    {
        var all = sentences.ToList();
        return new Said(string.Join(' ', all.Select(each => each.English)), string.Join(' ', all.Select(each => each.Spanish)));
    }
}

/// <summary>Why a chain is on hold, in words: few for whoever posts a sale, all of them for an operator.</summary>
public static class HoldWords
{
    /// <summary>A record or the head is not as it was made.</summary>
    public const string Broken = "broken";

    /// <summary>The database was restored from a backup.</summary>
    public const string Restored = "restored";

    /// <summary>What a till is told: no numbers, which may be another seller's.</summary>
    public static Said Of(string reason) =>
        reason switch
        {
            Broken => new("its records are not as they were made.", "sus registros no están como se generaron."),
            Restored => new(
                "the database was restored from a backup, and what the tax agency has is not as it is here.",
                "la base de datos se restauró de una copia, y lo que tiene la AEAT no es lo que hay aquí."
            ),
            _ => new("an operator has to look.", "tiene que revisarlo un operador."),
        };

    /// <summary>What was found of a broken chain, the first findings in full.</summary>
    public static Said Found(IReadOnlyList<ChainFinding> findings)
    {
        const int most = 3;
        var told = findings.Take(most).ToList();
        var more = findings.Count - told.Count;
        string Each(string language) =>
            string.Join(' ', told.Select(each => Invariant($"{each.Position} ({each.Number ?? "–"}): {each.Fault.In(language)}")));
        return new Said(
            Each("en") + (more > 0 ? Invariant($" And {more} more.") : ""),
            Each("es") + (more > 0 ? Invariant($" Y {more} más.") : "")
        );
    }

    /// <summary>A number that is still to be given here was given.</summary>
    public static Said GivenBefore(string number) =>
        new(
            $"The tax agency has {number}, which is still to be given here: this database is older than what it has issued.",
            $"La AEAT tiene {number}, que aquí aún no se ha dado: esta base de datos es anterior a lo que ha expedido."
        );

    /// <summary>Nothing has been compared yet.</summary>
    public static Said NotCompared { get; } =
        new(
            "The database was restored from a backup; it is being compared with what the tax agency has.",
            "La base de datos se restauró de una copia; se está comparando con lo que tiene la AEAT."
        );

    /// <summary>The agency does not answer.</summary>
    public static Said Unreachable(Fault why) =>
        new($"What the tax agency has last is not known: {why.In("en")}", $"No se sabe qué tiene la AEAT: {why.In("es")}");

    /// <summary>It has a record that this database lacks.</summary>
    public static Said AgencyIsAhead(LastAtAgency agency, string? number, string? fingerprint) =>
        new(
            Invariant(
                $"The agency's last record is {agency.Number} ({agency.IssueDate:yyyy-MM-dd}, {agency.Fingerprint}), which is not here; the last here is {number ?? "none"} ({fingerprint ?? "–"})."
            ),
            Invariant(
                $"El último registro de la AEAT es {agency.Number} ({agency.IssueDate:yyyy-MM-dd}, {agency.Fingerprint}), que no está aquí; aquí el último es {number ?? "ninguno"} ({fingerprint ?? "–"})."
            )
        );

    /// <summary>It says that it has none, and has accepted some.</summary>
    public static Said AgencyHasNone(long accepted) =>
        new(
            Invariant($"The agency says that it has no record, and {accepted} were accepted by it."),
            Invariant($"La AEAT dice no tener ningún registro, y aceptó {accepted}.")
        );

    /// <summary>A series counts otherwise than its invoices.</summary>
    public static Said SeriesDiffers(string series, long last, long highest) =>
        new(
            Invariant($"Series {series} is at {last}, and the highest number among its invoices is {highest}."),
            Invariant($"La serie {series} va por el {last}, y el número más alto entre sus facturas es el {highest}.")
        );

    /// <summary>A record's number is not its invoice's.</summary>
    public static Said RecordDiffers(string number) =>
        new(
            $"The record of {number} stands for an invoice of another number.",
            $"El registro de {number} corresponde a una factura con otro número."
        );

    /// <summary>Everything agrees.</summary>
    public static Said Agrees { get; } =
        new("Chain, numbers and the agency's last record agree.", "Coinciden la cadena, los números y el último registro de la AEAT.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
