using System.Net;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Staff that the seller's list holds to one shop, at the doors of Delivery: documents of its shop, and of no other.</summary>
public sealed class DeliveryStoresTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task Documents_and_messages_of_another_store_are_not_there_and_a_list_without_an_invoice_is_refused()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var own = neighbours.Issued(SampleInvoice.Of(Seller));
        var other = neighbours.Issued(SampleInvoice.Of(Seller) with { InvoiceId = InvoiceId.New(), StoreId = StoreId.Of("S99") });
        using var held = delivery.Member(Seller.Value, StaffRole.Shop, own.StoreId.Value);
        foreach (var door in new[] { "/v1/invoices/{0}/pdf", "/v1/invoices/{0}/html", "/v1/transmissions?invoiceId={0}" })
        {
            foreach (var (invoice, status) in new[] { (own, HttpStatusCode.OK), (other, HttpStatusCode.NotFound) })
            {
                var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, door, invoice.InvoiceId);
                Assert.Equal(status, (await held.GetAsync(path)).StatusCode);
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await held.PostAsync($"/v1/invoices/{other.InvoiceId}/print", null)).StatusCode);
        var list = await held.GetAsync("/v1/transmissions");
        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        Assert.Contains("AUTH-04", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var channel = delivery.Channel();
        var documents = new Documents.DocumentsClient(channel);
        var staff = delivery.CallAs("portal", StoreSweep.Behalf(Seller.Value, StaffRole.Shop, own.StoreId.Value));
        await documents.PdfAsync(new GetPdf { InvoiceId = own.InvoiceId.ToString() }, staff);
        var none = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await documents.PdfAsync(new GetPdf { InvoiceId = other.InvoiceId.ToString() }, staff)
        );
        Assert.Equal(Grpc.Core.StatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_reminder_of_several_stores_invoices_names_to_a_member_the_invoice_of_its_own_store_alone()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var own = neighbours.Issued(SampleInvoice.Of(Seller));
        var other = neighbours.Issued(SampleInvoice.Of(Seller) with { InvoiceId = InvoiceId.New(), StoreId = StoreId.Of("S99") });
        var notice = new Notice
        {
            NoticeId = NoticeId.New().ToString(),
            SellerId = Seller.Value,
            InvoiceId = other.InvoiceId.ToString(),
            Step = "r1",
            Email = "cliente@example.com",
            Language = "es",
            Currency = "EUR",
            Template = "reminder",
            Tone = "neutral",
            Channel = "email",
            CustomerId = "c1",
        };
        notice.Items.Add(new[] { other, own }.Select(Reminded));
        using var channel = delivery.Channel();
        var collections = delivery.CallAs("collections", OnBehalfOf.Seller(Seller));
        await new Messages.MessagesClient(channel).SendNoticeAsync(notice, collections);

        using var held = delivery.Member(Seller.Value, StaffRole.Shop, own.StoreId.Value);
        var seen = await held.GetStringAsync($"/v1/transmissions?invoiceId={own.InvoiceId}");

        Assert.Contains("reminder", seen, StringComparison.Ordinal);
        Assert.Contains(own.InvoiceId.ToString(), seen, StringComparison.Ordinal);
        Assert.DoesNotContain(other.InvoiceId.ToString(), seen, StringComparison.Ordinal);
        using var all = delivery.Member(Seller.Value, StaffRole.Shop);
        Assert.Contains(
            other.InvoiceId.ToString(),
            await all.GetStringAsync($"/v1/transmissions?invoiceId={own.InvoiceId}"),
            StringComparison.Ordinal
        );
    }

    private static NoticeItem Reminded(InvoiceBody invoice) =>
        new()
        {
            InvoiceId = invoice.InvoiceId.ToString(),
            Number = invoice.Number,
            AmountDue = "60.50",
            DueDate = "2026-11-01",
            PaymentReference = "RF18539007547034",
            Step = "r1",
        };

    [Fact]
    public async Task No_GET_door_shows_anything_of_another_store()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var other = SampleInvoice.Of(Seller);
        other = neighbours.Issued(
            other with
            {
                InvoiceId = InvoiceId.New(),
                StoreId = StoreId.Of("S99"),
                Lines = [other.Lines[0] with { Name = "Zorzal azul" }, .. other.Lines.Skip(1)],
            }
        );
        await delivery.PublishAsync(other);
        using var all = delivery.Member(Seller.Value, StaffRole.Owner);
        await Eventually.TrueAsync(
            async () =>
                (await all.GetStringAsync($"/v1/transmissions?invoiceId={other.InvoiceId}")).Contains(
                    other.InvoiceId.ToString(),
                    StringComparison.Ordinal
                ),
            "the message is on its way"
        );
        var values = new Dictionary<string, string> { ["invoiceId"] = other.InvoiceId.ToString(), ["customerId"] = "17850" };
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var held = delivery.Member(Seller.Value, role, "S01");
            var answers = await StoreSweep.WalkAsync(
                delivery,
                held,
                values,
                ["", "?status=queued", "?limit=5"],
                ["Zorzal azul", other.Contact?.Email ?? "Zorzal azul"]
            );
            Assert.Equal((404, 403), (answers["/v1/invoices/{invoiceId}/pdf"], answers["/v1/transmissions/{transmissionId}"]));
        }
    }
}
