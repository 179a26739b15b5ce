using System.Globalization;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The words that amounts are explained in, in Spanish and English, with each language's way of writing numbers.</summary>
internal sealed class ExplanationWords
{
    private readonly bool _english;

    private ExplanationWords(bool english) => _english = english;

    private static readonly ExplanationWords Spanish = new(english: false);
    private static readonly ExplanationWords English = new(english: true);

    /// <summary>The words of a language; Spanish unless English is asked for first.</summary>
    public static ExplanationWords In(string? language) =>
        language?.TrimStart().StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? English : Spanish;

    public string Language => _english ? "en" : "es";

    public char DecimalPoint => _english ? '.' : ',';

    public string WithVat =>
        Say(
            "Los precios de la caja llevan el IVA incluido. Por cada tipo se suma lo cobrado y se separa el IVA una sola vez: "
                + "cuota = cobrado × tipo ÷ (100 + tipo), redondeada al céntimo; la base es el resto. Así base y cuota suman lo que cobró la caja.",
            "The till's prices include VAT. For each rate what was taken is added up and VAT is taken out once: "
                + "VAT = taken × rate ÷ (100 + rate), rounded to the cent; the rest is the taxable amount. So both sum to what the till took."
        );

    public string WithoutVat =>
        Say(
            "Los precios son sin IVA. Por cada tipo se suma la base y el IVA se calcula una sola vez sobre ella, redondeado al céntimo.",
            "Prices are without VAT. For each rate the taxable amount is added up and VAT is worked out once on it, rounded to the cent."
        );

    public string OddCents =>
        Say(
            "Al separar el IVA línea a línea sobran o faltan céntimos respecto a la base; van a la línea mayor, para que las líneas sumen la base.",
            "Taking VAT out line by line leaves odd cents against the taxable amount; they go to the largest line, so that the lines sum to it."
        );

    public string NetPrice =>
        Say(
            "Precio de una unidad sin IVA, sin redondear al céntimo: es el que la norma multiplica por la cantidad.",
            "The price of one without VAT, not rounded to the cent: the one that the standard multiplies by the quantity."
        );

    public string NetPriceOfAmount =>
        Say(
            "Precio de una unidad sin IVA que, por la cantidad, da el importe de la línea con los céntimos que le tocaron.",
            "The price of one without VAT that, times the quantity, gives the line's amount with the cents that fell on it."
        );

    public string LineTotal => Say("Suma de los importes de las líneas, sin IVA.", "The sum of the lines, without VAT.");

    public string AllowanceTotal =>
        Say("Suma de los descuentos del documento, sin IVA.", "The sum of the document's allowances, without VAT.");

    public string ChargeTotal => Say("Suma de los cargos del documento, sin IVA.", "The sum of the document's charges, without VAT.");

    public string TotalWithoutVat =>
        Say(
            "Líneas menos descuentos más cargos: la base imponible total.",
            "Lines less allowances plus charges: all that VAT is charged on."
        );

    public string TotalTaken => Say("Base más cuotas: lo que cobró la caja.", "Taxable amounts plus VAT: what the till took.");

    public string TotalWithVat => Say("Base más cuotas.", "Taxable amounts plus VAT.");

    public string Paid =>
        Say(
            "Lo pagado con la venta, sin el cambio y sin lo que pagó artículos fuera de la factura.",
            "What was paid with the sale, net of change and of what paid for items outside the invoice."
        );

    public string Due => Say("Lo que queda por pagar.", "What is left to pay.");

    public string DueToBuyer => Say("Lo que queda por devolver al comprador.", "What is left to give back to the buyer.");

    public string GrossLine(string name, int reductions) =>
        Say(
            $"«{name}»: cantidad por precio, con IVA{(reductions > 0 ? ", menos descuentos y más cargos" : "")}.",
            $"“{name}”: quantity times price, with VAT{(reductions > 0 ? ", less allowances and plus charges" : "")}."
        );

