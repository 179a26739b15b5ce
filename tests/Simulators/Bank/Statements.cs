using System.Globalization;
using RetailInvoicing.Simulators.Bank.Books;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>What the bank tells of an account, as files.</summary>
internal static class Statements
{
    /// <summary>A camt.054 of one movement, told when it is booked.</summary>
    public static byte[] Notification(Movement movement)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"N{movement.Number:0000000000}");
        return BankStatementWriter.Notification(
            new StatementFile
            {
                MessageId = id,
                StatementId = id,
                Account = movement.Iban,
                Lines = [movement.Line],
            }
        );
    }

    /// <summary>An account's day as camt.053 with its balances, or as camt.054.</summary>
    public static byte[] Day(string iban, DateOnly day, IReadOnlyList<Movement> booked, bool isStatement)
    {
        var id = $"{iban[^10..]}-{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";
        var file = new StatementFile
        {
            MessageId = id,
            StatementId = id,
            Account = iban,
            Day = day,
            Lines = [.. booked.Where(each => Movement.DayOf(each.At) == day).Select(static each => each.Line)],
            Opening = booked
                .Where(each => Movement.DayOf(each.At) < day)
                .Sum(static each => each.Returns is null ? each.Amount : -each.Amount),
        };
        return isStatement ? BankStatementWriter.Statement(file) : BankStatementWriter.Notification(file);
    }
}
