using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly.Registry;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Brings the service's schema up to date before anything else starts; several instances at once wait for each other.
/// Scripts only add, so that the version before goes on running beside the new one (docs/decisions).
/// </summary>
public sealed partial class Migrations(Migrations.Plan plan, ResiliencePipelineProvider<string> resilience, ILogger<Migrations> log)
    : IHostedService
{
    private const string WaitForMyTurn = "select pg_advisory_lock(72656)";
    private const string RoleIsThere = "select exists (select from pg_roles where rolname = @role)";

    /// <summary>What to migrate, with which login.</summary>
    public sealed record Plan(string Service, string ConnectionString, SharedTables Tables);

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken) =>
        await resilience.GetPipeline(Resilience.Start).ExecuteAsync(async token => await MigrateAsync(plan, token), cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(Plan plan, CancellationToken cancellationToken)
    {
        var schema = plan.Service;
        var app = $"{schema}_app";
        var login = LoginOf(plan);
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, WaitForMyTurn, cancellationToken);
        await using (var command = new NpgsqlCommand(RoleIsThere, connection) { Parameters = { new("role", app) } })
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is not true)
            {
                await ExecuteAsync(connection, $"create role {app} nologin; grant {app} to current_user", cancellationToken);
            }
        }

        await ExecuteAsync(
            connection,
            $"""
            create schema if not exists {schema};
            grant usage on schema {schema} to {app};
            -- A table is append-only unless its script says otherwise.
            alter default privileges in schema {schema} grant select, insert on tables to {app};
            """,
            cancellationToken
        );

        var result = DeployChanges
            .To.PostgresqlDatabase(login, schema)
            .WithScripts(Scripts(plan, app))
            .JournalToPostgresqlTable(schema, "schema_version")
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new InvalidOperationException($"migration {result.ErrorScript?.Name} of schema {schema} failed", result.Error);
        }

        LogMigrated(schema, result.Scripts.Count());
        try
        {
            await KeepMonthsAsync(connection, cancellationToken);
        }
        catch (PostgresException away) when (away.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody reads or writes the table for long, an older version beside this one perhaps. There are three months' parts more,
            // and without a part the rows are in the rest: no reason not to start.
            LogMonthsAway(away.MessageText);
        }
    }

    /// <summary>
    /// The parts of the tables that come in months, from the month of ids that are made now: three ahead. With the service's login, since
    /// the role it works under makes no tables.
    /// </summary>
    internal async Task KeepMonthsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(LoginOf(plan));
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, WaitForMyTurn, cancellationToken);
        await KeepMonthsAsync(connection, cancellationToken);
    }

    // By the machine's clock, which ids are made by. Whoever writes waits behind a lock that is waited for: rather none today.
    private static async Task KeepMonthsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "set lock_timeout = '5s'", cancellationToken);
        await using var months = new NpgsqlCommand("select keep_months(@at)", connection)
        {
            Parameters = { new("at", TimeProvider.System.GetUtcNow()) },
            CommandTimeout = 0,
        };
        await months.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string LoginOf(Plan plan) =>
        new NpgsqlConnectionStringBuilder(plan.ConnectionString)
        {
            SearchPath = plan.Service,
            Pooling = false,
            Timeout = 5,
        }.ConnectionString;

    private static IEnumerable<SqlScript> Scripts(Plan plan, string app)
    {
        if (plan.Tables.HasFlag(SharedTables.Outbox))
        {
            yield return Script(typeof(Migrations).Assembly, "000-outbox.sql", app);
            yield return Script(typeof(Migrations).Assembly, "000-shared-compression.sql", app);
        }

        if (plan.Tables.HasFlag(SharedTables.Inbox))
        {
            yield return Script(typeof(Migrations).Assembly, "000-inbox.sql", app);
        }

        yield return Script(typeof(Migrations).Assembly, "000-shared-keep-months.sql", app);
        if (plan.Tables.HasFlag(SharedTables.Outbox))
        {
            yield return Script(typeof(Migrations).Assembly, "000-shared-months-event.sql", app);
        }

        if (plan.Tables.HasFlag(SharedTables.Inbox))
        {
            yield return Script(typeof(Migrations).Assembly, "000-shared-months-inbox.sql", app);
        }

        if (plan.Tables.HasFlag(SharedTables.RevokedKeys))
        {
            yield return Script(typeof(Migrations).Assembly, "000-shared-months-audit.sql", app);
            yield return Script(typeof(Migrations).Assembly, "000-revoked-key.sql", app);
        }

        var service = AssemblyOf(plan.Service);
        foreach (
            var file in service
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            yield return Script(service, file[(file.IndexOf(".schema.", StringComparison.Ordinal) + ".schema.".Length)..], app);
        }
    }

    /// <summary>The program of a service: its schema and its version.</summary>
    internal static Assembly AssemblyOf(string service) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .FirstOrDefault(assembly =>
                string.Equals(assembly.GetName().Name, $"RetailInvoicing.{service}", StringComparison.OrdinalIgnoreCase)
            )
        ?? Assembly.GetEntryAssembly()!;

    private static SqlScript Script(Assembly assembly, string file, string app)
    {
        var resource = assembly.GetManifestResourceNames().Single(name => name.EndsWith($".schema.{file}", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new SqlScript(file, reader.ReadToEnd().Replace("{app}", app, StringComparison.Ordinal));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The parts of the months to come wait until tomorrow: {Reason}")]
    private partial void LogMonthsAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schema {Schema} is up to date, {Count} scripts applied")]
    private partial void LogMigrated(string schema, int count);
}
