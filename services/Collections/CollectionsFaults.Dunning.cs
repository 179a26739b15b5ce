using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>What is refused about dunning policies.</summary>
public static partial class CollectionsFaults
{
    /// <summary>A policy that there is not, or that was retired.</summary>
    public static readonly FaultCode NoPolicy = new(
        "COL-POLICY-01",
        FaultKind.NotFound,
        "There is no dunning policy '{0}'.",
        "No existe la política de reclamación «{0}»."
    );

    /// <summary>An id that none may have.</summary>
    public static readonly FaultCode PolicyId = new(
        "COL-POLICY-02",
        FaultKind.Rule,
        "A policy is called by letters, digits, dots and dashes, at most 64, and not built-in.",
        "Una política se nombra con letras, cifras, puntos y guiones, 64 como máximo, y no built-in."
    );

    /// <summary>A name that is missing, too long or broken.</summary>
    public static readonly FaultCode PolicyName = new(
        "COL-POLICY-03",
        FaultKind.Rule,
        "A policy has a name of at most {0} characters.",
        "Una política tiene un nombre de {0} caracteres como máximo."
    );

    /// <summary>No step, or too many.</summary>
    public static readonly FaultCode PolicySteps = new(
        "COL-POLICY-04",
        FaultKind.Rule,
        "A policy has one step at least and {0} at most.",
        "Una política tiene un paso como mínimo y {0} como máximo."
    );

    /// <summary>A step's name that is none.</summary>
    public static readonly FaultCode PolicyStepName = new(
        "COL-POLICY-05",
        FaultKind.Rule,
        "A step is called by letters, digits, dots and dashes, at most {0}.",
        "Un paso se nombra con letras, cifras, puntos y guiones, {0} como máximo."
    );

    /// <summary>Two steps of one name.</summary>
    public static readonly FaultCode PolicyStepTwice = new(
        "COL-POLICY-06",
        FaultKind.Rule,
        "The step {0} is there twice.",
        "El paso {0} aparece dos veces."
    );

    /// <summary>A step that does not come after the one before.</summary>
    public static readonly FaultCode PolicyOrder = new(
        "COL-POLICY-07",
        FaultKind.Rule,
        "The step {0} has to come on a later day than {1}, which stands before it.",
        "El paso {0} tiene que llegar en un día posterior a {1}, que va antes."
    );

    /// <summary>A day too far from the due date.</summary>
    public static readonly FaultCode PolicyOffset = new(
        "COL-POLICY-08",
        FaultKind.Rule,
        "offsetDays lies between {0} and {1}.",
        "offsetDays va de {0} a {1}."
    );

    /// <summary>A time of the day that is none.</summary>
    public static readonly FaultCode PolicyTimeOfDay = new(
        "COL-POLICY-09",
        FaultKind.Rule,
        "'{0}' is no time of the day, such as 09:30.",
        "«{0}» no es una hora del día, como 09:30."
    );

    /// <summary>A step without channels.</summary>
    public static readonly FaultCode PolicyNoChannel = new(
        "COL-POLICY-10",
        FaultKind.Rule,
        "A step names one channel at least: {0}.",
        "Un paso nombra al menos un canal: {0}."
    );

    /// <summary>A channel that there is not.</summary>
    public static readonly FaultCode PolicyChannel = new(
        "COL-POLICY-11",
        FaultKind.Rule,
        "There is no channel '{0}'. There are: {1}.",
        "No existe el canal «{0}». Existen: {1}."
    );

    /// <summary>A channel named twice.</summary>
    public static readonly FaultCode PolicyChannelTwice = new(
        "COL-POLICY-12",
        FaultKind.Rule,
        "The channel {0} is there twice: no step goes out by one channel again.",
        "El canal {0} aparece dos veces: ningún paso sale dos veces por el mismo canal."
    );

    /// <summary>A template that there is not.</summary>
    public static readonly FaultCode PolicyTemplate = new(
        "COL-POLICY-13",
        FaultKind.Rule,
        "There is no template '{0}'. There are: {1}.",
        "No existe la plantilla «{0}». Existen: {1}."
    );

    /// <summary>Words that would be false on that day.</summary>
    public static readonly FaultCode PolicyTemplateDay = new(
        "COL-POLICY-14",
        FaultKind.Rule,
        "The step {0} would say what is not so: before-due is for the due date and the days before it, the other templates for the days after it.",
        "El paso {0} diría lo que no es: before-due es para el vencimiento y los días anteriores; las demás plantillas, para los posteriores."
    );

    /// <summary>A word that is none of those that may stand there.</summary>
    public static readonly FaultCode PolicyWord = new(
        "COL-POLICY-15",
        FaultKind.Rule,
        "'{0}' may not stand here. There are: {1}.",
        "«{0}» no puede ir aquí. Existen: {1}."
    );

