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

    public static readonly Name AccountName = Of("AccountName");
    public static readonly Name ActualAmount = Of("ActualAmount");
    public static readonly Name ActualDeliverySupplyChainEvent = Of("ActualDeliverySupplyChainEvent");
    public static readonly Name AdditionalReferencedDocument = Of("AdditionalReferencedDocument");
    public static readonly Name AllowanceTotalAmount = Of("AllowanceTotalAmount");
    public static readonly Name ApplicableHeaderTradeAgreement = Of("ApplicableHeaderTradeAgreement");
    public static readonly Name ApplicableHeaderTradeDelivery = Of("ApplicableHeaderTradeDelivery");
    public static readonly Name ApplicableHeaderTradeSettlement = Of("ApplicableHeaderTradeSettlement");
    public static readonly Name ApplicableProductCharacteristic = Of("ApplicableProductCharacteristic");
    public static readonly Name ApplicableTradeSettlementFinancialCard = Of("ApplicableTradeSettlementFinancialCard");
    public static readonly Name ApplicableTradeTax = Of("ApplicableTradeTax");
    public static readonly Name AppliedTradeAllowanceCharge = Of("AppliedTradeAllowanceCharge");
    public static readonly Name AssociatedDocumentLineDocument = Of("AssociatedDocumentLineDocument");
    public static readonly Name AttachmentBinaryObject = Of("AttachmentBinaryObject");
    public static readonly Name BICID = Of("BICID");
    public static readonly Name BasisAmount = Of("BasisAmount");
    public static readonly Name BasisQuantity = Of("BasisQuantity");
    public static readonly Name BilledQuantity = Of("BilledQuantity");
    public static readonly Name BillingSpecifiedPeriod = Of("BillingSpecifiedPeriod");
    public static readonly Name BusinessProcessSpecifiedDocumentContextParameter = Of("BusinessProcessSpecifiedDocumentContextParameter");
    public static readonly Name BuyerAssignedID = Of("BuyerAssignedID");
    public static readonly Name BuyerOrderReferencedDocument = Of("BuyerOrderReferencedDocument");
    public static readonly Name BuyerReference = Of("BuyerReference");
    public static readonly Name BuyerTradeParty = Of("BuyerTradeParty");
    public static readonly Name CalculatedAmount = Of("CalculatedAmount");
    public static readonly Name CalculationPercent = Of("CalculationPercent");
    public static readonly Name CardholderName = Of("CardholderName");
    public static readonly Name CategoryCode = Of("CategoryCode");
    public static readonly Name CategoryTradeTax = Of("CategoryTradeTax");
    public static readonly Name ChargeAmount = Of("ChargeAmount");
    public static readonly Name ChargeIndicator = Of("ChargeIndicator");
    public static readonly Name ChargeTotalAmount = Of("ChargeTotalAmount");
    public static readonly Name CityName = Of("CityName");
    public static readonly Name ClassCode = Of("ClassCode");
    public static readonly Name CompleteNumber = Of("CompleteNumber");
    public static readonly Name Content = Of("Content");
    public static readonly Name ContractReferencedDocument = Of("ContractReferencedDocument");
    public static readonly Name CountryID = Of("CountryID");
    public static readonly Name CountrySubDivisionName = Of("CountrySubDivisionName");
    public static readonly Name CreditorReferenceID = Of("CreditorReferenceID");
    public static readonly Name DefinedTradeContact = Of("DefinedTradeContact");
    public static readonly Name DepartmentName = Of("DepartmentName");
    public static readonly Name Description = Of("Description");
    public static readonly Name DesignatedProductClassification = Of("DesignatedProductClassification");
    public static readonly Name DespatchAdviceReferencedDocument = Of("DespatchAdviceReferencedDocument");
    public static readonly Name DirectDebitMandateID = Of("DirectDebitMandateID");
    public static readonly Name DueDateDateTime = Of("DueDateDateTime");
    public static readonly Name DueDateTypeCode = Of("DueDateTypeCode");
    public static readonly Name DuePayableAmount = Of("DuePayableAmount");
    public static readonly Name EmailURIUniversalCommunication = Of("EmailURIUniversalCommunication");
    public static readonly Name EndDateTime = Of("EndDateTime");
    public static readonly Name ExemptionReason = Of("ExemptionReason");
    public static readonly Name ExemptionReasonCode = Of("ExemptionReasonCode");
    public static readonly Name FormattedIssueDateTime = Of("FormattedIssueDateTime");
    public static readonly Name GlobalID = Of("GlobalID");
    public static readonly Name GrandTotalAmount = Of("GrandTotalAmount");
    public static readonly Name GrossPriceProductTradePrice = Of("GrossPriceProductTradePrice");
    public static readonly Name GuidelineSpecifiedDocumentContextParameter = Of("GuidelineSpecifiedDocumentContextParameter");
    public static readonly Name IBANID = Of("IBANID");
    public static readonly Name ID = Of("ID");
    public static readonly Name IncludedNote = Of("IncludedNote");
    public static readonly Name IncludedSupplyChainTradeLineItem = Of("IncludedSupplyChainTradeLineItem");
    public static readonly Name Information = Of("Information");
    public static readonly Name InvoiceCurrencyCode = Of("InvoiceCurrencyCode");
    public static readonly Name InvoiceReferencedDocument = Of("InvoiceReferencedDocument");
    public static readonly Name IssueDateTime = Of("IssueDateTime");
    public static readonly Name IssuerAssignedID = Of("IssuerAssignedID");
    public static readonly Name LineID = Of("LineID");
    public static readonly Name LineOne = Of("LineOne");
    public static readonly Name LineThree = Of("LineThree");
    public static readonly Name LineTotalAmount = Of("LineTotalAmount");
    public static readonly Name LineTwo = Of("LineTwo");
    public static readonly Name Name = Of("Name");
    public static readonly Name NetPriceProductTradePrice = Of("NetPriceProductTradePrice");
    public static readonly Name OccurrenceDateTime = Of("OccurrenceDateTime");
    public static readonly Name OriginTradeCountry = Of("OriginTradeCountry");
    public static readonly Name PayeePartyCreditorFinancialAccount = Of("PayeePartyCreditorFinancialAccount");
    public static readonly Name PayeeSpecifiedCreditorFinancialInstitution = Of("PayeeSpecifiedCreditorFinancialInstitution");
    public static readonly Name PayeeTradeParty = Of("PayeeTradeParty");
    public static readonly Name PayerPartyDebtorFinancialAccount = Of("PayerPartyDebtorFinancialAccount");
    public static readonly Name PaymentReference = Of("PaymentReference");
    public static readonly Name PersonName = Of("PersonName");
    public static readonly Name PostalTradeAddress = Of("PostalTradeAddress");
    public static readonly Name PostcodeCode = Of("PostcodeCode");
    public static readonly Name ProprietaryID = Of("ProprietaryID");
    public static readonly Name RateApplicablePercent = Of("RateApplicablePercent");
    public static readonly Name Reason = Of("Reason");
    public static readonly Name ReasonCode = Of("ReasonCode");
    public static readonly Name ReceivableSpecifiedTradeAccountingAccount = Of("ReceivableSpecifiedTradeAccountingAccount");
    public static readonly Name ReceivingAdviceReferencedDocument = Of("ReceivingAdviceReferencedDocument");
    public static readonly Name ReferenceTypeCode = Of("ReferenceTypeCode");
    public static readonly Name RoundingAmount = Of("RoundingAmount");
    public static readonly Name SellerAssignedID = Of("SellerAssignedID");
    public static readonly Name SellerOrderReferencedDocument = Of("SellerOrderReferencedDocument");
    public static readonly Name SellerTaxRepresentativeTradeParty = Of("SellerTaxRepresentativeTradeParty");
    public static readonly Name SellerTradeParty = Of("SellerTradeParty");
    public static readonly Name ShipToTradeParty = Of("ShipToTradeParty");
    public static readonly Name SpecifiedLegalOrganization = Of("SpecifiedLegalOrganization");
    public static readonly Name SpecifiedLineTradeAgreement = Of("SpecifiedLineTradeAgreement");
    public static readonly Name SpecifiedLineTradeDelivery = Of("SpecifiedLineTradeDelivery");
    public static readonly Name SpecifiedLineTradeSettlement = Of("SpecifiedLineTradeSettlement");
    public static readonly Name SpecifiedProcuringProject = Of("SpecifiedProcuringProject");
    public static readonly Name SpecifiedTaxRegistration = Of("SpecifiedTaxRegistration");
    public static readonly Name SpecifiedTradeAllowanceCharge = Of("SpecifiedTradeAllowanceCharge");
    public static readonly Name SpecifiedTradePaymentTerms = Of("SpecifiedTradePaymentTerms");
    public static readonly Name SpecifiedTradeProduct = Of("SpecifiedTradeProduct");
    public static readonly Name SpecifiedTradeSettlementHeaderMonetarySummation = Of("SpecifiedTradeSettlementHeaderMonetarySummation");
    public static readonly Name SpecifiedTradeSettlementLineMonetarySummation = Of("SpecifiedTradeSettlementLineMonetarySummation");
    public static readonly Name SpecifiedTradeSettlementPaymentMeans = Of("SpecifiedTradeSettlementPaymentMeans");
    public static readonly Name StartDateTime = Of("StartDateTime");
    public static readonly Name SubjectCode = Of("SubjectCode");
    public static readonly Name TaxBasisTotalAmount = Of("TaxBasisTotalAmount");
    public static readonly Name TaxCurrencyCode = Of("TaxCurrencyCode");
    public static readonly Name TaxPointDate = Of("TaxPointDate");
    public static readonly Name TaxTotalAmount = Of("TaxTotalAmount");
    public static readonly Name TelephoneUniversalCommunication = Of("TelephoneUniversalCommunication");
    public static readonly Name TotalPrepaidAmount = Of("TotalPrepaidAmount");
    public static readonly Name TradingBusinessName = Of("TradingBusinessName");
    public static readonly Name TypeCode = Of("TypeCode");
    public static readonly Name URIID = Of("URIID");
    public static readonly Name URIUniversalCommunication = Of("URIUniversalCommunication");
    public static readonly Name Value = Of("Value");

    public static Name Of(string local) => Vocabulary.Add(Space, "ram", local);
}

/// <summary>Data types of CII D16B.</summary>
public static class Udt
{
    public const string Space = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";

    public static readonly Name DateString = Of("DateString");
    public static readonly Name DateTimeString = Of("DateTimeString");
    public static readonly Name Indicator = Of("Indicator");

    public static Name Of(string local) => Vocabulary.Add(Space, "udt", local);
}

/// <summary>Qualified data types of CII D16B.</summary>
public static class Qdt
{
    public const string Space = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";

    public static readonly Name DateTimeString = Of("DateTimeString");

    public static Name Of(string local) => Vocabulary.Add(Space, "qdt", local);
}
