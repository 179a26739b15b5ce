using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>Coupons that were used though they did not hold: what a till gave away, and why it should not have.</summary>
public sealed class ShowCoupons
{
    private static readonly IReadOnlyDictionary<string, (string, string)> Reasons = new Dictionary<string, (string, string)>
    {
        ["redeemed-twice"] = ("Ya usado", "Used before"),
        ["without-reservation"] = ("Usado sin reservarlo", "Used without being reserved"),
        ["reserved-by-another-sale"] = ("Reservado por otra venta", "Reserved by another sale"),
        ["expired"] = ("Caducado", "Over"),
        ["more-than-reserved"] = ("Descuento mayor que el reservado", "More taken off than was reserved"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCoupons));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var cursor = office.Asked("cursor") is { } next ? $"?cursor={AskOffice.Escape(next)}" : "";
        var answer = await office.GetAsync("delivery", $"/v1/coupons/misused{cursor}");
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(
                office.Say("Cupones mal usados", "Misused coupons"),
                MarketingWords.Section,
                [
                    new TablePart(
                        office.Say(
                            "Una venta nunca se para por un cupón; aquí queda",
                            "A sale is never stopped by a coupon; it is noted here"
                        ),
                        [
                            new(office.Say("Cupón", "Coupon")),
                            new(office.Say("Por qué no valía", "Why it did not hold")),
                            new(office.Say("Cuándo", "When")),
                            new(office.Say("Descontado", "Taken off"), Figure: true),
                        ],
                        [
                            .. answer
                                .Value.List("coupons")
                                .Select(coupon => new SheetRow([
                                    new SheetCell(coupon.Text("code") ?? "")
                                    {
                                        Href = office.Link($"/invoices/{coupon.Text("invoiceId")}"),
                                        Small = coupon.Text("saleId"),
                                    },
                                    new SheetCell(office.Words.OneOf(coupon.Text("reason"), Reasons)) { Small = coupon.Text("campaignId") },
                                    new SheetCell(office.At(coupon.Instant("at"))),
                                    new SheetCell(office.Amount(coupon, "amount")),
                                ])),
                        ],
                        office.Say("Ningún cupón se ha usado mal.", "No coupon was misused.")
                    )
                    {
                        More = answer.Value.Text("nextCursor") is { } more ? office.Link("/marketing/coupons", ("cursor", more)) : null,
                    },
                ]
            )
            {
                Tabs = MarketingWords.Tabs(office, "coupons"),
            };
    }
}
