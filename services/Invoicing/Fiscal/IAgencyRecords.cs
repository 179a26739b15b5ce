using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>What the tax agency has of a chain: after a restore it remembers what this database may have lost.</summary>
public interface IAgencyRecords
{
    /// <summary>The chain's last record that the agency has; none where it has none, refused where it does not answer.</summary>
    Task<Outcome<LastAtAgency?>> LastAsync(
        string taxId,
        SellerEnvironment environment,
        string installation,
        CancellationToken cancellationToken
    );

    /// <summary>The first of these numbers that the agency has under the given months; none where it has none, refused where it is silent.</summary>
    Task<Outcome<string?>> FirstGivenAsync(
        string taxId,
        SellerEnvironment environment,
        IReadOnlyList<string> numbers,
        IReadOnlyList<DateOnly> months,
        CancellationToken cancellationToken
    );
}

/// <summary>The last record of a chain, as the agency has it.</summary>
public sealed record LastAtAgency(string Number, DateOnly IssueDate, string Fingerprint, DateTimeOffset RecordedAt);
