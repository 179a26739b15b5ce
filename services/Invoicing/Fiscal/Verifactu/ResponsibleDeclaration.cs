using System.Globalization;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What a producer declares of the system it answers for.</summary>
public sealed record DeclaredSystem
{
    /// <summary>The system as its records name it.</summary>
    public required InvoicingSystem System { get; init; }

    /// <summary>The producer is a person, not a company.</summary>
    public bool IsPerson { get; init; }

    /// <summary>The producer's whole postal address, in lines.</summary>
    public required IReadOnlyList<string> Address { get; init; }

    /// <summary>What the system consists of and does, in Spanish.</summary>
    public required string Description { get; init; }

    /// <summary>The same in English.</summary>
    public required string DescriptionInEnglish { get; init; }

    /// <summary>The day it was signed; none while it is not.</summary>
    public DateOnly? SignedOn { get; init; }

    /// <summary>The town and country it was signed in; none while it is not.</summary>
    public string? SignedAt { get; init; }

    /// <summary>Other ways to reach the producer: telephone, mail.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Addresses on the web.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>How the system keeps the law, in Spanish; none where it is not told.</summary>
    public string? Compliance { get; init; }

    /// <summary>The same in English.</summary>
    public string? ComplianceInEnglish { get; init; }
}

/// <summary>An item of the declaration: its letter, what it is, and what is declared; the law's language first.</summary>
public sealed record DeclarationItem(string Letter, string Title, string Text, string TitleInEnglish, string TextInEnglish);

/// <summary>
/// Declaración responsable of an invoicing system (RD 1007/2023, 13; Orden HAC/1177/2024, 15): the items 1.a to 1.l in their order and words, and the
/// annex. The Spanish text is the declaration; the English is an aid to reading.
/// </summary>
public sealed record ResponsibleDeclaration(IReadOnlyList<DeclarationItem> Items, IReadOnlyList<DeclarationItem> Annex)
{
    /// <summary>The title that the order prescribes.</summary>
    public const string Title = "DECLARACIÓN RESPONSABLE DEL SISTEMA INFORMÁTICO DE FACTURACIÓN";

    /// <summary>The title in English.</summary>
    public const string TitleInEnglish =
        "Responsible declaration of the invoicing system (reading aid; the Spanish text is the declaration)";

    private const string ToBeNamed =
        "PENDIENTE: quien explota esta instalación tiene que indicarlo (sección Verifactu de la configuración)";
    private const string ToBeNamedInEnglish = "TO BE NAMED by whoever operates this installation (configuration section Verifactu)";

    private const string Of = "del sistema informático a que se refiere esta declaración responsable";
    private const string OfInEnglish = "of the system that this declaration is of";

