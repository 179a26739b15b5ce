using System.Globalization;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>What stands over a printed book.</summary>
public sealed record BookHead(string SellerName, string TaxId, DateOnly From, DateOnly To, DateTimeOffset AsOf, bool IsTest);

/// <summary>The book as printed: numbered pages, each with what came before it and what goes on, and at the end what was declared by type and rate.</summary>
internal sealed class BookPdf
{
    private const double Margin = 28;
    private const double Right = PlainPdf.Width - Margin;
    private const double First = 92;
    private const double Last = PlainPdf.Height - 52;
    private const double Line = 11.2;
    private const double Size = 6.8;

    // 1.398,60, on every machine.
    private static readonly NumberFormatInfo Spanish = new()
    {
        NumberDecimalSeparator = ",",
        NumberGroupSeparator = ".",
        NumberGroupSizes = [3],
    };

    // Where each column ends, or begins where it is text; and what heads it.
    private static readonly (double At, bool IsNumber, string Heading)[] Columns =
    [
        (Margin, false, "Expedición"),
        (Margin + 48, false, "Operación"),
        (Margin + 96, false, "Factura"),
        (Margin + 196, false, "Tipo"),
        (Margin + 218, false, "NIF"),
        (Margin + 276, false, "Destinatario"),
        (Margin + 410, false, "Clave"),
        (Margin + 434, false, "Calif."),
        (Margin + 530, true, "Base imponible"),
        (Margin + 560, true, "Tipo %"),
        (Margin + 622, true, "Cuota IVA"),
        (Margin + 654, true, "Rec. %"),
        (Margin + 702, true, "Cuota rec."),
        (Right, true, "Total"),
    ];

    private readonly PlainPdf _pdf;
    private readonly BookHead _head;
    private readonly SortedDictionary<(string Type, decimal Rate), Sum> _sums = [];
    private Sum _all = new();
    private double _y;

    /// <summary>A book of no lines.</summary>
    public BookPdf(Outflow to, BookHead head)
    {
        _head = head;
        _pdf = new PlainPdf(to, $"Libro registro de facturas expedidas {head.From:yyyy-MM-dd} {head.To:yyyy-MM-dd}");
        Begin();
    }

    private readonly record struct Sum(long Lines, decimal Base, decimal Vat, decimal Surcharge, decimal Total)
    {
        public Sum With(BookEntry entry) =>
            new(
                Lines + 1,
                Base + entry.TaxableAmount,
                Vat + (entry.VatAmount ?? 0m),
                Surcharge + (entry.SurchargeAmount ?? 0m),
                Total + entry.Total
            );
    }

    /// <summary>Adds a line; what was given for tickets stands in the book and in no sum.</summary>
    public void Add(BookEntry entry)
    {
        if (_y + Line > Last)
        {
            EndPage("Suma y sigue");
            Begin();
        }

        _y += Line;
        string[] texts =
        [
            Day(entry.IssueDate),
            Day(entry.OperationDate),
            entry.Number,
            entry.RecordType,
            entry.BuyerId ?? "",
            entry.BuyerName,
            entry.OperationKey,
            entry.Qualification ?? entry.Exemption ?? "",
            Amount(entry.TaxableAmount),
            Percent(entry.Rate),
            Amount(entry.VatAmount),
            Percent(entry.SurchargeRate),
            Amount(entry.SurchargeAmount),
            Amount(entry.Total),
        ];
        for (var i = 0; i < texts.Length; i++)
        {
            Cell(i, texts[i]);
        }

        if (entry.IsDeclared)
        {
            _all = _all.With(entry);
            var key = (entry.RecordType, entry.Rate ?? -1m);
            _sums[key] = _sums.GetValueOrDefault(key).With(entry);
        }
    }

