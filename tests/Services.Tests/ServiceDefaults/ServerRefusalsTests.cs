using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What the web server refuses before anything of ours is asked is a problem in words, too.</summary>
public sealed class ServerRefusalsTests : IAsyncLifetime
{
    private WebApplication _app = null!;

    [Theory]
    [InlineData("GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/a HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/a HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n", 400)]
    [InlineData("rubbish\r\n\r\n", 400)]
    [InlineData("POST /v1/a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    public async Task A_refusal_of_the_web_server_itself_is_a_problem_with_a_code(string request, int status)
    {
        var (head, body) = await AskAsync(Encoding.ASCII.GetBytes(request));

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}\r\n", head + "\r\n", StringComparison.Ordinal);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal("HTTP-01", problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused_so_too()
    {
        var (head, body) = await AskAsync(Encoding.ASCII.GetBytes($"GET /v1/{new string('a', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 414 ", head, StringComparison.Ordinal);
        Assert.Equal("HTTP-01", JsonSerializer.Deserialize<JsonElement>(body).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_the_application_answers_passes_byte_for_byte()
    {
        var (head, body) = await AskAsync("GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 200 OK", head, StringComparison.Ordinal);
        Assert.True(Long.AsSpan().SequenceEqual(body), $"{head} {body.Length} of {Long.Length}");
    }

    private static byte[] Long { get; } = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i}\r\n")));

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["urls"] = "http://127.0.0.1:0", ["Keys:ApiKeySecret"] = new string('k', 32) }
        );
        builder.AddServiceDefaults("collections");
        _app = builder.Build();
        _app.MapDefaultEndpoints();
        _app.MapGet("/long", () => Results.Bytes(Long));
        await _app.StartAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<(string Head, byte[] Body)> AskAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(_app.Urls.First()).Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        var bytes = answer.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, Encoding.UTF8.GetString(bytes));
        return (Encoding.ASCII.GetString(bytes[..end]), bytes[(end + 4)..]);
    }
}
