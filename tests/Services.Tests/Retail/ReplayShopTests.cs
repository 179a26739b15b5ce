using System.Runtime.CompilerServices;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Replay;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>Posting the shop's numbers through doors that break.</summary>
public sealed class ReplayShopTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_door_that_breaks_in_the_middle_gets_again_what_it_did_not_answer()
    {
        var till = new Till { BreaksAfter = [3, 0, 1] };

        var tally = await ReplayAsync(till, [.. Enumerable.Range(1, 10).Select(i => Sale($"{i}", "A", 1, 2m))]);

        Assert.Equal((10, 10, 0), (tally.Read, tally.Issued, tally.Repeated));
        Assert.Equal(20m, tally.TotalWithVat);
        Assert.Equal(10, till.Issued.Count);
        Assert.Empty(tally.Unexpected);
    }

    [Fact]
    public async Task A_second_run_finds_everything_repeated_and_issues_nothing()
    {
        var till = new Till();
        ShopNumber[] numbers = [Sale("1", "A", 5, 2m, "7"), Sale("C2", "A", -1, 2m, "7"), Sale("3", "A", 1, 2m)];
        await ReplayAsync(till, numbers);

        var again = await ReplayAsync(till, numbers);

        Assert.Equal((3, 0, 3), (again.Read, again.Issued, again.Repeated));
        Assert.Equal(0m, again.TotalWithVat);
    }

    [Fact]
    public async Task A_return_is_sent_after_its_original_was_answered_and_names_it()
    {
        var till = new Till();

        var tally = await ReplayAsync(
            till,
            [Sale("1", "A", 5, 2m, "7"), Sale("2", "B", 5, 2m, "8"), Sale("C3", "A", -2, 2m, "7"), Sale("C4", "A", -4, 2m, "7")]
        );

        Assert.Equal("1", till.Issued["C3"].ReturnOf!.SaleId!.Value.Value);
        // Of five pieces two came back before, so four more cannot be of that sale.
        Assert.Null(till.Issued["C4"].ReturnOf);
        Assert.Equal((1, 1), (tally.WithOriginal, tally.Blind));
        Assert.Equal(
            [
                ["1", "2"],
                ["C3"],
                ["C4"],
            ],
            till.Batches
        );
    }

    [Fact]
    public async Task A_refused_sale_is_no_original()
    {
        var till = new Till { Refuses = { ["1"] = "INV-OTHER-01" } };

        var tally = await ReplayAsync(till, [Sale("1", "A", 5, 2m, "7"), Sale("C2", "A", -1, 2m, "7")]);

        Assert.Null(till.Issued["C2"].ReturnOf);
        Assert.Equal(1, tally.Refused["INV-OTHER-01"]);
        Assert.Single(tally.Unexpected);
    }

    [Fact]
    public async Task What_a_till_would_never_post_is_refused_here_with_a_code_and_the_ticket_limit_by_Invoicing()
    {
        var till = new Till { Refuses = { ["4"] = Tally.OverTicketLimit } };

        var tally = await ReplayAsync(
            till,
            [Sale("A1", "B", 1, 100m), Sale("2", "A", -5, 0m), Sale("3", "A", 1, 2m), Sale("4", "A", 1, 3000.01m)]
        );

        Assert.Equal((4, 1), (tally.Read, tally.Issued));
        Assert.Equal(
            new Dictionary<string, int>
            {
                [Tally.OverTicketLimit] = 1,
                [ShopNumber.BadDebtAdjustment] = 1,
                [ShopNumber.StockAdjustment] = 1,
            },
            tally.Refused
        );
        Assert.Empty(tally.Unexpected);
        Assert.Equal(["3"], till.Issued.Keys);
    }

    [Fact]
    public async Task Away_is_no_refusal_of_a_sale()
    {
        var till = new Till { AwayFor = 3 };

        var tally = await ReplayAsync(till, [Sale("1", "A", 1, 2m)]);

        Assert.Equal((1, 1), (tally.Read, tally.Issued));
        Assert.Empty(tally.Refused);
    }

    private static Task<Tally> ReplayAsync(Till till, IReadOnlyList<ShopNumber> numbers) =>
        new ReplayShop(till, till.IssuedAtAsync, Start, TimeProvider.System).RunAsync(
            numbers,
            speed: null,
            (_, _) => { },
            TestContext.Current.CancellationToken
        );

    private static ShopNumber Sale(string no, string code, decimal quantity, decimal price, string? customer = null) =>
        ShopNumber
            .Of([
                new ShopLine
                {
                    InvoiceNo = no,
                    StockCode = code,
                    Description = "THING",
                    Quantity = quantity,
                    UnitPrice = price,
                    InvoiceDate = new DateTime(2010, 12, 1, 10, 0, 0, DateTimeKind.Unspecified),
                    CustomerId = customer,
                },
            ])
            .Single();

    /// <summary>Issues what it is sent, answers what it likes, and breaks when told to.</summary>
    private sealed class Till : ISaleDoor
    {
        private int _calls;

        public int[] BreaksAfter { get; init; } = [];

        public int AwayFor { get; init; }

        public Dictionary<string, string> Refuses { get; } = [];

        public Dictionary<string, SalePosted> Issued { get; } = [];

        public List<string[]> Batches { get; } = [];

        public async IAsyncEnumerable<SaleOutcome> SendAsync(
            IReadOnlyList<SalePosted> sales,
            [EnumeratorCancellation] CancellationToken cancellation
        )
        {
            await Task.Yield();
            var call = _calls++;
            Batches.Add([.. sales.Select(sale => sale.SaleId.Value)]);
            for (var i = 0; i < sales.Count; i++)
            {
                var saleId = sales[i].SaleId.Value;
                if (call < AwayFor)
                {
                    yield return new SaleOutcome
                    {
                        SaleId = saleId,
                        Status = SaleStatus.Refused,
                        Code = "AWAY-01",
                    };
                    continue;
                }

                if (Refuses.TryGetValue(saleId, out var code))
                {
                    yield return new SaleOutcome
                    {
                        SaleId = saleId,
                        Status = SaleStatus.Refused,
                        Code = code,
                    };
                    continue;
                }

                var isNew = Issued.TryAdd(saleId, sales[i]);
                if (call < BreaksAfter.Length && i == BreaksAfter[call])
                {
                    // Issued, and dead before it could say so.
                    throw new IOException("the door broke");
                }

                yield return new SaleOutcome { SaleId = saleId, Status = isNew ? SaleStatus.Issued : SaleStatus.Repeated };
            }
        }

        public Task<DateTimeOffset?> IssuedAtAsync(string saleId, CancellationToken cancellation) =>
            Task.FromResult<DateTimeOffset?>(Issued.ContainsKey(saleId) ? Start : null);

        public ValueTask DisposeAsync() => default;
    }
}
