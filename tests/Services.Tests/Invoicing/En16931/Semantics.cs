using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>What invoices of the semantic model say, so that two can be compared whole: what says nothing is left out.</summary>
internal static class Semantics
{
    /// <summary>Every fact of an invoice, one a line, by its way.</summary>
    public static IReadOnlyList<string> Facts(Invoice invoice)
    {
        var facts = new List<string>();
        Gather(JsonSerializer.SerializeToNode(Canonical(invoice)), "", facts);
        return facts;
    }

    /// <summary>The first facts that one has and the other has not; empty where they say the same.</summary>
    public static string Difference(Invoice expected, Invoice actual)
    {
        var (left, right) = (Facts(expected), Facts(actual));
        var differing = left.Except(right, StringComparer.Ordinal)
            .Select(fact => $"lost {fact}")
            .Concat(right.Except(left, StringComparer.Ordinal).Select(fact => $"came {fact}"));
        return string.Join(" | ", differing.Take(6));
    }

    /// <summary>The document's invoice, by its syntax.</summary>
    public static Invoice Read(byte[] document)
    {
        using var reader = ReadXmlTree.Take();
        var tree = reader.From(new MemoryStream(document));
        Assert.False(tree.Refused(out var fault), fault?.In(null));
        return tree.Value.Root.Is(Rsm.CrossIndustryInvoice) ? CiiReader.Read(tree.Value.Root) : UblReader.Read(tree.Value.Root);
    }

    /// <summary>Documents of a root element in folders of the shared data.</summary>
    public static IEnumerable<string> Documents(IEnumerable<string> folders, Func<string, bool> root) =>
        folders
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Shared($"compliance/{folder}"), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file).Equals(".xml", StringComparison.OrdinalIgnoreCase) && root(RootOf(file)))
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// What the syntaxes write in two ways, one way: CII has identifiers without a scheme first; UBL has a discount of nothing with a gross
    /// price, CII a gross price with a discount; UBL has a total of VAT where there are parts of it; a means of payment that is not told is
    /// code 1.
    /// </summary>
    private static Invoice Canonical(Invoice invoice) =>
        invoice with
        {
            Seller = invoice.Seller with { Identifiers = [.. invoice.Seller.Identifiers.OrderBy(each => each.Scheme is not null)] },
            Payment = invoice.Payment is { MeansCode: "" } payment ? payment with { MeansCode = "1" } : invoice.Payment,
            Totals = invoice.Totals with
            {
                VatTotal =
                    invoice.Totals.VatTotal
                    ?? (invoice.VatBreakdown.Count > 0 ? invoice.VatBreakdown.Sum(part => part.TaxAmount ?? 0m) : null),
            },
            Lines =
            [
                .. invoice.Lines.Select(line =>
                    line with
                    {
                        Price = line.Price with
                        {
                            GrossPrice = line.Price.GrossPrice ?? (line.Price.Discount is { } less ? line.Price.NetPrice + less : null),
                            Discount = line.Price.Discount is 0m ? null : line.Price.Discount,
                        },
                    }
                ),
            ],
        };

    private static void Gather(JsonNode? node, string way, List<string> facts)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Gather(value, $"{way}/{name}", facts);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    Gather(items[i], $"{way}[{i}]", facts);
                }

                break;
            case not null:
                facts.Add($"{way} {node.ToJsonString()}");
                break;
        }
    }

    private static string RootOf(string file)
    {
        using var reader = ReadXmlTree.Take();
        using var stream = File.OpenRead(file);
        return reader.From(stream).Refused(out _) ? "" : reader.Tree.Root.NameText;
    }
}
