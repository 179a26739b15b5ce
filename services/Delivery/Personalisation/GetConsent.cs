using System.Globalization;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>How a customer stands to offers, and everything that was said about it.</summary>
public sealed record ConsentBody
{
    /// <summary>The customer.</summary>
    public required CustomerId CustomerId { get; init; }

    /// <summary>offers.</summary>
    public required string Purpose { get; init; }

    /// <summary>Whether offers go to the customer's last address.</summary>
    public required bool Granted { get; init; }

    /// <summary>That address, where one was ever said.</summary>
    public string? Email { get; init; }

    /// <summary>Every word of it, the last that we were told first.</summary>
    public required IReadOnlyList<ConsentWord> History { get; init; }

    /// <summary>Where the next page of it begins.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A seller sees what its customer said about offers, and a mail asks at the moment it is written.</summary>
public sealed class GetConsent([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database)
{
    private const int MostAtOnce = 200;

    // Of each kind of word the last one decides. What the customers who named that address have said since is among them: the invoice
    // may name none of them. Arrays, so that each part is read by its index.
    private const string LastWords = """
        select distinct on (granted, customer_id, email) consent_id, customer_id, email, purpose, granted, source, at, recorded_at
        from consent
        where seller_id = @SellerId and purpose = @Purpose
            and (customer_id = @CustomerId or email = @Email or customer_id = any(array(
                select g.customer_id from consent g
                where g.seller_id = @SellerId and g.purpose = @Purpose and g.email = @Email and g.granted and g.customer_id is not null
            )))
        order by granted, customer_id, email, at desc
        """;

    // A word that names the address alone is the customer's too, where the customer has named that address.
    private const string HistoryOf = """
        select consent_id, customer_id, email, purpose, granted, source, at, recorded_at
        from consent
        where seller_id = @SellerId and purpose = @Purpose and (@Before::bigint is null or consent_id < @Before)
            and (customer_id = @CustomerId or email = any(array(
                select a.email from consent a where a.seller_id = @SellerId and a.customer_id = @CustomerId and a.email is not null
            )))
        order by consent_id desc limit @Limit
        """;

    private const string HistoryOfAddress = """
        select consent_id, customer_id, email, purpose, granted, source, at, recorded_at
        from consent
        where seller_id = @SellerId and purpose = @Purpose
            and (customer_id = @CustomerId or email = @Email or customer_id = any(array(
                select g.customer_id from consent g
                where g.seller_id = @SellerId and g.purpose = @Purpose and g.email = @Email and g.customer_id is not null
            )))
        order by consent_id desc limit 100
        """;

    private const string LastAddress = """
        select email from consent
        where seller_id = @SellerId and customer_id = @CustomerId and email is not null
        order by at desc, consent_id desc limit 1
        """;

    /// <summary>How the customer stands, and a page of what was said.</summary>
    public async Task<Outcome<ConsentBody>> RunAsync(
        SellerId seller,
        string customerId,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (!KeepConsent.IsCustomer(customerId))
        {
            return DeliveryFaults.BadConsent.At("customerId", "customerId", "1–100");
        }

        if (limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        long? before = null;
        if (cursor is not null)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                return DoorFaults.BadParameter.With("cursor", cursor);
            }

            before = last;
        }

        var customer = CustomerId.Of(customerId);
        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var email = await connection.QuerySingleOrDefaultAsync<string>(LastAddress, new { SellerId = seller, CustomerId = customer });
        var history = (
            await connection.QueryAsync<ConsentWord>(
                HistoryOf,
                new
                {
                    SellerId = seller,
                    CustomerId = customer,
                    Purpose = ConsentPurpose.Offers,
                    Before = before,
                    Limit = most + 1,
                }
            )
        ).AsList();
        return new ConsentBody
        {
            CustomerId = customer,
            Purpose = ConsentPurpose.Offers,
            Granted = await IsAllowedAsync(connection, seller, customer, email),
            Email = email,
            History = [.. history.Take(most)],
            NextCursor = history.Count > most ? history[most - 1].ConsentId.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    /// <summary>How an address stands to a seller's offers, and the last hundred words that were said of it or of its customers.</summary>
    public async Task<ConsentOfAddress> OfAddressAsync(
        SellerId seller,
        CustomerId? customer,
        string email,
        CancellationToken cancellationToken
    )
    {
        var address = EmailKey.Of(email) ?? email;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var words = await connection.QueryAsync<ConsentWord>(
            new CommandDefinition(
                HistoryOfAddress,
                new
                {
                    SellerId = seller,
                    Purpose = ConsentPurpose.Offers,
                    CustomerId = customer?.Value,
                    Email = address,
                },
                cancellationToken: cancellationToken
            )
        );
        return new ConsentOfAddress(await IsAllowedAsync(connection, seller, customer, address), words.AsList());
    }

    /// <summary>Adds the question whether offers may go to somebody, now; to be asked for each mail, and its answer kept by nobody.</summary>
    internal static void Ask(NpgsqlBatch batch, Consenter consenter)
    {
        var words = new NpgsqlBatchCommand(LastWords)
        {
            Parameters =
            {
                new("SellerId", NpgsqlDbType.Text) { Value = consenter.SellerId.Value },
                new("Purpose", NpgsqlDbType.Text) { Value = ConsentPurpose.Offers },
                new("CustomerId", NpgsqlDbType.Text) { Value = (object?)consenter.CustomerId?.Value ?? DBNull.Value },
                new("Email", NpgsqlDbType.Text) { Value = consenter.Email },
            },
        };
        batch.BatchCommands.Add(words);
    }

    /// <summary>Reads the answer: whether offers may go there.</summary>
    internal static async Task<bool> ReadAsync(NpgsqlDataReader reader, Consenter consenter, CancellationToken cancellationToken)
    {
        var word = reader.GetRowParser<ConsentWord>();
        var words = new List<ConsentWord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            words.Add(word(reader));
        }

        return ConsentHistory.Allows(words, ConsentPurpose.Offers, consenter.CustomerId, consenter.Email);
    }

    private static async Task<bool> IsAllowedAsync(NpgsqlConnection connection, SellerId seller, CustomerId? customer, string? email)
    {
        var words = await connection.QueryAsync<ConsentWord>(
            LastWords,
            new
            {
                SellerId = seller,
                Purpose = ConsentPurpose.Offers,
                CustomerId = customer?.Value,
                Email = email,
            }
        );
        return ConsentHistory.Allows(words, ConsentPurpose.Offers, customer, email);
    }
}

/// <summary>How an address stands to offers, and what was said of it, the newest first.</summary>
public sealed record ConsentOfAddress(bool Granted, IReadOnlyList<ConsentWord> Words);

/// <summary>Whoever offers may go to: a seller's customer, where the mail names one, and an address.</summary>
internal sealed record Consenter(SellerId SellerId, CustomerId? CustomerId, string Email)
{
    /// <summary>
    /// Ends a statement's conditions: who has never said yes is not even looked at. Whether that yes still holds is for
    /// <see cref="ConsentHistory" /> to say.
    /// </summary>
    public const string AndHasSaidYes = """
         and exists (
            select from consent y
            where y.seller_id = @yesSeller and y.granted and (y.customer_id = @yesCustomer or y.email = @yesEmail)
        )
        """;

    /// <summary>Adds what that asks for.</summary>
    public void AddTo(NpgsqlBatchCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter("yesSeller", NpgsqlDbType.Text) { Value = SellerId.Value });
        command.Parameters.Add(
            new NpgsqlParameter("yesCustomer", NpgsqlDbType.Text) { Value = (object?)CustomerId?.Value ?? DBNull.Value }
        );
        command.Parameters.Add(new NpgsqlParameter("yesEmail", NpgsqlDbType.Text) { Value = Email });
    }
}
