using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What an expected refusal means to whoever asked; it decides the HTTP and gRPC status.</summary>
public enum FaultKind
{
    /// <summary>The body is no JSON, no XML, or not what its type says: 400.</summary>
    Malformed,

    /// <summary>No key, or a bad one: 401.</summary>
    Unauthenticated,

    /// <summary>The key may not do this: 403.</summary>
    Forbidden,

    /// <summary>There is none, or none that the key may know of: 404.</summary>
    NotFound,

    /// <summary>It contradicts what is already so: 409.</summary>
    Conflict,

    /// <summary>The body is over the limit: 413.</summary>
    TooLarge,

    /// <summary>Well-formed, and against a rule: 422.</summary>
    Rule,

    /// <summary>Too many at once: 429 with Retry-After.</summary>
    TooMany,

    /// <summary>Something it needs is away; the same request will do later: 503.</summary>
    Unavailable,
}

/// <summary>A refusal that the product knows, with its stable code and its words in both languages ({0} … are filled in).</summary>
public sealed record FaultCode(string Code, FaultKind Kind, string English, string Spanish)
{
    /// <summary>The refusal, with what its words leave open.</summary>
    public Fault With(params object?[] values) => new(this, values);

    /// <summary>The refusal of one place in a body.</summary>
    public Fault At(string path, params object?[] values) => new(this, values) { Path = path };
}

/// <summary>What is said in the language that is asked for, alone or as a value of a refusal.</summary>
public interface ISaid
{
    /// <summary>English unless Spanish is asked for.</summary>
    string In(string? language);
}

/// <summary>An expected refusal: data, not an exception.</summary>
public sealed record Fault(FaultCode Code, IReadOnlyList<object?> Values) : ISaid
{
    /// <summary>Where in the body, as a JSON path such as lines[2].vat.rate.</summary>
    public string? Path { get; init; }

    /// <summary>Each thing that is wrong, where there are several.</summary>
    public IReadOnlyList<Fault> Parts { get; init; } = [];

    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Several refusals as one: the first gives the status and code.</summary>
    public static Fault Of(IReadOnlyList<Fault> faults) => faults.Count == 1 ? faults[0] : faults[0] with { Parts = faults };

    /// <summary>The refusal in words; English unless Spanish is asked for.</summary>
    public string In(string? language) =>
        string.Format(
            CultureInfo.InvariantCulture,
            language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Code.Spanish : Code.English,
            [.. Values.Select(value => value is ISaid said ? said.In(language) : value)]
        );

    /// <summary>HTTP status of the refusal.</summary>
    public int Status =>
        Code.Kind switch
        {
            FaultKind.Malformed => StatusCodes.Status400BadRequest,
            FaultKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            FaultKind.Forbidden => StatusCodes.Status403Forbidden,
            FaultKind.NotFound => StatusCodes.Status404NotFound,
            FaultKind.Conflict => StatusCodes.Status409Conflict,
            FaultKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            FaultKind.Rule => StatusCodes.Status422UnprocessableEntity,
            FaultKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status503ServiceUnavailable,
        };

    /// <summary>The refusal as RFC 9457 problem+json.</summary>
    public IResult ToResult(int? status = null) => new FaultResult(this, status ?? Status);

    /// <summary>What problem+json says of the refusal.</summary>
    internal ProblemDetails ToProblem(int status, string? language, string traceId) =>
        new()
        {
            Type = $"https://retailinvoicing.dev/errors#{Code.Code.ToLowerInvariant()}",
            Title = Code.Kind.ToString(),
            Status = status,
            Detail = In(language),
            Extensions =
            {
                ["code"] = Code.Code,
                ["errors"] = (Parts.Count > 0 ? Parts : [this])
                    .Select(part => new FaultPart(part.Code.Code, part.Path, part.In(language)))
                    .ToArray(),
                ["traceId"] = traceId,
            },
        };

    /// <summary>The refusal as a gRPC status, its code in the trailer fault-code.</summary>
    public RpcException ToRpc() =>
        new(
            new Status(
                Code.Kind switch
                {
                    FaultKind.Malformed => StatusCode.InvalidArgument,
                    FaultKind.Unauthenticated => StatusCode.Unauthenticated,
                    FaultKind.Forbidden => StatusCode.PermissionDenied,
                    FaultKind.NotFound => StatusCode.NotFound,
                    FaultKind.Conflict => StatusCode.AlreadyExists,
                    FaultKind.TooLarge => StatusCode.OutOfRange,
                    FaultKind.Rule => StatusCode.FailedPrecondition,
                    FaultKind.TooMany => StatusCode.ResourceExhausted,
                    _ => StatusCode.Unavailable,
                },
                In(null)
            ),
            new Metadata { { "fault-code", Code.Code } }
        );

    private sealed class FaultResult(Fault fault, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var problem = fault.ToProblem(
                status,
                httpContext.Request.Headers.AcceptLanguage.ToString(),
                System.Diagnostics.Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier
            );
            if (fault.RetryAfter is { } seconds)
            {
                httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            return Results.Json(problem, statusCode: status, contentType: "application/problem+json").ExecuteAsync(httpContext);
        }
    }

