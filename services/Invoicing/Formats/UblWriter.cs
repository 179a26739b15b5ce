using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Writes the semantic model as UBL 2.1 (EN 16931-3-2): an Invoice, or a CreditNote where the type is a credit note's. Each field stands
/// where the binding puts it, in the order of the schema.
/// </summary>
public sealed class UblWriter
{
    private static readonly string[] CreditNoteTypes =
    [
        "81",
        "83",
        "261",
        "262",
        "296",
        "308",
        "381",
        "396",
        "420",
        "458",
        "502",
        "503",
        "532",
    ];

    /// <summary>The namespace of an Invoice.</summary>
    internal static ReadOnlySpan<byte> InvoiceSpace => "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"u8;

    /// <summary>The namespace of a CreditNote.</summary>
    internal static ReadOnlySpan<byte> CreditNoteSpace => "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"u8;

    private readonly XmlOutput _xml;
    private readonly Invoice _invoice;
    private readonly bool _isCredit;

    private UblWriter(XmlOutput xml, Invoice invoice)
    {
        (_xml, _invoice) = (xml, invoice);
        _isCredit = IsCreditNote(invoice.TypeCode);
    }

    /// <summary>Whether UBL writes that type as a CreditNote.</summary>
    public static bool IsCreditNote(string typeCode) => CreditNoteTypes.Contains(typeCode, StringComparer.Ordinal);

    /// <summary>The document as UTF-8.</summary>
    public static byte[] Write(Invoice invoice)
    {
        using var xml = new XmlOutput();
        new UblWriter(xml, invoice).Document();
        return xml.Written.ToArray();
    }

    /// <summary>The tree that reading the document would make.</summary>
    internal static void Fill(Invoice invoice, XmlTree tree)
    {
        tree.Clear();
        using var output = new TreeOutput(tree);
        new UblWriter(output, invoice).Document();
    }

    private void Document()
    {
        _xml.Declaration();
        using var document = _xml.In(_isCredit ? "CreditNote"u8 : "Invoice"u8);
        _xml.Attribute("xmlns"u8, $"urn:oasis:names:specification:ubl:schema:xsd:{(_isCredit ? "CreditNote" : "Invoice")}-2");
        _xml.Attribute("xmlns:cac"u8, "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2");
        _xml.Attribute("xmlns:cbc"u8, "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2");
        _xml.Text("cbc:CustomizationID"u8, _invoice.ProcessControl.Specification);
        _xml.Text("cbc:ProfileID"u8, _invoice.ProcessControl.Process);
        _xml.Text("cbc:ID"u8, _invoice.Number);
        _xml.Date("cbc:IssueDate"u8, _invoice.IssueDate);
        if (!_isCredit)
        {
            _xml.Date("cbc:DueDate"u8, _invoice.DueDate);
            _xml.Text("cbc:InvoiceTypeCode"u8, _invoice.TypeCode);
        }
        else
        {
            _xml.Date("cbc:TaxPointDate"u8, _invoice.VatPointDate);
            _xml.Text("cbc:CreditNoteTypeCode"u8, _invoice.TypeCode);
        }

        foreach (var note in _invoice.Notes)
        {
            _xml.Text("cbc:Note"u8, note.Subject is null ? note.Text : $"#{note.Subject}#{note.Text}");
        }

        if (!_isCredit)
        {
            _xml.Date("cbc:TaxPointDate"u8, _invoice.VatPointDate);
        }

        _xml.Text("cbc:DocumentCurrencyCode"u8, _invoice.Currency);
        _xml.Text("cbc:TaxCurrencyCode"u8, _invoice.VatAccountingCurrency);
        _xml.Text("cbc:AccountingCost"u8, _invoice.BuyerAccountingReference);
        _xml.Text("cbc:BuyerReference"u8, _invoice.BuyerReference);
        Period(_invoice.Period, _invoice.VatPointDateCode);
        References();
        SellerParty();
        BuyerParty();
        PayeeParty();
        Representative();
        Delivery();
        PaymentMeans();
        if (_invoice.PaymentTerms is not null)
        {
            using var terms = _xml.In("cac:PaymentTerms"u8);
            _xml.Text("cbc:Note"u8, _invoice.PaymentTerms);
        }

        AllowancesAndCharges();
        TaxTotals();
        Totals();
        foreach (var line in _invoice.Lines)
        {
            Line(line);
        }
    }

