namespace RetailInvoicing.Delivery.Rendering;

/// <content>What stands under the lines: VAT, totals, payment, feet.</content>
public sealed partial class InvoicePdf
{
    private void Sums()
    {
        const double totalsWidth = 220;
        var totalsLeft = Right - totalsWidth;
        var totals = Sheet
            .Totals.Select(total =>
                (total.Strong, total.Value, Label: Face(total.Strong).Wrap(total.Label, Size(total.Strong), RoomBeside(total), 3))
            )
            .ToArray();
        var totalsHeight = totals.Sum(total => total.Label.Count * Leading + (total.Strong ? 9 : 5));
        var highest = Math.Max(totalsHeight, (Sheet.VatRows.Count + 1) * (Leading + 5));
        // With the surcharge the rates need the page's width, and many rates need its height: then they stand above the totals.
        var isBeside = !Sheet.HasSurcharge && highest < 500;
        Room(isBeside ? highest + 12 : 3 * (Leading + 5));
        var start = Y;
        VatTable(isBeside ? totalsLeft - 28 - Margin : Full, isBeside);
        var lowest = isBeside ? Y : 0;
        Y = isBeside ? start : Y + 10;
        var table = Canvas.Document.Add("Table");
        foreach (var (strong, value, label) in totals)
        {
            if (!isBeside)
            {
                Room(label.Count * Leading + 9);
            }

            var row = table.Add("TR");
            if (strong)
            {
                Canvas.Bar(totalsLeft, Y, totalsWidth, 0.6, Hairline);
                Y += 4;
            }

            Y += Leading;
            var amount = Face(strong).Writable(value);
            var first = Y;
            Canvas.Tag = row.Add("TD");
            foreach (var line in label)
            {
                Canvas.Text(line, totalsLeft + 6, Y, Size(strong), Face(strong), Rendering.Accent.Ink);
                Y += Leading;
            }

            Canvas.Tag = row.Add("TD");
            Canvas.TextRight(amount, Right - 6, first, Size(strong), Face(strong), strong ? Accent : Rendering.Accent.Ink);
            Y += 5 - Leading;
        }

        Y = Math.Max(Y, lowest) + 16;

        static Typeface Face(bool strong) => strong ? Typeface.Semibold : Typeface.Regular;
        static double Size(bool strong) => strong ? 11 : 9;
        static double RoomBeside(InvoiceSheet.Fact total) =>
            Math.Max(50, totalsWidth - 24 - Face(total.Strong).Width(Face(total.Strong).Writable(total.Value), Size(total.Strong)));
    }

    private void VatTable(double width, bool isBeside)
    {
        var table = Canvas.Document.Add("Table");
        var columns = Sheet.HasSurcharge ? new[] { 0.26, 0.24, 0.2, 0.3 } : [0.36, 0.34, 0.3];
        VatRow(
            Sheet.HasSurcharge
                ? [Words.Rate, Words.TaxableAmount, Words.VatAmount, Words.Surcharge]
                : [Words.Rate, Words.TaxableAmount, Words.VatAmount],
            Typeface.Semibold,
            "TH"
        );
        foreach (var row in Sheet.VatRows)
        {
            VatRow(
                Sheet.HasSurcharge
                    ? [row.Rate, row.TaxableAmount, row.VatAmount, row.Surcharge]
                    : [row.Rate, row.TaxableAmount, row.VatAmount],
                Typeface.Regular,
                "TD"
            );
        }

        void VatRow(string[] cells, Typeface face, string role)
        {
            var lines = cells.Select((cell, i) => face.Wrap(cell, Body, columns[i] * width - 4)).ToArray();
            var height = Math.Max(1, lines.Max(cell => cell.Count)) * Leading + 5;
            if (!isBeside)
            {
                Room(height);
            }

            var tag = table.Add("TR");
            var x = Margin;
            for (var i = 0; i < cells.Length; i++)
            {
                var cell = columns[i] * width;
                Canvas.Tag = tag.Add(role);
                for (var line = 0; line < lines[i].Count; line++)
                {
                    var baseline = Y + 12 + line * Leading;
                    if (i == 0)
                    {
                        Canvas.Text(lines[i][line], x, baseline, Body, face, Rendering.Accent.Ink);
                    }
                    else
                    {
                        Canvas.TextRight(lines[i][line], x + cell, baseline, Body, face, Rendering.Accent.Ink);
                    }
                }

                x += cell;
            }

            Y += height;
            Canvas.Bar(Margin, Y, width, 0.5, Hairline);
        }
    }

    private void Payment()
    {
        if (!Sheet.IsDue)
        {
            return;
        }

        const double qr = 86;
        var textWidth = Full - 32 - (Sheet.EpcPayload is null ? 0 : qr + 24);
        var facts = Sheet
            .Transfer.Select(fact => (fact.Label, fact.Strong, Value: Typeface.Regular.Wrap(fact.Value, 9.5, textWidth - 100, 4)))
            .ToArray();
        var url = Sheet.PayUrl is { } address ? Typeface.Regular.Wrap($"{Words.PayOnline} {address}", 8, textWidth, 3) : [];
        var textHeight = 26 + facts.Sum(fact => fact.Value.Count * 13 + 2) + url.Count * 10 + 12;
        var height = Math.Max(textHeight, Sheet.EpcPayload is null ? 0 : qr + 40);
        Room(height + 8);
        var top = Y;
        Canvas.Box(Margin, top, Full, height, Hairline);
        Canvas.Bar(Margin, top, 3, height, Accent);
        Y = top + 20;
        Tag("H2");
        Canvas.Text(Words.PayHeading, Margin + 16, Y, 10.5, Typeface.Semibold, Rendering.Accent.Ink);
        Y += 17;
        foreach (var (label, strong, value) in facts)
        {
            Tag("P");
            Canvas.Text(label, Margin + 16, Y, 8.5, Typeface.Regular, Muted);
            foreach (var line in value)
            {
                Canvas.Text(line, Margin + 116, Y, 9.5, strong ? Typeface.Semibold : Typeface.Regular, Rendering.Accent.Ink);
                Y += 13;
            }

            Y += 2;
        }

        if (url.Count > 0)
        {
            var link = Canvas.Document.Add("Link");
            Canvas.Tag = link;
            Canvas.Link(Margin + 16, Y - 8, textWidth, url.Count * 10, Sheet.PayUrl!, link);
        }

        foreach (var line in url)
        {
            Canvas.Text(line, Margin + 16, Y, 8, Typeface.Regular, Muted);
            Y += 10;
        }

        if (Sheet.EpcQr is { } code)
        {
            var x = Right - 16 - qr;
            Tag("Figure", Words.EpcCaption);
            Canvas.Qr(code, x, top + 14, qr);
            Tag("P");
            var caption = Typeface.Regular.Wrap(Words.EpcCaption, 7, qr + 24, 2);
            for (var i = 0; i < caption.Count; i++)
            {
                Canvas.TextCentred(caption[i], x + qr / 2, top + 14 + qr + 12 + i * 9, 7, Typeface.Regular, Muted);
            }
        }

        Y = top + height + 12;
    }

    private void Feet()
    {
        foreach (var foot in Sheet.Feet)
        {
            Tag("P");
            foreach (var line in Typeface.Regular.Wrap(foot, 7.5, Full))
            {
                Room(10);
                Y += 10;
                Canvas.Text(line, Margin, Y, 7.5, Typeface.Regular, Muted);
            }
        }
    }
}
