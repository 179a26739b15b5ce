using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// What a customer can pay with through the seller's providers: what it paid with last, then as the seller prefers; what only a provider
/// takes that does not answer comes last. Transfers need nobody, and are no part of it.
/// </summary>
public sealed class OfferMeans(NpgsqlDataSource database, OpenProviders accounts, AskProviders ask)
{
    private const string UsedLast = """
        select means from checkout
        where seller_id = @SellerId and customer_id = @Customer and state = 'paid'
        order by ended_at desc limit 1
        """;

    /// <summary>The ways to pay, the first first; none where the seller has no account in use.</summary>
    public async Task<IReadOnlyList<OfferedMeans>> HandleAsync(
        SellerId seller,
        CustomerId? customer,
        Currency currency,
        CancellationToken token
    )
    {
        var choices = await ChoicesAsync(accounts, ask, seller, token);
        if (choices.Count == 0)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(token);
        var policy = await KeepPaymentPolicy.OfAsync(connection, null, seller);
        var last = customer is { } known
            ? await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(UsedLast, new { SellerId = seller, Customer = known.Value }, cancellationToken: token)
            )
            : null;
        return CheckoutOptions.Of(choices, policy, last is null ? null : Account.MeansOf(last), currency);
    }

    /// <summary>The seller's providers in its order, and which of them do not answer just now.</summary>
    internal static async Task<IReadOnlyList<ProviderChoice>> ChoicesAsync(
        OpenProviders accounts,
        AskProviders ask,
        SellerId seller,
        CancellationToken token
    ) =>
        [
            .. (await accounts.EnabledAsync(seller, token)).Select(each => new ProviderChoice(
                each.Account.Provider,
                each.Means,
                ask.IsAway(each.Account)
            )),
        ];
}
