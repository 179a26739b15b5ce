using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <content>Templates of sellers.</content>
public static partial class DeliveryFaults
{
    /// <summary>A template of another name.</summary>
    public static readonly FaultCode NoTemplate = new(
        "DEL-TEMPLATE-01",
        FaultKind.NotFound,
        "There is no template {0}: there are mail and page.",
        "No hay ninguna plantilla {0}: las hay mail y page."
    );

    /// <summary>The seller uses ours.</summary>
    public static readonly FaultCode NoOwnTemplate = new(
        "DEL-TEMPLATE-02",
        FaultKind.NotFound,
        "There is no template {0} of your own; ours is used.",
        "No tienes una plantilla {0} propia; se usa la nuestra."
    );

    /// <summary>A source that is too long.</summary>
    public static readonly FaultCode TemplateTooLong = new(
        "DEL-TEMPLATE-03",
        FaultKind.Rule,
        "A template has at most {0} {1}.",
        "Una plantilla tiene como mucho {0} {1}."
    );

    /// <summary>What Liquid can and a template here may not.</summary>
    public static readonly FaultCode NotInTemplates = new(
        "DEL-TEMPLATE-04",
        FaultKind.Rule,
        "Line {0}: a template may not have {1}.",
        "Línea {0}: una plantilla no puede tener {1}."
    );

    /// <summary>No Liquid.</summary>
    public static readonly FaultCode BadTemplate = new(
        "DEL-TEMPLATE-05",
        FaultKind.Rule,
        "The template cannot be read: {0}",
        "La plantilla no se puede leer: {0}"
    );

    /// <summary>A value that there is not.</summary>
    public static readonly FaultCode NoSuchValue = new(
        "DEL-TEMPLATE-06",
        FaultKind.Rule,
        "Line {0}: there is no value {1}.",
        "Línea {0}: no hay ningún valor {1}."
    );

    /// <summary>It takes too long, writes too much, or stumbles.</summary>
    public static readonly FaultCode TemplateFails = new(
        "DEL-TEMPLATE-07",
        FaultKind.Rule,
        "The template does not come to its end: {0}",
        "La plantilla no llega a su fin: {0}"
    );

    /// <summary>What has to be there is not.</summary>
    public static readonly FaultCode TemplateLacks = new(
        "DEL-TEMPLATE-08",
        FaultKind.Rule,
        "What the template writes lacks what must be there: {0}.",
        "A lo que escribe la plantilla le falta lo obligatorio: {0}."
    );

    /// <summary>HTML that does more than show, or loads from elsewhere.</summary>
    public static readonly FaultCode UnsafeHtml = new(
        "DEL-TEMPLATE-09",
        FaultKind.Rule,
        "What the template writes has {0}, which neither mails nor pages may have.",
        "Lo que escribe la plantilla tiene {0}, que ni los correos ni las páginas pueden tener."
    );
}
