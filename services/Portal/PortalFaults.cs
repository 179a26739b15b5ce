using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal;

/// <summary>
/// What the web front refuses, in words for people: the first sentence says what happened and becomes the page's heading, the rest
/// says what it means and what to do.
/// </summary>
public static class PortalFaults
{
    /// <summary>No such page, or none that this person may know of.</summary>
    public static readonly FaultCode NotFound = new(
        "POR-PAGE-01",
        FaultKind.NotFound,
        "There is nothing here for you. The address may be mistyped, or the invoice may have been sent to another e-mail address than the one you signed in with.",
        "Aquí no hay nada para ti. Puede que la dirección esté mal escrita o que la factura se enviara a otro correo distinto del que has usado para entrar."
    );

    /// <summary>The address does not take that method, or the request makes no sense.</summary>
    public static readonly FaultCode BadRequest = new(
        "POR-PAGE-02",
        FaultKind.Malformed,
        "We could not understand that. Nothing has changed. Go back and try again from the page you came from.",
        "No hemos entendido la petición. No ha cambiado nada. Vuelve atrás e inténtalo otra vez desde la página anterior."
    );

    /// <summary>A form opened too long ago, in another browser, or without cookies.</summary>
    public static readonly FaultCode StaleForm = new(
        "POR-PAGE-03",
        FaultKind.Malformed,
        "This page was open for too long. Nothing has been sent. Go back, reload the page and try again; if it happens again, allow cookies for this site.",
        "Esta página llevaba demasiado tiempo abierta. No se ha enviado nada. Vuelve atrás, recárgala e inténtalo otra vez; si se repite, permite las cookies de este sitio."
    );

    /// <summary>What was written before the session ended is shown again.</summary>
    public static readonly FaultCode NotSent = new(
        "POR-PAGE-04",
        FaultKind.Conflict,
        "Nothing has been sent. Your session had ended; what you had written is here. Look at it and send it.",
        "No se ha enviado nada. Tu sesión había terminado; aquí está lo que habías escrito. Revísalo y envíalo."
    );

    /// <summary>What was written before the session ended is not kept any more, or not in this browser.</summary>
    public static readonly FaultCode FormGone = new(
        "POR-PAGE-05",
        FaultKind.NotFound,
        "What you had written is no longer here. It is kept for half an hour, in the browser where you wrote it. Nothing was sent; write it again.",
        "Lo que habías escrito ya no está. Se guarda media hora, en el navegador donde lo escribiste. No se envió nada; escríbelo otra vez."
    );

    /// <summary>The same form came a second time, and the first is being done.</summary>
    public static readonly FaultCode SentTwice = new(
        "POR-PAGE-06",
        FaultKind.Conflict,
        "This was sent twice. It is being done once; look again in a minute.",
        "Esto se ha enviado dos veces. Se está haciendo una sola; mira otra vez dentro de un minuto."
    );

    /// <summary>A form that was done before came again and says something else.</summary>
    public static readonly FaultCode SentChanged = new(
        "POR-PAGE-07",
        FaultKind.Conflict,
        "What you changed has not been sent. This form had been sent before. Open the page again and write it there.",
        "Lo que has cambiado no se ha enviado. Este formulario ya se había enviado antes. Abre la página de nuevo y escríbelo allí."
    );

    /// <summary>Another service does not answer.</summary>
    public static readonly FaultCode Away = new(
        "POR-AWAY-01",
        FaultKind.Unavailable,
        "We cannot show this right now. One part of the system is not answering; nothing is lost. Try again in a minute.",
        "Ahora mismo no podemos mostrarte esto. Una parte del sistema no responde; no se ha perdido nada. Inténtalo de nuevo en un minuto."
    );

    /// <summary>Our own mistake.</summary>
    public static readonly FaultCode Surprise = new(
        "POR-BUG-01",
        FaultKind.Unavailable,
        "Something went wrong on our side. We have written it down and will look into it. Try again; if it happens again, tell the shop this code.",
        "Algo ha fallado por nuestra parte. Ha quedado anotado y lo revisaremos. Inténtalo de nuevo; si se repite, dile este código a la tienda."
    );

    /// <summary>Not an e-mail address.</summary>
    public static readonly FaultCode BadEmail = new(
        "POR-SIGNIN-01",
        FaultKind.Rule,
        "That does not look like an e-mail address. Write it whole, such as ana@example.com.",
        "Eso no parece un correo electrónico. Escríbelo entero, por ejemplo ana@example.com."
    );

    /// <summary>Too many links asked for.</summary>
    public static readonly FaultCode TooManyLinks = new(
        "POR-SIGNIN-02",
        FaultKind.TooMany,
        "Too many links have been asked for. Look in your inbox and in the spam folder for the ones already sent, or try again in {0} minutes.",
        "Se han pedido demasiados enlaces. Busca en tu correo, también en spam, los que ya te hemos enviado o inténtalo de nuevo en {0} minutos."
    );

