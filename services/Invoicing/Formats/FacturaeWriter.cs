using RetailInvoicing.Contracts;
using static RetailInvoicing.Invoicing.Formats.FacturaeParty;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Writes an invoice as Facturae 3.2.2, in the order of its schema. What gives money back keeps its sign: Facturae states differences as
/// negative amounts. What was paid with the sale is on account, so that what is outstanding is what is due (BT-115).
/// </summary>
internal sealed class FacturaeWriter
{
    /// <summary>The namespace of the document's root; everything inside is in none.</summary>
    public const string Namespace = "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml";

    /// <summary>What stands on every document that has no fiscal validity.</summary>
    public const string TestNotice = "PRUEBA, sin validez fiscal";

    /// <summary>What a verifiable invoice says of itself (RD 1619/2012 art. 6.5).</summary>
    public const string Verifiable = "VERI*FACTU: factura verificable en la sede electrónica de la AEAT";

    /// <summary>Stands before registry data that has no place of its own.</summary>
    public const string RegistryLead = "Datos registrales: ";

    private readonly XmlOutput _xml;
    private readonly FacturaeContent _content;
    private readonly InvoiceBody _invoice;

    private FacturaeWriter(XmlOutput xml, FacturaeContent content) => (_xml, _content, _invoice) = (xml, content, content.Invoice);

    /// <summary>The document as UTF-8.</summary>
    public static byte[] Write(FacturaeContent content)
    {
        using var xml = new XmlOutput();
        new FacturaeWriter(xml, content).Document();
        return xml.Written.ToArray();
    }

    private void Document()
    {
        _xml.Declaration();
        using var document = _xml.In("fe:Facturae"u8);
        _xml.Attribute("xmlns:fe"u8, Namespace);
        _xml.Attribute("xmlns:ds"u8, "http://www.w3.org/2000/09/xmldsig#");
        FileHeader();
        using (_xml.In("Parties"u8))
        {
            Party("SellerParty"u8, _content.Seller);
            Party("BuyerParty"u8, _content.Buyer);
        }

        using var invoices = _xml.In("Invoices"u8);
        using var invoice = _xml.In("Invoice"u8);
        Header();
        IssueData();
        using (_xml.In("TaxesOutputs"u8))
        {
            foreach (var vat in _invoice.VatBreakdown)
            {
                Tax(vat.Tax, vat.Rate, (vat.TaxableAmount, vat.VatAmount), (vat.SurchargeRate, vat.SurchargeAmount), _content.Rate);
            }
        }

        Totals();
        using (_xml.In("Items"u8))
        {
            foreach (var line in _invoice.Lines)
            {
                Line(line);
            }
        }

        PaymentDetails();
        LegalLiterals();
        AdditionalData();
    }

    private void FileHeader()
    {
        using var header = _xml.In("FileHeader"u8);
        Text("SchemaVersion"u8, "3.2.2");
        Text("Modality"u8, "I");
        Text("InvoiceIssuerType"u8, "EM");
        using var batch = _xml.In("Batch"u8);
        Text("BatchIdentifier"u8, $"{_content.Seller.TaxId}{_content.Number.Number}{_content.Number.Series}");
        Text("InvoicesCount"u8, "1");
        var due = _invoice.Totals.TotalWithVat - _invoice.Totals.PaidAmount;
        Amount("TotalInvoicesAmount"u8, _invoice.Totals.TotalWithVat, _content.Rate);
        Amount("TotalOutstandingAmount"u8, due, _content.Rate);
        Amount("TotalExecutableAmount"u8, due, _content.Rate);
        Text("InvoiceCurrencyCode"u8, _invoice.Currency.Code);
    }

