using System.Globalization;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Reads a CrossIndustryInvoice of CII D16B into the semantic model (EN 16931-3-3): whatever has a place there is taken, the rest is not
/// seen. It reads what is there and judges nothing: that is the rules' business.
/// </summary>
public static class CiiReader
{
    /// <summary>The invoice that the document carries.</summary>
    public static Invoice Read(Node document)
    {
        var (context, head) = (document[Rsm.ExchangedDocumentContext], document[Rsm.ExchangedDocument]);
        var transaction = document[Rsm.SupplyChainTradeTransaction];
        var agreement = transaction[Ram.ApplicableHeaderTradeAgreement];
        var delivery = transaction[Ram.ApplicableHeaderTradeDelivery];
        var settlement = transaction[Ram.ApplicableHeaderTradeSettlement];
        var currency = Text(settlement[Ram.InvoiceCurrencyCode]) ?? "";
        var accounted = Text(settlement[Ram.TaxCurrencyCode]);
        return new Invoice
        {
            ProcessControl = new ProcessControl
            {
                Specification = Text(context[Ram.GuidelineSpecifiedDocumentContextParameter, Ram.ID]) ?? "",
                Process = Text(context[Ram.BusinessProcessSpecifiedDocumentContextParameter, Ram.ID]),
            },
            Number = Text(head[Ram.ID]) ?? "",
            IssueDate = Day(head[Ram.IssueDateTime, Udt.DateTimeString]),
            TypeCode = Text(head[Ram.TypeCode]) ?? "",
            Currency = currency,
            VatAccountingCurrency = accounted,
            VatPointDate = Day(settlement[Ram.ApplicableTradeTax, Ram.TaxPointDate, Udt.DateString]),
            VatPointDateCode = VatPointCode.FromCii(Text(settlement[Ram.ApplicableTradeTax, Ram.DueDateTypeCode])),
            DueDate = Day(settlement[Ram.SpecifiedTradePaymentTerms, Ram.DueDateDateTime, Udt.DateTimeString]),
            BuyerReference = Text(agreement[Ram.BuyerReference]),
            ProjectReference = Text(agreement[Ram.SpecifiedProcuringProject, Ram.ID]),
            ContractReference = Text(agreement[Ram.ContractReferencedDocument, Ram.IssuerAssignedID]),
            PurchaseOrderReference = Text(agreement[Ram.BuyerOrderReferencedDocument, Ram.IssuerAssignedID]),
            SalesOrderReference = Text(agreement[Ram.SellerOrderReferencedDocument, Ram.IssuerAssignedID]),
            ReceivingAdviceReference = Text(delivery[Ram.ReceivingAdviceReferencedDocument, Ram.IssuerAssignedID]),
            DespatchAdviceReference = Text(delivery[Ram.DespatchAdviceReferencedDocument, Ram.IssuerAssignedID]),
            TenderReference = Additional(agreement, "50")?.Value,
            InvoicedObject = Additional(agreement, "130"),
            BuyerAccountingReference = Text(settlement[Ram.ReceivableSpecifiedTradeAccountingAccount, Ram.ID]),
            PaymentTerms = Text(settlement[Ram.SpecifiedTradePaymentTerms, Ram.Description]),
            Notes = Each(head, Ram.IncludedNote, Note),
            PrecedingInvoices = Each(settlement, Ram.InvoiceReferencedDocument, Preceding),
            Seller = Seller(agreement[Ram.SellerTradeParty]),
            Buyer = Buyer(agreement[Ram.BuyerTradeParty]),
            Payee = Payee(settlement[Ram.PayeeTradeParty]),
            TaxRepresentative = Representative(agreement[Ram.SellerTaxRepresentativeTradeParty]),
            Delivery = Delivery(delivery),
            Period = Period(settlement[Ram.BillingSpecifiedPeriod]),
            Payment = Payment(settlement),
            Allowances = Allowances(settlement, isCharge: false),
            Charges = Allowances(settlement, isCharge: true),
            Totals = Totals(settlement[Ram.SpecifiedTradeSettlementHeaderMonetarySummation], currency, accounted),
            VatBreakdown = Each(settlement, Ram.ApplicableTradeTax, Breakdown),
            SupportingDocuments = Each(agreement, Ram.AdditionalReferencedDocument, Supporting),
            Lines = Each(transaction, Ram.IncludedSupplyChainTradeLineItem, CiiLineReader.Line),
        };
    }

