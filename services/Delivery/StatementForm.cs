using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>A statement of account as another service sends it, read whole or refused.</summary>
internal static class StatementForm
{
    private const int MostLines = 60_000;
    private const int LongestText = 320;

    /// <summary>What is to be set.</summary>
    public static Outcome<StatementContent> Read(GetStatementPdf told)
    {
        var lines = told.Accounts.Sum(account => account.Entries.Count + account.Claims.Count);
        if (lines > MostLines)
        {
            return DeliveryFaults.BadMessage.With("accounts", lines);
        }

        try
        {
            return new StatementContent
            {
                CustomerNumber = Short("customer_number", told.CustomerNumber),
                CustomerName = told.HasCustomerName ? Short("customer_name", told.CustomerName) : null,
                Language = Short("language", told.Language),
                From = Day("from", told.From),
                To = Day("to", told.To),
                MadeAt = Instant("made_at", told.MadeAt),
                Accounts =
                [
                    .. told.Accounts.Select(account =>
                    {
                        var currency = Currency.TryParse(account.Currency, out var known)
                            ? known
                            : throw new UnreadableException("currency", account.Currency);
                        return new StatementContent.Account
                        {
                            Currency = currency,
                            Opening = Amount("opening", account.Opening),
                            Closing = Amount("closing", account.Closing),
                            ClaimsDue = Amount("claims_due", account.ClaimsDue),
                            Entries =
                            [
                                .. account.Entries.Select(entry => new StatementContent.Entry
                                {
                                    Date = Day("date", entry.Date),
                                    Kind = entry.Kind,
                                    Number = Short("number", entry.Number),
                                    DueDate = entry.HasDueDate ? Day("due_date", entry.DueDate) : null,
                                    Amount = Amount("amount", entry.Amount),
                                    Balance = Amount("balance", entry.Balance),
                                }),
                            ],
                            Claims =
                            [
                                .. account.Claims.Select(claim => new StatementContent.Claim
                                {
                                    Date = Day("date", claim.Date),
                                    Kind = claim.Kind,
                                    Number = Short("number", claim.Number),
                                    Amount = Amount("amount", claim.Amount),
                                    State = claim.State,
                                }),
                            ],
                        };
                    }),
                ],
            };
        }
        catch (UnreadableException unreadable)
        {
            return DeliveryFaults.BadMessage.With(unreadable.Where, unreadable.Given);
        }
    }

    private static string Short(string field, string text) =>
        text.Length <= LongestText ? text : throw new UnreadableException(field, text[..LongestText]);

    private static DateOnly Day(string field, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new UnreadableException(field, text);

    private static DateTimeOffset Instant(string field, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new UnreadableException(field, text);

    private static decimal Amount(string field, string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw new UnreadableException(field, text);

    /// <summary>Ends the reading at its first mistake.</summary>
    private sealed class UnreadableException(string where, string given) : Exception
    {
        public string Where => where;

        public string Given => given;
    }
}
