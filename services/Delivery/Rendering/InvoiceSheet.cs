using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>How an open amount can be paid, as Payments says.</summary>
public sealed record PaymentInstructions
{
    /// <summary>Account to transfer to.</summary>
    public string? Iban { get; init; }

    /// <summary>Its bank.</summary>
    public string? Bic { get; init; }

    /// <summary>Whose account it is.</summary>
    public string? Beneficiary { get; init; }

    /// <summary>EPC069-12, to be drawn as a QR.</summary>
    public string? EpcPayload { get; init; }

    /// <summary>The payment page.</summary>
    public string? PayUrl { get; init; }
}

/// <summary>Everything an invoice's document says, in the reader's language and already in words: PDF, page and mail only set it.</summary>
public sealed record InvoiceSheet
{
    /// <summary>A label and what it labels.</summary>
    public sealed record Fact(string Label, string Value, bool Strong = false);

    /// <summary>One line as set.</summary>
    public sealed record Line(string Name, string Detail, string Quantity, string Price, string Vat, string Amount, decimal Value);

    /// <summary>One row of the VAT table; the surcharge is empty where there is none.</summary>
    public sealed record VatRow(string Rate, string TaxableAmount, string VatAmount, string Surcharge);

    public required Words Words { get; init; }
    public required string Accent { get; init; }

    /// <summary>The seller's logo, where it has one that can be drawn.</summary>
    public Picture? Logo { get; init; }
    public required string Title { get; init; }
    public required string Number { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required string SellerName { get; init; }

    /// <summary>Whether it is given out on a till's roll: simplified, or the corrective one of such.</summary>
    public required bool IsTicket { get; init; }
    public required IReadOnlyList<string> SellerLines { get; init; }
    public required IReadOnlyList<Fact> Dates { get; init; }
    public required IReadOnlyList<string> Notices { get; init; }
    public required IReadOnlyList<string> BuyerLines { get; init; }
    public required IReadOnlyList<string> Remarks { get; init; }
    public required bool WithVat { get; init; }
    public required IReadOnlyList<Line> Lines { get; init; }
    public required IReadOnlyList<VatRow> VatRows { get; init; }
    public required bool HasSurcharge { get; init; }
    public required IReadOnlyList<Fact> Totals { get; init; }
    public required string Total { get; init; }
    public required string State { get; init; }
    public required bool IsDue { get; init; }
    public required string Due { get; init; }
    public required IReadOnlyList<Fact> Transfer { get; init; }
    public string? EpcPayload { get; init; }
    public string? PayUrl { get; init; }
    public string? QrUrl { get; init; }

    /// <summary>The fiscal QR; made once, however many pictures of it there are.</summary>
    public QrMatrix? TaxQr => field ??= QrUrl is { } url ? QrMatrix.Of(url) : null;

    /// <summary>The QR of payment; made once, too.</summary>
    public QrMatrix? EpcQr => field ??= EpcPayload is { } payload ? QrMatrix.Of(payload) : null;
    public required bool Verifiable { get; init; }
    public required IReadOnlyList<string> Feet { get; init; }
    public required Currency Currency { get; init; }

    /// <summary>Heading of the price column.</summary>
    public string PriceHeading => WithVat ? Words.PriceWithVat : Words.Price;

    /// <summary>Heading of the amount column.</summary>
    public string AmountHeading => WithVat ? Words.AmountWithVat : Words.Amount;

    /// <summary>The sheet of an invoice.</summary>
    public static InvoiceSheet Of(InvoiceBody invoice, SellerBody? seller, PaymentInstructions? instructions, Words words)
    {
        var amounts = words.Amounts;
        var currency = invoice.Currency;
        var party = invoice.Seller;
        // A ticket shows what the till's labels show; a full invoice shows unit prices without tax (RD 1619/2012 art. 6.1.f).
        var withVat = invoice.Kind == InvoiceKind.Simplified && invoice.PricesIncludeVat;
        var due = invoice.Totals.AmountDue;
        var isDue = IsOpen(invoice);
        return new InvoiceSheet
        {
            Words = words,
            Accent = Rendering.Accent.Of(seller?.Branding?.Colour).Hex,
            Title = words.Title(invoice.Kind),
            Number = invoice.Number,
            IssuedAt = invoice.IssuedAt,
            IsTicket = invoice.Kind == InvoiceKind.Simplified || invoice is { Kind: InvoiceKind.Corrective, Buyer: null },
            SellerName = party.TradeName is { Length: > 0 } trade ? trade : party.Name,
            SellerLines = Party(party, words),
            Dates = DatesOf(invoice, words),
            Notices = NoticesOf(invoice, words),
            BuyerLines = invoice.Buyer is { } buyer ? Party(buyer, words) : [],
            Remarks = RemarksOf(invoice, words),
            WithVat = withVat,
            Lines = [.. invoice.Lines.Select(line => LineOf(line, currency, withVat, words))],
            VatRows =
            [
                .. invoice.VatBreakdown.Select(vat => new VatRow(
                    words.Vat(vat.Category, vat.Rate, vat.Tax),
                    amounts.Of(vat.TaxableAmount, currency),
                    amounts.Of(vat.VatAmount, currency),
                    vat.SurchargeAmount is { } surcharge
                        ? $"{amounts.Percent(vat.SurchargeRate ?? 0)}  {amounts.Of(surcharge, currency)}"
                        : ""
                )),
            ],
            HasSurcharge = invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null),
            Totals = TotalsOf(invoice, words),
            Total = amounts.Of(invoice.Totals.TotalWithVat, currency),
            State = StateOf(invoice, words),
            IsDue = isDue,
            Due = amounts.Of(due, currency),
            Transfer = isDue ? TransferOf(invoice, instructions, words) : [],
            EpcPayload = isDue ? instructions?.EpcPayload : null,
            PayUrl = isDue ? instructions?.PayUrl : null,
            QrUrl = invoice.Fiscal.QrUrl,
            Verifiable = invoice.Fiscal.Regime == "verifactu",
            Feet = FeetOf(invoice, seller),
            Currency = currency,
        };
    }

