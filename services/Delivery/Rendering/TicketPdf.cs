using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A simplified invoice as a till's roll of 80 mm gives it out: one column, as long as it takes.</summary>
public sealed class TicketPdf : PdfFlow
{
    private const double Width = 80 * Millimetre;
    private const double Margin = 4 * Millimetre;
    private const double Full = Width - 2 * Margin;
    private const double Right = Width - Margin;
    private const double Body = 8;
    private const double Leading = 10.5;

    /// <summary>No page is longer than 200 inches (ISO 32000-1, annex C).</summary>
    private const double Longest = 14_000;

    private TicketPdf(InvoiceSheet sheet)
        : base(sheet, Width, Longest, Margin) { }

    /// <summary>The PDF/A-3 of a sheet on a roll.</summary>
    public static new byte[] Of(InvoiceSheet sheet, byte[]? cii = null)
    {
        var pdf = new TicketPdf(sheet);
        pdf.Header();
        pdf.Lines();
        pdf.Sums();
        pdf.Payment();
        pdf.Feet();
        pdf.Canvas.CutPage(pdf.Y + Margin);
        return pdf.Build(cii);
    }

    private void Header()
    {
        Canvas.Bar(0, 0, Width, 4, Accent);
        Y += 4;
        if (Sheet.QrUrl is { } url)
        {
            FiscalQr(url);
        }

        Logo(Margin, Full, 40, isCentred: true);
        Tag("P");
        Paragraph(Sheet.SellerName, Margin, Full, 13, 16, Typeface.Semibold, Accent, most: 3, isCentred: true);
        Y += 3;
        foreach (var line in Sheet.SellerLines)
        {
            Tag("P");
            Paragraph(line, Margin, Full, Body, Leading, Typeface.Regular, Muted, most: 4, isCentred: true);
        }

        Rule();
        Tag("H1");
        Paragraph(Sheet.Title, Margin, Full, Body, Leading, Typeface.Regular, Muted);
        Paragraph(Sheet.Number, Margin, Full, 12, 15, Typeface.Semibold, Rendering.Accent.Ink, most: 4);
        foreach (var (label, value, _) in Sheet.Dates)
        {
            Tag("P");
            if (Typeface.Regular.Width(Typeface.Regular.Writable($"{label}  {value}"), Body) <= Full)
            {
                Pair([label], value, Typeface.Regular, Body, Muted);
                continue;
            }

            Paragraph(label, Margin, Full, Body, Leading, Typeface.Regular, Muted);
            Paragraph(value, Margin, Full, Body, Leading, Typeface.Regular, Rendering.Accent.Ink);
        }

        foreach (var notice in Sheet.Notices)
        {
            Y += 3;
            Tag("P");
            Paragraph(notice, Margin, Full, 9, 12, Typeface.Semibold, Rendering.Accent.Ink);
        }

        if (Sheet.BuyerLines.Count > 0)
        {
            Rule();
            Tag("H2");
            Paragraph(Words.Buyer, Margin, Full, Body, Leading, Typeface.Semibold, Muted, most: 2);
            foreach (var line in Sheet.BuyerLines)
            {
                Tag("P");
                Paragraph(line, Margin, Full, Body, Leading, Typeface.Regular, Rendering.Accent.Ink, most: 4);
            }
        }

        foreach (var remark in Sheet.Remarks)
        {
            Y += 3;
            Tag("P");
            Paragraph(remark, Margin, Full, Body, Leading, Typeface.Regular, Rendering.Accent.Ink);
        }

        Rule();
    }

    /// <summary>Before everything else, its words above and below no smaller than what stands around (AEAT, QR 0.4.7, section 3).</summary>
    private void FiscalQr(string url)
    {
        Tag("P");
        Paragraph(Words.QrAbove, Margin, Full, 9, 9, Typeface.Regular, Rendering.Accent.Ink, isCentred: true);
        Y += QrWhite;
        Tag("Figure", $"{Words.QrAbove} {url}");
        Canvas.Qr(Sheet.TaxQr!, (Width - QrSide) / 2, Y, QrSide);
        Y += QrSide + QrWhite;
        if (Sheet.Verifiable)
        {
            Tag("P");
            Paragraph(Words.QrBelow, Margin, Full, 9, 12, Typeface.Semibold, Rendering.Accent.Ink, isCentred: true);
        }

        Y += 6;
    }

    private void Lines()
    {
        var table = Canvas.Document.Add("Table");
        var header = table.Add("TR");
        Canvas.Tag = header.Add("TH");
        Y += Body;
        Canvas.Text(Words.Description, Margin, Y, Body, Typeface.Semibold, Muted);
        Canvas.Tag = header.Add("TH");
        Canvas.TextRight(Sheet.AmountHeading, Right, Y, Body, Typeface.Semibold, Muted);
        Y += Leading - Body + 3;
        var sum = 0m;
        foreach (var line in Sheet.Lines)
        {
            Room(200, sum);
            var row = table.Add("TR");
            Canvas.Tag = row.Add("TD");
            Paragraph(line.Name, Margin, Full, Body, Leading, Typeface.Regular, Rendering.Accent.Ink, most: 12);
            Paragraph(line.Detail, Margin, Full, Body, Leading, Typeface.Regular, Muted, most: 6);
            var count = Typeface.Regular.Wrap($"{line.Quantity} × {line.Price}  {line.Vat}", Body, Full - 84, 3);
            Pair(count, line.Amount, Typeface.Regular, Body, Muted, row.Add("TD"));
            Y += 3;
            sum += line.Value;
        }
    }