    private void Period(Period? period, string? code)
    {
        if (period is null && code is null)
        {
            return;
        }

        using var scope = _xml.In("cac:InvoicePeriod"u8);
        _xml.Date("cbc:StartDate"u8, period?.Start);
        _xml.Date("cbc:EndDate"u8, period?.End);
        _xml.Text("cbc:DescriptionCode"u8, code);
    }

    private void References()
    {
        if (_invoice.PurchaseOrderReference is not null || _invoice.SalesOrderReference is not null)
        {
            using var order = _xml.In("cac:OrderReference"u8);
            // UBL asks for the buyer's order where the seller's is named.
            _xml.Text("cbc:ID"u8, _invoice.PurchaseOrderReference ?? "NA");
            _xml.Text("cbc:SalesOrderID"u8, _invoice.SalesOrderReference);
        }

        foreach (var preceding in _invoice.PrecedingInvoices)
        {
            using var billing = _xml.In("cac:BillingReference"u8);
            using var document = _xml.In("cac:InvoiceDocumentReference"u8);
            _xml.Text("cbc:ID"u8, preceding.Number);
            _xml.Date("cbc:IssueDate"u8, preceding.IssueDate);
        }

        Reference("cac:DespatchDocumentReference"u8, _invoice.DespatchAdviceReference);
        Reference("cac:ReceiptDocumentReference"u8, _invoice.ReceivingAdviceReference);
        if (_isCredit)
        {
            Reference("cac:ContractDocumentReference"u8, _invoice.ContractReference);
            SupportingDocuments();
            Reference("cac:OriginatorDocumentReference"u8, _invoice.TenderReference);
        }
        else
        {
            Reference("cac:OriginatorDocumentReference"u8, _invoice.TenderReference);
            Reference("cac:ContractDocumentReference"u8, _invoice.ContractReference);
            SupportingDocuments();
            Reference("cac:ProjectReference"u8, _invoice.ProjectReference);
        }
    }

    private void SupportingDocuments()
    {
        if (_invoice.InvoicedObject is { } invoiced)
        {
            using var reference = _xml.In("cac:AdditionalDocumentReference"u8);
            Identifier("cbc:ID"u8, invoiced);
            _xml.Text("cbc:DocumentTypeCode"u8, "130");
        }

        if (_isCredit && _invoice.ProjectReference is { } project)
        {
            // A CreditNote has no ProjectReference: the binding puts it here, under type 50.
            using var reference = _xml.In("cac:AdditionalDocumentReference"u8);
            _xml.Text("cbc:ID"u8, project);
            _xml.Text("cbc:DocumentTypeCode"u8, "50");
        }

        foreach (var document in _invoice.SupportingDocuments)
        {
            using var reference = _xml.In("cac:AdditionalDocumentReference"u8);
            _xml.Text("cbc:ID"u8, document.Reference);
            _xml.Text("cbc:DocumentDescription"u8, document.Description);
            if (document.Attached is null && document.Location is null)
            {
                continue;
            }

            using var attachment = _xml.In("cac:Attachment"u8);
            if (document.Attached is { } attached)
            {
                using var file = _xml.In("cbc:EmbeddedDocumentBinaryObject"u8);
                _xml.Attribute("mimeCode"u8, attached.MimeCode);
                _xml.Attribute("filename"u8, attached.FileName);
                _xml.Base64(attached.Content.Span);
            }

            if (document.Location is { } location)
            {
                using var external = _xml.In("cac:ExternalReference"u8);
                _xml.Text("cbc:URI"u8, location);
            }
        }
    }

    private void Reference(ReadOnlySpan<byte> name, string? id)
    {
        if (id is not null)
        {
            using var reference = _xml.In(name);
            _xml.Text("cbc:ID"u8, id);
        }
    }