    private void Party(ReadOnlySpan<byte> name, FacturaeParty party)
    {
        using var scope = _xml.In(name);
        using (_xml.In("TaxIdentification"u8))
        {
            Text("PersonTypeCode"u8, party.Person is null ? "J" : "F");
            Text("ResidenceTypeCode"u8, party.Residence);
            Text("TaxIdentificationNumber"u8, party.TaxId);
        }

        Text("PartyIdentification"u8, party.Number);
        using var kind = _xml.In(party.Person is null ? "LegalEntity"u8 : "Individual"u8);
        if (party.Person is { } person)
        {
            Text("Name"u8, person.Name);
            Text("FirstSurname"u8, person.FirstSurname);
            Text("SecondSurname"u8, person.SecondSurname);
        }
        else
        {
            Text("CorporateName"u8, party.Name);
            Text("TradeName"u8, party.TradeName);
            if (party.Registry is not null)
            {
                using var registry = _xml.In("RegistrationData"u8);
                Text("AdditionalRegistrationData"u8, party.Registry);
            }
        }

        Address(party);
        if ((party.Phone ?? party.Email) is not null)
        {
            using var contact = _xml.In("ContactDetails"u8);
            Text("Telephone"u8, party.Phone);
            Text("ElectronicMail"u8, party.Email);
            Text("ContactPersons"u8, party.Contact);
        }
    }

    private void Address(FacturaeParty party)
    {
        using var address = _xml.In(party.IsInSpain ? "AddressInSpain"u8 : "OverseasAddress"u8);
        Text("Address"u8, party.Street);
        if (party.IsInSpain)
        {
            Text("PostCode"u8, party.PostCode);
            Text("Town"u8, party.Town);
        }
        else
        {
            Text("PostCodeAndTown"u8, party.PostCode);
        }

        Text("Province"u8, party.Province);
        Text("CountryCode"u8, party.Country);
    }

    private void Header()
    {
        using var header = _xml.In("InvoiceHeader"u8);
        Text("InvoiceNumber"u8, _content.Number.Number);
        Text("InvoiceSeriesCode"u8, _content.Number.Series);
        var isSimplified = _invoice.Kind == InvoiceKind.Simplified || _invoice.Fiscal.RecordType == "R5";
        Text("InvoiceDocumentType"u8, isSimplified ? "FA" : "FC");
        Text("InvoiceClass"u8, _content.Corrected is null ? "OO" : "OR");
        if (_content.Corrected is { } corrected && _invoice.Correction is { } correction)
        {
            Corrective(corrected, correction);
        }
    }

    private void Corrective(FacturaeNumber corrected, InvoiceCorrection correction)
    {
        using var scope = _xml.In("Corrective"u8);
        var reason = FacturaeReason.Of(correction);
        var isWhole = correction.Method == CorrectionMethod.Substitution;
        var issued = _invoice.Corrects[0].IssueDate!.Value;
        Text("InvoiceNumber"u8, corrected.Number);
        Text("InvoiceSeriesCode"u8, corrected.Series);
        Text("ReasonCode"u8, reason.Code);
        Text("ReasonDescription"u8, reason.Description);
        using (_xml.In("TaxPeriod"u8))
        {
            // Whether the seller declares by month or by quarter is not known here: the month lies in either.
            var first = new DateOnly(issued.Year, issued.Month, 1);
            _xml.Date("StartDate"u8, first);
            _xml.Date("EndDate"u8, first.AddMonths(1).AddDays(-1));
        }

        Text("CorrectionMethod"u8, isWhole ? "01" : "02");
        Text("CorrectionMethodDescription"u8, isWhole ? "Rectificación íntegra" : "Rectificación por diferencias");
        var others = string.Concat(
            _invoice.Corrects.Skip(1).Select(each => $" Rectifica también {each.Number} de {each.IssueDate:dd-MM-yyyy}.")
        );
        Text("AdditionalReasonDescription"u8, Cut($"{correction.Text}{others}".Trim(), 2500));
        _xml.Date("InvoiceIssueDate"u8, issued);
    }

