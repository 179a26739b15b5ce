namespace RetailInvoicing.ServiceDefaults;

/// <summary>A kept event whose body goes over the wire as it stands; MassTransit wants a type with a namespace to send.</summary>
internal sealed record StoredEvent;