    private sealed record FaultPart(string Code, string? Path, string Detail);
}

/// <summary>What a use case gives back: what was asked for, or the refusal.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Fault? fault)
    {
        _value = value;
        Fault = fault;
    }

    /// <summary>The refusal, if it is one.</summary>
    public Fault? Fault { get; }

    /// <summary>What was asked for; throws on a refusal, so look first.</summary>
    public T Value => Fault is null ? _value! : throw new InvalidOperationException($"refused: {Fault.Code.Code} {Fault.In(null)}");

    /// <summary>Whether it was refused.</summary>
    public bool Refused([NotNullWhen(true)] out Fault? fault)
    {
        fault = Fault;
        return fault is not null;
    }

    /// <summary>The HTTP answer: what was asked for as the given result, or the problem.</summary>
    public IResult ToResult(Func<T, IResult> result) => Fault is null ? result(_value!) : Fault.ToResult();

    /// <summary>What was asked for, or the refusal thrown as a gRPC status.</summary>
    public T OrRpcFault() => Fault is null ? _value! : throw Fault.ToRpc();

    /// <summary>An outcome that is what was asked for.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>An outcome that is a refusal.</summary>
    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);
}

/// <summary>Refusals that every door knows.</summary>
public static class DoorFaults
{
    /// <summary>No key.</summary>
    public static readonly FaultCode NoKey = new(
        "AUTH-01",
        FaultKind.Unauthenticated,
        "This needs an API key in the header Authorization: Bearer KEY.",
        "Hace falta una clave en la cabecera Authorization: Bearer CLAVE."
    );

    /// <summary>A key that was not given by us, or was revoked.</summary>
    public static readonly FaultCode BadKey = new(
        "AUTH-02",
        FaultKind.Unauthenticated,
        "The API key is not valid or was revoked.",
        "La clave no es válida o ha sido revocada."
    );

    /// <summary>A key without the scope.</summary>
    public static readonly FaultCode NoScope = new(
        "AUTH-03",
        FaultKind.Forbidden,
        "The API key may not do this: it lacks the scope, or belongs to another seller.",
        "La clave no permite esta operación: le falta el permiso o es de otro vendedor."
    );

    /// <summary>A member of staff who is held to stores, at a door whose answer cannot be told apart by store.</summary>
    public static readonly FaultCode NotByStore = new(
        "AUTH-04",
        FaultKind.Forbidden,
        "You see some of the shops only, and this cannot be shown for them alone.",
        "Solo ves algunas de las tiendas, y esto no se puede mostrar solo para ellas."
    );

    /// <summary>Not JSON.</summary>
    public static readonly FaultCode NotJson = new(
        "BODY-01",
        FaultKind.Malformed,
        "The body is not JSON: {0}",
        "El cuerpo no es JSON: {0}"
    );

    /// <summary>JSON of the wrong shape.</summary>
    public static readonly FaultCode WrongShape = new(
        "BODY-02",
        FaultKind.Rule,
        "The body does not have the form this wants: {0}",
        "El cuerpo no tiene la forma esperada: {0}"
    );

    /// <summary>Too large.</summary>
    public static readonly FaultCode TooLarge = new(
        "BODY-03",
        FaultKind.TooLarge,
        "The body is over the limit of {0} bytes.",
        "El cuerpo supera el límite de {0} bytes."
    );

    /// <summary>Another content type.</summary>
    public static readonly FaultCode WrongType = new("BODY-04", FaultKind.Malformed, "The body must be {0}.", "El cuerpo debe ser {0}.");

    /// <summary>A query parameter that cannot be read.</summary>
    public static readonly FaultCode BadParameter = new(
        "QUERY-01",
        FaultKind.Malformed,
        "The parameter {0} cannot be read: {1}",
        "El parámetro {0} no se puede leer: {1}"
    );

    /// <summary>Nothing there.</summary>
    public static readonly FaultCode NotFound = new("PATH-01", FaultKind.NotFound, "There is nothing here.", "Aquí no hay nada.");

    /// <summary>Another request that HTTP itself refuses.</summary>
    public static readonly FaultCode BadRequest = new(
        "HTTP-01",
        FaultKind.Malformed,
        "The request cannot be understood: {0}",
        "La petición no se entiende: {0}"
    );

    /// <summary>Too many requests.</summary>
    public static readonly FaultCode TooMany = new(
        "RATE-01",
        FaultKind.TooMany,
        "Too many requests with this key; try again in {0} s.",
        "Demasiadas peticiones con esta clave; inténtalo en {0} s."
    );

    /// <summary>Something that is needed is away.</summary>
    public static readonly FaultCode Away = new(
        "AWAY-01",
        FaultKind.Unavailable,
        "A part of the system that this needs is away. Nothing was done; the same request will do later.",
        "Una parte del sistema no responde. No se ha hecho nada; la misma petición servirá más tarde."
    );
}
