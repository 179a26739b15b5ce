using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Me;

/// <summary>
/// Gives a person its data to take away (GDPR art. 15 and 20): every invoice as JSON, the account with each shop, and what it said about
/// offers.
/// </summary>
public sealed class DownloadMe(AskInvoicing invoicing, AskCustomers customers, AskPersonal personal, AskCollections collections)
{
    private const int PageSize = 200;
    private const int MostPages = 50;

    private static readonly JsonSerializerOptions Readable = new(Wire.Tolerant) { WriteIndented = true };

    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadMe));
        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (person.Fault is { } unknown)
        {
            return page.Show(unknown);
        }

        var files = new List<ZipFile>();
        var filter = new ListFilter();
        for (var taken = 0; taken < MostPages; taken++)
        {
            var found = await customers.FindAsync(filter, unpaid: false, PageSize, visitor.AsCustomer, cancellationToken);
            // Half of it would be taken for all.
            if (found.Fault is { } fault)
            {
                return page.Show(fault);
            }

            files.AddRange(
                found.Value.Invoices.Select(each => new ZipFile(
                    $"invoices/{Download.NameOf($"{each.Number}.json", each.InvoiceId, "json")}",
                    JsonSerializer.SerializeToUtf8Bytes(each, Readable)
                ))
            );
            if (found.Value.NextCursor is not { } next)
            {
                break;
            }

            filter = filter with { Cursor = next };
        }

        foreach (var shop in person.Value.CustomerOf)
        {
            var seller = SellerId.Of(shop.SellerId);
            var behalf = visitor.AsCustomer with { SellerId = seller };
            var known = await ShowMe.KnownAsync(customers, seller, visitor, cancellationToken);
            var consent = await personal.ConsentAsync(known, behalf, cancellationToken);
            var account = await collections.StatementAsync(behalf, cancellationToken);
            if ((consent.Fault ?? (account.Fault?.Code == PortalFaults.NotFound ? null : account.Fault)) is { } fault)
            {
                return page.Show(fault);
            }

            files.Add(File($"shops/{shop.SellerId}/consent.json", consent.Value.ToString()));
            if (account.Fault is null)
            {
                files.Add(File($"shops/{shop.SellerId}/account.json", account.Value.ToString()));
            }
        }

        var me = new { email = visitor.Email, shops = person.Value.CustomerOf.Select(each => new { each.SellerId, each.SellerName }) };
        files.Add(new ZipFile("me.json", JsonSerializer.SerializeToUtf8Bytes(me, Readable)));
        return Results.Bytes(Zip.Of(files), "application/zip", "my-data.zip");
    }

    /// <summary>An answer of another service as it wrote it: its messages write themselves as JSON.</summary>
    private static ZipFile File(string name, string json) => new(name, System.Text.Encoding.UTF8.GetBytes(json));
}