    private static Note? Note(Node at) =>
        Text(at[Ram.Content]) is { } text ? new Note { Text = text, Subject = Text(at[Ram.SubjectCode]) } : null;

    private static PrecedingInvoice Preceding(Node at) =>
        new() { Number = Text(at[Ram.IssuerAssignedID]) ?? "", IssueDate = Day(at[Ram.FormattedIssueDateTime, Qdt.DateTimeString]) };

    /// <summary>A reference of that type: BT-17, BT-18, BT-128.</summary>
    internal static Identifier? Additional(Node parent, string type)
    {
        foreach (var reference in parent.All(Ram.AdditionalReferencedDocument))
        {
            if (reference[Ram.TypeCode].Is(type) && Text(reference[Ram.IssuerAssignedID]) is { } value)
            {
                return new Identifier(value, Text(reference[Ram.ReferenceTypeCode]));
            }
        }

        return null;
    }

    private static SupportingDocument? Supporting(Node at) =>
        at[Ram.TypeCode].Is("916")
            ? new SupportingDocument
            {
                Reference = Text(at[Ram.IssuerAssignedID]) ?? "",
                Description = Text(at[Ram.Name]),
                Location = Text(at[Ram.URIID]),
                Attached = UblReader.Attachment(at[Ram.AttachmentBinaryObject]),
            }
            : null;

    private static Seller Seller(Node party) =>
        new()
        {
            Name = Text(party[Ram.Name]),
            TradingName = Text(party[Ram.SpecifiedLegalOrganization, Ram.TradingBusinessName]),
            Identifiers = [.. Each(party, Ram.ID, Identifier), .. Each(party, Ram.GlobalID, Identifier)],
            LegalRegistration = Identifier(party[Ram.SpecifiedLegalOrganization, Ram.ID]),
            VatIdentifier = Registration(party, "VA"),
            TaxRegistration = Registration(party, "FC"),
            AdditionalLegalInformation = Text(party[Ram.Description]),
            ElectronicAddress = Identifier(party[Ram.URIUniversalCommunication, Ram.URIID]),
            Address = Address(party[Ram.PostalTradeAddress]),
            Contact = Contact(party[Ram.DefinedTradeContact]),
        };

    private static Buyer Buyer(Node party) =>
        new()
        {
            Name = Text(party[Ram.Name]),
            TradingName = Text(party[Ram.SpecifiedLegalOrganization, Ram.TradingBusinessName]),
            Identifier = IdentifierOf(party),
            LegalRegistration = Identifier(party[Ram.SpecifiedLegalOrganization, Ram.ID]),
            VatIdentifier = Registration(party, "VA"),
            ElectronicAddress = Identifier(party[Ram.URIUniversalCommunication, Ram.URIID]),
            Address = Address(party[Ram.PostalTradeAddress]),
            Contact = Contact(party[Ram.DefinedTradeContact]),
        };

    private static Payee? Payee(Node party) =>
        party.Exists
            ? new Payee
            {
                Name = Text(party[Ram.Name]),
                Identifier = IdentifierOf(party),
                LegalRegistration = Identifier(party[Ram.SpecifiedLegalOrganization, Ram.ID]),
            }
            : null;

    private static TaxRepresentative? Representative(Node party) =>
        party.Exists
            ? new TaxRepresentative
            {
                Name = Text(party[Ram.Name]),
                VatIdentifier = Registration(party, "VA"),
                Address = Address(party[Ram.PostalTradeAddress]),
            }
            : null;

    private static Identifier? IdentifierOf(Node party) => Identifier(party[Ram.GlobalID]) ?? Identifier(party[Ram.ID]);