    /// <summary>A link we never gave.</summary>
    public static readonly FaultCode UnknownLink = new(
        "POR-SIGNIN-03",
        FaultKind.NotFound,
        "This link is not valid. It may have been cut when it was copied. Ask for a new one: it takes a moment.",
        "Este enlace no es válido. Puede que se cortara al copiarlo. Pide otro: es un momento."
    );

    /// <summary>A link past its minutes.</summary>
    public static readonly FaultCode LateLink = new(
        "POR-SIGNIN-04",
        FaultKind.NotFound,
        "This link has expired. For your safety each one lasts {0} minutes. Ask for a new one: it takes a moment.",
        "Este enlace ha caducado. Por seguridad, cada uno dura {0} minutos. Pide otro: es un momento."
    );

    /// <summary>A link that signed someone in already.</summary>
    public static readonly FaultCode UsedLink = new(
        "POR-SIGNIN-05",
        FaultKind.NotFound,
        "This link has already been used. Each one opens only once. If you are still signed in, go to your invoices; if not, ask for a new link.",
        "Este enlace ya se ha usado. Cada uno sirve una sola vez. Si sigues dentro, ve a tus facturas; si no, pide otro enlace."
    );

    /// <summary>A link opened elsewhere than where it was asked for.</summary>
    public static readonly FaultCode OtherBrowser = new(
        "POR-SIGNIN-06",
        FaultKind.Forbidden,
        "Open this link in the browser where you asked for it. It protects you: whoever got hold of your mail could not come in. Copy the link and paste it there, or ask for a new one from here.",
        "Abre este enlace en el navegador donde lo pediste. Es para protegerte: quien se hiciera con tu correo no podría entrar. Copia el enlace y pégalo allí, o pide uno nuevo desde aquí."
    );

    /// <summary>A payment link we never gave.</summary>
    public static readonly FaultCode UnknownPayLink = new(
        "POR-PAY-01",
        FaultKind.NotFound,
        "This payment link is not valid. It may have been cut when it was copied; nothing has been charged. Open it again from the mail, or sign in with your e-mail to see your invoices.",
        "Este enlace de pago no es válido. Puede que se cortara al copiarlo; no se ha cobrado nada. Ábrelo otra vez desde el correo o entra con tu correo para ver tus facturas."
    );

    /// <summary>A payment link past its end.</summary>
    public static readonly FaultCode LatePayLink = new(
        "POR-PAY-02",
        FaultKind.NotFound,
        "This payment link has expired. Nothing has been charged. Sign in with your e-mail to pay from your invoices, or ask the shop for a new link.",
        "Este enlace de pago ha caducado. No se ha cobrado nada. Entra con tu correo para pagar desde tus facturas o pide otro enlace a la tienda."
    );

    /// <summary>The payment was refused where it is made.</summary>
    public static readonly FaultCode PaymentRefused = new(
        "POR-PAY-03",
        FaultKind.Conflict,
        "The payment did not go through. Nothing has been charged. Go back to the payment page and try again, or pay by transfer.",
        "El pago no se ha hecho. No se ha cobrado nada. Vuelve a la página de pago e inténtalo otra vez, o paga por transferencia."
    );

    /// <summary>Another means than those on the page, or a page without its key.</summary>
    public static readonly FaultCode BadPayment = new(
        "POR-PAY-04",
        FaultKind.Rule,
        "We do not know how you want to pay. Nothing has been charged. Go back to the payment page and choose one of the ways it offers.",
        "No sabemos cómo quieres pagar. No se ha cobrado nada. Vuelve a la página de pago y elige una de las formas que ofrece."
    );

    /// <summary>The answer of the payment did not arrive, so whether it was made is not known here.</summary>
    public static readonly FaultCode PaymentUnknown = new(
        "POR-PAY-05",
        FaultKind.Unavailable,
        "We do not know yet whether the payment went through. The answer did not arrive. Do not pay again in another way: go back to the payment page, which will say so if it is paid; trying again there never charges twice.",
        "Todavía no sabemos si el pago se ha hecho. No nos ha llegado la respuesta. No pagues de otra forma: vuelve a la página de pago, que te dirá si ya está pagada; intentarlo de nuevo allí nunca cobra dos veces."
    );

    /// <summary>Not staff of that seller.</summary>
    public static readonly FaultCode NoOffice = new(
        "POR-OFFICE-01",
        FaultKind.Forbidden,
        "The office is for the shop's staff. Your e-mail address is not on the staff list. Ask the owner to add it, then sign in again.",
        "La oficina es para el equipo de la tienda. Tu correo no está en la lista de personal. Pide a la persona titular que lo añada y vuelve a entrar."
    );

    /// <summary>That document cannot be had.</summary>
    public static readonly FaultCode NoDocument = new(
        "POR-DOC-01",
        FaultKind.Rule,
        "This document cannot be made for this invoice. The PDF holds the same data; if you need this format, ask the shop.",
        "No se puede generar este documento para esta factura. El PDF contiene los mismos datos; si necesitas este formato, pídelo a la tienda."
    );
}
