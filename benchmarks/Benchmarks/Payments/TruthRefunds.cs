using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Threading.Channels;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A refund that the seller ordered, as it was answered.</summary>
internal sealed record OrderedRefund(int Invoice, Guid PaymentId, string Reference, decimal Amount, Guid RefundId);

/// <summary>
/// The seller gives back what is planned, once a payment is in its books; a part of the refunds is asked for twice at once under the same
/// reference.
/// </summary>
internal sealed class TruthRefunds(Func<TruthSeller, PatientDoor> doors, EnduranceProgress progress)
{
    private const int Clerks = 4;

    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(1);

    private readonly Channel<Wanted> _wanted = Channel.CreateUnbounded<Wanted>();
    private readonly ConcurrentBag<OrderedRefund> _ordered = [];

    // One more than is wanted, until no more can be wanted.
    private int _open = 1;

    /// <summary>Those that were ordered.</summary>
    public IReadOnlyCollection<OrderedRefund> Ordered => _ordered;

    /// <summary>A payment of this invoice is to be given back when it is there.</summary>
    public void Want(PlannedPayment plan, string invoice)
    {
        Interlocked.Increment(ref _open);
        _wanted.Writer.TryWrite(new Wanted(plan, invoice, Stopwatch.GetTimestamp()));
    }

    /// <summary>Gives back until it is over and nothing is wanted any more.</summary>
    public async Task RunAsync(Task over, CancellationToken cancellation)
    {
        var clerks = Enumerable.Range(0, Clerks).Select(_ => WorkAsync(cancellation)).ToArray();
        await Task.WhenAny([over, .. clerks]);
        Finish();
        await Task.WhenAll(clerks);
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var wanted in _wanted.Reader.ReadAllAsync(cancellation))
            {
                if (!await GiveAsync(wanted, cancellation) && Stopwatch.GetElapsedTime(wanted.Since) < GivesUpAfter)
                {
                    _ = AgainAsync(wanted, cancellation);
                    continue;
                }

                Finish();
            }
        }
        finally
        {
            // Who cannot go on leaves open what it had in hand: the others are not to wait for that.
            _wanted.Writer.TryComplete();
        }
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _wanted.Writer.TryComplete();
        }
    }

    private async Task AgainAsync(Wanted wanted, CancellationToken cancellation)
    {
        await Task.Delay(LooksAgainAfter, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _wanted.Writer.TryWrite(wanted);
    }

    /// <summary>Gives back what is planned; false where the payment is not there yet.</summary>
    private async Task<bool> GiveAsync(Wanted wanted, CancellationToken cancellation)
    {
        var door = doors(wanted.Plan.Seller);
        var balance = await door.GetAsync($"/v1/invoices/{wanted.Invoice}/balance", cancellation);
        var paid = balance
            .Json.GetProperty("payments")
            .EnumerateArray()
            .Where(each => each.GetProperty("provider").GetString() is not "till")
            .Select(each => (Id: each.GetProperty("paymentId").GetString()!, Amount: Amount(each.GetProperty("amount").GetString()!)))
            .FirstOrDefault(each => each.Amount > 0m);
        if (paid.Id is null)
        {
            return false;
        }

        for (var nth = 0; nth < wanted.Plan.Refunds.Count; nth++)
        {
            var share = wanted.Plan.Refunds[nth];
            var amount = share == 100 ? paid.Amount : decimal.Round(paid.Amount * share / 100m, 2, MidpointRounding.AwayFromZero);
            var asked = new { amount = amount.ToString(CultureInfo.InvariantCulture), reference = $"{wanted.Plan.SaleId}-{nth + 1}" };
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, wanted.Plan.RefundsTwice ? 2 : 1)
                    .Select(_ => door.PostAsync($"/v1/payments/{paid.Id}/refunds", asked, cancellation))
            );
            foreach (var answer in answers)
            {
                if (answer.Status is HttpStatusCode.Created or HttpStatusCode.OK)
                {
                    _ordered.Add(
                        new OrderedRefund(
                            wanted.Plan.Number,
                            Guid.Parse(paid.Id),
                            asked.reference,
                            amount,
                            answer.Json.GetProperty("refundId").GetGuid()
                        )
                    );
                }
                else
                {
                    // A dispute may have taken it meanwhile.
                    progress.Note($"a refund was refused: {(int)answer.Status} {Code(answer)}");
                }
            }
        }

        return true;
    }

    private static string Code(DoorAnswer answer) =>
        answer.Body.StartsWith('{') && answer.Json.TryGetProperty("code", out var code) ? code.GetString() ?? "" : "";

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Wanted(PlannedPayment Plan, string Invoice, long Since);
}
