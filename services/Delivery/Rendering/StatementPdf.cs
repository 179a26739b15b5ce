using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A statement of account set on A4: seller and customer, for each currency its movements with the running balance, claims apart.</summary>
public sealed class StatementPdf
{
    private const double Margin = 42;
    private const double Right = PdfCanvas.A4Width - Margin;
    private const double Full = Right - Margin;
    private const double Bottom = PdfCanvas.A4Height - 54;
    private const double Body = 8.5;
    private const double Leading = 11.5;
    private const double WhatLeft = Margin + 68;
    private const double WhatWidth = 206;
    private const double DueLeft = WhatLeft + WhatWidth + 10;
    private const double AmountRight = Right - 100;
    private const double BalanceRight = Right - 6;

    private static readonly Accent Muted = new(0x5c, 0x66, 0x70);
    private static readonly Accent Hairline = new(0xd3, 0xd8, 0xdd);
    private static readonly Accent Pale = new(0xf4, 0xf5, 0xf7);

    private readonly StatementContent _statement;
    private readonly SellerBody? _seller;
    private readonly Picture? _logo;
    private readonly Words _words;
    private readonly StatementWords _said;
    private readonly Accent _accent;
    private readonly string _sellerName;
    private readonly PdfCanvas _canvas;
    private double _y = Margin + 8;

    private StatementPdf(StatementContent statement, SellerBody? seller, Picture? logo)
    {
        (_statement, _seller, _logo) = (statement, seller, logo);
        _words = Words.For(statement.Language);
        _said = StatementWords.For(_words);
        _accent = Accent.Of(seller?.Branding?.Colour);
        _sellerName =
            seller is null ? ""
            : seller.TradeName is { Length: > 0 } trade ? trade
            : seller.Name;
        _canvas = new PdfCanvas(
            new PdfAbout
            {
                Title = $"{_said.Title} {statement.CustomerNumber}",
                Author = _sellerName,
                Language = _words.Language,
                At = statement.MadeAt,
            },
            PdfCanvas.A4Width
        );
        Page();
        _y = Margin + 8;
    }

    /// <summary>The PDF/A-3 of a statement.</summary>
    public static byte[] Of(StatementContent statement, SellerBody? seller, Picture? logo)
    {
        var pdf = new StatementPdf(statement, seller, logo);
        pdf.Header();
        foreach (var account in statement.Accounts)
        {
            pdf.Account(account);
        }

        if (statement.Accounts.Count == 0)
        {
            pdf.Tag("P");
            pdf.Paragraph(pdf._said.NothingHappened, Margin, Full, Body, Leading, Typeface.Regular, Muted);
        }

        pdf.PageNumbers();
        return pdf._canvas.Build();
    }

    private void Header()
    {
        if (_logo is { } logo)
        {
            var scale = Math.Min(0.75, Math.Min(170.0 / logo.Width, 48.0 / logo.Height));
            Tag("Figure", _sellerName);
            _canvas.Picture(logo.ForPdf, Margin, _y, logo.Width * scale, logo.Height * scale);
            _y += logo.Height * scale + 6;
        }

        Tag("P");
        Paragraph(_sellerName, Margin, Full, 16, 20, Typeface.Semibold, _accent, 3);
        _y += 8;
        Tag("H1");
        Paragraph(_said.Title, Margin, Full, 18, 23, Typeface.Semibold, Accent.Ink);
        Tag("P");
        var (from, to) = (_words.Amounts.Date(_statement.From), _words.Amounts.Date(_statement.To));
        Paragraph(string.Format(CultureInfo.InvariantCulture, _said.Period, from, to), Margin, Full, 10, 14, Typeface.Regular, Muted);
        _y += 8;
        var half = Full / 2 - 12;
        var start = _y;
        var lowest = Party(_words.Seller, SellerLines(), Margin, half);
        _y = start;
        string[] customer = [_statement.CustomerName ?? "", $"{_words.CustomerNumber} {_statement.CustomerNumber}"];
        lowest = Math.Max(lowest, Party(_said.Customer, [.. customer.Where(line => line.Length > 0)], Margin + half + 24, half));
        _y = lowest + 10;
        Tag("P");
        var made = _words.Amounts.Date(DateOnly.FromDateTime(_statement.MadeAt.DateTime));
        Paragraph(string.Format(CultureInfo.InvariantCulture, _said.MadeAt, made), Margin, Full, 7.5, 10, Typeface.Regular, Muted);
        _y += 10;
    }

