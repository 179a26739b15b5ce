using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Reads a Facturae 3.2.1 or 3.2.2 of one invoice into the semantic model of EN 16931, as far as Facturae carries it. It reads what is
/// there and judges nothing; differences stay negative, and the equivalence surcharge is part of the VAT's total (BT-110).
/// </summary>
public static class FacturaeReader
{
    private static readonly string[] Namespaces = [FacturaeWriter.Namespace, "http://www.facturae.es/Facturae/2014/v3.2.1/Facturae"];

    /// <summary>Whether a document's root is a Facturae's; what is no XML is none.</summary>
    public static bool IsFacturae(ReadOnlyMemory<byte> document) =>
        ForeignXml.Root(document) is var (space, local) && IsFacturae(space, local);

    /// <summary>The invoice that the document carries, or why it is none.</summary>
    public static Outcome<Invoice> Read(ReadOnlyMemory<byte> document)
    {
        var tree = ForeignXml.Tree(document);
        if (tree.Refused(out var fault))
        {
            return fault;
        }

        var root = tree.Value.Root!;
        if (!IsFacturae(root.Name.NamespaceName, root.Name.LocalName))
        {
            return FacturaeFaults.NotFacturae.With(Short($"{{{root.Name.NamespaceName}}}{root.Name.LocalName}"));
        }

        var invoices = root.Element("Invoices")?.Elements("Invoice").ToList() ?? [];
        return invoices.Count == 1 ? Read(root, invoices[0]) : FacturaeFaults.Batch.With(invoices.Count);
    }

    private static bool IsFacturae(string space, string local) => local == "Facturae" && Namespaces.Contains(space, StringComparer.Ordinal);

    private static Invoice Read(XElement root, XElement at)
    {
        var (header, data) = (at.Element("InvoiceHeader"), at.Element("InvoiceIssueData"));
        var corrective = header?.Element("Corrective");
        var literals = Each(at.Element("LegalLiterals"), "LegalReference", Text).OfType<string>().ToList();
        var breakdown = FacturaeVat.Breakdown(at, literals);
        var (allowances, charges) = FacturaeVat.Document(at, breakdown);
        var issued = Date(data?.Element("IssueDate"));
        var operation = Date(data?.Element("OperationDate"));
        var installments = Each(at.Element("PaymentDetails"), "Installment", each => each).ToList();
        var qr = literals.Find(IsQr);
        return new Invoice
        {
            ProcessControl = new ProcessControl { Specification = SemanticForm.Core },
            Number = NumberOf(header),
            IssueDate = issued,
            TypeCode = Said(header, "InvoiceClass") is "OR" or "CR" ? "384" : "380",
            Currency = Said(data, "InvoiceCurrencyCode") ?? "",
            VatAccountingCurrency =
                Said(data, "TaxCurrencyCode") is { } accounted && accounted != Said(data, "InvoiceCurrencyCode") ? accounted : null,
            DueDate = installments.Count == 0 ? null : Date(installments[^1].Element("InstallmentDueDate")),
            PaymentTerms = Said(installments.FirstOrDefault(), "CollectionAdditionalInformation"),
            ContractReference = Said(data, "ReceiverContractReference"),
            PurchaseOrderReference = Said(data, "ReceiverTransactionReference"),
            Notes = Notes(at, corrective, literals, breakdown),
            PrecedingInvoices =
                corrective is not null && NumberOf(corrective) is { Length: > 0 } cited
                    ? [new PrecedingInvoice { Number = cited, IssueDate = Date(corrective.Element("InvoiceIssueDate")) }]
                    : [],
            Seller = Seller(root.Element("Parties")?.Element("SellerParty"), literals),
            Buyer = Buyer(root.Element("Parties")?.Element("BuyerParty")),
            Delivery = operation is not null && operation != issued ? new Delivery { Date = operation } : null,
            Period = Period(data?.Element("InvoicingPeriod")),
            Payment = Payment(installments),
            Allowances = allowances,
            Charges = charges,
            Totals = Totals(at.Element("InvoiceTotals"), at.Element("TaxesOutputs")),
            VatBreakdown = breakdown,
            SupportingDocuments = qr is null ? [] : [new SupportingDocument { Reference = "QR", Location = qr }],
            Lines = [.. Each(at.Element("Items"), "InvoiceLine", each => each).Select((line, i) => Line(line, i, literals))],
        };
    }

    /// <summary>Whether a literal is the address that a VERI*FACTU invoice is checked at.</summary>
    private static bool IsQr(string literal) =>
        literal.StartsWith("https://", StringComparison.Ordinal) && literal.Contains("/ValidarQR", StringComparison.Ordinal);

    private static string NumberOf(XElement? at) =>
        new FacturaeNumber(Said(at, "InvoiceSeriesCode"), Said(at, "InvoiceNumber") ?? "").ToString();

