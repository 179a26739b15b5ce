using System.Security.Cryptography.X509Certificates;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>What the agency has of records whose submission nobody knows the outcome of.</summary>
public sealed class AskAgency(AgencyClient agency)
{
    /// <summary>The answers to those that it has; the others it never took, or rejected, and sending them again does no harm.</summary>
    public async Task<(IReadOnlyList<(QueuedRecord, KeptAnswer)>? Answers, string? Why)> AskAsync(
        ChainKey chain,
        HeaderPerson seller,
        X509Certificate2 certificate,
        IReadOnlyList<QueuedRecord> records,
        CancellationToken cancellationToken
    )
    {
        var known = new Dictionary<(string, DateOnly), AgencyRecord>();
        foreach (var month in records.GroupBy(each => (each.OperationDate.Year, each.OperationDate.Month)))
        {
            RecordedInvoice? after = null;
            do
            {
                var query = new RecordQuery
                {
                    Asker = seller,
                    Year = month.Key.Year,
                    Month = month.Key.Month,
                    From = month.Min(each => each.Invoice.IssueDate),
                    To = month.Max(each => each.Invoice.IssueDate),
                    After = after,
                };
                var exchange = await agency.ExchangeAsync(chain.At, certificate, SubmissionXml.Of(query), cancellationToken);
                if (exchange is not Replied { Reply: QueryAnswer page })
                {
                    return (null, Why(exchange));
                }

                foreach (var record in page.Records)
                {
                    known[(record.Invoice.Number, record.Invoice.IssueDate)] = record;
                }

                after = page.HasMore ? page.Last : null;
            } while (after is not null);
        }

        return (
            [
                .. records
                    .Select(record => (record, Answer(record, records, known)))
                    .Where(each => each.Item2 is not null)
                    .Select(each => (each.record, each.Item2!)),
            ],
            null
        );
    }

    /// <summary>Why an exchange gave no answer to what was asked.</summary>
    public static string Why(Exchange exchange) =>
        exchange switch
        {
            NotSent unsent => unsent.Why,
            Unknown unknown => unknown.Why,
            Replied { Reply: SoapFault fault } => $"{fault.Code} {fault.Text}".Trim(),
            _ => "the agency answered something else than was asked",
        };

    /// <summary>
    /// The agency shows the latest record of an invoice. One of ours is there where its fingerprint is, and a cancellation where the
    /// invoice is cancelled, since nobody else can; what was sent before it in the same batch was taken with it.
    /// </summary>
    private static KeptAnswer? Answer(
        QueuedRecord record,
        IReadOnlyList<QueuedRecord> batch,
        Dictionary<(string, DateOnly), AgencyRecord> known
    )
    {
        if (!known.TryGetValue((record.Invoice.Number, record.Invoice.IssueDate), out var at))
        {
            return null;
        }

        var last = batch.Last(each => each.Invoice == record.Invoice);
        var isThere =
            at.Fingerprint == record.Fingerprint
            || (record.IsCancellation && at.State == RecordState.Cancelled)
            || (
                last.Position > record.Position
                && (at.Fingerprint == last.Fingerprint || (last.IsCancellation && at.State == RecordState.Cancelled))
            );
        return isThere ? new KeptAnswer(KeptAnswer.Of(at.State), at.ErrorCode, at.ErrorText, null) : null;
    }
}
