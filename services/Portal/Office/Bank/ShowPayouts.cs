using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>
/// What payment providers paid out to the bank: the lines that are one, those that may be one, and the card payments that are still with
/// the provider.
/// </summary>
public sealed class ShowPayouts
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPayouts));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var proposed = office.GetAsync("payments", "/v1/bank-entries?state=proposed&limit=200");
        var matched = office.GetAsync("payments", "/v1/bank-entries?state=matched&limit=200");
        var trial = office.GetAsync("payments", "/v1/ledger/trial-balance");
        await Task.WhenAll(proposed, matched, trial);
        if ((await proposed).Refused(out var fault) || (await matched).Refused(out fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Liquidaciones de tarjetas", "Payouts of card payments"),
            BankWords.Section,
            [
                new CardsPart(
                    office.Say("Esperan tu decisión", "Wait for your decision"),
                    [
                        .. (await proposed)
                            .Value.List("items")
                            .Where(line => line.List("proposals").Any(proposal => proposal.Text("kind") == "payout"))
                            .Select(line => BankCards.Line(office, line)),
                    ],
                    office.Say("Ninguna liquidación espera.", "No payout waits.")
                ),
                new CardsPart(
                    office.Say("Casadas", "Matched"),
                    [
                        .. (await matched)
                            .Value.List("items")
                            .Where(line => line.Text("matchedAs") is "payout" or "settlement")
                            .Select(line => BankCards.Line(office, line)),
                    ],
                    office.Say("Todavía no ha llegado ninguna al banco.", "None has reached the bank yet.")
                ),
                .. (await trial).Fault is null ? [WithProviders(office, (await trial).Value)] : Array.Empty<SheetPart>(),
            ]
        )
        {
            Lead = office.Say(
                "Una liquidación es lo cobrado menos comisiones y devoluciones. Si el banco no la nombra, dilo en su movimiento.",
                "A payout is what was taken less fees and refunds. Where the bank does not name it, say so on its line."
            ),
            Tabs = BankWords.Tabs(office, "payouts"),
        };
    }

    private static TablePart WithProviders(AskOffice office, JsonNode trial) =>
        new(
            office.Say("Según los libros", "By the books"),
            [new(office.Say("Cuenta", "Account")), new(office.Say("Saldo", "Balance"), Figure: true)],
            [
                .. trial
                    .List("accounts")
                    .Where(account => (account.Text("account") ?? "").StartsWith("provider:", StringComparison.Ordinal))
                    .Select(account => new SheetRow([
                        new SheetCell(account.Text("account") ?? ""),
                        new SheetCell(office.Amount(account, "balance")),
                    ])),
            ],
            office.Say("Nada está todavía en manos de un proveedor.", "Nothing is still with a provider.")
        );
}
