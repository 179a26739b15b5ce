using Microsoft.Extensions.DependencyInjection.Extensions;
using RetailInvoicing.Simulators.Bank.Books;
using RetailInvoicing.Simulators.Bank.Control;
using RetailInvoicing.Simulators.Bank.Doors;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>
/// A bank for people who try transfers: it reads what a payment QR carries by code of its own, books what is ordered, and tells sellers as
/// banks do. No money moves.
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
        var options = builder.Configuration.GetSection("Bank").Get<Options>() ?? new Options();
        var data = options.Data is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "retail-bank");
        var urls = builder.Configuration["urls"] is { Length: > 0 } given ? given : "http://127.0.0.1:5193";
        builder.WebHost.UseUrls(urls.Split(';', StringSplitOptions.RemoveEmptyEntries));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ =>
            Ledger.Open(data, new Settings { Seed = options.Seed, RetrySeconds = Math.Clamp(options.RetrySeconds, 0.1, 60) })
        );
        builder.Services.AddSingleton<Faults>().AddSingleton<Teller>().AddSingleton<Counter>();
        builder.Services.AddSingleton<TransferDoor>().AddSingleton<ControlDoors>().AddSingleton<PageDoor>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<Teller>());

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
        var transfer = app.Services.GetRequiredService<TransferDoor>();
        app.MapGet("/transfer", transfer.Fill);
        app.MapPost("/transfer", transfer.Order);
        app.MapGet("/transfer/{number:long}", transfer.Show);

        var control = app.Services.GetRequiredService<ControlDoors>();
        app.MapPost("/control/faults", control.AddFault);
        app.MapGet("/control/faults", control.ListFaults);
        app.MapDelete("/control/faults", control.ClearFaults);
        app.MapGet("/control/settings", control.GetSettings);
        app.MapPut("/control/settings", control.ChangeSettings);
        app.MapGet("/control/accounts", control.ListAccounts);
        app.MapGet("/control/accounts/{iban}", control.GetAccount);
        app.MapPut("/control/accounts/{iban}", control.PutAccount);
        app.MapDelete("/control/accounts/{iban}", control.CloseAccount);
        app.MapPost("/control/transfers", control.Transfer);
        app.MapGet("/control/books", control.Books);
        app.MapGet("/control/statement", control.Statement);

        app.MapGet("/health", () => "Healthy");
        app.MapGet("/", app.Services.GetRequiredService<PageDoor>().Show);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A simulated bank: nothing that is transferred here is money. {Movements} movements in {Data}"
    )]
    private static partial void LogStart(ILogger log, string data, int movements);
}
