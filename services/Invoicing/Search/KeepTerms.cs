using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Search;

/// <summary>Keeps the words that invoices are found by, in place of those that were kept of them before.</summary>
public static class KeepTerms
{
    /// <summary>The advisory lock of whoever gathers words, and of whoever takes some away.</summary>
    public const string Gathering = "72659";

    private const string Keep = """
        insert into invoice_search (seller_id, invoice_id, words)
        select seller_id, invoice_id, array_to_tsvector(array(select distinct jsonb_array_elements_text(words::jsonb)))
        from unnest(@sellers, @invoices, @words) as told (seller_id, invoice_id, words)
        on conflict (seller_id, invoice_id) do update set words = excluded.words
        """;

    /// <summary>Keeps them in the transaction that read the invoices.</summary>
    public static async Task RunAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<InvoiceBody> invoices,
        CancellationToken cancellationToken
    )
    {
        if (invoices.Count == 0)
        {
            return;
        }

        await using var keep = new NpgsqlCommand(Keep, transaction.Connection, transaction);
        keep.Parameters.Add(
            new("sellers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = invoices.Select(each => each.SellerId.Value).ToArray() }
        );
        keep.Parameters.Add(
            new("invoices", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = invoices.Select(each => each.InvoiceId.Value).ToArray() }
        );
        keep.Parameters.Add(new("words", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = invoices.Select(Words).ToArray() });
        await keep.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>One whose text is no text is found by its number alone, and stops no other.</summary>
    private static string Words(InvoiceBody invoice)
    {
        try
        {
            return JsonSerializer.Serialize(SearchTerms.Of(invoice));
        }
        catch (ArgumentException)
        {
            return JsonSerializer.Serialize(SearchTerms.Of(invoice with { Buyer = null, Contact = null, Lines = [] }));
        }
    }
}
