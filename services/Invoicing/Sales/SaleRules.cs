using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>What every sale must be before anything is made of it: names that fit, quantities, prices and amounts in bounds.</summary>
public static class SaleRules
{
    private const decimal Most = 1_000_000_000m;
    private const int MostFaults = 20;

    /// <summary>Each thing that is wrong with a sale; none where it can be invoiced as far as its form goes.</summary>
    public static IReadOnlyList<Fault> Of(Sale sale, DateTimeOffset now)
    {
        var posted = sale.Posted;
        if (NullItem(posted) is { } path)
        {
            return [InvoicingFaults.NullItem.At(path)];
        }

        var faults = new List<Fault>();
        if (sale.UnsoundText is { } unsound)
        {
            faults.Add(InvoicingFaults.BadText.At(unsound));
        }

        Texts(posted, faults);
        Dates(posted, now, faults);
        Currencies(posted, faults);

        if (posted.Lines.Count == 0)
        {
            faults.Add(InvoicingFaults.NoLines.At("lines"));
        }
        else if (posted.Lines.All(line => line.UnitPrice == 0m))
        {
            faults.Add(InvoicingFaults.NothingSold.At("lines"));
        }

        for (var i = 0; i < posted.Lines.Count && faults.Count < MostFaults; i++)
        {
            Line(posted.Lines[i], $"lines[{i}]", posted.Currency, faults);
        }

        Amounts(posted.Allowances.Select(each => each.Amount), "allowances", posted.Currency, faults);
        Amounts(posted.Charges.Select(each => each.Amount), "charges", posted.Currency, faults);
        Amounts(posted.Payments.Select(each => Math.Abs(each.Amount)), "payments", posted.Currency, faults);
        Amounts(posted.NonSaleItems.Select(each => Math.Abs(each.Amount)), "nonSaleItems", posted.Currency, faults);
        if (posted.Buyer is { } buyer)
        {
            Buyer(buyer, faults);
        }

        Return(posted.ReturnOf, faults);
        return faults;
    }

    /// <summary>Stores stand in invoice numbers.</summary>
    public static bool IsStore(string store) =>
        store.Length is > 0 and <= 30
        && store.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && store.Any(char.IsAsciiLetterOrDigit);

    private static string? NullItem(SalePosted sale)
    {
        static bool Holds<T>(IReadOnlyList<T> list)
            where T : class => list.Any(item => item is null);

        if (Holds(sale.Lines))
        {
            return "lines";
        }

        return Holds(sale.Allowances) ? "allowances"
            : Holds(sale.Charges) ? "charges"
            : Holds(sale.Payments) ? "payments"
            : Holds(sale.NonSaleItems) ? "nonSaleItems"
            : sale.Lines.Any(line => Holds(line.Allowances)) ? "lines.allowances"
            : sale.Lines.Any(line => Holds(line.Charges)) ? "lines.charges"
            : null;
    }

    private static void Currencies(SalePosted sale, List<Fault> faults)
    {
        if (!CodeList.Currencies.Has(sale.Currency.Code))
        {
            faults.Add(InvoicingFaults.NoSuchCurrency.At("currency", sale.Currency));
        }
        else if (sale.ExchangeRate is not null && sale.Currency == ExchangeRate.Accounting)
        {
            faults.Add(InvoicingFaults.RateForEuro.At("exchangeRate"));
        }
        else if (sale.ExchangeRate is <= 0m or > ExchangeRate.Most)
        {
            faults.Add(InvoicingFaults.BadExchangeRate.At("exchangeRate"));
        }
    }