    private void Sums()
    {
        Rule();
        var table = Canvas.Document.Add("Table");
        foreach (var (label, value, strong) in Sheet.Totals)
        {
            var face = strong ? Typeface.Semibold : Typeface.Regular;
            var size = strong ? 11 : Body;
            var row = table.Add("TR");
            Canvas.Tag = row.Add("TD");
            Pair(face.Wrap(label, size, Full - 84, 3), value, face, size, Rendering.Accent.Ink, row.Add("TD"));
            Y += strong ? 4 : 1;
        }

        Rule();
        var rates = Canvas.Document.Add("Table");
        Rate(
            "TH",
            Typeface.Semibold,
            Sheet.HasSurcharge
                ? [Words.Rate, Words.TaxableAmount, Words.VatAmount, Words.Surcharge]
                : [Words.Rate, Words.TaxableAmount, Words.VatAmount]
        );
        foreach (var vat in Sheet.VatRows)
        {
            Rate(
                "TD",
                Typeface.Regular,
                Sheet.HasSurcharge
                    ? [vat.Rate, vat.TaxableAmount, vat.VatAmount, vat.Surcharge]
                    : [vat.Rate, vat.TaxableAmount, vat.VatAmount]
            );
        }

        void Rate(string role, Typeface face, string[] cells)
        {
            const double size = 7.5;
            var row = rates.Add("TR");
            var cell = Full / cells.Length;
            var (top, most) = (Y + size, 1);
            for (var i = 0; i < cells.Length; i++)
            {
                Canvas.Tag = row.Add(role);
                var lines = face.Wrap(cells[i], size, cell - 3);
                most = Math.Max(most, lines.Count);
                for (var line = 0; line < lines.Count; line++)
                {
                    if (i == 0)
                    {
                        Canvas.Text(lines[line], Margin, top + line * 9.5, size, face, Rendering.Accent.Ink);
                    }
                    else
                    {
                        Canvas.TextRight(lines[line], Margin + (i + 1) * cell, top + line * 9.5, size, face, Rendering.Accent.Ink);
                    }
                }
            }

            Y += most * 9.5 + 2;
        }
    }

    private void Payment()
    {
        if (!Sheet.IsDue)
        {
            return;
        }

        Rule();
        Tag("H2");
        Paragraph(Words.PayHeading, Margin, Full, 9.5, 13, Typeface.Semibold, Rendering.Accent.Ink);
        foreach (var (label, value, strong) in Sheet.Transfer)
        {
            Tag("P");
            Paragraph(label, Margin, Full, 7.5, 9.5, Typeface.Regular, Muted);
            Paragraph(value, Margin, Full, 9, 12, strong ? Typeface.Semibold : Typeface.Regular, Rendering.Accent.Ink, most: 4);
        }

        if (Sheet.EpcQr is { } code)
        {
            const double side = 30 * Millimetre;
            Y += 10;
            Tag("Figure", Words.EpcCaption);
            Canvas.Qr(code, (Width - side) / 2, Y, side);
            Y += side + 6;
            Tag("P");
            Paragraph(Words.EpcCaption, Margin, Full, 7, 9, Typeface.Regular, Muted, most: 2, isCentred: true);
        }

        if (Sheet.PayUrl is { } address)
        {
            Y += 4;
            var top = Y;
            var link = Canvas.Document.Add("Link");
            Canvas.Tag = link;
            Paragraph($"{Words.PayOnline} {address}", Margin, Full, 7.5, 9.5, Typeface.Regular, Muted, most: 5);
            Canvas.Link(Margin, top, Full, Y - top, address, link);
        }
    }

    private void Feet()
    {
        if (Sheet.Feet.Count > 0)
        {
            Rule();
        }

        foreach (var foot in Sheet.Feet)
        {
            Tag("P");
            Paragraph(foot, Margin, Full, 7, 9, Typeface.Regular, Muted);
        }
    }

    /// <summary>A label at the left and what it labels at the right, on its first line.</summary>
    private void Pair(IReadOnlyList<string> label, string value, Typeface face, double size, Accent colour, PdfTag? valueTag = null)
    {
        var first = Y + size;
        foreach (var line in label)
        {
            Y += size;
            Canvas.Text(line, Margin, Y, size, face, colour);
            Y += Leading - Body;
        }

        Canvas.Tag = valueTag ?? Canvas.Tag;
        Canvas.TextRight(face.Writable(value), Right, first, size, face, Rendering.Accent.Ink);
    }

    private void Rule()
    {
        Y += 5;
        Canvas.Bar(Margin, Y, Full, 0.5, Hairline);
        Y += 6;
    }

    /// <summary>A ticket longer than any page goes on on the next, its sum carried.</summary>
    private void Room(double height, decimal sum)
    {
        if (Y + height <= Longest)
        {
            return;
        }

        Carry(Words.CarriedOver, sum);
        Canvas.CutPage(Y + Margin);
        Canvas.NewPage(Longest);
        Y = Margin;
        Carry(Words.BroughtForward, sum);
    }

    private void Carry(string label, decimal sum)
    {
        Canvas.Tag = null;
        Pair([label], Words.Amounts.Of(sum, Sheet.Currency), Typeface.Regular, Body, Muted);
        Y += 3;
    }
}
