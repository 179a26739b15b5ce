namespace RetailInvoicing.Simulators.TaxAgency.Books;

/// <summary>A place where a chain is broken: the record says another one before it than the one received last.</summary>
internal sealed record ChainBreak(string System, InvoiceKey Invoice, Link? Expected, Link? Found, DateTimeOffset At);

/// <summary>The records of a taxpayer and system in the order received, refused ones among them: the system chains those, too.</summary>
internal sealed class Chain
{
    private readonly HashSet<string> _fingerprints = new(StringComparer.Ordinal);
    private Link? _last;

    public List<ChainBreak> Broken { get; } = [];

    public bool HasAcceptedRecords { get; private set; }

    public string? LastFingerprint => _last?.Fingerprint;

    public int Length => _fingerprints.Count;

    /// <summary>The next record received.</summary>
    public void Receive(KeptRecord record)
    {
        HasAcceptedRecords |= record.IsAccepted;
        // One that was received before is sent again after an answer was lost: it is no new link.
        if (!_fingerprints.Add(record.Fingerprint ?? ""))
        {
            return;
        }

        if (record.Previous != _last)
        {
            Broken.Add(new(record.System, record.Invoice, _last, record.Previous, record.ReceivedAt));
        }

        _last = new(record.Invoice, record.Fingerprint ?? "");
    }
}
