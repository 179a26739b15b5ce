using System.Globalization;
using System.Text;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// A walk along a stored chain, window by window, so that a chain of any length needs the memory of one window. Every fingerprint is made
/// anew from the document, every link is followed, and the columns are held against the document.
/// </summary>
public sealed class ChainWalk
{
    private static readonly Dictionary<FaultCode, int[]> NumbersIn = new()
    {
        [FiscalFaults.PrecedingFingerprint] = [0],
        [FiscalFaults.PrecedingName] = [0, 2],
        [FiscalFaults.RecordMissing] = [0],
        [FiscalFaults.RecordInserted] = [0],
        [FiscalFaults.RecordMoved] = [0],
        [FiscalFaults.FirstMissing] = [0],
    };

    private readonly ChainState _chain;
    private readonly ChainViewer? _viewer;
    private readonly bool _fromFirst;
    private bool _hasDocuments;
    private WrittenRecord? _before;
    private ChainRow? _beforeRow;
    private long _last;

    /// <summary>A walk from a place on.</summary>
    /// <param name="chain">How the chain stands.</param>
    /// <param name="from">The first place.</param>
    /// <param name="before">The record before it, where there is one.</param>
    /// <param name="hasDocuments">Whether a record before it has its document: those after it must have theirs.</param>
    /// <param name="viewer">Who looks; none is the operator, who sees everything.</param>
    public ChainWalk(ChainState chain, long from, ChainRow? before, bool hasDocuments, ChainViewer? viewer)
    {
        (_chain, _viewer, _fromFirst, _hasDocuments, _last) = (chain, viewer, from <= 1, hasDocuments, from - 1);
        if (from > 1)
        {
            _before = chain.Adopted.TryGetValue(from - 1, out var adopted) ? StandIn(adopted) : null;
            _before ??= before is null ? null : Read(before, []);
            _beforeRow = before;
        }
    }

    /// <summary>A place of the window: what stands there, and whether its own link and fingerprint are told of.</summary>
    private sealed record Place(WrittenRecord? Record, ChainRow? Row, bool IsTold);

    /// <summary>What is wrong with the next records, which come in the order of their places.</summary>
    public IReadOnlyList<ChainFinding> Take(IReadOnlyList<ChainRow> window)
    {
        if (window.Count == 0)
        {
            return [];
        }

        var expected = new ChainExpectation(_fromFirst && _last == 0, IsOrdered: true);
        var places = new List<Place>(window.Count + 1);
        var faults = new List<(int At, Fault Fault)>();
        var holes = new List<(int At, long From)>();
        if (_before is not null)
        {
            places.Add(new Place(_before, null, IsTold: false));
        }

        foreach (var row in window)
        {
            for (var at = _last + 1; at < row.Position && _chain.Adopted.TryGetValue(at, out var lost); at++)
            {
                places.Add(new Place(StandIn(lost), null, IsTold: false));
                (_last, _before) = (at, places[^1].Record);
            }

            if (row.Position > _last + 1)
            {
                holes.Add((places.Count, _last + 1));
            }

            var found = new List<Fault>();
            var place = new Place(Read(row, found), row, IsTold: true);
            if (
                _chain.Adopted.TryGetValue(row.Position, out var kept)
                && (place.Record is not { Fits: true } || place.Record.Fingerprint != kept.Fingerprint)
            )
            {
                // The row is damaged, and what stood there is known: the row is told of by itself, the chain goes on from the other.
                found.AddRange(place.Record is { } damaged ? VerifyChain.Alone(damaged) : []);
                place = new Place(StandIn(kept), row, IsTold: false);
            }

            faults.AddRange(found.Select(fault => (places.Count, fault)));
            places.Add(place);
            (_last, _before) = (row.Position, place.Record);
        }

        faults.AddRange(
            VerifyChain
                .Of([.. places.Select(place => new ChainPlace("", place.Record))], expected)
                .Select(each => (At: each.Position!.Value - 1, each.Fault))
                .Where(each => places[each.At].IsTold)
        );
        // A place without a record is told of by the link that points to it; where none does, by what stands after it.
        faults.AddRange(
            holes
                .Where(hole => !faults.Exists(each => each.At == hole.At && NumbersIn.ContainsKey(each.Fault.Code)))
                .Select(hole => (hole.At, FiscalFaults.RecordsNotThere.With(hole.From, places[hole.At].Row!.Position - 1)))
                .ToList()
        );
        var own = window
            .Append(_beforeRow)
            .Where(row => row is not null && row.SellerId == _viewer?.SellerId)
            .Select(row => row!.Number)
            .ToHashSet();
        _beforeRow = window[^1];
        return [.. faults.OrderBy(each => each.At).Select(each => Shown(places[each.At].Row!, each.Fault, own))];
    }

