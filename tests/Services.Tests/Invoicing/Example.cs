using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>A sale of tests/Services.Tests/examples/in, made an invoice of without a database: the law and the arithmetic alone.</summary>
internal sealed record Example(InvoiceBody Invoice, PayeeAccount? Account)
{
    private const string Folder = "tests/Services.Tests/examples";
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-23T10:16:00+01:00", CultureInfo.InvariantCulture);

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, Folder, "in"), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    /// <summary>Where what comes of an example is kept.</summary>
    public static string Out(string name, string file) => $"{Folder}/out/{name}/{file}";

    /// <summary>What becomes of an example.</summary>
    public static Example Of(string name)
    {
        var described = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, Folder, "in", $"{name}.json")))!;
        var registration = Shop.Registration();
        foreach (var (field, value) in described["seller"]?.AsObject() ?? [])
        {
            registration[field] = value?.DeepClone();
        }

        var seller = new RegisteredSeller(
            SellerId.Of(Shop.Seller),
            JsonSerializer.Deserialize<SellerBody>(registration.ToJsonString(), Wire.Strict)!
        );
        var sale = described["sale"]!.AsObject();
        var outcome = Issued(seller, Posted(sale), OriginalOf(seller, described["original"]?.AsObject(), sale), 2);
        Assert.False(outcome.Refused(out var fault), fault?.In("en"));
        return new Example(outcome.Value, seller.Account);
    }

    /// <summary>The invoice that a sale becomes.</summary>
    public static Outcome<InvoiceBody> Issued(RegisteredSeller seller, SalePosted posted, Original? original = null, int sequence = 1)
    {
        var drafted = InvoiceDraft.Of(seller, Sale.Of(posted), original, Now);
        if (drafted.Refused(out var fault))
        {
            return fault;
        }

        var draft = drafted.Value;
        var issueDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, draft.Zone).DateTime);
        var key = new SeriesKey(seller.SellerId, seller.Body.Environment, SeriesKey.KindOf(draft.Kind), posted.StoreId, issueDate.Year);
        var series = key.Text(1);
        var id = InvoiceId.Of(new Guid(sequence, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]));
        var numbered = new Numbered(id, series, InvoiceNumber.Of(series, sequence), issueDate, Now);
        return Regimes.Issue(draft, numbered, Now, null) with { EventId = default };
    }

    /// <summary>Reads a sale as the doors do.</summary>
    public static SalePosted Posted(JsonObject sale) => JsonSerializer.Deserialize<SalePosted>(sale.ToJsonString(), Wire.Strict)!;

    private static Original? OriginalOf(RegisteredSeller seller, JsonObject? original, JsonObject sale)
    {
        if (original is null)
        {
            return null;
        }

        if (original["number"] is { } number)
        {
            var date = DateOnly.Parse(original["issueDate"]!.GetValue<string>(), CultureInfo.InvariantCulture);
            return Original.Former(SellerId.Of(Shop.Seller), number.GetValue<string>(), date);
        }

        // What an original does not say is as in the sale that it is the original of.
        var first = sale.DeepClone().AsObject();
        first.Remove("returnOf");
        first.Remove("returnReason");
        first.Remove("payments");
        first["saleId"] = "ORIGINAL";
        foreach (var (field, value) in original)
        {
            first[field] = value?.DeepClone();
        }

        var issued = Issued(seller, Posted(first));
        Assert.False(issued.Refused(out var fault), fault?.In("en"));
        return Original.Ours(issued.Value);
    }
}
