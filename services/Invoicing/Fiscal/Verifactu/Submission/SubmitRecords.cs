using System.Data;
using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// Sends a chain's records to the tax agency, in order, as its flow control allows (Orden HAC/1177/2024 art. 16). What a lost answer leaves
/// open is asked and never sent again blindly; nothing that goes wrong here stops an invoice.
/// </summary>
public sealed partial class SubmitRecords(
    FiscalQueue queue,
    AgencyClient agency,
    AskAgency ask,
    OpenAccount accounts,
    ILogger<SubmitRecords> log
)
{
    // These say that a record is wrong, not the header, the certificate or the service; which one, half batches find out.
    private static readonly string[] OfRecords = ["4102", "4103", "4106", "4113", "4114", "4119", "4136", "4137"];
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly Counter<long> Answered = Telemetry.Meter.CreateCounter<long>("invoicing.fiscal.records.answered");
    private static readonly Counter<long> Failed = Telemetry.Meter.CreateCounter<long>("invoicing.fiscal.submissions.failed");

    /// <summary>Does what is next for a chain; false where another sender has it or nothing was to do.</summary>
    public async Task<bool> StepAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        await using var held = await queue.HoldAsync(chain, cancellationToken);
        if (held is null)
        {
            return false;
        }

        try
        {
            using var activity = Telemetry.Source.StartActivity("SubmitRecords");
            return await StepAsync(chain, held, cancellationToken);
        }
        finally
        {
            // The lock is the session's, and the session goes back to a pool; one that broke has lost its lock already.
            if (held.State == ConnectionState.Open)
            {
                await held.ExecuteAsync("select pg_advisory_unlock_all()");
            }
        }
    }

    private async Task<bool> StepAsync(ChainKey chain, NpgsqlConnection held, CancellationToken cancellationToken)
    {
        var state = await FiscalQueue.StateAsync(chain, held, cancellationToken);
        var records = await FiscalQueue.NextAsync(chain, held, state, FiscalQueue.Full, cancellationToken);
        if (records.Count == 0)
        {
            return false;
        }

        var opening = await accounts.OpenAsync(chain.TaxId, cancellationToken);
        if (opening.Refused(out var closed))
        {
            await FailAsync(chain, held, state, closed.In(null), maybeSent: state.IsUnderWay, cancellationToken);
            return true;
        }

        using var account = opening.Value;
        var (seller, certificate) = (account.Seller, account.Certificate);
        if (state.IsUnderWay)
        {
            QueuedRecord[] under = [.. records.Where(each => each.Position <= state.SentTo)];
            var (answers, why) = await ask.AskAsync(chain, seller, certificate, under, cancellationToken);
            if (answers is null)
            {
                await FailAsync(chain, held, state, why!, maybeSent: true, cancellationToken);
                return true;
            }

            LogAsked(chain.TaxId, answers.Count, under.Length);
            await SettleAsync(chain, held, answers, null, complete: true, cancellationToken);
            return true;
        }

        await SendAsync(chain, held, state, records, seller, certificate, cancellationToken);
        return true;
    }

    /// <summary>Sends a batch; one that the agency refuses whole for one of its records is halved until the record is found.</summary>
    private async Task SendAsync(
        ChainKey chain,
        NpgsqlConnection held,
        QueueState state,
        IReadOnlyList<QueuedRecord> records,
        HeaderPerson seller,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        for (var most = records.Count; ; most = Math.Max(1, most / 2))
        {
            QueuedRecord[] batch = [.. records.Take(most)];
            var header = new SubmissionHeader { Seller = seller, Incident = state.HasIncident };
            var message = SubmissionXml.Of(header, [.. batch.Select(each => each.Document)]);
            await queue.SendingAsync(chain, held, batch[^1].Position, cancellationToken);
            var exchange = await agency.ExchangeAsync(chain.At, certificate, message.Value, cancellationToken);
            switch (exchange)
            {
                case Replied { Reply: SubmissionAnswer answer }:
                    await AnsweredAsync(chain, held, batch, answer, seller, certificate, cancellationToken);
                    return;
                case Replied { Reply: SoapFault { IsOurs: true, Code: { } code } } when OfRecords.Contains(code) && batch.Length > 1:
                    continue;
                case Replied { Reply: SoapFault { IsOurs: true, Code: { } code } fault } when OfRecords.Contains(code):
                    LogRefused(batch[0].Invoice.Number, code, fault.Text);
                    await SettleAsync(
                        chain,
                        held,
                        [(batch[0], new KeptAnswer(KeptAnswer.Rejected, code, fault.Text, null))],
                        state.Wait,
                        complete: true,
                        cancellationToken
                    );
                    return;
                case NotSent or Replied { Reply: SoapFault { IsOurs: true } }:
                    await FailAsync(chain, held, state, AskAgency.Why(exchange), maybeSent: false, cancellationToken);
                    return;
                default:
                    await FailAsync(chain, held, state, AskAgency.Why(exchange), maybeSent: true, cancellationToken);
                    return;
            }
        }
    }

    private async Task AnsweredAsync(
        ChainKey chain,
        NpgsqlConnection held,
        QueuedRecord[] batch,
        SubmissionAnswer answer,
        HeaderPerson seller,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        var answers = new List<(QueuedRecord, KeptAnswer)>(batch.Length);
        var duplicates = new List<(QueuedRecord Record, RecordAnswer Line)>();
        var lines = answer.Records.ToList();
        foreach (var record in batch)
        {
            // In the order of the batch: an invoice may have several records in it.
            var at = lines.FindIndex(line => line.Invoice == record.Invoice && line.IsCancellation == record.IsCancellation);
            if (at < 0)
            {
                continue;
            }

            var line = lines[at];
            lines.RemoveAt(at);
            if (line is { State: RecordState.Rejected, Duplicate: not null })
            {
                duplicates.Add((record, line));
            }
            else
            {
                answers.Add((record, Kept(line, answer.Csv)));
            }
        }

        answers.AddRange(await DuplicatesAsync(chain, seller, certificate, duplicates, cancellationToken));
        // What the answer is silent about is asked for: the batch stays under way for it.
        await SettleAsync(chain, held, answers, answer.Wait, answers.Count == batch.Length, cancellationToken);
        LogAnswered(chain.TaxId, batch.Length, answer.State);
    }

    /// <summary>
    /// The agency has a record of that invoice. Where it is this very one, what was said to it holds; another is not ours to call accepted.
    /// </summary>
    private async Task<IEnumerable<(QueuedRecord, KeptAnswer)>> DuplicatesAsync(
        ChainKey chain,
        HeaderPerson seller,
        X509Certificate2 certificate,
        List<(QueuedRecord Record, RecordAnswer Line)> duplicates,
        CancellationToken cancellationToken
    )
    {
        if (duplicates.Count == 0)
        {
            return [];
        }

        var (known, _) = await ask.AskAsync(chain, seller, certificate, [.. duplicates.Select(each => each.Record)], cancellationToken);
        return known is null
            ? []
            : duplicates.Select(each =>
                (each.Record, known.FirstOrDefault(one => one.Item1 == each.Record).Item2 ?? Kept(each.Line, null))
            );
    }

    private static KeptAnswer Kept(RecordAnswer line, string? csv) =>
        new(KeptAnswer.Of(line.State), line.ErrorCode, line.ErrorText, line.State == RecordState.Rejected ? null : csv);

    private async Task SettleAsync(
        ChainKey chain,
        NpgsqlConnection held,
        IReadOnlyList<(QueuedRecord Record, KeptAnswer Answer)> answers,
        TimeSpan? wait,
        bool complete,
        CancellationToken cancellationToken
    )
    {
        await queue.SettleAsync(chain, held, answers, wait, complete, cancellationToken);
        foreach (var state in answers.CountBy(each => each.Answer.State))
        {
            Answered.Add(state.Value, new KeyValuePair<string, object?>("state", state.Key));
        }
    }

    /// <summary>Tried again after longer and longer, at least every hour (art. 16.4).</summary>
    private async Task FailAsync(
        ChainKey chain,
        NpgsqlConnection held,
        QueueState state,
        string why,
        bool maybeSent,
        CancellationToken cancellationToken
    )
    {
        var pause = TimeSpan.FromSeconds(
            Math.Min(Hour.TotalSeconds, Math.Max(1, state.Wait.TotalSeconds) * Math.Pow(2, Math.Min(10, state.Failures)))
        );
        await queue.FailAsync(chain, held, why, pause, maybeSent, cancellationToken);
        Failed.Add(1);
        LogFailed(chain.TaxId, why, pause);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The tax agency answered {Count} records of {TaxId}: {State}")]
    private partial void LogAnswered(string taxId, int count, SubmissionState state);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Of a submission of {TaxId} without an answer the tax agency has {Known} of {Count}"
    )]
    private partial void LogAsked(string taxId, int known, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing of {TaxId} reached the tax agency: {Why}; tried again in {Pause}")]
    private partial void LogFailed(string taxId, string why, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "The tax agency cannot read the record of {Number}: {Code} {Text}")]
    private partial void LogRefused(string number, string code, string text);
}