    private void Identifier(ReadOnlySpan<byte> name, Identifier? identifier)
    {
        if (identifier is not null)
        {
            _xml.Text(name, identifier.Value, "schemeID"u8, identifier.Scheme);
        }
    }

    private void Identification(Identifier? identifier)
    {
        if (identifier is not null)
        {
            using var identification = _xml.In("cac:PartyIdentification"u8);
            Identifier("cbc:ID"u8, identifier);
        }
    }

    private void SellerParty()
    {
        var seller = _invoice.Seller;
        using var role = _xml.In("cac:AccountingSupplierParty"u8);
        using var party = _xml.In("cac:Party"u8);
        Identifier("cbc:EndpointID"u8, seller.ElectronicAddress);
        foreach (var identifier in seller.Identifiers)
        {
            Identification(identifier);
        }

        if (_invoice.Payee is null && _invoice.Payment?.DirectDebit?.CreditorIdentifier is { } creditor)
        {
            Identification(new Identifier(creditor, "SEPA"));
        }

        PartyName(seller.TradingName);
        Address("cac:PostalAddress"u8, seller.Address);
        TaxScheme(seller.VatIdentifier, "VAT");
        TaxScheme(seller.TaxRegistration, "TAX");
        LegalEntity(seller.Name, seller.LegalRegistration, seller.AdditionalLegalInformation);
        Contact(seller.Contact);
    }

    private void BuyerParty()
    {
        var buyer = _invoice.Buyer;
        using var role = _xml.In("cac:AccountingCustomerParty"u8);
        using var party = _xml.In("cac:Party"u8);
        Identifier("cbc:EndpointID"u8, buyer.ElectronicAddress);
        Identification(buyer.Identifier);
        PartyName(buyer.TradingName);
        Address("cac:PostalAddress"u8, buyer.Address);
        TaxScheme(buyer.VatIdentifier, "VAT");
        LegalEntity(buyer.Name, buyer.LegalRegistration, null);
        Contact(buyer.Contact);
    }

    private void PayeeParty()
    {
        if (_invoice.Payee is not { } payee)
        {
            return;
        }

        using var party = _xml.In("cac:PayeeParty"u8);
        Identification(payee.Identifier);
        if (_invoice.Payment?.DirectDebit?.CreditorIdentifier is { } creditor)
        {
            Identification(new Identifier(creditor, "SEPA"));
        }

        PartyName(payee.Name);
        if (payee.LegalRegistration is not null)
        {
            using var entity = _xml.In("cac:PartyLegalEntity"u8);
            Identifier("cbc:CompanyID"u8, payee.LegalRegistration);
        }
    }

    private void Representative()
    {
        if (_invoice.TaxRepresentative is { } representative)
        {
            using var party = _xml.In("cac:TaxRepresentativeParty"u8);
            PartyName(representative.Name);
            Address("cac:PostalAddress"u8, representative.Address);
            TaxScheme(representative.VatIdentifier, "VAT");
        }
    }

    private void PartyName(string? name)
    {
        if (name is not null)
        {
            using var scope = _xml.In("cac:PartyName"u8);
            _xml.Text("cbc:Name"u8, name);
        }
    }

    private void TaxScheme(string? id, string scheme)
    {
        if (id is null)
        {
            return;
        }

        using var registration = _xml.In("cac:PartyTaxScheme"u8);
        _xml.Text("cbc:CompanyID"u8, id);
        using var of = _xml.In("cac:TaxScheme"u8);
        _xml.Text("cbc:ID"u8, scheme);
    }

    private void LegalEntity(string? name, Identifier? registration, string? more)
    {
        if (name is null && registration is null && more is null)
        {
            return;
        }

        using var entity = _xml.In("cac:PartyLegalEntity"u8);
        _xml.Text("cbc:RegistrationName"u8, name);
        Identifier("cbc:CompanyID"u8, registration);
        _xml.Text("cbc:CompanyLegalForm"u8, more);
    }

    private void Contact(Contact? contact)
    {
        if (contact is not null)
        {
            using var scope = _xml.In("cac:Contact"u8);
            _xml.Text("cbc:Name"u8, contact.Name);
            _xml.Text("cbc:Telephone"u8, contact.Telephone);
            _xml.Text("cbc:ElectronicMail"u8, contact.Email);
        }
    }

