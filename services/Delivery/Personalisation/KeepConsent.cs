using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What a customer said about offers, as the till or the shop tells it.</summary>
public sealed record ConsentRequest
{
    /// <summary>offers.</summary>
    public required string Purpose { get; init; }

    /// <summary>Yes, or no more.</summary>
    public required bool Granted { get; init; }

    /// <summary>The address it is about; every address of the customer where absent.</summary>
    public string? Email { get; init; }

    /// <summary>Where it was said: whoever doubts it later can look there.</summary>
    public required string Source { get; init; }

    /// <summary>When it was said; now where absent.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>
/// Offers go to whoever said yes, from the moment it is kept, and to nobody who said no since. Each word is added and none is changed.
/// </summary>
public sealed class KeepConsent(NpgsqlDataSource database, SignWithdrawals withdrawals, TimeProvider clock)
{
    /// <summary>The source of a link in a mail.</summary>
    public const string OneClick = "one-click";

    /// <summary>The source of a customer's own page at the portal.</summary>
    public const string OwnPage = "portal";

    private const int LongestCustomer = 100;
    private const int LongestSource = 200;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    private const string Keep = """
        insert into consent (seller_id, customer_id, email, purpose, granted, source, at, recorded_at)
        values (@SellerId, @CustomerId, @Email, @Purpose, @Granted, @Source, @At, @Now)
        on conflict on constraint consent_once do nothing
        """;

    // A no by a link wins over every yes that was kept before it, whatever that one's clock said; said again, it is not kept again.
    private const string Stop = """
        insert into consent (seller_id, customer_id, email, purpose, granted, source, at, recorded_at)
        select @SellerId, @CustomerId, @Email, @Purpose, false, @Source, greatest(@Now, (
            select max(g.at) from consent g
            where g.seller_id = @SellerId and g.purpose = @Purpose and g.granted and (g.customer_id = @CustomerId or g.email = @Email)
        )), @Now
        where not exists (
            select from consent w
            where w.seller_id = @SellerId and w.purpose = @Purpose and not w.granted and w.source = @Source and w.email = @Email
                and w.customer_id is not distinct from @CustomerId
                and not exists (
                    select from consent g
                    where g.seller_id = @SellerId and g.purpose = @Purpose and g.granted and g.consent_id > w.consent_id
                        and (g.customer_id = @CustomerId or g.email = @Email)
                )
        )
        on conflict on constraint consent_once do nothing
        """;

    /// <summary>Keeps what the till or the shop tells; nothing where it is as it should be.</summary>
    public async Task<Fault?> RunAsync(SellerId seller, string customerId, ConsentRequest request, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("KeepConsent");
        var now = clock.GetUtcNow();
        var email = EmailKey.Of(request.Email);
        var source = request.Source.Trim();
        var faults = new List<Fault>();
        if (!IsCustomer(customerId))
        {
            faults.Add(DeliveryFaults.BadConsent.At("customerId", "customerId", "1–100"));
        }

        if (request.Purpose != ConsentPurpose.Offers)
        {
            faults.Add(DeliveryFaults.BadConsent.At("purpose", "purpose", ConsentPurpose.Offers));
        }

        if (request.Email is not null && email is null)
        {
            faults.Add(DeliveryFaults.BadConsent.At("email", "email", "ana@example.com"));
        }

        if (source.Length is 0 or > LongestSource || !PlainText.IsSound(source))
        {
            faults.Add(DeliveryFaults.BadConsent.At("source", "source", $"1–{LongestSource}"));
        }

        // A yes of tomorrow would outlive the no of today.
        if (request.At is { } at && (at < Earliest || at > now + ClocksDiffer))
        {
            var until = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            faults.Add(DeliveryFaults.BadConsent.At("at", "at", $"2000-01-01 – {until}"));
        }

        if (faults.Count > 0)
        {
            return Fault.Of(faults);
        }

        var said = request.At is { } given && given < now ? given : now;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await KeepAsync(connection, null, seller, customerId, email, request.Granted, source, said, now);
        return null;
    }

    /// <summary>Whoever holds a link of a mail stops its offers: once or often, it is the same.</summary>
    public async Task<Outcome<WithdrawalToken>> RunAsync(string token, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("WithdrawConsent");
        var opened = withdrawals.Open(token);
        if (opened.Refused(out var fault))
        {
            return fault;
        }

        var said = opened.Value;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Stop,
            new
            {
                said.SellerId,
                CustomerId = said.CustomerId?.Value,
                said.Email,
                said.Purpose,
                Source = OneClick,
                Now = now,
            }
        );
        return said;
    }

    /// <summary>Whoever proved an address says yes, or no more, on its own page at the portal; a no wins as one by a mail's link does.</summary>
    public async Task<Fault?> SayAsync(
        SellerId seller,
        CustomerId? customer,
        string address,
        bool granted,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("SayConsent");
        if (EmailKey.Of(address) is not { } email)
        {
            return DeliveryFaults.BadConsent.At("email", "email", "ana@example.com");
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (granted)
        {
            await KeepAsync(connection, null, seller, customer?.Value, email, true, OwnPage, now, now);
            return null;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                Stop,
                new
                {
                    SellerId = seller,
                    CustomerId = customer?.Value,
                    Email = email,
                    Purpose = ConsentPurpose.Offers,
                    Source = OwnPage,
                    Now = now,
                },
                cancellationToken: cancellationToken
            )
        );
        return null;
    }

    /// <summary>Somebody said no by another way, such as a complaint about a mail; in the transaction of whoever heard it.</summary>
    public async Task WithdrawAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string email,
        string source,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (EmailKey.Of(email) is { } address)
        {
            await KeepAsync(transaction.Connection!, transaction, seller, null, address, false, source, at, clock.GetUtcNow());
        }
    }

    internal static bool IsCustomer(string customerId) =>
        customerId.Length is > 0 and <= LongestCustomer && !string.IsNullOrWhiteSpace(customerId) && PlainText.IsSound(customerId);

    private static Task KeepAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        string? customerId,
        string? email,
        bool granted,
        string source,
        DateTimeOffset at,
        DateTimeOffset now
    ) =>
        connection.ExecuteAsync(
            Keep,
            new
            {
                SellerId = seller,
                CustomerId = customerId,
                Email = email,
                Purpose = ConsentPurpose.Offers,
                Granted = granted,
                Source = source,
                At = at,
                Now = now,
            },
            transaction
        );
}
