using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931.Model;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>The account that transfers of an invoice are paid to.</summary>
public sealed record PayeeAccount(string Iban, string? Bic, string Name);

/// <summary>
/// What an issued invoice says in the terms of EN 16931. What gives money back becomes a credit note (381) with positive amounts; a
/// ticket's buyer is the final consumer of the seller's country.
/// </summary>
public sealed class SemanticForm
{
    /// <summary>The specification that documents conform to where nobody asks for another (BT-24).</summary>
    public const string Core = "urn:cen.eu:en16931:2017";

    private readonly InvoiceBody _body;
    private readonly PayeeAccount? _account;
    private readonly bool _isCredit;
    private readonly bool _hasVatIds;

    private SemanticForm(InvoiceBody body, PayeeAccount? account)
    {
        (_body, _account) = (body, account);
        _isCredit = body.TypeCode == "381";
        // What is not subject to VAT names nobody's VAT identifier (BR-O-02).
        _hasVatIds = body.VatBreakdown.All(vat => vat.Category != "O");
    }

    /// <summary>The invoice in the standard's terms.</summary>
    public static Invoice Of(InvoiceBody body, PayeeAccount? account) => new SemanticForm(body, account).Whole();

    private Invoice Whole()
    {
        var (allowances, charges) = Reductions(_body.Allowances, _body.Charges, Document);
        return new Invoice
        {
            ProcessControl = new ProcessControl { Specification = Core },
            Number = _body.Number,
            IssueDate = _body.IssueDate,
            TypeCode = _body.TypeCode,
            Currency = _body.Currency.Code,
            VatAccountingCurrency = _body.AccountingCurrency?.Code,
            DueDate = _body.DueDate,
            // The word that both sides know the buyer by routes it there, as far as the till gives one.
            BuyerReference = _body.Buyer?.CustomerId?.Value,
            PaymentTerms = Said(_body.PaymentTerms),
            Notes = Notes(),
            PrecedingInvoices =
            [
                .. _body
                    .Corrects.Concat(_body.Replaces)
                    .Select(each => new PrecedingInvoice { Number = each.Number, IssueDate = each.IssueDate }),
            ],
            Seller = Seller(_body.Seller),
            Buyer = Buyer(_body.Buyer ?? FinalConsumer()),
            Delivery = Delivery(),
            Payment = Payment(),
            Allowances = allowances,
            Charges = charges,
            Totals = Totals(allowances.Sum(each => each.Amount), charges.Sum(each => each.Amount)),
            VatBreakdown =
            [
                .. _body.VatBreakdown.Select(vat => new VatBreakdown
                {
                    TaxableAmount = Amount(vat.TaxableAmount),
                    TaxAmount = Amount(vat.VatAmount),
                    Category = vat.Category,
                    Rate = RateOf(vat.Category, vat.Rate),
                    ExemptionReason = vat.ExemptionReason,
                    ExemptionReasonCode = vat.ExemptionReasonCode,
                }),
            ],
            SupportingDocuments = Supporting(),
            Lines = [.. _body.Lines.Select(Line)],
        };
    }

    private List<Note> Notes()
    {
        var notes = new List<Note>();
        if (_body.Fiscal.Environment == SellerEnvironment.Test)
        {
            notes.Add(new Note { Text = "PRUEBA, sin validez fiscal" });
        }

        if (!string.IsNullOrWhiteSpace(_body.Correction?.Text))
        {
            notes.Add(new Note { Text = _body.Correction.Text });
        }

        return notes;
    }

    /// <summary>An electronic invoice carries what the printed one has as QR (Orden HAC/1177/2024 art. 20.2).</summary>
    private List<SupportingDocument> Supporting() =>
        _body.Fiscal.QrUrl is { } qr ? [new SupportingDocument { Reference = "QR", Location = qr }] : [];

