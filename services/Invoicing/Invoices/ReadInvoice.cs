using System.Text.Json;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Puts an invoice together: the fiscal row, what is kept of the contact, and what has become of it since.</summary>
internal static class ReadInvoice
{
    /// <summary>The columns that <see cref="From"/> wants, from invoice i left join invoice_contact c.</summary>
    public const string Columns = """
        i.body, c.invoice_id is not null, c.customer_id, c.name, c.email, c.phone, c.language,
        (select json_agg(json_build_object('invoiceId', k.corrective_invoice_id, 'number', k.corrective_number, 'issueDate', k.issue_date)
            order by k.corrective_invoice_id) from correction k where k.seller_id = i.seller_id and k.invoice_id = i.invoice_id and not exists
            (select from cancellation kx where kx.seller_id = i.seller_id and kx.invoice_id = k.corrective_invoice_id))::text,
        (select json_build_object('invoiceId', e.exchange_invoice_id, 'number', e.exchange_number, 'issueDate', e.issue_date)
            from exchange e where e.seller_id = i.seller_id and e.ticket_invoice_id = i.invoice_id and e.freed_at is null)::text,
        exists (select from cancellation x where x.seller_id = i.seller_id and x.invoice_id = i.invoice_id),
        (select json_build_object('state', a.state, 'code', a.code, 'description', a.description, 'csv', a.csv)
            from (select * from fiscal_record r where r.seller_id = i.seller_id and r.invoice_id = i.invoice_id order by r.position desc limit 1) f
            left join lateral (select * from fiscal_answer w where w.tax_id = f.tax_id and w.environment = f.environment
                and w.installation = f.installation and w.position = f.position offset 0) a on true)::text
        """;

    /// <summary>Where they come from.</summary>
    public const string Tables = "invoice i left join invoice_contact c using (seller_id, invoice_id)";

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
            CorrectedBy = Text(7) is { } corrections ? JsonSerializer.Deserialize<List<InvoiceReference>>(corrections, Wire.Tolerant)! : [],
            ReplacedBy = Text(8) is { } exchange ? JsonSerializer.Deserialize<InvoiceReference>(exchange, Wire.Tolerant) : null,
            Status = reader.GetBoolean(from + 9) ? InvoiceStatus.Cancelled : InvoiceStatus.Issued,
            Fiscal = Text(10) is { } answer
                ? Answered(kept.Fiscal, JsonSerializer.Deserialize<LatestAnswer>(answer, Wire.Tolerant)!)
                : kept.Fiscal,
            Links = IssuedInvoice.Links(address, kept.InvoiceId),
        };
    }

    /// <summary>The invoice as JSON, and nothing that an event adds to it.</summary>
    public static byte[] Json(InvoiceBody invoice) => JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Tolerant);

    /// <summary>The invoice as an HTTP answer.</summary>
    public static IResult ToResult(InvoiceBody invoice, int status = StatusCodes.Status200OK) => new InvoiceResult(Json(invoice), status);

    /// <summary>What the agency has said to the latest record of the invoice.</summary>
    private static FiscalBody Answered(FiscalBody kept, LatestAnswer answer) =>
        answer.State is null
            ? kept with
            {
                Submission = FiscalSubmission.Pending,
            }
            : kept with
            {
                Submission = answer.State switch
                {
                    "accepted" => FiscalSubmission.Accepted,
                    "accepted-with-errors" => FiscalSubmission.AcceptedWithErrors,
                    _ => FiscalSubmission.Rejected,
                },
                Csv = answer.Csv,
                Errors = answer.Code is { } code ? [FiscalErrors.Of(code, answer.Description)] : null,
            };

    private sealed record LatestAnswer(string? State, string? Code, string? Description, string? Csv);

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
