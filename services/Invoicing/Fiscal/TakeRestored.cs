using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Someone says that this database was restored from a backup: numbers that were given since may be given again. Every chain is put on
/// hold, also those that the backup does not know yet, and compared.
/// </summary>
public sealed class TakeRestored(ReadChain chains, HoldChain hold, CompareRestored compare, ListHolds holds)
{
    private const int MostShown = 200;

    /// <summary>The holds that stand after the comparison; none where everything agrees.</summary>
    public async Task<HoldPage> TakeAsync(string? language, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("TakeRestored");
        await HoldAllAsync(cancellationToken);
        await compare.AllAsync(cancellationToken);
        return await holds.ListAsync(isStanding: true, before: null, MostShown, language, cancellationToken);
    }

    /// <summary>Puts every chain on hold until it is compared.</summary>
    public async Task HoldAllAsync(CancellationToken cancellationToken)
    {
        foreach (var chain in await chains.AllAsync(toBegin: true, cancellationToken))
        {
            await hold.PlaceAsync(chain, HoldWords.Restored, HoldWords.NotCompared, [], cancellationToken);
        }
    }
}
