using Microsoft.Extensions.DependencyInjection.Extensions;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;
using RetailInvoicing.Simulators.Redsys.Doors;

namespace RetailInvoicing.Simulators.Redsys;

/// <summary>
/// Redsys' virtual terminal as far as it can be played without Redsys: it judges what the product sends and signs what it answers by code
/// of its own, and no money moves.
/// </summary>
internal static partial class Simulator
{
    public static async Task RunAsync(string[] args)
    {
        await using var app = Build(WebApplication.CreateSlimBuilder(args));
        await app.RunAsync();
    }

    /// <summary>The simulator on the addresses that its configuration names.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Redsys").Get<Options>() ?? new Options();
        var data = options.Data is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "retail-redsys");
        var urls = builder.Configuration["urls"] is { Length: > 0 } given ? given : "http://127.0.0.1:5192";
        builder.WebHost.UseUrls(urls.Split(';', StringSplitOptions.RemoveEmptyEntries));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => Ledger.Open(data, new Settings { Seed = options.Seed }, options.Key));
        builder.Services.AddSingleton<Faults>().AddSingleton<Notices>().AddSingleton<Desk>();
        builder.Services.AddSingleton<PaymentDoor>().AddSingleton<RestDoor>().AddSingleton<QueryDoor>();
        builder.Services.AddSingleton<ControlDoors>().AddSingleton<PageDoor>();

        var app = builder.Build();
        app.UseRouting();
        Map(app);
        var ledger = app.Services.GetRequiredService<Ledger>();
        app.Services.GetRequiredService<Faults>().Seed(ledger.Settings.Seed);
        LogStart(app.Logger, data, ledger.Count);
        return app;
    }

    private static void Map(WebApplication app)
    {
        var payment = app.Services.GetRequiredService<PaymentDoor>();
        app.MapPost("/sis/realizarPago", payment.Receive);
        app.MapPost("/sis/simulador/{number:long}", payment.Decide);

        app.MapPost("/sis/rest/trataPeticionREST", app.Services.GetRequiredService<RestDoor>().Serve);
        app.MapPost("/apl02/services/SerClsWSConsulta", app.Services.GetRequiredService<QueryDoor>().Serve);

        var control = app.Services.GetRequiredService<ControlDoors>();
        app.MapPost("/control/faults", control.AddFault);
        app.MapGet("/control/faults", control.ListFaults);
        app.MapDelete("/control/faults", control.ClearFaults);
        app.MapGet("/control/settings", control.GetSettings);
        app.MapPut("/control/settings", control.ChangeSettings);
        app.MapPut("/control/terminals/{merchant}/{terminal}", control.SetKey);
        app.MapPost("/control/pay", control.Pay);
        app.MapPost("/control/refund", control.Refund);
        app.MapPost("/control/notify", control.Notify);
        app.MapGet("/control/books", control.Books);

        app.MapGet("/health", () => "Healthy");
        app.MapGet("/", app.Services.GetRequiredService<PageDoor>().Show);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A simulated Redsys: nothing that is paid here is money. {Operations} operations in {Data}"
    )]
    private static partial void LogStart(ILogger log, string data, int operations);
}
