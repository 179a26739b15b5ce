using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Ubl;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Reads a UBL 2.1 Invoice or CreditNote into the semantic model (EN 16931-3-2): whatever has a place there is taken, the rest is not
/// seen. It reads what is there and judges nothing: that is the rules' business.
/// </summary>
public static class UblReader
{
    /// <summary>The invoice that the document carries.</summary>
    public static Invoice Read(Node document)
    {
        var parties = (Seller: document[Cac.AccountingSupplierParty, Cac.Party], Buyer: document[Cac.AccountingCustomerParty, Cac.Party]);
        var payment = document[Cac.PaymentMeans];
        var payee = document[Cac.PayeeParty];
        var isCredit = document.Is(Root.CreditNote);
        var currency = Text(document[Cbc.DocumentCurrencyCode]) ?? "";
        var accounted = Text(document[Cbc.TaxCurrencyCode]);
        return new Invoice
        {
            ProcessControl = new ProcessControl
            {
                Specification = Text(document[Cbc.CustomizationID]) ?? "",
                Process = Text(document[Cbc.ProfileID]),
            },
            Number = Text(document[Cbc.ID]) ?? "",
            IssueDate = document[Cbc.IssueDate].Date,
            TypeCode = Text(document[isCredit ? Cbc.CreditNoteTypeCode : Cbc.InvoiceTypeCode]) ?? "",
            Currency = currency,
            VatAccountingCurrency = accounted,
            VatPointDate = document[Cbc.TaxPointDate].Date,
            VatPointDateCode = Text(document[Cac.InvoicePeriod, Cbc.DescriptionCode]),
            DueDate = document[Cbc.DueDate].Date ?? document[Cac.PaymentMeans, Cbc.PaymentDueDate].Date,
            BuyerReference = Text(document[Cbc.BuyerReference]),
            ProjectReference = isCredit ? Typed(document, "50") : Text(document[Cac.ProjectReference, Cbc.ID]),
            ContractReference = Text(document[Cac.ContractDocumentReference, Cbc.ID]),
            PurchaseOrderReference = PurchaseOrder(document[Cac.OrderReference]),
            SalesOrderReference = Text(document[Cac.OrderReference, Cbc.SalesOrderID]),
            ReceivingAdviceReference = Text(document[Cac.ReceiptDocumentReference, Cbc.ID]),
            DespatchAdviceReference = Text(document[Cac.DespatchDocumentReference, Cbc.ID]),
            TenderReference = Text(document[Cac.OriginatorDocumentReference, Cbc.ID]),
            InvoicedObject = InvoicedObject(document),
            BuyerAccountingReference = Text(document[Cbc.AccountingCost]),
            PaymentTerms = Text(document[Cac.PaymentTerms, Cbc.Note]),
            Notes = Each(document, Cbc.Note, Note),
            PrecedingInvoices = Each(document, Cac.BillingReference, Preceding),
            Seller = Seller(parties.Seller),
            Buyer = Buyer(parties.Buyer),
            Payee = payee.Exists ? Payee(payee) : null,
            TaxRepresentative = Representative(document[Cac.TaxRepresentativeParty]),
            Delivery = Delivery(document[Cac.Delivery]),
            Period = Period(document[Cac.InvoicePeriod]),
            Payment = payment.Exists ? Payment(document, payment, parties.Seller, payee) : null,
            Allowances = Allowances(document, isCharge: false),
            Charges = Allowances(document, isCharge: true),
            Totals = Totals(document, currency, accounted),
            VatBreakdown = Breakdown(document),
            SupportingDocuments = Supporting(document),
            Lines = Each(document, isCredit ? Cac.CreditNoteLine : Cac.InvoiceLine, Line),
        };
    }

    private static Note? Note(Node at)
    {
        var text = at.Trimmed;
        // #AAI#The subject stands before the note.
        return text.Length > 5 && text[0] == '#' && text[4] == '#'
                ? new Note { Subject = text[1..4].ToString(), Text = text[5..].TrimStart(" \t\r\n").ToString() }
            : Text(at) is { } note ? new Note { Text = note }
            : null;
    }

