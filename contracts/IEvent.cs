using MassTransit;

namespace RetailInvoicing.Contracts;

/// <summary>Something that has happened to a seller's business, told once to everyone who binds a queue to its exchange.</summary>
[ExcludeFromTopology]
public interface IEvent
{
    /// <summary>The event, the same in every redelivery and replay.</summary>
    EventId EventId { get; }

    /// <summary>The seller whose business it is.</summary>
    SellerId SellerId { get; }
}
