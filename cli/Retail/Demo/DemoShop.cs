using RetailInvoicing.Contracts;

namespace RetailInvoicing.Retail.Demo;

/// <summary>The seller that a newcomer finds: a small shop chain in Madrid whose documents have no fiscal validity.</summary>
public static class DemoShop
{
    /// <summary>Its id.</summary>
    public const string SellerId = "demo";

    /// <summary>Its owner signs in to the office with this address.</summary>
    public const string StaffEmail = "owner@demo.example";

    /// <summary>A customer with several invoices signs in with this one.</summary>
    public const string CustomerEmail = "cliente@demo.example";

    /// <summary>Everything a key may do.</summary>
    public static readonly IReadOnlyList<string> Scopes =
    [
        "sales:write",
        "invoices:read",
        "invoices:write",
        "payments:write",
        "collections:write",
        "reports:read",
        "delivery:write",
    ];

    /// <summary>As it is registered.</summary>
    public static readonly SellerBody Seller = new()
    {
        Name = "Comercios Ñandú, S.L.",
        TradeName = "Ñandú",
        TaxId = "B12345674",
        Address = At("Calle de Fuencarral 45", "28004"),
        Email = "tienda@demo.example",
        Phone = "+34 910 000 000",
        Iban = "ES9121000418450200051332",
        TimeZone = "Europe/Madrid",
        Language = "es",
        RegistryData = "Registro Mercantil de Madrid, tomo 1234, folio 56, hoja M-78901",
        Environment = SellerEnvironment.Test,
        Regime = FiscalRegime.Verifactu,
        Territory = Territory.Common,
        Retail = true,
        AllowBlindReturns = true,
        DefaultTermsDays = 30,
        Stores =
        [
            new Store { StoreId = new StoreId("DEMO"), Address = At("Calle de Fuencarral 45", "28004") },
            new Store { StoreId = new StoreId("WEB") },
            new Store { StoreId = new StoreId("S01"), Address = At("Calle de Alcalá 120", "28009") },
            new Store { StoreId = new StoreId("S02"), Address = At("Calle de Bravo Murillo 201", "28020") },
        ],
        Branding = new Branding { Colour = "#8a3b12" },
    };

    private static Address At(string street, string postalCode) =>
        new()
        {
            Line1 = street,
            PostalCode = postalCode,
            City = "Madrid",
            Region = "Madrid",
            Country = "ES",
        };
}