    private Seller Seller(InvoiceParty party) =>
        new()
        {
            Name = party.Name,
            TradingName = Said(party.TradeName),
            LegalRegistration = Identifier(party.TaxId),
            VatIdentifier = VatIdentifier(party),
            AdditionalLegalInformation = party.RegistryData,
            ElectronicAddress = ElectronicAddress.Of(party),
            Address = Address(party),
            // The shop is whom to ask.
            Contact = Contact(party) is { } contact ? contact with { Name = Said(party.TradeName) ?? party.Name } : null,
        };

    private Buyer Buyer(InvoiceParty party)
    {
        var vat = VatIdentifier(party);
        return new Buyer
        {
            Name = party.Name,
            TradingName = Said(party.TradeName),
            Identifier = Identifier(party.CustomerId?.Value),
            LegalRegistration = vat is null ? Identifier(party.TaxId) : null,
            VatIdentifier = vat,
            ElectronicAddress = ElectronicAddress.Of(party),
            Address = Address(party),
            Contact = Contact(party),
        };
    }

    private InvoiceParty FinalConsumer() =>
        new()
        {
            Name = "Consumidor final",
            Address = new Address { Country = _body.Seller.Address?.Country ?? "ES" },
        };

    private string? VatIdentifier(InvoiceParty party) =>
        !_hasVatIds || party.TaxId is null ? null
        : party.TaxIdType == TaxIdType.Nif ? $"ES{party.TaxId}"
        : party.TaxIdType == TaxIdType.Vat ? party.TaxId
        : null;

    private static Identifier? Identifier(string? value) => string.IsNullOrWhiteSpace(value) ? null : new Identifier(value);

    private static PostalAddress Address(InvoiceParty party) =>
        Address(party.Address ?? new Address { Country = party.TaxIdCountry ?? "ES" });

    private static PostalAddress Address(Address address) =>
        new()
        {
            Line1 = address.Line1,
            Line2 = address.Line2,
            City = address.City,
            PostalCode = address.PostalCode,
            Region = address.Region,
            Country = address.Country,
        };

    private static Contact? Contact(InvoiceParty party) =>
        (Said(party.Phone) ?? Said(party.Email)) is null ? null : new Contact { Telephone = Said(party.Phone), Email = Said(party.Email) };

    /// <summary>A text that says something.</summary>
    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private Delivery? Delivery()
    {
        var date = _body.Delivery?.Date ?? (_body.OperationDate != _body.IssueDate ? _body.OperationDate : (DateOnly?)null);
        return date is null && _body.Delivery is null
            ? null
            : new Delivery
            {
                Date = date,
                PartyName = Said(_body.Delivery?.Name),
                Address = _body.Delivery?.Address is { } address ? Address(address) : null,
            };
    }

    private PaymentInstructions? Payment()
    {
        var isDue = _body.Totals.AmountDue > 0m;
        var paid = _body.Payments.OrderByDescending(payment => Math.Abs(payment.Amount)).FirstOrDefault()?.Means;
        if (!isDue && paid is null)
        {
            return null;
        }

        var byTransfer = isDue || paid == PaymentMeans.Transfer;
        return new PaymentInstructions
        {
            // A transfer needs an account (BR-61); without one the means is left open.
            MeansCode =
                !byTransfer ? Code(paid!.Value)
                : _account is null ? "1"
                : "58",
            MeansText = byTransfer ? null : Words(paid!.Value),
            RemittanceReference = _body.PaymentReference,
            CreditTransfers =
                byTransfer && _account is { } account
                    ?
                    [
                        new CreditTransfer
                        {
                            Account = account.Iban,
                            AccountName = account.Name,
                            ServiceProvider = account.Bic,
                        },
                    ]
                    : [],
        };
    }