    private static string? Registration(Node party, string scheme)
    {
        foreach (var registration in party.All(Ram.SpecifiedTaxRegistration))
        {
            if (registration[Ram.ID] is { Exists: true } id && id.Attribute(Attributes.SchemeID).SequenceEqual(scheme))
            {
                return Text(id);
            }
        }

        return null;
    }

    private static PostalAddress? Address(Node at) =>
        at.Exists
            ? new PostalAddress
            {
                Line1 = Text(at[Ram.LineOne]),
                Line2 = Text(at[Ram.LineTwo]),
                Line3 = Text(at[Ram.LineThree]),
                City = Text(at[Ram.CityName]),
                PostalCode = Text(at[Ram.PostcodeCode]),
                Region = Text(at[Ram.CountrySubDivisionName]),
                Country = Text(at[Ram.CountryID]),
            }
            : null;

    private static Contact? Contact(Node at) =>
        at.Exists
            ? new Contact
            {
                // A person, or else a department (CII-SR-465, CII-SR-466).
                Name = Text(at[Ram.PersonName]) ?? Text(at[Ram.DepartmentName]),
                Telephone = Text(at[Ram.TelephoneUniversalCommunication, Ram.CompleteNumber]),
                Email = Text(at[Ram.EmailURIUniversalCommunication, Ram.URIID]),
            }
            : null;

    private static Delivery? Delivery(Node at)
    {
        var (party, date) = (
            at[Ram.ShipToTradeParty],
            Day(at[Ram.ActualDeliverySupplyChainEvent, Ram.OccurrenceDateTime, Udt.DateTimeString])
        );
        return party.Exists || date is not null
            ? new Delivery
            {
                PartyName = Text(party[Ram.Name]),
                Location = IdentifierOf(party),
                Date = date,
                Address = Address(party[Ram.PostalTradeAddress]),
            }
            : null;
    }

    /// <summary>BG-14, BG-26.</summary>
    internal static Period? Period(Node at) =>
        at.Has(Ram.StartDateTime) || at.Has(Ram.EndDateTime)
            ? new Period { Start = Day(at[Ram.StartDateTime, Udt.DateTimeString]), End = Day(at[Ram.EndDateTime, Udt.DateTimeString]) }
            : null;

    /// <summary>The reference, the creditor and the mandate stand outside the means and may stand without one.</summary>
    private static PaymentInstructions? Payment(Node settlement)
    {
        var means = settlement[Ram.SpecifiedTradeSettlementPaymentMeans];
        var reference = Text(settlement[Ram.PaymentReference]);
        var creditor = Text(settlement[Ram.CreditorReferenceID]);
        var mandate = Text(settlement[Ram.SpecifiedTradePaymentTerms, Ram.DirectDebitMandateID]);
        var debited = Text(settlement[Ram.SpecifiedTradeSettlementPaymentMeans, Ram.PayerPartyDebtorFinancialAccount, Ram.IBANID]);
        var card = settlement[Ram.SpecifiedTradeSettlementPaymentMeans, Ram.ApplicableTradeSettlementFinancialCard];
        return !means.Exists && (reference ?? creditor ?? mandate) is null
            ? null
            : new PaymentInstructions
            {
                MeansCode = Text(means[Ram.TypeCode]) ?? "",
                MeansText = Text(settlement[Ram.SpecifiedTradeSettlementPaymentMeans, Ram.Information]),
                RemittanceReference = reference,
                CreditTransfers = Each(settlement, Ram.SpecifiedTradeSettlementPaymentMeans, Transfer),
                Card = card.Exists
                    ? new PaymentCard { PrimaryAccountNumber = Text(card[Ram.ID]) ?? "", HolderName = Text(card[Ram.CardholderName]) }
                    : null,
                DirectDebit = (creditor ?? mandate ?? debited) is null
                    ? null
                    : new DirectDebit
                    {
                        MandateReference = mandate,
                        CreditorIdentifier = creditor,
                        DebitedAccount = debited,
                    },
            };
    }