    private static void Texts(SalePosted sale, List<Fault> faults)
    {
        if (!IsStore(sale.StoreId.Value))
        {
            faults.Add(InvoicingFaults.BadStore.At("storeId"));
        }

        Text(sale.SaleId.Value, 1, 100, "saleId", faults);
        Text(sale.TillId, 1, 50, "tillId", faults);
        Text(sale.PaymentTerms, 1, 1000, "paymentTerms", faults);
        Text(sale.ReturnReason, 1, 500, "returnReason", faults);
        Address(sale.Delivery?.Address, "delivery.address", faults);
        Text(sale.Delivery?.Name, 1, 200, "delivery.name", faults);
        foreach (var text in sale.Allowances.SelectMany(each => new[] { each.Reason, each.Coupon }))
        {
            Text(text, 1, 500, "allowances", faults);
        }

        foreach (var text in sale.Charges.Select(each => each.Reason))
        {
            Text(text, 1, 500, "charges", faults);
        }

        foreach (var text in sale.Payments.Select(each => each.Reference))
        {
            Text(text, 1, 200, "payments", faults);
        }

        foreach (var text in sale.NonSaleItems.Select(each => each.Name))
        {
            Text(text, 1, 200, "nonSaleItems", faults);
        }
    }

    private static void Dates(SalePosted sale, DateTimeOffset now, List<Fault> faults)
    {
        if (sale.OccurredAt > now.AddMinutes(1))
        {
            faults.Add(InvoicingFaults.Ahead.At("occurredAt"));
        }

        if (sale.OccurredAt < now.AddYears(-20))
        {
            faults.Add(InvoicingFaults.TooOld.At("occurredAt"));
        }

        Date(sale.DueDate, "dueDate", faults);
        Date(sale.Delivery?.Date, "delivery.date", faults);
        Date(sale.ReturnOf?.IssueDate, "returnOf.issueDate", faults);
    }

    private static void Line(SaleLine line, string path, Currency currency, List<Fault> faults)
    {
        if (string.IsNullOrWhiteSpace(line.Sku) && string.IsNullOrWhiteSpace(line.Name))
        {
            faults.Add(InvoicingFaults.NoItem.At(path));
        }

        Text(line.Sku, 0, 100, $"{path}.sku", faults);
        Text(line.Name, 0, 1000, $"{path}.name", faults);
        if (line.Quantity == 0m || Math.Abs(line.Quantity) > 10_000_000m)
        {
            faults.Add(InvoicingFaults.BadQuantity.At($"{path}.quantity"));
        }

        if (line.UnitPrice is < 0m or > Most)
        {
            faults.Add(InvoicingFaults.NegativePrice.At($"{path}.unitPrice"));
        }

        if (line.Unit.Length is < 2 or > 3 || !CodeList.Units.Has(line.Unit))
        {
            faults.Add(InvoicingFaults.BadUnit.At($"{path}.unit", line.Unit));
        }

        Text(line.Vat.ExemptionReason, 1, 500, $"{path}.vat.exemptionReason", faults);
        Text(line.Vat.ExemptionReasonCode, 1, 50, $"{path}.vat.exemptionReasonCode", faults);
        Amounts(line.Allowances.Select(each => each.Amount), $"{path}.allowances", currency, faults);
        Amounts(line.Charges.Select(each => each.Amount), $"{path}.charges", currency, faults);
        foreach (
            var text in line.Allowances.SelectMany(each => new[] { each.Reason, each.Coupon }).Concat(line.Charges.Select(c => c.Reason))
        )
        {
            Text(text, 1, 500, path, faults);
        }
    }

    private static void Amounts(IEnumerable<decimal> amounts, string path, Currency currency, List<Fault> faults)
    {
        var i = 0;
        foreach (var amount in amounts)
        {
            if (amount is < 0m or > Most || Money.Of(amount, currency).Amount != amount)
            {
                faults.Add(InvoicingFaults.BadAmount.At($"{path}[{i}].amount"));
            }

            i++;
        }
    }

    /// <summary>Each thing that is wrong with a buyer.</summary>
    public static IReadOnlyList<Fault> Of(SaleBuyer buyer)
    {
        var faults = new List<Fault>();
        var texts = new[] { buyer.Name, buyer.TaxId, buyer.Phone, buyer.CustomerId?.Value, buyer.Address?.Line1, buyer.Address?.City };
        if (!texts.All(text => text is null || Sale.IsSound(text)))
        {
            faults.Add(InvoicingFaults.BadText.At("buyer"));
        }

        Buyer(buyer, faults);
        return faults;
    }

