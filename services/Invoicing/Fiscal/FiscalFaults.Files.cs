using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>What is wrong with records as files: alone, in their chain, in an export, or in an answer of the agency.</summary>
public static partial class FiscalFaults
{
    private static FaultCode InFiles(string number, string english, string spanish) =>
        new($"INV-FISCAL-{number}", FaultKind.Rule, english, spanish);

    // Written and read
    public static readonly FaultCode Unfit = InFiles(
        "20",
        "A record of the tax agency cannot hold this {0}: {1}",
        "Un registro de facturación no admite este {0}: {1}"
    );
    public static readonly FaultCode NotARecord = InFiles(
        "21",
        "This is no record (RegistroAlta, RegistroAnulacion, RegistroEvento) and no submission of records: {0}",
        "No es un registro (RegistroAlta, RegistroAnulacion, RegistroEvento) ni una remisión de registros: {0}"
    );
    public static readonly FaultCode SaidTwice = InFiles(
        "22",
        "{0} stands more than once, or holds something besides text, so that nobody can tell what it says.",
        "{0} figura más de una vez, o contiene algo más que texto, y no se sabe qué dice."
    );
    public static readonly FaultCode NotAnAnswer = InFiles(
        "23",
        "This is no answer of the agency's service: {0}. Nothing is known of the submission; it is to be sent again.",
        "No es una respuesta del servicio de la AEAT: {0}. Nada se sabe de la remisión; hay que enviarla otra vez."
    );
    public static readonly FaultCode RecordsPerSubmission = InFiles(
        "24",
        "A submission holds 1 to {0} records; these are {1}.",
        "Una remisión lleva de 1 a {0} registros; estos son {1}."
    );

    // In their chain
    public static readonly FaultCode FingerprintWrong = InFiles(
        "30",
        "The fingerprint does not fit the record's own fields: it says {0}, they come to {1}. The fingerprint, or a field that it covers, was changed after the record was made.",
        "La huella no corresponde a los campos del registro: dice {0} y resulta {1}. La huella, o un campo que cubre, se cambió después de generarse el registro."
    );
    public static readonly FaultCode PrecedingFingerprint = InFiles(
        "31",
        "It follows {0} ({1}) with the fingerprint {2}, and that record has {3}. The record before was replaced, a record of the same number (its amendment or cancellation) was removed, or this link was changed.",
        "Sigue a {0} ({1}) con la huella {2}, y ese registro tiene {3}. El registro anterior se sustituyó, se eliminó otro del mismo número (su subsanación o anulación), o se cambió este enlace."
    );
    public static readonly FaultCode PrecedingName = InFiles(
        "32",
        "Its link has the fingerprint of {0} ({1}) and names {2} ({3}). The name in the link, which no fingerprint covers, was changed.",
        "Su enlace lleva la huella de {0} ({1}) y nombra a {2} ({3}). Se cambió el nombre en el enlace, que ninguna huella cubre."
    );
    public static readonly FaultCode RecordMissing = InFiles(
        "33",
        "It follows {0} ({1}) with the fingerprint {2}, which is not here. One record or more were removed before it.",
        "Sigue a {0} ({1}) con la huella {2}, que no está. Se eliminaron uno o más registros antes de él."
    );
    public static readonly FaultCode RecordInserted = InFiles(
        "34",
        "No record follows it, and {0} ({1}) stands where it stands. It was inserted afterwards.",
        "Ningún registro la sigue, y {0} ({1}) ocupa su lugar. Se insertó después."
    );
    public static readonly FaultCode RecordMoved = InFiles(
        "35",
        "By its link it stands directly after {0} ({1}), and here it stands elsewhere. The records were reordered.",
        "Según su enlace va justo después de {0} ({1}), y aquí está en otro lugar. Se cambió el orden de los registros."
    );
    public static readonly FaultCode RecordDoubled = InFiles(
        "36",
        "The same record stands at position {0} already. It was duplicated.",
        "El mismo registro está ya en la posición {0}. Se duplicó."
    );
    public static readonly FaultCode FirstMissing = InFiles(
        "37",
        "The chain should begin here, and this record follows {0} ({1}). The first records were removed.",
        "La cadena debería empezar aquí, y este registro sigue a {0} ({1}). Se eliminaron los primeros registros."
    );
    public static readonly FaultCode SecondFirst = InFiles(
        "38",
        "It says that it is the first of the chain (PrimerRegistro), and it is not. A chain was begun anew, or the record comes from another one.",
        "Dice ser el primero de la cadena (PrimerRegistro) y no lo es. Se empezó otra cadena, o el registro es de otra."
    );
    public static readonly FaultCode TimeGoesBack = InFiles(
        "39",
        "It was made at {0}, before the record that it follows ({1}). The clock went back, or a time was made up.",
        "Se generó a las {0}, antes que el registro al que sigue ({1}). El reloj retrocedió, o una hora es inventada."
    );
    public static readonly FaultCode TimeUnreadable = InFiles(
        "40",
        "When it was made cannot be read: {0}. It is to be like 2026-01-01T19:20:30+01:00.",
        "No se entiende cuándo se generó: {0}. Ha de ser como 2026-01-01T19:20:30+01:00."
    );
    public static readonly FaultCode OtherAlgorithm = InFiles(
        "41",
        "Its fingerprint is of type {0}; the only one that there is, 01, is SHA-256.",
        "Su huella es de tipo {0}; el único que hay, 01, es SHA-256."
    );
    public static readonly FaultCode OtherChain = InFiles(
        "42",
        "It belongs to another chain ({0}) than the records before it ({1}).",
        "Pertenece a otra cadena ({0}) que los registros anteriores ({1})."
    );
    public static readonly FaultCode FirstMoved = InFiles(
        "43",
        "It is the first of the chain and stands elsewhere. The records were reordered.",
        "Es el primero de la cadena y está en otro lugar. Se cambió el orden de los registros."
    );