    /// <summary>What is wrong with the chain's head, seen from its last record.</summary>
    public IEnumerable<ChainFinding> Head(ChainRow? last)
    {
        if (_chain.Highest > _chain.Last)
        {
            yield return Of(FiscalFaults.HeadDiffers.With("last", _chain.Last, _chain.Highest));
            yield break;
        }

        var (fingerprint, recordedAt) = _chain.Adopted.TryGetValue(_chain.Last, out var adopted)
            ? (adopted.Fingerprint, adopted.RecordedAt)
            : (last?.Fingerprint, Instant(last?.RecordedAt));
        if (adopted is null && (last?.Position ?? 0) < _chain.Last)
        {
            yield return Of(FiscalFaults.RecordsNotThere.With((last?.Position ?? 0) + 1, _chain.Last));
        }
        else if (fingerprint != _chain.Fingerprint)
        {
            yield return Of(FiscalFaults.HeadDiffers.With("fingerprint", _chain.Fingerprint, fingerprint));
        }
        else if (recordedAt is not null && recordedAt != _chain.RecordedAt)
        {
            yield return Of(FiscalFaults.HeadDiffers.With("recorded_at", Text(_chain.RecordedAt), Text(recordedAt)));
        }

        ChainFinding Of(Fault fault) => new(_chain.Last, null, fault);
    }

    /// <summary>Whether a record can be hung on the head: it is an adopted one, or its columns come to its fingerprint.</summary>
    public static bool IsHeadSound(ChainState chain, ChainRow? last) =>
        chain.Adopted.TryGetValue(chain.Last, out var adopted) ? adopted.Fingerprint == chain.Fingerprint
        : last is null ? chain.Last == 0
        : last.Fingerprint == chain.Fingerprint && FromColumns(last, chain.Key.TaxId).Computed == chain.Fingerprint;

    /// <summary>A record by its columns.</summary>
    public static WrittenRecord FromColumns(ChainRow row, string taxId)
    {
        var day = Day(row.IssueDate);
        var isRegistration = row.Kind != "cancellation";
        var ending = isRegistration ? "" : "Anulada";
        var name = new RecordName(taxId, row.Number.Trim(), day);
        var fields = new List<FingerprintedField>
        {
            new($"IDEmisorFactura{ending}", taxId),
            new($"NumSerieFactura{ending}", name.Number),
            new($"FechaExpedicionFactura{ending}", day),
        };
        if (isRegistration)
        {
            fields.Add(new("TipoFactura", row.RecordType));
            fields.Add(new("CuotaTotal", Amount(row.VatTotal)));
            fields.Add(new("ImporteTotal", Amount(row.TotalWithVat)));
        }

        fields.Add(new("Huella", row.PreviousFingerprint ?? ""));
        fields.Add(new("FechaHoraHusoGenRegistro", row.RecordedAt));
        return new WrittenRecord
        {
            Kind = isRegistration ? RecordKind.Registration : RecordKind.Cancellation,
            Name = name,
            Fields = fields,
            Fingerprint = row.Fingerprint,
            Algorithm = "01",
            IsFirst = row.PreviousFingerprint is null,
            RecordedAt = row.RecordedAt,
            Chain = "",
            IsSigned = false,
        };
    }

