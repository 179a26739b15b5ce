using System.Net;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// HTML that shows and does nothing else: no script, no form, no frame, nothing from elsewhere. What is not known to be so is refused, and
/// so is what browsers read in more ways than one.
/// </summary>
public static class CleanHtml
{
    private static readonly HashSet<string> Elements =
    [
        .. "a abbr address article aside b blockquote body br caption center col colgroup dd div dl dt em figcaption figure footer".Split(
            ' '
        ),
        .. "h1 h2 h3 h4 h5 h6 head header hr html i img li main meta ol p path rect s section small span strong style sub sup".Split(' '),
        .. "svg table tbody td tfoot th thead time title tr u ul".Split(' '),
    ];

    private static readonly HashSet<string> Attributes =
    [
        .. "align alt bgcolor border cellpadding cellspacing charset class colspan content d datetime dir fill height href id lang".Split(
            ' '
        ),
        .. "media name rel role rowspan scope shape-rendering src style target title type valign viewbox width x y".Split(' '),
    ];

    private static readonly string[] Loads =
    [
        "url(",
        "@import",
        "image(",
        "src(",
        "image-set",
        "expression",
        "behavior",
        "-moz-binding",
        "@font-face",
        "@namespace",
        "javascript",
    ];

    private static readonly string[] Unseen = ["title", "style"];
    private static readonly string[] MetaNames = ["color-scheme", "format-detection", "supported-color-schemes", "viewport"];
    private static readonly string[] WaysOut = ["https://", "http://", "mailto:", "tel:", "#"];
    private static readonly string[] Pictures = ["data:image/png;base64,", "data:image/jpeg;base64,", "cid:"];

    /// <summary>The first thing that HTML may not have; nothing where all of it only shows.</summary>
    public static string? Refuse(string html)
    {
        var at = 0;
        while (at < html.Length)
        {
            var open = html.IndexOf('<', at);
            if (Unsound(html.AsSpan(at, (open < 0 ? html.Length : open) - at)) is { } character)
            {
                return character;
            }

            if (open < 0)
            {
                return null;
            }

            if (html.AsSpan(open).StartsWith("<!doctype html>", StringComparison.OrdinalIgnoreCase))
            {
                at = open + "<!doctype html>".Length;
                continue;
            }

            if (RefuseTag(html, open, out at, out var name) is { } refused)
            {
                return refused;
            }

            if (name == "style")
            {
                var close = html.IndexOf("</style>", at, StringComparison.OrdinalIgnoreCase);
                if (close < 0)
                {
                    return "<style>";
                }

                if (RefuseStyle(html.AsSpan(at, close - at), inAttribute: false) is { } style)
                {
                    return style;
                }

                at = close;
            }
        }

        return null;
    }

