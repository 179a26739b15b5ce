using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.TaxAgency;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>An answer of the agency's web service.</summary>
internal sealed record Answered(int Status, string Body)
{
    public XElement Xml => XElement.Parse(Body);

    public IReadOnlyList<XElement> Lines => [.. Xml.Descendants().Where(each => each.Name.LocalName == "RespuestaLinea")];

    public string? Text(string name) => Xml.Descendants().FirstOrDefault(each => each.Name.LocalName == name)?.Value;

    /// <summary>The states of the records and the codes that go with them, as Correcto or Incorrecto 1100.</summary>
    public IEnumerable<string> Verdicts =>
        Lines.Select(line =>
            $"{line.Elements().Single(each => each.Name.LocalName == "EstadoRegistro").Value} {line.Elements().FirstOrDefault(each => each.Name.LocalName == "CodigoErrorRegistro")?.Value}".Trim()
        );

    /// <summary>The code of a fault; null where the answer is none.</summary>
    public string? FaultCode => Text("faultstring") is { } text ? text.Split('[', ']')[1] : null;
}

/// <summary>Where a simulated agency listens, and how it is spoken to.</summary>
internal sealed class AgencyClient : IDisposable
{
    public const string Voluntary = "/wlpl/TIKE-CONT/ws/SistemaFacturacion/VerifactuSOAP";
    public const string Requirement = "/wlpl/TIKE-CONT/ws/SistemaFacturacion/RequerimientoSOAP";

    private readonly string _authority;
    private readonly int _soap;
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    public AgencyClient(string authority, int http, int soap)
    {
        (_authority, _soap) = (authority, soap);
        Control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
    }

    /// <summary>Where the service listens, and the authority to trust there, as Invoicing is told.</summary>
    public Dictionary<string, string?> Configuration =>
        new() { ["Verifactu:TestAddress"] = $"https://localhost:{_soap}{Voluntary}", ["Verifactu:TestAuthority"] = _authority };

    /// <summary>The control API, the page and the QR check.</summary>
    public HttpClient Control { get; }

    /// <summary>Sends a message with the certificate of a NIF.</summary>
    public Task<Answered> SendAsync(string nif, string message, string path = Voluntary)
    {
        if (!_clients.TryGetValue(nif, out var client))
        {
            _clients[nif] = client = With(ClientCertificates.Of(nif));
        }

        return PostAsync(client, Encoding.UTF8.GetBytes(message), path);
    }

    public static async Task<Answered> PostAsync(HttpClient client, byte[] body, string path = Voluntary)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("text/xml") { CharSet = "utf-8" };
        using var response = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A client that trusts the simulator's authority alone, with a certificate or without.</summary>
    public HttpClient With(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(File.ReadAllText(_authority)) },
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{_soap}") };
    }

    public async Task<JsonElement> TotalsAsync(string? nif = null, string query = "") =>
        await Control.GetFromJsonAsync<JsonElement>(
            $"/control/records?{(nif is null ? "" : $"nif={nif}")}{query}",
            TestContext.Current.CancellationToken
        );

    public async Task<JsonElement> ListAsync(string nif) =>
        await Control.GetFromJsonAsync<JsonElement>($"/control/records/list?nif={nif}", TestContext.Current.CancellationToken);

    public async Task SetAsync(object settings) =>
        (await Control.PutAsJsonAsync("/control/settings", settings, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public async Task AskForAsync(object fault) =>
        (await Control.PostAsJsonAsync("/control/faults", fault, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public async Task ForgetAsync(string id) =>
        (await Control.PutAsync($"/control/census/{id}", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public void Dispose()
    {
        Control.Dispose();
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }
}

/// <summary>A simulated agency in this process, on ports and with books of its own.</summary>
internal sealed class Agency : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retail-agency-").FullName;
    private readonly WebApplication _app;

    private Agency(Dictionary<string, string?> configuration, TimeProvider? clock)
    {
        var (http, soap) = (Infrastructure.FreePort(), Infrastructure.FreePort());
        var authority = Path.Combine(_folder, "authority.pem");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = $"http://127.0.0.1:{http}",
                ["SOAP_PORT"] = $"{soap}",
                ["TaxAgency:Data"] = Path.Combine(_folder, "data"),
                ["TaxAgency:Authority"] = authority,
                ["TaxAgency:WaitSeconds"] = "0",
            }
        );
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddSingleton(clock ?? new FakeTimeProvider(Letter.Now));
        _app = Simulator.Build(builder);
        Client = new AgencyClient(authority, http, soap);
    }

    public AgencyClient Client { get; }

    /// <summary>Starts one that reads the official schemas; the test is skipped where they are not here.</summary>
    public static Task<Agency> StartAsync(TimeProvider? clock = null, params (string Name, string Value)[] settings) =>
        StartAsync([("TaxAgency:Schemas", Repository.Shared("compliance/verifactu")), .. settings], clock);

    /// <summary>Starts one that has no schemas.</summary>
    public static Task<Agency> StartWithoutSchemasAsync() => StartAsync([("TaxAgency:Schemas", "/nowhere")], null);

    private static async Task<Agency> StartAsync((string Name, string Value)[] settings, TimeProvider? clock)
    {
        var agency = new Agency(settings.ToDictionary(each => each.Name, each => (string?)each.Value), clock);
        await agency._app.StartAsync(TestContext.Current.CancellationToken);
        return agency;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One simulated agency for all the tests of a class that need none of their own.</summary>
public sealed class SharedAgency : IAsyncDisposable
{
    private Agency? _agency;

    internal async Task<Agency> StartedAsync() => _agency ??= await Agency.StartAsync();

    public ValueTask DisposeAsync() => _agency?.DisposeAsync() ?? ValueTask.CompletedTask;
}