    private static List<Note> Notes(XElement at, XElement? corrective, List<string> literals, IReadOnlyList<VatBreakdown> breakdown)
    {
        var reasons = breakdown.Select(vat => vat.ExemptionReason).ToHashSet(StringComparer.Ordinal);
        var texts = literals
            .Where(each =>
                !IsQr(each)
                && !reasons.Contains(each)
                && each != FacturaeWriter.Verifiable
                && !each.StartsWith(FacturaeWriter.RegistryLead, StringComparison.Ordinal)
            )
            .Append(Said(corrective, "AdditionalReasonDescription"))
            .Append(Said(at.Element("AdditionalData"), "InvoiceAdditionalInformation"));
        return [.. texts.OfType<string>().Select(text => new Note { Text = text })];
    }

    private static Seller Seller(XElement? party, List<string> literals)
    {
        var kind = Kind(party);
        return new Seller
        {
            Name = NameOf(kind),
            TradingName = Said(kind, "TradeName"),
            LegalRegistration = IsSpanish(party) && TaxIdOf(party) is { } nif ? new Identifier(nif) : null,
            VatIdentifier = VatOf(party),
            TaxRegistration = VatOf(party) is null ? TaxIdOf(party) : null,
            AdditionalLegalInformation =
                Said(kind?.Element("RegistrationData"), "AdditionalRegistrationData")
                ?? literals
                    .Find(each => each.StartsWith(FacturaeWriter.RegistryLead, StringComparison.Ordinal))
                    ?[FacturaeWriter.RegistryLead.Length..],
            Address = Address(kind),
            Contact = Contact(kind),
        };
    }

    private static Buyer Buyer(XElement? party)
    {
        var kind = Kind(party);
        var vat = VatOf(party);
        return new Buyer
        {
            Name = NameOf(kind),
            TradingName = Said(kind, "TradeName"),
            Identifier = Said(party, "PartyIdentification") is { } number ? new Identifier(number) : null,
            LegalRegistration = vat is null && TaxIdOf(party) is { } id ? new Identifier(id) : null,
            VatIdentifier = vat,
            Address = Address(kind),
            Contact = Contact(kind),
        };
    }

    private static XElement? Kind(XElement? party) => party?.Element("LegalEntity") ?? party?.Element("Individual");

    private static string? NameOf(XElement? kind) =>
        kind is null ? null
        : Said(kind, "CorporateName") is { } entity ? entity
        : Said(kind, "Name") is { } name
            ? new PersonName(name, Said(kind, "FirstSurname") ?? "", Said(kind, "SecondSurname")).ToString().Trim()
        : null;

    private static string? TaxIdOf(XElement? party) => Said(party?.Element("TaxIdentification"), "TaxIdentificationNumber");

    /// <summary>A NIF's form tells a Spaniard, wherever the address is.</summary>
    private static bool IsSpanish(XElement? party) => TaxIdOf(party) is { } id && Sellers.Nif.IsSound(Sellers.Nif.Normal(id));

    /// <summary>The identifier with its country before it, where it is one of a Member State (BT-31, BT-48).</summary>
    private static string? VatOf(XElement? party) =>
        TaxIdOf(party) is not { } id ? null
        : IsSpanish(party) ? $"ES{id}"
        : Sellers.VatIdentifier.IsSound(id) ? id
        : null;

    private static PostalAddress? Address(XElement? kind)
    {
        if (kind?.Element("AddressInSpain") is { } home)
        {
            return new PostalAddress
            {
                Line1 = Said(home, "Address"),
                City = Said(home, "Town"),
                PostalCode = Said(home, "PostCode"),
                Region = Said(home, "Province"),
                Country = FacturaeCodes.CountryOf(Said(home, "CountryCode")),
            };
        }

        if (kind?.Element("OverseasAddress") is not { } abroad)
        {
            return null;
        }

        var (code, town) = CodeAndTown(Said(abroad, "PostCodeAndTown"));
        return new PostalAddress
        {
            Line1 = Said(abroad, "Address"),
            City = town,
            PostalCode = code,
            Region = Said(abroad, "Province"),
            Country = FacturaeCodes.CountryOf(Said(abroad, "CountryCode")),
        };
    }

    /// <summary>"75002 Paris", "SW1A 1AA London": words with digits at the beginning are the code.</summary>
    private static (string? Code, string? Town) CodeAndTown(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = words.TakeWhile(word => word.Any(char.IsAsciiDigit)).Count();
        return code == 0 || code == words.Length ? (null, text) : (string.Join(' ', words.Take(code)), string.Join(' ', words.Skip(code)));
    }

    private static Contact? Contact(XElement? kind) =>
        kind?.Element("ContactDetails") is { } at
            ? new Contact
            {
                Name = Said(at, "ContactPersons"),
                Telephone = Said(at, "Telephone"),
                Email = Said(at, "ElectronicMail"),
            }
            : null;

