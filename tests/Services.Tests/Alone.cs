namespace RetailInvoicing.Services.Tests;

/// <summary>What is held in memory is measured while no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
