using System.Globalization;
using Grpc.Core;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>Payments as Collections asks it: what it says is somebody else's to know.</summary>
internal sealed class BooksOfPayments(Func<string, Balance?> balanceOf) : Balances.BalancesClient
{
    /// <summary>Throws where Payments is to be away.</summary>
    public Action OnAsked { get; set; } = static () => { };

    public override AsyncUnaryCall<BalanceList> GetAsync(GetBalances request, CallOptions options) =>
        Answer.Of(() =>
        {
            OnAsked();
            var known = new BalanceList();
            known.Balances.Add(request.InvoiceIds.Select(balanceOf).OfType<Balance>());
            return known;
        });
}

/// <summary>
/// Delivery as Collections asks it: of one notice id it sends one message, and says what that told of; what is taken back before it sends
/// never.
/// </summary>
internal sealed class BooksOfDelivery(Action<Notice> onSent, Func<DateTimeOffset> now) : Messages.MessagesClient
{
    private readonly Dictionary<string, Queued> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withdrawn = new(StringComparer.Ordinal);

    /// <summary>Throws where Delivery is to be away, before it has taken the message.</summary>
    public Action OnAsked { get; set; } = static () => { };

    /// <summary>Throws where its answer is to get lost, after it has taken the message.</summary>
    public Action OnAnswer { get; set; } = static () => { };

    /// <summary>Messages sent.</summary>
    public int Sent => _sent.Count;

    /// <summary>Notices that were taken back before they were sent.</summary>
    public int Withdrawn => _withdrawn.Count;

    /// <summary>All that were sent, as they were answered.</summary>
    public IReadOnlyCollection<Queued> All => _sent.Values;

    public override AsyncUnaryCall<Queued> SendNoticeAsync(Notice request, CallOptions options) =>
        Answer.Of(() =>
        {
            OnAsked();
            if (_withdrawn.Contains(request.NoticeId))
            {
                throw new RpcException(
                    new Status(StatusCode.AlreadyExists, "withdrawn"),
                    new Metadata { { "fault-code", "DEL-NOTICE-03" } }
                );
            }

            if (!_sent.TryGetValue(request.NoticeId, out var queued))
            {
                queued = new Queued
                {
                    TransmissionId = request.NoticeId,
                    Status = "queued",
                    QueuedAt = now().ToString("O", CultureInfo.InvariantCulture),
                };
                queued.Carried.Add(request.Items.Select(item => new CarriedStep { InvoiceId = item.InvoiceId, Step = item.Step }));
                _sent[request.NoticeId] = queued;
                onSent(request);
            }

            OnAnswer();
            return queued;
        });

    public override AsyncUnaryCall<NoticeFate> WithdrawNoticeAsync(NoticeWithdrawal request, CallOptions options) =>
        Answer.Of(() =>
        {
            OnAsked();
            var queued = _sent.GetValueOrDefault(request.NoticeId);
            if (queued is null)
            {
                _withdrawn.Add(request.NoticeId);
            }

            OnAnswer();
            return new NoticeFate { Queued = queued };
        });
}

/// <summary>A call that is answered in this process, one at a time: whoever answers keeps books without locks.</summary>
internal static class Answer
{
    private static readonly Lock Gate = new();

    public static AsyncUnaryCall<T> Of<T>(Func<T> answer)
    {
        Task<T> task;
        try
        {
            lock (Gate)
            {
                task = Task.FromResult(answer());
            }
        }
        catch (RpcException exception)
        {
            task = Task.FromException<T>(exception);
        }

        return new AsyncUnaryCall<T>(
            task,
            Task.FromResult(new Metadata()),
            static () => Status.DefaultSuccess,
            static () => [],
            static () => { }
        );
    }
}