    private static Period? Period(XElement? at) =>
        at is null ? null : new Period { Start = Date(at.Element("StartDate")), End = Date(at.Element("EndDate")) };

    private static PaymentInstructions? Payment(List<XElement> installments) =>
        installments.Count == 0
            ? null
            : new PaymentInstructions
            {
                MeansCode = FacturaeCodes.MeansOf(Said(installments[0], "PaymentMeans") ?? ""),
                RemittanceReference = Said(installments[0], "PaymentReconciliationReference"),
                CreditTransfers =
                [
                    .. installments
                        .Select(each => each.Element("AccountToBeCredited"))
                        .OfType<XElement>()
                        .Select(account => new CreditTransfer
                        {
                            Account = Said(account, "IBAN") ?? Said(account, "AccountNumber") ?? "",
                            ServiceProvider =
                                Said(account, "BIC") is { } bic && bic.EndsWith("XXX", StringComparison.Ordinal)
                                    ? bic[..^3]
                                    : Said(account, "BIC"),
                        })
                        .Distinct(),
                ],
            };

    private static DocumentTotals Totals(XElement? at, XElement? taxes)
    {
        // TotalPaymentsOnAccount may be left out where there is but the list of them.
        var paid =
            Amount(at, "TotalPaymentsOnAccount")
            ?? (
                at?.Element("PaymentsOnAccount") is { } payments
                    ? payments.Elements("PaymentOnAccount").Sum(each => Amount(each, "PaymentOnAccountAmount") ?? 0m)
                    : null
            );
        return new DocumentTotals
        {
            LineTotal = Amount(at, "TotalGrossAmount"),
            AllowanceTotal = Amount(at, "TotalGeneralDiscounts"),
            ChargeTotal = Amount(at, "TotalGeneralSurcharges"),
            TotalWithoutVat = Amount(at, "TotalGrossAmountBeforeTaxes"),
            VatTotal = Amount(at, "TotalTaxOutputs"),
            VatTotalInAccountingCurrency = Euros(taxes),
            TotalWithVat = Amount(at, "InvoiceTotal"),
            PaidAmount = paid,
            AmountDue = Amount(at, "TotalExecutableAmount"),
        };
    }

    private static decimal? Euros(XElement? taxes)
    {
        var each = taxes?.Elements("Tax").Select(tax => Amount(tax.Element("TaxAmount"), "EquivalentInEuros")).OfType<decimal>().ToList();
        return each is { Count: > 0 } ? each.Sum() : null;
    }

    private static InvoiceLine Line(XElement at, int index, List<string> literals) =>
        new()
        {
            // Facturae numbers no lines of its own; SequenceNumber is the order's.
            Id = (index + 1).ToString(CultureInfo.InvariantCulture),
            Quantity = Amount(at, "Quantity"),
            Unit = FacturaeCodes.UnitOf(Said(at, "UnitOfMeasure")),
            NetAmount = Amount(at, "GrossAmount"),
            OrderLineReference = Said(at, "SequenceNumber"),
            Period = Period(at.Element("LineItemPeriod")),
            Allowances = Allowances(at.Element("DiscountsAndRebates"), "Discount"),
            Charges = Allowances(at.Element("Charges"), "Charge"),
            Price = new PriceDetails { NetPrice = Amount(at, "UnitPriceWithoutTax") },
            Vat = FacturaeVat.Line(at, literals),
            Item = new ItemInformation
            {
                Name = Said(at, "ItemDescription"),
                Description = Said(at, "AdditionalLineItemInformation"),
                SellersIdentifier = Said(at, "ArticleCode"),
            },
        };

    private static List<LineAllowance> Allowances(XElement? at, string name) =>
        [
            .. Each(
                at,
                name,
                each => new LineAllowance
                {
                    Amount = Amount(each, $"{name}Amount") ?? 0m,
                    Percentage = Amount(each, $"{name}Rate"),
                    Reason = Said(each, $"{name}Reason"),
                }
            ),
        ];

    internal static IEnumerable<T> Each<T>(XElement? at, string name, Func<XElement, T> read) => at?.Elements(name).Select(read) ?? [];

    internal static string? Said(XElement? at, string name) => at?.Element(name) is { } element ? Text(element) : null;

    internal static decimal? Amount(XElement? at, string name) => Said(at, name) is { } text ? Number(text) : null;

    private static string? Text(XElement at) => at.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A double as its schema writes it (2, -2.50, 1e3); null where it is beyond any invoice, so that sums hold.</summary>
    private static decimal? Number(string text) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        )
        && Math.Abs(number) < 1e15m
            ? number
            : null;

    /// <summary>A day, with or without the zone that xs:date allows.</summary>
    private static DateOnly? Date(XElement? at) =>
        at?.Value.Trim() is { Length: >= 10 } text
        && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;

    private static string Short(string text) => text.Length <= 200 ? text : text[..200];
}
