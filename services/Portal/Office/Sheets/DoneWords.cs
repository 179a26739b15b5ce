using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>What is said after an act was done.</summary>
public static class DoneWords
{
    /// <summary>The sentence, or none for a word that is no act.</summary>
    public static string? Of(Words words, string act) =>
        act switch
        {
            "note" => words.Say("Anotado.", "Noted."),
            "promise" => words.Say(
                "Promesa anotada. Hasta ese día no se le recuerda.",
                "Promise noted. No reminder goes out until that day."
            ),
            "unpromise" => words.Say("Promesa retirada. Los recordatorios siguen.", "Promise taken back. Reminders go on."),
            "hold" => words.Say(
                "En espera. No sale ningún recordatorio de esta factura.",
                "On hold. No reminder of this invoice goes out."
            ),
            "release" => words.Say("La espera ha terminado. Los recordatorios siguen.", "The hold has ended. Reminders go on."),
            "remind" => words.Say("El último mensaje vuelve a salir ahora.", "The last message goes out again now."),
            "dispute" => words.Say("Disputa anotada. Esa parte no se reclama.", "Dispute noted. That part is not asked for."),
            "resolve" => words.Say("Disputa resuelta.", "Dispute resolved."),
            "plan" => words.Say("Plan de pagos anotado.", "Payment plan noted."),
            "write-off" => words.Say(
                "Pedido. Si pasa de tu límite, espera la aprobación de otra persona.",
                "Asked for. Above your limit it waits for somebody else's approval."
            ),
            "approve" => words.Say("Aprobado. Se anota en los libros.", "Approved. It goes into the books."),
            "refuse" => words.Say("Rechazado. No cambia nada.", "Refused. Nothing changes."),
            "saved" => words.Say("Guardado.", "Saved."),
            "activated" => words.Say("En vigor desde ahora.", "In force from now on."),
            "removed" => words.Say("Quitado.", "Removed."),
            "statement" => words.Say(
                "El banco ha hablado: esto es lo que hemos entendido.",
                "The bank has told: this is what we understood."
            ),
            "match" => words.Say("Casado. El dinero está en sus facturas.", "Matched. The money is with its invoices."),
            "unmatch" => words.Say("Deshecho. El movimiento vuelve a estar pendiente.", "Undone. The line is open again."),
            "reject" => words.Say("Propuesta rechazada.", "Proposal refused."),
            "allocate" => words.Say("Asignado a la factura.", "Allocated to the invoice."),
            "debits" => words.Say(
                "Remesa hecha. Descarga el archivo y llévalo a tu banco.",
                "Run made. Download the file and take it to your bank."
            ),
            "collected" => words.Say("Cobrada. Los recibos están en sus facturas.", "Collected. The debits are with their invoices."),
            "cancelled" => words.Say("Anulada.", "Cancelled."),
            "redelivered" => words.Say("Vuelve a salir.", "It goes out again."),
            "corrected" => words.Say(
                "Rectificativa expedida. Es esta; el cliente la recibe como cualquier otra.",
                "Corrective invoice issued. This is it; the customer gets it like any other."
            ),
            "exchanged" => words.Say(
                "Canjeada: esta es la factura completa. Los tickets siguen como estaban.",
                "Exchanged: this is the full invoice. The tickets stay as they were."
            ),
            "voided" => words.Say(
                "Anulada. Su número no se vuelve a usar y lo cobrado queda sin asignar.",
                "Cancelled. Its number is never used again and what was paid is unallocated."
            ),
            "linked" => words.Say("Enlace de pago hecho.", "Payment link made."),
            "noted" => words.Say("Cobro anotado en la factura.", "Payment noted on the invoice."),
            "scheduled" => words.Say("Guardado: llegará por correo a su hora.", "Kept: it comes by mail at its hour."),
            "consent" => words.Say("Consentimiento anotado.", "Consent noted."),
            _ => null,
        };
}