    private static PrecedingInvoice? Preceding(Node at)
    {
        var document = at[Cac.InvoiceDocumentReference];
        return document.Exists
            ? new PrecedingInvoice { Number = Text(document[Cbc.ID]) ?? "", IssueDate = document[Cbc.IssueDate].Date }
            : null;
    }

    /// <summary>NA stands where UBL wants a buyer's order beside the seller's.</summary>
    private static string? PurchaseOrder(Node order) =>
        Text(order[Cbc.ID]) is { } id && !(id == "NA" && order.Has(Cbc.SalesOrderID)) ? id : null;

    private static string? Typed(Node document, string type)
    {
        foreach (var reference in document.All(Cac.AdditionalDocumentReference))
        {
            if (reference[Cbc.DocumentTypeCode].Is(type))
            {
                return Text(reference[Cbc.ID]);
            }
        }

        return null;
    }

    private static Identifier? InvoicedObject(Node document)
    {
        foreach (var reference in document.All(Cac.AdditionalDocumentReference))
        {
            if (reference[Cbc.DocumentTypeCode].Is("130"))
            {
                return Identifier(reference[Cbc.ID]);
            }
        }

        return null;
    }

    private static List<SupportingDocument> Supporting(Node document)
    {
        var all = new List<SupportingDocument>();
        foreach (var reference in document.All(Cac.AdditionalDocumentReference))
        {
            var type = reference[Cbc.DocumentTypeCode];
            if (type.Is("130") || (document.Is(Root.CreditNote) && type.Is("50")))
            {
                continue;
            }

            all.Add(
                new SupportingDocument
                {
                    Reference = Text(reference[Cbc.ID]) ?? "",
                    Description = Text(reference[Cbc.DocumentDescription]),
                    Location = Text(reference[Cac.Attachment, Cac.ExternalReference, Cbc.URI]),
                    Attached = Attachment(reference[Cac.Attachment, Cbc.EmbeddedDocumentBinaryObject]),
                }
            );
        }

        return all;
    }

    /// <summary>BT-125, decoded; none where it is no base64.</summary>
    internal static Attachment? Attachment(Node at)
    {
        if (!at.Exists)
        {
            return null;
        }

        var content = new byte[at.Text.Length * 3 / 4 + 3];
        return Convert.TryFromBase64Chars(at.Text, content, out var length)
            ? new Attachment(
                content.AsMemory(0, length),
                at.Attribute(Attributes.MimeCode).ToString(),
                at.Attribute(Attributes.Filename).ToString()
            )
            : null;
    }

    private static Seller Seller(Node party) =>
        new()
        {
            Name = Text(party[Cac.PartyLegalEntity, Cbc.RegistrationName]),
            TradingName = Text(party[Cac.PartyName, Cbc.Name]),
            Identifiers = [.. Each(party, Cac.PartyIdentification, at => Identifier(at[Cbc.ID])).Where(each => each.Scheme != "SEPA")],
            LegalRegistration = Identifier(party[Cac.PartyLegalEntity, Cbc.CompanyID]),
            VatIdentifier = TaxIdentifier(party, ofVat: true),
            TaxRegistration = TaxIdentifier(party, ofVat: false),
            AdditionalLegalInformation = Text(party[Cac.PartyLegalEntity, Cbc.CompanyLegalForm]),
            ElectronicAddress = Identifier(party[Cbc.EndpointID]),
            Address = Address(party[Cac.PostalAddress]),
            Contact = Contact(party[Cac.Contact]),
        };

    private static Buyer Buyer(Node party) =>
        new()
        {
            Name = Text(party[Cac.PartyLegalEntity, Cbc.RegistrationName]),
            TradingName = Text(party[Cac.PartyName, Cbc.Name]),
            Identifier = Identifier(party[Cac.PartyIdentification, Cbc.ID]),
            LegalRegistration = Identifier(party[Cac.PartyLegalEntity, Cbc.CompanyID]),
            VatIdentifier = TaxIdentifier(party, ofVat: true),
            ElectronicAddress = Identifier(party[Cbc.EndpointID]),
            Address = Address(party[Cac.PostalAddress]),
            Contact = Contact(party[Cac.Contact]),
        };

