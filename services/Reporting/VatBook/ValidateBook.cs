using System.Runtime.CompilerServices;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>What a rule of the layout finds in a book.</summary>
public sealed record FindingRow
{
    /// <summary>The rule's number in the layout.</summary>
    public required int Rule { get; init; }

    /// <summary>What it wants.</summary>
    public required string Wants { get; init; }

    /// <summary>How many invoices are against it.</summary>
    public required long Invoices { get; init; }

    /// <summary>The first of them.</summary>
    public required string First { get; init; }
}

/// <summary>Holds the book of a period against the layout's own rules: each rule that is broken, by how many invoices and by which first.</summary>
public sealed class ValidateBook(QueryBook book)
{
    private static readonly ReportColumn[] Columns =
    [
        new("rule", "Rule", "Validación", ColumnKind.Whole),
        new("wants", "What it wants", "Qué exige", ColumnKind.Text),
        new("invoices", "Invoices", "Facturas", ColumnKind.Whole),
        new("first", "First of them", "Primera", ColumnKind.Text),
    ];

    /// <summary>The report, in a language.</summary>
    public Task<Outcome<Report<FindingRow>>> MakeAsync(Asked asked, string language, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<Report<FindingRow>>>(
            new Report<FindingRow>
            {
                Name = "vat-book-check",
                Columns = Columns,
                Cells = row => [(long)row.Rule, row.Wants, row.Invoices, row.First],
                Rows = RowsAsync(asked, language, cancellationToken),
                Head = new Dictionary<string, object?> { ["layout"] = BookLayout.Version },
            }
        );

    private async IAsyncEnumerable<FindingRow> RowsAsync(
        Asked asked,
        string language,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var found = new SortedDictionary<int, (long Invoices, string First)>();
        var invoice = new List<BookEntry>();
        await foreach (var entry in book.RunAsync(asked.SellerId, asked.From, asked.To, asked.AsOf, cancellationToken))
        {
            if (invoice.Count > 0 && invoice[0].InvoiceId != entry.InvoiceId)
            {
                Count(found, invoice);
                invoice.Clear();
            }

            invoice.Add(entry);
        }

        Count(found, invoice);
        foreach (var (rule, (invoices, first)) in found)
        {
            var (english, spanish) = BookRules.Words[rule];
            yield return new FindingRow
            {
                Rule = rule,
                Wants = language == "es" ? spanish : english,
                Invoices = invoices,
                First = first,
            };
        }
    }

    private static void Count(SortedDictionary<int, (long Invoices, string First)> found, IReadOnlyList<BookEntry> invoice)
    {
        foreach (var finding in BookRules.Check(invoice))
        {
            found[finding.Rule] = found.TryGetValue(finding.Rule, out var known) ? (known.Invoices + 1, known.First) : (1, finding.Number);
        }
    }
}
