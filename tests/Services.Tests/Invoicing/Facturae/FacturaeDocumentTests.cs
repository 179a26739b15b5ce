using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Formats;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>Issued invoices as Facturae: valid by the official schema, with sums that tie, or refused with a code.</summary>
public sealed class FacturaeDocumentTests
{
    private const string Abroad =
        """{"name":"Lojas Réunies, Lda","taxId":"PT123456789","taxIdType":"vat","taxIdCountry":"PT","business":true,"address":{"line1":"Rua Augusta 1","postalCode":"1100-048","city":"Lisboa","country":"PT"}}""";

    private const string Overseas =
        """{"name":"Jane Doe","taxId":"X1234567","taxIdType":"passport","taxIdCountry":"US","address":{"line1":"1 Main St","postalCode":"02139","city":"Cambridge","region":"Massachusetts","country":"US"}}""";

    /// <summary>Sales of every kind of VAT, buyer and settlement.</summary>
    public static TheoryData<string, string, string> Sales =>
        new()
        {
            { "one rate", "", "" },
            { "paid in part", """{"payments":[{"means":"card","amount":"5.00"},{"means":"cash","amount":"3.10"}]}""", "" },
            { "paid in full", """{"payments":[{"means":"bizum","amount":"19.90"}]}""", "" },
            { "due in words", """{"paymentTerms":"a 60 días"}""", "" },
            { "due on a day", """{"dueDate":"2026-12-23"}""", "" },
            { "prices without VAT", """{"pricesIncludeVat":false}""", "" },
            { "sold the day before", """{"occurredAt":"2026-11-22T10:00:00+01:00"}""", "" },
            { "surcharge", """{"buyer":{"equivalenceSurcharge":true}}""", "" },
            {
                "several rates, surcharge, allowances and charges",
                """
                    {"lines":[{"sku":"A","name":"Pan <&> queso","quantity":"3","unitPrice":"1.15","vat":{"category":"S","rate":"4"}},
                      {"sku":"A-SKU-THAT-IS-MUCH-TOO-LONG-FOR-FACTURAE","name":"Jamón","quantity":"0.455","unit":"KGM","unitPrice":"39.90","vat":{"category":"S","rate":"10"},"allowances":[{"amount":"0.37","reason":"Promoción"}]},
                      {"name":"Vino","quantity":"6","unitPrice":"7.99","vat":{"category":"S","rate":"21"},"charges":[{"amount":"1.00"}]}],
                     "allowances":[{"amount":"2.00","reason":"Cupón"}],"charges":[{"amount":"3.95","reason":"Portes"}],"buyer":{"equivalenceSurcharge":true}}
                    """,
                ""
            },
            { "zero rate", """{"lines":[{"name":"Libro","quantity":"1","unitPrice":"10","vat":{"category":"Z"}}]}""", "" },
            {
                "exempt",
                """{"lines":[{"name":"Curso","quantity":"1","unitPrice":"90","vat":{"category":"E","exemptionCause":"E1"}}]}""",
                ""
            },
            {
                "exempt beside taxed and zero",
                """{"lines":[{"name":"Curso","quantity":"1","unitPrice":"90","vat":{"category":"E","exemptionCause":"E1"}},{"name":"Libro","quantity":"1","unitPrice":"10","vat":{"category":"Z"}},{"name":"Lápiz","quantity":"5","unitPrice":"0.30","vat":{"category":"S","rate":"21"}}]}""",
                ""
            },
            { "reverse charge", """{"lines":[{"name":"Chatarra","quantity":"1","unitPrice":"90","vat":{"category":"AE"}}]}""", "" },
            { "not subject", """{"lines":[{"name":"Cesión","quantity":"1","unitPrice":"90","vat":{"category":"O"}}]}""", "" },
            {
                "to another Member State",
                $$$"""{"buyer":{{{Abroad}}},"delivery":{"date":"2026-11-23","address":{"line1":"Rua Augusta 1","postalCode":"1100-048","city":"Lisboa","country":"PT"}},"lines":[{"name":"Sillas","quantity":"4","unitPrice":"90","vat":{"category":"K"}}]}""",
                ""
            },
            {
                "export",
                $$$"""{"buyer":{{{Overseas}}},"lines":[{"name":"Abanico","quantity":"1","unitPrice":"45","vat":{"category":"G"}}]}""",
                ""
            },
            {
                "IGIC",
                """{"lines":[{"name":"Gofio","quantity":"2","unitPrice":"3.20","vat":{"category":"L","rate":"7"}},{"name":"Papas","quantity":"2","unitPrice":"1.20","vat":{"category":"L","rate":"0"}}]}""",
                """{"territory":"canary","address":{"line1":"Calle Castillo 1","postalCode":"38001","city":"Santa Cruz de Tenerife","region":"Santa Cruz de Tenerife","country":"ES"}}"""
            },
            {
                "IPSI",
                """{"lines":[{"name":"Té","quantity":"2","unitPrice":"3.20","vat":{"category":"M","rate":"4"}}]}""",
                """{"territory":"ceuta-melilla"}"""
            },
            {
                "a company buys",
                """{"buyer":{"name":"Distribuciones del Norte, S.A.","taxId":"A58818501","business":true}}""",
                """{"bic":"CAIXESBBXXX","environment":"production","registryData":"Registro Mercantil de Madrid, tomo 12345, folio 67, hoja M-89012"}"""
            },
            { "a person sells", "", """{"name":"García de la Torre, María José","taxId":"12345678Z","registryData":"Colegiada 7"}""" },
            { "a ticket that names its buyer", """{"invoice":"simplified"}""", "" },
            {
                "a province that is not said",
                """{"buyer":{"address":{"line1":"Gran Vía 1","line2":"3.º B","postalCode":"48001","city":"Bilbao","country":"ES"}}}""",
                ""
            },
            {
                "more than a price has decimals for",
                """{"lines":[{"name":"Tornillo","quantity":"1234567","unitPrice":"0.0123","vat":{"category":"S","rate":"21"}}]}""",
                ""
            },
            {
                "other regimes",
                """{"lines":[{"name":"Moto usada","quantity":"1","unitPrice":"900","vat":{"category":"S","rate":"21","regimeKey":"03"}}]}""",
                ""
            },
            {
                "money put by",
                """{"nonSaleItems":[{"kind":"voucher","name":"Vale","amount":"10"}],"payments":[{"means":"card","amount":"29.90"}]}""",
                ""
            },
        };

