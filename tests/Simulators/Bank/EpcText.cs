namespace RetailInvoicing.Simulators.Bank;

/// <summary>What the QR of a SEPA credit transfer says (EPC069-12), as a bank's app reads it.</summary>
internal sealed record EpcText(string Bic, string Name, string Iban, string Amount, string Reference)
{
    private const int MostBytes = 331;

    /// <summary>Reads it; null and why where it is none.</summary>
    public static (EpcText? Text, Wrong? Wrong) Read(string payload)
    {
        // A browser sends a text area's lines with CR and LF.
        var text = payload.Replace("\r", "", StringComparison.Ordinal);
        string[] lines = [.. text.Split('\n'), .. Enumerable.Repeat("", 12)];
        var wrong =
            System.Text.Encoding.UTF8.GetByteCount(text) > MostBytes
                ? new Wrong("es más largo que un QR de transferencia", "it is longer than the QR of a transfer")
            : lines[0] != "BCD" ? new Wrong("no empieza por BCD", "it does not begin with BCD")
            : lines[1] is not ("001" or "002") ? new Wrong("la versión no es 001 ni 002", "its version is neither 001 nor 002")
            : lines[2] is not [>= '1' and <= '8'] ? new Wrong("el juego de caracteres no es del 1 al 8", "its character set is not 1 to 8")
            : lines[3] != "SCT" ? new Wrong("no es una transferencia SEPA (SCT)", "it is no SEPA transfer (SCT)")
            : lines[1] == "001" && lines[4].Length == 0 ? new Wrong("a la versión 001 le falta el BIC", "version 001 lacks its BIC")
            : lines[7].Length > 0 && !lines[7].StartsWith("EUR", StringComparison.Ordinal)
                ? new Wrong("el importe no es en euros", "its amount is not in euros")
            : lines[9].Length > 0 && lines[10].Length > 0 ? new Wrong("lleva dos conceptos", "it has two references")
            : null;
        return wrong is null
            ? (new EpcText(lines[4], lines[5], lines[6], lines[7].Length > 3 ? lines[7][3..] : "", lines[9] + lines[10]), null)
            : (null, new Wrong($"No es un QR de transferencia: {wrong.Spanish}.", $"This is no QR of a transfer: {wrong.English}."));
    }
}
