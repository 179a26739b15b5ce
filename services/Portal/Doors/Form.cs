using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Primitives;
using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>A form sent from one of our pages: a stale or foreign one is a refusal in words, never an exception.</summary>
public sealed class Form : IBindableFromHttpContext<Form>
{
    private readonly IReadOnlyDictionary<string, StringValues> _fields;

    private Form(IReadOnlyDictionary<string, StringValues> fields, Fault? fault)
    {
        _fields = fields;
        Fault = fault;
    }

    /// <summary>Why it counts for nothing.</summary>
    public Fault? Fault { get; }

    /// <summary>Whether it is what was written before the session ended: it is shown again, and nothing is done.</summary>
    public bool IsKept { get; private init; }

    /// <summary>Every field.</summary>
    public IReadOnlyDictionary<string, StringValues> Fields => _fields;

    /// <summary>One field, once; null where it is missing or doubled.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    /// <summary>Reads the form and checks that it was opened here.</summary>
    public static async ValueTask<Form?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) =>
        KeptForm.Of(context) is { } kept ? new Form(kept.Written, PortalFaults.NotSent.With()) { IsKept = true } : await ReadAsync(context);

    internal static async Task<Form> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Refused(PortalFaults.BadRequest);
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException && exception is not BadHttpRequestException)
        {
            return Refused(PortalFaults.BadRequest);
        }

        var antiforgery = context.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(context)
            ? new Form(form.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal), null)
            : Refused(PortalFaults.StaleForm);
    }

    private static Form Refused(FaultCode code) => new(new Dictionary<string, StringValues>(), code.With());
}
