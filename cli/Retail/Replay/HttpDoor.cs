using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Replay;

/// <summary>POST /v1/sales:import, a sale a line.</summary>
public sealed class HttpDoor(HttpClient http) : ISaleDoor
{
    /// <inheritdoc />
    public async IAsyncEnumerable<SaleOutcome> SendAsync(
        IReadOnlyList<SalePosted> sales,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var body = new MemoryStream();
        foreach (var sale in sales)
        {
            body.Write(JsonSerializer.SerializeToUtf8Bytes(sale, Wire.Tolerant));
            body.WriteByte((byte)'\n');
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sales:import")
        {
            Content = new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await RefuseAsync(response, cancellation);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length > 0)
            {
                yield return Read(line);
            }
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => default;

    /// <summary>A key that is not taken stays not taken: waiting would not help.</summary>
    internal static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            throw new CommandFailed(
                $"{response.RequestMessage?.RequestUri} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}"
            );
        }

        response.EnsureSuccessStatusCode();
    }

    private static SaleOutcome Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<SaleOutcome>(line, Wire.Tolerant)!;
        }
        catch (JsonException exception)
        {
            // A line cut off by a dying server is no answer.
            throw new IOException($"the answer broke off: {exception.Message}", exception);
        }
    }
}
