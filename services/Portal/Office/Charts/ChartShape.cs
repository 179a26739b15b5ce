using System.Globalization;
using System.Net;
using System.Text;

namespace RetailInvoicing.Portal.Office.Charts;

/// <summary>A chart as the shapes of an SVG: bars from zero, lines for time, the period before pale behind, the figures that matter named.</summary>
public static class ChartShape
{
    /// <summary>The picture's width in its own units.</summary>
    public const int Width = 720;

    /// <summary>Its height.</summary>
    public const int Height = 220;

    private const int Top = 34;
    private const int Bottom = 184;
    private const int MostLabels = 7;
    private const int NamedApart = 170;

    /// <summary>The shapes within the SVG's own element; every text is escaped.</summary>
    public static string Of(ChartPart part)
    {
        var bars = part.Bars;
        if (bars.Count == 0)
        {
            return "";
        }

        var scale = new Scale(
            Math.Min(0m, bars.Min(bar => Math.Min(bar.Value, bar.Before ?? 0m))),
            Math.Max(0m, bars.Max(bar => Math.Max(bar.Value, bar.Before ?? 0m)))
        );
        var svg = new StringBuilder();
        if (part.IsLine)
        {
            Line(svg, bars, bar => bar.Before, scale, "before");
            Line(svg, bars, bar => bar.Value, scale, "now");
        }
        else
        {
            Bars(svg, bars, scale);
        }

        var zero = Number(scale.At(0m));
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" x2=\"{Width}\" y1=\"{zero}\" y2=\"{zero}\"/>");
        Labels(svg, bars);
        Named(svg, bars, scale);
        return svg.ToString();
    }

    private static void Bars(StringBuilder svg, IReadOnlyList<ChartBar> bars, Scale scale)
    {
        var room = (decimal)Width / bars.Count;
        var wide = Math.Min(48m, room * 0.7m);
        for (var i = 0; i < bars.Count; i++)
        {
            var middle = Middle(i, bars.Count);
            if (bars[i].Before is { } before)
            {
                Bar(svg, "before", middle - wide / 2m - room * 0.08m, wide, before, scale, $"{bars[i].Label}: {bars[i].SaidBefore}");
            }

            Bar(svg, "now", middle - wide / 2m, wide, bars[i].Value, scale, $"{bars[i].Label}: {bars[i].Said}");
        }
    }

    private static void Bar(StringBuilder svg, string kind, decimal x, decimal wide, decimal value, Scale scale, string told)
    {
        var (from, to) = (scale.At(Math.Max(0m, value)), scale.At(Math.Min(0m, value)));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{kind}\" x=\"{Number(x)}\" y=\"{Number(from)}\" width=\"{Number(wide)}\" height=\"{Number(to - from)}\">"
        );
        svg.Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(told)}</title></rect>");
    }

    private static void Line(StringBuilder svg, IReadOnlyList<ChartBar> bars, Func<ChartBar, decimal?> of, Scale scale, string kind)
    {
        var points = bars.Select((bar, i) => (X: Middle(i, bars.Count), Y: of(bar)))
            .Where(point => point.Y is not null)
            .Select(point => $"{Number(point.X)},{Number(scale.At(point.Y!.Value))}")
            .ToList();
        if (points.Count > 0)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{kind}\" points=\"{string.Join(' ', points)}\"/>");
        }
    }

    /// <summary>As many words under the line as stand apart on a telephone.</summary>
    private static void Labels(StringBuilder svg, IReadOnlyList<ChartBar> bars)
    {
        var step = (bars.Count + MostLabels - 1) / MostLabels;
        for (var i = 0; i < bars.Count; i += step)
        {
            Text(svg, Middle(i, bars.Count), Height - 10, bars[i].Label, bars.Count);
        }
    }

    /// <summary>The highest figure and the last one say how much they are.</summary>
    private static void Named(StringBuilder svg, IReadOnlyList<ChartBar> bars, Scale scale)
    {
        var highest = 0;
        for (var i = 1; i < bars.Count; i++)
        {
            highest = bars[i].Value > bars[highest].Value ? i : highest;
        }

        Name(highest);
        var last = bars.Count - 1;
        if (Math.Abs(Middle(last, bars.Count) - Middle(highest, bars.Count)) > NamedApart)
        {
            Name(last);
        }

        void Name(int at)
        {
            if (bars[at].Value != 0m)
            {
                Text(svg, Middle(at, bars.Count), scale.At(Math.Max(0m, bars[at].Value)) - 8m, bars[at].Said, bars.Count);
            }
        }
    }

    private static void Text(StringBuilder svg, decimal x, decimal y, string said, int count)
    {
        var anchor =
            x < 80m && count > 1 ? "start"
            : x > Width - 80m && count > 1 ? "end"
            : "middle";
        var at =
            anchor == "start" ? 2m
            : anchor == "end" ? Width - 2m
            : x;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Number(at)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(said)}</text>"
        );
    }

    private static decimal Middle(int at, int count) => (at + 0.5m) * Width / count;

    private static string Number(decimal number) =>
        decimal.Round(number, 1, MidpointRounding.AwayFromZero).ToString("0.#", CultureInfo.InvariantCulture);

    private sealed record Scale(decimal Low, decimal High)
    {
        public decimal At(decimal value) => High == Low ? Bottom : Bottom - (value - Low) * (Bottom - Top) / (High - Low);
    }
}
