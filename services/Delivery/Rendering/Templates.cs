using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>The HTML of mails and invoice pages: Liquid templates of this assembly, every value encoded.</summary>
public static class Templates
{
    private static readonly FluidParser Parser = new();
    private static readonly TemplateOptions Options = new() { MemberAccessStrategy = new UnsafeMemberAccessStrategy(), MaxSteps = 200_000 };
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly IFluidTemplate MailTemplate = Load("mail.liquid");
    private static readonly IFluidTemplate InvoiceTemplate = Load("invoice.liquid");

    /// <summary>What the invoice's page shows beside the sheet.</summary>
    private sealed record Page(InvoiceSheet Sheet, string? QrPath, string? QrSide, string? EpcPath, string? EpcSide, string PayWords);

    /// <summary>The HTML part of a mail.</summary>
    public static string Html(MailSheet mail) => MailTemplate.Render(new TemplateContext(mail, Options), Encoder);

    /// <summary>The invoice as a page of its own, QR codes inside.</summary>
    public static string Html(InvoiceSheet sheet)
    {
        var qr = sheet.QrUrl is { } url ? QrMatrix.Of(url) : null;
        var epc = sheet.EpcPayload is { } payload ? QrMatrix.Of(payload) : null;
        var page = new Page(
            sheet,
            qr?.ToSvgPath(),
            qr?.Side.ToString(CultureInfo.InvariantCulture),
            epc?.ToSvgPath(),
            epc?.Side.ToString(CultureInfo.InvariantCulture),
            string.Format(CultureInfo.InvariantCulture, sheet.Words.Pay, sheet.Due)
        );
        return InvoiceTemplate.Render(new TemplateContext(page, Options), Encoder);
    }

    private static IFluidTemplate Load(string file)
    {
        using var stream = typeof(Templates).Assembly.GetManifestResourceStream($"RetailInvoicing.Delivery.Rendering.templates.{file}")!;
        using var reader = new StreamReader(stream);
        return Parser.TryParse(reader.ReadToEnd(), out var template, out var error)
            ? template
            : throw new InvalidOperationException($"{file}: {error}");
    }
}
