using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class PublicHttpTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.0", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.0.1.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("2001:4860:4860::8888", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.88.99.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.51.100.7", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("3fff::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_public_internet_are_called(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hooks")]
    [InlineData("/hooks")]
    [InlineData("https://")]
    [InlineData("http://shop.example/")]
    [InlineData("ftp://shop.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://shop.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:password@shop.example/")]
    [InlineData("https://shop.example/a b")]
    [InlineData("https://shop.example/\0")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://printer.local/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[fe80::1]/")]
    public void An_address_that_is_not_called_is_refused_by_its_text(string? url)
    {
        using var http = Http(allowPrivate: false);
        var fault = http.RefuseText(url);
        Assert.Equal("DEL-URL-01", fault?.Code.Code);
        Assert.NotEqual(fault!.In("es"), fault.In("en"));
    }

    [Theory]
    [InlineData("https://shop.example/hooks?x=1")]
    [InlineData("https://shop.example:8443/hooks")]
    [InlineData("https://tienda.españa.example/ñ")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://localhost.example/")]
    public void An_address_of_the_public_internet_is_not_refused(string url)
    {
        using var http = Http(allowPrivate: false);
        Assert.Null(http.RefuseText(url));
    }

    [Fact]
    public void An_address_may_be_long_but_not_endless()
    {
        using var http = Http(allowPrivate: false);
        Assert.Null(http.RefuseText($"https://shop.example/{new string('a', 2000)}"));
        Assert.NotNull(http.RefuseText($"https://shop.example/{new string('a', 2048)}"));
        Assert.NotNull(http.RefuseText($"https://shop.example/{new string('ñ', 1000)}"));
    }

    [Fact]
    public async Task A_host_that_no_name_server_could_be_asked_for_is_an_answer_and_no_surprise()
    {
        using var http = Http(allowPrivate: false);
        var endless = $"https://{string.Join('.', Enumerable.Repeat("a", 200))}/";
        Assert.Equal("DEL-URL-01", (await http.RefuseAsync(endless, CancellationToken.None))?.Code.Code);
        // As an internationalised name the label is longer than any may be; readers of addresses differ in when they find out.
        var wide = string.Concat(Enumerable.Range(0x4E00, 60).Select(letter => (char)letter));
        foreach (var host in new[] { wide, new string('a', 64), "xn--\u0080", "a..b", "-" })
        {
            var fault = await http.RefuseAsync($"https://{host}.example/", CancellationToken.None);
            Assert.True(fault is null or { Code.Code: "DEL-URL-01" }, host);
        }
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_refused_when_put_and_again_when_called()
    {
        var name = Dns.GetHostName();
        var addresses = await AddressesAsync(name);
        using var http = Http(allowPrivate: false);
        Assert.SkipUnless(
            !Array.TrueForAll(addresses, PublicHttp.IsPublic) && http.RefuseText($"https://{name}/") is null,
            "this machine's name leads to no private address, or says itself that it is private"
        );
        Assert.Equal("DEL-URL-01", (await http.RefuseAsync($"https://{name}/", CancellationToken.None))?.Code.Code);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{name}/");
        var answer = await http.SendAsync(request, 100, CancellationToken.None);
        Assert.Equal(CallFailure.PrivateAddress, answer.Failure);
        Assert.Equal(0, answer.Status);
        Assert.DoesNotContain(addresses[0].ToString(), answer.Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_no_refusal_and_the_call_says_so()
    {
        using var http = Http(allowPrivate: false);
        const string nowhere = "https://no-such-name.invalid/";
        Assert.Null(await http.RefuseAsync(nowhere, CancellationToken.None));
        using var request = new HttpRequestMessage(HttpMethod.Post, nowhere);
        var answer = await http.SendAsync(request, 100, CancellationToken.None);
        Assert.Equal(CallFailure.NoAddress, answer.Failure);
        Assert.Equal(0, answer.Status);
    }

    [Fact]
    public async Task Nobody_follows_a_redirect()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = (call, context) =>
        {
            if (call.Path == "/from")
            {
                context.Response.Redirect(sink.Url("/to"));
            }

            return Task.CompletedTask;
        };
        using var http = Http(allowPrivate: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, sink.Url("/from"));

        var answer = await http.SendAsync(request, 100, CancellationToken.None);

        Assert.Equal((302, false), (answer.Status, answer.IsSuccess));
        Assert.Equal("/from", Assert.Single(sink.Calls).Path);
    }

    [Fact]
    public async Task Of_an_answer_so_much_is_read_and_no_more()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = async (call, context) =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.RetryAfter = "120";
            var piece = Encoding.ASCII.GetBytes(new string('x', 1000));
            for (var i = 0; (call.Path == "/endless" || i < 1) && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        };
        using var http = Http(allowPrivate: true);
        using var endless = new HttpRequestMessage(HttpMethod.Get, sink.Url("/endless"));
        using var whole = new HttpRequestMessage(HttpMethod.Get, sink.Url("/whole"));

        var cut = await http.SendAsync(endless, 1024, CancellationToken.None);
        var all = await http.SendAsync(whole, 1024, CancellationToken.None);

        Assert.Equal((200, 1024, true), (cut.Status, cut.Body.Length, cut.IsCut));
        Assert.Equal((200, 1000, false), (all.Status, all.Body.Length, all.IsCut));
        Assert.Equal("text/plain", all.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(120), all.RetryAfter!.From(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task A_line_that_breaks_and_a_door_that_is_shut_are_answers_too()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var http = Http(allowPrivate: true);
        using var broken = new HttpRequestMessage(HttpMethod.Post, sink.Url("/"));
        using var shut = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Fixtures.Infrastructure.FreePort()}/");
        using var noTls = new HttpRequestMessage(HttpMethod.Post, sink.Url("/").Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal(CallFailure.Connection, (await http.SendAsync(broken, 100, CancellationToken.None)).Failure);
        Assert.Equal(CallFailure.Connection, (await http.SendAsync(shut, 100, CancellationToken.None)).Failure);
        Assert.Equal(CallFailure.Tls, (await http.SendAsync(noTls, 100, CancellationToken.None)).Failure);
    }

    private static async Task<IPAddress[]> AddressesAsync(string name)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }

    private static PublicHttp Http(bool allowPrivate) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?> { ["Delivery:Webhooks:AllowPrivate"] = allowPrivate ? "true" : "false" }
                )
                .Build()
        );
}