    private static CreditTransfer? Transfer(Node means) =>
        means[Ram.PayeePartyCreditorFinancialAccount] is { Exists: true } account
            ? new CreditTransfer
            {
                Account = Text(account[Ram.IBANID]) ?? Text(account[Ram.ProprietaryID]) ?? "",
                AccountName = Text(account[Ram.AccountName]),
                ServiceProvider = Text(means[Ram.PayeeSpecifiedCreditorFinancialInstitution, Ram.BICID]),
            }
            : null;

    private static List<DocumentAllowance> Allowances(Node settlement, bool isCharge) =>
        Each(
            settlement,
            Ram.SpecifiedTradeAllowanceCharge,
            at =>
                IsCharge(at) == isCharge
                    ? new DocumentAllowance
                    {
                        Amount = at[Ram.ActualAmount].Number ?? 0m,
                        BaseAmount = at[Ram.BasisAmount].Number,
                        Percentage = at[Ram.CalculationPercent].Number,
                        VatCategory = Text(at[Ram.CategoryTradeTax, Ram.CategoryCode]) ?? "",
                        VatRate = at[Ram.CategoryTradeTax, Ram.RateApplicablePercent].Number,
                        Reason = Text(at[Ram.Reason]),
                        ReasonCode = Text(at[Ram.ReasonCode]),
                    }
                    : null
        );

    /// <summary>Whether it adds to the amount.</summary>
    internal static bool IsCharge(Node allowance) =>
        allowance[Ram.ChargeIndicator, Udt.Indicator] is { Exists: true } indicator && (indicator.Is("true") || indicator.Is("1"));

    private static DocumentTotals Totals(Node at, string currency, string? accounted) =>
        new()
        {
            LineTotal = at[Ram.LineTotalAmount].Number,
            AllowanceTotal = at[Ram.AllowanceTotalAmount].Number,
            ChargeTotal = at[Ram.ChargeTotalAmount].Number,
            TotalWithoutVat = at[Ram.TaxBasisTotalAmount].Number,
            VatTotal = VatTotal(at, currency, orWithoutCurrency: true),
            VatTotalInAccountingCurrency =
                accounted is null || accounted == currency ? null : VatTotal(at, accounted, orWithoutCurrency: false),
            TotalWithVat = at[Ram.GrandTotalAmount].Number,
            PaidAmount = at[Ram.TotalPrepaidAmount].Number,
            RoundingAmount = at[Ram.RoundingAmount].Number,
            AmountDue = at[Ram.DuePayableAmount].Number,
        };

    private static decimal? VatTotal(Node totals, string currency, bool orWithoutCurrency)
    {
        foreach (var total in totals.All(Ram.TaxTotalAmount))
        {
            if (total.TryAttribute(Attributes.CurrencyID, out var of) ? of.SequenceEqual(currency) : orWithoutCurrency)
            {
                return total.Number;
            }
        }

        return null;
    }

    private static VatBreakdown Breakdown(Node at) =>
        new()
        {
            TaxableAmount = at[Ram.BasisAmount].Number,
            TaxAmount = at[Ram.CalculatedAmount].Number,
            Category = Text(at[Ram.CategoryCode]) ?? "",
            Rate = at[Ram.RateApplicablePercent].Number,
            ExemptionReason = Text(at[Ram.ExemptionReason]),
            ExemptionReasonCode = Text(at[Ram.ExemptionReasonCode]),
        };

    private static DateOnly? Day(Node at) =>
        DateOnly.TryParseExact(at.Trimmed, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>An identifier with its scheme.</summary>
    internal static Identifier? Identifier(Node at) =>
        Text(at) is { } value
            ? new Identifier(value, at.TryAttribute(Attributes.SchemeID, out var scheme) ? scheme.ToString() : null)
            : null;

    /// <summary>What an element says; null where it says nothing.</summary>
    internal static string? Text(Node at) => at.HasText ? at.Trimmed.ToString() : null;

    /// <summary>What is read of each child of that name.</summary>
    internal static List<T> Each<T>(Node parent, Name name, Func<Node, T?> read)
        where T : class
    {
        var all = new List<T>();
        foreach (var child in parent.All(name))
        {
            if (read(child) is { } item)
            {
                all.Add(item);
            }
        }

        return all;
    }
}
