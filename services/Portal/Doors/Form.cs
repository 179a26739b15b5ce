using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Primitives;
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

    /// <summary>One field, once; null where it is missing or doubled.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    /// <summary>Reads the form and checks that it was opened here.</summary>
    public static async ValueTask<Form?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
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
