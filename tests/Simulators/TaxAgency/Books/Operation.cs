namespace RetailInvoicing.Simulators.TaxAgency.Books;

/// <summary>What the agency has of an invoice.</summary>
internal enum Situation
{
    None,
    Registered,
    Cancelled,
}

/// <summary>Which operations are admissible (validations, annex 5): OK (1), (4), (5), (7), (8) and (9), ERROR (2), (3), (6) and (10).</summary>
internal static class Operation
{
    private const int Duplicate = 3000;
    private const int CancelledAlready = 3001;
    private const int Missing = 3002;

    /// <summary>The code with which an operation is refused; null where it is admissible.</summary>
    public static int? Refusal(SentRecord record, Situation situation) =>
        record.IsRegistration
            ? OfRegistration(record.Text("Subsanacion") == "S", record.Text("RechazoPrevio") ?? "N", situation)
            : OfCancellation(record.Text("SinRegistroPrevio") == "S", situation);

    private static int? OfRegistration(bool isCorrection, string refusedBefore, Situation situation) =>
        (isCorrection, refusedBefore) switch
        {
            // ALTA; ALTA POR RECHAZO and SUBSANACIÓN SIN REGISTRO PREVIO: OK (1), ERROR (2).
            (false, _) or (true, "X") => situation == Situation.None ? null : Duplicate,
            // ALTA DE SUBSANACIÓN, and after a refusal: ERROR (3), OK (4), OK (5).
            _ => situation == Situation.None ? Missing : null,
        };

    private static int? OfCancellation(bool withoutRecord, Situation situation) =>
        (withoutRecord, situation) switch
        {
            // ANULACIÓN, and after a refusal: ERROR (6), OK (7), OK (8).
            (false, Situation.None) => Missing,
            (false, _) => null,
            // ANULACIÓN SIN REGISTRO PREVIO, and after a refusal: OK (9), ERROR (10).
            (true, Situation.None) => null,
            (true, Situation.Registered) => Duplicate,
            (true, _) => CancelledAlready,
        };
}
