using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Acts;

/// <summary>Whatever is done is written down with it, in one transaction.</summary>
public static class KeepAct
{
    private const string Keep = """
        insert into act (seller_id, act_id, at, by_kind, by_name, role, kind, invoice_id, customer_key, why, body)
        values (@seller, @id, @At, @byKind, @byName, @role, @Kind, @invoice, @CustomerKey, @Why, @body::jsonb)
        """;

    /// <summary>Writes it.</summary>
    public static Task AddAsync(NpgsqlTransaction transaction, Act act, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = act.By.SellerId.Value,
                    id = act.ActId,
                    act.At,
                    byKind = JsonNamingPolicy.KebabCaseLower.ConvertName(act.By.Kind.ToString()),
                    byName = act.By.Name,
                    role = act.By.Role is { } role ? JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString()) : null,
                    act.Kind,
                    invoice = act.InvoiceId?.Value,
                    act.CustomerKey,
                    act.Why,
                    body = act.Body is { } body ? JsonSerializer.Serialize(body, body.GetType(), Wire.Tolerant) : null,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
}
