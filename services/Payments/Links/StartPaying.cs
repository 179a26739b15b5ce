using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// A payer's press of a page's button begins a checkout for those invoices that this payer may pay, and for no others; pressed again, or
/// after going back, it is the same one.
/// </summary>
public sealed class StartPaying(VerifyPayer verifyPayer, FindOpenItems openItems, StartCheckout startCheckout)
{
    private const char AfterPageKey = '-';

    /// <summary>What was pressed.</summary>
    public sealed record Request
    {
        /// <summary>What is paid, the page's own invoice first; none by a link to everything open.</summary>
        public required IReadOnlyList<InvoiceId> Invoices { get; init; }

        /// <summary>Everything that can be paid together with it.</summary>
        public required bool AllOpen { get; init; }

        /// <summary>The page's key.</summary>
        public required string Key { get; init; }

        /// <summary>What the payer wants to pay with.</summary>
        public required PaymentMeans Means { get; init; }

        /// <summary>The page's language.</summary>
        public required string Language { get; init; }

        /// <summary>Where the payer comes back to, a path of the web front.</summary>
        public required string ReturnPath { get; init; }
    }

    /// <summary>Begins it.</summary>
    public async Task<Outcome<CheckoutReply>> HandleAsync(Payer payer, Request request, CancellationToken token)
    {
        if (await verifyPayer.RefuseAsync(payer, request.Invoices, token) is { } refused)
        {
            return refused;
        }

        var open = await openItems.HandleAsync(payer, token);
        var shown = request.Invoices.Count > 0 ? request.Invoices[0] : payer.InvoiceId;
        InvoiceId[] invoices = request.AllOpen
            ? [.. OpenItem.Together(open, shown).Select(item => item.InvoiceId)]
            : [.. request.Invoices.Distinct()];
        if (invoices.Length == 0)
        {
            return new CheckoutReply { AlreadyPaid = true };
        }

        var amounts = open.ToDictionary(item => item.InvoiceId, item => item.AmountDue);
        // The page's key alone would find the checkout of one invoice for who then wants to pay all, or of an amount that has changed.
        // Nor is it for who came by another link: the way back, which the provider is told, holds the link.
        var digest = OpenItem.DigestOf(invoices.Select(invoice => (invoice, amounts.GetValueOrDefault(invoice))), request.ReturnPath);
        var begun = await startCheckout.HandleAsync(
            payer.SellerId,
            invoices,
            $"{request.Key}{AfterPageKey}{digest}",
            request.Means,
            request.Language,
            request.ReturnPath,
            token,
            open.Where(item => item.LeftOut > 0m).ToDictionary(item => item.InvoiceId, item => item.LeftOut)
        );
        if (begun.Refused(out var why))
        {
            return why;
        }

        var started = begun.Value;
        var reply = new CheckoutReply
        {
            CheckoutId = started.CheckoutId?.ToString() ?? "",
            Address = started.Address?.AbsoluteUri ?? "",
            AlreadyPaid = started.AlreadyPaid,
        };
        foreach (var (name, value) in started.Fields ?? new Dictionary<string, string>())
        {
            reply.Fields.Add(new CheckoutField { Name = name, Value = value });
        }

        return reply;
    }

    /// <summary>Whether it can be a page's key: letters and digits, at most 64.</summary>
    public static bool IsPageKey(string key) => key.Length is > 0 and <= 64 && key.All(char.IsAsciiLetterOrDigit);

    /// <summary>The page's key that a checkout was begun with.</summary>
    public static string? PageKeyOf(string? checkoutKey) =>
        checkoutKey?.Split(AfterPageKey) is [var page, _] && IsPageKey(page) ? page : null;
}
