namespace RetailInvoicing.Invoicing.En16931.Xml;

#pragma warning disable CS1591 // Each is an element of CII D16B under its own name; the standard says what it means.

/// <summary>The document of CII D16B and its three parts.</summary>
public static class Rsm
{
    public const string Space = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";

    public static readonly Name CrossIndustryInvoice = Of("CrossIndustryInvoice");
    public static readonly Name ExchangedDocumentContext = Of("ExchangedDocumentContext");
    public static readonly Name ExchangedDocument = Of("ExchangedDocument");
    public static readonly Name SupplyChainTradeTransaction = Of("SupplyChainTradeTransaction");

    public static Name Of(string local) => Vocabulary.Add(Space, "rsm", local);
}

/// <summary>Components of CII D16B.</summary>
public static class Ram
{
    public const string Space = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

    public static Name Of(string local) => Vocabulary.Add(Space, "ram", local);
}

/// <summary>Data types of CII D16B.</summary>
public static class Udt
{
    public const string Space = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";

    public static readonly Name Indicator = Of("Indicator");
    public static readonly Name DateTimeString = Of("DateTimeString");

    public static Name Of(string local) => Vocabulary.Add(Space, "udt", local);
}

/// <summary>Qualified data types of CII D16B.</summary>
public static class Qdt
{
    public const string Space = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";

    public static Name Of(string local) => Vocabulary.Add(Space, "qdt", local);
}
