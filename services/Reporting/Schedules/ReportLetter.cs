using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>What a mail with a report says, in the reader's language.</summary>
public sealed record ReportLetter(string Subject, string Text)
{
    private static readonly IReadOnlyDictionary<string, (string English, string Spanish)> Titles = new Dictionary<string, (string, string)>
    {
        ["sales"] = ("Sales", "Ventas"),
        ["vat-book"] = ("Book of issued invoices", "Libro registro de facturas expedidas"),
        ["form-303"] = ("Figures of form 303", "Cifras del modelo 303"),
        ["income"] = ("Income", "Ingresos"),
        ["ageing"] = ("Ageing", "Antigüedad de la deuda"),
        ["dso"] = ("Days sales outstanding", "Periodo medio de cobro"),
        ["collections"] = ("Effect of collecting", "Efecto de los cobros"),
        ["cash-flow"] = ("Cash flow", "Previsión de cobros"),
        ["products/pairs"] = ("Bought together", "Comprados juntos"),
        ["products/slow"] = ("Slow movers", "Productos de venta lenta"),
        ["customers"] = ("Customers", "Clientes"),
        ["customers/cohorts"] = ("Cohorts", "Cohortes"),
        ["anomalies"] = ("Anomalies", "Anomalías"),
    };

    /// <summary>The letter of a report; without a file it says where the file is.</summary>
    public static ReportLetter Of(string report, string seller, MailedPeriod period, string language, string? notAttached)
    {
        var isSpanish = language.StartsWith("es", StringComparison.OrdinalIgnoreCase);
        var title =
            Titles.TryGetValue(report, out var known) ? (isSpanish ? known.Spanish : known.English)
            : isSpanish ? $"Informe {report}"
            : $"Report {report}";
        var (from, to) = (Day(period.From, isSpanish), Day(period.To, isSpanish));
        var days = from == to ? from : $"{from} – {to}";
        var text = new StringBuilder();
        text.Append(isSpanish ? $"{title} de {seller}, {days}." : $"{title} of {seller}, {days}.").Append("\r\n\r\n");
        if (notAttached is null)
        {
            text.Append(isSpanish ? "El informe va adjunto.\r\n" : "The report is attached.\r\n");
        }
        else
        {
            text.Append(
                    isSpanish
                        ? "El fichero es demasiado grande para un correo. Se obtiene con su clave en:"
                        : "The file is too large for a mail. It is had with your key at:"
                )
                .Append("\r\nGET ")
                .Append(notAttached)
                .Append("\r\n");
        }

        return new ReportLetter($"{title} · {days}", text.ToString());
    }

    /// <summary>The same for a schedule and a period, however often it is sent: whoever gets it twice keeps one.</summary>
    public static string MessageIdOf(SellerId seller, string scheduleId, MailedPeriod period)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seller.Value}\n{scheduleId}\n{period.Name}"));
        return $"report-{Convert.ToHexStringLower(hash.AsSpan(0, 16))}@reports.retailinvoicing.dev";
    }

    private static string Day(DateOnly day, bool isSpanish) =>
        day.ToString(isSpanish ? "dd/MM/yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