    private void IssueData()
    {
        using var data = _xml.In("InvoiceIssueData"u8);
        _xml.Date("IssueDate"u8, _invoice.IssueDate);
        var operation = _invoice.Delivery?.Date ?? _invoice.OperationDate;
        _xml.Date("OperationDate"u8, operation == _invoice.IssueDate ? null : operation);
        Text("InvoiceCurrencyCode"u8, _invoice.Currency.Code);
        if (_content.Rate is { } rate)
        {
            using var details = _xml.In("ExchangeRateDetails"u8);
            Number("ExchangeRate"u8, rate.Euros);
            _xml.Date("ExchangeRateDate"u8, rate.PublishedOn);
        }

        Text("TaxCurrencyCode"u8, "EUR");
        Text("LanguageName"u8, "es");
        Text("InvoiceDescription"u8, Cut(_invoice.Fiscal.OperationDescription, 2500));
    }

    private void Tax(
        string tax,
        decimal rate,
        (decimal Taxable, decimal Vat) amounts,
        (decimal? Rate, decimal? Amount) surcharge,
        EuroRate? euros
    )
    {
        using var scope = _xml.In("Tax"u8);
        Text("TaxTypeCode"u8, FacturaeCodes.TaxType(tax));
        Number("TaxRate"u8, rate);
        Amount("TaxableBase"u8, amounts.Taxable, euros);
        Amount("TaxAmount"u8, amounts.Vat, euros);
        if (surcharge is { Rate: { } percent, Amount: { } amount })
        {
            _xml.Number("EquivalenceSurcharge"u8, Two(percent));
            Amount("EquivalenceSurchargeAmount"u8, amount, euros);
        }
    }

    private void Totals()
    {
        var totals = _invoice.Totals;
        using var scope = _xml.In("InvoiceTotals"u8);
        Number("TotalGrossAmount"u8, totals.LineTotal);
        Discounts("GeneralDiscounts"u8, _invoice.Allowances, 0m);
        Charges("GeneralSurcharges"u8, _invoice.Charges, 0m);
        if (_invoice.Allowances.Count > 0)
        {
            Number("TotalGeneralDiscounts"u8, totals.AllowanceTotal);
        }

        if (_invoice.Charges.Count > 0)
        {
            Number("TotalGeneralSurcharges"u8, totals.ChargeTotal);
        }

        Number("TotalGrossAmountBeforeTaxes"u8, totals.TotalWithoutVat);
        Number("TotalTaxOutputs"u8, totals.VatTotal);
        Number("TotalTaxesWithheld"u8, 0m);
        Number("InvoiceTotal"u8, totals.TotalWithVat);
        if (totals.PaidAmount != 0m)
        {
            using var payments = _xml.In("PaymentsOnAccount"u8);
            var each = _invoice.Payments.Select(payment => payment.Amount).ToList();
            foreach (var amount in each.Sum() == totals.PaidAmount ? each : [totals.PaidAmount])
            {
                using var payment = _xml.In("PaymentOnAccount"u8);
                _xml.Date("PaymentOnAccountDate"u8, _invoice.OperationDate);
                Number("PaymentOnAccountAmount"u8, amount);
            }
        }

        Number("TotalOutstandingAmount"u8, totals.TotalWithVat - totals.PaidAmount);
        if (totals.PaidAmount != 0m)
        {
            Number("TotalPaymentsOnAccount"u8, totals.PaidAmount);
        }

        Number("TotalExecutableAmount"u8, totals.TotalWithVat - totals.PaidAmount);
    }

