using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What one service alone tells whoever operates the system.</summary>
public static class OperationsParts
{
    /// <summary>Adds a part to what the service tells.</summary>
    public static IServiceCollection AddOperationsPart<TPart>(this IServiceCollection services)
        where TPart : class, IOperationsPart => services.AddSingleton<IOperationsPart, TPart>();
}

/// <summary>How whoever operates the system asks a service how it is, and sends dead letters back.</summary>
internal static class OperationsDoors
{
    private const int MostLetters = 200;
    private const int UsualLetters = 50;

    internal static void MapOperations(this WebApplication app)
    {
        app.MapGet("/v1/operations", Tell).RequireAdmin().Produces<ServiceState>();

        // A service without queues, as the web front, has no dead letters either.
        if (app.Services.GetService<OwnQueues>() is not null)
        {
            app.MapGet("/v1/operations/dead-letters/{queue}", List).RequireAdmin().Produces<DeadLetterList>().ShowsPersons();
            app.MapPost("/v1/operations/dead-letters/{queue}/replay", Replay).RequireAdmin().Produces<ReplayedLetters>();
        }
    }

    private static async Task<IResult> Tell(TellOperations tell, CancellationToken cancellationToken) =>
        Results.Json(await tell.HandleAsync(cancellationToken), Contracts.Wire.Tolerant);

    private static async Task<IResult> List(string queue, string? limit, ReadDeadLetters read, CancellationToken cancellationToken)
    {
        var most = UsualLetters;
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MostLetters))
        {
            return DoorFaults.BadParameter.With("limit", "1–200").ToResult();
        }

        return (await read.ListAsync(queue, most, cancellationToken)).ToResult(list => Results.Json(list, Contracts.Wire.Tolerant));
    }

    private static async Task<IResult> Replay(string queue, Body<LettersToReplay> body, ReadDeadLetters read)
    {
        if (body.Content.Refused(out var unreadable))
        {
            return unreadable.ToResult();
        }

        // A browser that leaves stops nothing that has begun.
        return (await read.ReplayAsync(queue, body.Content.Value, CancellationToken.None)).ToResult(done =>
            Results.Json(done, Contracts.Wire.Tolerant)
        );
    }
}
