using System.Globalization;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Control;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>What a test asks of the simulator, and tells it to do: plain HTTP, JSON.</summary>
internal sealed class ControlDoors(Ledger ledger, Faults faults, Requests requests)
{
    public IResult AddFault(Fault fault) =>
        faults.Add(fault) is { } wrong ? Results.BadRequest(new { error = wrong }) : Results.Ok(faults.All);

    public IResult ListFaults() => Results.Ok(faults.All);

    public IResult ClearFaults()
    {
        faults.Clear();
        return Results.NoContent();
    }

    public IResult GetSettings() => Results.Ok(ledger.Settings);

    /// <summary>Changes what is said; a restart keeps it.</summary>
    public IResult ChangeSettings(SettingsChange change)
    {
        if (change.Wrong is { } wrong)
        {
            return Results.BadRequest(new { error = wrong });
        }

        ledger.Add(new Entry { Settings = change.On(ledger.Settings) });
        if (change.Seed is { } seed)
        {
            faults.Seed(seed);
        }

        return GetSettings();
    }

    public IResult ListUnknown() => Results.Ok(ledger.Census.Unknown);

    public IResult MakeUnknown(string id) => SetCensus(id, isUnknown: true);

    public IResult MakeKnown(string id) => SetCensus(id, isUnknown: false);

    /// <summary>What a taxpayer has declared, or all have, with the state of the chains.</summary>
    public IResult Totals(string? nif, string? environment, string? service)
    {
        var which = Which(nif, environment, service);
        var invoices = ledger.Invoices(record => which(record.Shelf));
        var inForce = invoices.Where(file => file.Situation == Situation.Registered).Select(file => file.Latest).ToList();
        var chains = ledger.Chains(which);
        var records = ledger.Records(record => which(record.Shelf));
        return Results.Ok(
            new
            {
                nif,
                environment,
                records = records.Count(record => record.IsAccepted),
                rejected = records.Count(record => !record.IsAccepted),
                acceptedWithErrors = records.Count(record => record.State == RecordState.AceptadoConErrores),
                inForce = inForce.Count,
                cancelled = invoices.Count - inForce.Count,
                cuotaTotal = Amount(inForce.Sum(record => record.DeclaredVat)),
                importeTotal = Amount(inForce.Sum(record => record.DeclaredTotal)),
                chain = new
                {
                    systems = chains.Select(chain => new
                    {
                        nif = chain.Shelf.Taxpayer,
                        environment = chain.Shelf.Environment,
                        system = chain.System,
                        length = chain.Length,
                        last = chain.Last,
                    }),
                    broken = chains.SelectMany(chain => chain.Broken),
                },
                requests = requests.Of(nif),
                violations = ledger
                    .Submissions(which)
                    .Where(each => each.Violation is not null)
                    .Select(each => new
                    {
                        nif = each.Shelf.Taxpayer,
                        system = each.System,
                        at = each.At,
                        violation = each.Violation,
                    }),
            }
        );
    }

    /// <summary>The records themselves, refused ones among them, in the order received.</summary>
    public IResult List(string? nif, string? environment, string? service, long? after, int? limit)
    {
        var which = Which(nif, environment, service);
        return Results.Ok(
            ledger
                .Records(record => which(record.Shelf) && record.Sequence > (after ?? 0))
                .Take(limit ?? int.MaxValue)
                .Select(record => new
                {
                    sequence = record.Sequence,
                    nif = record.Shelf.Taxpayer,
                    environment = record.Shelf.Environment,
                    system = record.System,
                    number = record.Invoice.Number,
                    date = record.Invoice.IssueDate,
                    type = record.IsRegistration ? "Alta" : "Anulacion",
                    kind = record.Kind,
                    state = $"{record.State}",
                    code = record.Code,
                    fingerprint = record.Fingerprint,
                    csv = record.Csv,
                    requestId = record.RequestId,
                    receivedAt = record.ReceivedAt,
                })
        );
    }

    /// <summary>Amounts are decimal text, as everywhere.</summary>
    public static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private IResult SetCensus(string id, bool isUnknown)
    {
        ledger.Add(new Entry { Census = new(id, isUnknown) });
        return Results.NoContent();
    }

    /// <summary>What was sent of one's own accord, where nothing else is asked for.</summary>
    private static Func<Shelf, bool> Which(string? nif, string? environment, string? service) =>
        shelf =>
            (string.IsNullOrEmpty(nif) || shelf.Taxpayer == nif)
            && (string.IsNullOrEmpty(environment) || shelf.Environment == environment)
            && shelf.Service == (service == "requirement" ? Service.Requirement : Service.Voluntary);
}
