using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>An invoice that is set from top to bottom, on A4 or on a till's roll.</summary>
public abstract class PdfFlow
{
    /// <summary>What the attached invoice is called (Factur-X 1.0, 6.1).</summary>
    public const string FacturX = "factur-x.xml";

    private protected const double Millimetre = 72 / 25.4;

    /// <summary>Between 30 and 40 mm (Orden HAC/1177/2024 art. 21).</summary>
    private protected const double QrSide = 32 * Millimetre;

    /// <summary>White on every side: 2 mm at least, better 6 (AEAT, QR 0.4.7, section 3).</summary>
    private protected const double QrWhite = 6 * Millimetre;

    private protected static readonly Accent Muted = new(0x5c, 0x66, 0x70);
    private protected static readonly Accent Hairline = new(0xd3, 0xd8, 0xdd);
    private protected static readonly Accent Pale = new(0xf4, 0xf5, 0xf7);

    private protected PdfFlow(InvoiceSheet sheet, double width, double height, double top)
    {
        Sheet = sheet;
        Accent = Accent.Of(sheet.Accent);
        Y = top;
        Canvas = new PdfCanvas(
            new PdfAbout
            {
                Title = $"{sheet.Title} {sheet.Number}",
                Author = sheet.SellerName,
                Language = sheet.Words.Language,
                At = sheet.IssuedAt,
            },
            width
        );
        Canvas.NewPage(height);
    }

    private protected InvoiceSheet Sheet { get; }
    private protected Words Words => Sheet.Words;
    private protected Accent Accent { get; }
    private protected PdfCanvas Canvas { get; }

    /// <summary>How far down the page is written.</summary>
    private protected double Y { get; set; }

    /// <summary>The PDF/A-3 of a sheet, with the invoice as CII inside where it has one (Factur-X): a roll for tickets, A4 for the rest.</summary>
    public static byte[] Of(InvoiceSheet sheet, byte[]? cii) => sheet.IsTicket ? TicketPdf.Of(sheet, cii) : InvoicePdf.Of(sheet, cii);

    /// <summary>The finished file.</summary>
    private protected byte[] Build(byte[]? cii) =>
        Canvas.Build(
            cii is null
                ? null
                : new PdfAttachment
                {
                    Name = FacturX,
                    Description = $"{Sheet.Title} {Sheet.Number}",
                    Content = cii,
                }
        );

    /// <summary>What follows is a part of the document of its own.</summary>
    private protected void Tag(string role, string? alternative = null) => Canvas.Tag = Canvas.Document.Add(role, alternative);

    /// <summary>Draws the seller's logo, if there is one, as large as its room lets it and no larger than it is (96 dots an inch).</summary>
    private protected void Logo(double left, double room, double tallest, bool isCentred = false)
    {
        if (Sheet.Logo is not { } logo)
        {
            return;
        }

        var scale = Math.Min(0.75, Math.Min(room / logo.Width, tallest / logo.Height));
        var (width, height) = (logo.Width * scale, logo.Height * scale);
        Tag("Figure", Sheet.SellerName);
        Canvas.Picture(logo.ForPdf, isCentred ? left + (room - width) / 2 : left, Y, width, height);
        Y += height + 6;
    }

    /// <summary>Writes text in as many lines as it takes.</summary>
    private protected void Paragraph(
        string text,
        double x,
        double width,
        double size,
        double leading,
        Typeface face,
        Accent colour,
        int most = int.MaxValue,
        bool isCentred = false
    )
    {
        foreach (var line in face.Wrap(text, size, width, most))
        {
            Y += size;
            if (isCentred)
            {
                Canvas.TextCentred(line, x + width / 2, Y, size, face, colour);
            }
            else
            {
                Canvas.Text(line, x, Y, size, face, colour);
            }

            Y += leading - size;
        }
    }
}