    [Theory]
    [MemberData(nameof(Sales))]
    public void Every_kind_of_invoice_is_valid_by_the_schema_and_its_sums_tie(string kind, string sale, string seller)
    {
        var invoice = Issue(kind, sale, seller);

        var document = IssuedFacturae.Write(invoice);

        Assert.Empty(IssuedFacturae.Breaches(document));
        IssuedFacturae.Ties(document, invoice);
    }

    [Theory]
    [MemberData(nameof(Sales))]
    public void What_was_written_reads_as_what_the_semantic_model_says(string kind, string sale, string seller)
    {
        var invoice = Issue(kind, sale, seller);

        var read = FacturaeReader.Read(IssuedFacturae.Write(invoice)).Value;

        FacturaeReaderTests.SaysTheSame(SemanticForm.Of(invoice, IssuedFacturae.Account), read, invoice);
    }

    [Fact]
    public void Random_baskets_tie_and_are_valid()
    {
        var price = Gen.Int[1, 99_999].Select(cents => cents / 100m);
        var line = Gen.Select(price, Gen.Int[1, 12], Gen.Int[0, 2].Select(i => new[] { "21", "10", "4" }[i]), Gen.Int[0, 30]);
        Gen.Select(line.List[1, 12], Gen.Bool, Gen.Bool, Gen.Int[0, 200], Gen.Int[0, 200])
            .Sample(
                (lines, includeVat, surcharged, less, more) =>
                {
                    var sale = Shop.SaleTo("A-1");
                    sale["pricesIncludeVat"] = includeVat;
                    sale["buyer"]!["equivalenceSurcharge"] = surcharged;
                    sale["lines"] = new JsonArray([
                        .. lines.Select(
                            (each, i) =>
                                (JsonNode)
                                    new JsonObject
                                    {
                                        ["name"] = $"Artículo {i}",
                                        ["quantity"] = each.Item2,
                                        ["unitPrice"] = each.Item1,
                                        ["vat"] = new JsonObject { ["category"] = "S", ["rate"] = each.Item3 },
                                        ["allowances"] = Amounts(Math.Min(each.Item4 / 100m, each.Item1)),
                                    }
                        ),
                    ]);
                    var gross = lines.Sum(each => each.Item1 * each.Item2 - Math.Min(each.Item4 / 100m, each.Item1));
                    sale["allowances"] = Amounts(Math.Min(less / 100m, Math.Floor(gross * 50m) / 100m));
                    sale["charges"] = Amounts(more / 100m);
                    var invoice = IssuedFacturae.Issue(sale);

                    var document = IssuedFacturae.Write(invoice);

                    Assert.Empty(IssuedFacturae.Breaches(document));
                    IssuedFacturae.Ties(document, invoice);
                },
                iter: 200,
                threads: 1
            );

        static JsonArray Amounts(decimal amount) => amount <= 0m ? [] : [new JsonObject { ["amount"] = amount }];
    }

