using System.Globalization;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>Why a line of the bank may be what is proposed: a stable code, and its words in both languages.</summary>
public sealed record MatchReason(string Code, IReadOnlyList<string> Values) : ISaid
{
    /// <summary>It cites the reference of an invoice.</summary>
    public const string Reference = "reference";

    /// <summary>It cites the reference without its beginning.</summary>
    public const string Bare = "reference-bare";

    /// <summary>It cites the reference with a slip.</summary>
    public const string Slip = "reference-slip";

    /// <summary>It cites the beginning of the reference.</summary>
    public const string Cut = "reference-cut";

    /// <summary>It cites the end of the reference.</summary>
    public const string Tail = "reference-end";

    /// <summary>It names the invoice.</summary>
    public const string Number = "number";

    /// <summary>It names the invoice's sequence.</summary>
    public const string Sequence = "number-part";

    /// <summary>The amount is what is open.</summary>
    public const string Exact = "amount-exact";

    /// <summary>The amount is what is open of several.</summary>
    public const string Sum = "amount-sum";

    /// <summary>The amount lacks what the seller forgives.</summary>
    public const string Forgiven = "amount-forgiven";

    /// <summary>The amount is less.</summary>
    public const string Partial = "amount-partial";

    /// <summary>The amount is more.</summary>
    public const string Over = "amount-over";

    /// <summary>Nobody else owes that amount.</summary>
    public const string OnlyOne = "amount-only-one";

    /// <summary>Others owe that amount too.</summary>
    public const string OneOfSeveral = "amount-one-of-several";

    /// <summary>The account is the customer's.</summary>
    public const string Account = "account";

    /// <summary>The account is the customer's and others'.</summary>
    public const string SharedAccount = "account-shared";

    /// <summary>The payer is called like the customer.</summary>
    public const string Name = "name";

    /// <summary>The payer is called nearly like the customer.</summary>
    public const string NearName = "name-near";

    /// <summary>The payer is called otherwise.</summary>
    public const string OtherName = "name-other";

    /// <summary>The money came before the invoice.</summary>
    public const string Early = "before-issue";

    /// <summary>What it cites is paid.</summary>
    public const string PaidAlready = "paid-already";

    /// <summary>A provider announced it.</summary>
    public const string Payout = "payout";

    /// <summary>The line names the provider.</summary>
    public const string PayoutNamed = "payout-named";

    /// <summary>A refund of that amount was given.</summary>
    public const string Refund = "refund";

    /// <summary>The line names the refund.</summary>
    public const string RefundNamed = "refund-named";

    private static readonly Dictionary<string, (string English, string Spanish)> Said = new(StringComparer.Ordinal)
    {
        [Reference] = ("It cites {0}, the reference of {1}.", "Cita {0}, la referencia de {1}."),
        [Bare] = (
            "It cites the reference of {1} without its check digits ({0}).",
            "Cita la referencia de {1} sin sus dígitos de control ({0})."
        ),
        [Slip] = ("It cites the reference of {1} with one slip ({0}).", "Cita la referencia de {1} con un error ({0})."),
        [Cut] = ("It cites the reference of {1} cut off ({0}).", "Cita la referencia de {1} cortada ({0})."),
        [Tail] = ("It cites the end of the reference of {1} ({0}).", "Cita el final de la referencia de {1} ({0})."),
        [Number] = ("It names {0}.", "Nombra {0}."),
        [Sequence] = ("It names a number that {0} ends in.", "Nombra un número en que termina {0}."),
        [Exact] = ("The amount is what is open of {0}.", "El importe es lo pendiente de {0}."),
        [Sum] = ("The amount is what is open of {0} invoices together.", "El importe es lo pendiente de {0} facturas juntas."),
        [Forgiven] = ("The amount lacks {0}, which your tolerance forgives.", "Faltan {0}, dentro de tu tolerancia."),
        [Partial] = ("The amount is {0} less than what is open.", "El importe es {0} menos de lo pendiente."),
        [Over] = ("The amount is {0} more than what is open.", "El importe es {0} más de lo pendiente."),
        [OnlyOne] = ("No other open invoice asks for this amount.", "Ninguna otra factura pendiente es de este importe."),
        [OneOfSeveral] = ("{0} open invoices ask for this amount.", "{0} facturas pendientes son de este importe."),
        [Account] = ("Customer {0} paid from this account before.", "El cliente {0} ya pagó desde esta cuenta."),
        [SharedAccount] = (
            "This account paid for several customers, {0} among them.",
            "Desde esta cuenta se pagó por varios clientes, entre ellos {0}."
        ),
        [Name] = ("The payer is called like customer {0}.", "Quien paga se llama como el cliente {0}."),
        [NearName] = ("The payer is called nearly like customer {0}.", "Quien paga se llama casi como el cliente {0}."),
        [OtherName] = ("The payer is not called like customer {0}.", "Quien paga no se llama como el cliente {0}."),
        [Early] = ("The money came before {0} was issued.", "El dinero llegó antes de emitirse {0}."),
        [PaidAlready] = ("{0}, which it cites, is paid already.", "{0}, que cita, ya está pagada."),
        [Payout] = ("{0} announced a payout of this amount ({1}).", "{0} anunció una liquidación de este importe ({1})."),
        [PayoutNamed] = ("It names {0}.", "Nombra {0}."),
        [Refund] = ("You gave back this amount ({0}).", "Devolviste este importe ({0})."),
        [RefundNamed] = (
            "It names the refund {0}, or goes where the money came from.",
            "Nombra la devolución {0}, o va a donde vino el dinero."
        ),
    };

    /// <summary>The reason in English.</summary>
    public string English => In("en");

    /// <summary>The reason in Spanish.</summary>
    public string Spanish => In("es");

    /// <summary>A reason with what its words leave open.</summary>
    public static MatchReason Of(string code, params string[] values) => new(code, values);

    /// <inheritdoc />
    public string In(string? language)
    {
        // One that was kept by another version has its code at least.
        var (english, spanish) = Said.GetValueOrDefault(Code, (Code, Code));
        var words = language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? spanish : english;
        return string.Format(CultureInfo.InvariantCulture, words, [.. Values]);
    }
}
