namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// Which products explain another one when all of a neighbourhood explain it at once (least squares with a ridge): what two of them say
/// alike counts once, where a sum of similarities counts it twice.
/// </summary>
public static class Regression
{
    // Of two products that were never sold apart neither has anything left to say; rounding must not make it less than nothing.
    private const double Least = 1e-9;

    /// <summary>
    /// The weight of the last product in each other one's equation. `sums` has what each two were bought together and, on its diagonal,
    /// each one's own weight with the ridge; it is symmetric, read below its diagonal, and overwritten.
    /// </summary>
    public static double[] WeightsOfLast(double[][] sums)
    {
        // With P the inverse of the sums, product j is explained by i with the weight -P[i,j] / P[j,j]: one inverse has all equations.
        var size = sums.Length;
        Factorise(sums);
        var weights = new double[size - 1];
        var column = new double[size];
        for (var j = 0; j < size - 1; j++)
        {
            // A column of the inverse of the factor, whose products with each other are P.
            column[j] = 1 / sums[j][j];
            var squares = column[j] * column[j];
            for (var i = j + 1; i < size; i++)
            {
                column[i] = -Dot(sums[i], column, j, i) / sums[i][i];
                squares += column[i] * column[i];
            }

            weights[j] = -column[size - 1] / sums[size - 1][size - 1] / squares;
        }

        return weights;
    }

    /// <summary>Cholesky's, in place, below the diagonal and on it.</summary>
    private static void Factorise(double[][] sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var row = sums[i];
            for (var j = 0; j < i; j++)
            {
                row[j] = (row[j] - Dot(row, sums[j], 0, j)) / sums[j][j];
            }

            row[i] = Math.Sqrt(Math.Max(row[i] - Dot(row, row, 0, i), Least * row[i]));
        }
    }

    private static double Dot(double[] one, double[] other, int from, int to)
    {
        var sum = 0d;
        for (var k = from; k < to; k++)
        {
            sum += one[k] * other[k];
        }

        return sum;
    }
}
