namespace RetailInvoicing.Delivery.Rendering;

/// <content>What stands under the lines: VAT, totals, payment, feet.</content>
public sealed partial class InvoicePdf
{
    private void Sums()
    {
        const double totalsWidth = 220;
        var totalsLeft = Right - totalsWidth;
        var totals = _sheet
            .Totals.Select(total =>
                (total.Strong, total.Value, Label: Face(total.Strong).Wrap(total.Label, Size(total.Strong), totalsWidth - 104, 3))
            )
            .ToArray();
        var totalsHeight = totals.Sum(total => total.Label.Count * Leading + (total.Strong ? 9 : 5));
        Room(Math.Max(totalsHeight, (_sheet.VatRows.Count + 1) * 16) + 12);
        var start = _y;
        VatTable(totalsLeft - 28 - Margin);
        var lowest = _y;
        _y = start;
        foreach (var (strong, value, label) in totals)
        {
            if (strong)
            {
                _canvas.Bar(totalsLeft, _y, totalsWidth, 0.6, Hairline);
                _y += 4;
            }

            _y += Leading;
            var amount = Face(strong).Writable(value);
            _canvas.TextRight(amount, Right - 6, _y, Size(strong), Face(strong), strong ? _accent : Accent.Ink);
            foreach (var line in label)
            {
                _canvas.Text(line, totalsLeft + 6, _y, Size(strong), Face(strong), Accent.Ink);
                _y += Leading;
            }

            _y += 5 - Leading;
        }

        _y = Math.Max(_y, lowest) + 16;

        static Typeface Face(bool strong) => strong ? Typeface.Semibold : Typeface.Regular;
        static double Size(bool strong) => strong ? 11 : 9;
    }

    private void VatTable(double width)
    {
        var columns = _sheet.HasSurcharge ? new[] { 0.26, 0.24, 0.2, 0.3 } : [0.36, 0.34, 0.3];
        VatRow(
            _sheet.HasSurcharge
                ? [_words.Rate, _words.TaxableAmount, _words.VatAmount, _words.Surcharge]
                : [_words.Rate, _words.TaxableAmount, _words.VatAmount],
            Typeface.Semibold
        );
        foreach (var row in _sheet.VatRows)
        {
            VatRow(
                _sheet.HasSurcharge
                    ? [row.Rate, row.TaxableAmount, row.VatAmount, row.Surcharge]
                    : [row.Rate, row.TaxableAmount, row.VatAmount],
                Typeface.Regular
            );
        }

        void VatRow(string[] cells, Typeface face)
        {
            var x = Margin;
            var most = 1;
            for (var i = 0; i < cells.Length; i++)
            {
                var cell = columns[i] * width;
                var lines = face.Wrap(cells[i], Body, cell - 4);
                most = Math.Max(most, lines.Count);
                for (var line = 0; line < lines.Count; line++)
                {
                    var baseline = _y + 12 + line * Leading;
                    if (i == 0)
                    {
                        _canvas.Text(lines[line], x, baseline, Body, face, Accent.Ink);
                    }
                    else
                    {
                        _canvas.TextRight(lines[line], x + cell, baseline, Body, face, Accent.Ink);
                    }
                }

                x += cell;
            }

            _y += most * Leading + 5;
            _canvas.Bar(Margin, _y, width, 0.5, Hairline);
        }
    }

    private void Payment()
    {
        if (!_sheet.IsDue)
        {
            return;
        }

        const double qr = 86;
        var textWidth = Full - 32 - (_sheet.EpcPayload is null ? 0 : qr + 24);
        var facts = _sheet
            .Transfer.Select(fact => (fact.Label, fact.Strong, Value: Typeface.Regular.Wrap(fact.Value, 9.5, textWidth - 100, 4)))
            .ToArray();
        var url = _sheet.PayUrl is { } link ? Typeface.Regular.Wrap($"{_words.PayOnline} {link}", 8, textWidth, 3) : [];
        var textHeight = 26 + facts.Sum(fact => fact.Value.Count * 13 + 2) + url.Count * 10 + 12;
        var height = Math.Max(textHeight, _sheet.EpcPayload is null ? 0 : qr + 40);
        Room(height + 8);
        var top = _y;
        _canvas.Box(Margin, top, Full, height, Hairline);
        _canvas.Bar(Margin, top, 3, height, _accent);
        _y = top + 20;
        _canvas.Text(_words.PayHeading, Margin + 16, _y, 10.5, Typeface.Semibold, Accent.Ink);
        _y += 17;
        foreach (var (label, strong, value) in facts)
        {
            _canvas.Text(label, Margin + 16, _y, 8.5, Typeface.Regular, Muted);
            foreach (var line in value)
            {
                _canvas.Text(line, Margin + 116, _y, 9.5, strong ? Typeface.Semibold : Typeface.Regular, Accent.Ink);
                _y += 13;
            }

            _y += 2;
        }

        foreach (var line in url)
        {
            _canvas.Text(line, Margin + 16, _y, 8, Typeface.Regular, Muted);
            _y += 10;
        }

        if (_sheet.EpcPayload is { } payload)
        {
            var x = Right - 16 - qr;
            _canvas.Qr(payload, x, top + 14, qr);
            var caption = Typeface.Regular.Wrap(_words.EpcCaption, 7, qr + 24, 2);
            for (var i = 0; i < caption.Count; i++)
            {
                _canvas.TextCentred(caption[i], x + qr / 2, top + 14 + qr + 12 + i * 9, 7, Typeface.Regular, Muted);
            }
        }

        _y = top + height + 12;
    }

    private void Feet()
    {
        foreach (var line in _sheet.Feet.SelectMany(foot => Typeface.Regular.Wrap(foot, 7.5, Full)))
        {
            Room(10);
            _y += 10;
            _canvas.Text(line, Margin, _y, 7.5, Typeface.Regular, Muted);
        }
    }
}
