using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A seller sees whether a channel works before invoices go out on it: one message, now, and what the gateway said.</summary>
public sealed class SendTestMessage(OpenGateway open, AskGateway ask, Neighbours neighbours)
{
    private const int MostRecipient = 100;

    /// <summary>Sends it, whether the channel is on or off.</summary>
    public async Task<Outcome<TestedChannel>> RunAsync(
        SellerId sellerId,
        string channel,
        ChannelTest test,
        CancellationToken cancellationToken
    )
    {
        if (!OwnChannels.HasGateway(channel))
        {
            return DeliveryFaults.NoSuchChannel.With(channel);
        }

        var seller = await neighbours.SellerAsync(sellerId, cancellationToken);
        if (RecipientOf(channel, test.To, seller?.Address.Country) is not { } recipient)
        {
            return DeliveryFaults.ChannelRecipient.At("to", test.To.Length > MostRecipient ? "…" : test.To, channel);
        }

        var opened = await open.RunAsync(sellerId, channel, cancellationToken);
        if (opened.Refused(out var fault))
        {
            return fault;
        }

        var name =
            seller is null ? sellerId.Value
            : seller.TradeName is { Length: > 0 } trade ? trade
            : seller.Name;
        var text = ShortMessage.OfTest(name, Words.For(seller?.Language).Language).Text;
        var end = await ask.RunAsync(
            opened.Value,
            new WrittenShort(channel, recipient, text, $"test-{Guid.CreateVersion7():N}"),
            cancellationToken
        );
        return new TestedChannel
        {
            Outcome = end.End switch
            {
                HandOverEnd.Accepted => "accepted",
                HandOverEnd.Deferred => "deferred",
                HandOverEnd.Refused => "refused",
                _ => "unknown",
            },
            Text = text,
            Detail = end.Detail,
        };
    }

    private static string? RecipientOf(string channel, string to, string? country)
    {
        if (channel == OwnChannels.Webhook)
        {
            return to.Length is > 0 and <= MostRecipient && !to.Any(char.IsControl) ? to : null;
        }

        return PhoneNumber.TryParse(to, country, out var number) && number.TakesShortMessages ? number.Text : null;
    }
}
