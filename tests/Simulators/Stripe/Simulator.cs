using Microsoft.Extensions.DependencyInjection.Extensions;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Doors;

namespace RetailInvoicing.Simulators.Stripe;

/// <summary>
/// The parts of Stripe that a shop's checkout needs, played without Stripe: its API, its hosted page, its notices. It answers for what the
/// product does there, and so knows nothing of the product's code.
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
        var options = builder.Configuration.GetSection("Stripe").Get<Options>() ?? new Options();
        var data = options.Data is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "retail-stripe");
        var urls = builder.Configuration["urls"] is { Length: > 0 } given ? given : "http://127.0.0.1:5191";
        builder.WebHost.UseUrls(urls.Split(';', StringSplitOptions.RemoveEmptyEntries));
        var settings = new Settings
        {
            DebitSeconds = options.DebitSeconds,
            RefundSeconds = options.RefundSeconds,
            RetrySeconds = options.RetrySeconds,
            Seed = options.Seed,
        };
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options).AddSingleton<Faults>();
        builder.Services.AddSingleton(services => new Ledger(
            data,
            settings,
            services.GetRequiredService<Faults>(),
            services.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton<ApiDoor>().AddSingleton<PayPage>().AddSingleton<ControlDoors>().AddSingleton<HomePage>();
        builder.Services.AddHostedService<RunBooks>();

        var app = builder.Build();
        app.UseRouting();
        Map(app);
        LogStart(app.Logger, data, app.Services.GetRequiredService<Ledger>().Look(state => state.Sessions.Count));
        return app;
    }

    private static void Map(WebApplication app)
    {
        app.Map("/v1/{**path}", app.Services.GetRequiredService<ApiDoor>().Serve);

        var page = app.Services.GetRequiredService<PayPage>();
        app.MapGet("/c/pay/{id}", page.Show);
        app.MapPost("/c/pay/{id}", page.Take);

        var control = app.Services.GetRequiredService<ControlDoors>();
        app.MapPost("/control/faults", control.AddFault);
        app.MapGet("/control/faults", control.ListFaults);
        app.MapDelete("/control/faults", control.ClearFaults);
        app.MapGet("/control/settings", control.GetSettings);
        app.MapPut("/control/settings", control.ChangeSettings);
        app.MapPut("/control/accounts/{account}", control.PutAccount);
        app.MapPost("/control/pay", control.PaySession);
        app.MapPost("/control/refunds", control.GiveRefund);
        app.MapPost("/control/disputes", control.OpenDispute);
        app.MapPost("/control/disputes/{id}/close", control.CloseDispute);
        app.MapPost("/control/payouts", control.PayOut);
        app.MapPost("/control/payouts/{id}/fail", control.FailPayout);
        app.MapGet("/control/notices", control.Notices);
        app.MapPost("/control/notices/resend", control.SendAgain);
        app.MapGet("/control/books", control.Books);

        app.MapGet("/health", () => "Healthy");
        app.MapGet("/", app.Services.GetRequiredService<HomePage>().Show);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A simulated Stripe, which moves no money; {Sessions} sessions in {Data}")]
    private static partial void LogStart(ILogger log, string data, int sessions);
}
