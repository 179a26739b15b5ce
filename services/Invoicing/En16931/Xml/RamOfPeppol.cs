namespace RetailInvoicing.Invoicing.En16931.Xml;

#pragma warning disable CS1591 // Each is an element of CII D16B under its own name; the standard says what it means.

/// <summary>Components of CII D16B that only Peppol's rules speak of.</summary>
public static class RamOfPeppol
{
    public static readonly Name BICID = Ram.Of("BICID");
    public static readonly Name BusinessProcessSpecifiedDocumentContextParameter = Ram.Of(
        "BusinessProcessSpecifiedDocumentContextParameter"
    );
    public static readonly Name BuyerOrderReferencedDocument = Ram.Of("BuyerOrderReferencedDocument");
    public static readonly Name BuyerReference = Ram.Of("BuyerReference");
    public static readonly Name CalculationPercent = Ram.Of("CalculationPercent");
    public static readonly Name CityName = Ram.Of("CityName");
    public static readonly Name CreditorReferenceID = Ram.Of("CreditorReferenceID");
    public static readonly Name DirectDebitMandateID = Ram.Of("DirectDebitMandateID");
    public static readonly Name ExchangedDocument = Ram.Of("ExchangedDocument");
    public static readonly Name IncludedNote = Ram.Of("IncludedNote");
    public static readonly Name LineOne = Ram.Of("LineOne");
    public static readonly Name PayeeSpecifiedCreditorFinancialInstitution = Ram.Of("PayeeSpecifiedCreditorFinancialInstitution");
    public static readonly Name PostcodeCode = Ram.Of("PostcodeCode");
    public static readonly Name SpecifiedTradePaymentTerms = Ram.Of("SpecifiedTradePaymentTerms");
}
