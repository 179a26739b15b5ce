using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>How one amount of an invoice came about.</summary>
public sealed record ExplainedAmount
{
    /// <summary>Where it stands in the invoice's JSON, such as lines[0].lineNetAmount.</summary>
    public required string Path { get; init; }

    /// <summary>The standard's term, such as BT-131; absent where it has none for it.</summary>
    public string? Term { get; init; }

    /// <summary>The amount that the invoice states.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The sums it comes from, each with its result; what is rounded shows the exact value before.</summary>
    public required IReadOnlyList<string> Calculation { get; init; }

    /// <summary>The odd cents that fell on it, so that the parts sum to the whole; absent where none did.</summary>
    public decimal? OddCents { get; init; }

    /// <summary>What it is and why, in words.</summary>
    public required string Text { get; init; }
}

/// <summary>
/// How every amount of an invoice came about, worked out again from what the till posted: a line, its VAT, the totals, what is due.
/// Amounts are rounded half away from zero to the coin, each once, where the calculation shows it.
/// </summary>
public sealed record Explanation
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>BT-1.</summary>
    public required string Number { get; init; }

    /// <summary>BT-5: what the amounts are in.</summary>
    public required Currency Currency { get; init; }

    /// <summary>es or en.</summary>
    public required string Language { get; init; }

    /// <summary>Whether the till's prices included VAT.</summary>
    public required bool PricesIncludeVat { get; init; }

    /// <summary>The rule that the whole follows, in a few sentences.</summary>
    public required string Text { get; init; }

    /// <summary>Each amount, in the order of the sums.</summary>
    public required IReadOnlyList<ExplainedAmount> Amounts { get; init; }

    /// <summary>Explains an invoice in a language: Spanish unless English is asked for.</summary>
    public static Explanation Of(InvoiceBody invoice, string? language)
    {
        var words = ExplanationWords.In(language);
        var amounts = new List<ExplainedAmount>();
        var explain = new Explaining(invoice, words);
        for (var i = 0; i < invoice.Lines.Count; i++)
        {
            amounts.AddRange(explain.Line(i));
        }

        amounts.AddRange(invoice.Allowances.Select((each, i) => explain.Reduction(each, i, isCharge: false)));
        amounts.AddRange(invoice.Charges.Select((each, i) => explain.Reduction(each, i, isCharge: true)));
        for (var i = 0; i < invoice.VatBreakdown.Count; i++)
        {
            amounts.AddRange(explain.Vat(i));
        }

        amounts.AddRange(explain.Totals());
        return new Explanation
        {
            InvoiceId = invoice.InvoiceId,
            Number = invoice.Number,
            Currency = invoice.Currency,
            Language = words.Language,
            PricesIncludeVat = invoice.PricesIncludeVat,
            Text = invoice.PricesIncludeVat ? words.WithVat : words.WithoutVat,
            Amounts = amounts,
        };
    }

    /// <summary>The sums of one invoice, in the words of one language.</summary>
    private sealed class Explaining(InvoiceBody invoice, ExplanationWords words)
    {
        private readonly Calculation _sum = new(invoice.Currency, words);

        public IEnumerable<ExplainedAmount> Line(int index)
        {
            var line = invoice.Lines[index];
            var path = $"lines[{index}]";
            var rate = line.Vat.Rate;
            var (less, more) = (TillSum(line.Allowances), TillSum(line.Charges));
            var reduced = new List<string> { _sum.Product(line.Quantity, line.UnitPrice) };
            if (less != 0m || more != 0m)
            {
                reduced.Add(_sum.Less(_sum.Round(line.Quantity * line.UnitPrice), less, more));
            }

            if (!invoice.PricesIncludeVat)
            {
                yield return new ExplainedAmount
                {
                    Path = $"{path}.lineNetAmount",
                    Term = "BT-131",
                    Amount = line.LineNetAmount,
                    Calculation = reduced,
                    Text = words.NetLine(line.Name, line.Allowances.Count + line.Charges.Count),
                };
                yield break;
            }

            yield return new ExplainedAmount
            {
                Path = $"{path}.lineGrossAmount",
                Amount = line.LineGrossAmount,
                Calculation = reduced,
                Text = words.GrossLine(line.Name, line.Allowances.Count + line.Charges.Count),
            };
            yield return WithoutVat(
                $"{path}.lineNetAmount",
                "BT-131",
                line.LineNetAmount,
                line.LineGrossAmount,
                rate,
                words.LineWithoutVat(rate)
            );
            yield return NetPrice($"{path}.netPrice", line);
        }

        /// <summary>BT-146: the exact price, unless odd cents on the line made another one necessary.</summary>
        private ExplainedAmount NetPrice(string path, InvoiceLineBody line)
        {
            var exact = decimal.Round(line.UnitPrice * 100m / (100m + line.Vat.Rate), line.NetPrice.Scale, MidpointRounding.AwayFromZero);
            var allowed = line.Allowances.Sum(each => each.Amount) - line.Charges.Sum(each => each.Amount);
            return exact == line.NetPrice
                ? new ExplainedAmount
                {
                    Path = path,
                    Term = "BT-146",
                    Amount = line.NetPrice,
                    Calculation = [_sum.WithoutVat(line.UnitPrice, line.Vat.Rate, line.NetPrice)],
                    Text = words.NetPrice,
                }
                : new ExplainedAmount
                {
                    Path = path,
                    Term = "BT-146",
                    Amount = line.NetPrice,
                    Calculation = [_sum.Quotient(line.LineNetAmount + allowed, line.Quantity, line.NetPrice)],
                    Text = words.NetPriceOfAmount,
                };
        }

        public ExplainedAmount Reduction(InvoiceAllowanceBody each, int index, bool isCharge)
        {
            var path = $"{(isCharge ? "charges" : "allowances")}[{index}].amount";
            var term = isCharge ? "BT-99" : "BT-92";
            var (rate, reason) = (each.Vat?.Rate ?? 0m, each.Reason);
            return invoice.PricesIncludeVat && each.GrossAmount is { } gross
                ? WithoutVat(path, term, each.Amount, gross, rate, words.ReductionWithoutVat(isCharge, reason, rate))
                : new ExplainedAmount
                {
                    Path = path,
                    Term = term,
                    Amount = each.Amount,
                    Calculation = [],
                    Text = words.Reduction(isCharge, reason, rate),
                };
        }

        private ExplainedAmount WithoutVat(string path, string term, decimal amount, decimal gross, decimal rate, string text)
        {
            var odd = amount - _sum.Round(gross * 100m / (100m + rate));
            return new ExplainedAmount
            {
                Path = path,
                Term = term,
                Amount = amount,
                Calculation = [_sum.WithoutVat(gross, rate)],
                OddCents = odd == 0m ? null : odd,
                Text = odd == 0m ? text : $"{text} {words.OddCents}",
            };
        }

        public IEnumerable<ExplainedAmount> Vat(int index)
        {
            var vat = invoice.VatBreakdown[index];
            var path = $"vatBreakdown[{index}]";
            bool In(InvoiceVatBody? each) => each is not null && each.Category == vat.Category && each.Rate == vat.Rate;
            var lines = invoice.Lines.Where(line => In(line.Vat)).ToList();
            var less = invoice.Allowances.Where(each => In(each.Vat)).ToList();
            var more = invoice.Charges.Where(each => In(each.Vat)).ToList();
            if (invoice.PricesIncludeVat && vat.Rate != 0m)
            {
                var whole = vat.TaxableAmount + vat.VatAmount;
                yield return new ExplainedAmount
                {
                    Path = $"{path}.vatAmount",
                    Term = "BT-117",
                    Amount = vat.VatAmount,
                    Calculation =
                    [
                        _sum.Of(
                            lines.Select(line => line.LineGrossAmount),
                            less.Select(each => each.GrossAmount ?? each.Amount),
                            more.Select(each => each.GrossAmount ?? each.Amount)
                        ),
                        _sum.VatWithin(whole, vat.Rate),
                    ],
                    Text = words.VatWithin(vat.Rate, vat.Tax),
                };
                yield return new ExplainedAmount
                {
                    Path = $"{path}.taxableAmount",
                    Term = "BT-116",
                    Amount = vat.TaxableAmount,
                    Calculation = [_sum.Less(whole, vat.VatAmount, 0m)],
                    Text = words.Base(vat.Rate),
                };
            }
            else
            {
                yield return new ExplainedAmount
                {
                    Path = $"{path}.taxableAmount",
                    Term = "BT-116",
                    Amount = vat.TaxableAmount,
                    Calculation =
                    [
                        _sum.Of(
                            lines.Select(line => line.LineNetAmount),
                            less.Select(each => each.Amount),
                            more.Select(each => each.Amount)
                        ),
                    ],
                    Text = words.BaseOfNets(vat.Rate),
                };
                yield return new ExplainedAmount
                {
                    Path = $"{path}.vatAmount",
                    Term = "BT-117",
                    Amount = vat.VatAmount,
                    Calculation = [_sum.Percent(vat.TaxableAmount, vat.Rate)],
                    Text =
                        vat.Rate == 0m
                            ? words.NoVat(vat.Category, vat.ExemptionReason ?? vat.ExemptionReasonCode)
                            : words.VatOn(vat.Rate, vat.Tax),
                };
            }

            if (vat is { SurchargeRate: { } surchargeRate, SurchargeAmount: { } surcharge })
            {
                yield return new ExplainedAmount
                {
                    Path = $"{path}.surchargeAmount",
                    Amount = surcharge,
                    Calculation = [_sum.Percent(vat.TaxableAmount, surchargeRate)],
                    Text = words.Surcharge(surchargeRate, vat.Rate),
                };
            }
        }

        public IEnumerable<ExplainedAmount> Totals()
        {
            var totals = invoice.Totals;
            ExplainedAmount Total(string name, string term, decimal amount, string calculation, string text) =>
                new()
                {
                    Path = $"totals.{name}",
                    Term = term,
                    Amount = amount,
                    Calculation = [calculation],
                    Text = text,
                };
            yield return Total(
                "lineTotal",
                "BT-106",
                totals.LineTotal,
                _sum.Of(invoice.Lines.Select(l => l.LineNetAmount)),
                words.LineTotal
            );
            if (invoice.Allowances.Count > 0)
            {
                yield return Total(
                    "allowanceTotal",
                    "BT-107",
                    totals.AllowanceTotal,
                    _sum.Of(invoice.Allowances.Select(each => each.Amount)),
                    words.AllowanceTotal
                );
            }

            if (invoice.Charges.Count > 0)
            {
                yield return Total(
                    "chargeTotal",
                    "BT-108",
                    totals.ChargeTotal,
                    _sum.Of(invoice.Charges.Select(each => each.Amount)),
                    words.ChargeTotal
                );
            }

            yield return Total(
                "totalWithoutVat",
                "BT-109",
                totals.TotalWithoutVat,
                _sum.Less(totals.LineTotal, totals.AllowanceTotal, totals.ChargeTotal),
                words.TotalWithoutVat
            );
            yield return Total(
                "vatTotal",
                "BT-110",
                totals.VatTotal,
                _sum.Of(
                    invoice.VatBreakdown.SelectMany(vat =>
                        vat.SurchargeAmount is { } surcharge ? [vat.VatAmount, surcharge] : new[] { vat.VatAmount }
                    )
                ),
                words.VatTotal(invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null))
            );
            if (totals.VatTotalInAccountingCurrency is { } accounted && invoice.ExchangeRate is { } rate)
            {
                yield return Total(
                    "vatTotalInAccountingCurrency",
                    "BT-111",
                    accounted,
                    _sum.Converted(totals.VatTotal, rate, accounted),
                    words.Accounted(invoice.AccountingCurrency?.Code ?? "EUR", invoice.Currency.Code)
                );
            }

            yield return Total(
                "totalWithVat",
                "BT-112",
                totals.TotalWithVat,
                _sum.Of([totals.TotalWithoutVat, totals.VatTotal]),
                invoice.PricesIncludeVat ? words.TotalTaken : words.TotalWithVat
            );
            yield return Total(
                "paidAmount",
                "BT-113",
                totals.PaidAmount,
                _sum.Of(invoice.Payments.Select(payment => payment.Amount)),
                words.Paid
            );
            yield return Total(
                "amountDue",
                "BT-115",
                totals.AmountDue,
                _sum.Less(totals.TotalWithVat, totals.PaidAmount, totals.RoundingAmount),
                totals.AmountDue < 0m ? words.DueToBuyer : words.Due
            );
        }

        private static decimal TillSum(IEnumerable<InvoiceAllowanceBody> each) => each.Sum(one => one.GrossAmount ?? one.Amount);
    }
}