    private DocumentTotals Totals(decimal allowances, decimal charges)
    {
        var totals = _body.Totals;
        return new DocumentTotals
        {
            LineTotal = Amount(totals.LineTotal),
            AllowanceTotal = allowances == 0m ? null : allowances,
            ChargeTotal = charges == 0m ? null : charges,
            TotalWithoutVat = Amount(totals.TotalWithoutVat),
            VatTotal = Amount(totals.VatTotal),
            VatTotalInAccountingCurrency = totals.VatTotalInAccountingCurrency is { } accounted ? Signed(accounted) : null,
            TotalWithVat = Amount(totals.TotalWithVat),
            PaidAmount = totals.PaidAmount == 0m ? null : Amount(totals.PaidAmount),
            RoundingAmount = totals.RoundingAmount == 0m ? null : Amount(totals.RoundingAmount),
            AmountDue = Amount(totals.AmountDue),
        };
    }

    private InvoiceLine Line(InvoiceLineBody line)
    {
        var (allowances, charges) = Reductions(line.Allowances, line.Charges, OfLine);
        return new InvoiceLine
        {
            Id = line.LineId,
            Quantity = Signed(line.Quantity),
            Unit = line.Unit,
            NetAmount = Amount(line.LineNetAmount),
            Allowances = allowances,
            Charges = charges,
            Price = new PriceDetails { NetPrice = line.NetPrice },
            Vat = new LineVat { Category = line.Vat.Category, Rate = RateOf(line.Vat.Category, line.Vat.Rate) },
            Item = new ItemInformation { Name = line.Name, SellersIdentifier = line.Sku },
        };
    }

    /// <summary>Amounts stay positive: turned round, what lessened adds.</summary>
    private (List<T> Allowances, List<T> Charges) Reductions<T>(
        IReadOnlyList<InvoiceAllowanceBody> allowances,
        IReadOnlyList<InvoiceAllowanceBody> charges,
        Func<InvoiceAllowanceBody, decimal, string, T> of
    )
    {
        var (less, more) = (new List<T>(allowances.Count), new List<T>(charges.Count));
        foreach (var (each, isCharge) in allowances.Select(each => (each, false)).Concat(charges.Select(each => (each, true))))
        {
            var amount = Amount(each.Amount);
            var adds = amount < 0m ? !isCharge : isCharge;
            (adds ? more : less).Add(of(each, Math.Abs(amount), each.Reason ?? (adds ? "Cargo" : "Descuento")));
        }

        return (less, more);
    }

    private static DocumentAllowance Document(InvoiceAllowanceBody each, decimal amount, string reason) =>
        new()
        {
            Amount = amount,
            Reason = reason,
            VatCategory = each.Vat?.Category ?? "",
            VatRate = each.Vat is { } vat ? RateOf(vat.Category, vat.Rate) : null,
        };

    private static LineAllowance OfLine(InvoiceAllowanceBody each, decimal amount, string reason) =>
        new() { Amount = amount, Reason = reason };

    private static decimal? RateOf(string category, decimal rate) => category == "O" ? null : rate;

    /// <summary>An amount turned round where it is credit; of a currency of thousandths without the third decimal, which is zero here.</summary>
    private decimal Amount(decimal amount) =>
        Signed(_body.Currency.MinorUnit > 2 ? decimal.Round(amount, 2, MidpointRounding.ToZero) : amount);

    private decimal Signed(decimal amount) => _isCredit ? -amount : amount;

    private static string Code(PaymentMeans means) =>
        means switch
        {
            PaymentMeans.Cash => "10",
            PaymentMeans.Card => "48",
            PaymentMeans.Bizum or PaymentMeans.Wallet => "68",
            PaymentMeans.DirectDebit => "59",
            PaymentMeans.Credit => "97",
            _ => "ZZZ",
        };

    private static string? Words(PaymentMeans means) =>
        means switch
        {
            PaymentMeans.Cash => "Efectivo",
            PaymentMeans.Card => "Tarjeta",
            PaymentMeans.Bizum => "Bizum",
            PaymentMeans.Wallet => "Monedero electrónico",
            PaymentMeans.DirectDebit => "Adeudo directo",
            PaymentMeans.Voucher => "Vale",
            PaymentMeans.Credit => "Saldo a favor",
            _ => null,
        };
}
