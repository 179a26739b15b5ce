using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>What is owed to the seller, invoice by invoice, by state, age or customer.</summary>
public sealed class ShowReceivables
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowReceivables));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var (status, bucket, customer) = (office.Asked("status"), office.Asked("bucket"), office.Asked("customerId"));
        status ??= bucket is null && customer is null ? "overdue" : null;
        var query = string.Join(
            '&',
            new[] { ("status", status), ("bucket", bucket), ("customerId", customer), ("cursor", office.Asked("cursor")) }
                .Where(each => each.Item2 is not null)
                .Select(each => $"{each.Item1}={AskOffice.Escape(each.Item2!)}")
                .Append("limit=50")
        );
        var answer = await office.GetAsync("collections", $"/v1/receivables?{query}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Facturas por cobrar", "Receivables"),
            CollectingWords.Section,
            [
                new TablePart(
                    customer is null
                        ? office.Words.OneOf(status ?? bucket, bucket is null ? CollectingWords.States : CollectingWords.Buckets)
                        : office.Say($"Del cliente {customer}", $"Of customer {customer}"),
                    [
                        new(office.Say("Factura", "Invoice")),
                        new(office.Say("Cliente", "Customer")),
                        new(office.Say("Vence", "Due")),
                        new(office.Say("Estado", "State")),
                        new(office.Say("Pendiente", "Open"), Figure: true),
                    ],
                    [.. answer.Value.List("items").Select(item => RowOf(office, item))],
                    office.Say(
                        "Nada aquí. Lo que se deba aparecerá en cuanto se emita.",
                        "Nothing here. What is owed appears as soon as it is issued."
                    )
                )
                {
                    Filters =
                    [
                        .. new[] { "overdue", "open", "settled" }.Select(state => new SheetLink(
                            office.Words.OneOf(state, CollectingWords.States),
                            office.Link("/collecting/receivables", ("status", state)),
                            state == status
                        )),
                        .. CollectingWords
                            .Buckets.Keys.Skip(1)
                            .Select(each => new SheetLink(
                                office.Words.OneOf(each, CollectingWords.Buckets),
                                office.Link("/collecting/receivables", ("bucket", each)),
                                each == bucket
                            )),
                    ],
                    More = answer.Value.Text("nextCursor") is { } next
                        ? office.Link(
                            "/collecting/receivables",
                            ("status", status),
                            ("bucket", bucket),
                            ("customerId", customer),
                            ("cursor", next)
                        )
                        : null,
                },
            ]
        )
        {
            Tabs = CollectingWords.Tabs(office, "receivables"),
        };
    }

    private static SheetRow RowOf(AskOffice office, JsonNode item)
    {
        var state = item.Text("status");
        var notes = new[]
        {
            item.Count("reminders") is > 0 and var reminders ? office.Words.Reminders((int)reminders) : null,
            item.Is("onHold") ? office.Say("en espera", "on hold") : null,
            item.Day("promisedOn") is { } day
                ? office.Say($"prometida para el {office.Words.ShortDate(day)}", $"promised for {office.Words.ShortDate(day)}")
                : null,
            item.Number("disputed") is > 0m
                ? office.Say($"en disputa {office.Amount(item, "disputed")}", $"disputed {office.Amount(item, "disputed")}")
                : null,
        };
        return new SheetRow([
            new SheetCell(item.Text("number") ?? "") { Href = office.Link($"/collecting/receivables/{item.Text("invoiceId")}") },
            new SheetCell(item.Text("customerName") ?? office.Words.AnonymousBuyer),
            new SheetCell(office.Day(item.Day("dueDate")))
            {
                Small = state == "overdue" ? office.Words.DaysLate((int)item.Count("daysOverdue")) : null,
            },
            new SheetCell(office.Words.OneOf(state, CollectingWords.States))
            {
                Chip = CollectingWords.Chip(state),
                Small = string.Join(" · ", notes.Where(note => note is not null)) is { Length: > 0 } said ? said : null,
            },
            new SheetCell(office.Amount(item, "amountDue")),
        ]);
    }
}
