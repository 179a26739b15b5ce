namespace RetailInvoicing.Invoicing.En16931.Xml;

#pragma warning disable CS1591 // Each is an element of UBL 2.1 under its own name; the standard says what it means.

/// <summary>The documents of UBL 2.1 that carry invoices.</summary>
public static class Root
{
    public static readonly Name Invoice = Vocabulary.Add("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "", "Invoice");
    public static readonly Name CreditNote = Vocabulary.Add("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "", "CreditNote");
}

/// <summary>Basic components of UBL 2.1.</summary>
public static class Cbc
{
    public const string Space = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    public static readonly Name AccountingCost = Of("AccountingCost");
    public static readonly Name ActualDeliveryDate = Of("ActualDeliveryDate");
    public static readonly Name AdditionalStreetName = Of("AdditionalStreetName");
    public static readonly Name AllowanceChargeReason = Of("AllowanceChargeReason");
    public static readonly Name AllowanceChargeReasonCode = Of("AllowanceChargeReasonCode");
    public static readonly Name AllowanceTotalAmount = Of("AllowanceTotalAmount");
    public static readonly Name Amount = Of("Amount");
    public static readonly Name BaseAmount = Of("BaseAmount");
    public static readonly Name BaseQuantity = Of("BaseQuantity");
    public static readonly Name BuyerReference = Of("BuyerReference");
    public static readonly Name ChargeIndicator = Of("ChargeIndicator");
    public static readonly Name ChargeTotalAmount = Of("ChargeTotalAmount");
    public static readonly Name CityName = Of("CityName");
    public static readonly Name CompanyID = Of("CompanyID");
    public static readonly Name CompanyLegalForm = Of("CompanyLegalForm");
    public static readonly Name CountrySubentity = Of("CountrySubentity");
    public static readonly Name CreditNoteTypeCode = Of("CreditNoteTypeCode");
    public static readonly Name CreditedQuantity = Of("CreditedQuantity");
    public static readonly Name CustomizationID = Of("CustomizationID");
    public static readonly Name Description = Of("Description");
    public static readonly Name DescriptionCode = Of("DescriptionCode");
    public static readonly Name DocumentCurrencyCode = Of("DocumentCurrencyCode");
    public static readonly Name DocumentDescription = Of("DocumentDescription");
    public static readonly Name DocumentTypeCode = Of("DocumentTypeCode");
    public static readonly Name DueDate = Of("DueDate");
    public static readonly Name ElectronicMail = Of("ElectronicMail");
    public static readonly Name EmbeddedDocumentBinaryObject = Of("EmbeddedDocumentBinaryObject");
    public static readonly Name EndDate = Of("EndDate");
    public static readonly Name EndpointID = Of("EndpointID");
    public static readonly Name HolderName = Of("HolderName");
    public static readonly Name ID = Of("ID");
    public static readonly Name IdentificationCode = Of("IdentificationCode");
    public static readonly Name InvoiceTypeCode = Of("InvoiceTypeCode");
    public static readonly Name InvoicedQuantity = Of("InvoicedQuantity");
    public static readonly Name IssueDate = Of("IssueDate");
    public static readonly Name ItemClassificationCode = Of("ItemClassificationCode");
    public static readonly Name Line = Of("Line");
    public static readonly Name LineExtensionAmount = Of("LineExtensionAmount");
    public static readonly Name LineID = Of("LineID");
    public static readonly Name MultiplierFactorNumeric = Of("MultiplierFactorNumeric");
    public static readonly Name Name = Of("Name");
    public static readonly Name Note = Of("Note");
    public static readonly Name PayableAmount = Of("PayableAmount");
    public static readonly Name PayableRoundingAmount = Of("PayableRoundingAmount");
    public static readonly Name PaymentDueDate = Of("PaymentDueDate");
    public static readonly Name PaymentID = Of("PaymentID");
    public static readonly Name PaymentMeansCode = Of("PaymentMeansCode");
    public static readonly Name Percent = Of("Percent");
    public static readonly Name PostalZone = Of("PostalZone");
    public static readonly Name PrepaidAmount = Of("PrepaidAmount");
    public static readonly Name PriceAmount = Of("PriceAmount");
    public static readonly Name PrimaryAccountNumberID = Of("PrimaryAccountNumberID");
    public static readonly Name ProfileID = Of("ProfileID");
    public static readonly Name RegistrationName = Of("RegistrationName");
    public static readonly Name SalesOrderID = Of("SalesOrderID");
    public static readonly Name StartDate = Of("StartDate");
    public static readonly Name StreetName = Of("StreetName");
    public static readonly Name TaxAmount = Of("TaxAmount");
    public static readonly Name TaxCurrencyCode = Of("TaxCurrencyCode");
    public static readonly Name TaxExclusiveAmount = Of("TaxExclusiveAmount");
    public static readonly Name TaxExemptionReason = Of("TaxExemptionReason");
    public static readonly Name TaxExemptionReasonCode = Of("TaxExemptionReasonCode");
    public static readonly Name TaxInclusiveAmount = Of("TaxInclusiveAmount");
    public static readonly Name TaxPointDate = Of("TaxPointDate");
    public static readonly Name TaxableAmount = Of("TaxableAmount");
    public static readonly Name Telephone = Of("Telephone");
    public static readonly Name UBLVersionID = Of("UBLVersionID");
    public static readonly Name URI = Of("URI");
    public static readonly Name Value = Of("Value");

    public static Name Of(string local) => Vocabulary.Add(Space, "cbc", local);
}

/// <summary>Aggregate components of UBL 2.1.</summary>
public static class Cac
{
    public const string Space = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";

    public static readonly Name AccountingCustomerParty = Of("AccountingCustomerParty");
    public static readonly Name AccountingSupplierParty = Of("AccountingSupplierParty");
    public static readonly Name AdditionalDocumentReference = Of("AdditionalDocumentReference");
    public static readonly Name AdditionalItemProperty = Of("AdditionalItemProperty");
    public static readonly Name Address = Of("Address");
    public static readonly Name AddressLine = Of("AddressLine");
    public static readonly Name AllowanceCharge = Of("AllowanceCharge");
    public static readonly Name Attachment = Of("Attachment");
    public static readonly Name BillingReference = Of("BillingReference");
    public static readonly Name BuyersItemIdentification = Of("BuyersItemIdentification");
    public static readonly Name CardAccount = Of("CardAccount");
    public static readonly Name ClassifiedTaxCategory = Of("ClassifiedTaxCategory");
    public static readonly Name CommodityClassification = Of("CommodityClassification");
    public static readonly Name Contact = Of("Contact");
    public static readonly Name ContractDocumentReference = Of("ContractDocumentReference");
    public static readonly Name Country = Of("Country");
    public static readonly Name CreditNoteLine = Of("CreditNoteLine");
    public static readonly Name Delivery = Of("Delivery");
    public static readonly Name DeliveryLocation = Of("DeliveryLocation");
    public static readonly Name DeliveryParty = Of("DeliveryParty");
    public static readonly Name DespatchDocumentReference = Of("DespatchDocumentReference");
    public static readonly Name DocumentReference = Of("DocumentReference");
    public static readonly Name ExternalReference = Of("ExternalReference");
    public static readonly Name FinancialInstitutionBranch = Of("FinancialInstitutionBranch");
    public static readonly Name InvoiceDocumentReference = Of("InvoiceDocumentReference");
    public static readonly Name InvoiceLine = Of("InvoiceLine");
    public static readonly Name InvoicePeriod = Of("InvoicePeriod");
    public static readonly Name Item = Of("Item");
    public static readonly Name LegalMonetaryTotal = Of("LegalMonetaryTotal");
    public static readonly Name OrderLineReference = Of("OrderLineReference");
    public static readonly Name OrderReference = Of("OrderReference");
    public static readonly Name OriginCountry = Of("OriginCountry");
    public static readonly Name OriginatorDocumentReference = Of("OriginatorDocumentReference");
    public static readonly Name Party = Of("Party");
    public static readonly Name PartyIdentification = Of("PartyIdentification");
    public static readonly Name PartyLegalEntity = Of("PartyLegalEntity");
    public static readonly Name PartyName = Of("PartyName");
    public static readonly Name PartyTaxScheme = Of("PartyTaxScheme");
    public static readonly Name PayeeFinancialAccount = Of("PayeeFinancialAccount");
    public static readonly Name PayeeParty = Of("PayeeParty");
    public static readonly Name PayerFinancialAccount = Of("PayerFinancialAccount");
    public static readonly Name PaymentMandate = Of("PaymentMandate");
    public static readonly Name PaymentMeans = Of("PaymentMeans");
    public static readonly Name PaymentTerms = Of("PaymentTerms");
    public static readonly Name PostalAddress = Of("PostalAddress");
    public static readonly Name Price = Of("Price");
    public static readonly Name ProjectReference = Of("ProjectReference");
    public static readonly Name ReceiptDocumentReference = Of("ReceiptDocumentReference");
    public static readonly Name SellersItemIdentification = Of("SellersItemIdentification");
    public static readonly Name StandardItemIdentification = Of("StandardItemIdentification");
    public static readonly Name TaxCategory = Of("TaxCategory");
    public static readonly Name TaxRepresentativeParty = Of("TaxRepresentativeParty");
    public static readonly Name TaxScheme = Of("TaxScheme");
    public static readonly Name TaxSubtotal = Of("TaxSubtotal");
    public static readonly Name TaxTotal = Of("TaxTotal");

    public static Name Of(string local) => Vocabulary.Add(Space, "cac", local);
}

/// <summary>Attributes, which have no namespace.</summary>
public static class Attributes
{
    public static readonly Name CurrencyID = Of("currencyID");
    public static readonly Name Filename = Of("filename");
    public static readonly Name Format = Of("format");
    public static readonly Name ListID = Of("listID");
    public static readonly Name ListVersionID = Of("listVersionID");
    public static readonly Name MimeCode = Of("mimeCode");
    public static readonly Name SchemeID = Of("schemeID");
    public static readonly Name UnitCode = Of("unitCode");
    public static readonly Name NameAttribute = Of("name");

    public static Name Of(string local) => Vocabulary.Add("", "@", local);
}
