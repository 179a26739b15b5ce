using System.Diagnostics.Metrics;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// What an invoice's mail offers beside the invoice: one campaign at most and three products that go with what was bought. Whoever has not
/// said yes, or has said no since, gets none of it, and none of it touches the invoice.
/// </summary>
public sealed partial class ComposeOffers(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    FindPromotions promotions,
    ShowCampaign campaigns,
    SuggestProducts suggestions,
    Neighbours neighbours,
    SignWithdrawals withdrawals,
    ILogger<ComposeOffers> log
)
{
    private const int MostSuggestions = 3;
    private const int LongestName = 80;

    private static readonly Counter<long> Composed = Telemetry.Meter.CreateCounter<long>("delivery.offers.composed");
    private static readonly Counter<long> LeftOut = Telemetry.Meter.CreateCounter<long>("delivery.offers.left_out");

    /// <summary>The offers for whoever the mail goes to, in the mail's language; none without consent, or where there are none.</summary>
    public async Task<OfferBlock?> RunAsync(InvoiceBody invoice, string recipient, string language, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("ComposeOffers");
        var isPurchase =
            invoice is { Kind: InvoiceKind.Full or InvoiceKind.Simplified, Status: InvoiceStatus.Issued, Totals.TotalWithVat: > 0m };
        if (!isPurchase || EmailKey.Of(recipient) is not { } email)
        {
            return null;
        }

        try
        {
            var block = await ForAsync(invoice, email, language, cancellationToken);
            if (block is not null)
            {
                Composed.Add(1);
            }

            return block;
        }
        catch (Exception surprise) when (!cancellationToken.IsCancellationRequested)
        {
            // No invoice waits for an offer: it goes without, and is counted.
            LeftOut.Add(1);
            LogLeftOut(surprise, invoice.InvoiceId);
            return null;
        }
    }

    private async Task<OfferBlock?> ForAsync(InvoiceBody invoice, string email, string language, CancellationToken cancellationToken)
    {
        string[] basket =
        [
            .. invoice
                .Lines.Where(line => line.Quantity > 0 && line.Sku is { Length: > 0 })
                .Select(line => line.Sku!)
                .Distinct(StringComparer.Ordinal),
        ];
        var promoted = await promotions.RunAsync(invoice.SellerId, SuggestProducts.MostPopular(basket, MostSuggestions), cancellationToken);
        var zone = promoted.Campaigns.Count > 0 ? await ZoneOfAsync(invoice.SellerId, cancellationToken) : TimeZoneInfo.Utc;
        var today = campaigns.Today(zone);
        KnownCampaign[] running = [.. promoted.Campaigns.Where(each => CampaignChoice.MayBeFor(each.Rules, invoice, today))];
        // Where nothing sells most, nothing has been sold.
        if (running.Length == 0 && promoted.Popular.Count == 0)
        {
            return null;
        }

        var to = new Consenter(invoice.SellerId, invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId, email);
        var purchase = new ShowCampaign.Purchase(invoice, CustomerKey.Of(to.CustomerId, email)!);
        if (await ReadAsync(to, purchase, basket, running, cancellationToken) is not { } read)
        {
            return null;
        }

        var words = OfferWords.For(language);
        var amounts = Words.For(language).Amounts;
        var sellerName = invoice.Seller.TradeName is { Length: > 0 } trade ? trade : invoice.Seller.Name;
        var suggested = suggestions.Choose(promoted, read.Sold, basket, MostSuggestions);
        // Last, since it takes from the campaign's budget.
        var campaign = await campaigns.RunAsync(invoice, purchase.Customer, zone, read.Showable, cancellationToken);
        var offers = new List<Offer>();
        if (campaign is not null)
        {
            var text = CampaignChoice.TextFor(campaign.Rules, words.Language);
            offers.Add(
                new Offer
                {
                    Title = text.Title,
                    Text = text.Text,
                    Code = campaign.Code,
                    Until = OfferWords.Said(words.Until, amounts.LongDate(campaign.Until)),
                    Because = CampaignChoice.Reason(campaign.Rules, invoice) is { } bought
                        ? OfferWords.Said(words.BecauseBought, PlainText.Short(bought.Name, LongestName))
                        : OfferWords.Said(words.BecauseCustomer, sellerName),
                    Url = campaign.Rules.Url,
                }
            );
        }

        offers.AddRange(
            suggested
                .Where(each => !basket.Contains(each.Sku, StringComparer.Ordinal))
                .Take(MostSuggestions)
                .Select(each => new Offer
                {
                    Title = PlainText.Short(each.Name, LongestName),
                    Because = each.BecauseOf is { Length: > 0 } bought
                        ? OfferWords.Said(words.BecauseBought, PlainText.Short(bought, LongestName))
                        : OfferWords.Said(words.BecausePopular, sellerName),
                })
        );
        if (offers.Count == 0)
        {
            return null;
        }

        var stop = withdrawals.UrlOf(invoice.SellerId, email, to.CustomerId, words.Language);
        return new OfferBlock
        {
            Label = words.Label,
            Heading = words.Heading,
            Offers = offers,
            StopWords = words.StopWords,
            StopUrl = stop,
            OneClickUrl = stop,
        };
    }

    /// <summary>All that is to be known of a customer and a basket, in one round trip; nothing where offers may not go there.</summary>
    private async Task<Read?> ReadAsync(
        Consenter to,
        ShowCampaign.Purchase purchase,
        string[] basket,
        KnownCampaign[] running,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        GetConsent.Ask(batch, to);
        SuggestProducts.Ask(batch, to.SellerId, basket, MostSuggestions, to);
        if (running.Length > 0)
        {
            ShowCampaign.Ask(batch, purchase, running, to);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await GetConsent.ReadAsync(reader, to, cancellationToken))
        {
            return null;
        }

        await reader.NextResultAsync(cancellationToken);
        var sold = await SuggestProducts.ReadAsync(reader, cancellationToken);
        if (running.Length == 0)
        {
            return new Read(sold, ShowCampaign.Showable.Nothing);
        }

        await reader.NextResultAsync(cancellationToken);
        return new Read(sold, await ShowCampaign.ReadAsync(reader, running, cancellationToken));
    }

    private async Task<TimeZoneInfo> ZoneOfAsync(SellerId id, CancellationToken cancellationToken) =>
        await neighbours.SellerAsync(id, cancellationToken) is { } seller
        && TimeZoneInfo.TryFindSystemTimeZoneById(seller.TimeZone, out var zone)
            ? zone
            : TimeZoneInfo.Utc;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail of invoice {InvoiceId} goes without offers")]
    private partial void LogLeftOut(Exception exception, InvoiceId invoiceId);

    private sealed record Read(SuggestProducts.SoldBeside Sold, ShowCampaign.Showable Showable);
}