    private void Address(ReadOnlySpan<byte> name, PostalAddress? address)
    {
        if (address is null)
        {
            return;
        }

        using var scope = _xml.In(name);
        _xml.Text("cbc:StreetName"u8, address.Line1);
        _xml.Text("cbc:AdditionalStreetName"u8, address.Line2);
        _xml.Text("cbc:CityName"u8, address.City);
        _xml.Text("cbc:PostalZone"u8, address.PostalCode);
        _xml.Text("cbc:CountrySubentity"u8, address.Region);
        if (address.Line3 is not null)
        {
            using var line = _xml.In("cac:AddressLine"u8);
            _xml.Text("cbc:Line"u8, address.Line3);
        }

        if (address.Country is not null)
        {
            using var country = _xml.In("cac:Country"u8);
            _xml.Text("cbc:IdentificationCode"u8, address.Country);
        }
    }

    private void Delivery()
    {
        if (_invoice.Delivery is not { } delivery)
        {
            return;
        }

        using var scope = _xml.In("cac:Delivery"u8);
        _xml.Date("cbc:ActualDeliveryDate"u8, delivery.Date);
        if (delivery.Location is not null || delivery.Address is not null)
        {
            using var location = _xml.In("cac:DeliveryLocation"u8);
            Identifier("cbc:ID"u8, delivery.Location);
            Address("cac:Address"u8, delivery.Address);
        }

        if (delivery.PartyName is not null)
        {
            using var party = _xml.In("cac:DeliveryParty"u8);
            PartyName(delivery.PartyName);
        }
    }

    /// <summary>One account each has a PaymentMeans of its own, all of the same code and reference.</summary>
    private void PaymentMeans()
    {
        if (_invoice.Payment is null && !(_isCredit && _invoice.DueDate is not null))
        {
            return;
        }

        // The schema wants a code; 1 is that of a means which is not told. A credit note has its due date here.
        var payment = _invoice.Payment ?? new PaymentInstructions { MeansCode = "" };
        var code = payment.MeansCode.Length == 0 ? "1" : payment.MeansCode;
        var transfers = payment.CreditTransfers.Count > 0 ? payment.CreditTransfers : [null!];
        for (var i = 0; i < transfers.Count; i++)
        {
            using var means = _xml.In("cac:PaymentMeans"u8);
            // The means in words stand once (UBL-SR-46).
            _xml.Text("cbc:PaymentMeansCode"u8, code, "name"u8, i == 0 ? payment.MeansText : null);
            if (_isCredit && i == 0)
            {
                _xml.Date("cbc:PaymentDueDate"u8, _invoice.DueDate);
            }

            _xml.Text("cbc:PaymentID"u8, payment.RemittanceReference);
            if (i == 0 && payment.Card is { } card)
            {
                using var account = _xml.In("cac:CardAccount"u8);
                _xml.Text("cbc:PrimaryAccountNumberID"u8, card.PrimaryAccountNumber);
                _xml.Text("cbc:NetworkID"u8, "NA");
                _xml.Text("cbc:HolderName"u8, card.HolderName);
            }

            if (transfers[i] is { } transfer)
            {
                using var account = _xml.In("cac:PayeeFinancialAccount"u8);
                _xml.Text("cbc:ID"u8, transfer.Account);
                _xml.Text("cbc:Name"u8, transfer.AccountName);
                if (transfer.ServiceProvider is not null)
                {
                    using var branch = _xml.In("cac:FinancialInstitutionBranch"u8);
                    _xml.Text("cbc:ID"u8, transfer.ServiceProvider);
                }
            }

            if (i == 0 && payment.DirectDebit is { } debit && (debit.MandateReference ?? debit.DebitedAccount) is not null)
            {
                using var mandate = _xml.In("cac:PaymentMandate"u8);
                _xml.Text("cbc:ID"u8, debit.MandateReference);
                if (debit.DebitedAccount is not null)
                {
                    using var account = _xml.In("cac:PayerFinancialAccount"u8);
                    _xml.Text("cbc:ID"u8, debit.DebitedAccount);
                }
            }
        }
    }

