using System.Net.Mime;
using System.Text;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Control;
using RetailInvoicing.Simulators.TaxAgency.Rules;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>The agency's web service: what comes in by TLS with a client certificate, and what is answered.</summary>
internal sealed class SoapDoor(Ledger ledger, Faults faults, Requests requests, Codes codes, IShape shape, TimeProvider clock)
{
    private const int LargestMessage = 64 * 1024 * 1024;

    /// <summary>How the page of a request without a usable certificate begins.</summary>
    public const string NoCertificate = "403 Forbidden. No se ha detectado un certificado electrónico válido.";

    public Task SubmitVoluntarily(HttpContext http) => Serve(http, Service.Voluntary);

    public Task SubmitOnRequirement(HttpContext http) => Serve(http, Service.Requirement);

    private async Task Serve(HttpContext http, Service service)
    {
        var arrived = clock.GetUtcNow();
        if (!http.Request.IsHttps || http.Connection.ClientCertificate is not { } certificate || !Presenter.IsInTime(certificate, arrived))
        {
            requests.Count(null);
            await RefuseCertificate(http);
            return;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            requests.Count(null);
            await Refuse(http, new(4135));
            return;
        }

        var (message, refusal) = Soap.Open(await ReadAsync(http));
        var isQuery = message?.Name == Names.Ask;
        if (refusal is null && message!.Name != Names.Submit && (service != Service.Voluntary || !isQuery))
        {
            refusal = new(4118, message.Name.LocalName);
        }

        var header = message.Get("Cabecera");
        var nif = (header.Get("ObligadoEmision") ?? header.Get("Destinatario")).Text("NIF");
        requests.Count(nif);
        var fault = faults.Draw(isQuery ? "query" : "submission", nif);
        if (await Spoil(http, fault))
        {
            return;
        }

        var presenter = Presenter.NifOf(certificate);
        if (refusal is null && presenter is null)
        {
            refusal = new(4108);
        }

        string? answer = null;
        if (refusal is null)
        {
            (answer, refusal) = isQuery
                ? new Query(ledger, shape, codes, clock).Answer(message!, presenter!, Environment(http))
                : new Submit(ledger, shape, codes, clock).Answer(message!, presenter!, service, Environment(http), arrived, fault);
        }

        await Answer(http, answer, refusal, fault);
    }

    /// <summary>A fault that comes before anything is recorded; whether it was the answer.</summary>
    private async Task<bool> Spoil(HttpContext http, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKinds.Slow:
                await Task.Delay(TimeSpan.FromSeconds(fault.Seconds ?? 5), clock, http.RequestAborted);
                return false;
            case FaultKinds.CutBefore:
                http.Abort();
                return true;
            case FaultKinds.ServerError:
                http.Response.StatusCode = fault.Code ?? StatusCodes.Status503ServiceUnavailable;
                await http.Response.WriteAsync("<html><body>Service Unavailable</body></html>");
                return true;
            case FaultKinds.CertificateRefused when fault.Code is { } code:
                await Refuse(http, new(code));
                return true;
            case FaultKinds.CertificateRefused:
                await RefuseCertificate(http);
                return true;
            case FaultKinds.ServerFault:
                await Write(
                    http,
                    StatusCodes.Status500InternalServerError,
                    Soap.Fault("Server", $"Codigo[{fault.Code ?? 20009}].Error interno en el servidor")
                );
                return true;
            default:
                return false;
        }
    }

    private async Task Answer(HttpContext http, string? answer, Refusal? refusal, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKinds.CutAfter:
                http.Abort();
                break;
            case FaultKinds.Malformed when answer is not null:
                await Write(http, StatusCodes.Status200OK, answer[..(answer.Length / 2)]);
                break;
            default:
                await (refusal is null ? Write(http, StatusCodes.Status200OK, answer!) : Refuse(http, refusal));
                break;
        }
    }

    private Task Refuse(HttpContext http, Refusal refusal) =>
        refusal.Code == Submit.TooEarly
            ? Write(http, StatusCodes.Status500InternalServerError, Soap.Fault("Server", $"Codigo[SIM-01].{refusal.Detail}"))
            // SOAP 1.1 has faults travel with this status.
            : Write(http, StatusCodes.Status500InternalServerError, Soap.Fault(codes, refusal));

    private static async Task RefuseCertificate(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(
            $"<html><body><p>{NoCertificate}</p><p>No valid client certificate was presented. (Simulator)</p></body></html>"
        );
    }

    private static async Task Write(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = $"{MediaTypeNames.Text.Xml}; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestMessage;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    /// <summary>Production, where the host or the path says so; the agency's environments differ by their hosts alone.</summary>
    private static string Environment(HttpContext http) =>
        http.Request.Host.Host.EndsWith("agenciatributaria.gob.es", StringComparison.OrdinalIgnoreCase) || http.Request.PathBase.HasValue
            ? "production"
            : "test";
}
