using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>
/// One visit of a member of staff to an office page: what the services' doors answer on its behalf, in its language. Whether its role may,
/// the service decides that is asked.
/// </summary>
public sealed class AskOffice : IBindableFromHttpContext<AskOffice>
{
    /// <summary>The policy of the office's pages: quicker with a script of ours that asks nobody but ourselves.</summary>
    internal static readonly string Policy = $"{SecurityHeaders.PolicyWithOwnScript}; connect-src 'self'";

    private readonly AskDoors _doors;
    private readonly FormOnce _once;

    private AskOffice(HttpContext http, OfficeDoor door, SellerRegistered? seller)
    {
        Http = http;
        Door = door;
        var page = ListMyInvoices.Branded(PageContext.Of(http) with { Staff = door.Offices.Count > 0 }, seller);
        Page = page with { SellerName = page.SellerName ?? door.Chosen?.SellerName };
        Zone = Zones.Of(seller?.TimeZone);
        Today = Zones.DayAt(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), Zone);
        _doors = http.RequestServices.GetRequiredService<AskDoors>();
        _once = http.RequestServices.GetRequiredService<FormOnce>();
    }

    /// <summary>The request.</summary>
    public HttpContext Http { get; }

    /// <summary>Whose office, and who is in it.</summary>
    public OfficeDoor Door { get; }

    /// <summary>What every page knows.</summary>
    public PageContext Page { get; }

    /// <summary>The seller's zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>The day there.</summary>
    public DateOnly Today { get; }

    /// <summary>The language.</summary>
    public Words Words => Page.Words;

    /// <summary>The seller, as addresses name it.</summary>
    public string Seller => Uri.EscapeDataString(Door.Chosen!.SellerId);

    /// <summary>Opens for the visitor.</summary>
    public static async ValueTask<AskOffice?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
    {
        var door = await OfficeDoor.OpenAsync(context);
        if (door.Fault is not null || door.Chosen is null)
        {
            return new AskOffice(context, door, null);
        }

        var invoicing = context.RequestServices.GetRequiredService<AskInvoicing>();
        var seller = await invoicing.SellerAsync(door.SellerId, context.RequestAborted);
        return new AskOffice(context, door, seller.Fault is null ? seller.Value : null);
    }

    /// <summary>Whether the member's role has a scope; the door that is asked has the last word.</summary>
    public bool May(string scope) => Door.Behalf.Role is { } role && StaffAtDoors.ScopesOf(role).Contains(scope);

    /// <summary>In the language of the page.</summary>
    public string Say(string spanish, string english) => Words.Say(spanish, english);

    /// <summary>What the address asks for; nothing where it is empty.</summary>
    public string? Asked(string name) => Http.Request.Query[name] is [{ Length: > 0 and <= 400 } value] ? value : null;

    /// <summary>An address of the office, with the seller where the visitor has several.</summary>
    public string Link(string path) =>
        Door.Query.Length == 0 ? $"/office{path}"
        : path.Contains('?', StringComparison.Ordinal) ? $"/office{path}&{Door.Query[1..]}"
        : $"/office{path}{Door.Query}";

    /// <summary>A list's own address with one thing asked differently; what is null is left out.</summary>
    public string Link(string path, params (string Name, string? Value)[] asked)
    {
        var query = string.Join('&', asked.Where(each => each.Value is not null).Select(each => $"{each.Name}={Escape(each.Value!)}"));
        return Link(query.Length == 0 ? path : $"{path}?{query}");
    }

    /// <summary>What an address may hold of a text.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    /// <summary>An instant on the seller's clock.</summary>
    public string At(DateTimeOffset? at) => Words.At(at, Zone);

    /// <summary>A day, or nothing.</summary>
    public string Day(DateOnly? day) => day is { } known ? Words.ShortDate(known) : "";

    /// <summary>An amount of an answer in the currency that it names.</summary>
    public string Amount(JsonNode? node, string path, string currency = "currency") =>
        node.Number(path) is { } amount ? Words.Amount(amount, node.Currency(currency)) : "";

    /// <summary>The fields that a form which only asks carries on.</summary>
    public IReadOnlyList<SheetField> Carried =>
        Door.Query.Length == 0 ? [] : [new SheetField("seller", "") { Kind = "hidden", Value = Door.Chosen!.SellerId }];

    /// <summary>What a door answers.</summary>
    public Task<Outcome<JsonNode>> GetAsync(string service, string path) => _doors.GetAsync(service, path, Door, Http.RequestAborted);

    /// <summary>What comes of sending something to a door; a browser that leaves, as with a double click, stops nothing that has begun.</summary>
    public Task<Outcome<JsonNode>> SendAsync(HttpMethod method, string service, string path, JsonNode? body = null) =>
        _doors.SendAsync(method, service, path, body, Door, CancellationToken.None);

    /// <summary>A file that a door gives.</summary>
    public Task<Outcome<Stream>> FileAsync(string service, string path) => _doors.FileAsync(service, path, Door, Http.RequestAborted);

    /// <summary>A file that a door makes of what is sent.</summary>
    public Task<Outcome<Stream>> SendForFileAsync(HttpMethod method, string service, string path, JsonNode body) =>
        _doors.SendForFileAsync(method, service, path, body, Door, Http.RequestAborted);

    /// <summary>What comes of sending a file.</summary>
    public Task<Outcome<JsonNode>> UploadAsync(string service, string path, Stream file, string type) =>
        _doors.SendFileAsync(service, path, file, type, Door, CancellationToken.None);

    /// <summary>The invoice that someone names by its number or by its id, as a door knows it.</summary>
    public async Task<Outcome<JsonNode>> InvoiceAsync(string? named)
    {
        var name = (named ?? "").Trim();
        if (InvoiceId.TryParse(name, out _))
        {
            return await GetAsync("invoicing", $"/v1/invoices/{name}");
        }

        if (name.Length is 0 or > 60)
        {
            return OfficeMoneyFaults.NoSuchInvoice.With(name.Length > 60 ? name[..60] : name);
        }

        var list = await GetAsync("invoicing", $"/v1/invoices?number={Escape(name)}&limit=2");
        return list.Refused(out var fault) ? fault
            : list.Value.List("invoices") is [var only] ? only
            : OfficeMoneyFaults.NoSuchInvoice.With(name);
    }

    /// <summary>Shows a page, or why there is none.</summary>
    public Task<IResult> ShowAsync(Func<AskOffice, Task<Outcome<Sheet>>> sheet) => ShowAsync(sheet, null, null);

    /// <summary>Shows a page again with why an act was refused and what was typed.</summary>
    public async Task<IResult> ShowAsync(Func<AskOffice, Task<Outcome<Sheet>>> sheet, Fault? refused, Form? form)
    {
        if (Shut() is { } shut)
        {
            return shut;
        }

        var made = await sheet(this);
        if (made.Refused(out var none))
        {
            // A kept form's own refusal would list what was written: here that may be a secret.
            return Page.Show(form is { IsKept: true } ? none : refused ?? none);
        }

        var shown = made.Value with { Query = Door.Query, Role = Door.Behalf.Role };
        if (Asked("csv") is { } place && HttpMethods.IsGet(Http.Request.Method) && SheetCsv.Of(shown, place) is { } csv)
        {
            return Results.File(csv, "text/csv; charset=utf-8", $"{shown.Section}.csv");
        }

        if (refused is not null)
        {
            shown = shown with { Notice = refused.In(Words.Code), Refused = true };
            shown = form is null
                ? shown
                : shown.Typed(
                    Http.Request.Path + Http.Request.QueryString,
                    name => form[name],
                    // Changed, it is another form.
                    refused.Code == OfficeMoneyFaults.SentChanged
                        ? null
                        : form[FormOnce.Field]
                );
        }
        else if (shown.Notice is null && Asked("done") is { } done && DoneWords.Of(Words, done) is { } said)
        {
            shown = shown with { Notice = said };
        }

        Http.Response.Headers.ContentSecurityPolicy = shown.HasFrame ? $"{Policy}; frame-src 'self'" : Policy;

        return Page.Show<SheetPage, Sheet>(
            shown,
            form is { IsKept: true } ? StatusCodes.Status200OK : refused?.Status ?? StatusCodes.Status200OK
        );
    }

    /// <summary>
    /// Does what a form says, once, and sends the browser on; a refusal shows the page again with its reason and nothing typed is lost.
    /// </summary>
    public Task<IResult> ActAsync(Form form, Func<AskOffice, Task<Outcome<string>>> act, Func<AskOffice, Task<Outcome<Sheet>>> sheet) =>
        TellAsync(
            form,
            async office =>
            {
                var done = await act(office);
                return done.Refused(out var refused) ? refused : new FormAnswer(done.Value);
            },
            sheet,
            (_, _) => throw new InvalidOperationException("nothing was to be told")
        );

    /// <summary>
    /// The same for an act whose answer tells something that is shown this once: the second of two clicks, whose answer the browser shows, is
    /// told the same.
    /// </summary>
    public async Task<IResult> TellAsync(
        Form form,
        Func<AskOffice, Task<Outcome<FormAnswer>>> act,
        Func<AskOffice, Task<Outcome<Sheet>>> sheet,
        Func<AskOffice, string, Task<IResult>> show
    )
    {
        if (Shut() is { } shut)
        {
            return shut;
        }

        if (form.Fault is { } stale)
        {
            return form.IsKept ? await ShowAsync(sheet, stale, form) : Page.Show(stale);
        }

        var taken = await _once.TakeAsync(Door.Email, form, Http.Request);
        if (taken.First is not { } turn)
        {
            return taken.Answer is { } answer ? await AnswerAsync(answer)
                : taken.IsChanged ? await ShowAsync(sheet, OfficeMoneyFaults.SentChanged.With(), form)
                : await ShowAsync(sheet, OfficeMoneyFaults.SentTwice.With(), null);
        }

        _doors.FormKey = turn.Key;
        Outcome<FormAnswer> done;
        try
        {
            done = await act(this);
        }
        catch
        {
            await _once.GiveBackAsync(turn);
            throw;
        }

        if (!done.Refused(out var refused))
        {
            await _once.DoneAsync(turn, done.Value);
            return await AnswerAsync(done.Value);
        }

        await _once.GiveBackAsync(turn);
        // The page is shown with the same key: what was not answered may have been done.
        return await ShowAsync(sheet, refused, form);

        Task<IResult> AnswerAsync(FormAnswer answer) =>
            answer.Told is { } told ? show(this, told) : Task.FromResult(PageContext.GoTo(answer.Link));
    }

    /// <summary>Why no office opens, or the choice of one.</summary>
    public IResult? Shut() =>
        Door.Fault is { } fault ? Page.Show(fault)
        : Door.Chosen is null ? Page.Show<OfficesPage, OfficesModel>(new OfficesModel(Door.Offices))
        : null;
}