    private void Line(InvoiceLineBody line)
    {
        using var scope = _xml.In("InvoiceLine"u8);
        Text("ItemDescription"u8, Cut(line.Name, 2500));
        _xml.Number("Quantity"u8, line.Quantity);
        Text("UnitOfMeasure"u8, FacturaeCodes.Unit(line.Unit));
        var price = decimal.Round(line.NetPrice, 8, MidpointRounding.AwayFromZero);
        var product = Money.Of(price * line.Quantity, _invoice.Currency).Amount;
        // Beyond 100,000 pieces a price wants more decimals than Facturae has: the cents that are missing stand as rounding.
        var odd = product - (line.LineNetAmount + line.Allowances.Sum(each => each.Amount) - line.Charges.Sum(each => each.Amount));
        Number("UnitPriceWithoutTax"u8, price);
        Number("TotalCost"u8, product);
        Discounts("DiscountsAndRebates"u8, line.Allowances, Math.Max(0m, odd));
        Charges("Charges"u8, line.Charges, Math.Max(0m, -odd));
        Number("GrossAmount"u8, line.LineNetAmount);
        var part = _invoice.VatBreakdown.FirstOrDefault(vat => vat.Category == line.Vat.Category && vat.Rate == line.Vat.Rate);
        var surcharge = part?.SurchargeRate is { } percent
            ? Money.Of(line.LineNetAmount * percent / 100m, _invoice.Currency).Amount
            : (decimal?)null;
        using (_xml.In("TaxesOutputs"u8))
        {
            var vat = line.LineGrossAmount - line.LineNetAmount;
            Tax(line.Vat.Tax, line.Vat.Rate, (line.LineNetAmount, vat), (part?.SurchargeRate, surcharge), null);
        }

        Text("AdditionalLineItemInformation"u8, line.Sku is { Length: > 20 } ? Cut($"Referencia: {line.Sku}", 2500) : null);
        if (line.Vat.Category is "E" or "K" or "G" or "O")
        {
            using var special = _xml.In("SpecialTaxableEvent"u8);
            Text("SpecialTaxableEventCode"u8, line.Vat.Category == "O" ? "02" : "01");
            Text("SpecialTaxableEventReason"u8, Cut(ReasonOf(line.Vat, part), 2500));
        }

        Text("ArticleCode"u8, line.Sku is { Length: <= 20 } ? line.Sku : null);
    }

    private static string ReasonOf(InvoiceVatBody vat, VatBreakdownBody? part) =>
        Said(vat.ExemptionReason)
        ?? Said(part?.ExemptionReason)
        ?? Said(vat.ExemptionReasonCode)
        ?? (vat.Category == "O" ? "Operación no sujeta" : "Operación exenta");

    private void Discounts(ReadOnlySpan<byte> name, IReadOnlyList<InvoiceAllowanceBody> all, decimal rounding)
    {
        if (all.Count == 0 && rounding == 0m)
        {
            return;
        }

        using var scope = _xml.In(name);
        foreach (var (reason, amount) in Each(all, "Descuento", rounding))
        {
            using var discount = _xml.In("Discount"u8);
            Text("DiscountReason"u8, reason);
            Number("DiscountAmount"u8, amount);
        }
    }

    private void Charges(ReadOnlySpan<byte> name, IReadOnlyList<InvoiceAllowanceBody> all, decimal rounding)
    {
        if (all.Count == 0 && rounding == 0m)
        {
            return;
        }

        using var scope = _xml.In(name);
        foreach (var (reason, amount) in Each(all, "Cargo", rounding))
        {
            using var charge = _xml.In("Charge"u8);
            Text("ChargeReason"u8, reason);
            Number("ChargeAmount"u8, amount);
        }
    }

    private static IEnumerable<(string Reason, decimal Amount)> Each(
        IReadOnlyList<InvoiceAllowanceBody> all,
        string unsaid,
        decimal rounding
    ) => all.Select(each => (Cut(Said(each.Reason) ?? unsaid, 2500)!, each.Amount)).Concat(rounding == 0m ? [] : [("Redondeo", rounding)]);

    /// <summary>What is due, on the day it is due (BT-9), by transfer where there is an account.</summary>
    private void PaymentDetails()
    {
        if (_invoice.Totals.AmountDue <= 0m)
        {
            return;
        }

        using var details = _xml.In("PaymentDetails"u8);
        using var installment = _xml.In("Installment"u8);
        _xml.Date("InstallmentDueDate"u8, _invoice.DueDate ?? _invoice.IssueDate);
        _xml.Number("InstallmentAmount"u8, Two(_invoice.Totals.AmountDue));
        // Facturae wants the account with a transfer; 13 is a payment of another kind.
        Text("PaymentMeans"u8, _content.Account is null ? "13" : "04");
        if (_content.Account is { } account)
        {
            using var credited = _xml.In("AccountToBeCredited"u8);
            Text("IBAN"u8, account.Iban);
            // A BIC of eight is its head office, whose branch is XXX.
            Text("BIC"u8, account.Bic is { Length: 8 } head ? $"{head}XXX" : account.Bic);
        }

        Text("PaymentReconciliationReference"u8, Cut(_invoice.PaymentReference, 60));
        Text("CollectionAdditionalInformation"u8, Cut(_invoice.PaymentTerms, 2500));
    }

