namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A page as it came; status 0 where none came.</summary>
internal sealed record Page
{
    /// <summary>Its status.</summary>
    public required int Status { get; init; }

    /// <summary>Its text.</summary>
    public string Body { get; init; } = "";

    /// <summary>Where it sends the browser, at once or by the header Refresh.</summary>
    public Uri? Onward { get; init; }

    /// <summary>The cookies that it sets.</summary>
    public string? Cookies { get; init; }
}

/// <summary>Payers' browsers, without a memory: each payer brings its cookies along. It follows nothing by itself.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Opens an address.</summary>
    public Task<Page> OpenAsync(Uri address, CancellationToken cancellation, string? cookies = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, address), cookies, cancellation);

    /// <summary>Presses the button of a form.</summary>
    public Task<Page> PressAsync(
        Uri address,
        IEnumerable<KeyValuePair<string, string>> fields,
        CancellationToken cancellation,
        string? cookies = null
    ) => SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) }, cookies, cancellation);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<Page> SendAsync(HttpRequestMessage request, string? cookies, CancellationToken cancellation)
    {
        using (request)
        {
            if (cookies is not null)
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            try
            {
                using var answer = await _http.SendAsync(request, cancellation);
                var set = answer.Headers.TryGetValues("Set-Cookie", out var values) ? values.Select(each => each.Split(';')[0]) : [];
                var refresh = answer.Headers.TryGetValues("Refresh", out var waits) ? waits.First() : null;
                var at = refresh?.IndexOf("url=", StringComparison.Ordinal) ?? -1;
                var onward =
                    (int)answer.StatusCode is 302 or 303 ? answer.Headers.Location
                    : at >= 0 ? new Uri(refresh![(at + 4)..], UriKind.RelativeOrAbsolute)
                    : null;
                return new Page
                {
                    Status = (int)answer.StatusCode,
                    Body = await answer.Content.ReadAsStringAsync(cancellation),
                    Onward = onward is null ? null : new Uri(request.RequestUri!, onward),
                    Cookies = string.Join("; ", set) is { Length: > 0 } cookie ? cookie : null,
                };
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException
                    || (exception is TaskCanceledException && !cancellation.IsCancellationRequested)
                )
            {
                return new Page { Status = 0, Body = exception.Message };
            }
        }
    }
}