    private void AllowancesAndCharges()
    {
        foreach (var allowance in _invoice.Allowances)
        {
            AllowanceOrCharge(allowance, "false");
        }

        foreach (var charge in _invoice.Charges)
        {
            AllowanceOrCharge(charge, "true");
        }
    }

    private void AllowanceOrCharge(DocumentAllowance each, string indicator)
    {
        using var scope = _xml.In("cac:AllowanceCharge"u8);
        _xml.Text("cbc:ChargeIndicator"u8, indicator);
        _xml.Text("cbc:AllowanceChargeReasonCode"u8, each.ReasonCode);
        _xml.Text("cbc:AllowanceChargeReason"u8, each.Reason);
        _xml.Number("cbc:MultiplierFactorNumeric"u8, each.Percentage);
        Amount("cbc:Amount"u8, each.Amount);
        Amount("cbc:BaseAmount"u8, each.BaseAmount);
        TaxCategory("cac:TaxCategory"u8, each.VatCategory, each.VatRate, null, null);
    }

    private void TaxCategory(ReadOnlySpan<byte> name, string? category, decimal? rate, string? reasonCode, string? reason)
    {
        using var scope = _xml.In(name);
        _xml.Text("cbc:ID"u8, category);
        _xml.Number("cbc:Percent"u8, rate);
        _xml.Text("cbc:TaxExemptionReasonCode"u8, reasonCode);
        _xml.Text("cbc:TaxExemptionReason"u8, reason);
        using var scheme = _xml.In("cac:TaxScheme"u8);
        _xml.Text("cbc:ID"u8, "VAT");
    }

    private void TaxTotals()
    {
        if (_invoice.Totals.VatTotal is not null || _invoice.VatBreakdown.Count > 0)
        {
            using var total = _xml.In("cac:TaxTotal"u8);
            // The schema wants a total where there are parts (BR-CO-14 says which).
            Amount("cbc:TaxAmount"u8, _invoice.Totals.VatTotal ?? _invoice.VatBreakdown.Sum(part => part.TaxAmount ?? 0m));
            foreach (var part in _invoice.VatBreakdown)
            {
                using var scope = _xml.In("cac:TaxSubtotal"u8);
                Amount("cbc:TaxableAmount"u8, part.TaxableAmount);
                Amount("cbc:TaxAmount"u8, part.TaxAmount);
                TaxCategory("cac:TaxCategory"u8, part.Category, part.Rate, part.ExemptionReasonCode, part.ExemptionReason);
            }
        }

        if (_invoice.Totals.VatTotalInAccountingCurrency is { } accounted)
        {
            using var total = _xml.In("cac:TaxTotal"u8);
            _xml.Number("cbc:TaxAmount"u8, accounted, "currencyID"u8, _invoice.VatAccountingCurrency);
        }
    }

    private void Totals()
    {
        var totals = _invoice.Totals;
        using var scope = _xml.In("cac:LegalMonetaryTotal"u8);
        Amount("cbc:LineExtensionAmount"u8, totals.LineTotal);
        Amount("cbc:TaxExclusiveAmount"u8, totals.TotalWithoutVat);
        Amount("cbc:TaxInclusiveAmount"u8, totals.TotalWithVat);
        Amount("cbc:AllowanceTotalAmount"u8, totals.AllowanceTotal);
        Amount("cbc:ChargeTotalAmount"u8, totals.ChargeTotal);
        Amount("cbc:PrepaidAmount"u8, totals.PaidAmount);
        Amount("cbc:PayableRoundingAmount"u8, totals.RoundingAmount);
        Amount("cbc:PayableAmount"u8, totals.AmountDue);
    }

