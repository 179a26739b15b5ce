using System.Globalization;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How consent, campaigns and coupons are asked for over HTTP, and the pages behind a mail's link to stop offers.</summary>
internal static class OfferDoors
{
    /// <summary>Who may reserve a coupon: a till, or a shop's program.</summary>
    internal static readonly string[] Redeemers = [Scopes.SalesWrite, Scopes.DeliveryWrite];

    internal static async Task<IResult> KeepConsent(
        string customerId,
        Caller caller,
        Body<ConsentRequest> body,
        KeepConsent keep,
        GetConsent get,
        CancellationToken cancellationToken
    )
    {
        if (body.Content.Refused(out var unreadable))
        {
            return unreadable.ToResult();
        }

        return await keep.RunAsync(caller.SellerId, customerId, body.Content.Value, cancellationToken) is { } fault
            ? fault.ToResult()
            : (await get.RunAsync(caller.SellerId, customerId, null, null, cancellationToken)).ToResult(consent => Results.Ok(consent));
    }

    internal static async Task<IResult> GetConsent(
        string customerId,
        string? cursor,
        string? limit,
        Caller caller,
        GetConsent get,
        CancellationToken cancellationToken
    ) =>
        TryLimit(limit, out var most)
            ? (await get.RunAsync(caller.SellerId, customerId, cursor, most, cancellationToken)).ToResult(consent => Results.Ok(consent))
            : DoorFaults.BadParameter.With("limit", limit).ToResult();

    /// <summary>Asks; a machine that opens links to look for harm stops nothing.</summary>
    internal static async Task<IResult> AskWithdrawal(string token, ShowWithdrawal show, HttpContext http)
    {
        var page = await show.AskAsync(token, http.RequestAborted);
        return page.Refused(out var fault) ? Refused(http, fault) : Page(http, page.Value);
    }

    /// <summary>Stops them: a mail program's one click (RFC 8058), or the page's button.</summary>
    internal static async Task<IResult> Withdraw(string token, KeepConsent keep, ShowWithdrawal show, HttpContext http)
    {
        var withdrawn = await keep.RunAsync(token, http.RequestAborted);
        return withdrawn.Refused(out var fault)
            ? Refused(http, fault)
            : Page(http, await show.DoneAsync(withdrawn.Value, http.RequestAborted));
    }

    internal static async Task<IResult> KeepCampaign(
        string campaignId,
        Caller caller,
        Body<CampaignRules> body,
        KeepCampaign keep,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var unreadable)
            ? unreadable.ToResult()
            : (await keep.RunAsync(caller.SellerId, campaignId, body.Content.Value, cancellationToken)).ToResult(kept =>
                Made(kept.Campaign, kept.IsNew)
            );

    internal static async Task<IResult> ListCampaigns(
        string? cursor,
        string? limit,
        Caller caller,
        ListCampaigns list,
        CancellationToken cancellationToken
    ) =>
        TryLimit(limit, out var most)
            ? (await list.RunAsync(caller.SellerId, cursor, most, cancellationToken)).ToResult(page => Results.Ok(page))
            : DoorFaults.BadParameter.With("limit", limit).ToResult();

    internal static async Task<IResult> GetCampaign(
        string campaignId,
        Caller caller,
        ListCampaigns list,
        CancellationToken cancellationToken
    ) => (await list.FindAsync(caller.SellerId, campaignId, cancellationToken)).ToResult(campaign => Results.Ok(campaign));

    internal static async Task<IResult> MeasureCampaign(
        string campaignId,
        Caller caller,
        MeasureCampaign measure,
        CancellationToken cancellationToken
    ) => (await measure.RunAsync(caller.SellerId, campaignId, cancellationToken)).ToResult(results => Results.Ok(results));

    internal static async Task<IResult> ReserveCoupon(
        string code,
        Caller caller,
        Body<ReservationRequest> body,
        ReserveCoupon reserve,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var unreadable)
            ? unreadable.ToResult()
            : (await reserve.RunAsync(caller.SellerId, code, body.Content.Value, cancellationToken)).ToResult(reserved =>
                Made(reserved.Reservation, reserved.IsNew)
            );

    internal static async Task<IResult> ReleaseCoupon(
        string code,
        string saleId,
        Caller caller,
        ReleaseCoupon release,
        CancellationToken cancellationToken
    ) => await release.RunAsync(caller.SellerId, code, saleId, cancellationToken) is { } fault ? fault.ToResult() : Results.NoContent();

    internal static async Task<IResult> ListMisusedCoupons(
        string? cursor,
        string? limit,
        Caller caller,
        ListMisusedCoupons list,
        CancellationToken cancellationToken
    ) =>
        TryLimit(limit, out var most)
            ? (await list.RunAsync(caller.SellerId, cursor, most, cancellationToken)).ToResult(page => Results.Ok(page))
            : DoorFaults.BadParameter.With("limit", limit).ToResult();

    private static IResult Made<T>(T answer, bool isNew) => isNew ? Results.Created((string?)null, answer) : Results.Ok(answer);

    private static bool TryLimit(string? text, out int? limit)
    {
        limit = null;
        if (text is null)
        {
            return true;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        limit = number;
        return isNumber;
    }

    /// <summary>People are told in words; a program is told the code.</summary>
    private static IResult Refused(HttpContext http, Fault fault)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return fault.ToResult();
        }

        var words = OfferWords.For(http.Request.Headers.AcceptLanguage.ToString());
        return Page(http, WithdrawalPage.Refused(words, fault.In(words.Language == "en" ? "en" : "es")), fault.Status);
    }

    private static IResult Page(HttpContext http, string page, int status = StatusCodes.Status200OK)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        return Results.Text(page, "text/html; charset=utf-8", statusCode: status);
    }
}
