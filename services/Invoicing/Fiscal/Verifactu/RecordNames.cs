namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>Namespaces of the agency's schemas (September 2025) and of SOAP 1.1.</summary>
public static class RecordNames
{
    private const string Folder =
        "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/";

    /// <summary>Records and what they are made of.</summary>
    public const string Information = $"{Folder}SuministroInformacion.xsd";

    /// <summary>Submissions of records.</summary>
    public const string Submission = $"{Folder}SuministroLR.xsd";

    /// <summary>Answers to submissions.</summary>
    public const string SubmissionAnswer = $"{Folder}RespuestaSuministro.xsd";

    /// <summary>Queries.</summary>
    public const string Query = $"{Folder}ConsultaLR.xsd";

    /// <summary>Answers to queries.</summary>
    public const string QueryAnswer = $"{Folder}RespuestaConsultaLR.xsd";

    /// <summary>Records of events.</summary>
    public const string Events = $"{Folder}EventosSIF.xsd";

    /// <summary>The envelope of SOAP 1.1.</summary>
    public const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";

    internal const string Signature = "http://www.w3.org/2000/09/xmldsig#";
}
