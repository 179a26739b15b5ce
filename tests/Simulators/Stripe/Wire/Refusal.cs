using System.Text.Json.Nodes;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>An error in Stripe's form.</summary>
internal sealed class Refusal(int status, string type, string? code, string message, string? parameter = null) : Exception(message)
{
    private const string Invalid = "invalid_request_error";

    public int Status => status;

    public string? Code => code;

    /// <summary>Whether it is kept under the request's key: what a check of the parameters refuses is not.</summary>
    public bool IsKept { get; init; }

    public static Refusal NoKey() =>
        new(401, Invalid, null, "You did not provide an API key. This simulator takes test keys: Authorization: Bearer sk_test_….");

    public static Refusal BadKey(string start) =>
        new(401, Invalid, null, $"Invalid API Key provided: {start}****. This simulator takes test keys only: sk_test_… or rk_test_….");

    public static Refusal NoAddress(string method, string path) =>
        new(404, Invalid, null, $"Unrecognized request URL ({method}: {path}). This simulator plays a part of Stripe's API alone.");

    public static Refusal None(string what, string id, string parameter = "id") =>
        new(404, Invalid, "resource_missing", $"No such {what}: '{id}'", parameter);

    public static Refusal Missing(string parameter) =>
        new(400, Invalid, "parameter_missing", $"Missing required param: {parameter}.", parameter);

    public static Refusal Unknown(string parameter) =>
        new(400, Invalid, "parameter_unknown", $"Received unknown parameter: {parameter}", parameter);

    public static Refusal Bad(string parameter, string message, string? code = null) => new(400, Invalid, code, message, parameter);

    /// <summary>The parameters are in order, and it cannot be done: that is what the key stands for from now on.</summary>
    public static Refusal Not(string? parameter, string? code, string message) =>
        new(400, Invalid, code, message, parameter) { IsKept = true };

    public static Refusal OtherContent(string key) =>
        new(
            400,
            "idempotency_error",
            null,
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other "
                + $"than '{key}' if you meant to execute a different request."
        );

    public static Refusal Away(int status) =>
        new(
            status,
            status == 429 ? Invalid : "api_error",
            status == 429 ? "rate_limit" : null,
            "The simulated Stripe is away, as it was asked to be."
        );

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = type };
        if (code is not null)
        {
            error["code"] = code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
        }

        if (parameter is not null)
        {
            error["param"] = parameter;
        }

        return new JsonObject { ["error"] = error };
    }
}
