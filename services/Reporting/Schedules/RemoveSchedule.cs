using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>A report is mailed no longer; what was mailed stays known, so that a schedule of the same name does not mail a period twice.</summary>
public sealed class RemoveSchedule(NpgsqlDataSource database)
{
    private const string Remove = "delete from report_schedule where seller_id = @seller and schedule_id = @schedule";

    /// <summary>Removes it.</summary>
    public async Task<Outcome<string>> RunAsync(SellerId seller, string scheduleId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var removed = await connection.ExecuteAsync(
            new CommandDefinition(Remove, new { seller = seller.Value, schedule = scheduleId }, cancellationToken: cancellationToken)
        );
        return removed == 0 ? ReportingFaults.NoSchedule.With(scheduleId) : scheduleId;
    }
}
