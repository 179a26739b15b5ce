using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Control;
using RetailInvoicing.Simulators.TaxAgency.Doors;
using RetailInvoicing.Simulators.TaxAgency.Rules;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>
/// The tax agency's VERI*FACTU service as far as it can be played without the agency: it judges what the product sends, and so knows
/// nothing of the product's code.
/// </summary>
internal static partial class Simulator
{
    private const string Soap = "/wlpl/TIKE-CONT/ws/SistemaFacturacion";

    // The agency's environments differ by their hosts; under this path the same addresses are those of production.
    private const string Production = "/production";

    public static async Task RunAsync(string[] args)
    {
        await using var app = Build(WebApplication.CreateSlimBuilder(args));
        await app.RunAsync();
    }

    /// <summary>The simulator on the addresses that its configuration names.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("TaxAgency").Get<Options>() ?? new Options();
        var data = options.Data is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "retail-tax-agency");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => Ledger.Open(data, new Settings { WaitSeconds = options.WaitSeconds, Seed = options.Seed }));
        builder.Services.AddSingleton<Faults>().AddSingleton<Requests>();
        var folder = options.FindSchemas();
        builder.Services.AddSingleton(Codes.In(folder)).AddSingleton<IShape>(OfficialSchemas.In(folder) ?? (IShape)new OwnShape());
        builder.Services.AddSingleton<SoapDoor>().AddSingleton<QrDoor>().AddSingleton<ControlDoors>().AddSingleton<PageDoor>();
        Listen(builder, data, options.Authority);

        var app = builder.Build();
        app.UsePathBase(Production);
        app.UseRouting();
        Map(app);
        var (ledger, shape) = (app.Services.GetRequiredService<Ledger>(), app.Services.GetRequiredService<IShape>());
        app.Services.GetRequiredService<Faults>().Seed(ledger.Settings.Seed ?? options.Seed);
        LogStart(app.Logger, shape.Source.English, data, ledger.Records(_ => true).Count);
        return app;
    }

    private static void Map(WebApplication app)
    {
        var soap = app.Services.GetRequiredService<SoapDoor>();
        app.Map($"{Soap}/VerifactuSOAP", soap.SubmitVoluntarily);
        app.Map($"{Soap}/RequerimientoSOAP", soap.SubmitOnRequirement);

        var qr = app.Services.GetRequiredService<QrDoor>();
        app.MapGet("/wlpl/TIKE-CONT/ValidarQR", qr.Check);
        app.MapGet("/wlpl/TIKE-CONT/ValidarQRNoVerifactu", qr.CheckUnverifiable);

        var control = app.Services.GetRequiredService<ControlDoors>();
        app.MapPost("/control/faults", control.AddFault);
        app.MapGet("/control/faults", control.ListFaults);
        app.MapDelete("/control/faults", control.ClearFaults);
        app.MapGet("/control/settings", control.GetSettings);
        app.MapPut("/control/settings", control.ChangeSettings);
        app.MapGet("/control/census", control.ListUnknown);
        app.MapPut("/control/census/{id}", control.MakeUnknown);
        app.MapDelete("/control/census/{id}", control.MakeKnown);
        app.MapGet("/control/records", control.Totals);
        app.MapGet("/control/records/list", control.List);

        app.MapGet("/health", () => "Healthy");
        app.MapGet("/", app.Services.GetRequiredService<PageDoor>().Show);
    }

    /// <summary>Plain HTTP where ASPNETCORE_URLS says, and TLS on SOAP_PORT of the same host.</summary>
    private static void Listen(WebApplicationBuilder builder, string data, string? authority)
    {
        var urls = (builder.Configuration["urls"] ?? "http://127.0.0.1:5190").Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (builder.Configuration["SOAP_PORT"] is not { Length: > 0 } port)
        {
            throw new InvalidOperationException("SOAP_PORT is not set: the port on which the agency's web service listens with TLS");
        }

        var host = BindingAddress.Parse(urls[0]).Host;
        builder.WebHost.UseUrls([.. urls, string.Create(CultureInfo.InvariantCulture, $"https://{host}:{port}")]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        var certificate = Authority.Serve(data, authority, TimeProvider.System.GetUtcNow());
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                // Whose it is and whether it is in time is the service's to say, and in its own words; any authority will do here.
                https.AllowAnyClientCertificate();
            })
        );
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A simulated tax agency, with no fiscal validity. Structure is checked by {Shape}; {Records} records in {Data}"
    )]
    private static partial void LogStart(ILogger log, string shape, string data, int records);
}