    // In an export
    public static readonly FaultCode EntryAltered = InFiles(
        "50",
        "The file is not the one that was exported: its SHA-256 is {0}. At least one of its bytes was changed.",
        "El archivo no es el que se exportó: su SHA-256 es {0}. Se cambió al menos uno de sus bytes."
    );
    public static readonly FaultCode EntryMissing = InFiles(
        "51",
        "The list of the export names the file, and it is not there. It was removed.",
        "La lista de la exportación nombra el archivo, y no está. Se eliminó."
    );
    public static readonly FaultCode EntryUnlisted = InFiles(
        "52",
        "The list of the export does not name the file. It was added or renamed afterwards.",
        "La lista de la exportación no nombra el archivo. Se añadió o se renombró después."
    );
    public static readonly FaultCode EntryTwice = InFiles(
        "53",
        "The export holds the file more than once, or in another order than its list.",
        "La exportación contiene el archivo más de una vez, o en otro orden que su lista."
    );
    public static readonly FaultCode ListAltered = InFiles(
        "54",
        "The list of the export was changed at line {0}; it does not fit its own total, or the files.",
        "La lista de la exportación se cambió en la línea {0}; no corresponde a su total, o a los archivos."
    );
    public static readonly FaultCode ListMissing = InFiles(
        "55",
        "The list of the export (huellas.sha256) is missing: what no fingerprint covers cannot be checked.",
        "Falta la lista de la exportación (huellas.sha256): lo que ninguna huella cubre no se puede comprobar."
    );
    public static readonly FaultCode ContainerAltered = InFiles(
        "56",
        "What the zip says of the file, apart from its content, was changed at byte {0}.",
        "Lo que el zip dice del archivo, aparte de su contenido, se cambió en el byte {0}."
    );
    public static readonly FaultCode ContainerEndAltered = InFiles(
        "57",
        "The end of the zip was changed at byte {0}.",
        "El final del zip se cambió en el byte {0}."
    );
    public static readonly FaultCode ContainerBroken = InFiles(
        "58",
        "From byte {0} on it is no zip as it was exported: it was cut, packed again or changed in several places.",
        "Desde el byte {0} no es un zip como se exportó: está cortado, comprimido de nuevo o cambiado en varios lugares."
    );
    public static readonly FaultCode NotOneRecord = InFiles(
        "59",
        "A file of an export holds one record of the tax agency; this one holds {0}.",
        "Un archivo de la exportación contiene un registro de facturación; este contiene {0}."
    );
    public static readonly FaultCode TooLong = InFiles(
        "60",
        "The file is larger than {0} bytes, which no record is.",
        "El archivo supera los {0} bytes, más que cualquier registro."
    );
}
