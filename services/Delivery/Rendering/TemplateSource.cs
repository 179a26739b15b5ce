using System.Text;
using System.Text.RegularExpressions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// What a seller's Liquid may say: choices, one loop at a time over what the sheet has, and values with filters that make nothing much
/// longer. No variables, ranges, includes or captures: so what a template can do is bounded before anything runs it.
/// </summary>
public static partial class TemplateSource
{
    /// <summary>Longest source.</summary>
    public const int MostCharacters = 65_536;

    private const int MostTags = 2_000;
    private const int MostInTag = 500;
    private const int MostDeep = 12;

    private static readonly HashSet<string> Filters =
    [
        "append",
        "capitalize",
        "default",
        "downcase",
        "first",
        "last",
        "prepend",
        "size",
        "strip",
        "truncate",
        "upcase",
    ];

    private static readonly HashSet<string> Grammar =
    [
        "and",
        "blank",
        "empty",
        "false",
        "in",
        "limit",
        "nil",
        "null",
        "offset",
        "or",
        "reversed",
        "true",
    ];

    /// <summary>Why a source is not taken; nothing where it may be parsed. Roots are the values there are, members what those have.</summary>
    public static Fault? Refuse(string source, IReadOnlySet<string> roots, IReadOnlySet<string> members)
    {
        if (source.Length > MostCharacters)
        {
            return DeliveryFaults.TemplateTooLong.With(MostCharacters, new Said("characters", "caracteres"));
        }

        if (UnsoundAt(source) is { } unsound)
        {
            return DeliveryFaults.NotInTemplates.With(LineAt(source, unsound), $"U+{(int)source[unsound]:X4}");
        }

        var reading = new Reading(roots, members);
        var tags = 0;
        for (var at = Next(source, 0); at >= 0; )
        {
            var line = LineAt(source, at);
            if (++tags > MostTags)
            {
                return DeliveryFaults.TemplateTooLong.With(MostTags, new Said("tags and values", "etiquetas y valores"));
            }

            var isValue = source[at + 1] == '{';
            var inside = Inside(source, at, isValue, out var after);
            if (inside.Refused(out var open))
            {
                return open;
            }

            var fault = isValue ? reading.Value(inside.Value, line) : reading.Tag(inside.Value, line);
            if (fault is not null)
            {
                return fault;
            }

            at = Next(source, after);
        }

        return reading.End();
    }

