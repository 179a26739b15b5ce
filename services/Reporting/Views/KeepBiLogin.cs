using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Views;

/// <summary>How a seller's own tool reads its figures from the database.</summary>
public sealed record BiLogin
{
    /// <summary>Whose rows it sees.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The user to log in as.</summary>
    public required string Login { get; init; }

    /// <summary>Its password, shown this once.</summary>
    public required string Password { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The schema of the views.</summary>
    public required string Schema { get; init; }
}

/// <summary>
/// A seller's tool gets a login of its own, which reads the views of the schema bi and of them its own rows; asked for again, the login gets
/// another password and the one before is refused.
/// </summary>
public sealed class KeepBiLogin(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Keep = "select bi.keep_login(@seller, @verifier, @now) as login, current_database() as database";
    private const string Drop = "select bi.drop_login(@seller)";

    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>Makes the login, or gives it another password.</summary>
    public async Task<Outcome<BiLogin>> RunAsync(string sellerId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("KeepBiLogin");
        if (!IsSound(sellerId))
        {
            return DoorFaults.NotFound.With();
        }

        var password = RandomNumberGenerator.GetString(Alphabet, 32);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var (login, name) = await connection.QuerySingleAsync<(string, string)>(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        seller = sellerId,
                        verifier = ScramVerifier.Of(password, RandomNumberGenerator.GetBytes(16)),
                        now = clock.GetUtcNow(),
                    },
                    cancellationToken: cancellationToken
                )
            );
            return new BiLogin
            {
                SellerId = SellerId.Of(sellerId),
                Login = login,
                Password = password,
                Database = name,
                Schema = "bi",
            };
        }
        catch (PostgresException absent) when (IsNotSetUp(absent))
        {
            return ReportingFaults.NoBi.With();
        }
    }

    /// <summary>Takes the login away; a session that goes on sees nothing any more.</summary>
    public async Task<Outcome<bool>> RemoveAsync(string sellerId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("KeepBiLogin.Remove");
        if (!IsSound(sellerId))
        {
            return DoorFaults.NotFound.With();
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var isRemoved = await connection.QuerySingleAsync<bool>(
                new CommandDefinition(Drop, new { seller = sellerId }, cancellationToken: cancellationToken)
            );
            return isRemoved ? true : ReportingFaults.NoBiLogin.With(sellerId);
        }
        catch (PostgresException absent) when (IsNotSetUp(absent))
        {
            return ReportingFaults.NoBi.With();
        }
    }

    /// <summary>The administrator has not run what makes logins possible: the functions or the right to ask them are not there.</summary>
    private static bool IsNotSetUp(PostgresException absent) =>
        absent.SqlState
            is PostgresErrorCodes.UndefinedFunction
                or PostgresErrorCodes.InvalidSchemaName
                or PostgresErrorCodes.InsufficientPrivilege;

    // PostgreSQL's text holds no NUL, so no seller has one in its name.
    private static bool IsSound(string sellerId) => sellerId.Length is > 0 and <= 100 && !sellerId.Contains('\0');
}
