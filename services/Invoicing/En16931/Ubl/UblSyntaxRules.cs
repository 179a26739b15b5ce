using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>
/// What UBL 2.1 would allow and the core invoice does not: repetitions (UBL-SR), decimals and attributes of its data types (UBL-DT).
/// </summary>
internal static class UblSyntaxRules
{
    private static readonly bool[] OncePerDocument = Vocabulary.Among(Cac.PartyIdentification, Cbc.PaymentID, Cbc.PaymentMeansCode);

    public static void Add(Places places)
    {
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.InvoiceLine, Line);
        places.At(Cac.CreditNoteLine, Line);
        places.At(Cac.PostalAddress, Address);
        places.At(Cac.Address, Address);
        places.At(Cac.Party, SellersParty);
        places.At(Cac.AdditionalDocumentReference, AdditionalDocument);
        places.At(Cac.Delivery, (at, found) => found.Check("UBL-SR-25", at, Counted(at, Cac.DeliveryParty, Cac.PartyName, Cbc.Name) <= 1));
        places.At(Cac.AllowanceCharge, Reasons);
        places.At(
            Cac.PartyTaxScheme,
            (at, found) => found.Check("UBL-SR-53", at, at[Cac.TaxScheme, Cbc.ID].Exists && at.Has(Cbc.CompanyID))
        );
        places.At(Cac.PayeeParty, Payee);
        places.At(Cac.PaymentMeans, PaymentMeans);
        places.At(Cac.BillingReference, Preceding);
        places.At(Cac.TaxRepresentativeParty, TaxRepresentative);
        places.At(Cac.TaxSubtotal, (at, found) => found.Check("UBL-SR-32", at, Counted(at, Cac.TaxCategory, Cbc.TaxExemptionReason) <= 1));
        foreach (var name in Vocabulary.EndingWith("BinaryObject"))
        {
            places.At(name, Binary);
        }

