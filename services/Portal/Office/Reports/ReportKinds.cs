namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>The reports, by what a shop wants to know.</summary>
public static class ReportKinds
{
    private static readonly ReportFigure Group = new("key", "Grupo", "Group", FigureKind.Text);

    /// <summary>How groups are called.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Groupings = new Dictionary<string, (string, string)>
    {
        ["day"] = ("Por día", "By day"),
        ["week"] = ("Por semana", "By week"),
        ["month"] = ("Por mes", "By month"),
        ["hour"] = ("Por hora", "By hour"),
        ["store"] = ("Por tienda", "By shop"),
        ["till"] = ("Por caja", "By till"),
        ["channel"] = ("Por canal", "By channel"),
        ["sku"] = ("Por producto", "By product"),
        ["customer"] = ("Por cliente", "By customer"),
        ["vat"] = ("Por tipo de IVA", "By VAT rate"),
        ["means"] = ("Por medio de pago", "By means of payment"),
        ["provider"] = ("Por proveedor", "By provider"),
        ["step"] = ("Por paso", "By step"),
    };

    /// <summary>What a period can be compared with.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Comparisons = new Dictionary<string, (string, string)>
    {
        [""] = ("Con nada", "With nothing"),
        ["previous"] = ("Con el periodo anterior", "With the period before"),
        ["year"] = ("Con el año anterior", "With the year before"),
    };