    /// <summary>A step that takes back an earlier one's escalation.</summary>
    public static readonly FaultCode PolicyEscalationFalls = new(
        "COL-POLICY-16",
        FaultKind.Rule,
        "The step {0} escalates less than {1} before it.",
        "El paso {0} escala menos que {1}, que va antes."
    );

    /// <summary>Interest of consumers by a directive that is for businesses.</summary>
    public static readonly FaultCode PolicyClaimOfConsumers = new(
        "COL-POLICY-17",
        FaultKind.Rule,
        "The step {0} claims interest and compensation of consumers: Directive 2011/7/EU gives them against businesses alone.",
        "El paso {0} reclama intereses e indemnización a consumidores: la Directiva 2011/7/UE los da solo frente a empresas."
    );

    /// <summary>Interest before anything is late.</summary>
    public static readonly FaultCode PolicyClaimBeforeDue = new(
        "COL-POLICY-18",
        FaultKind.Rule,
        "The step {0} claims interest before the invoice is late.",
        "El paso {0} reclama intereses antes de que la factura esté vencida."
    );

    /// <summary>Days of catching up that are none.</summary>
    public static readonly FaultCode PolicyCatchUp = new(
        "COL-POLICY-19",
        FaultKind.Rule,
        "catchUpDays lies between 0 and {0}.",
        "catchUpDays va de 0 a {0}."
    );

    /// <summary>Days of catching up what is to be skipped.</summary>
    public static readonly FaultCode PolicyCatchUpOfSkipped = new(
        "COL-POLICY-20",
        FaultKind.Rule,
        "The step {0} is to be skipped where it was missed: it has no catchUpDays.",
        "El paso {0} se omite si no pudo salir en su día: no lleva catchUpDays."
    );

    /// <summary>Quiet hours that leave no minute.</summary>
    public static readonly FaultCode PolicyAlwaysQuiet = new(
        "COL-POLICY-21",
        FaultKind.Rule,
        "These quiet hours begin when they end: they leave no minute to write in.",
        "Estas horas de silencio empiezan cuando acaban: no dejan ningún minuto para escribir."
    );

    /// <summary>A step at an hour that is quiet.</summary>
    public static readonly FaultCode PolicyStepInQuiet = new(
        "COL-POLICY-22",
        FaultKind.Rule,
        "The step {0} is at {1}, which is within the quiet hours.",
        "El paso {0} es a las {1}, que está dentro de las horas de silencio."
    );

    /// <summary>A cap that lets nothing through, or is none.</summary>
    public static readonly FaultCode PolicyCap = new(
        "COL-POLICY-23",
        FaultKind.Rule,
        "A cap is of one to a hundred messages in one to 365 days.",
        "Un tope es de uno a cien mensajes en uno a 365 días."
    );

    /// <summary>Amounts that leave nobody.</summary>
    public static readonly FaultCode PolicyAmounts = new(
        "COL-POLICY-24",
        FaultKind.Rule,
        "minAmount and maxAmount are not negative, and minAmount is not more than maxAmount.",
        "minAmount y maxAmount no son negativos, y minAmount no supera a maxAmount."
    );

    /// <summary>A list that leaves nobody, or is too long.</summary>
    public static readonly FaultCode PolicyList = new(
        "COL-POLICY-25",
        FaultKind.Rule,
        "Such a list names from one to {0}, each by at most 100 characters; without it nobody is left out.",
        "Una lista así nombra de uno a {0}, cada uno con 100 caracteres como máximo; sin ella no queda fuera nadie."
    );

    /// <summary>A place that there is not.</summary>
    public static readonly FaultCode PolicyPlace = new(
        "COL-POLICY-26",
        FaultKind.Rule,
        "'{0}' is no place, such as ES, ES-35, US-NY or FR: its clock is not known.",
        "«{0}» no es un lugar, como ES, ES-35, US-NY o FR: no se conoce su reloj."
    );

    /// <summary>A priority out of range.</summary>
    public static readonly FaultCode PolicyPriority = new(
        "COL-POLICY-27",
        FaultKind.Rule,
        "priority lies between {0} and {1}; the lowest holds.",
        "priority va de {0} a {1}; manda la más baja."
    );

    /// <summary>A preview that looks too far.</summary>
    public static readonly FaultCode PreviewDays = new(
        "COL-POLICY-28",
        FaultKind.Rule,
        "A preview looks from 1 to {0} days ahead.",
        "Una vista previa mira de 1 a {0} días adelante."
    );

    /// <summary>More policies than anybody can keep apart.</summary>
    public static readonly FaultCode TooManyPolicies = new(
        "COL-POLICY-29",
        FaultKind.Conflict,
        "There are {0} policies already: retire one first.",
        "Ya hay {0} políticas: retira antes alguna."
    );
}
