using System.Globalization;
using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>An invoice set on A4: header with QR, parties, lines with their header repeated and sums carried, VAT, totals, payment, feet.</summary>
public sealed partial class InvoicePdf : PdfFlow
{
    private const double Margin = 42;
    private const double Right = PdfCanvas.A4Width - Margin;
    private const double Full = Right - Margin;
    private const double Bottom = PdfCanvas.A4Height - 54;
    private const double Body = 8.5;
    private const double Leading = 11.5;

    private InvoicePdf(InvoiceSheet sheet)
        : base(sheet, PdfCanvas.A4Width, PdfCanvas.A4Height, Margin) { }

    /// <summary>The PDF/A-3 of a sheet on A4.</summary>
    public static new byte[] Of(InvoiceSheet sheet, byte[]? cii = null)
    {
        var pdf = new InvoicePdf(sheet);
        pdf.Header();
        pdf.Parties();
        pdf.Remarks();
        pdf.Lines();
        pdf.Sums();
        pdf.Payment();
        pdf.Feet();
        pdf.PageNumbers();
        return pdf.Build(cii);
    }

    private void Header()
    {
        Canvas.Bar(0, 0, PdfCanvas.A4Width, 6, Accent);
        var left = Sheet.QrUrl is null ? Full : Full - QrSide - 36;
        var qrBottom = Sheet.QrUrl is { } url ? FiscalQr(url) : 0;
        Y = Margin + 8;
        Logo(Margin, Math.Min(170, left), 48);
        Tag("P");
        Paragraph(Sheet.SellerName, Margin, left, 16, 20, Typeface.Semibold, Accent, most: 3);
        Y += 8;
        Tag("H1");
        Paragraph(Sheet.Title, Margin, left, 10, 14, Typeface.Regular, Muted);
        Y += 4;
        Paragraph(Sheet.Number, Margin, left, 18, 23, Typeface.Semibold, Rendering.Accent.Ink, most: 3);
        Y += 2;
        Dates(left);
        foreach (var notice in Sheet.Notices)
        {
            var lines = Typeface.Semibold.Wrap(notice, 10, left - 20);
            var height = lines.Count * 14 + 8;
            Canvas.Bar(Margin, Y, left, height, Pale);
            Canvas.Bar(Margin, Y, 3, height, Rendering.Accent.Ink);
            Y += 14;
            Tag("P");
            foreach (var line in lines)
            {
                Canvas.Text(line, Margin + 12, Y, 10, Typeface.Semibold, Rendering.Accent.Ink);
                Y += 14;
            }

            Y += 4;
        }

        Y = Math.Max(Y, qrBottom) + 14;
    }

    /// <summary>First on the page, its words above and below no smaller than what stands around (AEAT, QR 0.4.7, section 3).</summary>
    private double FiscalQr(string url)
    {
        var x = Right - QrSide;
        var centre = x + QrSide / 2;
        // What stands below and above the line in 10 points.
        const double descent = 3;
        const double ascent = 8;
        Tag("P");
        Canvas.TextCentred(Words.QrAbove, centre, Margin + 4, 10, Typeface.Regular, Rendering.Accent.Ink);
        var top = Margin + 4 + descent + QrWhite;
        Tag("Figure", $"{Words.QrAbove} {url}");
        Canvas.Qr(Sheet.TaxQr!, x, top, QrSide);
        var bottom = top + QrSide + QrWhite + ascent;
        if (Sheet.Verifiable)
        {
            Tag("P");
            Canvas.TextCentred(Words.QrBelow, centre, bottom, 10, Typeface.Semibold, Rendering.Accent.Ink);
        }

        return bottom + 6;
    }

    private void Dates(double width)
    {
        var column = Math.Min(104, width / Math.Max(1, Sheet.Dates.Count));
        var start = Y;
        var lowest = Y;
        for (var i = 0; i < Sheet.Dates.Count; i++)
        {
            var (label, value, _) = Sheet.Dates[i];
            var x = Margin + i * column;
            Y = start + 6;
            Tag("P");
            Paragraph(label, x, column - 8, 7.5, 10, Typeface.Regular, Muted);
            Paragraph(value, x, column - 8, 9, 12, Typeface.Regular, Rendering.Accent.Ink, most: 3);
            lowest = Math.Max(lowest, Y);
        }

        Y = lowest + 4;
    }

    private void Parties()
    {
        var half = Full / 2 - 12;
        var start = Y;
        var lowest = Party(Words.Seller, Sheet.SellerLines, Margin, half);
        if (Sheet.BuyerLines.Count > 0)
        {
            Y = start;
            lowest = Math.Max(lowest, Party(Words.Buyer, Sheet.BuyerLines, Margin + half + 24, half));
        }

        Y = lowest + 12;
    }

    private double Party(string heading, IReadOnlyList<string> lines, double x, double width)
    {
        Canvas.Bar(x, Y, width, 0.6, Hairline);
        Y += 14;
        Tag("H2");
        Paragraph(heading, x, width, Body, Leading, Typeface.Semibold, Muted, most: 2);
        Tag("P");
        foreach (var line in lines)
        {
            Paragraph(line, x, width, Body, Leading, Typeface.Regular, Rendering.Accent.Ink, most: 6);
        }

        return Y;
    }

    private void Remarks()
    {
        foreach (var remark in Sheet.Remarks)
        {
            Tag("P");
            // An exchange may name hundreds of tickets: its remark runs over pages as the lines do.
            foreach (var line in Typeface.Regular.Wrap(remark, Body, Full))
            {
                Room(Leading);
                Canvas.Text(line, Margin, Y, Body, Typeface.Regular, Rendering.Accent.Ink);
                Y += Leading;
            }
        }

        Y += Sheet.Remarks.Count > 0 ? 8 : 0;
    }

