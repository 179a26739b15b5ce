using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// The last record that the agency has of this installation. It files records by the month of the operation: the last three months are
/// looked through, and earlier ones until there is a record.
/// </summary>
public sealed class AskLastRecord(AgencyClient agency, OpenAccount accounts, TimeProvider clock) : IAgencyRecords
{
    private const int Recent = 3;
    private const int MostMonths = 24;

    /// <inheritdoc />
    public async Task<Outcome<LastAtAgency?>> LastAsync(
        string taxId,
        SellerEnvironment environment,
        string installation,
        CancellationToken cancellationToken
    )
    {
        var opening = await accounts.OpenAsync(taxId, cancellationToken);
        if (opening.Refused(out var closed))
        {
            return closed;
        }

        using var account = opening.Value;
        var now = clock.GetUtcNow();
        var month = new DateOnly(now.Year, now.Month, 1);
        AgencyRecord? last = null;
        for (var back = 0; back < MostMonths && (last is null || back < Recent); back++)
        {
            var asking = await MonthAsync(account, environment, installation, month.AddMonths(-back), cancellationToken);
            if (asking.Refused(out var silent))
            {
                return silent;
            }

            last = asking.Value.Aggregate(last, Later);
        }

        return last is { Fingerprint: { } fingerprint, RecordedAt: { } at }
            ? new LastAtAgency(last.Invoice.Number, last.Invoice.IssueDate, fingerprint, at)
            : new Outcome<LastAtAgency?>();
    }

    /// <inheritdoc />
    public async Task<Outcome<string?>> FirstGivenAsync(
        string taxId,
        SellerEnvironment environment,
        IReadOnlyList<string> numbers,
        IReadOnlyList<DateOnly> months,
        CancellationToken cancellationToken
    )
    {
        var opening = await accounts.OpenAsync(taxId, cancellationToken);
        if (opening.Refused(out var closed))
        {
            return closed;
        }

        using var account = opening.Value;
        foreach (var month in months)
        {
            foreach (var number in numbers)
            {
                var query = new RecordQuery
                {
                    Asker = account.Seller,
                    Year = month.Year,
                    Month = month.Month,
                    Number = number,
                };
                var exchange = await agency.ExchangeAsync(environment, account.Certificate, SubmissionXml.Of(query), cancellationToken);
                if (exchange is not Replied { Reply: QueryAnswer page })
                {
                    return FiscalFaults.AgencySilent.With(AskAgency.Why(exchange));
                }

                if (page.Records.Any(each => each.Invoice.Number == number))
                {
                    return number;
                }
            }
        }

        return new Outcome<string?>();
    }

    /// <summary>Of two made in the same second the one that names the other as the one before is the later.</summary>
    private static AgencyRecord? Later(AgencyRecord? one, AgencyRecord other) =>
        one is null
        || other.RecordedAt > one.RecordedAt
        || (other.RecordedAt == one.RecordedAt && other.PrecedingFingerprint == one.Fingerprint)
            ? other
            : one;

    private async Task<Outcome<IReadOnlyList<AgencyRecord>>> MonthAsync(
        AgencyAccount account,
        SellerEnvironment environment,
        string installation,
        DateOnly month,
        CancellationToken cancellationToken
    )
    {
        var records = new List<AgencyRecord>();
        RecordedInvoice? after = null;
        do
        {
            var query = new RecordQuery
            {
                Asker = account.Seller,
                Year = month.Year,
                Month = month.Month,
                ShowSystem = true,
                After = after,
            };
            var exchange = await agency.ExchangeAsync(environment, account.Certificate, SubmissionXml.Of(query), cancellationToken);
            if (exchange is not Replied { Reply: QueryAnswer page })
            {
                return FiscalFaults.AgencySilent.With(AskAgency.Why(exchange));
            }

            records.AddRange(page.Records.Where(each => each.Installation == installation));
            after = page.HasMore ? page.Last : null;
        } while (after is not null);

        return records;
    }
}