    private static Payee Payee(Node party) =>
        new()
        {
            Name = Text(party[Cac.PartyName, Cbc.Name]),
            Identifier = Each(party, Cac.PartyIdentification, at => Identifier(at[Cbc.ID])).Find(each => each.Scheme != "SEPA"),
            LegalRegistration = Identifier(party[Cac.PartyLegalEntity, Cbc.CompanyID]),
        };

    private static TaxRepresentative? Representative(Node party) =>
        party.Exists
            ? new TaxRepresentative
            {
                Name = Text(party[Cac.PartyName, Cbc.Name]),
                VatIdentifier = TaxIdentifier(party, ofVat: true),
                Address = Address(party[Cac.PostalAddress]),
            }
            : null;

    private static string? TaxIdentifier(Node party, bool ofVat)
    {
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (UblRules.IsVat(scheme) == ofVat)
            {
                return Text(scheme[Cbc.CompanyID]);
            }
        }

        return null;
    }

    private static PostalAddress? Address(Node at) =>
        at.Exists
            ? new PostalAddress
            {
                Line1 = Text(at[Cbc.StreetName]),
                Line2 = Text(at[Cbc.AdditionalStreetName]),
                Line3 = Text(at[Cac.AddressLine, Cbc.Line]),
                City = Text(at[Cbc.CityName]),
                PostalCode = Text(at[Cbc.PostalZone]),
                Region = Text(at[Cbc.CountrySubentity]),
                Country = Text(at[Cac.Country, Cbc.IdentificationCode]),
            }
            : null;

    private static Contact? Contact(Node at) =>
        at.Exists
            ? new Contact
            {
                Name = Text(at[Cbc.Name]),
                Telephone = Text(at[Cbc.Telephone]),
                Email = Text(at[Cbc.ElectronicMail]),
            }
            : null;

    private static Delivery? Delivery(Node at) =>
        at.Exists
            ? new Delivery
            {
                PartyName = Text(at[Cac.DeliveryParty, Cac.PartyName, Cbc.Name]),
                Location = Identifier(at[Cac.DeliveryLocation, Cbc.ID]),
                Date = at[Cbc.ActualDeliveryDate].Date,
                Address = Address(at[Cac.DeliveryLocation, Cac.Address]),
            }
            : null;

    private static Period? Period(Node at) =>
        at.Has(Cbc.StartDate) || at.Has(Cbc.EndDate) ? new Period { Start = at[Cbc.StartDate].Date, End = at[Cbc.EndDate].Date } : null;

    private static PaymentInstructions Payment(Node document, Node first, Node seller, Node payee)
    {
        var transfers = new List<CreditTransfer>();
        foreach (var means in document.All(Cac.PaymentMeans))
        {
            if (means[Cac.PayeeFinancialAccount] is { Exists: true } account)
            {
                transfers.Add(
                    new CreditTransfer
                    {
                        Account = Text(account[Cbc.ID]) ?? "",
                        AccountName = Text(account[Cbc.Name]),
                        ServiceProvider = Text(account[Cac.FinancialInstitutionBranch, Cbc.ID]),
                    }
                );
            }
        }

        var (card, mandate) = (document[Cac.PaymentMeans, Cac.CardAccount], document[Cac.PaymentMeans, Cac.PaymentMandate]);
        var creditor = Creditor(payee) ?? Creditor(seller);
        return new PaymentInstructions
        {
            MeansCode = Text(first[Cbc.PaymentMeansCode]) ?? "",
            MeansText = first[Cbc.PaymentMeansCode].TryAttribute(Attributes.NameAttribute, out var name) ? name.ToString() : null,
            RemittanceReference = Text(first[Cbc.PaymentID]),
            CreditTransfers = transfers,
            Card = card.Exists
                ? new PaymentCard
                {
                    PrimaryAccountNumber = Text(card[Cbc.PrimaryAccountNumberID]) ?? "",
                    HolderName = Text(card[Cbc.HolderName]),
                }
                : null,
            DirectDebit =
                mandate.Exists || creditor is not null
                    ? new DirectDebit
                    {
                        MandateReference = Text(mandate[Cbc.ID]),
                        CreditorIdentifier = creditor,
                        DebitedAccount = Text(mandate[Cac.PayerFinancialAccount, Cbc.ID]),
                    }
                    : null,
        };
    }

    private static string? Creditor(Node party) =>
        Each(party, Cac.PartyIdentification, at => Identifier(at[Cbc.ID])).Find(each => each.Scheme == "SEPA")?.Value;

    private static List<DocumentAllowance> Allowances(Node document, bool isCharge)
    {
        var all = new List<DocumentAllowance>();
        foreach (var at in document.All(Cac.AllowanceCharge))
        {
            if (UblRules.IsCharge(at) == isCharge)
            {
                all.Add(
                    new DocumentAllowance
                    {
                        Amount = at[Cbc.Amount].Number ?? 0m,
                        BaseAmount = at[Cbc.BaseAmount].Number,
                        Percentage = at[Cbc.MultiplierFactorNumeric].Number,
                        VatCategory = Text(at[Cac.TaxCategory, Cbc.ID]) ?? "",
                        VatRate = at[Cac.TaxCategory, Cbc.Percent].Number,
                        Reason = Text(at[Cbc.AllowanceChargeReason]),
                        ReasonCode = Text(at[Cbc.AllowanceChargeReasonCode]),
                    }
                );
            }
        }

        return all;
    }

    private static List<LineAllowance> LineAllowances(Node line, bool isCharge)
    {
        var all = new List<LineAllowance>();
        foreach (var at in line.All(Cac.AllowanceCharge))
        {
            if (UblRules.IsCharge(at) == isCharge)
            {
                all.Add(
                    new LineAllowance
                    {
                        Amount = at[Cbc.Amount].Number ?? 0m,
                        BaseAmount = at[Cbc.BaseAmount].Number,
                        Percentage = at[Cbc.MultiplierFactorNumeric].Number,
                        Reason = Text(at[Cbc.AllowanceChargeReason]),
                        ReasonCode = Text(at[Cbc.AllowanceChargeReasonCode]),
                    }
                );
            }
        }

        return all;
    }

    private static DocumentTotals Totals(Node document, string currency, string? accounted)
    {
        var at = document[Cac.LegalMonetaryTotal];
        return new DocumentTotals
        {
            LineTotal = at[Cbc.LineExtensionAmount].Number,
            AllowanceTotal = at[Cbc.AllowanceTotalAmount].Number,
            ChargeTotal = at[Cbc.ChargeTotalAmount].Number,
            TotalWithoutVat = at[Cbc.TaxExclusiveAmount].Number,
            VatTotal = VatTotal(document, currency),
            VatTotalInAccountingCurrency = accounted is null || accounted == currency ? null : VatTotal(document, accounted),
            TotalWithVat = at[Cbc.TaxInclusiveAmount].Number,
            PaidAmount = at[Cbc.PrepaidAmount].Number,
            RoundingAmount = at[Cbc.PayableRoundingAmount].Number,
            AmountDue = at[Cbc.PayableAmount].Number,
        };
    }

    private static decimal? VatTotal(Node document, string currency)
    {
        foreach (var total in document.All(Cac.TaxTotal))
        {
            if (total[Cbc.TaxAmount] is { Exists: true } amount && amount.Attribute(Attributes.CurrencyID).SequenceEqual(currency))
            {
                return amount.Number;
            }
        }

        return null;
    }

    private static List<VatBreakdown> Breakdown(Node document)
    {
        var all = new List<VatBreakdown>();
        foreach (var total in document.All(Cac.TaxTotal))
        {
            all.AddRange(
                Each(
                    total,
                    Cac.TaxSubtotal,
                    at => new VatBreakdown
                    {
                        TaxableAmount = at[Cbc.TaxableAmount].Number,
                        TaxAmount = at[Cbc.TaxAmount].Number,
                        Category = Text(at[Cac.TaxCategory, Cbc.ID]) ?? "",
                        Rate = at[Cac.TaxCategory, Cbc.Percent].Number,
                        ExemptionReason = Text(at[Cac.TaxCategory, Cbc.TaxExemptionReason]),
                        ExemptionReasonCode = Text(at[Cac.TaxCategory, Cbc.TaxExemptionReasonCode]),
                    }
                )
            );
        }

        return all;
    }

    private static InvoiceLine Line(Node at)
    {
        var (item, price) = (at[Cac.Item], at[Cac.Price]);
        var quantity = at[Cbc.InvoicedQuantity] is { Exists: true } invoiced ? invoiced : at[Cbc.CreditedQuantity];
        return new InvoiceLine
        {
            Id = Text(at[Cbc.ID]) ?? "",
            Note = Text(at[Cbc.Note]),
            Object = Identifier(at[Cac.DocumentReference, Cbc.ID]),
            Quantity = quantity.Number,
            Unit = quantity.TryAttribute(Attributes.UnitCode, out var unit) ? unit.ToString() : null,
            NetAmount = at[Cbc.LineExtensionAmount].Number,
            OrderLineReference = Text(at[Cac.OrderLineReference, Cbc.LineID]),
            BuyerAccountingReference = Text(at[Cbc.AccountingCost]),
            Period = Period(at[Cac.InvoicePeriod]),
            Allowances = LineAllowances(at, isCharge: false),
            Charges = LineAllowances(at, isCharge: true),
            Price = new PriceDetails
            {
                NetPrice = price[Cbc.PriceAmount].Number,
                Discount = price[Cac.AllowanceCharge, Cbc.Amount].Number,
                GrossPrice = price[Cac.AllowanceCharge, Cbc.BaseAmount].Number,
                BaseQuantity = price[Cbc.BaseQuantity].Number,
                BaseQuantityUnit = price[Cbc.BaseQuantity].TryAttribute(Attributes.UnitCode, out var of) ? of.ToString() : null,
            },
            Vat = new LineVat
            {
                Category = Text(item[Cac.ClassifiedTaxCategory, Cbc.ID]),
                Rate = item[Cac.ClassifiedTaxCategory, Cbc.Percent].Number,
            },
            Item = new ItemInformation
            {
                Name = Text(item[Cbc.Name]),
                Description = Text(item[Cbc.Description]),
                SellersIdentifier = Text(item[Cac.SellersItemIdentification, Cbc.ID]),
                BuyersIdentifier = Text(item[Cac.BuyersItemIdentification, Cbc.ID]),
                StandardIdentifier = Identifier(item[Cac.StandardItemIdentification, Cbc.ID]),
                Classifications = Each(
                    item,
                    Cac.CommodityClassification,
                    commodity => Classification(commodity[Cbc.ItemClassificationCode])
                ),
                CountryOfOrigin = Text(item[Cac.OriginCountry, Cbc.IdentificationCode]),
                Attributes = Each(
                    item,
                    Cac.AdditionalItemProperty,
                    property => new ItemAttribute { Name = Text(property[Cbc.Name]) ?? "", Value = Text(property[Cbc.Value]) ?? "" }
                ),
            },
        };
    }

    private static Identifier? Classification(Node at) =>
        Text(at) is { } code
            ? new Identifier(
                code,
                at.TryAttribute(Attributes.ListID, out var list) ? list.ToString() : null,
                at.TryAttribute(Attributes.ListVersionID, out var version) ? version.ToString() : null
            )
            : null;

    private static Identifier? Identifier(Node at) =>
        Text(at) is { } value
            ? new Identifier(value, at.TryAttribute(Attributes.SchemeID, out var scheme) ? scheme.ToString() : null)
            : null;

    private static string? Text(Node at) => at.HasText ? at.Trimmed.ToString() : null;

    private static List<T> Each<T>(Node parent, Name name, Func<Node, T?> read)
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