    private List<string> SellerLines()
    {
        if (_seller is not { } seller)
        {
            return [];
        }

        var address = seller.Address;
        var lines = new List<string>
        {
            seller.Name,
            $"{_words.TaxId}: {seller.TaxId}",
            Joined(", ", address.Line1, address.Line2),
            Joined(" ", address.PostalCode, address.City),
            Joined(" · ", seller.Email, seller.Phone),
        };
        lines.RemoveAll(string.IsNullOrWhiteSpace);
        return lines;
    }

    private static string Joined(string by, params string?[] parts) =>
        string.Join(by, parts.Where(part => !string.IsNullOrWhiteSpace(part)));

    private double Party(string heading, IReadOnlyList<string> lines, double x, double width)
    {
        _canvas.Bar(x, _y, width, 0.6, Hairline);
        _y += 14;
        Tag("H2");
        Paragraph(heading, x, width, Body, Leading, Typeface.Semibold, Muted, 2);
        Tag("P");
        foreach (var line in lines)
        {
            Paragraph(line, x, width, Body, Leading, Typeface.Regular, Accent.Ink, 4);
        }

        return _y;
    }

    private void Account(StatementContent.Account account)
    {
        Room(90);
        Tag("H2");
        Paragraph(account.Currency.Code, Margin, Full, 11, 16, Typeface.Semibold, Accent.Ink);
        _y += 4;
        var table = _canvas.Document.Add("Table");
        Heading(table.Add("TR"));
        Sum(table.Add("TR"), _said.Opening, account.Opening, account.Currency);
        foreach (var entry in account.Entries)
        {
            var what = Typeface.Regular.Wrap($"{_said.Kind(entry.Kind)} {entry.Number}", Body, WhatWidth, 4);
            var height = Math.Max(1, what.Count) * Leading + 6;
            if (_y + height > Bottom)
            {
                Page();
                Heading(null);
            }

            Row(table.Add("TR"), entry, what, account.Currency);
            _y += height;
            _canvas.Bar(Margin, _y, Full, 0.5, Hairline);
        }

        Room(30);
        Sum(table.Add("TR"), _said.Closing, account.Closing, account.Currency);
        _y += 12;
        if (account.Claims.Count > 0)
        {
            Claims(account);
        }
    }

    private void Heading(PdfTag? row)
    {
        _canvas.Bar(Margin, _y, Full, 20, Pale);
        var baseline = _y + 13;
        Head(_said.Date, Margin + 6, false);
        Head(_said.What, WhatLeft, false);
        Head(_said.DueDate, DueLeft, false);
        Head(_said.Amount, AmountRight, true);
        Head(_said.Balance, BalanceRight, true);
        _y += 20;

        void Head(string text, double x, bool isRight)
        {
            _canvas.Tag = row?.Add("TH");
            var written = Typeface.Semibold.Writable(text);
            if (isRight)
            {
                _canvas.TextRight(written, x, baseline, Body, Typeface.Semibold, Accent.Ink);
            }
            else
            {
                _canvas.Text(written, x, baseline, Body, Typeface.Semibold, Accent.Ink);
            }
        }
    }

    private void Row(PdfTag row, StatementContent.Entry entry, IReadOnlyList<string> what, Currency currency)
    {
        var baseline = _y + 12;
        _canvas.Tag = row.Add("TD");
        _canvas.Text(_words.Amounts.Date(entry.Date), Margin + 6, baseline, Body, Typeface.Regular, Accent.Ink);
        _canvas.Tag = row.Add("TD");
        for (var i = 0; i < what.Count; i++)
        {
            _canvas.Text(what[i], WhatLeft, baseline + i * Leading, Body, Typeface.Regular, Accent.Ink);
        }

        _canvas.Tag = row.Add("TD");
        _canvas.Text(entry.DueDate is { } due ? _words.Amounts.Date(due) : "", DueLeft, baseline, Body, Typeface.Regular, Accent.Ink);
        _canvas.Tag = row.Add("TD");
        Amount(entry.Amount, currency, AmountRight, baseline, Typeface.Regular);
        _canvas.Tag = row.Add("TD");
        Amount(entry.Balance, currency, BalanceRight, baseline, Typeface.Regular);
    }