    private static readonly string[] Months =
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];

    /// <summary>What the declaration lacks to be one; nothing where it is whole.</summary>
    public (string Spanish, string English)? Notice { get; private init; }

    /// <summary>The declaration of a system.</summary>
    public static ResponsibleDeclaration For(DeclaredSystem declared)
    {
        var system = declared.System;
        var producer = declared.IsPerson ? "persona productora" : "entidad productora";
        const string signed = "de este sistema informático suscribe esta declaración responsable del mismo";
        var address = string.Join('\n', declared.Address);
        var isSigned = declared is { SignedOn: not null, SignedAt.Length: > 0 };
        var isWhole = isSigned && address.Length > 0 && system is { ProducerName.Length: > 0, ProducerNif.Length: > 0 };
        return new ResponsibleDeclaration(
            [
                new(
                    "1.a",
                    "Nombre del sistema informático a que se refiere esta declaración responsable",
                    system.Name,
                    $"Name {OfInEnglish}",
                    system.Name
                ),
                new(
                    "1.b",
                    "Código identificador del sistema informático a que se refiere el apartado a) de esta declaración responsable",
                    system.Id,
                    $"Identifying code {OfInEnglish}",
                    system.Id
                ),
                new(
                    "1.c",
                    $"Identificador completo de la versión concreta {Of}",
                    system.Version,
                    $"Exact version {OfInEnglish}",
                    system.Version
                ),
                new(
                    "1.d",
                    "Componentes, hardware y software, de que consta el sistema informático a que se refiere esta declaración responsable, "
                        + "junto con una breve descripción de lo que hace dicho sistema informático y de sus principales funcionalidades",
                    declared.Description,
                    "Components, hardware and software, and what the system does",
                    declared.DescriptionInEnglish
                ),
                new(
                    "1.e",
                    "Indicación de si el sistema informático a que se refiere esta declaración responsable se ha producido de tal manera que, a los "
                        + "efectos de cumplir con el Reglamento, solo pueda funcionar exclusivamente como «VERI*FACTU»",
                    YesNo(system.OnlyVerifactu),
                    "Whether it can work as VERI*FACTU only",
                    YesNoInEnglish(system.OnlyVerifactu)
                ),
                new(
                    "1.f",
                    "Indicación de si el sistema informático a que se refiere la declaración responsable permite ser usado por varios obligados "
                        + "tributarios o por un mismo usuario para dar soporte a la facturación de varios obligados tributarios",
                    YesNo(system.SeveralTaxpayersPossible),
                    "Whether several taxpayers can use it",
                    YesNoInEnglish(system.SeveralTaxpayersPossible)
                ),
                Signatures(system.OnlyVerifactu),
                new(
                    "1.h",
                    $"{(declared.IsPerson ? "Nombre y apellidos" : "Razón social")} de la {producer} {Of}",
                    Named(system.ProducerName),
                    "Name of its producer",
                    NamedInEnglish(system.ProducerName)
                ),
                new(
                    "1.i",
                    $"Número de identificación fiscal (NIF) español de la {producer} {Of}",
                    Named(system.ProducerNif),
                    "Spanish tax number of its producer",
                    NamedInEnglish(system.ProducerNif)
                ),
                new(
                    "1.j",
                    $"Dirección postal completa de contacto de la {producer} {Of}",
                    Named(address),
                    "Postal address of its producer",
                    NamedInEnglish(address)
                ),
                new(
                    "1.k",
                    "",
                    $"La {producer} {Of} hace constar que dicho sistema informático, en la versión indicada en ella, cumple con lo dispuesto en el "
                        + "artículo 29.2.j) de la Ley 58/2003, de 17 de diciembre, General Tributaria, en el Reglamento que establece los requisitos que "
                        + "deben adoptar los sistemas y programas informáticos o electrónicos que soporten los procesos de facturación de empresarios y "
                        + "profesionales, y la estandarización de formatos de los registros de facturación, aprobado por el Real Decreto 1007/2023, de 5 "
                        + "de diciembre, en la Orden HAC/1177/2024, de 17 de octubre, y en la sede electrónica de la Agencia Estatal de Administración "
                        + "Tributaria para todo aquello que complete las especificaciones de dicha orden.",
                    "",
                    "The producer states that this version keeps article 29.2.j of Ley 58/2003, the regulation of Real Decreto 1007/2023, Orden "
                        + "HAC/1177/2024, and what the tax agency publishes to complete it."
                ),
                new(
                    "1.l",
                    "",
                    $"Fecha en que la {producer} {signed}:\n{Named(DayOf(declared.SignedOn))}.\n"
                        + $"Lugar en que la {producer} {signed}:\n{Named(declared.SignedAt)}.",
                    "When and where the producer signs it",
                    $"{NamedInEnglish(declared.SignedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))}, {NamedInEnglish(declared.SignedAt)}"
                ),
            ],
            [.. Additional(declared, producer)]
        )
        {
            Notice = isWhole
                ? null
                : (
                    "Esta declaración está incompleta y aún no vale como tal. El programa se distribuye en código fuente, sin productor designado: "
                        + "quien lo explota tiene que indicar en la configuración la persona o entidad que lo produce y responde de él, su NIF y "
                        + "dirección, y el lugar y la fecha en que suscribe la declaración.",
                    "This declaration is incomplete and does not hold yet. The program comes as source code, without a producer: whoever operates it has "
                        + "to name, in its configuration, who produces it and answers for it, with NIF and address, and where and when that signed."
                ),
        };
    }

    private static string Named(string? text) => text is { Length: > 0 } ? text : ToBeNamed;

    private static string NamedInEnglish(string? text) => text is { Length: > 0 } ? text : ToBeNamedInEnglish;

    private static string? DayOf(DateOnly? day) =>
        day is { } signed
            ? string.Create(CultureInfo.InvariantCulture, $"{signed.Day} de {Months[signed.Month - 1]} de {signed.Year}")
            : null;

    private static DeclarationItem Signatures(bool onlyVerifactu) =>
        new(
            "1.g",
            "Tipos de firma utilizados para firmar los registros de facturación y de evento en el caso de que el sistema informático a que se "
                + "refiere esta declaración responsable no sea utilizado como «VERI*FACTU»",
            onlyVerifactu
                ? "Dado que el sistema solo puede ser utilizado exclusivamente en la modalidad de «VERI*FACTU», no se realiza una firma electrónica "
                    + "expresa de los registros de facturación generados, ya que la normativa considera que quedan firmados al ser remitidos "
                    + "correctamente a los servicios electrónicos de la Agencia Tributaria con la debida autenticación mediante el adecuado "
                    + "certificado electrónico cualificado."
                : "XAdES Enveloped (ETSI EN 319 132), clase EPES, con la política de firma de la Administración General del Estado.",
            "How records are signed outside VERI*FACTU",
            onlyVerifactu
                ? "They are not: in VERI*FACTU they count as signed once the agency has them, sent with a qualified certificate."
                : "XAdES Enveloped (ETSI EN 319 132), class EPES, under the signature policy of the Spanish administration."
        );

    private static IEnumerable<DeclarationItem> Additional(DeclaredSystem declared, string producer)
    {
        if (declared.Contacts.Count > 0)
        {
            var contacts = string.Join('\n', declared.Contacts);
            yield return new(
                "2.a",
                $"Otras formas de contacto con la {producer} {Of}",
                contacts,
                "Other ways to reach the producer",
                contacts
            );
        }

        if (declared.Links.Count > 0)
        {
            var links = string.Join('\n', declared.Links);
            yield return new("2.b", $"Direcciones de internet de la {producer} {Of}", links, "The producer on the web", links);
        }

        if (declared.Compliance is { } compliance)
        {
            yield return new(
                "2.c",
                "El sistema informático a que se refiere esta declaración responsable cumple las diferentes especificaciones técnicas y funcionales "
                    + "contenidas en la Orden HAC/1177/2024, de 17 de octubre, y en la sede electrónica de la Agencia Estatal de Administración "
                    + "Tributaria para todo aquello que complete las especificaciones de dicha orden, de la siguiente manera",
                compliance,
                "How the system keeps the order's specifications",
                declared.ComplianceInEnglish ?? compliance
            );
        }

        yield return new(
            "2.d",
            "Número de instalación del sistema informático",
            declared.System.Installation,
            "Number of this installation",
            declared.System.Installation
        );
    }

    private static string YesNo(bool isSo) => isSo ? "S - Sí" : "N - No";

    private static string YesNoInEnglish(bool isSo) => isSo ? "Yes" : "No";
}
