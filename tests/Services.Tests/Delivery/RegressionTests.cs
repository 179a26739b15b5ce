using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class RegressionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    public void The_weights_are_those_of_each_product_s_own_least_squares(int products)
    {
        var random = new Random(products);
        var baskets = Enumerable
            .Range(0, 200)
            .Select(_ => Enumerable.Range(0, products).Select(_ => random.Next(4) / 3).ToArray())
            .ToArray();
        double Sum(int one, int other) => baskets.Sum(basket => basket[one] * basket[other]) + (one == other ? 2 : 0);

        var weights = Regression.WeightsOfLast([
            .. Enumerable.Range(0, products).Select(i => Enumerable.Range(0, i + 1).Select(j => Sum(i, j)).ToArray()),
        ]);

        Assert.Equal(products - 1, weights.Length);
        for (var j = 0; j < products - 1; j++)
        {
            var others = Enumerable.Range(0, products).Where(each => each != j).ToArray();
            var solved = Solve([.. others.Select(one => (double[])[.. others.Select(other => Sum(one, other)), Sum(one, j)])]);
            Assert.Equal(solved[^1], weights[j], 9);
        }
    }

    [Fact]
    public void Products_that_were_never_sold_apart_have_weights_all_the_same()
    {
        // Without a ridge there is nothing to tell them apart by.
        var weights = Regression.WeightsOfLast([
            [3],
            [3, 3],
            [3, 3, 3],
        ]);

        Assert.All(weights, weight => Assert.True(double.IsFinite(weight)));
    }

    /// <summary>By elimination; the right side stands last in each row.</summary>
    private static double[] Solve(double[][] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var row in rows.Where((_, at) => at != i))
            {
                var times = row[i] / rows[i][i];
                for (var k = i; k < row.Length; k++)
                {
                    row[k] -= times * rows[i][k];
                }
            }
        }

        return [.. rows.Select((row, i) => row[^1] / row[i])];
    }
}
