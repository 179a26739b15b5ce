using System.Globalization;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>An invoice set on A4: header with QR, parties, lines with their header repeated and sums carried, VAT, totals, payment, feet.</summary>
public sealed partial class InvoicePdf
{
    private const double Margin = 42;
    private const double Right = PdfCanvas.Width - Margin;
    private const double Full = Right - Margin;
    private const double Bottom = PdfCanvas.Height - 54;
    private const double Body = 8.5;
    private const double Leading = 11.5;

    private const double Millimetre = 72 / 25.4;

    /// <summary>Between 30 and 40 mm (Orden HAC/1177/2024 art. 21).</summary>
    private const double QrSide = 32 * Millimetre;

    /// <summary>White on every side: 2 mm at least, better 6 (AEAT, QR 0.4.7, section 3).</summary>
    private const double QrWhite = 6 * Millimetre;

    private static readonly Accent Muted = new(0x5c, 0x66, 0x70);
    private static readonly Accent Hairline = new(0xd3, 0xd8, 0xdd);
    private static readonly Accent Pale = new(0xf4, 0xf5, 0xf7);

    private readonly InvoiceSheet _sheet;
    private readonly Words _words;
    private readonly Accent _accent;
    private readonly PdfCanvas _canvas;
    private double _y = Margin;

    private InvoicePdf(InvoiceSheet sheet)
    {
        _sheet = sheet;
        _words = sheet.Words;
        _accent = Accent.Of(sheet.Accent);
        _canvas = new PdfCanvas($"{sheet.Title} {sheet.Number}", sheet.SellerName, $"{sheet.Title} {sheet.Number}");
    }

