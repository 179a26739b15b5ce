using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What is refused about sellers' own channels.</summary>
public static partial class DeliveryFaults
{
    /// <summary>A channel that nobody knows.</summary>
    public static readonly FaultCode NoSuchChannel = new(
        "DEL-CHANNEL-01",
        FaultKind.NotFound,
        "There is no channel {0}: it is sms, whatsapp, webhook or print.",
        "No existe el canal {0}: puede ser sms, whatsapp, webhook o print."
    );

    /// <summary>A channel that the seller has not set up.</summary>
    public static readonly FaultCode ChannelNotKept = new(
        "DEL-CHANNEL-02",
        FaultKind.NotFound,
        "The channel {0} is not set up.",
        "El canal {0} no está configurado."
    );

    /// <summary>A field that the channel needs.</summary>
    public static readonly FaultCode ChannelFieldMissing = new("DEL-CHANNEL-03", FaultKind.Rule, "{0} is missing.", "Falta {0}.");

    /// <summary>A text that is too long.</summary>
    public static readonly FaultCode ChannelFieldTooLong = new(
        "DEL-CHANNEL-04",
        FaultKind.Rule,
        "{0} may have at most {1} characters.",
        "{0} puede tener como máximo {1} caracteres."
    );

    /// <summary>A text with characters that break what it is put into.</summary>
    public static readonly FaultCode ChannelFieldCharacters = new(
        "DEL-CHANNEL-05",
        FaultKind.Rule,
        "{0} has characters that cannot be sent there.",
        "{0} tiene caracteres que no se pueden enviar ahí."
    );

    /// <summary>A priority out of range.</summary>
    public static readonly FaultCode ChannelPriority = new(
        "DEL-CHANNEL-06",
        FaultKind.Rule,
        "A priority lies between 1, which is tried first, and 100.",
        "La prioridad va de 1, que se intenta primero, a 100."
    );

    /// <summary>A method that hands nothing over.</summary>
    public static readonly FaultCode ChannelMethod = new(
        "DEL-CHANNEL-07",
        FaultKind.Rule,
        "method is POST or PUT.",
        "method es POST o PUT."
    );

    /// <summary>A content type that values cannot be written into safely.</summary>
    public static readonly FaultCode ChannelContentType = new(
        "DEL-CHANNEL-08",
        FaultKind.Rule,
        "contentType is application/json or application/x-www-form-urlencoded.",
        "contentType es application/json o application/x-www-form-urlencoded."
    );

    /// <summary>A header that is ours to set, or no header at all.</summary>
    public static readonly FaultCode ChannelHeader = new(
        "DEL-CHANNEL-09",
        FaultKind.Rule,
        "'{0}' is no header that can be set here.",
        "«{0}» no es una cabecera que se pueda fijar aquí."
    );

    /// <summary>A header that is asked to stay as it is, and is not there.</summary>
    public static readonly FaultCode ChannelHeaderUnknown = new(
        "DEL-CHANNEL-10",
        FaultKind.Rule,
        "No value of the header {0} is kept: give it.",
        "No se guarda ningún valor de la cabecera {0}: indícalo."
    );

    /// <summary>Secrets of one server, with an address of another.</summary>
    public static readonly FaultCode ChannelSecretsElsewhere = new(
        "DEL-CHANNEL-11",
        FaultKind.Rule,
        "url names another server than before: give headers and secret anew, what is kept is not sent there.",
        "url apunta a otro servidor: vuelve a indicar headers y secret, lo guardado no se envía allí."
    );

    /// <summary>A body that does not say what to send to whom.</summary>
    public static readonly FaultCode ChannelBodyPlaces = new(
        "DEL-CHANNEL-12",
        FaultKind.Rule,
        "body names to and text in double braces, and besides them only key and from.",
        "body nombra to y text entre llaves dobles y, aparte de ellos, solo key y from."
    );

    /// <summary>A body that is no JSON once it is filled in.</summary>
    public static readonly FaultCode ChannelBodyJson = new(
        "DEL-CHANNEL-13",
        FaultKind.Rule,
        "Filled in, body is no JSON; a value in double braces stands between quotation marks.",
        "Una vez rellenado, body no es JSON; un valor entre llaves dobles va entre comillas."
    );

    /// <summary>Statuses that do not mean that a message was taken.</summary>
    public static readonly FaultCode ChannelSuccess = new(
        "DEL-CHANNEL-14",
        FaultKind.Rule,
        "success.status holds one to twenty statuses from 200 to 299, or 409.",
        "success.status contiene de uno a veinte estados de 200 a 299, o 409."
    );

    /// <summary>No key to seal secrets with.</summary>
    public static readonly FaultCode ChannelNotSealed = new(
        "DEL-CHANNEL-15",
        FaultKind.Unavailable,
        "Headers and secrets cannot be kept: the operator has set no Keys:DkimKey to seal them with.",
        "No se pueden guardar cabeceras ni secretos: el operador no ha fijado Keys:DkimKey para sellarlos."
    );

    /// <summary>A message for a channel that is off.</summary>
    public static readonly FaultCode ChannelIsOff = new(
        "DEL-CHANNEL-16",
        FaultKind.Rule,
        "The channel {0} is switched off or was removed.",
        "El canal {0} está desactivado o se ha eliminado."
    );

    /// <summary>A recipient whom the channel cannot reach.</summary>
    public static readonly FaultCode ChannelRecipient = new(
        "DEL-CHANNEL-17",
        FaultKind.Rule,
        "'{0}' is nobody whom {1} reaches: a mobile number such as +34600000000 is wanted.",
        "Con {1} no se llega a «{0}»: hace falta un móvil, como +34600000000."
    );

    /// <summary>A message that is mailed and goes no other way.</summary>
    public static readonly FaultCode NotByChannel = new(
        "DEL-CHANNEL-18",
        FaultKind.Rule,
        "A {0} is not sent by {1}.",
        "Un envío de tipo {0} no se manda por {1}."
    );

    /// <summary>Settings of a gateway for the till's printer.</summary>
    public static readonly FaultCode PrintHasNoGateway = new(
        "DEL-CHANNEL-19",
        FaultKind.Rule,
        "print takes enabled alone: the till fetches what it prints.",
        "print solo admite enabled: la caja recoge lo que imprime."
    );

    /// <summary>Secrets that another key sealed.</summary>
    public static readonly FaultCode ChannelSealBroken = new(
        "DEL-CHANNEL-20",
        FaultKind.Rule,
        "The headers and secret of {0} were sealed with another key: give them again.",
        "Las cabeceras y el secreto de {0} se sellaron con otra clave: vuelve a indicarlos."
    );

    /// <summary>A secret that signs nothing.</summary>
    public static readonly FaultCode ChannelSecret = new(
        "DEL-CHANNEL-21",
        FaultKind.Rule,
        "secret is whsec_ and 24 to 64 bytes as base64, and for the channel webhook alone.",
        "secret es whsec_ y de 24 a 64 bytes en base64, y solo para el canal webhook."
    );

    /// <summary>More headers than any gateway wants.</summary>
    public static readonly FaultCode ChannelHeaders = new(
        "DEL-CHANNEL-22",
        FaultKind.Rule,
        "headers holds at most {0} of them.",
        "headers admite {0} como máximo."
    );
}
