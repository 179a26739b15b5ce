using CsCheck;
using RetailInvoicing.Invoicing.En16931.Model;
using Delivered = RetailInvoicing.Invoicing.En16931.Model.Delivery;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>
/// Invoices of the semantic model with each optional field there or not, sound in form and senseless in content: groups say something,
/// texts are trimmed, and what a syntax cannot tell apart is written one way.
/// </summary>
internal sealed class GeneratedInvoices(Gen<bool> presence)
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abzABZ019áñÑ€ß漢<>&\"'/.-:;"], 1, 12];

    private static readonly Gen<string> Text = Gen.Select(Word, OneOf("", " ", "\n", "\t", "  #"), Word, (a, b, c) => a + b + c);

    private static readonly Gen<string> Code = Gen.String[Gen.Char["ABZ019"], 3, 3];

    private static readonly Gen<decimal> Number = Gen.Select(
        Gen.Long[-10_000_000_000, 10_000_000_000],
        Gen.Byte[0, 6],
        (units, scale) => new decimal((int)(units & 0x7fffffff), (int)(units >> 31) & 0xff, 0, units < 0, scale)
    );

    private static readonly Gen<DateOnly> Day = Gen.Int[0, 73_000].Select(days => new DateOnly(2000, 1, 1).AddDays(days));

    private Gen<Identifier> Identified => from value in Text from scheme in Maybe(Code) select new Identifier(value, scheme);

    private Gen<PostalAddress> Address =>
        from line1 in Maybe(Text)
        from line2 in Maybe(Text)
        from line3 in Maybe(Text)
        from city in Maybe(Text)
        from postalCode in Maybe(Text)
        from region in Maybe(Text)
        from country in Code
        select new PostalAddress
        {
            Line1 = line1,
            Line2 = line2,
            Line3 = line3,
            City = city,
            PostalCode = postalCode,
            Region = region,
            Country = country,
        };

    private Gen<Contact> Contact =>
        from name in Text
        from telephone in Maybe(Text)
        from email in Maybe(Text)
        select new Contact
        {
            Name = name,
            Telephone = telephone,
            Email = email,
        };

    private Gen<Period> Period => from start in Day from end in MaybeDay select new Period { Start = start, End = end };

    private Gen<DateOnly?> MaybeDay => MaybeValue(Day);

    private Gen<decimal?> MaybeNumber => MaybeValue(Number);

    private Gen<Seller> Seller =>
        from name in Maybe(Text)
        from trading in Maybe(Text)
        from plain in Several(Text.Select(value => new Identifier(value)))
        from schemed in Several(Gen.Select(Text, Code, (value, scheme) => new Identifier(value, scheme)))
        from legal in Maybe(Identified)
        from vat in Maybe(Text)
        from tax in Maybe(Text)
        from information in Maybe(Text)
        from electronic in Maybe(Identified)
        from address in Maybe(Address)
        from contact in Maybe(Contact)
        select new Seller
        {
            Name = name,
            TradingName = trading,
            Identifiers = [.. plain, .. schemed],
            LegalRegistration = legal,
            VatIdentifier = vat,
            TaxRegistration = tax,
            AdditionalLegalInformation = information,
            ElectronicAddress = electronic,
            Address = address,
            Contact = contact,
        };

    private Gen<Buyer> Buyer =>
        from name in Maybe(Text)
        from trading in Maybe(Text)
        from identifier in Maybe(Identified)
        from legal in Maybe(Identified)
        from vat in Maybe(Text)
        from electronic in Maybe(Identified)
        from address in Maybe(Address)
        from contact in Maybe(Contact)
        select new Buyer
        {
            Name = name,
            TradingName = trading,
            Identifier = identifier,
            LegalRegistration = legal,
            VatIdentifier = vat,
            ElectronicAddress = electronic,
            Address = address,
            Contact = contact,
        };

    private Gen<Payee> Payee =>
        from name in Text
        from identifier in Maybe(Identified)
        from legal in Maybe(Identified)
        select new Payee
        {
            Name = name,
            Identifier = identifier,
            LegalRegistration = legal,
        };

    private Gen<TaxRepresentative> Representative =>
        from name in Text
        from vat in Maybe(Text)
        from address in Maybe(Address)
        select new TaxRepresentative
        {
            Name = name,
            VatIdentifier = vat,
            Address = address,
        };

    private Gen<Delivered> Delivery =>
        from party in Maybe(Text)
        from location in Maybe(Identified)
        from date in Day
        from address in Maybe(Address)
        select new Delivered
        {
            PartyName = party,
            Location = location,
            Date = date,
            Address = address,
        };

    private Gen<PaymentInstructions> Payment =>
        from code in Code
        from text in Maybe(Text)
        from reference in Maybe(Text)
        from transfers in Several(Transfer)
        from card in Maybe(
            Gen.Select(Text, Maybe(Text), (number, holder) => new PaymentCard { PrimaryAccountNumber = number, HolderName = holder })
        )
        from debit in Maybe(
            Gen.Select(
                Text,
                Maybe(Text),
                Maybe(Text),
                (mandate, creditor, account) =>
                    new DirectDebit
                    {
                        MandateReference = mandate,
                        CreditorIdentifier = creditor,
                        DebitedAccount = account,
                    }
            )
        )
        select new PaymentInstructions
        {
            MeansCode = code,
            MeansText = text,
            RemittanceReference = reference,
            CreditTransfers = transfers,
            Card = card,
            DirectDebit = debit,
        };

    private Gen<CreditTransfer> Transfer =>
        from account in Gen.OneOf(Text, Gen.Const("ES9121000418450200051332"))
        from name in Maybe(Text)
        from provider in Maybe(Text)
        select new CreditTransfer
        {
            Account = account,
            AccountName = name,
            ServiceProvider = provider,
        };

    private Gen<DocumentAllowance> Allowance =>
        from line in LineAllowance
        from category in Code
        from rate in MaybeNumber
        select new DocumentAllowance
        {
            Amount = line.Amount,
            BaseAmount = line.BaseAmount,
            Percentage = line.Percentage,
            Reason = line.Reason,
            ReasonCode = line.ReasonCode,
            VatCategory = category,
            VatRate = rate,
        };

    private Gen<LineAllowance> LineAllowance =>
        from amount in Number
        from of in MaybeNumber
        from percentage in MaybeNumber
        from reason in Maybe(Text)
        from code in Maybe(Code)
        select new LineAllowance
        {
            Amount = amount,
            BaseAmount = of,
            Percentage = percentage,
            Reason = reason,
            ReasonCode = code,
        };

    private Gen<VatBreakdown> Breakdown =>
        from taxable in MaybeNumber
        from tax in MaybeNumber
        from category in Code
        from rate in MaybeNumber
        from reason in Maybe(Text)
        from code in Maybe(Code)
        select new VatBreakdown
        {
            TaxableAmount = taxable,
            TaxAmount = tax,
            Category = category,
            Rate = rate,
            ExemptionReason = reason,
            ExemptionReasonCode = code,
        };

    private Gen<SupportingDocument> Supporting =>
        from reference in Text
        from description in Maybe(Text)
        from location in Maybe(Text)
        from file in Maybe(
            Gen.Select(
                Gen.Byte.Array[1, 40],
                Code,
                Text,
                (content, mime, name) => new Attachment(content, mime, name.ReplaceLineEndings(" "))
            )
        )
        select new SupportingDocument
        {
            Reference = reference,
            Description = description,
            Location = location,
            Attached = file,
        };

    private Gen<DocumentTotals> Totals(bool isAccounted) =>
        from numbers in MaybeNumber.Array[9]
        from accounted in Number
        select new DocumentTotals
        {
            LineTotal = numbers[0],
            AllowanceTotal = numbers[1],
            ChargeTotal = numbers[2],
            TotalWithoutVat = numbers[3],
            VatTotal = numbers[4],
            VatTotalInAccountingCurrency = isAccounted ? accounted : null,
            TotalWithVat = numbers[5],
            PaidAmount = numbers[6],
            RoundingAmount = numbers[7],
            AmountDue = numbers[8],
        };

    private Gen<PriceDetails> Price =>
        from net in Number
        from gross in MaybeNumber
        from discount in Number
        from of in MaybeNumber
        from unit in Maybe(Code)
        select new PriceDetails
        {
            NetPrice = net,
            GrossPrice = gross,
            // UBL has no gross price without a discount, CII no discount without a gross price.
            Discount = gross is null ? null : discount,
            BaseQuantity = of,
            BaseQuantityUnit = of is null ? null : unit,
        };

    private Gen<ItemInformation> Item =>
        from name in Maybe(Text)
        from description in Maybe(Text)
        from sellers in Maybe(Text)
        from buyers in Maybe(Text)
        from standard in Maybe(Identified)
        from classifications in Several(
            Gen.Select(Text, Maybe(Code), Maybe(Code), (value, list, version) => new Identifier(value, list, version))
        )
        from country in Maybe(Code)
        from attributes in Several(Gen.Select(Text, Text, (attribute, value) => new ItemAttribute { Name = attribute, Value = value }))
        select new ItemInformation
        {
            Name = name,
            Description = description,
            SellersIdentifier = sellers,
            BuyersIdentifier = buyers,
            StandardIdentifier = standard,
            Classifications = classifications,
            CountryOfOrigin = country,
            Attributes = attributes,
        };

    private Gen<InvoiceLine> Line =>
        from id in Text
        from note in Maybe(Text)
        from about in Maybe(Identified)
        from quantity in MaybeNumber
        from unit in Maybe(Code)
        from net in MaybeNumber
        from order in Maybe(Text)
        from accounting in Maybe(Text)
        from period in Maybe(Period)
        from allowances in Several(LineAllowance)
        from charges in Several(LineAllowance)
        from price in Price
        from category in Maybe(Code)
        from rate in MaybeNumber
        from item in Item
        select new InvoiceLine
        {
            Id = id,
            Note = note,
            Object = about,
            Quantity = quantity,
            Unit = quantity is null ? null : unit,
            NetAmount = net,
            OrderLineReference = order,
            BuyerAccountingReference = accounting,
            Period = period,
            Allowances = allowances,
            Charges = charges,
            Price = price,
            Vat = new LineVat { Category = category, Rate = rate },
            Item = item,
        };

    /// <summary>The invoices.</summary>
    public Gen<Invoice> Invoices =>
        from type in OneOf("380", "381", "384", "389", "396")
        from head in Gen.Select(Text, MaybeDay, MaybeDay, Maybe(Text), Text)
        from accounted in Maybe(Gen.Const("SEK"))
        from pointDay in MaybeDay
        from pointCode in Maybe(OneOf("3", "35", "432"))
        from references in Maybe(Text).Array[9]
        from about in Maybe(Identified)
        from notes in Several(
            Gen.Select(Maybe(Code), Text, (subject, text) => new Note { Subject = subject, Text = text.Replace('#', '+') })
        )
        from preceding in Several(Gen.Select(Text, MaybeDay, (number, day) => new PrecedingInvoice { Number = number, IssueDate = day }))
        from parties in Gen.Select(Seller, Buyer, Maybe(Payee), Maybe(Representative))
        from delivery in Maybe(Delivery)
        from period in Maybe(Period)
        from payment in Maybe(Payment)
        from allowances in Several(Allowance)
        from charges in Several(Allowance)
        from totals in Totals(accounted is not null)
        from breakdown in Breakdown.Array[1, 3]
        from documents in Several(Supporting)
        from lines in Several(Line)
        from terms in Maybe(Text)
        select new Invoice
        {
            ProcessControl = new ProcessControl { Specification = head.Item5, Process = head.Item4 },
            Number = head.Item1,
            IssueDate = head.Item2,
            TypeCode = type,
            Currency = "EUR",
            VatAccountingCurrency = accounted,
            VatPointDate = pointDay,
            VatPointDateCode = pointCode,
            // A credit note of UBL has the day with the means of payment.
            DueDate = payment is null ? null : head.Item3,
            BuyerReference = references[0],
            ProjectReference = references[1],
            ContractReference = references[2],
            PurchaseOrderReference = references[3],
            SalesOrderReference = references[4],
            ReceivingAdviceReference = references[5],
            DespatchAdviceReference = references[6],
            TenderReference = references[7],
            InvoicedObject = about,
            BuyerAccountingReference = references[8],
            PaymentTerms = terms,
            Notes = notes,
            PrecedingInvoices = preceding,
            Seller = parties.Item1,
            Buyer = parties.Item2,
            Payee = parties.Item3,
            TaxRepresentative = parties.Item4,
            Delivery = delivery,
            Period = period,
            Payment = payment,
            Allowances = allowances,
            Charges = charges,
            Totals = totals,
            VatBreakdown = breakdown,
            SupportingDocuments = documents,
            Lines = lines,
        };

    private Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => presence.SelectMany(isThere => isThere ? gen.Select(value => (T?)value) : Gen.Const((T?)null));

    private Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => presence.SelectMany(isThere => isThere ? gen.Select(value => (T?)value) : Gen.Const((T?)null));

    private Gen<T[]> Several<T>(Gen<T> gen) => presence.SelectMany(areThere => areThere ? gen.Array[1, 3] : Gen.Const(Array.Empty<T>()));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