    /// <summary>The PDF/A-3 of a sheet.</summary>
    public static byte[] Of(InvoiceSheet sheet)
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
        return pdf._canvas.Build();
    }

    private void Header()
    {
        _canvas.Bar(0, 0, PdfCanvas.Width, 6, _accent);
        var left = _sheet.QrUrl is null ? Full : Full - QrSide - 36;
        var qrBottom = _sheet.QrUrl is { } url ? FiscalQr(url) : 0;
        _y = Margin + 8;
        Paragraph(_sheet.SellerName, Margin, left, 16, 20, Typeface.Semibold, _accent, most: 3);
        _y += 8;
        Paragraph(_sheet.Title, Margin, left, 10, 14, Typeface.Regular, Muted);
        _y += 4;
        Paragraph(_sheet.Number, Margin, left, 18, 23, Typeface.Semibold, Accent.Ink, most: 3);
        _y += 2;
        Dates(left);
        foreach (var notice in _sheet.Notices)
        {
            var lines = Typeface.Semibold.Wrap(notice, 10, left - 20);
            var height = lines.Count * 14 + 8;
            _canvas.Bar(Margin, _y, left, height, Pale);
            _canvas.Bar(Margin, _y, 3, height, Accent.Ink);
            _y += 14;
            foreach (var line in lines)
            {
                _canvas.Text(line, Margin + 12, _y, 10, Typeface.Semibold, Accent.Ink);
                _y += 14;
            }

            _y += 4;
        }

        _y = Math.Max(_y, qrBottom) + 14;
    }

    /// <summary>First on the page, its words above and below no smaller than what stands around (AEAT, QR 0.4.7, section 3).</summary>
    private double FiscalQr(string url)
    {
        var x = Right - QrSide;
        var centre = x + QrSide / 2;
        // What stands below and above the line in 10 points.
        const double descent = 3;
        const double ascent = 8;
        _canvas.TextCentred(_words.QrAbove, centre, Margin + 4, 10, Typeface.Regular, Accent.Ink);
        var top = Margin + 4 + descent + QrWhite;
        _canvas.Qr(url, x, top, QrSide);
        var bottom = top + QrSide + QrWhite + ascent;
        if (_sheet.Verifiable)
        {
            _canvas.TextCentred(_words.QrBelow, centre, bottom, 10, Typeface.Semibold, Accent.Ink);
        }

        return bottom + 6;
    }

    private void Dates(double width)
    {
        var column = Math.Min(104, width / Math.Max(1, _sheet.Dates.Count));
        var start = _y;
        var lowest = _y;
        for (var i = 0; i < _sheet.Dates.Count; i++)
        {
            var (label, value, _) = _sheet.Dates[i];
            var x = Margin + i * column;
            _y = start + 6;
            Paragraph(label, x, column - 8, 7.5, 10, Typeface.Regular, Muted);
            Paragraph(value, x, column - 8, 9, 12, Typeface.Regular, Accent.Ink, most: 3);
            lowest = Math.Max(lowest, _y);
        }

        _y = lowest + 4;
    }

    private void Parties()
    {
        var half = Full / 2 - 12;
        var start = _y;
        var lowest = Party(_words.Seller, _sheet.SellerLines, Margin, half);
        if (_sheet.BuyerLines.Count > 0)
        {
            _y = start;
            lowest = Math.Max(lowest, Party(_words.Buyer, _sheet.BuyerLines, Margin + half + 24, half));
        }

        _y = lowest + 12;
    }

    private double Party(string heading, IReadOnlyList<string> lines, double x, double width)
    {
        _canvas.Bar(x, _y, width, 0.6, Hairline);
        _y += 14;
        Paragraph(heading, x, width, Body, Leading, Typeface.Semibold, Muted, most: 2);
        foreach (var line in lines)
        {
            Paragraph(line, x, width, Body, Leading, Typeface.Regular, Accent.Ink, most: 6);
        }

        return _y;
    }

    private void Remarks()
    {
        foreach (var remark in _sheet.Remarks)
        {
            // An exchange may name hundreds of tickets: its remark runs over pages as the lines do.
            foreach (var line in Typeface.Regular.Wrap(remark, Body, Full))
            {
                Room(Leading);
                _canvas.Text(line, Margin, _y, Body, Typeface.Regular, Accent.Ink);
                _y += Leading;
            }
        }

        _y += _sheet.Remarks.Count > 0 ? 8 : 0;
    }

    private void Lines()
    {
        LinesHeader();
        var sum = 0m;
        foreach (var line in _sheet.Lines)
        {
            var row = new Row(line);
            if (_y + row.Height + Leading + 6 > Bottom)
            {
                Carry(_words.CarriedOver, sum);
                NextPage();
                LinesHeader();
                Carry(_words.BroughtForward, sum);
            }

            Draw(row);
            sum += line.Value;
        }

        _y += 10;
    }

    private void LinesHeader()
    {
        _canvas.Bar(Margin, _y, Full, 20, Pale);
        var baseline = _y + 13;
        _canvas.Text(_words.Description, Margin + 6, baseline, Body, Typeface.Semibold, Accent.Ink);
        _canvas.TextRight(_words.Quantity, Row.QuantityRight, baseline, Body, Typeface.Semibold, Accent.Ink);
        _canvas.TextRight(_sheet.PriceHeading, Row.PriceRight, baseline, Body, Typeface.Semibold, Accent.Ink);
        _canvas.TextRight(_words.Rate, Row.VatRight, baseline, Body, Typeface.Semibold, Accent.Ink);
        _canvas.TextRight(_sheet.AmountHeading, Row.AmountRight, baseline, Body, Typeface.Semibold, Accent.Ink);
        _y += 20;
    }

    private void Draw(Row row)
    {
        var top = _y + 13;
        Column(row.Name, Margin + 6, Typeface.Regular, Accent.Ink);
        var detail = top;
        top += row.Name.Count * Leading;
        Column(row.Detail, Margin + 6, Typeface.Regular, Muted);
        top = detail;
        ColumnRight(row.Quantity, Row.QuantityRight);
        ColumnRight(row.Price, Row.PriceRight);
        ColumnRight(row.Vat, Row.VatRight);
        ColumnRight(row.Amount, Row.AmountRight);
        _y += row.Height;
        _canvas.Bar(Margin, _y, Full, 0.5, Hairline);

        void Column(IReadOnlyList<string> lines, double x, Typeface face, Accent colour)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                _canvas.Text(lines[i], x, top + i * Leading, Body, face, colour);
            }
        }

        void ColumnRight(IReadOnlyList<string> lines, double right)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                _canvas.TextRight(lines[i], right, top + i * Leading, Body, Typeface.Regular, Accent.Ink);
            }
        }
    }

    private void Carry(string label, decimal sum)
    {
        _y += 13;
        _canvas.TextRight(label, Row.VatRight, _y, Body, Typeface.Regular, Muted);
        _canvas.TextRight(
            Typeface.Regular.Writable(_words.Amounts.Of(sum, _sheet.Currency)),
            Row.AmountRight,
            _y,
            Body,
            Typeface.Regular,
            Muted
        );
        _y += 4;
    }

    private void PageNumbers()
    {
        var foot = Typeface.Regular.Wrap($"{_sheet.SellerName} · {_sheet.Title} {_sheet.Number}", 7.5, Full - 90, 1)[0];
        for (var page = 1; page <= _canvas.Pages; page++)
        {
            _canvas.GoTo(page);
            var baseline = PdfCanvas.Height - 28;
            _canvas.Bar(Margin, baseline - 12, Full, 0.5, Hairline);
            _canvas.Text(foot, Margin, baseline, 7.5, Typeface.Regular, Muted);
            var number = string.Format(CultureInfo.InvariantCulture, _words.Page, page, _canvas.Pages);
            _canvas.TextRight(number, Right, baseline, 7.5, Typeface.Regular, Muted);
        }
    }

    private void Room(double height)
    {
        if (_y + height > Bottom)
        {
            NextPage();
        }
    }

    private void NextPage()
    {
        _canvas.NewPage();
        _canvas.Bar(0, 0, PdfCanvas.Width, 6, _accent);
        _y = Margin;
    }

    private void Paragraph(
        string text,
        double x,
        double width,
        double size,
        double leading,
        Typeface face,
        Accent colour,
        int most = int.MaxValue
    )
    {
        foreach (var line in face.Wrap(text, size, width, most))
        {
            _y += size;
            _canvas.Text(line, x, _y, size, face, colour);
            _y += leading - size;
        }
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
