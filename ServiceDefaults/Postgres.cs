using System.Data;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Which of the shared tables a service has in its schema.</summary>
[Flags]
public enum SharedTables
{
    /// <summary>None: Portal.</summary>
    None = 0,

    /// <summary>It publishes events.</summary>
    Outbox = 1,

    /// <summary>It consumes events.</summary>
    Inbox = 2,

    /// <summary>It takes API keys, and keeps who did what at its doors.</summary>
    RevokedKeys = 4,

    /// <summary>All of them.</summary>
    All = Outbox | Inbox | RevokedKeys,
}

/// <summary>The service's own database: migrated with its login, used under its narrow role.</summary>
public static class Postgres
{
    /// <summary>
    /// The key of the connections for few statements that run again and again and read by keys only, such as those of the point where
    /// numbers are given: they are parsed and planned once a connection.
    /// </summary>
    public const string Point = "point";

    /// <summary>
    /// The key of the connections that are kept while somebody outside is waited for: however many wait, no request waits for one of theirs.
    /// </summary>
    public const string Kept = "kept";

    /// <summary>How many of these a process has at most.</summary>
    public const int MostKept = 16;

    /// <summary>Adds the data source of the service's schema, its migrations (embedded schema/*.sql of the service) and its health.</summary>
    public static void AddPostgres(this WebApplicationBuilder builder, string service, SharedTables tables = SharedTables.All)
    {
        var login =
            builder.Configuration.GetConnectionString($"{service}db")
            ?? throw new InvalidOperationException($"ConnectionStrings:{service}db is not set");
        var pool = new NpgsqlConnectionStringBuilder(login)
        {
            // Holds through RESET ROLE and DISCARD ALL; what the role may not do, no bug can.
            // What is asked for by its key is found by its key in a small table too, and in one that was small a minute ago.
            Options = $"-c role={service}_app -c search_path={service} -c random_page_cost=1.1",
            MaxPoolSize = builder.Configuration.GetValue("Postgres:MaxPoolSize", 24),
            ApplicationName = service,
            Timeout = 5,
            CommandTimeout = 30,
            KeepAlive = 15,
        };
        MapTypes();
        builder.Services.AddNpgsqlDataSource(pool.ConnectionString);
        var point = new NpgsqlConnectionStringBuilder(pool.ConnectionString)
        {
            // A plan that was made while a table was small would read all of it when it has grown: by keys only.
            Options = $"{pool.Options} -c enable_seqscan=off",
            MaxPoolSize = builder.Configuration.GetValue("Postgres:MaxPointConnections", 10),
            // Nothing is put right between two uses: whatever runs on them sets nothing and locks nothing beyond its transaction.
            NoResetOnClose = true,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
        };
        builder.Services.AddNpgsqlDataSource(point.ConnectionString, serviceKey: Point);
        var kept = new NpgsqlConnectionStringBuilder(pool.ConnectionString) { MaxPoolSize = MostKept };
        builder.Services.AddNpgsqlDataSource(kept.ConnectionString, serviceKey: Kept);
        builder.Services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<Migrations>(provider, new Migrations.Plan(service, login, tables))
        );
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Migrations>());
        builder.Services.AddSingleton(new KeptTables(tables));
        builder.Services.AddHostedService<KeepMonths>();
        if (tables.HasFlag(SharedTables.RevokedKeys))
        {
            builder.Services.AddHostedService<RevokedKeysReader>();
            builder.Services.AddSingleton<KeepAudit>().AddSingleton<ListAudit>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<KeepAudit>());
            builder.Services.AddHealthChecks().AddCheck<KeepAudit>("audit", tags: ["ready"]);
        }

        builder.Services.AddHealthChecks().AddCheck<PostgresHealth>("postgres", tags: ["ready"]);
    }

    /// <summary>Teaches Dapper our ids, instants and dates; done once a process.</summary>
    public static void MapTypes()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Dapper knows this type itself and would not ask the handler for parameters: an instant with an offset would be refused.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new DateHandler());
        SqlMapper.AddTypeHandler(new CurrencyHandler());
        SqlMapper.AddTypeHandler(new TextIdHandler<CustomerId>());
        SqlMapper.AddTypeHandler(new TextIdHandler<SaleId>());
        SqlMapper.AddTypeHandler(new TextIdHandler<SellerId>());
        SqlMapper.AddTypeHandler(new TextIdHandler<StoreId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<EventId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<InvoiceId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<KeyId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<NoticeId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<PaymentId>());
        SqlMapper.AddTypeHandler(new GuidIdHandler<TransmissionId>());
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            value is DateTimeOffset instant ? instant : new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }

    private sealed class DateHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateOnly date ? date : DateOnly.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }

    private sealed class CurrencyHandler : SqlMapper.TypeHandler<Currency>
    {
        public override Currency Parse(object value) => Currency.Of((string)value);

        public override void SetValue(IDbDataParameter parameter, Currency value) => parameter.Value = value.Code;
    }

    private sealed class TextIdHandler<TId> : SqlMapper.TypeHandler<TId>
        where TId : struct, IId<TId, string>
    {
        public override TId Parse(object value) => TId.Of((string)value);

        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = value.Value;
    }

    private sealed class GuidIdHandler<TId> : SqlMapper.TypeHandler<TId>
        where TId : struct, IId<TId, Guid>
    {
        public override TId Parse(object value) => TId.Of((Guid)value);

        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = value.Value;
    }
}