    /// <summary>The first character that no text has: controls, and halves of pairs.</summary>
    private static int? UnsoundAt(string source)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var each = source[i];
            if (char.IsHighSurrogate(each) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(each) || (char.IsControl(each) && each is not ('\n' or '\r' or '\t')))
            {
                return i;
            }
        }

        return null;
    }

    private static int Next(string source, int from)
    {
        for (var i = from; i + 1 < source.Length; i++)
        {
            if (source[i] == '{' && source[i + 1] is '{' or '%')
            {
                return i;
            }
        }

        return -1;
    }

    private static int LineAt(string source, int at) => 1 + source.AsSpan(0, at).Count('\n');

    /// <summary>What stands between the marks, texts in quotes left out; the plain forms alone, so that there is one way to read it.</summary>
    private static Outcome<string> Inside(string source, int at, bool isValue, out int after)
    {
        var line = LineAt(source, at);
        var (mark, end) = isValue ? ("{{", '}') : ("{%", '%');
        var inside = new StringBuilder();
        var quote = '\0';
        after = source.Length;
        for (var i = at + 2; i < source.Length && i - at < MostInTag; i++)
        {
            var each = source[i];
            var isQuoted = quote != '\0';
            if (each is '\\' or '{' || (isQuoted && each is '}' or '%' or '\n'))
            {
                return DeliveryFaults.NotInTemplates.With(line, $"{each} ({mark})");
            }

            if (isQuoted)
            {
                quote = each == quote ? '\0' : quote;
            }
            else if (each is '\'' or '"')
            {
                quote = each;
                inside.Append(" ' ");
            }
            else if (each == end && i + 1 < source.Length && source[i + 1] == '}')
            {
                after = i + 2;
                return inside.ToString().Trim().Trim('-').Trim();
            }
            else if (each is '}' or '%' or '[' or ']' or '(' or ')')
            {
                return DeliveryFaults.NotInTemplates.With(line, $"{each} ({mark})");
            }
            else
            {
                inside.Append(each);
            }
        }

        return DeliveryFaults.NotInTemplates.With(line, new Said($"{mark} without its end", $"{mark} sin su final"));
    }

    [GeneratedRegex(@"\|\s*\w*")]
    private static partial Regex Filter();

    [GeneratedRegex(@"[^\W\d]\w*(\s*\.\s*\w+)*")]
    private static partial Regex ValuePath();

    [GeneratedRegex(@"^(?<item>[^\W\d]\w*)\s+in\s+(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Loop();

    /// <summary>What a refusal names, in both languages.</summary>
    private sealed record Said(string English, string Spanish) : ISaid
    {
        public string In(string? language) => language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Spanish : English;

        public override string ToString() => English;
    }

    /// <summary>How far a source is read: which blocks are open, and over what it loops.</summary>
    private sealed class Reading(IReadOnlySet<string> roots, IReadOnlySet<string> members)
    {
        private readonly Stack<string> _open = new();
        private string? _item;

        public Fault? Value(string text, int line)
        {
            foreach (var filter in Filter().EnumerateMatches(text))
            {
                var name = text.AsSpan(filter.Index + 1, filter.Length - 1).Trim().ToString();
                if (!Filters.Contains(name))
                {
                    return DeliveryFaults.NotInTemplates.With(line, $"| {name}");
                }
            }

            return Names(Filter().Replace(text, " "), line);
        }

        public Fault? Tag(string text, int line)
        {
            var length = 0;
            while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
            {
                length++;
            }

            var (name, rest) = (text[..length], text[length..].Trim());
            switch (name)
            {
                case "if" or "unless" or "case":
                    return Open(name, line) ?? Names(rest, line);
                case "for":
                    return For(rest, line);
                case "elsif" or "when":
                    return Names(rest, line);
                case "else" or "break" or "continue" when rest.Length == 0:
                    return null;
                case "endif" or "endunless" or "endcase" or "endfor" when rest.Length == 0:
                    if (_open.Count == 0 || _open.Pop() != name[3..])
                    {
                        return DeliveryFaults.BadTemplate.With($"{{% {name} %}} ({line})");
                    }

                    _item = name == "endfor" ? null : _item;
                    return null;
                default:
                    return DeliveryFaults.NotInTemplates.With(line, $"{{% {(name.Length > 0 ? name : text)} %}}");
            }
        }

        public Fault? End() => _open.Count > 0 ? DeliveryFaults.BadTemplate.With($"{{% end{_open.Peek()} %}}") : null;

        private Fault? For(string rest, int line)
        {
            if (_item is not null)
            {
                return DeliveryFaults.NotInTemplates.With(line, new Said("a loop inside a loop", "un bucle dentro de otro"));
            }

            if (Loop().Match(rest) is not { Success: true } loop)
            {
                return DeliveryFaults.BadTemplate.With($"{{% for {rest} %}} ({line})");
            }

            if (Open("for", line) is { } deep)
            {
                return deep;
            }

            _item = loop.Groups["item"].Value;
            return roots.Contains(_item) || Grammar.Contains(_item) || _item == "forloop"
                ? DeliveryFaults.NotInTemplates.With(line, $"{{% for {_item} in … %}}")
                : Names(loop.Groups["rest"].Value, line);
        }

        private Fault? Open(string name, int line)
        {
            _open.Push(name);
            return _open.Count > MostDeep
                ? DeliveryFaults.NotInTemplates.With(line, new Said($"blocks {MostDeep + 1} deep", $"bloques de {MostDeep + 1} niveles"))
                : null;
        }

        /// <summary>Every name is a value's, and what stands behind its dots are members of values.</summary>
        private Fault? Names(string text, int line)
        {
            if (text.Contains('|', StringComparison.Ordinal) || text.Contains("..", StringComparison.Ordinal))
            {
                return DeliveryFaults.NotInTemplates.With(line, text.Contains('|', StringComparison.Ordinal) ? "|" : "..");
            }

            foreach (Match path in ValuePath().Matches(text))
            {
                var names = path.Value.Split('.', StringSplitOptions.TrimEntries);
                var root = names[0];
                if (root == "contains")
                {
                    return DeliveryFaults.NotInTemplates.With(line, root);
                }

                var isKnown = roots.Contains(root) || root == _item || root == "forloop" || (names.Length == 1 && Grammar.Contains(root));
                if (!isKnown || !names.Skip(1).All(members.Contains))
                {
                    return DeliveryFaults.NoSuchValue.With(line, path.Value);
                }
            }

            return null;
        }
    }
}