    /// <summary>Writes the sums and ends the document.</summary>
    public void End()
    {
        EndPage("Total declarado");
        Begin(isSummary: true);
        foreach (var ((type, rate), sum) in _sums)
        {
            _y += Line + 3;
            _pdf.Text(rate < 0m ? $"{type}, sin cuota" : $"{type}, {Percent(rate)} %", Margin, _y, 8.5);
            _pdf.TextRight(sum.Lines.ToString("N0", Spanish), Margin + 240, _y, 8.5);
            _pdf.TextRight(Amount(sum.Base), Margin + 360, _y, 8.5);
            _pdf.TextRight(Amount(sum.Vat), Margin + 460, _y, 8.5);
            _pdf.TextRight(Amount(sum.Surcharge), Margin + 560, _y, 8.5);
            _pdf.TextRight(Amount(sum.Total), Margin + 680, _y, 8.5);
        }

        Foot();
        _pdf.EndPage();
        _pdf.End();
    }

    private void Begin(bool isSummary = false)
    {
        _pdf.Text("Libro registro de facturas expedidas", Margin, 38, 14, isBold: true);
        _pdf.Text($"{_head.SellerName} · NIF {_head.TaxId}", Margin, 54, 9);
        _pdf.Text(
            $"Operaciones del {Day(_head.From)} al {Day(_head.To)} · a {_head.AsOf.UtcDateTime.ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture)} UTC · importes en EUR",
            Margin,
            66,
            8
        );
        if (_head.IsTest)
        {
            _pdf.TextRight("PRUEBA, sin validez fiscal", Right, 38, 11, isBold: true);
        }

        _y = First - 6;
        if (isSummary)
        {
            _pdf.Text("Declarado por tipo de factura y de IVA (sin F3, cuyos tiques ya se declararon)", Margin, _y, 9, isBold: true);
            _y += Line + 5;
            _pdf.TextRight("Asientos", Margin + 240, _y, 8.5, isBold: true);
            _pdf.TextRight("Base imponible", Margin + 360, _y, 8.5, isBold: true);
            _pdf.TextRight("Cuota IVA", Margin + 460, _y, 8.5, isBold: true);
            _pdf.TextRight("Recargo", Margin + 560, _y, 8.5, isBold: true);
            _pdf.TextRight("Total", Margin + 680, _y, 8.5, isBold: true);
            return;
        }

        for (var i = 0; i < Columns.Length; i++)
        {
            Cell(i, Columns[i].Heading, isBold: true);
        }

        _pdf.Rule(Margin, _y + 4, Right - Margin);
        _y += 4;
        if (_all.Lines > 0)
        {
            Sums("Suma anterior");
        }
    }

    private void EndPage(string heading)
    {
        _y = Last;
        _pdf.Rule(Margin, _y + 3, Right - Margin);
        Sums(heading);
        Foot();
        _pdf.EndPage();
    }

    private void Sums(string heading)
    {
        _y += Line;
        Cell(5, heading, isBold: true);
        Cell(8, Amount(_all.Base), isBold: true);
        Cell(10, Amount(_all.Vat), isBold: true);
        Cell(12, Amount(_all.Surcharge), isBold: true);
        Cell(13, Amount(_all.Total), isBold: true);
    }

    private void Foot() =>
        _pdf.TextRight($"Página {(_pdf.Pages + 1).ToString(CultureInfo.InvariantCulture)}", Right, PlainPdf.Height - 22, 8);

    private void Cell(int column, string text, bool isBold = false)
    {
        var (at, isNumber, _) = Columns[column];
        if (isNumber)
        {
            _pdf.TextRight(text, at, _y, Size, isBold);
            return;
        }

        var next = Columns[column + 1];
        // A number's column begins where the text before it has to end.
        var room = (next.IsNumber ? next.At - 70 : next.At) - at - 4;
        _pdf.Text(PlainPdf.Fit(text, Size, room), at, _y, Size, isBold);
    }

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private static string Amount(decimal? amount) => amount is { } known ? known.ToString("#,##0.00", Spanish) : "";

    private static string Percent(decimal? rate) => rate is { } known ? known.ToString("0.##", Spanish) : "";
}
