using System.Text.Json;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Puts an invoice together: the fiscal row, what is kept of the contact, and what has become of it since.</summary>
internal static class ReadInvoice
{
    /// <summary>The columns that <see cref="From"/> wants, from invoice i left join invoice_contact c.</summary>
    public const string Columns = """
        i.body, c.invoice_id is not null, c.customer_id, c.name, c.email, c.phone, c.language,
        (select json_agg(json_build_object('invoiceId', k.corrective_invoice_id, 'number', k.corrective_number, 'issueDate', k.issue_date)
            order by k.corrective_invoice_id) from correction k where k.seller_id = i.seller_id and k.invoice_id = i.invoice_id)::text
        """;

    /// <summary>Where they come from.</summary>
    public const string Tables = "invoice i left join invoice_contact c using (seller_id, invoice_id)";

    private const int Count = 8;

    /// <summary>Reads an invoice from the reader's row.</summary>
    public static InvoiceBody From(NpgsqlDataReader reader, PublicAddress address, int from = 0)
    {
        var kept = JsonSerializer.Deserialize<InvoiceBody>(reader.GetString(from), Wire.Tolerant)!;
        string? Text(int column) => reader.IsDBNull(from + column) ? null : reader.GetString(from + column);
        var contact = reader.GetBoolean(from + 1)
            ? new InvoiceContact
            {
                CustomerId = Text(2) is { } customer ? CustomerId.Of(customer) : null,
                Name = Text(3),
                Email = Text(4),
                Phone = Text(5),
                Language = Text(6),
            }
            : null;
        return kept with
        {
            Buyer = BuyerRules.WithContact(kept.Buyer, contact),
            Contact = contact,
            CorrectedBy = Text(Count - 1) is { } corrections
                ? JsonSerializer.Deserialize<List<InvoiceReference>>(corrections, Wire.Tolerant)!
                : [],
            Links = IssuedInvoice.Links(address, kept.InvoiceId),
        };
    }

    /// <summary>The invoice as JSON, and nothing that an event adds to it.</summary>
    public static byte[] Json(InvoiceBody invoice) => JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Tolerant);

    /// <summary>The invoice as an HTTP answer.</summary>
    public static IResult ToResult(InvoiceBody invoice, int status = StatusCodes.Status200OK) => new InvoiceResult(Json(invoice), status);

    private sealed class InvoiceResult(byte[] json, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            await httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}
