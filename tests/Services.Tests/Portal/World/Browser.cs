using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>A browser without script: it keeps cookies, follows nothing by itself, and reads HTML strictly.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(Uri address, string language)
    {
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                CookieContainer = Cookies,
                AllowAutoRedirect = false,
                UseProxy = false,
            }
        )
        {
            BaseAddress = address,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http => _http;

    public async Task<Answer> GetAsync(string path) => await ReadAsync(await _http.GetAsync(path));

    /// <summary>Goes where it is sent, as a browser does.</summary>
    public async Task<Answer> FollowAsync(string path)
    {
        var answer = await GetAsync(path);
        for (var hops = 0; answer.Status is 303 or 302 && hops < 5; hops++)
        {
            answer = await GetAsync(answer.Location);
        }

        return answer;
    }

    /// <summary>Sends a form with its hidden fields, some of them filled in or replaced.</summary>
    public async Task<Answer> SubmitAsync(IHtmlFormElement form, params (string Name, string Value)[] filled)
    {
        var fields = form.QuerySelectorAll("input[name]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        foreach (var (name, value) in filled)
        {
            fields[name] = value;
        }

        return await PostAsync(form.GetAttribute("action")!, fields);
    }

    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields) =>
        await ReadAsync(await _http.PostAsync(path, new FormUrlEncodedContent(fields)));

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var isHtml = response.Content.Headers.ContentType?.MediaType == "text/html";
        // Strictly: what a browser would mend is a mistake of ours.
        var html = await new HtmlParser(new HtmlParserOptions { IsStrictMode = isHtml }).ParseDocumentAsync(isHtml ? body : "");
        return new Answer((int)response.StatusCode, body, response, html);
    }

    public void Dispose() => _http.Dispose();
}
