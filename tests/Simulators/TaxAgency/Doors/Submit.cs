using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Control;
using RetailInvoicing.Simulators.TaxAgency.Rules;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>Takes a submission: judges each record, keeps it, and answers what became of it.</summary>
internal sealed class Submit(Ledger ledger, IShape shape, Codes codes, TimeProvider clock)
{
    /// <summary>No code of the agency's: a strict simulator refuses what comes before its time by it.</summary>
    public const int TooEarly = 1;

    private const int FullSubmission = 1000;

    // Two requests may be so much nearer to each other at their arrival than they were at their departure.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(250);

    public (string? Answer, Refusal? Refusal) Answer(
        XElement message,
        string presenter,
        Service service,
        string environment,
        DateTimeOffset arrived,
        Fault? fault
    )
    {
        var (refusal, values) = MessageChecks.Of(message, shape);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var header = new Header(message.Get("Cabecera")!, service);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(arrived, Examined.Madrid).DateTime);
        if (HeaderRule.All.FirstOrDefault(rule => rule.IsBroken(header, ledger.Census, today)) is { } broken)
        {
            return (null, new(broken.Code, $"NIF:{header.Taxpayer}. NOMBRE_RAZON:{header.TaxpayerName}"));
        }

        if (presenter != header.Taxpayer && presenter != header.Representative)
        {
            return (null, new(4112, $"NIF:{presenter}"));
        }

        var records = message.Elements().Where(each => each.Name.LocalName == "RegistroFactura").Select(each => each.Elements().Single());
        var batch = new Batch(header, new Shelf(environment, service, header.Taxpayer), presenter, arrived, [.. records]);
        return ledger.Enter(_ => Take(batch, values, fault));
    }

    private (string?, Refusal?) Take(Batch batch, IReadOnlyDictionary<XElement, Finding> values, Fault? fault)
    {
        var settings = ledger.Settings;
        var system = new SentRecord(batch.Records[0]).System;
        var violation = Early(batch, system);
        if (violation is not null && settings.Strict)
        {
            ledger.Add(new Entry { Submission = new(batch.Shelf, system, batch.Arrived, settings.WaitSeconds, 0, violation) });
            return (null, new(TooEarly, violation));
        }

        var sequence = ledger.NextSequence;
        var now = clock.GetUtcNow();
        var requestId = string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeZoneInfo.ConvertTime(now, Examined.Madrid):yyyyMMddHHmmss}{sequence % 1_000_000:000000}"
        );
        var books = new OpenBooks(ledger, batch.Shelf);
        var verdicts = new List<Verdict>(batch.Records.Count);
        for (var i = 0; i < batch.Records.Count; i++)
        {
            var verdict = Judge(batch, batch.Records[i], values, settings, now, books, Forced(fault, i));
            verdicts.Add(verdict);
            books.Receive(verdict, requestId);
        }

        var csv = verdicts.Any(each => each.State != RecordState.Incorrecto) ? CsvOf(requestId, batch.Shelf.Taxpayer) : null;
        var entries = verdicts
            .Select(each => new Entry
            {
                Record = KeptRecord.Of(each.Record, batch.Shelf, each.State, each.Code) with
                {
                    Sequence = sequence++,
                    RequestId = requestId,
                    Csv = each.State == RecordState.Incorrecto ? null : csv,
                    Presenter = batch.Presenter,
                    Representative = batch.Header.Representative,
                    ReceivedAt = now,
                    Xml = each.Record.Xml.ToString(SaveOptions.DisableFormatting),
                },
            })
            .Append(new Entry { Submission = new(batch.Shelf, system, batch.Arrived, settings.WaitSeconds, verdicts.Count, violation) });
        ledger.Add([.. entries]);
        return (Answers.ToSubmission(batch, verdicts, csv, now, settings.WaitSeconds, codes), null);
    }

    private Verdict Judge(
        Batch batch,
        XElement xml,
        IReadOnlyDictionary<XElement, Finding> values,
        Settings settings,
        DateTimeOffset now,
        OpenBooks books,
        int? forced
    )
    {
        var record = new SentRecord(xml);
        if (forced is { } code)
        {
            var state = Codes.EffectOf(code) == Effect.AcceptsWithError ? RecordState.AceptadoConErrores : RecordState.Incorrecto;
            return new(record, state, code);
        }

        if (values.TryGetValue(xml, out var value))
        {
            return new(record, RecordState.Incorrecto, ValueCodes.Of(value.At)) { Detail = value.Field };
        }

        var examined = new Examined
        {
            Record = record,
            Header = batch.Header,
            Census = ledger.Census,
            Settings = settings,
            Now = now,
            ChainHasRecords = books.HasRecords(record.System),
        };
        var refusal = RuleBook.Refusal(examined);
        if (batch.Header.Service == Service.Requirement)
        {
            // What was kept must be taken as it was kept: only who is who can be a reason to refuse it.
            return refusal is { Identifies: true }
                ? new(record, RecordState.Incorrecto, refusal.Code)
                : Accepted(record, refusal ?? RuleBook.Admissible(examined));
        }

        if (refusal is not null)
        {
            return new(record, RecordState.Incorrecto, refusal.Code);
        }

        var file = books.Find(record.Invoice);
        return Operation.Refusal(record, file?.Situation ?? Situation.None) is { } inadmissible
            ? new(record, RecordState.Incorrecto, inadmissible) { Duplicate = file }
            : Accepted(record, RuleBook.Admissible(examined));
    }

    private static Verdict Accepted(SentRecord record, Rule? error) =>
        new(record, error is null ? RecordState.Correcto : RecordState.AceptadoConErrores, error?.Code);

    private static int? Forced(Fault? fault, int index) =>
        fault?.Kind switch
        {
            FaultKinds.RejectCode => fault.Code,
            // Every other record, from the second on.
            FaultKinds.Partial when index % 2 == 1 => fault.Code ?? ValueCodes.Default,
            _ => null,
        };

    /// <summary>What a submission before its time is noted with; a full one may come at any time.</summary>
    private string? Early(Batch batch, string system)
    {
        if (batch.Records.Count >= FullSubmission || ledger.LastSubmission(batch.Shelf, system) is not { } last)
        {
            return null;
        }

        var waited = batch.Arrived - last.At;
        return waited + OnTheWay >= TimeSpan.FromSeconds(last.WaitSeconds)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Envío {waited.TotalSeconds:0.0} s después del anterior; el tiempo de espera era de {last.WaitSeconds} s."
                    + $" / Sent {waited.TotalSeconds:0.0} s after the one before; the wait told was {last.WaitSeconds} s."
            );
    }

    /// <summary>Sixteen characters, as the agency's: A-, and letters and digits that no other submission has.</summary>
    private static string CsvOf(string requestId, string taxpayer)
    {
        const string alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{requestId}{taxpayer}"));
        return $"A-{string.Concat(hash.Take(14).Select(each => alphabet[each % alphabet.Length]))}";
    }
}

