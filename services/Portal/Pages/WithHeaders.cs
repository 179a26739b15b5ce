namespace RetailInvoicing.Portal.Pages;

/// <summary>A page that says something more to the browser than pages do else.</summary>
public sealed class WithHeaders(IResult page, Action<IHeaderDictionary> say) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        say(httpContext.Response.Headers);
        return page.ExecuteAsync(httpContext);
    }
}
