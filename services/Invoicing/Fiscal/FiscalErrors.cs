using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>What to do about an error of the tax agency, by its code.</summary>
public static class FiscalErrors
{
    private const string Mend =
        "If the invoice itself is right, resubmit its record (POST /v1/invoices/{invoiceId}/resubmission); if it is wrong, issue a corrective invoice.";
    private const string MendEs =
        "Si la factura es correcta, subsane el registro (POST /v1/invoices/{invoiceId}/resubmission); si no lo es, expida una factura rectificativa.";

    private static readonly Dictionary<string, (string English, string Spanish)> Known = new(StringComparer.Ordinal)
    {
        ["1109"] = (
            "The buyer's NIF is not in the agency's census, or its name there is another: check both with the buyer, then resubmit with buyerName as the census has it.",
            "El NIF del destinatario no figura en el censo, o figura con otro nombre: compruébelos con el cliente y subsane con buyerName tal como consta en el censo."
        ),
        ["1117"] = (
            "A NIF in the record is not sound: check it with the buyer and issue a corrective invoice (R4).",
            "Un NIF del registro no es correcto: compruébelo con el cliente y expida una rectificativa (R4)."
        ),
        ["3000"] = (
            "The agency already has a record of this invoice: nothing is lost; its answer then holds.",
            "La AEAT ya tiene un registro de esta factura: no se ha perdido nada; vale aquella respuesta."
        ),
        ["4102"] = (
            "The record does not fit the agency's schema: tell the producer of this program.",
            "El registro no cumple el esquema: avise al productor del sistema."
        ),
        ["4112"] = (
            "The certificate is not the taxpayer's nor of someone entitled: configure the seller's certificate (PUT /v1/sellers/{sellerId}/certificate).",
            "El certificado no es del obligado ni de quien puede representarlo: configure el del vendedor (PUT /v1/sellers/{sellerId}/certificate)."
        ),
    };

    /// <summary>An error with the agency's text and what to do.</summary>
    public static FiscalError Of(string code, string? text)
    {
        var (english, spanish) = Known.TryGetValue(code, out var advice) ? advice : (Mend, MendEs);
        return new FiscalError
        {
            Code = code,
            Text = text ?? "",
            Advice = english,
            AdviceEs = spanish,
        };
    }
}