    [Theory]
    [InlineData("Devolución de mercancía", "16", "Base imponible")]
    [InlineData("Devolución de envases", "82", "Base imponible modificada por devolución de envases / embalajes")]
    [InlineData("Descuento por volumen", "83", "Base imponible modificada por descuentos y bonificaciones")]
    [InlineData("Sentencia 12/2026", "84", "Base imponible modificada por resolución firme, judicial o administrativa")]
    [InlineData("El precio no era el anunciado", "10", "Detalle Operación")]
    public void A_return_corrects_its_original_by_differences(string text, string code, string description)
    {
        var original = IssuedFacturae.Issue(Shop.SaleTo("A-1"));
        var sale = Shop.Return("A-2", "A-1", "-1");
        sale["returnReason"] = text;
        var invoice = IssuedFacturae.Issue(sale, original: original, number: "R-S01-2026-000007");

        var document = IssuedFacturae.Write(invoice);

        Assert.Empty(IssuedFacturae.Breaches(document));
        IssuedFacturae.Ties(document, invoice);
        var xml = Parse(document);
        Assert.Equal("OR", Of(xml, "InvoiceClass"));
        var corrective = xml.Descendants("Corrective").Single();
        Assert.Equal("F-S01-2026-|000123", $"{Of(corrective, "InvoiceSeriesCode")}|{Of(corrective, "InvoiceNumber")}");
        Assert.Equal("2026-11-23", Of(corrective, "InvoiceIssueDate"));
        Assert.Equal("2026-11-01|2026-11-30", $"{Of(corrective, "StartDate")}|{Of(corrective, "EndDate")}");
        Assert.Equal($"{code}|{description}", $"{Of(corrective, "ReasonCode")}|{Of(corrective, "ReasonDescription")}");
        Assert.Equal(
            "02|Rectificación por diferencias",
            $"{Of(corrective, "CorrectionMethod")}|{Of(corrective, "CorrectionMethodDescription")}"
        );
        Assert.Equal(text, Of(corrective, "AdditionalReasonDescription"));
        Assert.Equal("-9.95", Of(xml, "InvoiceTotal"));
        Assert.Empty(xml.Descendants("PaymentDetails"));
    }

    [Theory]
    [InlineData("R2", null, "85")]
    [InlineData("R3", "impagada desde hace un año", "16")]
    [InlineData("R4", "NIF del destinatario equivocado", "07")]
    [InlineData("R4", "tipo de IVA equivocado", "11")]
    [InlineData("R4", "domicilio anterior", "09")]
    public void A_substitution_states_the_invoice_anew(string reason, string? text, string code)
    {
        var invoice = IssuedFacturae.Issue(Shop.SaleTo("A-1")) with
        {
            Kind = InvoiceKind.Corrective,
            TypeCode = "384",
            Corrects =
            [
                new InvoiceReference { Number = "2025/0001", IssueDate = new DateOnly(2025, 12, 31) },
                new InvoiceReference { Number = "2026/0002", IssueDate = new DateOnly(2026, 1, 2) },
            ],
            Correction = new InvoiceCorrection
            {
                Reason = reason,
                Text = text,
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 10m, VatAmount = 2.1m },
            },
        };

        var document = IssuedFacturae.Write(invoice);

