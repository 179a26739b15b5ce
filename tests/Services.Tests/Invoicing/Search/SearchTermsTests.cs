using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Search;

namespace RetailInvoicing.Services.Tests.Invoicing.Search;

public sealed class SearchTermsTests
{
    private static readonly SellerId Seller = SellerId.Of("s1");

    [Theory]
    [InlineData("porta", "'s1/porta':*")]
    [InlineData("  Lámpara   AZUL ", "'s1/lampara':* & 's1/azul':*")]
    [InlineData("T-S01-2026-000003", "'s1/t-s01-2026-000003':*")]
    [InlineData("XL-42", "('s1/xl-42':* | ('s1/xl':* & 's1/42':*))")]
    [InlineData("A-1", "'s1/a-1':*")]
    [InlineData("2026/000123", "('s1/2026/000123':* | ('s1/2026':* & 's1/123':*))")]
    [InlineData("a lampara", "'s1/lampara':*")]
    [InlineData("a", "'s1/a':*")]
    [InlineData("Ana@Example.com", "('s1/ana@example.com':* | ('s1/ana':* & 's1/example':* & 's1/com':*))")]
    [InlineData("000123", "('s1/=123.00' | 's1/123':*)")]
    [InlineData("1.234,56", "('s1/=1234.56' | 's1/1.234,56':*)")]
    [InlineData("1,234.56", "('s1/=1234.56' | 's1/1,234.56':*)")]
    [InlineData("12,5€", "('s1/=12.50' | 's1/12,5':*)")]
    [InlineData("1.234", "('s1/=1234.00' | 's1/1.234':*)")]
    [InlineData("-19,90", "('s1/=-19.90' | 's1/-19,90':*)")]
    [InlineData("o'hara\\x1", "'s1/o''hara\\\\x1':*")]
    [InlineData("l'hospitalet", "'s1/hospitalet':*")]
    [InlineData("% & | ! :*", null)]
    [InlineData("   ", null)]
    public void A_question_is_words_of_that_seller(string asked, string? question) =>
        Assert.Equal(question, SearchTerms.Question(Seller, asked));

    [Fact]
    public void An_invoice_is_found_by_number_buyer_products_and_total()
    {
        var words = SearchTerms.Of(Invoice());

        foreach (
            var word in new[]
            {
                "t-s01-2026-000003",
                "2026",
                "3",
                "=-1234.50",
                "cafe",
                "munoz",
                "ana@example.com",
                "example",
                "85123a",
                "portavelas",
                "17850",
                "b12345674",
                "600123123",
                "a-1",
            }
        )
        {
            Assert.Contains($"s1/{word}", words);
        }

        Assert.DoesNotContain("s1/000003", words);
        Assert.Equal(words.Length, words.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_long_word_is_not_cut_within_a_character()
    {
        var question = SearchTerms.Question(Seller, "a@" + new string('b', 57) + "😀😀");

        Assert.DoesNotContain(question!, char.IsSurrogate);
    }

    [Fact]
    public void A_long_list_and_a_long_word_are_cut()
    {
        var long_ = Invoice();
        var lines = Enumerable.Range(0, 700).Select(i => long_.Lines[0] with { Name = $"Cosa{i} {new string('x', 500)}", Sku = $"K-{i}" });

        var words = SearchTerms.Of(long_ with { Lines = [.. lines] });

        Assert.Equal(400, words.Length);
        Assert.All(words, word => Assert.True(word.Length <= 63, word));
    }

    private static InvoiceBody Invoice()
    {
        var vat = new InvoiceVatBody { Category = "S", Rate = 21m };
        return new InvoiceBody
        {
            InvoiceId = InvoiceId.New(),
            SellerId = Seller,
            Kind = InvoiceKind.Simplified,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = "T-S01-2026-000003",
            Series = "T-S01-2026",
            IssueDate = new(2026, 11, 23),
            OperationDate = new(2026, 11, 23),
            IssuedAt = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero),
            SaleIds = [SaleId.Of("A-1")],
            StoreId = StoreId.Of("S01"),
            Currency = Currency.Eur,
            Seller = new InvoiceParty { Name = "Ñandú" },
            Buyer = new InvoiceParty { Name = "Café Muñoz", TaxId = "B12345674" },
            Contact = new InvoiceContact
            {
                CustomerId = CustomerId.Of("17850"),
                Email = "Ana@example.com",
                Phone = "600 123 123",
            },
            Lines =
            [
                new InvoiceLineBody
                {
                    LineId = "1",
                    Sku = "85123A",
                    Name = "Portavelas",
                    Quantity = 1m,
                    Unit = "C62",
                    UnitPrice = 1m,
                    NetPrice = 1m,
                    LineNetAmount = 1m,
                    LineGrossAmount = 1m,
                    Vat = vat,
                },
            ],
            VatBreakdown = [],
            Totals = new InvoiceTotals
            {
                LineTotal = 0m,
                AllowanceTotal = 0m,
                ChargeTotal = 0m,
                TotalWithoutVat = 0m,
                VatTotal = 0m,
                TotalWithVat = -1234.5m,
                PaidAmount = 0m,
                RoundingAmount = 0m,
                AmountDue = 0m,
            },
            PaymentReference = "RF1",
            Fiscal = new FiscalBody
            {
                Regime = "none",
                Environment = SellerEnvironment.Test,
                RecordType = "F2",
                Submission = FiscalSubmission.NotRequired,
            },
        };
    }
}