/// <summary>A submission whose header is in order.</summary>
internal sealed record Batch(Header Header, Shelf Shelf, string Presenter, DateTimeOffset Arrived, IReadOnlyList<XElement> Records);

/// <summary>What became of a record.</summary>
internal sealed record Verdict(SentRecord Record, RecordState State, int? Code)
{
    /// <summary>The field, where a value is not allowed.</summary>
    public string? Detail { get; init; }

    /// <summary>What the agency has already, where the record is refused for that.</summary>
    public InvoiceFile? Duplicate { get; init; }
}

/// <summary>The books as the records of one submission find them, each after the ones before it.</summary>
internal sealed class OpenBooks(Ledger ledger, Shelf shelf)
{
    private readonly Dictionary<InvoiceKey, InvoiceFile> _invoices = [];
    private readonly HashSet<string> _systems = new(StringComparer.Ordinal);

    public InvoiceFile? Find(InvoiceKey invoice) => _invoices.GetValueOrDefault(invoice) ?? ledger.Find(shelf, invoice);

    public bool HasRecords(string system) => _systems.Contains(system) || ledger.HasRecords(shelf, system);

    public void Receive(Verdict verdict, string requestId)
    {
        if (verdict.State != RecordState.Incorrecto)
        {
            var kept = KeptRecord.Of(verdict.Record, shelf, verdict.State, verdict.Code) with { RequestId = requestId };
            _invoices[verdict.Record.Invoice] = new(kept);
            _systems.Add(verdict.Record.System);
        }
    }
}
