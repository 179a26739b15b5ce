namespace RetailInvoicing.Invoicing.Search;

/// <summary>What finding invoices by their words needs.</summary>
public static class SearchRooms
{
    /// <summary>The use cases, and whoever gathers the words.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services) =>
        services
            .AddSingleton<FindByWords>()
            .AddSingleton<GatherTerms>()
            .AddHostedService(provider => provider.GetRequiredService<GatherTerms>());
}