    public string NetLine(string name, int reductions) =>
        Say(
            $"«{name}»: cantidad por precio, sin IVA{(reductions > 0 ? ", menos descuentos y más cargos" : "")}.",
            $"“{name}”: quantity times price, without VAT{(reductions > 0 ? ", less allowances and plus charges" : "")}."
        );

    public string LineWithoutVat(decimal rate) =>
        rate == 0m
            ? Say("La línea no lleva IVA.", "The line bears no VAT.")
            : Say($"La línea sin el {Number(rate)} %.", $"The line without the {Number(rate)} %.");

    public string Reduction(bool isCharge, string? reason, decimal rate) =>
        Say(
            $"{(isCharge ? "Cargo" : "Descuento")}{Why(reason)} sin IVA, al tipo del {Number(rate)} %; si era de toda la venta, su parte en proporción.",
            $"{(isCharge ? "Charge" : "Allowance")}{Why(reason)} without VAT, under the rate of {Number(rate)} %; of the whole sale, its share in proportion."
        );

    public string ReductionWithoutVat(bool isCharge, string? reason, decimal rate) =>
        Say(
            $"{(isCharge ? "Cargo" : "Descuento")}{Why(reason)} sin el {Number(rate)} %; si era de toda la venta, su parte en proporción a lo cobrado a ese tipo.",
            $"{(isCharge ? "Charge" : "Allowance")}{Why(reason)} without the {Number(rate)} %; of the whole sale, its share in proportion to what was taken at that rate."
        );

    public string VatWithin(decimal rate, string tax) =>
        Say(
            $"{Tax(tax)} al {Number(rate)} %: la parte de lo cobrado a ese tipo que es impuesto, redondeada una sola vez.",
            $"{Tax(tax)} at {Number(rate)} %: the part of what was taken at that rate that is tax, rounded once."
        );

    public string VatOn(decimal rate, string tax) =>
        Say(
            $"{Tax(tax)} al {Number(rate)} % sobre la base, redondeado una sola vez.",
            $"{Tax(tax)} at {Number(rate)} % of the taxable amount, rounded once."
        );

    public string Base(decimal rate) =>
        Say(
            $"La base al {Number(rate)} %: lo cobrado menos la cuota.",
            $"The taxable amount at {Number(rate)} %: what was taken less the VAT."
        );

    public string BaseOfNets(decimal rate) =>
        Say(
            $"La base al {Number(rate)} %: líneas menos descuentos más cargos de ese tipo.",
            $"The taxable amount at {Number(rate)} %: lines less allowances plus charges under that rate."
        );

    public string NoVat(string category, string? reason) =>
        Say($"Categoría {category}: no se cobra impuesto{Why(reason)}.", $"Category {category}: no tax is charged{Why(reason)}.");

    public string Surcharge(decimal surcharge, decimal rate) =>
        Say(
            $"Recargo de equivalencia del {Number(surcharge)} %, el que acompaña al {Number(rate)} %, sobre la misma base.",
            $"Equivalence surcharge of {Number(surcharge)} %, which goes with {Number(rate)} %, on the same taxable amount."
        );

    public string VatTotal(bool surcharged) =>
        surcharged
            ? Say("Suma de las cuotas y del recargo de equivalencia.", "The sum of VAT and equivalence surcharge.")
            : Say("Suma de las cuotas.", "The sum of VAT.");

    public string Accounted(string accounting, string currency) =>
        Say(
            $"El IVA en {accounting}, la moneda en que se declara: por el cambio de un {currency} el día de la venta.",
            $"VAT in {accounting}, the currency that it is declared in: at the rate of one {currency} on the day of the sale."
        );

    public string SumOf(int count, string sum) => Say($"Suma de {count} importes = {sum}", $"Sum of {count} amounts = {sum}");

    private string Why(string? reason) => string.IsNullOrWhiteSpace(reason) ? "" : Say($" («{reason.Trim()}»)", $" (“{reason.Trim()}”)");

    private static string Tax(string tax) => tax.ToUpperInvariant();

    private string Number(decimal value) =>
        (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture).Replace('.', DecimalPoint);

    private string Say(string spanish, string english) => _english ? english : spanish;
}
