using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The rows of invoices that are issued together: a statement a table, however many there are.</summary>
internal static class KeepInvoices
{
    private const string Invoices = """
        insert into invoice (seller_id, invoice_id, environment, kind, number, series, store_id, issue_date, operation_date, issued_at,
            currency, total_with_vat, buyer_name, body)
        select * from unnest(@sellers, @invoices, @environments, @kinds, @numbers, @series, @stores, @issue_dates, @operation_dates,
            @issued_ats, @currencies, @totals, @buyer_names, @bodies)
        """;
    private const string Numbers = """
        insert into invoice_number (seller_id, number, environment, invoice_id)
        select * from unnest(@sellers, @numbers, @environments, @invoices)
        """;
    private const string Contacts = """
        insert into invoice_contact (seller_id, invoice_id, customer_id, name, email, phone, language)
        select * from unnest(@sellers, @invoices, @customers, @names, @emails, @phones, @languages)
        """;
    private const string ReturnedSums = """
        update returned r set total = r.total + u.total
        from unnest(@sellers, @originals, @totals) as u (seller_id, invoice_id, total)
        where r.seller_id = u.seller_id and r.invoice_id = u.invoice_id
        """;
    private const string ReturnedProducts = """
        insert into returned_product (seller_id, invoice_id, product, quantity, return_invoice_id)
        select * from unnest(@sellers, @originals, @products, @quantities, @invoices)
        """;
    private const string Corrections = """
        insert into correction (seller_id, invoice_id, corrective_invoice_id, corrective_number, issue_date, method)
        select * from unnest(@sellers, @originals, @invoices, @numbers, @issue_dates, @methods)
        """;
    private const string Exchanges = """
        insert into exchange (seller_id, ticket_invoice_id, exchange_invoice_id, exchange_number, issue_date)
        select * from unnest(@sellers, @tickets, @invoices, @numbers, @issue_dates)
        """;

    /// <summary>Adds what keeps invoices with what each changes of others.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyList<(InvoiceDraft Draft, InvoiceIssued Invoice)> issued)
    {
        var invoices = issued.Select(each => each.Invoice).ToList();
        Add(
            batch,
            Invoices,
            invoices,
            Texts("environments", invoices.Select(each => each.Fiscal.Environment.ToString())),
            Texts("kinds", invoices.Select(each => each.Kind.ToString())),
            Texts("numbers", invoices.Select(each => each.Number)),
            Texts("series", invoices.Select(each => each.Series)),
            Texts("stores", invoices.Select(each => each.StoreId.Value)),
            new("issue_dates", invoices.Select(each => each.IssueDate).ToArray()),
            new("operation_dates", invoices.Select(each => each.OperationDate).ToArray()),
            new("issued_ats", invoices.Select(each => each.IssuedAt.ToUniversalTime()).ToArray()),
            Texts("currencies", invoices.Select(each => each.Currency.Code)),
            new("totals", invoices.Select(each => each.Totals.TotalWithVat).ToArray()),
            Texts("buyer_names", invoices.Select(each => each.Buyer?.Name)),
            new("bodies", NpgsqlDbType.Array | NpgsqlDbType.Text)
            {
                Value = invoices.Select(each => JsonSerializer.SerializeToUtf8Bytes(IssuedInvoice.Kept(each), Wire.Tolerant)).ToArray(),
            }
        );
        Add(
            batch,
            Numbers,
            invoices,
            Texts("numbers", invoices.Select(each => each.Number)),
            Texts("environments", invoices.Select(each => each.Fiscal.Environment.ToString()))
        );
        var reached = invoices.Where(each => each.Contact is not null).ToList();
        Add(
            batch,
            Contacts,
            reached,
            Texts("customers", reached.Select(each => each.Contact!.CustomerId?.Value)),
            Texts("names", reached.Select(each => each.Contact!.Name)),
            Texts("emails", reached.Select(each => each.Contact!.Email)),
            Texts("phones", reached.Select(each => each.Contact!.Phone)),
            Texts("languages", reached.Select(each => each.Contact!.Language))
        );
        AddTouched(batch, issued);
    }

    private static void AddTouched(NpgsqlBatch batch, IReadOnlyList<(InvoiceDraft Draft, InvoiceIssued Invoice)> issued)
    {
        var returns = issued.Where(each => each.Draft is { Original: not null, Returned: not null }).ToList();
        Add(
            batch,
            ReturnedSums,
            [.. returns.Select(each => each.Invoice)],
            new("originals", returns.Select(each => each.Draft.Original!.Id.Value).ToArray()),
            new("totals", returns.Select(each => each.Draft.Returned!.Total).ToArray())
        );
        var products = returns
            .SelectMany(each => each.Draft.Returned!.Quantities.Select(product => (each.Draft, each.Invoice, product)))
            .ToList();
        Add(
            batch,
            ReturnedProducts,
            [.. products.Select(each => each.Invoice)],
            new("originals", products.Select(each => each.Draft.Original!.Id.Value).ToArray()),
            Texts("products", products.Select(each => each.product.Key)),
            new("quantities", products.Select(each => each.product.Value).ToArray())
        );
        var corrections = issued.Where(each => each.Draft is { Original: not null, Correction: not null }).ToList();
        Add(
            batch,
            Corrections,
            [.. corrections.Select(each => each.Invoice)],
            new("originals", corrections.Select(each => each.Draft.Original!.Id.Value).ToArray()),
            Texts("numbers", corrections.Select(each => each.Invoice.Number)),
            new("issue_dates", corrections.Select(each => each.Invoice.IssueDate).ToArray()),
            Texts(
                "methods",
                corrections.Select(each => each.Draft.Correction!.Method == CorrectionMethod.Substitution ? "substitution" : "differences")
            )
        );
        var tickets = issued.SelectMany(each => each.Draft.Tickets.Select(ticket => (ticket, each.Invoice))).ToList();
        Add(
            batch,
            Exchanges,
            [.. tickets.Select(each => each.Invoice)],
            new("tickets", tickets.Select(each => each.ticket.InvoiceId.Value).ToArray()),
            Texts("numbers", tickets.Select(each => each.Invoice.Number)),
            new("issue_dates", tickets.Select(each => each.Invoice.IssueDate).ToArray())
        );
    }

    private static void Add(NpgsqlBatch batch, string sql, IReadOnlyList<InvoiceIssued> rows, params NpgsqlParameter[] columns)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Texts("sellers", rows.Select(each => each.SellerId.Value)),
                new("invoices", rows.Select(each => each.InvoiceId.Value).ToArray()),
            },
        };
        command.Parameters.AddRange(columns);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter Texts(string name, IEnumerable<string?> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };
}
