using System.Text.RegularExpressions;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>A breach of a numbered rule of the layout.</summary>
public sealed record BookFinding(int Rule, string Number);

/// <summary>
/// The layout's own rules for issued invoices, by their numbers in the tax agency's publication (LSI 2025). A rule of columns that this book
/// leaves empty (IRPF, cash accounting, property) cannot be broken and is not here.
/// </summary>
public static partial class BookRules
{
    /// <summary>Base times rate may miss the VAT by this: VAT that is taken out of a gross price is rounded after the division.</summary>
    public const decimal Slack = 0.02m;

    private const decimal TicketLimit = 3000m;
    private static readonly DateOnly Temporary = new(2022, 7, 1);
    private static readonly DateOnly Lowered = new(2023, 1, 1);
    private static readonly DateOnly FirstOver = new(2024, 10, 1);
    private static readonly DateOnly LastTemporary = new(2024, 12, 31);

    private static readonly string[] Types = ["F1", "F2", "F3", "F4", "R1", "R2", "R3", "R4", "R5"];
    private static readonly string[] Keys =
    [
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "08",
        "09",
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "17",
        "18",
        "19",
    ];

    /// <summary>What a rule wants, English and Spanish.</summary>
    public static readonly IReadOnlyDictionary<int, (string English, string Spanish)> Words = new Dictionary<int, (string, string)>
    {
        [2] = (
            "a buyer's NIF has nine characters, or its kind and country are told",
            "el NIF del destinatario tiene 9 posiciones, o se indican tipo y país"
        ),
        [4] = ("text is no longer than its column", "el texto no supera la longitud de su columna"),
        [6] = ("the operation key is one of the layout's", "la clave de operación es una de las del diseño"),
        [9] = ("the invoice type is one of the layout's", "el tipo de factura es uno de los del diseño"),
        [19] = ("the qualification is S1, S2, N1 or N2", "la calificación es S1, S2, N1 o N2"),
        [20] = ("an exemption is E1 to E6, and excludes a qualification", "la causa de exención es E1 a E6 y excluye la calificación"),
        [21] = (
            "S1: there is a rate, and VAT is base times rate, of the same sign",
            "S1: hay tipo, y la cuota es base por tipo, con el mismo signo"
        ),
        [22] = ("S2: rate and VAT are 0, and key and type allow it", "S2: tipo y cuota son 0, y la clave y el tipo de factura lo admiten"),
        [23] = ("key 03 goes with S1 only", "la clave 03 sólo admite S1"),
        [24] = ("key 08 goes with N2 only", "la clave 08 sólo admite N2"),
        [25] = ("the issue date is not before the operation date", "la fecha de expedición no es anterior a la de operación"),
        [27] = (
            "key 01 excludes E2 and E3; E5 wants a VAT identifier of another Member State",
            "la clave 01 excluye E2 y E3; E5 exige NIF-IVA"
        ),
        [28] = ("key 10 goes with N1 and F1", "la clave 10 exige N1 y F1"),
        [29] = (
            "a buyer with a VAT identifier has a full or corrective invoice",
            "un destinatario con NIF-IVA tiene factura completa o rectificativa"
        ),
        [31] = ("key 07 excludes N1, N2, S2, E2 to E5", "la clave 07 excluye N1, N2, S2 y E2 a E5"),
        [32] = (
            "R2 and R3 name the buyer by NIF (R2 also by VAT identifier)",
            "R2 y R3 identifican al destinatario por NIF (R2 también por NIF-IVA)"
        ),
        [33] = ("F1, F3 and R1 to R4 name the buyer", "F1, F3 y R1 a R4 identifican al destinatario"),
        [34] = ("a ticket comes to 3,000 EUR at most", "una factura simplificada no supera 3.000 €"),
        [35] = (
            "the surcharge goes with the rate, and the buyer is named",
            "el recargo corresponde al tipo y el destinatario está identificado"
        ),
        [36] = ("keys 11 to 13 go with 21 %", "las claves 11 a 13 sólo admiten el 21 %"),
        [37] = (
            "a line's total is base, VAT and surcharge; the base alone where nothing is taxed",
            "el total es base, cuota y recargo; sólo la base si no se grava"
        ),
        [39] = ("S1: the rate is one that the law has on the operation date", "S1: el tipo es uno vigente en la fecha de operación"),
    };

    /// <summary>What is against a rule in the lines of one invoice, each rule once.</summary>
    public static IEnumerable<BookFinding> Check(IReadOnlyList<BookEntry> invoice)
    {
        if (invoice.Count == 0)
        {
            return [];
        }

        var broken = invoice.SelectMany(Broken).ToHashSet();
        var first = invoice[0];
        // A line that goes off again by substitution is what another document came to.
        if (first.RecordType is "F2" or "R5" && invoice.Where(line => line.Number == first.Number).Sum(line => line.Total) > TicketLimit)
        {
            broken.Add(34);
        }

        return broken.Order().Select(rule => new BookFinding(rule, first.Number));
    }

    private static IEnumerable<int> Broken(BookEntry line)
    {
        foreach (var (rule, holds) in Rules(line))
        {
            if (!holds)
            {
                yield return rule;
            }
        }
    }

