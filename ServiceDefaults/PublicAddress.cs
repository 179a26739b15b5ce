using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>The addresses that people and clients reach us at, behind whatever proxy stands before us; links and QR codes use them.</summary>
public sealed class PublicAddress(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The web front.</summary>
    public string Portal => Of("Portal");

    /// <summary>Invoicing's API.</summary>
    public string Invoicing => Of("Invoicing");

    /// <summary>Delivery's API.</summary>
    public string Delivery => Of("Delivery");

    /// <summary>Payments' API.</summary>
    public string Payments => Of("Payments");

    private string Of(string name) =>
        _known.GetOrAdd(
            name,
            static (name, configuration) =>
                configuration[$"Public:{name}"]?.TrimEnd('/')
                ?? throw new InvalidOperationException(
                    $"Public:{name} is not set: the address that clients reach {name} at, such as https://facturas.example.com"
                ),
            configuration
        );
}
