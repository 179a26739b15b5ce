using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>Somebody signed in at the portal, by mailed link, without a browser: quick enough for thousands of requests.</summary>
internal sealed class Visit : IDisposable
{
    private static readonly HtmlParser Html = new();
    private static readonly TimeSpan ListensFor = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private string _token = "";

    private Visit(StartedSystem system, string email, string language)
    {
        var address = system.Now.Http("portal");
        Cookies.Add(address, new Cookie("retail-language", language));
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = Cookies,
            }
        )
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        Email = email;
    }

    public CookieContainer Cookies { get; } = new();

    public string Email { get; }

    /// <summary>Asks for a link, and opens nothing.</summary>
    public static async Task<(Visit Visit, string Link)> AskAsync(StartedSystem system, string email, string language = "es")
    {
        var visit = new Visit(system, email, language);
        return (visit, await visit.LinkAsync(system));
    }

    /// <summary>Signs in.</summary>
    public static async Task<Visit> SignInAsync(StartedSystem system, string email, string language = "es")
    {
        var visit = new Visit(system, email, language);
        await visit.EnterAsync(system);
        return visit;
    }

    /// <summary>Signs in, in this browser, perhaps once more.</summary>
    public async Task EnterAsync(StartedSystem system)
    {
        var link = await LinkAsync(system);
        await LearnAsync(link);
        var form = (await GetAsync(link)).Forms().First(each => each.Action.StartsWith("/sign-in/", StringComparison.Ordinal));
        var entered = await SendAsync(form.Action, form.Fields);
        Assert.True(entered.Status == 303, $"signing in: {entered.Status} {entered.Body}");
        await LearnAsync("/account/sessions");
    }

    /// <summary>A page or a file.</summary>
    public Task<Answer> GetAsync(string path) => AskAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>A form, with this visitor's own proof that it was opened here.</summary>
    public Task<Answer> SendAsync(string action, IEnumerable<(string Name, string Value)> fields) =>
        AskAsync(
            new HttpRequestMessage(HttpMethod.Post, action)
            {
                Content = new FormUrlEncodedContent(
                    fields
                        .Where(field => field.Name is not ("__RequestVerificationToken" or "once"))
                        .Concat([("__RequestVerificationToken", _token), ("once", Guid.CreateVersion7().ToString("N"))])
                        .Select(field => KeyValuePair.Create(field.Item1, field.Item2))
                ),
            }
        );

    public void Dispose() => _http.Dispose();

    internal static async Task<Answer> AnswerAsync(HttpClient http, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            );
            var type = response.Content.Headers.ContentType?.MediaType ?? "";
            var body = type == "text/event-stream" ? await BeginningAsync(response) : await TextAsync(response);
            return new Answer((int)response.StatusCode, type, $"{response.Headers}{response.Content.Headers}", body)
            {
                Location = response.Headers.Location?.ToString(),
            };
        }
    }

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>What a stream without an end says at first.</summary>
    private static async Task<string> BeginningAsync(HttpResponseMessage response)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(ListensFor);
        var said = new MemoryStream();
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(enough.Token);
            await stream.CopyToAsync(said, enough.Token);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // Enough was heard.
        }

        return System.Text.Encoding.UTF8.GetString(said.ToArray());
    }

    private Task<Answer> AskAsync(HttpRequestMessage request) => AnswerAsync(_http, request);

    private async Task<string> LinkAsync(StartedSystem system)
    {
        var inbox = new Inbox(system);
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        var before = (await inbox.ToAsync(Email)).Select(mail => mail.MessageId).ToHashSet(StringComparer.Ordinal);
        await LearnAsync("/sign-in");
        var sent = await SendAsync("/sign-in", [("email", Email)]);
        Assert.True(sent.Status == 303, $"asking for a link: {sent.Status} {sent.Body}");
        var mail = await Wait.ForAsync(
            $"the sign-in mail to {Email}",
            Wait.Generous,
            async () =>
                (await inbox.ToAsync(Email)).FirstOrDefault(each =>
                    !before.Contains(each.MessageId) && each.Link($"{portal}/sign-in/") is not null
                )
        );
        return new Uri(mail.Link($"{portal}/sign-in/")!).PathAndQuery;
    }

    private async Task LearnAsync(string path)
    {
        var page = await GetAsync(path);
        _token =
            page.Forms().SelectMany(form => form.Fields).FirstOrDefault(field => field.Name == "__RequestVerificationToken").Value
            ?? throw new InvalidOperationException($"{path} has no form: {page.Status} {page.Body}");
    }

    /// <summary>What a door said.</summary>
    internal sealed record Answer(int Status, string Type, string Headers, string Body)
    {
        public string? Location { get; init; }

        public bool IsPage => Type == "text/html";

        public bool IsFine => Status is >= 200 and < 300;

        /// <summary>The forms of a page that do something.</summary>
        public IReadOnlyList<Posted> Forms() =>
            IsPage ? [.. Html.ParseDocument(Body).Forms.Where(form => form.Method == "post").SelectMany(Posted.Of)] : [];

        /// <summary>Where a page leads, within the portal.</summary>
        public IReadOnlyList<string> Links() =>
            IsPage
                ?
                [
                    .. Html.ParseDocument(Body)
                        .QuerySelectorAll("a[href]")
                        .Select(link => link.GetAttribute("href")!)
                        .Where(link => link.StartsWith('/'))
                        .Select(link => link.Split('#')[0])
                        .Distinct(),
                ]
                : [];
    }

    /// <summary>A form as a browser would send it untouched, by one of its buttons.</summary>
    internal sealed record Posted(string Action, IReadOnlyList<(string Name, string Value)> Fields)
    {
        internal static IEnumerable<Posted> Of(IHtmlFormElement form)
        {
            var fields = form.Elements.SelectMany(FieldsOf).ToList();
            var buttons = form.Elements.OfType<IHtmlButtonElement>().ToList();
            foreach (var button in buttons.DefaultIfEmpty())
            {
                var action = button?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? "";
                (string, string)[] pressed = button?.Name is { Length: > 0 } name ? [(name, button.Value)] : [];
                yield return new Posted(action, [.. fields, .. pressed]);
            }
        }

        private static IEnumerable<(string, string)> FieldsOf(IElement element) =>
            element switch
            {
                IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => [],
                IHtmlInputElement { Name.Length: > 0 } input => [(input.Name!, input.Value)],
                IHtmlTextAreaElement { Name.Length: > 0 } area => [(area.Name!, area.Value)],
                IHtmlSelectElement { Name.Length: > 0 } select => [(select.Name!, select.Value ?? "")],
                _ => [],
            };
    }
}
