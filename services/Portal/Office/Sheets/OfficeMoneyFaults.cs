using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>What the office's pages refuse themselves, before a service is asked.</summary>
public static class OfficeMoneyFaults
{
    /// <summary>A number that names no invoice of the seller.</summary>
    public static readonly FaultCode NoSuchInvoice = new(
        "POR-OFFICE-10",
        FaultKind.Rule,
        "No invoice of yours has the number '{0}'. Write it as it is printed, such as F-S01-2026-000123.",
        "Ninguna factura tuya tiene el número '{0}'. Escríbelo como está impreso, por ejemplo F-S01-2026-000123."
    );

    /// <summary>The same form came a second time.</summary>
    public static readonly FaultCode SentTwice = new(
        "POR-OFFICE-11",
        FaultKind.Conflict,
        "This form was sent twice. It was done once; what you see is how things stand now.",
        "Este formulario se ha enviado dos veces. Se ha hecho una sola; lo que ves es cómo está ahora."
    );

    /// <summary>A form that was done before came again and says something else.</summary>
    public static readonly FaultCode SentChanged = new(
        "POR-OFFICE-16",
        FaultKind.Conflict,
        "This form was sent before with something else in it, and that was done. What you changed has not been sent: look at it and send it.",
        "Este formulario ya se envió con otro contenido, y eso se hizo. Lo que has cambiado no se ha enviado: revísalo y envíalo."
    );

    /// <summary>A form without its file.</summary>
    public static readonly FaultCode NoFile = new(
        "POR-OFFICE-12",
        FaultKind.Rule,
        "No file was chosen. Nothing has been sent. Choose the file and send it again.",
        "No has elegido ningún archivo. No se ha enviado nada. Elige el archivo y envíalo otra vez."
    );

    /// <summary>An act that is none.</summary>
    public static readonly FaultCode NoSuchAct = new(
        "POR-OFFICE-13",
        FaultKind.NotFound,
        "There is no such act. Nothing has changed. Go back to the page and use its buttons.",
        "Esa acción no existe. No ha cambiado nada. Vuelve a la página y usa sus botones."
    );

    /// <summary>Something that must be filled in.</summary>
    public static readonly FaultCode Missing = new(
        "POR-OFFICE-14",
        FaultKind.Rule,
        "'{0}' cannot be read: {1}. Nothing has been sent.",
        "'{0}' no se entiende: {1}. No se ha enviado nada."
    );

    /// <summary>No message of the invoice has gone out that could go again.</summary>
    public static readonly FaultCode NothingToResend = new(
        "POR-OFFICE-15",
        FaultKind.Conflict,
        "No message about this invoice has gone out yet. There is nothing to send again; send it from the invoice's page first.",
        "Todavía no ha salido ningún mensaje de esta factura. No hay nada que repetir; envíala antes desde su página."
    );
}
