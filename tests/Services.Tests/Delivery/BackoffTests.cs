using RetailInvoicing.Delivery.Transmissions;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class BackoffTests
{
    [Fact]
    public void A_neighbour_that_is_away_for_long_does_not_use_up_what_a_message_is_given()
    {
        var counted = 0;
        for (var i = 0; i < 1_000; i++)
        {
            counted = Backoff.Counted(counted, isNeighbours: true);
        }

        Assert.Equal(8, counted);
        Assert.Equal(9, Backoff.Counted(counted, isNeighbours: false));
        Assert.Equal(9, Backoff.Counted(9, isNeighbours: true));
    }
}