    private static void Buyer(SaleBuyer buyer, List<Fault> faults)
    {
        Text(buyer.CustomerId?.Value, 1, 100, "buyer.customerId", faults);
        Text(buyer.Name, 0, 200, "buyer.name", faults);
        Text(buyer.Phone, 0, 50, "buyer.phone", faults);
        Address(buyer.Address, "buyer.address", faults);
        if (buyer.Email is { } email && !IsEmail(email))
        {
            faults.Add(InvoicingFaults.BuyerEmail.At("buyer.email"));
        }

        if (buyer.Language is { } language && !(language.Length == 2 && language.All(char.IsAsciiLetterLower)))
        {
            faults.Add(InvoicingFaults.BadField.At("buyer.language", "ISO 639-1, es, en"));
        }

        if (string.IsNullOrWhiteSpace(buyer.TaxId))
        {
            return;
        }

        var type = buyer.TaxIdType ?? (buyer.TaxIdCountry is null or "ES" ? TaxIdType.Nif : TaxIdType.Vat);
        if (buyer.TaxIdCountry is { } country && !IsCountry(country))
        {
            faults.Add(InvoicingFaults.BuyerId.At("buyer.taxIdCountry"));
        }

        switch (type)
        {
            case TaxIdType.Nif when !Nif.IsSound(Nif.Normal(buyer.TaxId)):
                faults.Add(InvoicingFaults.BuyerNif.At("buyer.taxId", buyer.TaxId));
                break;
            case TaxIdType.Vat when !VatIdentifier.IsSound(VatIdentifier.Normal(buyer.TaxId, buyer.TaxIdCountry)):
                faults.Add(InvoicingFaults.BuyerVat.At("buyer.taxId", buyer.TaxId));
                break;
            case TaxIdType.Nif or TaxIdType.Vat:
                break;
            case var _ when buyer.TaxId.Length > 20 || buyer.TaxIdCountry is null:
                faults.Add(InvoicingFaults.BuyerId.At("buyer.taxId"));
                break;
        }
    }

    private static void Return(ReturnReference? original, List<Fault> faults)
    {
        if (original is null)
        {
            return;
        }

        var named = (original.SaleId is null ? 0 : 1) + (original.InvoiceId is null ? 0 : 1) + (original.Number is null ? 0 : 1);
        if (named != 1)
        {
            faults.Add(InvoicingFaults.OneReference.At("returnOf"));
        }

        Text(original.SaleId?.Value, 1, 100, "returnOf.saleId", faults);
        if (original.Number is { } number && (number.Length is 0 or > 60 || number.Any(c => c is < ' ' or > '~')))
        {
            faults.Add(InvoicingFaults.BadField.At("returnOf.number", "ASCII 32–126, ≤ 60"));
        }
    }

    private static void Address(Address? address, string path, List<Fault> faults)
    {
        if (address is null)
        {
            return;
        }

        Text(address.Line1, 0, 200, $"{path}.line1", faults);
        Text(address.Line2, 0, 200, $"{path}.line2", faults);
        Text(address.PostalCode, 0, 20, $"{path}.postalCode", faults);
        Text(address.City, 0, 100, $"{path}.city", faults);
        Text(address.Region, 0, 100, $"{path}.region", faults);
        if (!IsCountry(address.Country))
        {
            faults.Add(InvoicingFaults.BadField.At($"{path}.country", "ISO 3166-1 alpha-2, ES"));
        }
    }

    private static void Text(string? text, int least, int most, string path, List<Fault> faults)
    {
        if (text is not null && (text.Length > most || text.Trim().Length < least))
        {
            faults.Add(InvoicingFaults.BadField.At(path, $"{path}: {least}–{most}"));
        }
    }

    private static void Date(DateOnly? date, string path, List<Fault> faults)
    {
        if (date is { Year: < 2000 or > 2199 })
        {
            faults.Add(InvoicingFaults.BadDate.At(path));
        }
    }

    internal static bool IsCountry(string country) => country.Length == 2 && CodeList.Countries.Has(country);

    internal static bool IsEmail(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return email.Length <= 254
            && at > 0
            && at == email.LastIndexOf('@')
            && at < email.Length - 1
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';');
    }
}
