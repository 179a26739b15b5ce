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

/// <summary>Delivery as Collections asks it: of one notice id it sends one message, and says what that told of.</summary>
internal sealed class BooksOfDelivery(Action<Notice> onSent) : Messages.MessagesClient
{
    private readonly Dictionary<string, Queued> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);
    private readonly List<string> _answered = [];

    /// <summary>Throws where Delivery is to be away, before it has taken the message.</summary>
    public Action OnAsked { get; set; } = static () => { };

    /// <summary>Throws where its answer is to get lost, after it has taken the message.</summary>
    public Action OnAnswer { get; set; } = static () => { };

    /// <summary>Messages sent.</summary>
    public int Sent => _sent.Count;

    /// <summary>All of them, as they were answered.</summary>
    public IReadOnlyCollection<Queued> All => _sent.Values;

    /// <summary>Whether the answer of a message got lost, the last time it was asked for.</summary>
    public bool IsUnanswered(string notice) => _unanswered.Contains(notice);

    /// <summary>A run begins; what was answered before it was kept.</summary>
    public void BeginRun() => _answered.Clear();

    /// <summary>Whoever asked was killed: what was answered in this run may be kept nowhere.</summary>
    public void ForgetAnswers() => _unanswered.UnionWith(_answered);

    public override AsyncUnaryCall<Queued> SendNoticeAsync(Notice request, CallOptions options) =>
        Answer.Of(() =>
        {
            OnAsked();
            if (!_sent.TryGetValue(request.NoticeId, out var queued))
            {
                queued = new Queued { TransmissionId = request.NoticeId, Status = "queued" };
                queued.Carried.Add(request.Items.Select(item => new CarriedStep { InvoiceId = item.InvoiceId, Step = item.Step }));
                _sent[request.NoticeId] = queued;
                onSent(request);
            }

            _unanswered.Add(request.NoticeId);
            OnAnswer();
            _unanswered.Remove(request.NoticeId);
            _answered.Add(request.NoticeId);
            return queued;
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
