using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Running;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Retail.Replay;

/// <summary>The bidirectional stream Sales/Import.</summary>
public sealed class GrpcDoor(Uri address, string apiKey) : ISaleDoor
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        address,
        new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            DisposeHttpClient = true,
        }
    );

    /// <inheritdoc />
    public async IAsyncEnumerable<SaleOutcome> SendAsync(
        IReadOnlyList<SalePosted> sales,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var headers = new Metadata { { "authorization", $"Bearer {apiKey}" } };
        using var call = new Rpc.Sales.SalesClient(_channel).Import(headers, cancellationToken: cancellation);
        var sending = WriteAsync(call.RequestStream, sales, cancellation);
        while (await NextAsync(call.ResponseStream, cancellation) is { } answer)
        {
            yield return new SaleOutcome
            {
                SaleId = answer.SaleId,
                Status = Enum.Parse<SaleStatus>(answer.Status, ignoreCase: true),
                InvoiceId = answer.HasInvoiceId ? answer.InvoiceId : null,
                Number = answer.HasNumber ? answer.Number : null,
                Code = answer.HasCode ? answer.Code : null,
                Detail = answer.HasDetail ? answer.Detail : null,
            };
        }

        await sending;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return default;
    }

    private static async Task WriteAsync(
        IClientStreamWriter<Rpc.Sale> stream,
        IReadOnlyList<SalePosted> sales,
        CancellationToken cancellation
    )
    {
        try
        {
            foreach (var sale in sales)
            {
                await stream.WriteAsync(Message(sale), cancellation);
            }

            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // The call has ended; reading its answers tells why.
        }
    }

    private static async Task<Rpc.SaleAnswer?> NextAsync(IAsyncStreamReader<Rpc.SaleAnswer> answers, CancellationToken cancellation)
    {
        try
        {
            return await answers.MoveNext(cancellation) ? answers.Current : null;
        }
        catch (RpcException exception)
            when (exception.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented)
        {
            throw new CommandFailed($"Sales/Import answers {exception.Status}");
        }
    }

    private static Rpc.Sale Message(SalePosted sale)
    {
        var message = new Rpc.Sale
        {
            SaleId = sale.SaleId.Value,
            StoreId = sale.StoreId.Value,
            Channel = JsonNamingPolicy.KebabCaseLower.ConvertName(sale.Channel.ToString()),
            OccurredAt = sale.OccurredAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            Currency = sale.Currency.Code,
            PricesIncludeVat = sale.PricesIncludeVat,
        };
        foreach (var line in sale.Lines)
        {
            var vat = new Rpc.Vat { Category = line.Vat.Category };
            if (line.Vat.Rate is { } rate)
            {
                vat.Rate = Text(rate);
            }

            message.Lines.Add(
                new Rpc.SaleLine
                {
                    Sku = line.Sku,
                    Name = line.Name,
                    Quantity = Text(line.Quantity),
                    UnitPrice = Text(line.UnitPrice),
                    Vat = vat,
                }
            );
        }

        foreach (var payment in sale.Payments)
        {
            message.Payments.Add(
                new Rpc.SalePayment
                {
                    Means = JsonNamingPolicy.KebabCaseLower.ConvertName(payment.Means.ToString()),
                    Amount = Text(payment.Amount),
                }
            );
        }

        if (sale.Buyer is { Address: { } address } buyer)
        {
            message.Buyer = new Rpc.Buyer
            {
                CustomerId = buyer.CustomerId!.Value.Value,
                Name = buyer.Name,
                TaxId = buyer.TaxId,
                Email = buyer.Email,
                Address = new Rpc.Address
                {
                    Line1 = address.Line1,
                    PostalCode = address.PostalCode,
                    City = address.City,
                    Region = address.Region,
                    Country = address.Country,
                },
            };
        }

        if (sale.ReturnOf?.SaleId is { } original)
        {
            message.ReturnOf = new Rpc.ReturnReference { SaleId = original.Value };
        }

        return message;
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
