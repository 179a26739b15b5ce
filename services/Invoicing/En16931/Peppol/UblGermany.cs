using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for UBL documents between German parties.</summary>
internal static class UblGermany
{
    public static void Add(Places places)
    {
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.AccountingSupplierParty, Seller);
        places.At(Cac.PostalAddress, PostalAddress);
        places.At(Cac.Contact, Contact);
        places.At(Cac.Address, DeliverTo);
        places.At(Cac.PaymentMeans, Payment);
        places.At(Cac.TaxSubtotal, VatBreakdown);
    }

    private static void Document(Node at, Findings found)
    {
        if (at.Parent.Exists)
        {
            return;
        }

        var (type, creditType) = (at[Cbc.InvoiceTypeCode], at[Cbc.CreditNoteTypeCode]);
        var isCorrected = XPath.Number(type.Text) == 384 || XPath.Number(creditType.Text) == 384;
        found.Check("DE-R-001", at, at.Has(Cac.PaymentMeans));
        found.Check("DE-R-015", at, at.Tells(Cbc.BuyerReference));
        found.Check("DE-R-016", at, !IsTaxed(at) || at.Has(Cac.TaxRepresentativeParty) || HasSellerTaxIdentifier(at));
        found.Check("DE-R-017", at, IsType(type.Text) || IsType(creditType.Text));
        found.Check("DE-R-018", at, AreDiscountsWellFormed(at));
        found.Check("DE-R-022", at, HaveAttachmentsNamesOfTheirOwn(at));
        found.Check("DE-R-026", at, !isCorrected || at[Cac.BillingReference, Cac.InvoiceDocumentReference].Exists);
        DirectDebit(at, found);
    }

    private static bool IsType(ReadOnlySpan<char> code) => code is "326" or "380" or "384" or "389" or "381" or "875" or "876" or "877";

    /// <summary>Whether a category of VAT stands on a line, an allowance or a charge for which the seller has to be known (BT-95, BT-102, BT-151).</summary>
    private static bool IsTaxed(Node document)
    {
        foreach (var child in document.Children)
        {
            if (
                (child.Is(Cac.InvoiceLine) || child.Is(Cac.CreditNoteLine)) && IsTaxed(child, Cac.Item, Cac.ClassifiedTaxCategory)
                || child.Is(Cac.AllowanceCharge) && SaysWhich(child) && IsTaxed(child, Cac.TaxCategory)
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool SaysWhich(Node at) => at.Says(Cbc.ChargeIndicator, "false") || at.Says(Cbc.ChargeIndicator, "true");

    private static bool IsTaxed(Node at, Name within, Name category)
    {
        foreach (var each in at.All(within))
        {
            if (IsTaxed(each, category))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTaxed(Node at, Name category)
    {
        foreach (var each in at.All(category))
        {
            foreach (var id in each.All(Cbc.ID))
            {
                if (id.Text is "S" or "Z" or "E" or "AE" or "K" or "G" or "L" or "M")
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>BT-31 or BT-32.</summary>
    private static bool HasSellerTaxIdentifier(Node document)
    {
        foreach (var seller in document.All(Cac.AccountingSupplierParty))
        {
            foreach (var party in seller.All(Cac.Party))
            {
                foreach (var scheme in party.All(Cac.PartyTaxScheme))
                {
                    if (scheme.Tells(Cbc.CompanyID))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>BT-20, in which discounts for early payment (Skonto) have a form of their own.</summary>
    private static bool AreDiscountsWellFormed(Node document)
    {
        foreach (var terms in document.All(Cac.PaymentTerms))
        {
            if (terms[Cbc.Note] is { Exists: true } note && !Skonto.IsWellFormed(note.Text))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>BT-125-2; each attachment's is its own.</summary>
    private static bool HaveAttachmentsNamesOfTheirOwn(Node document)
    {
        HashSet<string>? seen = null;
        foreach (var reference in document.All(Cac.AdditionalDocumentReference))
        {
            var file = reference[Cac.Attachment, Cbc.EmbeddedDocumentBinaryObject];
            if (
                file.TryAttribute(Attributes.Filename, out var name)
                && !(seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(name.ToString())
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>BG-19.</summary>
    private static void DirectDebit(Node at, Findings found)
    {
        var isDebited = at[Cac.PaymentMeans, Cac.PaymentMandate].Exists;
        found.Check(
            "DE-R-030",
            at,
            !isDebited || HasCreditorId(at[Cac.AccountingSupplierParty, Cac.Party]) || HasCreditorId(at[Cac.PayeeParty])
        );
        found.Check("DE-R-031", at, !isDebited || at[Cac.PaymentMeans, Cac.PaymentMandate, Cac.PayerFinancialAccount, Cbc.ID].Exists);
    }

    private static bool HasCreditorId(Node party)
    {
        foreach (var identification in party.All(Cac.PartyIdentification))
        {
            foreach (var id in identification.All(Cbc.ID))
            {
                if (id.Attribute(Attributes.SchemeID) is "SEPA")
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsOfDocument(Node at) => at.Parent is { Exists: true } document && !document.Parent.Exists;

    private static void Seller(Node at, Findings found)
    {
        if (IsOfDocument(at))
        {
            found.Check("DE-R-002", at, at[Cac.Party, Cac.Contact].Exists);
        }
    }

    /// <summary>BG-5 and BG-8.</summary>
    private static void PostalAddress(Node at, Findings found)
    {
        var role = at.Parent.Parent;
        if (!at.Parent.Is(Cac.Party) || !IsOfDocument(role))
        {
            return;
        }

        if (role.Is(Cac.AccountingSupplierParty))
        {
            found.Check("DE-R-003", at, at.Tells(Cbc.CityName));
            found.Check("DE-R-004", at, at.Tells(Cbc.PostalZone));
        }
        else if (role.Is(Cac.AccountingCustomerParty))
        {
            found.Check("DE-R-008", at, at.Tells(Cbc.CityName));
            found.Check("DE-R-009", at, at.Tells(Cbc.PostalZone));
        }
    }

    /// <summary>BG-6.</summary>
    private static void Contact(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.Party) || !at.Parent.Parent.Is(Cac.AccountingSupplierParty) || !IsOfDocument(at.Parent.Parent))
        {
            return;
        }

        found.Check("DE-R-005", at, at.Tells(Cbc.Name));
        found.Check("DE-R-006", at, at.Tells(Cbc.Telephone));
        found.Check("DE-R-007", at, at.Tells(Cbc.ElectronicMail));
        found.Check("DE-R-027", at, HasThreeDigits(at[Cbc.Telephone].Text));
        found.Check("DE-R-028", at, MailAddress.IsPlain(at[Cbc.ElectronicMail].Trimmed));
    }

    private static bool HasThreeDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsAsciiDigit(character) ? 1 : 0;
        }

        return count >= 3;
    }

    /// <summary>BG-15.</summary>
    private static void DeliverTo(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.DeliveryLocation) && at.Parent.Parent.Is(Cac.Delivery) && IsOfDocument(at.Parent.Parent))
        {
            found.Check("DE-R-010", at, at.Tells(Cbc.CityName));
            found.Check("DE-R-011", at, at.Tells(Cbc.PostalZone));
        }
    }

    /// <summary>BG-16: transfers, cards and direct debits each have their own group and no other.</summary>
    private static void Payment(Node at, Findings found)
    {
        if (!IsOfDocument(at))
        {
            return;
        }

        var (account, card, mandate) = (at.Has(Cac.PayeeFinancialAccount), at.Has(Cac.CardAccount), at.Has(Cac.PaymentMandate));
        switch (XPath.Number(at[Cbc.PaymentMeansCode].Text))
        {
            case 30 or 58:
                var isSepa = at.Says(Cbc.PaymentMeansCode, "58");
                found.Check("DE-R-019", at, !isSepa || CheckDigits.IsIban(at[Cac.PayeeFinancialAccount, Cbc.ID].Text));
                found.Check("DE-R-023-1", at, account);
                found.Check("DE-R-023-2", at, !card && !mandate);
                break;
            case 48 or 54 or 55:
                found.Check("DE-R-024-1", at, card);
                found.Check("DE-R-024-2", at, !account && !mandate);
                break;
            case 59:
                var isDebit = at.Says(Cbc.PaymentMeansCode, "59");
                var debited = at[Cac.PaymentMandate, Cac.PayerFinancialAccount, Cbc.ID];
                found.Check("DE-R-020", at, !isDebit || CheckDigits.IsIban(debited.Text));
                found.Check("DE-R-025-1", at, mandate);
                found.Check("DE-R-025-2", at, !account && !card);
                break;
        }
    }

    /// <summary>BT-119.</summary>
    private static void VatBreakdown(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.TaxTotal) || !IsOfDocument(at.Parent))
        {
            return;
        }

        var hasRate = false;
        foreach (var category in at.All(Cac.TaxCategory))
        {
            hasRate |= category.Tells(Cbc.Percent);
        }

        found.Check("DE-R-014", at, hasRate);
    }
}
