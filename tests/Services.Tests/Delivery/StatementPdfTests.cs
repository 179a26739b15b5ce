using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class StatementPdfTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Theory]
    [InlineData("es", "Extracto de cuenta", "Saldo inicial", "Saldo final", "Factura F-1", "1.234,50 €")]
    [InlineData("ca", "Extracte de compte", "Saldo inicial", "Saldo final", "Factura F-1", "1.234,50 €")]
    [InlineData("gl", "Extracto de conta", "Saldo inicial", "Saldo final", "Factura F-1", "1.234,50 €")]
    [InlineData("eu", "Kontu-laburpena", "Hasierako saldoa", "Amaierako saldoa", "Faktura F-1", "1.234,50 €")]
    [InlineData("en", "Statement of account", "Opening balance", "Closing balance", "Invoice F-1", "€1,234.50")]
    public async Task Each_reader_finds_what_was_owed_what_happened_and_what_is_owed(
        string language,
        string title,
        string opening,
        string closing,
        string invoice,
        string amount
    )
    {
        using var pdf = new PdfOnDisk(StatementPdf.Of(Content(language, 3), SampleInvoice.Seller(Seller), null));

        var text = await pdf.TextAsync();

        foreach (var wanted in new[] { title, opening, closing, invoice, amount, "Comercios Ñandú, S.L.", "María José Ibáñez", "c-17" })
        {
            Assert.Contains(wanted, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Claims_stand_apart_and_many_movements_run_over_pages_with_their_heading_and_none_is_lost()
    {
        using var pdf = PdfDocument.Open(StatementPdf.Of(Content("es", 300), SampleInvoice.Seller(Seller), null));

        Assert.True(pdf.NumberOfPages > 5, $"{pdf.NumberOfPages} pages");
        var words = pdf.GetPages().SelectMany(page => page.GetWords()).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        Assert.All(Enumerable.Range(1, 300), i => Assert.Contains($"F-{i}", words));
        foreach (var page in pdf.GetPages())
        {
            Assert.All(page.Letters, letter => Assert.InRange(letter.BoundingBox.Bottom, 0, page.Height));
        }

        Assert.Contains("Saldo", pdf.GetPage(2).GetWords().Select(word => word.Text));
        var last = pdf.GetPage(pdf.NumberOfPages).Text.Replace('\u00a0', ' ');
        Assert.Contains("Intereses de demora y costes de cobro", last, StringComparison.Ordinal);
        Assert.Contains("no llevan IVA", last, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_any_script_and_of_any_length_stops_no_statement()
    {
        foreach (var name in new[] { "Ελένη Παπαδοπούλου", "山田太郎", "محمد", new string('W', 4_000), "\u0001\ufffd", "" })
        {
            var content = Content("es", 1) with { CustomerName = name, CustomerNumber = name };
            using var pdf = PdfDocument.Open(StatementPdf.Of(content, null, null));
            Assert.True(pdf.NumberOfPages >= 1);
        }
    }

    [Fact]
    public async Task Collections_alone_has_a_statement_set_and_what_cannot_be_read_is_refused()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var channel = delivery.Channel();
        var documents = new Documents.DocumentsClient(channel);
        var collections = delivery.CallAs("collections", OnBehalfOf.Seller(Seller));
        var asked = Asked();

        var pdf = await documents.StatementAsync(asked, collections);
        Assert.Equal(("application/pdf", "c-17_2026-01-01_2026-11-23.pdf"), (pdf.ContentType, pdf.FileName));
        Assert.True(pdf.Content.Span.StartsWith("%PDF"u8), "a PDF");

        async Task RefusedAsync(GetStatementPdf request, Grpc.Core.Metadata caller, string code)
        {
            var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await documents.StatementAsync(request, caller));
            Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
        }

        await RefusedAsync(asked, delivery.CallAs("portal", OnBehalfOf.Seller(Seller)), "AUTH-03");
        await RefusedAsync(asked, delivery.CallAs("collections", OnBehalfOf.Customer("a@example.com", Seller)), "AUTH-03");
        foreach (
            var broken in new Action<GetStatementPdf>[]
            {
                each => each.From = "x",
                each => each.MadeAt = "x",
                each => each.CustomerNumber = new string('x', 400),
                each => each.Accounts[0].Currency = "PESETAS",
                each => each.Accounts[0].Opening = "1e3",
                each =>
                    each.Accounts[0]
                        .Entries.Add(
                            new StatementEntryPdf
                            {
                                Date = "2026-13-01",
                                Amount = "1",
                                Balance = "1",
                            }
                        ),
            }
        )
        {
            var request = Asked();
            broken(request);
            await RefusedAsync(request, collections, "DEL-SEND-03");
        }
    }

    private static GetStatementPdf Asked()
    {
        var asked = new GetStatementPdf
        {
            CustomerNumber = "c-17",
            CustomerName = "María José Ibáñez",
            Language = "es",
            From = "2026-01-01",
            To = "2026-11-23",
            MadeAt = "2026-11-23T10:15:30+01:00",
        };
        asked.Accounts.Add(
            new StatementAccountPdf
            {
                Currency = "EUR",
                Opening = "0.00",
                Closing = "-10.00",
                ClaimsDue = "0.00",
            }
        );
        return asked;
    }

    private static StatementContent Content(string language, int movements) =>
        new()
        {
            CustomerNumber = "c-17",
            CustomerName = "María José Ibáñez",
            Language = language,
            From = new DateOnly(2026, 1, 1),
            To = new DateOnly(2026, 11, 23),
            MadeAt = new DateTimeOffset(2026, 11, 23, 9, 15, 30, TimeSpan.Zero),
            Accounts =
            [
                new StatementContent.Account
                {
                    Currency = Currency.Eur,
                    Opening = 0m,
                    Closing = 1_234.50m * movements,
                    Entries =
                    [
                        .. Enumerable
                            .Range(1, movements)
                            .Select(i => new StatementContent.Entry
                            {
                                Date = new DateOnly(2026, 1, 1).AddDays(i),
                                Kind = "invoice",
                                Number = $"F-{i}",
                                DueDate = new DateOnly(2026, 2, 1).AddDays(i),
                                Amount = 1_234.50m,
                                Balance = 1_234.50m * i,
                            }),
                    ],
                    Claims =
                    [
                        new StatementContent.Claim
                        {
                            Date = new DateOnly(2026, 11, 1),
                            Kind = "interest",
                            Number = "F-1",
                            Amount = 9.16m,
                            State = "due",
                        },
                    ],
                    ClaimsDue = 9.16m,
                },
            ],
        };
}
