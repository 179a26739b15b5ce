using System.Globalization;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What is said around offers, in one language.</summary>
public sealed record OfferWords
{
    /// <summary>ISO 639-1.</summary>
    public required string Language { get; init; }

    /// <summary>What it is by law (LSSI art. 20).</summary>
    public required string Label { get; init; }

    /// <summary>The heading above the offers.</summary>
    public required string Heading { get; init; }

    /// <summary>Because of a bought product.</summary>
    public required string BecauseBought { get; init; }

    /// <summary>Because many buy it.</summary>
    public required string BecausePopular { get; init; }

    /// <summary>Because of being a customer.</summary>
    public required string BecauseCustomer { get; init; }

    /// <summary>Until a day.</summary>
    public required string Until { get; init; }

    /// <summary>The link that stops them.</summary>
    public required string StopWords { get; init; }

    /// <summary>Title of the page that asks.</summary>
    public required string StopTitle { get; init; }

    /// <summary>What it asks.</summary>
    public required string StopQuestion { get; init; }

    /// <summary>Its button.</summary>
    public required string StopButton { get; init; }

    /// <summary>Title of the page that says it is done.</summary>
    public required string StoppedTitle { get; init; }

    /// <summary>What is done.</summary>
    public required string Stopped { get; init; }

    /// <summary>Title of the page of a link that does nothing.</summary>
    public required string BadLinkTitle { get; init; }

    private static readonly OfferWords Spanish = new()
    {
        Language = "es",
        Label = "Publicidad",
        Heading = "Para ti",
        BecauseBought = "Porque compraste {0}",
        BecausePopular = "De lo más vendido en {0}",
        BecauseCustomer = "Porque compras en {0}",
        Until = "Hasta el {0}",
        StopWords = "No quiero recibir ofertas con mis facturas",
        StopTitle = "Dejar de recibir ofertas de {0}",
        StopQuestion = "{0} dejará de enviar ofertas a {1}. Las facturas seguirán llegando.",
        StopButton = "Dejar de recibir ofertas",
        StoppedTitle = "Hecho",
        Stopped = "{0} no enviará más ofertas a {1}. Las facturas seguirán llegando. Puedes cerrar esta página.",
        BadLinkTitle = "Este enlace no funciona",
    };

    private static readonly OfferWords Catalan = new()
    {
        Language = "ca",
        Label = "Publicitat",
        Heading = "Per a tu",
        BecauseBought = "Perquè vas comprar {0}",
        BecausePopular = "Del més venut a {0}",
        BecauseCustomer = "Perquè compres a {0}",
        Until = "Fins al {0}",
        StopWords = "No vull rebre ofertes amb les meves factures",
        StopTitle = "Deixar de rebre ofertes de {0}",
        StopQuestion = "{0} deixarà d'enviar ofertes a {1}. Les factures continuaran arribant.",
        StopButton = "Deixar de rebre ofertes",
        StoppedTitle = "Fet",
        Stopped = "{0} no enviarà més ofertes a {1}. Les factures continuaran arribant. Pots tancar aquesta pàgina.",
        BadLinkTitle = "Aquest enllaç no funciona",
    };

    private static readonly OfferWords Galician = new()
    {
        Language = "gl",
        Label = "Publicidade",
        Heading = "Para ti",
        BecauseBought = "Porque mercaches {0}",
        BecausePopular = "Do máis vendido en {0}",
        BecauseCustomer = "Porque mercas en {0}",
        Until = "Ata o {0}",
        StopWords = "Non quero recibir ofertas coas miñas facturas",
        StopTitle = "Deixar de recibir ofertas de {0}",
        StopQuestion = "{0} deixará de enviar ofertas a {1}. As facturas seguirán chegando.",
        StopButton = "Deixar de recibir ofertas",
        StoppedTitle = "Feito",
        Stopped = "{0} non enviará máis ofertas a {1}. As facturas seguirán chegando. Podes pechar esta páxina.",
        BadLinkTitle = "Esta ligazón non funciona",
    };

    private static readonly OfferWords Basque = new()
    {
        Language = "eu",
        Label = "Publizitatea",
        Heading = "Zuretzat",
        BecauseBought = "Hau erosi zenuelako: {0}",
        BecausePopular = "Salduenetakoa: {0}",
        BecauseCustomer = "Bezero zarelako: {0}",
        Until = "Azken eguna: {0}",
        StopWords = "Ez dut eskaintzarik jaso nahi nire fakturekin",
        StopTitle = "Eskaintzarik ez jasotzea: {0}",
        StopQuestion = "{0} saltzaileak ez du eskaintza gehiagorik bidaliko helbide honetara: {1}. Fakturak iristen jarraituko dute.",
        StopButton = "Ez jaso eskaintzarik",
        StoppedTitle = "Eginda",
        Stopped =
            "{0} saltzaileak ez du eskaintza gehiagorik bidaliko helbide honetara: {1}. Fakturak iristen jarraituko dute. "
            + "Itxi dezakezu orri hau.",
        BadLinkTitle = "Esteka honek ez du funtzionatzen",
    };

    private static readonly OfferWords English = new()
    {
        Language = "en",
        Label = "Advertisement",
        Heading = "For you",
        BecauseBought = "Because you bought {0}",
        BecausePopular = "Sells best at {0}",
        BecauseCustomer = "Because you shop at {0}",
        Until = "Until {0}",
        StopWords = "Stop sending me offers with my invoices",
        StopTitle = "Stop offers from {0}",
        StopQuestion = "{0} will send no more offers to {1}. Invoices will keep coming.",
        StopButton = "Stop the offers",
        StoppedTitle = "Done",
        Stopped = "{0} will send no more offers to {1}. Invoices will keep coming. You can close this page.",
        BadLinkTitle = "This link does not work",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OfferWords> All => [Spanish, Catalan, Galician, Basque, English];

    /// <summary>The reader's language; English for those that are none of Spain's, Spanish where nothing is known.</summary>
    public static OfferWords For(string? language) =>
        language?.Split('-', '_', ',', ';')[0].Trim().ToLowerInvariant() switch
        {
            null or "" or "es" => Spanish,
            "ca" => Catalan,
            "gl" => Galician,
            "eu" => Basque,
            _ => English,
        };

    /// <summary>A sentence with what it leaves open.</summary>
    public static string Said(string sentence, params object[] values) => string.Format(CultureInfo.InvariantCulture, sentence, values);
}
