using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>An open item and policies as the pure decisions take them: a business in Madrid that owes 121 EUR since 1 June 2026.</summary>
internal static class DunningSample
{
    public static readonly DateOnly DueDate = new(2026, 6, 1);

    public static readonly IReadOnlySet<(string Channel, string Address)> NothingClosed = new HashSet<(string, string)>();

    public static OpenItem Item(string place = "ES-28", DateOnly? due = null, decimal amount = 121m, string currency = "EUR") =>
        new()
        {
            SellerId = SellerId.Of("s1"),
            InvoiceId = InvoiceId.New(),
            Number = "F-1",
            CustomerKey = "c1",
            CustomerId = CustomerId.Of("c1"),
            CustomerName = "Clara Peñalver",
            Email = "Clara@example.com",
            Phone = "600123123",
            Language = "es",
            Business = true,
            StoreId = StoreId.Of("S01"),
            Place = place,
            SellerZone = "Europe/Madrid",
            Currency = Currency.Of(currency),
            TotalWithVat = amount,
            AmountDue = amount,
            DueDate = due ?? DueDate,
            IssueDate = (due ?? DueDate).AddDays(-30),
            OpenedAt = At("2026-05-02T10:00:00+02:00"),
            PaymentReference = "RF18539007547034",
        };

    public static StepBody Step(string name, int offset, string at = "10:00", string[]? channels = null) =>
        new()
        {
            Step = name,
            OffsetDays = offset,
            At = at,
            Channels = channels ?? ["email"],
        };

    public static PolicyBody Body(params StepBody[] steps) => new() { Name = "Todos", Steps = steps };

    public static Policy Policy(params StepBody[] steps) => RetailInvoicing.Collections.Policies.Policy.Of("p1", 1, Body(steps));

    /// <summary>As the clock says it: in UTC.</summary>
    public static DateTimeOffset At(string instant) =>
        DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime();

    public static Dictionary<string, StepStanding> Known(params (string Step, StepState State)[] steps) =>
        steps.ToDictionary(each => each.Step, each => new StepStanding { Step = each.Step, State = each.State });

    /// <summary>The decisions as words: step, verdict, reason.</summary>
    public static string Words(IEnumerable<StepDecision> decisions) =>
        string.Join(
            "; ",
            decisions.Select(each =>
                each.Verdict == StepVerdict.Send
                    ? $"{each.Step.Step} send {each.Channel}"
                    : $"{each.Step.Step} {each.Verdict.ToString().ToLowerInvariant()} {each.Reason}"
            )
        );
}
