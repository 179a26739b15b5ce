using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace RetailInvoicing.Portal.Doors;

/// <summary>The keys that seal forms, kept in the database: they outlive a restart, and several instances share them.</summary>
public sealed class FormKeys(NpgsqlDataSource database) : IXmlRepository
{
    private const string All = """
        select xml from data_protection_key order by created_at
        """;

    private const string Keep = """
        insert into data_protection_key (name, xml) values (@name, @xml) on conflict (name) do nothing
        """;

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenConnection();
        using var command = new NpgsqlCommand(All, connection);
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            keys.Add(XElement.Parse(reader.GetString(0)));
        }

        return keys;
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.OpenConnection();
        using var command = new NpgsqlCommand(Keep, connection)
        {
            Parameters = { new("name", friendlyName), new("xml", element.ToString(SaveOptions.DisableFormatting)) },
        };
        command.ExecuteNonQuery();
    }
}