    /// <summary>Whether money is still asked for: a cancelled invoice asks for none.</summary>
    private static bool IsOpen(InvoiceBody invoice) => invoice.Totals.AmountDue > 0 && invoice.Status == InvoiceStatus.Issued;

    private static List<string> Party(InvoiceParty party, Words words)
    {
        var lines = new List<string> { party.Name };
        if (party.TaxId is { Length: > 0 } taxId)
        {
            lines.Add($"{words.TaxId}: {taxId}");
        }

        if (party.Address is { } address)
        {
            lines.Add(Joined(", ", address.Line1, address.Line2));
            var region = address.Region is { } name && name != address.City ? name : null;
            lines.Add(
                Joined(", ", Joined(" ", address.PostalCode, address.City), region, address.Country == "ES" ? null : address.Country)
            );
        }

        lines.Add(Joined(" · ", party.Email, party.Phone));
        if (party.CustomerId is { } customer)
        {
            lines.Add($"{words.CustomerNumber} {customer}");
        }

        lines.RemoveAll(string.IsNullOrWhiteSpace);
        return lines;
    }

    private static string Joined(string by, params string?[] parts) =>
        string.Join(by, parts.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static List<Fact> DatesOf(InvoiceBody invoice, Words words)
    {
        var dates = new List<Fact> { new(words.IssueDate, words.Amounts.Date(invoice.IssueDate)) };
        if (invoice.OperationDate != invoice.IssueDate)
        {
            dates.Add(new Fact(words.OperationDate, words.Amounts.Date(invoice.OperationDate)));
        }

        if (invoice.DueDate is { } due && IsOpen(invoice))
        {
            dates.Add(new Fact(words.DueDate, words.Amounts.Date(due)));
        }

        dates.Add(new Fact(words.Store, invoice.TillId is { } till ? $"{invoice.StoreId} · {till}" : invoice.StoreId.Value));
        return dates;
    }

    private static List<string> NoticesOf(InvoiceBody invoice, Words words)
    {
        var notices = new List<string>();
        if (invoice.Fiscal.Environment == SellerEnvironment.Test)
        {
            notices.Add(words.Test);
        }

        if (invoice.Status == InvoiceStatus.Cancelled)
        {
            notices.Add(words.Cancelled);
        }

        return notices;
    }

    private static List<string> RemarksOf(InvoiceBody invoice, Words words)
    {
        var remarks = new List<string>();
        remarks.AddRange(
            invoice.Corrects.Select(original =>
                original.IssueDate is { } date
                    ? Said(words.CorrectsOne, original.Number, words.Amounts.Date(date))
                    : Said(words.CorrectsUnknown, original.Number)
            )
        );
        if (invoice.Correction is { } correction)
        {
            var reason = correction.Text is { Length: > 0 } text ? text.TrimEnd('.') : words.Reason(correction.Reason);
            remarks.Add(Said(words.Because, $"{correction.Reason}, {reason}"));
            remarks.Add(correction.Method == CorrectionMethod.Substitution ? words.BySubstitution : words.ByDifferences);
            if (correction.CorrectedAmounts is { } was)
            {
                remarks.Add(
                    Said(
                        words.CorrectedAmounts,
                        words.Amounts.Of(was.TaxableAmount, invoice.Currency),
                        words.Amounts.Of(was.VatAmount + (was.SurchargeAmount ?? 0), invoice.Currency)
                    )
                );
            }
        }

        if (invoice.Replaces.Count > 0)
        {
            remarks.Add(Said(words.Replaces, string.Join(", ", invoice.Replaces.Select(ticket => ticket.Number))));
        }

        return remarks;
    }

    private static Line LineOf(InvoiceLineBody line, Currency currency, bool withVat, Words words)
    {
        var amounts = words.Amounts;
        var detail = new List<string>();
        if (line.Sku is { Length: > 0 } sku && sku != line.Name)
        {
            detail.Add(sku);
        }

        detail.AddRange(line.Allowances.Select(each => $"{each.Reason ?? words.Allowance} {amounts.Of(-each.Amount, currency)}"));
        detail.AddRange(line.Charges.Select(each => $"{each.Reason ?? words.Charge} {amounts.Of(each.Amount, currency)}"));
        var value = withVat ? line.LineGrossAmount : line.LineNetAmount;
        return new Line(
            line.Name,
            string.Join(" · ", detail),
            Joined(" ", amounts.Number(line.Quantity, 0, 4), Words.Unit(line.Unit)),
            amounts.Number(withVat ? line.UnitPrice : line.NetPrice, currency.MinorUnit, 4),
            words.Vat(line.Vat.Category, line.Vat.Rate, line.Vat.Tax),
            amounts.Of(value, currency),
            value
        );
    }

    private static List<Fact> TotalsOf(InvoiceBody invoice, Words words)
    {
        var totals = invoice.Totals;
        var facts = new List<Fact>();
        if (totals.AllowanceTotal != 0 || totals.ChargeTotal != 0)
        {
            Add(words.LineTotal, totals.LineTotal);
            Add(Named(invoice.Allowances, words.Allowance), -totals.AllowanceTotal, skipZero: true);
            Add(Named(invoice.Charges, words.Charge), totals.ChargeTotal, skipZero: true);
        }

        Add(words.TotalWithoutVat, totals.TotalWithoutVat);
        var tax = invoice.VatBreakdown.Select(vat => vat.Tax).FirstOrDefault() ?? "iva";
        var surcharge = invoice.VatBreakdown.Sum(vat => vat.SurchargeAmount ?? 0);
        Add(words.TaxName(tax), totals.VatTotal - surcharge);
        Add(words.Surcharge, surcharge, skipZero: true);
        if (totals.VatTotalInAccountingCurrency is { } accounted && invoice is { AccountingCurrency: { } accounts, ExchangeRate: { } rate })
        {
            var label = Said(
                words.TaxInAccounts,
                words.TaxName(tax),
                accounts.Code,
                invoice.Currency.Code,
                words.Amounts.Number(rate, 0, 9)
            );
            facts.Add(new Fact(label, words.Amounts.Of(accounted, accounts)));
        }

        facts.Add(new Fact(words.Total, words.Amounts.Of(totals.TotalWithVat, invoice.Currency), Strong: true));
        foreach (var payment in invoice.Payments)
        {
            Add($"{words.Paid} ({words.Means(payment.Means)})", -payment.Amount);
        }

        if (totals.AmountDue != 0 && invoice.Status == InvoiceStatus.Issued)
        {
            facts.Add(
                new Fact(
                    totals.AmountDue > 0 ? words.Due : words.Owed,
                    words.Amounts.Of(Math.Abs(totals.AmountDue), invoice.Currency),
                    Strong: true
                )
            );
        }

        return facts;

        void Add(string label, decimal amount, bool skipZero = false)
        {
            if (amount != 0 || !skipZero)
            {
                facts.Add(new Fact(label, words.Amounts.Of(amount, invoice.Currency)));
            }
        }

        static string Named(IReadOnlyList<InvoiceAllowanceBody> each, string otherwise)
        {
            var reasons = each.Select(one => one.Reason).Where(reason => reason is { Length: > 0 }).Distinct().ToArray();
            return reasons.Length == 1 ? reasons[0]! : otherwise;
        }
    }

    private static string StateOf(InvoiceBody invoice, Words words)
    {
        if (invoice.Status == InvoiceStatus.Cancelled)
        {
            return words.Cancelled;
        }

        var due = invoice.Totals.AmountDue;
        var text = words.Amounts.Of(Math.Abs(due), invoice.Currency);
        return due switch
        {
            > 0 => invoice.DueDate is { } date ? Said(words.IsDue, text, words.Amounts.LongDate(date)) : Said(words.IsDueNoDate, text),
            < 0 => Said(words.IsOwed, text),
            _ => invoice.Totals.TotalWithVat > 0 ? words.IsPaid : words.NothingDue,
        };
    }

    private static List<Fact> TransferOf(InvoiceBody invoice, PaymentInstructions? instructions, Words words)
    {
        var facts = new List<Fact> { new(words.Due, words.Amounts.Of(invoice.Totals.AmountDue, invoice.Currency), Strong: true) };
        if (invoice.DueDate is { } date)
        {
            facts.Add(new Fact(words.DueDate, words.Amounts.Date(date)));
        }

        if (instructions?.Iban is { Length: > 0 } iban)
        {
            facts.Add(new Fact("IBAN", InFours(iban)));
            if (instructions.Bic is { Length: > 0 } bic)
            {
                facts.Add(new Fact("BIC", bic));
            }

            facts.Add(new Fact(words.Beneficiary, instructions.Beneficiary is { Length: > 0 } name ? name : invoice.Seller.Name));
        }

        facts.Add(new Fact(words.Reference, InFours(invoice.PaymentReference)));
        return facts;
    }

    private static List<string> FeetOf(InvoiceBody invoice, SellerBody? seller)
    {
        var feet = invoice
            .VatBreakdown.Where(vat => vat.ExemptionReason is { Length: > 0 } || vat.ExemptionReasonCode is { Length: > 0 })
            .Select(vat => vat.ExemptionReason ?? vat.ExemptionReasonCode!)
            .Distinct()
            .ToList();
        if (invoice.PaymentTerms is { Length: > 0 } terms && IsOpen(invoice))
        {
            feet.Add(terms);
        }

        if ((invoice.Seller.RegistryData ?? seller?.RegistryData) is { Length: > 0 } registry)
        {
            feet.Add(registry);
        }

        return feet;
    }

    /// <summary>As banks print it, so that it can be read aloud: ES91 2100 0418 …</summary>
    private static string InFours(string text) =>
        string.Join(' ', text.Replace(" ", "", StringComparison.Ordinal).Chunk(4).Select(four => new string(four)));

    private static string Said(string words, params object[] values) => string.Format(CultureInfo.InvariantCulture, words, values);
}
