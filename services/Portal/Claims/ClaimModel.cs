using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Claims;

/// <summary>One ticket that a full invoice is asked for: one of the customer's own, or one that it types from the paper or scans.</summary>
public sealed record ClaimRow
{
    /// <summary>One that was mailed to the customer.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Its number, as printed; or all that its tax QR says.</summary>
    public string Number { get; init; } = "";

    /// <summary>Its day, as a form has it.</summary>
    public string Date { get; init; } = "";

    /// <summary>Its total, as typed.</summary>
    public string Total { get; init; } = "";

    /// <summary>The ticket, where it is there.</summary>
    public InvoiceBody? Seen { get; init; }

    /// <summary>Why it can be no part of an invoice.</summary>
    public Refusal? Refused { get; init; }

    /// <summary>Whether nothing was typed.</summary>
    public bool IsEmpty => InvoiceId is null && Number.Length + Date.Length + Total.Length == 0;

    /// <summary>What was typed, and the seller's tax identifier where the code told it.</summary>
    public static (ClaimRow Row, string? TaxId) Read(string number, string date, string total)
    {
        if (number.Contains("numserie=", StringComparison.OrdinalIgnoreCase))
        {
            // The tax QR: nif, numserie, fecha and importe (Orden HAC/1177/2024, art. 21).
            var at = number.IndexOf('?', StringComparison.Ordinal);
            var said = QueryHelpers.ParseQuery(at < 0 ? number : number[at..]);
            string Told(string name) => said.TryGetValue(name, out var value) ? value.ToString().Trim() : "";
            return (
                new ClaimRow
                {
                    Number = Told("numserie"),
                    Date = DateOf(Told("fecha")) is { } day ? Plain(day) : "",
                    Total = Told("importe"),
                },
                Told("nif") is { Length: > 0 } nif ? nif : null
            );
        }

        return (
            new ClaimRow
            {
                Number = number.Trim(),
                Date = DateOf(date) is { } typed ? Plain(typed) : date.Trim(),
                Total = total.Trim(),
            },
            null
        );
    }

    /// <summary>As Invoicing is asked.</summary>
    public HeldTicket Held(string taxId)
    {
        if (InvoiceId is { } id)
        {
            return new HeldTicket { InvoiceId = id.ToString() };
        }

        var held = new HeldTicket { SellerTaxId = taxId, Number = Number };
        if (DateOf(Date) is { } day)
        {
            held.Date = Plain(day);
        }

        if (AmountOf(Total) is { } amount)
        {
            held.Total = amount.ToString(CultureInfo.InvariantCulture);
        }

        return held;
    }

    private static string Plain(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(
            text.Trim(),
            ["yyyy-MM-dd", "dd-MM-yyyy", "d/M/yyyy", "d.M.yyyy", "d-M-yyyy"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;

    private static decimal? AmountOf(string text)
    {
        var plain = new string([.. text.Where(character => char.IsAsciiDigit(character) || character is ',' or '.')]);
        var sign = plain.LastIndexOfAny([',', '.']);
        var whole = new string([.. (sign < 0 ? plain : plain[..sign]).Where(char.IsAsciiDigit)]);
        var number = sign < 0 ? whole : $"{whole}.{plain[(sign + 1)..]}";
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }
}

/// <summary>A full invoice that is being asked for.</summary>
public sealed record ClaimModel
{
    /// <summary>How many at once.</summary>
    public const int MostTickets = 20;

    /// <summary>The shop's tax identifier, as printed on the head of each ticket.</summary>
    public string TaxId { get; init; } = "";

    /// <summary>The tickets.</summary>
    public required IReadOnlyList<ClaimRow> Rows { get; init; }

    /// <summary>Whether the tickets are known, and the invoice's data are asked for.</summary>
    public bool AsksBuyer { get; init; }

    /// <summary>Whom it is to be made out to.</summary>
    public BuyerFields Buyer { get; init; } = new();

    /// <summary>The form's own name: sent twice, it is one invoice.</summary>
    public required string Key { get; init; }

    /// <summary>Why it cannot be.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>What all of them come to.</summary>
    public decimal Total => Rows.Sum(row => row.Seen?.Totals.TotalWithVat ?? 0m);

    /// <summary>The tickets that a form names.</summary>
    public static ClaimModel In(Form form, string key)
    {
        var taxId = (form["taxid"] ?? "").Trim();
        var rows = new List<ClaimRow>();
        for (var i = 0; i < MostTickets; i++)
        {
            string Text(string name) => form[$"{name}{i}"] is { Length: <= 500 } text && !text.Any(char.IsControl) ? text : "";
            if (RetailInvoicing.Contracts.InvoiceId.TryParse(form[$"ticket{i}"], out var id))
            {
                rows.Add(new ClaimRow { InvoiceId = id });
                continue;
            }

            var (row, told) = ClaimRow.Read(Text("number"), Text("date"), Text("total"));
            if (!row.IsEmpty)
            {
                rows.Add(row);
                taxId = told ?? taxId;
            }
        }

        return new ClaimModel
        {
            TaxId = taxId is { Length: <= 20 } ? taxId : "",
            Rows = rows,
            Buyer = BuyerFields.In(form),
            Key = key,
        };
    }
}
