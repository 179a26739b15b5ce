using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Retail.Running;

/// <summary>Connections to the running system, straight to its addresses whatever proxy the shell names.</summary>
public static class Connections
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A client of a service, with a key.</summary>
    public static HttpClient Http(Uri address, string? apiKey)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = address,
            // Streams last; whoever waits sets a limit of its own.
            Timeout = TimeSpan.FromMinutes(10),
        };
        if (apiKey is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        return http;
    }

    /// <summary>Asks until there is an answer: a service that is just being started again is waited for, a minute at most.</summary>
    public static async Task<HttpResponseMessage> AnsweredAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; )
        {
            try
            {
                var answer = await ask();
                if ((int)answer.StatusCode < 500 || TimeProvider.System.GetElapsedTime(began) > Patience)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // Not there yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        }
    }

    /// <summary>A key of a seller, made with the admin key; it is shown once.</summary>
    public static async Task<MadeKey> MakeKeyAsync(
        HttpClient admin,
        string seller,
        IReadOnlyList<string> scopes,
        CancellationToken cancellation
    )
    {
        using var response = await AnsweredAsync(
            () => admin.PostAsJsonAsync($"/v1/sellers/{seller}/keys", new { scopes }, Wire.Tolerant, cancellation),
            cancellation
        );
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandFailed(
                $"Invoicing gives no key for seller {seller}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}"
            );
        }

        return await JsonSerializer.DeserializeAsync<MadeKey>(
                await response.Content.ReadAsStreamAsync(cancellation),
                Wire.Tolerant,
                cancellation
            ) ?? throw new CommandFailed("Invoicing answered without a key");
    }
}

/// <summary>A key as Invoicing gives it.</summary>
public sealed record MadeKey
{
    /// <summary>Its name.</summary>
    public required KeyId KeyId { get; init; }

    /// <summary>The key itself.</summary>
    public required string ApiKey { get; init; }
}