        Assert.Empty(IssuedFacturae.Breaches(document));
        IssuedFacturae.Ties(document, invoice);
        var corrective = Parse(document).Descendants("Corrective").Single();
        Assert.Equal(
            $"{code}|01|2025/0001",
            $"{Of(corrective, "ReasonCode")}|{Of(corrective, "CorrectionMethod")}|{Of(corrective, "InvoiceNumber")}"
        );
        Assert.Contains("2026/0002", Of(corrective, "AdditionalReasonDescription"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_surcharge_stands_beside_the_VAT_of_its_rate()
    {
        var invoice = Issue("", """{"buyer":{"equivalenceSurcharge":true}}""", "");

        var tax = Parse(IssuedFacturae.Write(invoice)).Descendants("Invoice").Single().Element("TaxesOutputs")!.Element("Tax")!;

        Assert.Equal(
            "01|21.00|5.20|0.86",
            $"{Of(tax, "TaxTypeCode")}|{Of(tax, "TaxRate")}|{Of(tax, "EquivalenceSurcharge")}|{tax.Element("EquivalenceSurchargeAmount")!.Value}"
        );
    }

    [Fact]
    public void What_is_due_is_asked_for_on_its_day_and_account_with_the_reference()
    {
        var invoice = Issue("", """{"dueDate":"2026-12-23","payments":[{"means":"card","amount":"5.00"}]}""", "");

        var xml = Parse(IssuedFacturae.Write(invoice));

        Assert.Equal(
            $"2026-12-23|14.90|04|{IssuedFacturae.Account.Iban}|CAIXESBBXXX|{invoice.PaymentReference}",
            string.Join(
                '|',
                new[] { "InstallmentDueDate", "InstallmentAmount", "PaymentMeans", "IBAN", "BIC", "PaymentReconciliationReference" }.Select(
                    name => Of(xml, name)
                )
            )
        );
        Assert.Contains("tarjeta 5.00 EUR", Of(xml, "InvoiceAdditionalInformation"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_account_no_transfer_is_asked_for()
    {
        var document = FacturaeDocument.Of(Issue("", "", ""), null).Value;

        Assert.Empty(IssuedFacturae.Breaches(document));
        Assert.Equal("13", Of(Parse(document), "PaymentMeans"));
    }

    [Fact]
    public void The_address_of_the_QR_and_the_words_of_the_law_are_legal_literals()
    {
        var invoice = Issue("", """{"lines":[{"name":"Chatarra","quantity":"1","unitPrice":"90","vat":{"category":"AE"}}]}""", "");

        var literals = Parse(IssuedFacturae.Write(invoice)).Descendants("LegalReference").Select(each => each.Value).ToList();

        Assert.Contains(invoice.Fiscal.QrUrl, literals);
        Assert.Contains("PRUEBA, sin validez fiscal", literals);
        Assert.Contains("Inversión del sujeto pasivo (art. 84 LIVA)", literals);
        Assert.Contains(literals, each => each.Contains("VERI*FACTU", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Ana Ruiz", "Ana|Ruiz|")]
    [InlineData("Ana Ruiz Gil", "Ana|Ruiz|Gil")]
    [InlineData("José Luis García de la Torre", "José Luis|García|de la Torre")]
    [InlineData("María del Carmen Pérez Gómez", "María del Carmen|Pérez|Gómez")]
    [InlineData("García López, Ana María", "Ana María|García|López")]
    public void A_persons_name_is_taken_apart(string name, string parts)
    {
        var sale = Shop.SaleTo("A-1");
        sale["buyer"]!["name"] = name;

        var person = Parse(IssuedFacturae.Write(IssuedFacturae.Issue(sale))).Descendants("BuyerParty").Single();

        Assert.Equal("F", Of(person, "PersonTypeCode"));
        Assert.Equal(
            parts,
            $"{Of(person, "Name")}|{Of(person, "FirstSurname")}|{person.Descendants("SecondSurname").SingleOrDefault()?.Value}"
        );
    }

    [Theory]
    [InlineData("F-S01-2026-000123", "F-S01-2026-", "000123")]
    [InlineData("T-TIENDA-DEL-CENTRO-2026-000123", "T-TIENDA-DEL-CENTRO", "-2026-000123")]
    [InlineData("F-A-2026-1", "F-A-2026-", "1")]
    public void A_number_stands_in_series_and_number_that_read_as_one(string number, string series, string rest)
    {
        var document = IssuedFacturae.Write(IssuedFacturae.Issue(Shop.SaleTo("A-1"), number: number));

        Assert.Empty(IssuedFacturae.Breaches(document));
        var header = Parse(document).Descendants("InvoiceHeader").Single();
        Assert.Equal(number, Of(header, "InvoiceSeriesCode") + Of(header, "InvoiceNumber"));
        Assert.Equal(number, FacturaeReader.Read(document).Value.Number);
        if (number.Length <= 30)
        {
            Assert.Equal($"{series}|{rest}", $"{Of(header, "InvoiceSeriesCode")}|{Of(header, "InvoiceNumber")}");
        }
    }

    [Fact]
    public void Another_currency_states_its_rate_and_the_euros()
    {
        var invoice = Issue("", "", "") with { Currency = Currency.Of("USD") };

        var document = IssuedFacturae.Write(invoice, new EuroRate(0.9m, new DateOnly(2026, 11, 20)));

        Assert.Empty(IssuedFacturae.Breaches(document));
        var xml = Parse(document);
        Assert.Equal("0.90|2026-11-20|EUR", $"{Of(xml, "ExchangeRate")}|{Of(xml, "ExchangeRateDate")}|{Of(xml, "TaxCurrencyCode")}");
        Assert.Equal("17.91", xml.Descendants("TotalInvoicesAmount").Single().Element("EquivalentInEuros")!.Value);
        Assert.Equal(3.11m, FacturaeReader.Read(document).Value.Totals.VatTotalInAccountingCurrency);
    }

    [Theory]
    [InlineData("a ticket", "INV-FACTURAE-01")]
    [InlineData("no address", "INV-FACTURAE-02")]
    [InlineData("a postal code of four digits", "INV-FACTURAE-02")]
    [InlineData("one word", "INV-FACTURAE-03")]
    [InlineData("a long name", "INV-FACTURAE-04")]
    [InlineData("a long number", "INV-FACTURAE-04")]
    [InlineData("a blind return", "INV-FACTURAE-05")]
    [InlineData("an original without a date", "INV-FACTURAE-05")]
    [InlineData("dollars", "INV-FACTURAE-06")]
    [InlineData("a country that is not listed", "INV-FACTURAE-07")]
    [InlineData("a currency that is not listed", "INV-FACTURAE-07")]
    public void What_it_cannot_hold_is_refused_with_a_code(string what, string code)
    {
        var full = Issue("", "", "");
        InvoiceBody To(Func<InvoiceParty, InvoiceParty> change) => full with { Buyer = change(full.Buyer!) };
        var blind = IssuedFacturae.Issue(Shop.SaleTo("A-9", quantity: "-1"));
        var invoice = what switch
        {
            "a ticket" => IssuedFacturae.Issue(Shop.Sale("A-1")),
            "no address" => To(buyer => buyer with { Address = null }),
            "a postal code of four digits" => To(buyer => buyer with { Address = buyer.Address! with { PostalCode = "2801" } }),
            "one word" => To(buyer => buyer with { Name = "Ana" }),
            "a long name" => To(buyer => buyer with { Name = $"Ana {new string('x', 41)}" }),
            "a long number" => full with { Number = new string('1', 41) },
            "a blind return" => blind,
            "an original without a date" => blind with { Corrects = [new InvoiceReference { Number = "1" }] },
            "dollars" => full with { Currency = Currency.Of("USD") },
            "a country that is not listed" => To(buyer => buyer with { Address = buyer.Address! with { Country = "SS" } }),
            _ => full with { Currency = Currency.Of("SSP") },
        };

        Assert.True(FacturaeDocument.Of(invoice, IssuedFacturae.Account).Refused(out var fault), what);
        Assert.Equal(code, fault.Code.Code);
        Assert.Equal(422, fault.Status);
    }

    internal static InvoiceBody Issue(string kind, string sale, string seller)
    {
        var posted = Shop.SaleTo($"A-{kind.Length}");
        Merge(posted, sale);
        return IssuedFacturae.Issue(posted, registration => Merge(registration, seller));
    }

    private static void Merge(JsonObject into, string json)
    {
        if (json.Length == 0)
        {
            return;
        }

        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject().ToList())
        {
            if (name == "buyer" && into[name] is JsonObject buyer)
            {
                if (value!["taxIdType"] is not null)
                {
                    into[name] = value.DeepClone();
                    continue;
                }

                Merge(buyer, value.ToJsonString());
            }
            else
            {
                into[name] = value!.DeepClone();
            }
        }
    }

    private static XElement Parse(byte[] document) => XDocument.Load(new MemoryStream(document)).Root!;

    private static string Of(XElement at, string name) => at.Descendants(name).FirstOrDefault()?.Value ?? "";
}
