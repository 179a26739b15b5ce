using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Me;

/// <summary>
/// Forgets a person as far as the law lets a shop: offers stop first, then the way to reach it goes from every invoice that nothing is open
/// of, and at last its sessions and links here.
/// </summary>
public sealed class EraseMe(
    AskInvoicing invoicing,
    AskCustomers customers,
    AskPersonal personal,
    FindStanding standing,
    NpgsqlDataSource database
)
{
    private const string Forget = """
        delete from session where lower(email) = lower(@email);
        delete from kept_form where lower(email) = lower(@email);
        delete from form_once where lower(email) = lower(@email);
        delete from sign_in_link where lower(email) = lower(@email);
        """;

    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, Form form, HttpContext http)
    {
        using var span = Telemetry.Source.StartActivity(nameof(EraseMe));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        var known = await ShowErasure.KnownAsync(customers, standing, visitor, http.RequestAborted);
        if (known.Fault is { } unknown)
        {
            return page.Show(unknown);
        }

        var (model, open) = known.Value;
        if (form["sure"] is not "yes")
        {
            return page.Show<ErasePage, ErasureModel>(model with { NotSure = true }, StatusCodes.Status422UnprocessableEntity);
        }

        if (await StopOffersAsync(visitor, http.RequestAborted) is { } away)
        {
            return page.Show(away);
        }

        var done = await customers.ForgetAsync(open, visitor.AsCustomer, http.RequestAborted);
        if (done.Fault is { } fault)
        {
            return page.Show(fault);
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        await connection.ExecuteAsync(new CommandDefinition(Forget, new { email = visitor.Email }, cancellationToken: http.RequestAborted));
        http.Response.Cookies.Delete(Cookies.Session, Cookies.Options(http, TimeSpan.Zero));
        return (page with { Visitor = null }).Show<ErasePage, ErasureModel>(model with { Forgotten = done.Value.Forgotten_ });
    }

    private async Task<Fault?> StopOffersAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (person.Fault is { } unknown)
        {
            return unknown;
        }

        foreach (var shop in person.Value.CustomerOf)
        {
            var seller = SellerId.Of(shop.SellerId);
            var known = await ShowMe.KnownAsync(customers, seller, visitor, cancellationToken);
            var said = await personal.SayAsync(false, known, visitor.AsCustomer with { SellerId = seller }, cancellationToken);
            if (said.Fault is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
