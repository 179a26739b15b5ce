using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Writes the semantic model as a CrossIndustryInvoice of CII D16B (EN 16931-3-3). Each field stands where the binding puts it, in the
/// order of the schema. A credit note is told by its type (BT-3) alone.
/// </summary>
public sealed class CiiWriter
{
    private readonly XmlOutput _xml;
    private readonly Invoice _invoice;
    private readonly CiiParts _parts;

    private CiiWriter(XmlOutput xml, Invoice invoice)
    {
        (_xml, _invoice) = (xml, invoice);
        _parts = new CiiParts(xml);
    }

    /// <summary>The document as UTF-8.</summary>
    public static byte[] Write(Invoice invoice)
    {
        using var xml = new XmlOutput();
        new CiiWriter(xml, invoice).Document();
        return xml.Written.ToArray();
    }

    private void Document()
    {
        _xml.Declaration();
        using var document = _xml.In("rsm:CrossIndustryInvoice"u8);
        _xml.Attribute("xmlns:rsm"u8, "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100");
        _xml.Attribute("xmlns:ram"u8, "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100");
        _xml.Attribute("xmlns:qdt"u8, "urn:un:unece:uncefact:data:standard:QualifiedDataType:100");
        _xml.Attribute("xmlns:udt"u8, "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100");
        Context();
        Head();
        using var transaction = _xml.In("rsm:SupplyChainTradeTransaction"u8);
        var lines = new CiiLineWriter(_xml, _parts);
        foreach (var line in _invoice.Lines)
        {
            lines.Line(line);
        }

        Agreement();
        Delivery();
        Settlement();
    }

    private void Context()
    {
        using var context = _xml.In("rsm:ExchangedDocumentContext"u8);
        _parts.Wrapped("ram:BusinessProcessSpecifiedDocumentContextParameter"u8, "ram:ID"u8, _invoice.ProcessControl.Process);
        _parts.Wrapped("ram:GuidelineSpecifiedDocumentContextParameter"u8, "ram:ID"u8, _invoice.ProcessControl.Specification);
    }

    private void Head()
    {
        using var head = _xml.In("rsm:ExchangedDocument"u8);
        _xml.Text("ram:ID"u8, _invoice.Number);
        _xml.Text("ram:TypeCode"u8, _invoice.TypeCode);
        _parts.Day("ram:IssueDateTime"u8, _invoice.IssueDate);
        foreach (var note in _invoice.Notes)
        {
            using var included = _xml.In("ram:IncludedNote"u8);
            _xml.Text("ram:Content"u8, note.Text);
            _xml.Text("ram:SubjectCode"u8, note.Subject);
        }
    }

    private void Agreement()
    {
        using var agreement = _xml.In("ram:ApplicableHeaderTradeAgreement"u8);
        _xml.Text("ram:BuyerReference"u8, _invoice.BuyerReference);
        Seller(_invoice.Seller);
        Buyer(_invoice.Buyer);
        if (_invoice.TaxRepresentative is { } representative)
        {
            using var party = _xml.In("ram:SellerTaxRepresentativeTradeParty"u8);
            _xml.Text("ram:Name"u8, representative.Name);
            _parts.Address(representative.Address);
            _parts.Registration(representative.VatIdentifier, "VA");
        }

        _parts.Reference("ram:SellerOrderReferencedDocument"u8, _invoice.SalesOrderReference);
        _parts.Reference("ram:BuyerOrderReferencedDocument"u8, _invoice.PurchaseOrderReference);
        _parts.Reference("ram:ContractReferencedDocument"u8, _invoice.ContractReference);
        foreach (var document in _invoice.SupportingDocuments)
        {
            Supporting(document);
        }

        if (_invoice.TenderReference is { } tender)
        {
            _parts.Additional(new Identifier(tender), "50");
        }

        if (_invoice.InvoicedObject is { } invoiced)
        {
            _parts.Additional(invoiced, "130");
        }

        if (_invoice.ProjectReference is { } project)
        {
            using var procuring = _xml.In("ram:SpecifiedProcuringProject"u8);
            _xml.Text("ram:ID"u8, project);
            // The schema wants a name, for which the standard has no field.
            _xml.Text("ram:Name"u8, "Project reference");
        }
    }

    private void Seller(Seller seller)
    {
        using var party = _xml.In("ram:SellerTradeParty"u8);
        foreach (var identifier in seller.Identifiers)
        {
            // The schema puts those without a scheme first.
            if (identifier.Scheme is null)
            {
                _parts.Identifier(identifier);
            }
        }

        foreach (var identifier in seller.Identifiers)
        {
            if (identifier.Scheme is not null)
            {
                _parts.Identifier(identifier);
            }
        }

        _xml.Text("ram:Name"u8, seller.Name);
        _xml.Text("ram:Description"u8, seller.AdditionalLegalInformation);
        _parts.Legal(seller.LegalRegistration, seller.TradingName);
        _parts.Contact(seller.Contact);
        _parts.Address(seller.Address);
        _parts.Communication(seller.ElectronicAddress);
        _parts.Registration(seller.TaxRegistration, "FC");
        _parts.Registration(seller.VatIdentifier, "VA");
    }

