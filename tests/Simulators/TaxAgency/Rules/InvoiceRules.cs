namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What is checked of a registration as a whole: what identifies it, what kind it is, and what goes with that kind.</summary>
internal static class InvoiceRules
{
    private static readonly DateOnly OrderInForce = new(2024, 10, 28);
    private const decimal Macro = 100_000_000;

    public static readonly IReadOnlyList<Rule> All =
    [
        new(1120, "3.1.3 1", "IDEmisorFactura has the shape of a NIF.", x => !Nif.HasShape(x.Record.Issuer)) { Identifies = true },
        new(1219, "3.1.3 1", "The check character of IDEmisorFactura is right.", x => !Nif.IsSound(x.Record.Issuer)) { Identifies = true },
        new(1108, "3.1.3 1", "The issuer is the taxpayer of the header.", x => x.Record.Issuer != x.Header.Taxpayer) { Identifies = true },
        new(1130, "3.1.3 1", "NumSerieFactura has printable ASCII characters only.", x => !IsPrintable(x.Record.Number)),
        new(1105, "3.1.3 1", "FechaExpedicionFactura is a day of the calendar.", x => x.Record.IssuedOn is null),
        new(1112, "3.1.3 1", "FechaExpedicionFactura is not in the future.", x => x.Record.IssuedOn > x.Today),
        new(1152, "3.1.3 1", "FechaExpedicionFactura is not before 28-10-2024.", x => x.Record.IssuedOn < OrderInForce),
        new(
            1145,
            "3.1.3 7",
            "FechaOperacion and the dates of invoices named are days of the calendar.",
            x => OtherDays(x).Any(day => day is null)
        ),
        new(1134, "3.1.3 7", "FechaOperacion is not more than twenty years ago.", x => OperationDay(x) < x.Today.AddYears(-20)),
        new(1125, "3.1.3 7", "FechaOperacion is not after the end of next year.", x => OperationDay(x)?.Year > x.Today.Year + 1),
        new(
            1173,
            "3.1.3 7",
            "FechaOperacion is in the future under regimes 14 and 15 alone.",
            x => OperationDay(x) > x.Today && !MayBePending(x)
        ),
        new(
            1146,
            "3.1.3 1",
            "The invoice is issued before the operation under regimes 14 and 15 alone.",
            x => x.Record.IssuedOn < OperationDay(x) && !MayBePending(x)
        ),
        new(1153, "3.1.3 2", "RechazoPrevio X goes with Subsanacion S.", x => x.Says("RechazoPrevio", "X") && !x.Says("Subsanacion", "S")),
        new(1161, "3.1.3 2", "RechazoPrevio S goes with Subsanacion S.", x => x.Says("RechazoPrevio", "S") && !x.Says("Subsanacion", "S")),
        new(1114, "3.1.3 3", "A corrective invoice says TipoRectificativa.", x => x.IsCorrective && !x.Record.Has("TipoRectificativa")),
        new(1115, "3.1.3 3", "No other invoice says TipoRectificativa.", x => !x.IsCorrective && x.Record.Has("TipoRectificativa")),
        new(
            1117,
            "3.1.3 4",
            "FacturasRectificadas stand in a corrective invoice alone.",
            x => !x.IsCorrective && x.Record.Has("FacturasRectificadas")
        ),
        new(1116, "3.1.3 5", "FacturasSustituidas stand in an F3 alone.", x => !x.IsKind("F3") && x.Record.Has("FacturasSustituidas")),
        new(
            1154,
            "3.1.3 4, 5",
            "The issuers of the invoices named are in the census.",
            x => NamedIssuers(x).Any(nif => !x.Census.Knows(nif))
        )
        {
            Identifies = true,
        },
        new(
            1118,
            "3.1.3 6",
            "A correction by substitution says ImporteRectificacion.",
            x => x.Says("TipoRectificativa", "S") && !x.Record.Has("ImporteRectificacion")
        ),
        new(
            1119,
            "3.1.3 6",
            "No other invoice says ImporteRectificacion.",
            x => !x.Says("TipoRectificativa", "S") && x.Record.Has("ImporteRectificacion")
        ),
        new(
            1183,
            "3.1.3 8",
            "FacturaSimplificadaArt7273 is S in F1, F3 and R1 to R4 alone.",
            x => x.Says("FacturaSimplificadaArt7273", "S") && !x.IsKind("F1", "F3", "R1", "R2", "R3", "R4")
        ),
        new(
            1185,
            "3.1.3 9",
            "FacturaSinIdentifDestinatarioArt61d is S in F2 and R5 alone.",
            x => x.Says("FacturaSinIdentifDestinatarioArt61d", "S") && !x.IsKind("F2", "R5")
        ),
        new(1139, "3.1.3 10", "From ±100,000,000 on Macrodato is S.", x => IsMacro(x) && !x.Says("Macrodato", "S")),
        new(1138, "list of codes", "Below ±100,000,000 Macrodato is not S.", x => !IsMacro(x) && x.Says("Macrodato", "S")),
        new(1157, "3.1.3 14", "Cupon is S in R1 and R5 alone.", x => x.Says("Cupon", "S") && !x.IsKind("R1", "R5")),
        new(1244, "3.1.3 20", "FechaHoraHusoGenRegistro says its offset.", x => !HasOffset(x)),
        new(1268, "3.1.3 20", "FechaHoraHusoGenRegistro has whole seconds.", x => x.Record.Text("FechaHoraHusoGenRegistro")!.Contains('.')),
    ];

    internal static bool IsPrintable(string? text) => text is not null && text.All(each => each is >= ' ' and <= '~');

    internal static bool HasOffset(Examined x) =>
        x.Record.Text("FechaHoraHusoGenRegistro") is { } at && (at.EndsWith('Z') || at.Length > 6 && at[^6] is '+' or '-' && at[^3] == ':');

    private static DateOnly? OperationDay(Examined x) => x.Record.Day("FechaOperacion");

    /// <summary>The dates beside that of issue: one that is no day of the calendar is null here.</summary>
    private static IEnumerable<DateOnly?> OtherDays(Examined x)
    {
        if (x.Record.Has("FechaOperacion"))
        {
            yield return OperationDay(x);
        }

        foreach (var named in Named(x))
        {
            yield return SentRecord.DayOf(named.Text("FechaExpedicionFactura"));
        }
    }

    private static bool MayBePending(Examined x) => x.Record.Lines.All(line => !line.IsVatOrIgic || line.Regime is "14" or "15");

    private static bool IsMacro(Examined x) => Math.Abs(x.Record.Amount("ImporteTotal") ?? 0) >= Macro;

    private static IEnumerable<System.Xml.Linq.XElement> Named(Examined x) =>
        x
            .Record.Xml.All("FacturasRectificadas", "IDFacturaRectificada")
            .Concat(x.Record.Xml.All("FacturasSustituidas", "IDFacturaSustituida"));

    private static IEnumerable<string?> NamedIssuers(Examined x) => Named(x).Select(each => each.Text("IDEmisorFactura"));
}
