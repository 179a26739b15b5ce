using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>Whoever opens a mail's link to stop offers is asked first, in the mail's language; opening alone stops nothing.</summary>
public sealed class ShowWithdrawal(NpgsqlDataSource database, SignWithdrawals withdrawals)
{
    private const string KnownSeller = "select body from seller where seller_id = @SellerId";

    /// <summary>The page that asks.</summary>
    public async Task<Outcome<string>> AskAsync(string token, CancellationToken cancellationToken)
    {
        var opened = withdrawals.Open(token);
        if (opened.Refused(out var fault))
        {
            return fault;
        }

        var said = opened.Value;
        return WithdrawalPage.Ask(OfferWords.For(said.Language), await NameOfAsync(said.SellerId, cancellationToken), said.Email);
    }

    /// <summary>The page that says it is done.</summary>
    public async Task<string> DoneAsync(WithdrawalToken said, CancellationToken cancellationToken) =>
        WithdrawalPage.Done(OfferWords.For(said.Language), await NameOfAsync(said.SellerId, cancellationToken), said.Email);

    private async Task<string> NameOfAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var body = await connection.QuerySingleOrDefaultAsync<string>(KnownSeller, new { SellerId = seller });
        // Mails come from sellers that were told of; one restored without them still stops its offers.
        var known = body is null ? null : JsonSerializer.Deserialize<SellerBody>(body, Wire.Tolerant);
        return known?.TradeName is { Length: > 0 } trade ? trade : known?.Name ?? seller.Value;
    }
}