    private void LegalLiterals()
    {
        var literals = new List<string>();
        if (_invoice.Fiscal.Environment == SellerEnvironment.Test)
        {
            literals.Add(TestNotice);
        }

        literals.AddRange(_invoice.VatBreakdown.Select(vat => Said(vat.ExemptionReason)).OfType<string>());
        literals.AddRange(_invoice.VatBreakdown.Select(vat => RegimeLiteral(vat.RegimeKey)).OfType<string>());
        if (Said(_invoice.Seller.RegistryData) is { } registry && _content.Seller.Registry is null)
        {
            literals.Add(RegistryLead + registry);
        }

        if (_invoice.Replaces.Count > 0)
        {
            literals.Add($"Sustituye a las facturas simplificadas {string.Join(", ", _invoice.Replaces.Select(each => each.Number))}");
        }

        if (_invoice.Fiscal.QrUrl is { } qr)
        {
            // An electronic invoice carries what the printed one has as QR (Orden HAC/1177/2024 art. 20.2).
            literals.Add(Verifiable);
            literals.Add(qr);
        }

        if (literals.Count == 0)
        {
            return;
        }

        using var scope = _xml.In("LegalLiterals"u8);
        foreach (var literal in literals.Distinct(StringComparer.Ordinal))
        {
            Text("LegalReference"u8, Cut(literal, 250));
        }
    }

    private void AdditionalData()
    {
        var related = _invoice.Replaces.FirstOrDefault()?.Number is { Length: <= 40 } number ? number : null;
        var paid =
            _invoice.Payments.Count == 0
                ? null
                : "Pagado: "
                    + string.Join(
                        ", ",
                        _invoice.Payments.Select(each =>
                            FormattableString.Invariant($"{FacturaeCodes.Spoken(each.Means)} {each.Amount} {_invoice.Currency}")
                        )
                    );
        if ((related ?? paid) is null)
        {
            return;
        }

        using var data = _xml.In("AdditionalData"u8);
        Text("RelatedInvoice"u8, related);
        Text("InvoiceAdditionalInformation"u8, Cut(paid, 2500));
    }

    /// <summary>What the law wants said of a special regime (RD 1619/2012 art. 6.1).</summary>
    private static string? RegimeLiteral(string key) =>
        key switch
        {
            "03" => "Régimen especial de los bienes usados, objetos de arte, antigüedades y objetos de colección",
            "05" => "Régimen especial de las agencias de viajes",
            "07" => "Régimen especial del criterio de caja",
            _ => null,
        };

    /// <summary>A text with line feeds alone: there are verifiers of signatures that lose a carriage return.</summary>
    private void Text(ReadOnlySpan<byte> name, string? text) => _xml.Text(name, text?.ReplaceLineEndings("\n"));

    private void Amount(ReadOnlySpan<byte> name, decimal amount, EuroRate? rate)
    {
        using var scope = _xml.In(name);
        Number("TotalAmount"u8, amount);
        _xml.Number("EquivalentInEuros"u8, rate is null ? null : Two(amount * rate.Euros));
    }

    /// <summary>At least two decimals, at most the eight of Facturae.</summary>
    private void Number(ReadOnlySpan<byte> name, decimal number) =>
        _xml.Number(name, decimal.Round(number, 8, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m + 0.00m);

    private static decimal Two(decimal number) => decimal.Round(number, 2, MidpointRounding.AwayFromZero) + 0.00m;

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