    private void Buyer(Buyer buyer)
    {
        using var party = _xml.In("ram:BuyerTradeParty"u8);
        _parts.Identifier(buyer.Identifier);
        _xml.Text("ram:Name"u8, buyer.Name);
        _parts.Legal(buyer.LegalRegistration, buyer.TradingName);
        _parts.Contact(buyer.Contact);
        _parts.Address(buyer.Address);
        _parts.Communication(buyer.ElectronicAddress);
        _parts.Registration(buyer.VatIdentifier, "VA");
    }

    private void Supporting(SupportingDocument document)
    {
        using var reference = _xml.In("ram:AdditionalReferencedDocument"u8);
        _xml.Text("ram:IssuerAssignedID"u8, document.Reference);
        _xml.Text("ram:URIID"u8, document.Location);
        _xml.Text("ram:TypeCode"u8, "916");
        _xml.Text("ram:Name"u8, document.Description);
        if (document.Attached is { } attached)
        {
            using var file = _xml.In("ram:AttachmentBinaryObject"u8);
            _xml.Attribute("mimeCode"u8, attached.MimeCode);
            _xml.Attribute("filename"u8, attached.FileName);
            _xml.Base64(attached.Content.Span);
        }
    }

    private void Delivery()
    {
        // The schema wants it also where there is nothing to say.
        using var scope = _xml.In("ram:ApplicableHeaderTradeDelivery"u8);
        if (_invoice.Delivery is { } delivery)
        {
            if (delivery.Location is not null || delivery.PartyName is not null || delivery.Address is not null)
            {
                using var party = _xml.In("ram:ShipToTradeParty"u8);
                _parts.Identifier(delivery.Location);
                _xml.Text("ram:Name"u8, delivery.PartyName);
                _parts.Address(delivery.Address);
            }

            if (delivery.Date is not null)
            {
                using var @event = _xml.In("ram:ActualDeliverySupplyChainEvent"u8);
                _parts.Day("ram:OccurrenceDateTime"u8, delivery.Date);
            }
        }

        _parts.Reference("ram:DespatchAdviceReferencedDocument"u8, _invoice.DespatchAdviceReference);
        _parts.Reference("ram:ReceivingAdviceReferencedDocument"u8, _invoice.ReceivingAdviceReference);
    }

    private void Settlement()
    {
        using var settlement = _xml.In("ram:ApplicableHeaderTradeSettlement"u8);
        _xml.Text("ram:CreditorReferenceID"u8, _invoice.Payment?.DirectDebit?.CreditorIdentifier);
        _xml.Text("ram:PaymentReference"u8, _invoice.Payment?.RemittanceReference);
        _xml.Text("ram:TaxCurrencyCode"u8, _invoice.VatAccountingCurrency);
        _xml.Text("ram:InvoiceCurrencyCode"u8, _invoice.Currency);
        if (_invoice.Payee is { } payee)
        {
            using var party = _xml.In("ram:PayeeTradeParty"u8);
            _parts.Identifier(payee.Identifier);
            _xml.Text("ram:Name"u8, payee.Name);
            _parts.Legal(payee.LegalRegistration, null);
        }

        PaymentMeans();
        Breakdown();
        _parts.Period(_invoice.Period);
        foreach (var allowance in _invoice.Allowances)
        {
            AllowanceOrCharge(allowance, "false");
        }

        foreach (var charge in _invoice.Charges)
        {
            AllowanceOrCharge(charge, "true");
        }

        Terms();
        Totals();
        foreach (var preceding in _invoice.PrecedingInvoices)
        {
            Preceding(preceding);
        }

        _parts.Wrapped("ram:ReceivableSpecifiedTradeAccountingAccount"u8, "ram:ID"u8, _invoice.BuyerAccountingReference);
    }

    /// <summary>One account each has a means of its own, all of the same code (CII-SR-467).</summary>
    private void PaymentMeans()
    {
        if (_invoice.Payment is not { } payment)
        {
            return;
        }

        var debited = payment.DirectDebit?.DebitedAccount;
        if (
            payment.MeansCode.Length == 0
            && payment.CreditTransfers.Count == 0
            && (payment.MeansText ?? debited) is null
            && payment.Card is null
        )
        {
            // Nothing but references, which stand elsewhere.
            return;
        }

        for (var i = 0; i < Math.Max(1, payment.CreditTransfers.Count); i++)
        {
            using var means = _xml.In("ram:SpecifiedTradeSettlementPaymentMeans"u8);
            _xml.Text("ram:TypeCode"u8, payment.MeansCode);
            _xml.Text("ram:Information"u8, payment.MeansText);
            if (i == 0 && payment.Card is { } card)
            {
                using var of = _xml.In("ram:ApplicableTradeSettlementFinancialCard"u8);
                _xml.Text("ram:ID"u8, card.PrimaryAccountNumber);
                _xml.Text("ram:CardholderName"u8, card.HolderName);
            }

            if (i == 0)
            {
                _parts.Wrapped("ram:PayerPartyDebtorFinancialAccount"u8, "ram:IBANID"u8, debited);
            }

            if (i < payment.CreditTransfers.Count)
            {
                Transfer(payment.CreditTransfers[i]);
            }
        }
    }

