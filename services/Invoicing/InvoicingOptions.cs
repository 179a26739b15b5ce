namespace RetailInvoicing.Invoicing;

/// <summary>What an operator may set of Invoicing (configuration section Invoicing).</summary>
public sealed class InvoicingOptions
{
    /// <summary>The installation whose fiscal chain this is (NumeroInstalacion); the same on every instance and after every restore.</summary>
    public string Installation { get; set; } = "01";

    /// <summary>How many invoices of a taxpayer may wait to be issued before further ones are refused for a second (429).</summary>
    public int MostWaiting { get; set; } = 2048;

    /// <summary>How long a return that came by the bus waits for its original before it is refused.</summary>
    public TimeSpan HoldReturnsFor { get; set; } = TimeSpan.FromDays(7);
}
