using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>Whether what a person says is clear, and what it names.</summary>
public sealed partial class AcceptMatch
{
    private const int MostInvoices = 200;

    private const int LongestProvider = 30;

    private const string WhoseInvoices = """
        select invoice_id, number, customer_id from invoice where seller_id = @SellerId and invoice_id = any(@Invoices)
        """;

    /// <summary>What the person names, as a proposal: a customer where all of it is one's.</summary>
    private static async Task<Outcome<Proposal>> NamedAsync(NpgsqlTransaction transaction, SellerId seller, IReadOnlyList<Part> invoices)
    {
        var named = new { SellerId = seller, Invoices = invoices.Select(each => each.InvoiceId.Value).ToArray() };
        var known = (await transaction.Connection!.QueryAsync<Named>(WhoseInvoices, named, transaction)).ToDictionary(each =>
            each.InvoiceId
        );
        for (var i = 0; i < invoices.Count; i++)
        {
            if (!known.ContainsKey(invoices[i].InvoiceId))
            {
                return PaymentsFaults.NoInvoice.At($"invoices[{i}].invoiceId", invoices[i].InvoiceId) with { RetryAfter = 1 };
            }
        }

        return new Proposal
        {
            Kind = ProposalKind.Invoices,
            Confidence = Confidence.Certain,
            Score = 1m,
            CustomerId = known.Values.Select(each => each.CustomerId).Distinct().ToList() is [var one] ? one : null,
            Parts =
            [
                .. invoices.Select(each => new ProposalPart
                {
                    InvoiceId = each.InvoiceId,
                    Number = known[each.InvoiceId].Number,
                    Amount = each.Amount,
                }),
            ],
            Reasons = [],
        };
    }

    private static Fault? Check(Request request)
    {
        var said = new[] { request.Proposal is not null, request.Invoices is not null, request.Settlement is not null };
        if (said.Count(each => each) != 1)
        {
            return PaymentsFaults.UnclearMatch.With();
        }

        if (request.Invoices is { } invoices)
        {
            // A list may hold null, whatever its type says.
            var isClear =
                invoices.Count is > 0 and <= MostInvoices && invoices.DistinctBy(each => each?.InvoiceId).Count() == invoices.Count;
            if (!isClear || invoices.Any(each => each is null))
            {
                return PaymentsFaults.UnclearMatch.At("invoices");
            }

            var tooMuch = invoices.FirstOrDefault(each => each.Amount is <= 0m or >= 1_000_000_000m);
            return tooMuch is null ? null : Amounts.Check(tooMuch.Amount, Currency.Eur)! with { Path = "invoices" };
        }

        if (request.Settlement is { } settlement)
        {
            return
                settlement.Provider.Length is > 0 and <= LongestProvider
                && settlement.Provider.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-')
                && settlement.Fees is >= 0m and < 1_000_000m
                ? null
                : PaymentsFaults.BadSettlement.At("settlement");
        }

        return request.Proposal < 1 ? PaymentsFaults.NoProposal.At("proposal", 0) : null;
    }

    /// <summary>Whether it was matched so before: a second click asks for nothing.</summary>
    private static bool IsTheSame(KeptEntry entry, Request request)
    {
        var allocated = JsonSerializer.Deserialize<List<AllocatedPart>>(entry.Allocated ?? "[]", Wire.Tolerant) ?? [];
        return request switch
        {
            // Once it is matched nothing is proposed any more: whoever asks for a proposal saw it before.
            { Proposal: not null } => true,
            { Settlement: not null } => entry.MatchedAs == Decided.AsSettlement,
            { Invoices: { } invoices } => invoices.Count == allocated.Count
                && invoices.All(each => allocated.Exists(part => part.InvoiceId == each.InvoiceId && part.Amount == each.Amount)),
            _ => false,
        };
    }

    private sealed record Named
    {
        public InvoiceId InvoiceId { get; init; }

        public string Number { get; init; } = "";

        public CustomerId? CustomerId { get; init; }
    }
}
