using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What a customer's pages ask of Delivery about offers: which there are and why, and whether it wants any.</summary>
public sealed class AskPersonal(Ask ask, Personal.PersonalClient personal)
{
    private const string Service = "delivery";

    /// <summary>The offers beside an invoice; none where the customer wants none.</summary>
    public Task<Outcome<OffersReply>> OffersAsync(
        InvoiceId invoice,
        string language,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    ) =>
        ask.ForAsync(
            Service,
            customer,
            options => personal.OffersAsync(new GetOffers { InvoiceId = invoice.ToString(), Language = language }, options),
            cancellationToken
        );

    /// <summary>How the customer stands to a seller's offers.</summary>
    public Task<Outcome<ConsentReply>> ConsentAsync(CustomerId? known, OnBehalfOf customer, CancellationToken cancellationToken)
    {
        var question = new GetConsentOf();
        if (known is { } id)
        {
            question.CustomerId = id.Value;
        }

        return ask.ForAsync(Service, customer, options => personal.ConsentAsync(question, options), cancellationToken);
    }

    /// <summary>Says yes, or no more.</summary>
    public Task<Outcome<ConsentReply>> SayAsync(bool granted, CustomerId? known, OnBehalfOf customer, CancellationToken cancellationToken)
    {
        var word = new ConsentSaid { Granted = granted };
        if (known is { } id)
        {
            word.CustomerId = id.Value;
        }

        return ask.ForAsync(Service, customer, options => personal.SayConsentAsync(word, options), cancellationToken);
    }
}
