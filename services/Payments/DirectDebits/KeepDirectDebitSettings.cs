using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>The seller says who collects by direct debit, where the money goes, and how early its bank wants the file.</summary>
public sealed partial class KeepDirectDebitSettings(NpgsqlDataSource database, TimeProvider clock, ILogger<KeepDirectDebitSettings> log)
{
    private const int MostLeadDays = 20;

    private const string Keep = """
        insert into direct_debit_settings (seller_id, creditor_id, name, iban, bic, lead_days, changed_at)
        values (@SellerId, @CreditorId, @Name, @Iban, @Bic, @LeadDays, @At)
        on conflict (seller_id) do update
        set creditor_id = excluded.creditor_id, name = excluded.name, iban = excluded.iban, bic = excluded.bic,
            lead_days = excluded.lead_days, changed_at = excluded.changed_at
        """;
    private const string Kept = "select creditor_id, name, iban, bic, lead_days from direct_debit_settings where seller_id = @SellerId";

    /// <summary>What is put.</summary>
    public sealed record Request
    {
        /// <summary>The SEPA creditor identifier.</summary>
        public required string CreditorId { get; init; }

        /// <summary>Who collects, as customers read it on their statements.</summary>
        public required string Name { get; init; }

        /// <summary>Where the money goes.</summary>
        public required string Iban { get; init; }

        /// <summary>Its bank; needed outside the European Economic Area.</summary>
        public string? Bic { get; init; }

        /// <summary>How many TARGET2 days before the collection the bank wants the file.</summary>
        public int LeadDays { get; init; } = 2;
    }

    /// <summary>What is kept.</summary>
    public async Task<Outcome<DirectDebitSettings>> GetAsync(Caller caller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<DirectDebitSettings>(Kept, new { caller.SellerId }) is { } settings
            ? settings
            : PaymentsFaults.NoDebitSettings.With();
    }

    /// <summary>Keeps it, in place of what was kept before; files that were made stay as they are.</summary>
    public async Task<Outcome<DirectDebitSettings>> HandleAsync(Caller caller, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("KeepDirectDebitSettings");
        var settings = new DirectDebitSettings
        {
            CreditorId = CreditorIdentifier.Compact(request.CreditorId),
            Name = request.Name.Trim(),
            Iban = Iban.Compact(request.Iban),
            Bic = string.IsNullOrWhiteSpace(request.Bic) ? null : Iban.Compact(request.Bic),
            LeadDays = request.LeadDays,
        };
        if (Check(settings) is { Count: > 0 } faults)
        {
            return Fault.Of(faults);
        }

        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                caller.SellerId,
                settings.CreditorId,
                settings.Name,
                settings.Iban,
                settings.Bic,
                settings.LeadDays,
                At = clock.GetUtcNow(),
            }
        );
        LogKept(caller.SellerId);
        return settings;
    }

    private static List<Fault> Check(DirectDebitSettings settings)
    {
        var faults = new List<Fault>();
        if (!CreditorIdentifier.IsSound(settings.CreditorId))
        {
            faults.Add(PaymentsFaults.BadCreditorId.At("creditorId"));
        }

        if (settings.Name.Length is 0 or > 70 || settings.Name.Any(char.IsControl))
        {
            faults.Add(PaymentsFaults.BadCreditorName.At("name"));
        }

        if (!Iban.IsSound(settings.Iban))
        {
            faults.Add(PaymentsFaults.BadIban.At("iban"));
        }
        else if (settings.Bic is null && Bic.IsNeededFor(settings.Iban))
        {
            faults.Add(PaymentsFaults.BicNeeded.At("bic"));
        }

        if (settings.Bic is { } bic && !Bic.IsSound(bic))
        {
            faults.Add(PaymentsFaults.BadBic.At("bic"));
        }

        if (settings.LeadDays is < 1 or > MostLeadDays)
        {
            faults.Add(PaymentsFaults.BadLeadDays.At("leadDays", MostLeadDays));
        }

        return faults;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The direct debit settings of {SellerId} were kept")]
    private partial void LogKept(SellerId sellerId);
}
