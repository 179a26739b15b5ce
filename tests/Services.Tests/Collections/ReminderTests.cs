using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>How often Payments is asked again.</summary>
public sealed class ReminderTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 15)]
    [InlineData(1000, 15)]
    public void What_is_on_its_way_is_asked_for_less_and_less_often(int attempts, int minutes)
    {
        var wait = Reminder.WaitsFor(new Balance { AmountDue = "121.00", InFlight = "121.00" }, attempts);

        Assert.Equal(("a payment is in flight", TimeSpan.FromMinutes(minutes)), (wait!.Because, wait.Pause));
    }

    [Fact]
    public void What_is_due_and_not_on_its_way_waits_for_nothing() =>
        Assert.Null(Reminder.WaitsFor(new Balance { AmountDue = "121.00", InFlight = "0.00" }, 0));
}
