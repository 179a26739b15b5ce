using System.Globalization;
using Microsoft.Extensions.Options;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>What is answered about fiscal records: to a seller about its taxpayer's, to an operator about all chains, to anyone about the system.</summary>
internal static class FiscalDoors
{
    /// <summary>Whether the chain is sound from one day to another.</summary>
    public static async Task<IResult> Chain(
        string? from,
        string? to,
        HttpRequest request,
        Caller caller,
        ShowChain show,
        CancellationToken cancellationToken
    ) =>
        Days(from, to, out var days) is { } refused
            ? refused
            : (await show.ShowAsync(caller.SellerId, days.First, days.Last, LanguageOf(request), cancellationToken)).ToResult(answer =>
                Results.Json(answer, Wire.Tolerant)
            );

    /// <summary>The taxpayer's records as a zip of official files; 404 where nothing was recorded.</summary>
    public static async Task<IResult> Export(
        string? from,
        string? to,
        Caller caller,
        DownloadFiscalExport download,
        CancellationToken cancellationToken
    ) =>
        Days(from, to, out var days) is { } refused
            ? refused
            : (await download.DownloadAsync(caller.SellerId, days.First, days.Last, cancellationToken)).ToResult(file =>
                Results.Stream(stream => file.WriteAsync(stream, cancellationToken), "application/zip", file.FileName)
            );

    /// <summary>A page of the seller's records with what the agency said.</summary>
    public static async Task<IResult> Submissions(
        string? state,
        string? cursor,
        string? limit,
        HttpRequest request,
        Caller caller,
        ListSubmissions list,
        CancellationToken cancellationToken
    ) =>
        !TryLimit(limit, out var most)
            ? DoorFaults.BadParameter.With("limit", "1–200").ToResult()
            : (await list.ListAsync(caller.SellerId, state, cursor, most, LanguageOf(request), cancellationToken)).ToResult(page =>
                Results.Json(page, Wire.Tolerant)
            );

    /// <summary>The QR of an invoice as a picture of its true size.</summary>
    public static async Task<IResult> Qr(
        string invoiceId,
        string? format,
        HttpRequest request,
        Caller caller,
        GetInvoice get,
        CancellationToken cancellationToken
    )
    {
        var wanted =
            format ?? (request.Headers.Accept.ToString().Contains("image/png", StringComparison.OrdinalIgnoreCase) ? "png" : "svg");
        if (wanted is not ("svg" or "png"))
        {
            return DoorFaults.BadParameter.With("format", "svg|png").ToResult();
        }

        if (
            !InvoiceId.TryParse(invoiceId, out var id)
            || await get.GetAsync(id, caller.SellerId, null, cancellationToken) is not { } invoice
        )
        {
            return InvoicingFaults.NoInvoice.With().ToResult();
        }

        if (invoice.Fiscal.QrUrl is not { Length: > 0 } address)
        {
            return InvoicingFaults.NoRecord.With(invoice.Number).ToResult();
        }

        var image = QrImage.Of(address);
        return wanted == "png" ? Results.Bytes(image.ToPng(), "image/png") : Results.Text(image.ToSvg(), "image/svg+xml");
    }

    /// <summary>The producer's declaration: a page, or plain text or JSON where that is accepted. Anyone may read it.</summary>
    public static IResult Declaration(HttpContext http, IOptions<VerifactuOptions> verifactu, IOptions<InvoicingOptions> invoicing)
    {
        var declaration = verifactu.Value.Declaration(invoicing.Value.Installation);
        var accepted = http.Request.Headers.Accept.ToString();
        http.Response.Headers.Vary = "Accept, Accept-Language";
        if (accepted.Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return Page(http, declaration);
        }

        return accepted.Contains("json", StringComparison.OrdinalIgnoreCase) ? Results.Json(DeclarationBody.Of(declaration), Wire.Tolerant)
            : accepted.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
                ? Results.Text(
                    declaration.ToPlainText(LanguageOf(http.Request).StartsWith("en", StringComparison.OrdinalIgnoreCase)),
                    "text/plain; charset=utf-8"
                )
            : Page(http, declaration);
    }

    /// <summary>The declaration as a page, at an address that people can be told.</summary>
    public static IResult DeclarationPage(HttpContext http, IOptions<VerifactuOptions> verifactu, IOptions<InvoicingOptions> invoicing) =>
        Page(http, verifactu.Value.Declaration(invoicing.Value.Installation));