    private void Lines()
    {
        var table = Canvas.Document.Add("Table");
        LinesHeader(table.Add("TR"));
        var (sum, isFirst) = (0m, true);
        foreach (var line in Sheet.Lines)
        {
            var row = new Row(line);
            if (Y + row.Height + Leading + 6 > Bottom)
            {
                // Before the first line there is nothing to carry.
                Carry(Words.CarriedOver, isFirst ? null : sum);
                NextPage();
                LinesHeader(null);
                Carry(Words.BroughtForward, isFirst ? null : sum);
            }

            Draw(row, table.Add("TR"));
            sum += line.Value;
            isFirst = false;
        }

        Y += 10;
    }

    /// <summary>The first is the table's; on later pages it is for the eye alone.</summary>
    private void LinesHeader(PdfTag? row)
    {
        Canvas.Bar(Margin, Y, Full, 20, Pale);
        var baseline = Y + 13;
        Canvas.Tag = row?.Add("TH");
        Canvas.Text(Words.Description, Margin + 6, baseline, Body, Typeface.Semibold, Rendering.Accent.Ink);
        Heading(Words.Quantity, Row.QuantityRight);
        Heading(Sheet.PriceHeading, Row.PriceRight);
        Heading(Words.Rate, Row.VatRight);
        Heading(Sheet.AmountHeading, Row.AmountRight);
        Y += 20;

        void Heading(string text, double right)
        {
            Canvas.Tag = row?.Add("TH");
            Canvas.TextRight(text, right, baseline, Body, Typeface.Semibold, Rendering.Accent.Ink);
        }
    }

    private void Draw(Row row, PdfTag tag)
    {
        var top = Y + 13;
        Canvas.Tag = tag.Add("TD");
        Column(row.Name, top, Rendering.Accent.Ink);
        Column(row.Detail, top + row.Name.Count * Leading, Muted);
        ColumnRight(row.Quantity, Row.QuantityRight);
        ColumnRight(row.Price, Row.PriceRight);
        ColumnRight(row.Vat, Row.VatRight);
        ColumnRight(row.Amount, Row.AmountRight);
        Y += row.Height;
        Canvas.Bar(Margin, Y, Full, 0.5, Hairline);

        void Column(IReadOnlyList<string> lines, double first, Accent colour)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                Canvas.Text(lines[i], Margin + 6, first + i * Leading, Body, Typeface.Regular, colour);
            }
        }

        void ColumnRight(IReadOnlyList<string> lines, double right)
        {
            Canvas.Tag = tag.Add("TD");
            for (var i = 0; i < lines.Count; i++)
            {
                Canvas.TextRight(lines[i], right, top + i * Leading, Body, Typeface.Regular, Rendering.Accent.Ink);
            }
        }
    }

    private void Carry(string label, decimal? carried)
    {
        if (carried is not { } sum)
        {
            return;
        }

        Y += 13;
        Canvas.Tag = null;
        Canvas.TextRight(label, Row.VatRight, Y, Body, Typeface.Regular, Muted);
        Canvas.TextRight(
            Typeface.Regular.Writable(Words.Amounts.Of(sum, Sheet.Currency)),
            Row.AmountRight,
            Y,
            Body,
            Typeface.Regular,
            Muted
        );
        Y += 4;
    }

    private void PageNumbers()
    {
        var foot = Typeface.Regular.Wrap($"{Sheet.SellerName} · {Sheet.Title} {Sheet.Number}", 7.5, Full - 90, 1)[0];
        Canvas.Tag = null;
        for (var page = 1; page <= Canvas.Pages; page++)
        {
            Canvas.GoTo(page);
            var baseline = PdfCanvas.A4Height - 28;
            Canvas.Bar(Margin, baseline - 12, Full, 0.5, Hairline);
            Canvas.Text(foot, Margin, baseline, 7.5, Typeface.Regular, Muted);
            var number = string.Format(CultureInfo.InvariantCulture, Words.Page, page, Canvas.Pages);
            Canvas.TextRight(number, Right, baseline, 7.5, Typeface.Regular, Muted);
        }
    }

    private void Room(double height)
    {
        if (Y + height > Bottom)
        {
            NextPage();
        }
    }

    private void NextPage()
    {
        Canvas.NewPage(PdfCanvas.A4Height);
        Canvas.Bar(0, 0, PdfCanvas.A4Width, 6, Accent);
        Y = Margin;
    }

    /// <summary>A line's cells, wrapped.</summary>
    private sealed record Row
    {
        public const double QuantityRight = Margin + 262;
        public const double PriceRight = Margin + 345;
        public const double VatRight = Margin + 405;
        public const double AmountRight = Right - 6;

        public Row(InvoiceSheet.Line line)
        {
            Name = Typeface.Regular.Wrap(line.Name, Body, 200, 40);
            Detail = Typeface.Regular.Wrap(line.Detail, Body, 200, 12);
            Quantity = Typeface.Regular.Wrap(line.Quantity, Body, 56);
            Price = Typeface.Regular.Wrap(line.Price, Body, 78);
            Vat = Typeface.Regular.Wrap(line.Vat, Body, 56);
            Amount = Typeface.Regular.Wrap(line.Amount, Body, 98);
            var most = new[] { Name.Count + Detail.Count, Quantity.Count, Price.Count, Vat.Count, Amount.Count }.Max();
            Height = most * Leading + 7;
        }

        public IReadOnlyList<string> Name { get; }
        public IReadOnlyList<string> Detail { get; }
        public IReadOnlyList<string> Quantity { get; }
        public IReadOnlyList<string> Price { get; }
        public IReadOnlyList<string> Vat { get; }
        public IReadOnlyList<string> Amount { get; }
        public double Height { get; }
    }
}
