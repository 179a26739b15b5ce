using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Something that happened on an account, and what was owed after it.</summary>
public sealed record AccountRow(DateOnly On, string Kind, string Number, string Href, decimal Amount, decimal Balance);

/// <summary>What is asked for because of late payment, beside the account.</summary>
public sealed record AccountClaim(DateOnly On, string Kind, string Number, decimal Amount, string State);

/// <summary>An account in one currency.</summary>
public sealed record AccountSheet(
    Currency Currency,
    decimal Opening,
    decimal Closing,
    IReadOnlyList<AccountRow> Rows,
    IReadOnlyList<AccountClaim> Claims
);

/// <summary>What a customer and one shop owe each other.</summary>
public sealed record AccountModel
{
    /// <summary>The shop.</summary>
    public required string SellerName { get; init; }

    /// <summary>The page of the invoice that it was come from.</summary>
    public required string Href { get; init; }

    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Each currency's own.</summary>
    public required IReadOnlyList<AccountSheet> Sheets { get; init; }

    /// <summary>The account as Collections tells it.</summary>
    public static AccountModel Of(StatementReply told, string sellerName, string href) =>
        new()
        {
            SellerName = sellerName,
            Href = href,
            From = Day(told.From),
            To = Day(told.To),
            Sheets =
            [
                .. told.Accounts.Select(account => new AccountSheet(
                    Currency.Of(account.Currency),
                    Standing.DecimalOf(account.Opening),
                    Standing.DecimalOf(account.Closing),
                    [
                        .. account.Entries.Select(entry => new AccountRow(
                            Day(entry.Date),
                            entry.Kind,
                            entry.Number,
                            $"/invoices/{entry.InvoiceId}",
                            Standing.DecimalOf(entry.Amount),
                            Standing.DecimalOf(entry.Balance)
                        )),
                    ],
                    [
                        .. account.Claims.Select(claim => new AccountClaim(
                            Day(claim.Date),
                            claim.Kind,
                            claim.Number,
                            Standing.DecimalOf(claim.Amount),
                            claim.State
                        )),
                    ]
                )),
            ],
        };

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