    private void Sum(PdfTag row, string label, decimal amount, Currency currency)
    {
        var baseline = _y + 13;
        _canvas.Tag = row.Add("TD");
        _canvas.Text(Typeface.Semibold.Writable(label), WhatLeft, baseline, Body, Typeface.Semibold, Accent.Ink);
        _canvas.Tag = row.Add("TD");
        Amount(amount, currency, BalanceRight, baseline, Typeface.Semibold);
        _y += Leading + 7;
        _canvas.Bar(Margin, _y, Full, 0.5, Hairline);
    }

    private void Claims(StatementContent.Account account)
    {
        Room(70);
        Tag("H2");
        Paragraph(_said.Claims, Margin, Full, 10, 14, Typeface.Semibold, Accent.Ink);
        Tag("P");
        Paragraph(_said.ClaimsNote, Margin, Full, 7.5, 10, Typeface.Regular, Muted);
        _y += 4;
        var table = _canvas.Document.Add("Table");
        foreach (var claim in account.Claims)
        {
            var what = Typeface.Regular.Wrap($"{_said.Kind(claim.Kind)} {claim.Number}", Body, WhatWidth, 4);
            var height = Math.Max(1, what.Count) * Leading + 6;
            Room(height);
            var row = table.Add("TR");
            var baseline = _y + 12;
            _canvas.Tag = row.Add("TD");
            _canvas.Text(_words.Amounts.Date(claim.Date), Margin + 6, baseline, Body, Typeface.Regular, Accent.Ink);
            _canvas.Tag = row.Add("TD");
            for (var i = 0; i < what.Count; i++)
            {
                _canvas.Text(what[i], WhatLeft, baseline + i * Leading, Body, Typeface.Regular, Accent.Ink);
            }

            _canvas.Tag = row.Add("TD");
            Amount(claim.Amount, account.Currency, AmountRight, baseline, Typeface.Regular);
            _canvas.Tag = row.Add("TD");
            var state = Typeface.Regular.Writable(_said.StateOf(claim.State));
            _canvas.TextRight(state, BalanceRight, baseline, Body, Typeface.Regular, Muted);
            _y += height;
            _canvas.Bar(Margin, _y, Full, 0.5, Hairline);
        }

        Room(30);
        Sum(table.Add("TR"), _said.ClaimsDue, account.ClaimsDue, account.Currency);
        _y += 12;
    }

    private void Amount(decimal amount, Currency currency, double right, double baseline, Typeface face) =>
        _canvas.TextRight(face.Writable(_words.Amounts.Of(amount, currency)), right, baseline, Body, face, Accent.Ink);

    private void PageNumbers()
    {
        var foot = Typeface.Regular.Wrap($"{_sellerName} · {_said.Title} {_statement.CustomerNumber}", 7.5, Full - 90, 1);
        _canvas.Tag = null;
        for (var page = 1; page <= _canvas.Pages; page++)
        {
            _canvas.GoTo(page);
            var baseline = PdfCanvas.A4Height - 28;
            _canvas.Bar(Margin, baseline - 12, Full, 0.5, Hairline);
            _canvas.Text(foot.Count > 0 ? foot[0] : "", Margin, baseline, 7.5, Typeface.Regular, Muted);
            var number = string.Format(CultureInfo.InvariantCulture, _words.Page, page, _canvas.Pages);
            _canvas.TextRight(Typeface.Regular.Writable(number), Right, baseline, 7.5, Typeface.Regular, Muted);
        }
    }

    private void Room(double height)
    {
        if (_y + height > Bottom)
        {
            Page();
        }
    }

    private void Page()
    {
        _canvas.NewPage(PdfCanvas.A4Height);
        _canvas.Bar(0, 0, PdfCanvas.A4Width, 6, _accent);
        _y = Margin;
    }

    private void Tag(string role, string? alternative = null) => _canvas.Tag = _canvas.Document.Add(role, alternative);

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
}