    /// <summary>What is not as it used to be, by kind.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Oddities = new Dictionary<string, (string, string)>
    {
        ["silent-till"] = ("Caja en silencio", "Silent till"),
        ["return-rate"] = ("Más devoluciones de lo normal", "More returns than usual"),
        ["vat-rate"] = ("Tipo de IVA distinto del habitual", "Another VAT rate than usual"),
    };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ReportKind> All =
    [
        new(
            "sales",
            "Ventas",
            "Sales",
            "Lo vendido por fecha de operación, con las devoluciones restadas.",
            "What was sold by the day of the sale, returns taken off."
        )
        {
            Path = "sales",
            Mailed = "sales",
            Groupings = ["day", "week", "month", "hour", "store", "till", "channel", "sku", "customer", "vat"],
            Compares = true,
            Drawn = "totalWithVat",
            Figures =
            [
                Group,
                new("invoices", "Facturas", "Invoices", FigureKind.Count),
                new("totalWithoutVat", "Base", "Without VAT", FigureKind.Money),
                new("vatTotal", "IVA", "VAT", FigureKind.Money),
                new("totalWithVat", "Total", "Total", FigureKind.Money),
                new("returns", "Devoluciones", "Returns", FigureKind.Money),
            ],
        },
        new(
            "income",
            "Ingresos",
            "Income",
            "Lo facturado, lo que entró, lo que salió y lo que queda por cobrar.",
            "What was invoiced, what came, what left and what is still owed."
        )
        {
            Path = "income",
            Mailed = "income",
            Groupings = ["day", "week", "month", "means", "provider"],
            Drawn = "collected",
            Figures =
            [
                Group,
                new("issued", "Facturado", "Issued", FigureKind.Money),
                new("received", "Recibido", "Received", FigureKind.Money),
                new("givenBack", "Devuelto", "Given back", FigureKind.Money),
                new("collected", "Cobrado", "Collected", FigureKind.Money),
                new("fees", "Comisiones", "Fees", FigureKind.Money),
                new("outstanding", "Pendiente", "Outstanding", FigureKind.Money),
            ],
        },
        new(
            "vat-book",
            "Libro de IVA",
            "VAT book",
            "El libro registro de facturas expedidas, como lo pide Hacienda.",
            "The book of issued invoices as the tax agency wants it."
        )
        {
            Path = "vat-book",
            Mailed = "vat-book",
            Formats = ["csv", "xlsx", "pdf", "parquet"],
            Figures =
            [
                new("number", "Factura", "Invoice", FigureKind.Text),
                new("recordType", "Tipo", "Type", FigureKind.Text),
                new("issueDate", "Expedida", "Issued", FigureKind.Day),
                new("operationDate", "Operación", "Operation", FigureKind.Day),
                new("buyerName", "Destinatario", "Buyer", FigureKind.Text),
                new("rate", "Tipo IVA", "Rate", FigureKind.Percent),
                new("taxableAmount", "Base", "Taxable", FigureKind.Money),
                new("vatAmount", "Cuota", "VAT", FigureKind.Money),
            ],
        },
        new(
            "vat-check",
            "Comprobación del libro",
            "Check of the book",
            "Lo que Hacienda rechazaría del libro de IVA, antes de enviarlo.",
            "What the tax agency would refuse of the VAT book, before it is sent."
        )
        {
            Path = "vat-book/check",
            Figures =
            [
                new("rule", "Validación", "Rule", FigureKind.Text),
                new("wants", "Qué exige", "What it wants", FigureKind.Text),
                new("invoices", "Facturas", "Invoices", FigureKind.Count),
                new("first", "La primera", "First of them", FigureKind.Text),
            ],
        },
        new(
            "form-303",
            "Modelo 303",
            "Form 303",
            "Las casillas del modelo 303 que salen de tus facturas.",
            "The boxes of form 303 that follow from your invoices."
        )
        {
            Path = "form-303",
            Mailed = "form-303",
            Asked = AskedFor.Quarter,
            Figures =
            [
                new("box", "Casilla", "Box", FigureKind.Text),
                new("concept", "Concepto", "Concept", FigureKind.Text),
                new("amount", "Importe", "Amount", FigureKind.Money),
            ],
        },
        new(
            "ageing",
            "Antigüedad",
            "Ageing",
            "Lo que te debían al cierre de un día, por retraso.",
            "What was owed at the end of a day, by how late it was."
        )
        {
            Path = "ageing",
            Mailed = "ageing",
            Asked = AskedFor.Day,
            Drawn = "amountDue",
            Figures =
            [
                new("key", "Retraso", "Overdue by", FigureKind.Text),
                new("receivables", "Facturas", "Invoices", FigureKind.Count),
                new("amountDue", "Pendiente", "Open", FigureKind.Money),
            ],
        },
        new("dso", "Días de cobro", "Days sales outstanding", "Cuántos días tardas en cobrar.", "How many days it takes you to be paid.")
        {
            Path = "dso",
            MonthsBack = 11,
            Mailed = "dso",
            Groupings = ["month", "week"],
            Drawn = "dso",
            Figures =
            [
                Group,
                new("outstanding", "Pendiente", "Outstanding", FigureKind.Money),
                new("issued", "Facturado en el plazo", "Issued in the window", FigureKind.Money),
                new("dso", "Días", "Days", FigureKind.Number),
                new("bestPossible", "Mejor posible", "Best possible", FigureKind.Number),
                new("daysLate", "Días de retraso", "Days late", FigureKind.Number),
            ],
        },
        new(
            "collections",
            "Efecto de reclamar",
            "Effect of collecting",
            "Lo que reclamar ha traído, y las promesas que se cumplen.",
            "What asking has brought, and the promises that are kept."
        )
        {
            Path = "collections",
            MonthsBack = 5,
            Mailed = "collections",
            Groupings = ["month", "week", "day", "step", "channel"],
            Drawn = "within30Days",
            Figures =
            [
                Group,
                new("notices", "Avisos", "Notices", FigureKind.Count),
                new("calls", "Llamadas", "Calls", FigureKind.Count),
                new("askedFor", "Reclamado", "Asked for", FigureKind.Money),
                new("within7Days", "Cobrado en 7 días", "Came within 7 days", FigureKind.Money),
                new("within30Days", "Cobrado en 30 días", "Came within 30 days", FigureKind.Money),
                new("promisesKept", "Promesas cumplidas", "Promises kept", FigureKind.Count),
                new("promisesBroken", "Incumplidas", "Broken", FigureKind.Count),
            ],
        },
        new(
            "cash-flow",
            "Flujo de caja",
            "Cash flow",
            "Lo que se espera cobrar y lo que ha entrado.",
            "What is expected to come and what came."
        )
        {
            Path = "cash-flow",
            DaysAhead = 30,
            Mailed = "cash-flow",
            Groupings = ["day", "week", "month"],
            Drawn = "came",
            Figures =
            [
                Group,
                new("expected", "Previsto", "Expected", FigureKind.Money),
                new("low", "Como mínimo", "At least", FigureKind.Money),
                new("high", "Como máximo", "At most", FigureKind.Money),
                new("came", "Cobrado", "Came", FigureKind.Money),
                new("payments", "Cobros", "Payments", FigureKind.Count),
            ],
        },
        new(
            "pairs",
            "Se compran juntos",
            "Bought together",
            "Productos que van en la misma cesta más de lo que explica el azar.",
            "Products that share a basket more often than chance explains."
        )
        {
            Path = "products/pairs",
            MonthsBack = 2,
            Figures =
            [
                new("first", "Producto", "Product", FigureKind.Text),
                new("second", "Comprado con", "Bought with", FigureKind.Text),
                new("together", "Ventas con ambos", "Sales with both", FigureKind.Count),
                new("lift", "Veces más que por azar", "Times more than by chance", FigureKind.Number),
                new("ofFirst", "Del primero", "Of the first", FigureKind.Percent),
                new("ofSecond", "Del segundo", "Of the second", FigureKind.Percent),
            ],
        },
        new(
            "slow",
            "Se venden menos",
            "Slow movers",
            "Productos cuya parte de las ventas ha caído más de lo que explica el azar.",
            "Products whose share of sales fell by more than chance explains."
        )
        {
            Path = "products/slow",
            MonthsBack = 1,
            Figures =
            [
                new("product", "Producto", "Product", FigureKind.Text),
                new("lastSold", "Última venta", "Last sold", FigureKind.Day),
                new("invoices", "Facturas", "Invoices", FigureKind.Count),
                new("expected", "Esperadas", "Expected", FigureKind.Number),
                new("invoicesBefore", "Antes", "Before", FigureKind.Count),
            ],
        },
        new(
            "customers",
            "Clientes",
            "Customers",
            "Quién compra, cuánto, cada cuánto y desde cuándo no.",
            "Who buys, how much, how often, and since when not."
        )
        {
            Path = "customers",
            MonthsBack = 11,
            Mailed = "customers",
            Figures =
            [
                new("customer", "Cliente", "Customer", FigureKind.Text),
                new("last", "Última compra", "Last purchase", FigureKind.Day),
                new("frequency", "Facturas", "Invoices", FigureKind.Count),
                new("value", "Valor", "Value", FigureKind.Money),
                new("recencyScore", "Recencia 1-5", "Recency 1-5", FigureKind.Count),
                new("frequencyScore", "Frecuencia 1-5", "Frequency 1-5", FigureKind.Count),
                new("valueScore", "Valor 1-5", "Value 1-5", FigureKind.Count),
            ],
        },
        new(
            "cohorts",
            "Cohortes",
            "Cohorts",
            "De quienes empezaron un mes, cuántos siguen comprando.",
            "Of those who began in a month, how many still buy."
        )
        {
            Path = "customers/cohorts",
            MonthsBack = 11,
            Figures =
            [
                new("cohort", "Primer mes", "First month", FigureKind.Text),
                new("monthsLater", "Meses después", "Months later", FigureKind.Count),
                new("customers", "Clientes", "Customers", FigureKind.Count),
                new("active", "Compraron", "Bought", FigureKind.Count),
                new("retained", "Compraron", "Bought", FigureKind.Percent),
                new("value", "Valor", "Value", FigureKind.Money),
            ],
        },
        new(
            "anomalies",
            "Fuera de lo normal",
            "Not as usual",
            "Lo que se sale de lo habitual, con su porqué.",
            "What is not as it used to be, with its reason."
        )
        {
            Path = "anomalies",
            Mailed = "anomalies",
            Figures =
            [
                new("kind", "Qué", "What", FigureKind.Text),
                new("subject", "Dónde", "Where", FigureKind.Text),
                new("day", "Día", "Day", FigureKind.Day),
                new("reason", "Por qué", "Why", FigureKind.Text),
            ],
        },
    ];

    /// <summary>A report by its name in addresses; none where there is none.</summary>
    public static ReportKind? Of(string name) => All.FirstOrDefault(each => each.Name == name);
}
