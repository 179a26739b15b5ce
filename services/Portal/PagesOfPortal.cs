using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal;

/// <summary>What the pages need, and what stands around them.</summary>
public static class PagesOfPortal
{
    /// <summary>Rendering, forms, sign-in, and the use cases of the pages.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorComponents();
        services.AddMemoryCache(memory => memory.SizeLimit = 10_000);
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "retail-form";
            forms.Cookie.HttpOnly = true;
            forms.Cookie.SameSite = SameSiteMode.Lax;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            forms.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("retail-portal");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<NpgsqlDataSource>((keys, database) => keys.XmlRepository = new FormKeys(database));
        // The database is ours alone, and these keys seal forms, not people's data.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        services.AddSingleton(PortalOptions.From(builder.Configuration));
        services.AddSingleton<Secrets>().AddSingleton<LinkSignal>().AddSingleton<Ask>().AddSingleton<FormOnce>();
        services.AddSingleton<AskInvoicing>().AddSingleton<AskDelivery>().AddSingleton<AskPayments>().AddSingleton<AskBooks>();
        services.AddSingleton<AskForLink>().AddSingleton<ShowLink>().AddSingleton<SignInByLink>().AddSingleton<SignOut>();
        services.AddCustomers();
        services.AddAccount();
        services.AddSessions();
        services.AddSingleton<ShowOffice>().AddSingleton<ShowPreview>();
        services.AddAskDoors();
        services.AddOfficeMoney();
        services.AddOfficeCore();
        services.AddOperations();
    }

    /// <summary>Headers, words for whatever goes wrong, and who is here; in this order.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<Problems>();
        app.UseMiddleware<RecogniseVisitor>();
    }

    /// <summary>
    /// A page answers to GET, and to HEAD as link checkers ask. /openapi/v1.json tells of it: whoever tries every address takes them from there.
    /// </summary>
    public static IEndpointConventionBuilder MapPage(this IEndpointRouteBuilder routes, string pattern, Delegate page) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], page);

    /// <summary>Pages that want someone signed in.</summary>
    public static RouteGroupBuilder ForTheSignedIn(this RouteGroupBuilder pages) => pages.WithMetadata(new NeedsSignIn());

    /// <summary>A style or a picture that is the same for everyone.</summary>
    public static void ForNobody(this IEndpointConventionBuilder asset) => asset.WithMetadata(new NeedsNobody());
}
