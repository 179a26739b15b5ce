using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>The HTML of mails and invoice pages: Liquid templates of this assembly, every value encoded.</summary>
public static class Templates
{
    /// <summary>The template of mails: invoices and reminders.</summary>
    public const string Mail = "mail";

    /// <summary>The template of an invoice's page.</summary>
    public const string Page = "page";

    internal static readonly FluidParser Parser = new();
    internal static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly TemplateOptions Options = new() { MemberAccessStrategy = new UnsafeMemberAccessStrategy(), MaxSteps = 200_000 };
    private static readonly IFluidTemplate MailTemplate = Load("mail.liquid");
    private static readonly IFluidTemplate InvoiceTemplate = Load("invoice.liquid");

    /// <summary>The HTML part of a mail.</summary>
    public static string Html(MailSheet mail) => MailTemplate.Render(new TemplateContext(mail, Options), Encoder);

    /// <summary>The invoice as a page of its own, QR codes inside.</summary>
    public static string Html(InvoiceSheet sheet) => Html(PageSheet.Of(sheet));

    /// <summary>The invoice as a page of its own.</summary>
    public static string Html(PageSheet page) => InvoiceTemplate.Render(new TemplateContext(page, Options), Encoder);

    /// <summary>The source of ours, for whoever begins one of their own with it.</summary>
    public static string SourceOf(string name) => Source(name == Mail ? "mail.liquid" : "invoice.liquid");

    private static IFluidTemplate Load(string file) =>
        Parser.TryParse(Source(file), out var template, out var error) ? template : throw new InvalidOperationException($"{file}: {error}");

    private static string Source(string file)
    {
        using var stream = typeof(Templates).Assembly.GetManifestResourceStream($"RetailInvoicing.Delivery.Rendering.templates.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