    /// <summary>What a reader sees of clean HTML, encoded as it stands there: all but tags, titles and styles.</summary>
    public static string TextOf(string html)
    {
        var text = new StringBuilder(html.Length);
        var at = 0;
        while (at < html.Length)
        {
            var open = html.IndexOf('<', at);
            text.Append(html, at, (open < 0 ? html.Length : open) - at);
            var close = open < 0 ? -1 : html.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            at = close + 1;
            foreach (var unseen in Unseen)
            {
                if (html.AsSpan(open + 1).StartsWith(unseen, StringComparison.OrdinalIgnoreCase))
                {
                    var over = html.IndexOf($"</{unseen}", at, StringComparison.OrdinalIgnoreCase);
                    at = over < 0 ? html.Length : over;
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Reads one tag; at is then what follows it, and name the element it opens.</summary>
    private static string? RefuseTag(string html, int open, out int at, out string name)
    {
        name = "";
        at = open + 1;
        var isEnd = at < html.Length && html[at] == '/';
        at += isEnd ? 1 : 0;
        var start = at;
        while (at < html.Length && char.IsAsciiLetterOrDigit(html[at]))
        {
            at++;
        }

        var element = html[start..at].ToLowerInvariant();
        if (!Elements.Contains(element))
        {
            return Shown(html, open);
        }

        name = isEnd ? "" : element;
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        while (at < html.Length)
        {
            var before = at;
            while (at < html.Length && html[at] is ' ' or '\n' or '\r' or '\t')
            {
                at++;
            }

            if (at < html.Length && html[at] == '>')
            {
                at++;
                return Refuse(element, given) is { } attribute ? $"<{element} {attribute}>" : null;
            }

            if (html.AsSpan(at).StartsWith("/>", StringComparison.Ordinal))
            {
                at++;
                continue;
            }

            if (isEnd || before == at || ReadAttribute(html, ref at, given) is false)
            {
                return Shown(html, open);
            }
        }

        return Shown(html, open);
    }

    /// <summary>Reads name="value"; false for every other form.</summary>
    private static bool ReadAttribute(string html, ref int at, Dictionary<string, string> given)
    {
        var start = at;
        while (at < html.Length && (char.IsAsciiLetterOrDigit(html[at]) || html[at] is '-'))
        {
            at++;
        }

        var name = html[start..at].ToLowerInvariant();
        if (name.Length == 0 || at + 1 >= html.Length || html[at] != '=' || html[at + 1] is not ('"' or '\''))
        {
            return false;
        }

        var quote = html[at + 1];
        var end = html.IndexOf(quote, at + 2);
        if (end < 0)
        {
            return false;
        }

        var value = html[(at + 2)..end];
        at = end + 1;
        return !value.Contains('<', StringComparison.Ordinal)
            && !value.Contains('>', StringComparison.Ordinal)
            && Unsound(value) is null
            && given.TryAdd(name, value);
    }

    private static string? Refuse(string element, Dictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if (!Attributes.Contains(name) && !name.StartsWith("aria-", StringComparison.Ordinal))
            {
                return name;
            }

            var read = WebUtility.HtmlDecode(value).Trim();
            var isFine = name switch
            {
                "href" => element == "a" && Array.Exists(WaysOut, way => read.StartsWith(way, StringComparison.OrdinalIgnoreCase)),
                "src" => element == "img" && Array.Exists(Pictures, way => read.StartsWith(way, StringComparison.OrdinalIgnoreCase)),
                "style" => RefuseStyle(value, inAttribute: true) is null,
                "name" or "content" or "charset" => element == "meta",
                _ => true,
            };
            if (!isFine)
            {
                return $"{name}=\"{(value.Length > 60 ? value[..60] + "…" : value)}\"";
            }
        }

        return element == "meta" && attributes.TryGetValue("name", out var meta) && !MetaNames.Contains(meta) ? $"name=\"{meta}\"" : null;
    }

    /// <summary>Styles neither load nor hide what they say behind escapes, comments or entities.</summary>
    private static string? RefuseStyle(ReadOnlySpan<char> style, bool inAttribute)
    {
        if (style.IndexOfAny("\\<&") is >= 0 and var at)
        {
            return $"style {style[at]}";
        }

        if (inAttribute && style.Contains("/*", StringComparison.Ordinal))
        {
            return "style /*";
        }

        foreach (var loads in Loads)
        {
            if (style.Contains(loads, StringComparison.OrdinalIgnoreCase))
            {
                return $"style {loads}";
            }
        }

        return null;
    }

    private static string? Unsound(ReadOnlySpan<char> text)
    {
        foreach (var each in text)
        {
            if (char.IsControl(each) && each is not ('\n' or '\r' or '\t'))
            {
                return $"U+{(int)each:X4}";
            }
        }

        return null;
    }

    private static string Shown(string html, int open)
    {
        var end = html.IndexOf('>', open);
        var length = Math.Min(60, (end < 0 ? html.Length : end + 1) - open);
        return html.Substring(open, length);
    }
}
