using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>What is expected to come in, and when.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record ForecastMade : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.forecast-made.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The day it was made.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Expected money by day.</summary>
    public required IReadOnlyList<ForecastDay> Days { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset MadeAt { get; init; }
}

/// <summary>Money expected on one day.</summary>
public sealed record ForecastDay
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>How much is expected.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What comes is at least this in nine cases of ten; absent in forecasts that were made before it was told.</summary>
    public decimal? Low { get; init; }

    /// <summary>What comes is at most this in nine cases of ten; absent in forecasts that were made before it was told.</summary>
    public decimal? High { get; init; }
}
