namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>Why a debit was returned: ISO 20022's code, and what it says in both languages.</summary>
public sealed record ReturnReason(string? Code, string En, string Es)
{
    /// <summary>No account of that number.</summary>
    public const string NoAccount = "AC01";

    /// <summary>The account was closed.</summary>
    public const string ClosedAccount = "AC04";

    /// <summary>There is no mandate, or it was revoked.</summary>
    public const string NoMandate = "MD01";

    private static readonly Dictionary<string, ReturnReason> Known = new ReturnReason[]
    {
        new(NoAccount, "There is no account of that number", "El número de cuenta no existe"),
        new(ClosedAccount, "The account is closed", "La cuenta está cancelada"),
        new("AC06", "The account is blocked", "La cuenta está bloqueada"),
        new("AC13", "The account is a consumer's: no debits between businesses", "La cuenta es de un consumidor: no admite adeudos B2B"),
        new("AG01", "The account takes no direct debits", "La cuenta no admite adeudos domiciliados"),
        new("AG02", "The bank does not take this kind of debit", "El banco no admite este tipo de adeudo"),
        new("AM04", "Not enough money on the account", "Saldo insuficiente"),
        new("AM05", "Collected twice", "Adeudo duplicado"),
        new("BE05", "The bank does not know who collects", "El banco no reconoce al acreedor"),
        new("CNOR", "The seller's bank is not reachable in the scheme", "El banco del vendedor no participa en el esquema"),
        new("DNOR", "The customer's bank is not reachable in the scheme", "El banco del cliente no participa en el esquema"),
        new("ED05", "The settlement between the banks failed", "Falló la liquidación entre los bancos"),
        new("FF01", "The file's format is wrong", "El formato del fichero no es válido"),
        new("FF05", "The debit is of another scheme than the mandate", "El esquema del adeudo no es el del mandato"),
        new(NoMandate, "There is no mandate, or the customer revoked it", "No hay mandato, o el cliente lo ha revocado"),
        new("MD02", "The mandate's data are missing or wrong", "Faltan datos del mandato o son incorrectos"),
        new("MD06", "The customer wants the money back", "El cliente ha solicitado la devolución"),
        new("MD07", "The customer has died", "El cliente ha fallecido"),
        new("MS02", "The customer refused, without saying why", "El cliente lo ha rechazado sin indicar el motivo"),
        new("MS03", "The bank does not say why", "El banco no indica el motivo"),
        new("RC01", "The bank's BIC is wrong", "El BIC del banco no es correcto"),
        new("RR01", "The customer's account or identification is missing", "Falta la cuenta o la identificación del cliente"),
        new("RR02", "The customer's name or address is missing", "Falta el nombre o la dirección del cliente"),
        new("RR03", "The seller's name or address is missing", "Falta el nombre o la dirección del vendedor"),
        new("RR04", "A regulation forbids it", "Lo impide una norma"),
        new("SL01", "The customer told the bank not to pay this seller", "El cliente ha pedido al banco que no pague a este vendedor"),
        new("TM01", "The file came too late", "El fichero llegó fuera de plazo"),
    }.ToDictionary(each => each.Code!);

    /// <summary>What a bank's code says; one that is not known, or none at all, is said to be that.</summary>
    public static ReturnReason Of(string? code) =>
        code is null ? new ReturnReason(null, "The bank gave no reason", "El banco no indica ningún motivo")
        : Known.TryGetValue(code, out var known) ? known
        : new ReturnReason(code, $"The bank's reason {code}", $"Motivo {code} del banco");

    /// <summary>Whether nothing more can be collected by the mandate as it is.</summary>
    public static bool Suspends(string? code) => code is NoAccount or ClosedAccount or NoMandate;

    /// <summary>Whether another account of the customer makes up for it.</summary>
    public static bool IsOfAccount(string? code) => code is NoAccount or ClosedAccount;
}