    private static IEnumerable<(int Rule, bool Holds)> Rules(BookEntry line)
    {
        var type = line.RecordType;
        var isNif = line.BuyerIdType is null;
        var (key, exemption, qualification) = (line.OperationKey, line.Exemption, line.Qualification);
        yield return (2, Rule2(line));
        yield return (4, Fits(line));
        yield return (6, Keys.Contains(key));
        yield return (9, Types.Contains(type));
        yield return (19, exemption is not null || qualification is "S1" or "S2" or "N1" or "N2");
        yield return (
            20,
            exemption is null or "E1" or "E2" or "E3" or "E4" or "E5" or "E6" && (exemption is null || qualification is null)
        );
        yield return (21, qualification != "S1" || Rule21(line));
        yield return (
            22,
            qualification != "S2"
                || (
                    line.Rate is 0m
                    && line.VatAmount is 0m
                    && key is "01" or "04" or "05" or "12"
                    && type is "F1" or "F3" or "R1" or "R2" or "R3" or "R4"
                )
        );
        yield return (23, key != "03" || qualification == "S1");
        yield return (24, key != "08" || qualification == "N2");
        yield return (25, key is "14" or "15" || line.IssueDate >= line.OperationDate);
        yield return (27, !(key == "01" && exemption is "E2" or "E3") && (exemption != "E5" || line.BuyerIdType == "02"));
        yield return (28, key != "10" || (qualification == "N1" && type == "F1" && isNif));
        yield return (29, line.BuyerIdType != "02" || type is "F1" or "F3" or "R1" or "R2" or "R3" or "R4");
        yield return (31, key != "07" || (qualification is not ("N1" or "N2" or "S2") && exemption is not ("E2" or "E3" or "E4" or "E5")));
        yield return (32, type is not ("R2" or "R3") || isNif || (type == "R2" && line.BuyerIdType == "02"));
        yield return (33, type is "F2" or "R5" or "F4" || line.BuyerId is not null);
        yield return (35, Rule35(line));
        yield return (36, key is not ("11" or "12" or "13") || qualification != "S1" || line.Rate == 21m);
        yield return (
            37,
            line.Total == line.TaxableAmount + (qualification == "S1" ? (line.VatAmount ?? 0m) + (line.SurchargeAmount ?? 0m) : 0m)
        );
        yield return (39, qualification != "S1" || Rule39(line));
    }

    private static bool Rule2(BookEntry line) =>
        line.BuyerId is null ? line.BuyerName == BookEntries.Consumer
        : line.BuyerIdType is null ? Nif().IsMatch(line.BuyerId)
        : line.BuyerIdType is "02" or "03" or "04" or "05" or "06"
            && line.BuyerId.Length <= 20
            && (line.BuyerIdType == "02" || line.BuyerCountry is not null);

    private static bool Fits(BookEntry line)
    {
        var cells = BookLayout.Cells(line, null);
        return Enumerable
            .Range(0, cells.Length)
            .All(i => BookLayout.Lengths[i] == 0 || cells[i] is not string text || text.Length <= BookLayout.Lengths[i]);
    }

    /// <summary>A correction of VAT alone has a base of 0 (LIVA art. 80.Tres and Cuatro): there is nothing to multiply.</summary>
    private static bool Rule21(BookEntry line) =>
        line.Rate is { } rate
        && line.VatAmount is { } vat
        && (
            (line.TaxableAmount == 0m && line.IsCorrective)
            || (Math.Abs(line.TaxableAmount * rate / 100m - vat) <= Slack && Math.Sign(line.TaxableAmount) * Math.Sign(vat) >= 0)
        );

    private static bool Rule35(BookEntry line) =>
        line.SurchargeAmount is null
        || (
            line.BuyerId is not null
            && (line.Rate, line.SurchargeRate) switch
            {
                (21m, 5.2m or 1.75m) => true,
                (10m, 1.4m) => true,
                (4m, 0.5m) => true,
                (5m, 0.5m or 0.62m) => IsTemporary(line),
                (0m, 0m) => IsTemporary(line),
                (2m, 0.26m) or (7.5m, 1m) => IsTemporary(line),
                _ => false,
            }
        );

    private static bool Rule39(BookEntry line) =>
        line.Rate switch
        {
            4m or 10m or 21m => true,
            0m => IsTemporary(line) || (line.BuyerId is { Length: > 0 } id && id[0] is 'R' or 'G' or 'Q' or 'N' or 'W'),
            2m or 5m or 7.5m => IsTemporary(line),
            12m or 10.5m => line.OperationKey == "19",
            _ => false,
        };

    /// <summary>
    /// The rates of foods and energy between July 2022 and December 2024: on their days, and after them on what corrects, replaces tickets or
    /// is negative.
    /// </summary>
    private static bool IsTemporary(BookEntry line)
    {
        var (from, to) = line.Rate switch
        {
            5m => (Temporary, FirstOver.AddDays(-1)),
            0m => (Lowered, FirstOver.AddDays(-1)),
            _ => (FirstOver, LastTemporary),
        };
        var isLate = line.OperationDate > to && (line.TaxableAmount < 0m || line.RecordType is "F3" || line.IsCorrective);
        return line.OperationDate >= from && (line.OperationDate <= to || isLate);
    }

    [GeneratedRegex("^([A-Z][0-9]{7}[0-9A-Z]|[0-9]{8}[A-Z])$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Nif();
}