        foreach (var name in Vocabulary.EndingWith("Amount").Where(name => !Vocabulary.EndsWith(name, "PriceAmount")))
        {
            places.At(name, TwoDecimals);
        }
    }

    private static void Document(Node at, Findings found)
    {
        if (at.Parent.Exists)
        {
            return;
        }

        AtMostOne("UBL-SR-01", at, Counted(at, Cac.ContractDocumentReference, Cbc.ID), found);
        AtMostOne("UBL-SR-02", at, Counted(at, Cac.ReceiptDocumentReference, Cbc.ID), found);
        AtMostOne("UBL-SR-03", at, Counted(at, Cac.DespatchDocumentReference, Cbc.ID), found);
        AtMostOne("UBL-SR-04", at, InvoicedObjects(at), found);
        AtMostOne("UBL-SR-05", at, Counted(at, Cac.PaymentTerms, Cbc.Note), found);
        AtMostOne("UBL-SR-08", at, at.Count(Cac.InvoicePeriod), found);
        Seller(at[Cac.AccountingSupplierParty, Cac.Party], at, found);
        Buyer(at[Cac.AccountingCustomerParty, Cac.Party], at, found);
        AtMostOne("UBL-SR-24", at, at.Count(Cac.Delivery), found);
        AtMostOne("UBL-SR-39", at, Counted(at, Cac.ProjectReference, Cbc.ID), found);
        AtMostOne("UBL-SR-45", at, Counted(at, Cac.PaymentMeans, Cbc.PaymentDueDate), found);
        AtMostOne("UBL-SR-49", at, Counted(at, Cac.InvoicePeriod, Cbc.DescriptionCode), found);
        AtMostOne("UBL-SR-54", at, Counted(at, Cac.PaymentMeans, Cac.CardAccount), found);
        AtMostOne("UBL-SR-55", at, Counted(at, Cac.PaymentMeans, Cac.PaymentMandate), found);
        AtMostOne("UBL-SR-56", at, Counted(at, Cac.OriginatorDocumentReference, Cbc.ID), found);
        OfWholeDocument(at, found);
    }

    private static void Seller(Node party, Node at, Findings found)
    {
        AtMostOne("UBL-SR-09", at, Counted(party, Cac.PartyLegalEntity, Cbc.RegistrationName), found);
        AtMostOne("UBL-SR-10", at, Counted(party, Cac.PartyName, Cbc.Name), found);
        AtMostOne("UBL-SR-11", at, Counted(party, Cac.PartyLegalEntity, Cbc.CompanyID), found);
        AtMostOne("UBL-SR-12", at, TaxIdentifiers(party, ofVat: true), found);
        AtMostOne("UBL-SR-13", at, TaxIdentifiers(party, ofVat: false), found);
        AtMostOne("UBL-SR-14", at, Counted(party, Cac.PartyLegalEntity, Cbc.CompanyLegalForm), found);
    }

    private static void Buyer(Node party, Node at, Findings found)
    {
        AtMostOne("UBL-SR-15", at, Counted(party, Cac.PartyLegalEntity, Cbc.RegistrationName), found);
        AtMostOne("UBL-SR-16", at, Counted(party, Cac.PartyIdentification, Cbc.ID), found);
        AtMostOne("UBL-SR-17", at, Counted(party, Cac.PartyLegalEntity, Cbc.CompanyID), found);
        AtMostOne("UBL-SR-18", at, TaxIdentifiers(party, ofVat: true), found);
        AtMostOne("UBL-SR-40", at, Counted(party, Cac.PartyName, Cbc.Name), found);
    }

    /// <summary>What there may be one of in the whole document: a creditor's SEPA identifier, one remittance reference, one kind of payment.</summary>
    private static void OfWholeDocument(Node document, Findings found)
    {
        var (creditors, namedMeans) = (0, 0);
        var (reference, means) = (default(Node), default(Node));
        for (var index = 0; index < document.Tree.Count; index++)
        {
            if (!OncePerDocument[document.Tree[index].Name.Id])
            {
                continue;
            }

            var at = new Node(document.Tree, index);
            if (at.Is(Cac.PartyIdentification))
            {
                foreach (var id in at.All(Cbc.ID))
                {
                    creditors += id.Attribute(Attributes.SchemeID).Equals("SEPA", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                }
            }
            else if (at.Is(Cbc.PaymentID))
            {
                reference = reference.Exists ? reference : at;
                if (!reference.Text.SequenceEqual(at.Text))
                {
                    found.Once("UBL-SR-44", at);
                }
            }
            else if (at.Is(Cbc.PaymentMeansCode))
            {
                means = means.Exists ? means : at;
                namedMeans += at.Parent.Parent == document && at.HasAttribute(Attributes.NameAttribute) ? 1 : 0;
                if (!means.Text.SequenceEqual(at.Text))
                {
                    found.Once("UBL-SR-47", at);
                }
            }
        }

        AtMostOne("UBL-SR-29", document, creditors, found);
        AtMostOne("UBL-SR-46", document, namedMeans, found);
    }

    private static void Line(Node at, Findings found)
    {
        AtMostOne("UBL-SR-34", at, at.Count(Cbc.Note), found);
        AtMostOne("UBL-SR-35", at, Counted(at, Cac.OrderLineReference, Cbc.LineID), found);
        AtMostOne("UBL-SR-36", at, at.Count(Cac.InvoicePeriod), found);
        AtMostOne("UBL-SR-37", at, Counted(at, Cac.Price, Cac.AllowanceCharge, Cbc.Amount), found);
        found.Check("UBL-SR-48", at, Counted(at, Cac.Item, Cac.ClassifiedTaxCategory) == 1);
        AtMostOne("UBL-SR-50", at, Counted(at, Cac.Item, Cbc.Description), found);
        AtMostOne("UBL-SR-52", at, at.Count(Cac.DocumentReference), found);
    }

    private static void Address(Node at, Findings found) => AtMostOne("UBL-SR-51", at, at.Count(Cac.AddressLine), found);

    private static void SellersParty(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("UBL-SR-42", at, at.Count(Cac.PartyTaxScheme) <= 2);
        }
    }

    private static void AdditionalDocument(Node at, Findings found)
    {
        AtMostOne("UBL-SR-33", at, at.Count(Cbc.DocumentDescription), found);
        var type = at[Cbc.DocumentTypeCode];
        found.Check(
            "UBL-SR-43",
            at,
            type.Text is "130"
                || (at.Tree.Root.Is(Root.CreditNote) && type.Text is "50")
                || (!type.Exists && !at[Cbc.ID].HasAttribute(Attributes.SchemeID))
        );
    }

    private static void Reasons(Node at, Findings found)
    {
        if (UblRules.IsCharge(at) is { } isCharge)
        {
            AtMostOne(isCharge ? "UBL-SR-31" : "UBL-SR-30", at, at.Count(Cbc.AllowanceChargeReason), found);
        }
    }

    private static void Payee(Node at, Findings found)
    {
        // The three say twice what BR-17 says: a payee is somebody else than the seller.
        var name = at[Cac.PartyName, Cbc.Name];
        var seller = at.Parent[Cac.AccountingSupplierParty, Cac.Party, Cac.PartyLegalEntity, Cbc.RegistrationName];
        var isOther = name.Exists && seller.Exists && !name.Text.SequenceEqual(seller.Text);
        var ids = 0;
        foreach (var identification in at.All(Cac.PartyIdentification))
        {
            foreach (var id in identification.All(Cbc.ID))
            {
                ids +=
                    id.TryAttribute(Attributes.SchemeID, out var scheme) && !scheme.Equals("SEPA", StringComparison.OrdinalIgnoreCase)
                        ? 1
                        : 0;
            }
        }

        found.Check("UBL-SR-19", at, at.Exists && Counted(at, Cac.PartyName, Cbc.Name) <= 1 && isOther);
        found.Check("UBL-SR-20", at, ids <= 1 && isOther);
        found.Check("UBL-SR-21", at, Counted(at, Cac.PartyLegalEntity, Cbc.CompanyID) <= 1 && isOther);
    }

    private static void PaymentMeans(Node at, Findings found)
    {
        AtMostOne("UBL-SR-26", at, at.Count(Cbc.PaymentID), found);
        AtMostOne("UBL-SR-27", at, at.Count(Cbc.PaymentMeansCode), found);
        AtMostOne("UBL-SR-28", at, Counted(at, Cac.PaymentMandate, Cbc.ID), found);
    }

    private static void Preceding(Node at, Findings found)
    {
        AtMostOne("UBL-SR-06", at, at.Count(Cac.InvoiceDocumentReference), found);
        found.Check("UBL-SR-07", at, at[Cac.InvoiceDocumentReference, Cbc.ID].Exists);
    }

    private static void TaxRepresentative(Node at, Findings found)
    {
        AtMostOne("UBL-SR-22", at, Counted(at, Cac.PartyName, Cbc.Name), found);
        AtMostOne("UBL-SR-23", at, Counted(at, Cac.PartyTaxScheme, Cbc.CompanyID), found);
    }

    private static void Binary(Node at, Findings found)
    {
        found.Check("UBL-DT-06", at, at.HasAttribute(Attributes.MimeCode));
        found.Check("UBL-DT-07", at, at.HasAttribute(Attributes.Filename));
    }

    private static void TwoDecimals(Node at, Findings found)
    {
        var allowance = at.Ancestor(Cac.AllowanceCharge);
        while (allowance.Exists && !allowance.Parent.Is(Cac.Price))
        {
            allowance = allowance.Ancestor(Cac.AllowanceCharge);
        }

        found.Check("UBL-DT-01", at, allowance.Exists || Amounts.HasAtMostTwoDecimals(at.Text));
    }

    private static int InvoicedObjects(Node document)
    {
        var count = 0;
        foreach (var reference in document.All(Cac.AdditionalDocumentReference))
        {
            count += reference[Cbc.DocumentTypeCode].Text is "130" ? reference.Count(Cbc.ID) : 0;
        }

        return count;
    }

    private static int TaxIdentifiers(Node party, bool ofVat)
    {
        var count = 0;
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            var id = scheme[Cac.TaxScheme, Cbc.ID];
            if (id.Exists && id.Text.Equals("VAT", StringComparison.OrdinalIgnoreCase) == ofVat)
            {
                count += scheme.Count(Cbc.CompanyID);
            }
        }

        return count;
    }

    private static int Counted(Node at, Name first, Name second)
    {
        var count = 0;
        foreach (var each in at.All(first))
        {
            count += each.Count(second);
        }

        return count;
    }

    private static int Counted(Node at, Name first, Name second, Name third)
    {
        var count = 0;
        foreach (var each in at.All(first))
        {
            count += Counted(each, second, third);
        }

        return count;
    }

    private static void AtMostOne(string rule, Node at, int count, Findings found) => found.Check(rule, at, count <= 1);
}
