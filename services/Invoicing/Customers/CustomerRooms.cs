namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What a customer's own questions and acts need.</summary>
public static class CustomerRooms
{
    /// <summary>The use cases.</summary>
    public static void AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<FindMyInvoices>().AddSingleton<CountSpending>().AddSingleton<FindTickets>();
        services.AddSingleton<ExchangeHeldTickets>().AddSingleton<CorrectBuyer>().AddSingleton<RemoveContact>();
    }
}