    private void Line(InvoiceLine line)
    {
        using var scope = _xml.In(_isCredit ? "cac:CreditNoteLine"u8 : "cac:InvoiceLine"u8);
        _xml.Text("cbc:ID"u8, line.Id);
        _xml.Text("cbc:Note"u8, line.Note);
        _xml.Number(_isCredit ? "cbc:CreditedQuantity"u8 : "cbc:InvoicedQuantity"u8, line.Quantity, "unitCode"u8, line.Unit);
        Amount("cbc:LineExtensionAmount"u8, line.NetAmount);
        _xml.Text("cbc:AccountingCost"u8, line.BuyerAccountingReference);
        Period(line.Period, null);
        if (line.OrderLineReference is not null)
        {
            using var order = _xml.In("cac:OrderLineReference"u8);
            _xml.Text("cbc:LineID"u8, line.OrderLineReference);
        }

        if (line.Object is not null)
        {
            using var reference = _xml.In("cac:DocumentReference"u8);
            Identifier("cbc:ID"u8, line.Object);
            _xml.Text("cbc:DocumentTypeCode"u8, "130");
        }

        foreach (var allowance in line.Allowances)
        {
            AllowanceOrCharge(allowance, "false");
        }

        foreach (var charge in line.Charges)
        {
            AllowanceOrCharge(charge, "true");
        }

        Item(line);
        Price(line.Price);
    }

    private void AllowanceOrCharge(LineAllowance each, string indicator)
    {
        using var scope = _xml.In("cac:AllowanceCharge"u8);
        _xml.Text("cbc:ChargeIndicator"u8, indicator);
        _xml.Text("cbc:AllowanceChargeReasonCode"u8, each.ReasonCode);
        _xml.Text("cbc:AllowanceChargeReason"u8, each.Reason);
        _xml.Number("cbc:MultiplierFactorNumeric"u8, each.Percentage);
        Amount("cbc:Amount"u8, each.Amount);
        Amount("cbc:BaseAmount"u8, each.BaseAmount);
    }

    private void Item(InvoiceLine line)
    {
        var item = line.Item;
        using var scope = _xml.In("cac:Item"u8);
        _xml.Text("cbc:Description"u8, item.Description);
        _xml.Text("cbc:Name"u8, item.Name);
        Reference("cac:BuyersItemIdentification"u8, item.BuyersIdentifier);
        Reference("cac:SellersItemIdentification"u8, item.SellersIdentifier);
        if (item.StandardIdentifier is not null)
        {
            using var standard = _xml.In("cac:StandardItemIdentification"u8);
            Identifier("cbc:ID"u8, item.StandardIdentifier);
        }

        if (item.CountryOfOrigin is not null)
        {
            using var origin = _xml.In("cac:OriginCountry"u8);
            _xml.Text("cbc:IdentificationCode"u8, item.CountryOfOrigin);
        }

        foreach (var classification in item.Classifications)
        {
            using var commodity = _xml.In("cac:CommodityClassification"u8);
            using var code = _xml.In("cbc:ItemClassificationCode"u8);
            _xml.Attribute("listID"u8, classification.Scheme);
            _xml.Attribute("listVersionID"u8, classification.SchemeVersion);
            _xml.Content(classification.Value);
        }

        TaxCategory("cac:ClassifiedTaxCategory"u8, line.Vat.Category, line.Vat.Rate, null, null);
        foreach (var attribute in item.Attributes)
        {
            using var property = _xml.In("cac:AdditionalItemProperty"u8);
            _xml.Text("cbc:Name"u8, attribute.Name);
            _xml.Text("cbc:Value"u8, attribute.Value);
        }
    }

    private void Price(PriceDetails price)
    {
        using var scope = _xml.In("cac:Price"u8);
        Amount("cbc:PriceAmount"u8, price.NetPrice);
        _xml.Number("cbc:BaseQuantity"u8, price.BaseQuantity, "unitCode"u8, price.BaseQuantityUnit);
        if (price.Discount is not null || price.GrossPrice is not null)
        {
            using var discount = _xml.In("cac:AllowanceCharge"u8);
            _xml.Text("cbc:ChargeIndicator"u8, "false");
            Amount("cbc:Amount"u8, price.Discount ?? 0m);
            Amount("cbc:BaseAmount"u8, price.GrossPrice);
        }
    }

    private void Amount(ReadOnlySpan<byte> name, decimal? amount) => _xml.Number(name, amount, "currencyID"u8, _invoice.Currency);
}
