using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class DownloadLogosTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly (string, string) Often = (DownloadLogos.Setting, "00:00:00.050");

    [Fact]
    public async Task A_logo_is_fetched_when_the_seller_says_where_it_is_and_a_bad_one_leaves_the_last_good_one_in_its_place()
    {
        await using var shop = await Shop.OpenAsync();
        var good = Png.Of(60, 20, 3, new byte[3600]);
        shop.Files["/good.png"] = good;
        shop.Files["/cut.png"] = good[..^20];
        shop.Files["/bomb.png"] = PictureTests.PngOf(50_000, 50_000, 8, 2, new byte[100]);
        shop.Files["/page.png"] = "<!doctype html><p>no logo</p>"u8.ToArray();
        shop.Files["/huge.png"] = [.. good, .. new byte[Picture.MostBytes]];
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(
            infrastructure,
            "smtp://127.0.0.1:9",
            null,
            Often,
            ("Delivery:Webhooks:AllowPrivate", "true")
        );
        using var http = delivery.As(Seller.Value);
        Assert.Equal("none", (await StandingAsync(http)).Status);

        await delivery.PublishAsync(SellerWith($"{shop.Address}/good.png", 1));
        var kept = await UntilAsync(http, standing => standing.Status == "kept");
        Assert.Equal($"{shop.Address}/good.png", kept.FetchedFrom);

        var version = 1L;
        foreach (
            var (path, why) in new[]
            {
                ("/cut.png", "Broken"),
                ("/bomb.png", "TooManyDots"),
                ("/page.png", "NotAPicture"),
                ("/huge.png", "TooManyBytes"),
                ("/none.png", "404"),
                ("/elsewhere.png", "redirects are not followed"),
            }
        )
        {
            await delivery.PublishAsync(SellerWith($"{shop.Address}{path}", ++version));
            var failed = await UntilAsync(http, standing => standing.LastError?.Contains(why, StringComparison.Ordinal) == true);
            Assert.Equal("failed", failed.Status);
            Assert.NotNull(failed.NextAttemptAt);
            Assert.Equal($"{shop.Address}/good.png", failed.FetchedFrom);
        }

        // The redirect led to an address of ours, which nobody asked.
        Assert.DoesNotContain("/secret", shop.Asked);
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        var page = await http.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/html");
        Assert.Contains("src=\"data:image/png;base64,", page, StringComparison.Ordinal);

        // Another word of the seller's about something else fetches nothing again; none about a logo takes it away.
        await delivery.PublishAsync(SellerWith($"{shop.Address}/good.png", ++version));
        await UntilAsync(http, standing => standing.Status == "kept");
        var asked = shop.Asked.Count;
        await delivery.PublishAsync(SellerWith($"{shop.Address}/good.png", ++version) with { Language = "en" });
        await Eventually.EqualAsync(
            version,
            () => SendInvoiceTests.CountAsync(delivery, "select seller_version from logo"),
            "the seller's version"
        );
        Assert.Equal("kept", (await StandingAsync(http)).Status);
        Assert.Equal(asked, shop.Asked.Count);
        await delivery.PublishAsync(SellerWith(null, ++version));
        await UntilAsync(http, standing => standing.Status == "none");
        await Eventually.TrueAsync(
            async () =>
                !(await http.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/html")).Contains("data:image", StringComparison.Ordinal),
            "the page is without the logo"
        );
    }

    [Fact]
    public async Task A_logo_at_an_address_that_is_not_public_is_asked_of_nobody()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Often);
        using var http = delivery.As(Seller.Value);
        var version = 0L;
        foreach (
            var url in new[]
            {
                "https://localhost/logo.png",
                "https://127.0.0.1/logo.png",
                "https://[::1]/logo.png",
                "https://169.254.169.254/latest/meta-data",
                "http://example.com/logo.png",
            }
        )
        {
            await delivery.PublishAsync(SellerWith(url, ++version));

            var failed = await UntilAsync(http, standing => standing.Url == url && standing.LastError is not null);
            Assert.Equal("failed", failed.Status);
            Assert.StartsWith("DEL-URL-01", failed.LastError, StringComparison.Ordinal);
            Assert.Null(failed.FetchedAt);
        }
    }

    private static SellerRegistered SellerWith(string? logo, long version) =>
        SampleInvoice.Seller(Seller, version) with
        {
            Branding = new Branding { Colour = "#1f7a6d", LogoUrl = logo },
        };

    private static async Task<LogoStanding> StandingAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<LogoStanding>("/v1/logo", Wire.Tolerant))!;

    private static async Task<LogoStanding> UntilAsync(HttpClient http, Func<LogoStanding, bool> condition)
    {
        LogoStanding? standing = null;
        await Eventually.TrueAsync(
            async () =>
            {
                standing = await StandingAsync(http);
                return condition(standing);
            },
            $"the logo's standing, last {standing}"
        );
        return standing!;
    }

    /// <summary>A shop's own web server.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Shop(WebApplication app, int port) => (_app, Address) = (app, $"http://127.0.0.1:{port}");

        public string Address { get; }

        public ConcurrentDictionary<string, byte[]> Files { get; } = new();

        public ConcurrentQueue<string> Asked { get; } = new();

        public static async Task<Shop> OpenAsync()
        {
            var port = Infrastructure.FreePort();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
            var app = builder.Build();
            var shop = new Shop(app, port);
            app.MapGet("/{file}", (string file) => shop.Answer($"/{file}"));
            await app.StartAsync();
            return shop;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private IResult Answer(string path)
        {
            Asked.Enqueue(path);
            return path == "/elsewhere.png" ? Results.Redirect($"{Address}/secret")
                : Files.TryGetValue(path, out var file) ? Results.Bytes(file, "image/png")
                : Results.NotFound();
        }
    }
}