    /// <summary>The record in a row's document; none, and why, where there is none.</summary>
    private WrittenRecord? Read(ChainRow row, List<Fault> faults)
    {
        if (row.Document is null)
        {
            // Rows from before documents were kept stand in one piece at the chain's beginning. Columns do not name the record before.
            if (!_hasDocuments)
            {
                var written = FromColumns(row, _chain.Key.TaxId);
                return row.PreviousFingerprint is { } previous
                    ? written with
                    {
                        Preceding = new WrittenLink(_before?.Name ?? written.Name, previous),
                    }
                    : written;
            }

            faults.Add(FiscalFaults.DocumentMissing.With());
            return null;
        }

        _hasDocuments = true;
        var reading = RecordReader.Read(Encoding.UTF8.GetBytes(row.Document));
        if (reading.Refused(out var unread))
        {
            faults.Add(unread);
            return null;
        }

        if (reading.Value is not { Header: null, Records: [{ Written: { Kind: not RecordKind.Event } record }] })
        {
            faults.Add(FiscalFaults.NotOneRecord.With(reading.Value.Records.Count));
            return null;
        }

        faults.AddRange(Differences(row, record));
        if (!record.Chain.EndsWith($" {_chain.Key.Installation}", StringComparison.Ordinal))
        {
            faults.Add(FiscalFaults.OtherChain.With(record.Chain, _chain.Key.Installation));
        }

        // A producer that is named later is no other chain: it is one per taxpayer and installation.
        return record with
        {
            Chain = "",
        };
    }

    private IEnumerable<Fault> Differences(ChainRow row, WrittenRecord written)
    {
        var isRegistration = written.Kind == RecordKind.Registration;
        string Field(string name) => written.Fields.FirstOrDefault(field => field.Name == name).Text ?? "";
        var columns = new List<(string Column, string? Kept, string? Written)>
        {
            ("tax_id", _chain.Key.TaxId, written.Name.Issuer),
            ("kind", row.Kind, isRegistration ? "registration" : "cancellation"),
            ("number", row.Number.Trim(), written.Name.Number),
            ("issue_date", Day(row.IssueDate), written.Name.Day),
            ("previous_fingerprint", row.PreviousFingerprint, written.Preceding?.Fingerprint),
            ("fingerprint", row.Fingerprint, written.Fingerprint),
            ("recorded_at", row.RecordedAt, written.RecordedAt),
        };
        if (isRegistration)
        {
            columns.Add(("record_type", row.RecordType, Field("TipoFactura")));
            columns.Add(("vat_total", Amount(row.VatTotal), Amount(Field("CuotaTotal"))));
            columns.Add(("total_with_vat", Amount(row.TotalWithVat), Amount(Field("ImporteTotal"))));
        }

        return
        [
            .. columns
                .Where(each => each.Kept != each.Written)
                .Select(each => FiscalFaults.ColumnDiffers.With(each.Column, Short(each.Kept), Short(each.Written))),
        ];
    }

    /// <summary>An adopted record as the next one cites it; more is not known of it.</summary>
    private WrittenRecord StandIn(AdoptedRecord adopted) =>
        new()
        {
            Kind = RecordKind.Registration,
            Name = new RecordName(_chain.Key.TaxId, adopted.Number, adopted.IssueDate.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture)),
            Fields = [],
            Fingerprint = adopted.Fingerprint,
            Algorithm = "01",
            IsFirst = false,
            RecordedAt = Text(adopted.RecordedAt),
            Chain = "",
            IsSigned = false,
        };

    private ChainFinding Shown(ChainRow row, Fault fault, HashSet<string> own)
    {
        if (_viewer is not { IsShared: true } viewer)
        {
            return new ChainFinding(row.Position, row.Number, fault);
        }

        if (row.SellerId != viewer.SellerId)
        {
            return new ChainFinding(row.Position, null, fault with { Values = [.. fault.Values.Select(object? (_) => "…")] });
        }

        var hidden = NumbersIn.GetValueOrDefault(fault.Code, []);
        return new ChainFinding(
            row.Position,
            row.Number,
            fault with
            {
                Values = [.. fault.Values.Select((value, at) => hidden.Contains(at) && !own.Contains(value as string ?? "") ? "…" : value)],
            }
        );
    }

    private static string Day(string date) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture)
            : date;

    private static string Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount.ToString("0.00##", CultureInfo.InvariantCulture)
            : text;

    /// <summary>The instant in a text; none where that cannot be read.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static string Text(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) ?? "?";

    private static string Short(string? text) =>
        text is null ? "–"
        : text.Length <= 120 ? text
        : text[..120];
}