    private void Transfer(CreditTransfer transfer)
    {
        using (_xml.In("ram:PayeePartyCreditorFinancialAccount"u8))
        {
            var isIban = Iban.IsSound(Iban.Normal(transfer.Account));
            _xml.Text("ram:IBANID"u8, isIban ? transfer.Account : null);
            _xml.Text("ram:AccountName"u8, transfer.AccountName);
            _xml.Text("ram:ProprietaryID"u8, isIban ? null : transfer.Account);
        }

        _parts.Wrapped("ram:PayeeSpecifiedCreditorFinancialInstitution"u8, "ram:BICID"u8, transfer.ServiceProvider);
    }

    private void Breakdown()
    {
        for (var i = 0; i < _invoice.VatBreakdown.Count; i++)
        {
            var part = _invoice.VatBreakdown[i];
            using var tax = _xml.In("ram:ApplicableTradeTax"u8);
            _xml.Number("ram:CalculatedAmount"u8, part.TaxAmount);
            _xml.Text("ram:TypeCode"u8, "VAT");
            _xml.Text("ram:ExemptionReason"u8, part.ExemptionReason);
            _xml.Number("ram:BasisAmount"u8, part.TaxableAmount);
            _xml.Text("ram:CategoryCode"u8, part.Category);
            _xml.Text("ram:ExemptionReasonCode"u8, part.ExemptionReasonCode);
            if (i == 0)
            {
                // When VAT falls due is said once (CII-SR-461, CII-SR-462).
                _parts.Day("ram:TaxPointDate"u8, _invoice.VatPointDate, "udt:DateString"u8);
                _xml.Text("ram:DueDateTypeCode"u8, VatPointCode.InCii(_invoice.VatPointDateCode));
            }

            _xml.Number("ram:RateApplicablePercent"u8, part.Rate);
        }
    }

    private void AllowanceOrCharge(DocumentAllowance each, string indicator)
    {
        using var scope = _xml.In("ram:SpecifiedTradeAllowanceCharge"u8);
        _parts.Reduction(indicator, each.Percentage, each.BaseAmount, each.Amount, each.ReasonCode, each.Reason);
        _parts.Tax("ram:CategoryTradeTax"u8, each.VatCategory, each.VatRate);
    }

    private void Terms()
    {
        var mandate = _invoice.Payment?.DirectDebit?.MandateReference;
        if ((_invoice.PaymentTerms ?? mandate) is null && _invoice.DueDate is null)
        {
            return;
        }

        using var terms = _xml.In("ram:SpecifiedTradePaymentTerms"u8);
        _xml.Text("ram:Description"u8, _invoice.PaymentTerms);
        _parts.Day("ram:DueDateDateTime"u8, _invoice.DueDate);
        _xml.Text("ram:DirectDebitMandateID"u8, mandate);
    }

    private void Totals()
    {
        var totals = _invoice.Totals;
        using var scope = _xml.In("ram:SpecifiedTradeSettlementHeaderMonetarySummation"u8);
        _xml.Number("ram:LineTotalAmount"u8, totals.LineTotal);
        _xml.Number("ram:ChargeTotalAmount"u8, totals.ChargeTotal);
        _xml.Number("ram:AllowanceTotalAmount"u8, totals.AllowanceTotal);
        _xml.Number("ram:TaxBasisTotalAmount"u8, totals.TotalWithoutVat);
        _xml.Number("ram:TaxTotalAmount"u8, totals.VatTotal, "currencyID"u8, _invoice.Currency);
        _xml.Number("ram:TaxTotalAmount"u8, totals.VatTotalInAccountingCurrency, "currencyID"u8, _invoice.VatAccountingCurrency);
        _xml.Number("ram:RoundingAmount"u8, totals.RoundingAmount);
        _xml.Number("ram:GrandTotalAmount"u8, totals.TotalWithVat);
        _xml.Number("ram:TotalPrepaidAmount"u8, totals.PaidAmount);
        _xml.Number("ram:DuePayableAmount"u8, totals.AmountDue);
    }

    private void Preceding(PrecedingInvoice preceding)
    {
        using var reference = _xml.In("ram:InvoiceReferencedDocument"u8);
        _xml.Text("ram:IssuerAssignedID"u8, preceding.Number);
        _parts.Day("ram:FormattedIssueDateTime"u8, preceding.IssueDate, "qdt:DateTimeString"u8);
    }
}
