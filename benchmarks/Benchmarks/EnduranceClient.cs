using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Running;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// One till with connections of its own: it sends what it is given until each sale has a definite answer. A broken connection, "away" and
/// "too many" are none.
/// </summary>
internal sealed class EnduranceClient : IAsyncDisposable
{
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(200);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    private readonly EnduranceDoor _preferred;
    private readonly EnduranceTarget _target;
    private readonly EnduranceSales _sales;
    private readonly EnduranceWork _work;
    private readonly EnduranceAnswers _answers;
    private readonly HttpClient _http;
    private readonly HttpDoor _lines;
    private readonly Lazy<GrpcChannel> _rpc;
    private IConnection? _connection;
    private IChannel? _channel;

    public EnduranceClient(
        EnduranceDoor preferred,
        EnduranceTarget target,
        EnduranceSales sales,
        EnduranceWork work,
        EnduranceAnswers answers
    )
    {
        (_preferred, _target, _sales, _work, _answers) = (preferred, target, sales, work, answers);
        _http = target.Http("invoicing");
        _lines = new HttpDoor(_http);
        _rpc = new Lazy<GrpcChannel>(() =>
            GrpcChannel.ForAddress(
                target.System().Grpc("invoicing"),
                new GrpcChannelOptions
                {
                    HttpHandler = new SocketsHttpHandler { UseProxy = false },
                    DisposeHttpClient = true,
                }
            )
        );
    }

    /// <summary>Sends until nothing is left to be sent.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _work.TakeAsync(_preferred, cancellation) is { } unit)
        {
            // Whoever sends by the bus waits for nobody's answer.
            if (unit.Door == EnduranceDoor.Bus)
            {
                await SendAsync(unit, cancellation);
                continue;
            }

            _answers.Ask();
            await SendAsync(unit, cancellation);
            _answers.Rest();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_rpc.IsValueCreated)
        {
            _rpc.Value.Dispose();
        }