    /// <summary>Every chain of the installation.</summary>
    public static async Task<IResult> Chains(ListChains list, CancellationToken cancellationToken) =>
        Results.Json(await list.ListAsync(cancellationToken), Wire.Tolerant);

    /// <summary>A page of holds; those that stand, or all.</summary>
    public static async Task<IResult> Holds(
        string? standing,
        string? cursor,
        string? limit,
        HttpRequest request,
        ListHolds list,
        CancellationToken cancellationToken
    )
    {
        if (standing is not (null or "true" or "false"))
        {
            return DoorFaults.BadParameter.With("standing", "true|false").ToResult();
        }

        if (!TryLimit(limit, out var most))
        {
            return DoorFaults.BadParameter.With("limit", "1–200").ToResult();
        }

        Guid before = default;
        if (cursor is { Length: > 0 } && !Guid.TryParseExact(cursor, "D", out before))
        {
            return InvoicingFaults.BadCursor.With().ToResult();
        }

        var page = await list.ListAsync(
            standing == "true",
            cursor is { Length: > 0 } ? before : null,
            most ?? 50,
            LanguageOf(request),
            cancellationToken
        );
        return Results.Json(page, Wire.Tolerant);
    }

    /// <summary>200 with the lifted hold.</summary>
    public static async Task<IResult> Lift(
        string holdId,
        Body<LiftRequest> body,
        HttpRequest request,
        LiftHold lift,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var fault) ? fault.ToResult()
        : !Guid.TryParseExact(holdId, "D", out var id) ? FiscalFaults.NoHold.With().ToResult()
        : (await lift.LiftAsync(id, body.Content.Value, LanguageOf(request), cancellationToken)).ToResult(hold =>
            Results.Json(hold, Wire.Tolerant)
        );

    /// <summary>200 with the holds that stand after the comparison.</summary>
    public static async Task<IResult> Restored(HttpRequest request, TakeRestored take, CancellationToken cancellationToken) =>
        Results.Json(await take.TakeAsync(LanguageOf(request), cancellationToken), Wire.Tolerant);

    private static IResult Page(HttpContext http, ResponsibleDeclaration declaration)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
        return Results.Text(declaration.ToHtml(), "text/html; charset=utf-8");
    }

    private static string LanguageOf(HttpRequest request) => request.Headers.AcceptLanguage.ToString();

    private static IResult? Days(string? from, string? to, out (DateOnly? First, DateOnly? Last) days)
    {
        days = default;
        if (!InvoiceDoors.TryDate(from, out var first))
        {
            return DoorFaults.BadParameter.With("from", "2026-11-23").ToResult();
        }

        if (!InvoiceDoors.TryDate(to, out var last))
        {
            return DoorFaults.BadParameter.With("to", "2026-11-23").ToResult();
        }

        days = (first, last);
        return first > last ? DoorFaults.BadParameter.With("to", "≥ from").ToResult() : null;
    }

    private static bool TryLimit(string? limit, out int? most)
    {
        most = null;
        if (limit is null)
        {
            return true;
        }

        var isSound = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= 200;
        most = given;
        return isSound;
    }
}

/// <summary>The declaration for a program.</summary>
internal sealed record DeclarationBody
{
    /// <summary>The title that the order prescribes.</summary>
    public required string Title { get; init; }

    /// <summary>Whether everything that it needs is told.</summary>
    public required bool Complete { get; init; }

    /// <summary>What it lacks.</summary>
    public string? Notice { get; init; }

    /// <inheritdoc cref="Notice"/>
    public string? NoticeInEnglish { get; init; }

    /// <summary>1.a to 1.l.</summary>
    public required IReadOnlyList<DeclarationItem> Items { get; init; }

    /// <summary>The annex.</summary>
    public required IReadOnlyList<DeclarationItem> Annex { get; init; }

    /// <summary>A declaration as JSON has it.</summary>
    public static DeclarationBody Of(ResponsibleDeclaration declaration) =>
        new()
        {
            Title = ResponsibleDeclaration.Title,
            Complete = declaration.Notice is null,
            Notice = declaration.Notice?.Spanish,
            NoticeInEnglish = declaration.Notice?.English,
            Items = declaration.Items,
            Annex = declaration.Annex,
        };
}
