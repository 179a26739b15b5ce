using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.Doors;

/// <summary>The style sheet and the icon, held in the program itself; their addresses change with their content, so browsers keep them.</summary>
public static class OwnFiles
{
    private const string ForEver = "public, max-age=31536000, immutable";
    private static readonly byte[] Css = Read("portal.css");
    private static readonly byte[] SmallCss = Compress(Css);
    private static readonly byte[] Icon = Read("favicon.svg");
    private static readonly byte[] Scan = Read("scan.js");
    private static readonly Dictionary<int, byte[]> AppIcons = new() { [192] = Read("icon-192.png"), [512] = Read("icon-512.png") };

    /// <summary>The style sheet's address.</summary>
    public static readonly string CssPath = $"/assets/portal.{Convert.ToHexStringLower(SHA256.HashData(Css))[..12]}.css";

    /// <summary>The address of the script that reads a ticket's code with the camera; its page works without.</summary>
    public static readonly string ScanPath = $"/assets/scan.{Convert.ToHexStringLower(SHA256.HashData(Scan))[..12]}.js";

    private static readonly byte[] DeskCss = Read("desk.css");

    /// <summary>The address of the sheet that only the office's pages need.</summary>
    public static readonly string DeskPath = $"/assets/desk.{Convert.ToHexStringLower(SHA256.HashData(DeskCss))[..12]}.css";

    private static readonly byte[] DeskScript = Read("desk.js");

    /// <summary>The address of the script that makes the office's pages quicker; they work without.</summary>
    public static readonly string DeskScriptPath = $"/assets/desk.{Convert.ToHexStringLower(SHA256.HashData(DeskScript))[..12]}.js";

    /// <summary>The script of the office's pages.</summary>
    public static IResult DeskScriptFile(HttpContext http)
    {
        http.Response.Headers.CacheControl = http.Request.Path.Value == DeskScriptPath ? ForEver : "no-cache";
        return Results.Bytes(DeskScript, "text/javascript; charset=utf-8");
    }

    /// <summary>The sheet of the office's pages.</summary>
    public static IResult DeskSheet(HttpContext http)
    {
        http.Response.Headers.CacheControl = http.Request.Path.Value == DeskPath ? ForEver : "no-cache";
        return Results.Bytes(DeskCss, "text/css; charset=utf-8");
    }

    /// <summary>The style sheet.</summary>
    public static IResult StyleSheet(HttpContext http)
    {
        // A page that outlived a deployment asks by the old name and gets the new sheet, which must not be kept under the old name.
        var current = http.Request.Path.Value == CssPath;
        http.Response.Headers.CacheControl = current ? ForEver : "no-cache";
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            return Results.Bytes(Css, "text/css; charset=utf-8");
        }

        http.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(SmallCss, "text/css; charset=utf-8");
    }

    /// <summary>The script that reads a ticket's code with the camera.</summary>
    public static IResult ScanScript(HttpContext http)
    {
        http.Response.Headers.CacheControl = http.Request.Path.Value == ScanPath ? ForEver : "no-cache";
        return Results.Bytes(Scan, "text/javascript; charset=utf-8");
    }

    /// <summary>The icon on a phone's first screen.</summary>
    public static IResult AppIcon(int size, HttpContext http)
    {
        if (!AppIcons.TryGetValue(size, out var icon))
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Bytes(icon, "image/png");
    }

    /// <summary>What a phone needs to keep the pages beside its apps, in the reader's language.</summary>
    public static IResult Manifest(HttpContext http)
    {
        var words = Words.For(http.Request.Cookies[PageContext.LanguageCookie], http.Request.Headers.AcceptLanguage);
        var manifest = new
        {
            id = "/",
            name = words.AppName,
            short_name = words.AppName,
            lang = words.Code,
            start_url = "/",
            scope = "/",
            display = "standalone",
            background_color = "#ffffff",
            theme_color = "#ffffff",
            icons = AppIcons.Keys.Select(size => new
            {
                src = $"/assets/icon-{size}.png",
                sizes = $"{size}x{size}",
                type = "image/png",
                purpose = "any maskable",
            }),
        };
        http.Response.Headers.Vary = "Accept-Language, Cookie";
        return Results.Json(manifest, contentType: "application/manifest+json");
    }

    /// <summary>The icon on the browser's tab.</summary>
    public static IResult Favicon(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Bytes(Icon, "image/svg+xml");
    }

    /// <summary>A seller's colour as style: a function of the colour alone, so it tells nothing of who exists.</summary>
    public static Results<ContentHttpResult, NotFound> AccentSheet(string colour, HttpContext http)
    {
        if (Accent.Of(colour) is not { } accent)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = ForEver;
        return TypedResults.Text(accent.Css(), "text/css; charset=utf-8");
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"RetailInvoicing.Portal.assets.{name}")!;
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var brotli = new BrotliStream(buffer, CompressionLevel.SmallestSize))
        {
            brotli.Write(content);
        }

        return buffer.ToArray();
    }
}
