namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>A lamp that is sold on account: the invoice asks for 64.90 EUR.</summary>
internal static class Sold
{
    /// <summary>The sale.</summary>
    public static object One(string email, DateTimeOffset occurredAt, string saleId = "PORTAL-1") =>
        new
        {
            saleId,
            storeId = "S01",
            occurredAt,
            currency = "EUR",
            lines = new[]
            {
                new
                {
                    sku = "71053",
                    name = "Lámpara de mesa de latón",
                    quantity = "1",
                    unitPrice = "64.90",
                    vat = new { category = "S", rate = "21" },
                },
            },
            buyer = new
            {
                customerId = "K-2",
                name = "Eva Ríos Santos",
                taxId = "12345678Z",
                email,
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    country = "ES",
                },
            },
        };
}
