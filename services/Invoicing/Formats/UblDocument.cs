using System.Globalization;
using System.Text;
using System.Xml;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>The account that transfers of an invoice are paid to.</summary>
public sealed record PayeeAccount(string Iban, string? Bic, string Name);

/// <summary>An invoice as UBL 2.1 under EN 16931: an Invoice, or a CreditNote with positive amounts where it gives money back.</summary>
public sealed partial class UblDocument
{
    private const string Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private const string Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    private readonly InvoiceBody _invoice;
    private readonly PayeeAccount? _account;
    private readonly XmlWriter _xml;
    private readonly bool _isCredit;
    private readonly bool _hasVatIds;

    private UblDocument(InvoiceBody invoice, PayeeAccount? account, XmlWriter xml)
    {
        _invoice = invoice;
        _account = account;
        _xml = xml;
        _isCredit = invoice.TypeCode == "381";
        // What is not subject to VAT names nobody's VAT identifier (BR-O-02).
        _hasVatIds = invoice.VatBreakdown.All(vat => vat.Category != "O");
    }

    /// <summary>Writes the document; refused where UBL has no place for what the invoice holds.</summary>
    public static Outcome<byte[]> Of(InvoiceBody invoice, PayeeAccount? account)
    {
        if (invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null))
        {
            return InvoicingFaults.SurchargeInUbl.With();
        }

        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            new UblDocument(invoice, account, xml).Write();
        }

        return buffer.ToArray();
    }

    private void Write()
    {
        var root = _isCredit ? "CreditNote" : "Invoice";
        _xml.WriteStartDocument();
        _xml.WriteStartElement(root, $"urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
        _xml.WriteAttributeString("xmlns", "cac", null, Cac);
        _xml.WriteAttributeString("xmlns", "cbc", null, Cbc);
        Basic("CustomizationID", "urn:cen.eu:en16931:2017");
        Basic("ID", _invoice.Number);
        Basic("IssueDate", Date(_invoice.IssueDate));
        if (!_isCredit)
        {
            Basic("DueDate", _invoice.DueDate is { } due ? Date(due) : null);
        }

        Basic(_isCredit ? "CreditNoteTypeCode" : "InvoiceTypeCode", _invoice.TypeCode);
        if (_invoice.Fiscal.Environment == SellerEnvironment.Test)
        {
            Basic("Note", "PRUEBA, sin validez fiscal");
        }

        Basic("Note", _invoice.Correction?.Text);
        Basic("DocumentCurrencyCode", _invoice.Currency.Code);
        References();
        Party("AccountingSupplierParty", _invoice.Seller, isSeller: true);
        Party("AccountingCustomerParty", _invoice.Buyer ?? FinalConsumer(), isSeller: false);
        Delivery();
        PaymentMeans();
        if (_invoice.PaymentTerms is { } terms)
        {
            Group("PaymentTerms", () => Basic("Note", terms));
        }

        foreach (var allowance in _invoice.Allowances)
        {
            AllowanceOrCharge(allowance, isCharge: false);
        }

        foreach (var charge in _invoice.Charges)
        {
            AllowanceOrCharge(charge, isCharge: true);
        }

        TaxTotal();
        Totals();
        foreach (var line in _invoice.Lines)
        {
            Line(line);
        }

        _xml.WriteEndElement();
        _xml.WriteEndDocument();
    }

    private void References()
    {
        foreach (var corrected in _invoice.Corrects)
        {
            Group(
                "BillingReference",
                () =>
                    Group(
                        "InvoiceDocumentReference",
                        () =>
                        {
                            Basic("ID", corrected.Number);
                            Basic("IssueDate", corrected.IssueDate is { } date ? Date(date) : null);
                        }
                    )
            );
        }

        if (_invoice.Fiscal.QrUrl is { } qr)
        {
            // An electronic invoice carries what the printed one has as QR (Orden HAC/1177/2024 art. 20.2).
            Group(
                "AdditionalDocumentReference",
                () =>
                {
                    Basic("ID", "QR");
                    Group("Attachment", () => Group("ExternalReference", () => Basic("URI", qr)));
                }
            );
        }
    }

    private void PaymentMeans()
    {
        var isDue = _invoice.Totals.AmountDue > 0m;
        var paid = _invoice.Payments.OrderByDescending(payment => Math.Abs(payment.Amount)).FirstOrDefault()?.Means;
        if (!isDue && paid is null)
        {
            return;
        }

        var byTransfer = isDue || paid == Contracts.PaymentMeans.Transfer;
        Group(
            "PaymentMeans",
            () =>
            {
                // A transfer needs an account (BR-61); without one the means is left open.
                Basic(
                    "PaymentMeansCode",
                    byTransfer
                        ? _account is null
                            ? "1"
                            : "58"
                        : Code(paid!.Value)
                );
                Basic("PaymentID", _invoice.PaymentReference);
                if (byTransfer && _account is { } account)
                {
                    Group(
                        "PayeeFinancialAccount",
                        () =>
                        {
                            Basic("ID", account.Iban);
                            Basic("Name", account.Name);
                            if (account.Bic is { } bic)
                            {
                                Group("FinancialInstitutionBranch", () => Basic("ID", bic));
                            }
                        }
                    );
                }
            }
        );
    }

    private void AllowanceOrCharge(InvoiceAllowanceBody given, bool isCharge)
    {
        var amount = Signed(given.Amount);
        // Turned round, what lessened adds: amounts stay positive.
        var charge = amount < 0m ? !isCharge : isCharge;
        Group(
            "AllowanceCharge",
            () =>
            {
                Basic("ChargeIndicator", charge ? "true" : "false");
                Basic("AllowanceChargeReason", given.Reason ?? (charge ? "Cargo" : "Descuento"));
                Amount("Amount", Math.Abs(amount));
                if (given.Vat is { } vat)
                {
                    TaxCategory("TaxCategory", vat.Category, vat.Rate, null, null);
                }
            }
        );
    }

    private void TaxTotal() =>
        Group(
            "TaxTotal",
            () =>
            {
                Amount("TaxAmount", Signed(_invoice.Totals.VatTotal));
                foreach (var vat in _invoice.VatBreakdown)
                {
                    Group(
                        "TaxSubtotal",
                        () =>
                        {
                            Amount("TaxableAmount", Signed(vat.TaxableAmount));
                            Amount("TaxAmount", Signed(vat.VatAmount));
                            TaxCategory("TaxCategory", vat.Category, vat.Rate, vat.ExemptionReasonCode, vat.ExemptionReason);
                        }
                    );
                }
            }
        );

    private void TaxCategory(string name, string category, decimal rate, string? reasonCode, string? reason) =>
        Group(
            name,
            () =>
            {
                Basic("ID", category);
                Basic("Percent", category == "O" ? null : rate.ToString(CultureInfo.InvariantCulture));
                Basic("TaxExemptionReasonCode", reasonCode);
                Basic("TaxExemptionReason", reason);
                Group("TaxScheme", () => Basic("ID", "VAT"));
            }
        );

    private void Totals()
    {
        var totals = _invoice.Totals;
        // A negative allowance that turned into a charge moved from one total to the other.
        var allowances = _invoice
            .Allowances.Select(each => Signed(each.Amount))
            .Concat(_invoice.Charges.Select(each => -Signed(each.Amount)));
        var split = allowances.ToLookup(amount => amount >= 0m);
        var less = _isCredit ? split[true].Sum() : totals.AllowanceTotal;
        var more = _isCredit ? -split[false].Sum() : totals.ChargeTotal;
        Group(
            "LegalMonetaryTotal",
            () =>
            {
                Amount("LineExtensionAmount", Signed(totals.LineTotal));
                Amount("TaxExclusiveAmount", Signed(totals.TotalWithoutVat));
                Amount("TaxInclusiveAmount", Signed(totals.TotalWithVat));
                if (less != 0m)
                {
                    Amount("AllowanceTotalAmount", less);
                }

                if (more != 0m)
                {
                    Amount("ChargeTotalAmount", more);
                }

                if (totals.PaidAmount != 0m)
                {
                    Amount("PrepaidAmount", Signed(totals.PaidAmount));
                }

                Amount("PayableAmount", Signed(totals.AmountDue));
            }
        );
    }

    private void Line(InvoiceLineBody line) =>
        Group(
            _isCredit ? "CreditNoteLine" : "InvoiceLine",
            () =>
            {
                Basic("ID", line.LineId);
                _xml.WriteStartElement("cbc", _isCredit ? "CreditedQuantity" : "InvoicedQuantity", Cbc);
                _xml.WriteAttributeString("unitCode", line.Unit);
                _xml.WriteString(Signed(line.Quantity).ToString(CultureInfo.InvariantCulture));
                _xml.WriteEndElement();
                Amount("LineExtensionAmount", Signed(line.LineNetAmount));
                foreach (var allowance in line.Allowances)
                {
                    AllowanceOrCharge(allowance with { Vat = null }, isCharge: false);
                }

                foreach (var charge in line.Charges)
                {
                    AllowanceOrCharge(charge with { Vat = null }, isCharge: true);
                }

                Group(
                    "Item",
                    () =>
                    {
                        Basic("Name", line.Name);
                        if (line.Sku is { } sku)
                        {
                            Group("SellersItemIdentification", () => Basic("ID", sku));
                        }

                        TaxCategory("ClassifiedTaxCategory", line.Vat.Category, line.Vat.Rate, null, null);
                    }
                );
                Group("Price", () => Amount("PriceAmount", line.NetPrice));
            }
        );

    private decimal Signed(decimal amount) => _isCredit ? -amount : amount;

    private void Group(string name, Action content)
    {
        _xml.WriteStartElement("cac", name, Cac);
        content();
        _xml.WriteEndElement();
    }

    private void Basic(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _xml.WriteElementString("cbc", name, Cbc, value);
        }
    }

    private void Amount(string name, decimal amount)
    {
        _xml.WriteStartElement("cbc", name, Cbc);
        _xml.WriteAttributeString("currencyID", _invoice.Currency.Code);
        _xml.WriteString(amount.ToString(CultureInfo.InvariantCulture));
        _xml.WriteEndElement();
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Code(PaymentMeans means) =>
        means switch
        {
            Contracts.PaymentMeans.Cash => "10",
            Contracts.PaymentMeans.Card => "48",
            Contracts.PaymentMeans.Bizum or Contracts.PaymentMeans.Wallet => "68",
            Contracts.PaymentMeans.DirectDebit => "59",
            Contracts.PaymentMeans.Credit => "97",
            _ => "ZZZ",
        };
}