        await CloseBusAsync();
    }

    private async Task SendAsync(EnduranceUnit unit, CancellationToken cancellation)
    {
        var open = unit.Sales.ToDictionary(EnduranceSales.IdOf, number => number, StringComparer.Ordinal);
        var pause = TimeSpan.FromMilliseconds(50);
        var last = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            var before = open.Count;
            TimeSpan? asked = null;
            var trouble = "not every sale was answered";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(OneTry);
            try
            {
                asked = unit.Door switch
                {
                    EnduranceDoor.Post => await PostAsync(open, patience.Token),
                    EnduranceDoor.Lines => await ImportAsync(open, patience.Token),
                    EnduranceDoor.Rpc => await StreamAsync(open, patience.Token),
                    _ => await PublishAsync(open, cancellation),
                };
            }
            catch (Exception exception) when (exception is not CommandFailed && !cancellation.IsCancellationRequested)
            {
                // Dying, cut off or overdue: whether the sale has become an invoice, its repetition tells.
                trouble = exception.Message;
                _answers.Note($"{unit.Door} broke: {(exception is RpcException rpc ? $"{rpc.StatusCode}" : exception.GetType().Name)}");
            }

            if (open.Count < before)
            {
                pause = TimeSpan.FromMilliseconds(50);
                last = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(last) > GivesUpAfter)
            {
                throw new CommandFailed(
                    $"{unit.Door} of {open.First().Key} had no answer for {GivesUpAfter.TotalMinutes:0} minutes: {trouble}"
                );
            }

            if (open.Count > 0)
            {
                await Task.Delay(asked ?? pause, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>One sale; gives back how long the server asks to wait where it asks.</summary>
    private async Task<TimeSpan?> PostAsync(Dictionary<string, int> open, CancellationToken cancellation)
    {
        var (id, number) = open.First();
        using var content = new ByteArrayContent(_sales.JsonOf(number)) { Headers = { ContentType = new("application/json") } };
        using var answer = await _http.PostAsync("/v1/sales", content, cancellation);
        if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var invoice = await JsonSerializer.DeserializeAsync<Told>(body, Wire.Tolerant, cancellation);
            Answered(open, id, invoice!.Number, answer.StatusCode == HttpStatusCode.Created);
            if (invoice.Totals.TotalWithVat != _sales.Of(number).Total)
            {
                _answers.Refuse(number, $"was answered with a total of {invoice.Totals.TotalWithVat}");
            }

            return null;
        }

        _answers.Note($"Post answered {(int)answer.StatusCode}");
        if (answer.StatusCode != HttpStatusCode.TooManyRequests && (int)answer.StatusCode < 500)
        {
            Refused(open, id, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        return answer.Headers.RetryAfter?.Delta;
    }

    private async Task<TimeSpan?> ImportAsync(Dictionary<string, int> open, CancellationToken cancellation)
    {
        try
        {
            await foreach (var outcome in _lines.SendAsync([.. open.Values.Select(number => _sales.Of(number).Posted)], cancellation))
            {
                Take(open, outcome.SaleId, outcome.Status == SaleStatus.Issued, outcome.Number, outcome.Code);
            }
        }
        catch (HttpRequestException exception) when (exception.StatusCode is { } status)
        {
            _answers.Note($"Lines answered {(int)status}");
            return status == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(1) : null;
        }

        return null;
    }

    private async Task<TimeSpan?> StreamAsync(Dictionary<string, int> open, CancellationToken cancellation)
    {
        var headers = new Metadata { { "authorization", $"Bearer {_target.ApiKey}" } };
        using var call = new Rpc.Sales.SalesClient(_rpc.Value).Import(headers, cancellationToken: cancellation);
        var sending = WriteAsync(call.RequestStream, [.. open.Values], cancellation);
        await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellation))
        {
            Take(open, answer.SaleId, answer.Status == "issued", answer.HasNumber ? answer.Number : null, answer.Code);
        }

        await sending;
        return null;
    }

    private async Task WriteAsync(IClientStreamWriter<Rpc.Sale> stream, int[] numbers, CancellationToken cancellation)
    {
        try
        {
            foreach (var number in numbers)
            {
                // The message's JSON form has the contract's names.
                await stream.WriteAsync(Parser.Parse<Rpc.Sale>(Encoding.UTF8.GetString(_sales.JsonOf(number))), cancellation);
            }

            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // The call has ended; reading its answers tells why.
        }
    }

    /// <summary>Publishes until the broker has each, once, and then looks until each has become an invoice: what a broker confirmed is not lost.</summary>
    private async Task<TimeSpan?> PublishAsync(Dictionary<string, int> open, CancellationToken cancellation)
    {
        foreach (var (id, number) in open)
        {
            for (var isConfirmed = false; !isConfirmed; )
            {
                try
                {
                    var channel = await OpenBusAsync(cancellation);
                    await channel.BasicPublishAsync(
                        SalePosted.Exchange,
                        routingKey: "",
                        mandatory: true,
                        new BasicProperties
                        {
                            ContentType = "application/json",
                            Type = SalePosted.Exchange,
                            MessageId = $"{_target.SellerId}:{id}",
                            DeliveryMode = DeliveryModes.Persistent,
                            Headers = new Dictionary<string, object?> { ["Authorization"] = $"Bearer {_target.ApiKey}" },
                        },
                        _sales.JsonOf(number),
                        cancellation
                    );
                    isConfirmed = true;
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    _answers.Note($"Bus broke: {exception.GetType().Name}");
                    await CloseBusAsync();
                    await Task.Delay(LooksEvery, cancellation);
                }
            }
        }

        for (var last = Stopwatch.GetTimestamp(); open.Count > 0; )
        {
            await Task.Delay(LooksEvery, cancellation);
            var before = open.Count;
            try
            {
                foreach (var (id, number) in await _target.NumbersOfSalesAsync([.. open.Keys], cancellation))
                {
                    Answered(open, id, number, isNew: null);
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                _answers.Note($"Look broke: {exception.GetType().Name}");
            }

            last = open.Count < before ? Stopwatch.GetTimestamp() : last;
            if (Stopwatch.GetElapsedTime(last) > GivesUpAfter)
            {
                throw new CommandFailed(
                    $"the broker confirmed {open.First().Key}, and for {GivesUpAfter.TotalMinutes:0} minutes it has no invoice"
                );
            }
        }

        return null;
    }

    private void Take(Dictionary<string, int> open, string id, bool isNew, string? number, string? code)
    {
        if (number is not null)
        {
            Answered(open, id, number, isNew);
        }
        else if (
            code is not null
            && (code.StartsWith("AWAY-", StringComparison.Ordinal) || code.StartsWith("RATE-", StringComparison.Ordinal))
        )
        {
            _answers.Note($"a line answered {code}");
        }
        else
        {
            Refused(open, id, code ?? "refused without a code");
        }
    }

    private void Answered(Dictionary<string, int> open, string id, string number, bool? isNew)
    {
        if (open.Remove(id, out var sale))
        {
            _answers.Answer(sale, number, isNew);
        }
    }

    private void Refused(Dictionary<string, int> open, string id, string why)
    {
        if (open.Remove(id, out var sale))
        {
            _answers.Refuse(sale, why);
        }
    }

    private async Task<IChannel> OpenBusAsync(CancellationToken cancellation)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await CloseBusAsync();
        _connection = await new Broker(_target.System().Messaging!).ConnectAsync(cancellation);
        return _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation
        );
    }

    private async Task CloseBusAsync()
    {
        _channel = null;
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception exception)
                when (exception is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or TimeoutException)
            {
                // It was gone already.
            }
        }
    }

    private sealed record Told
    {
        public required string Number { get; init; }

        public required ToldTotals Totals { get; init; }
    }

    private sealed record ToldTotals
    {
        public required decimal TotalWithVat { get; init; }
    }
}
