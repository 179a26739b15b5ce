using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys;

/// <summary>How notices fared since the start.</summary>
internal sealed record NoticeCounts(int Sent, int Failed, int Lost, int UnderWay);

/// <summary>
/// Tells merchants what became of operations, by a signed form, once: a notice that nobody takes is not sent again, and one that a crash
/// has caught is lost.
/// </summary>
internal sealed partial class Notices : IDisposable
{
    private const int MostAtOnce = 64;

    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    private readonly Ledger _ledger;
    private readonly Faults _faults;
    private readonly TimeProvider _clock;
    private readonly ILogger<Notices> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(MostAtOnce);
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(30),
    };
    private int _sent;
    private int _failed;
    private int _lost;
    private int _underWay;
    private long _control;

    public Notices(Ledger ledger, Faults faults, TimeProvider clock, ILogger<Notices> log) =>
        (_ledger, _faults, _clock, _log) = (ledger, faults, clock, log);

    public NoticeCounts Counts =>
        new(Volatile.Read(ref _sent), Volatile.Read(ref _failed), Volatile.Read(ref _lost), Volatile.Read(ref _underWay));

    /// <summary>Tells of an operation, as the faults asked for have it.</summary>
    public void Tell(Operation operation)
    {
        if (operation.NotifyAt is not { Length: > 0 })
        {
            return;
        }

        Fault? Draw(string kind) => _faults.Draw(kind, FaultKinds.Notification, operation.Order);
        if (Draw(FaultKinds.Forged) is not null)
        {
            Send(operation, TimeSpan.Zero, isForged: true);
        }

        if (Draw(FaultKinds.LostNotification) is not null)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        // What is late is overtaken by what comes after it.
        var delay = (Draw(FaultKinds.Slow)?.Wait(5) ?? TimeSpan.Zero) + (Draw(FaultKinds.OutOfOrder)?.Wait(2) ?? TimeSpan.Zero);
        Send(operation, delay, isForged: false);
        if (Draw(FaultKinds.Duplicate) is { } duplicate)
        {
            Send(operation, delay + duplicate.Wait(0.2), isForged: false);
        }
    }

    /// <summary>The three fields that a notice has, and the address that the payer comes back to.</summary>
    public IReadOnlyDictionary<string, string> FieldsOf(Operation operation, bool isForged = false)
    {
        var at = TimeZoneInfo.ConvertTime(operation.At, Madrid);
        var control = (_clock.GetUtcNow().ToUnixTimeMilliseconds() + Interlocked.Increment(ref _control)).ToString(
            CultureInfo.InvariantCulture
        );
        var said = new Dictionary<string, string>
        {
            ["Ds_Date"] = at.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
            ["Ds_Hour"] = at.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["Ds_SecurePayment"] = operation.IsPaid ? "1" : "0",
            ["Ds_Amount"] = operation.Amount.ToString(CultureInfo.InvariantCulture),
            ["Ds_Currency"] = operation.Currency,
            ["Ds_Order"] = operation.Order,
            ["Ds_MerchantCode"] = operation.Merchant,
            ["Ds_Terminal"] = operation.Terminal.PadLeft(3, '0'),
            ["Ds_Response"] = operation.Response,
            ["Ds_TransactionType"] = operation.Type,
            ["Ds_MerchantData"] = operation.Data,
            ["Ds_AuthorisationCode"] = operation.Authorisation ?? "      ",
            ["Ds_ConsumerLanguage"] = operation.Language.TrimStart('0'),
        };
        if (operation.Error is { } error)
        {
            said["Ds_ErrorCode"] = error;
        }

        if (operation.Means == "bizum")
        {
            said["Ds_Bizum_MobileNumber"] = "+34700000000";
        }
        else if (operation.Means == "card")
        {
            said["Ds_Card_Country"] = "724";
            said["Ds_Card_Brand"] = "1";
        }

        said[$"Ds_Control_{control}"] = control;
        // Redsys writes the values as forms do, within the JSON.
        var json = JsonSerializer.SerializeToUtf8Bytes(said.ToDictionary(each => each.Key, each => WebUtility.UrlEncode(each.Value)));
        var parameters = operation.Version == Signing.Sha512 ? Base64Url.EncodeToString(json) : Convert.ToBase64String(json);
        var key = isForged ? "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX" : _ledger.KeyOf(operation.Merchant, operation.Terminal);
        return new Dictionary<string, string>
        {
            ["Ds_SignatureVersion"] = operation.Version,
            ["Ds_MerchantParameters"] = parameters,
            ["Ds_Signature"] = Signing.ForNotice(operation.Version, key, operation.Order, parameters),
        };
    }

    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
    }

    private void Send(Operation operation, TimeSpan delay, bool isForged)
    {
        Interlocked.Increment(ref _underWay);
        _ = Task.Run(() => SendAsync(operation, delay, isForged), CancellationToken.None);
    }

    private async Task SendAsync(Operation operation, TimeSpan delay, bool isForged)
    {
        try
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _clock, _stop.Token);
            }

            await _room.WaitAsync(_stop.Token);
            try
            {
                using var form = new FormUrlEncodedContent(FieldsOf(operation, isForged));
                using var answer = await _http.PostAsync(operation.NotifyAt, form, _stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _sent);
                }
                else
                {
                    Interlocked.Increment(ref _failed);
                    LogFailed(operation.Order, $"HTTP {(int)answer.StatusCode}");
                }
            }
            finally
            {
                _room.Release();
            }
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or InvalidOperationException or FormatException)
        {
            // Nobody there, too slow, or no address at all: Redsys does not come again.
            Interlocked.Increment(ref _failed);
            LogFailed(operation.Order, exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notice of order {Order} was not taken: {Reason}")]
    private partial void LogFailed(string order, string reason);
}
