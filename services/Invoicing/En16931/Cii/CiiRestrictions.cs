using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>
/// What the core invoice leaves out of CII D16B, or has less often (CII-SR, CII-DT): over five hundred ways from some thirty places, kept as
/// a tree of names for each place that is followed where a document has such a place, so that their number costs nothing.
/// </summary>
internal static class CiiRestrictions
{
    private const string File = "rules/cii-restrictions.txt";
    private const string MoreNames = "rules/cii-names.txt";
    private static readonly Lazy<List<Place>> Read = new(() => [.. Written()]);

    /// <summary>The names that places and ways consist of.</summary>
    public static IEnumerable<string> Names =>
        Data.Lines(MoreNames)
            .SelectMany(line => line.Split(' '))
            .Concat(
                Data.Lines(File)
                    .SelectMany(line => (line[0] == '/' ? line : line.Split(' ')[^(IsCount(line) ? 2 : 1)]).Split('/'))
                    .Where(name => name.Length > 1 && !name.Contains('*', StringComparison.Ordinal))
            );

    /// <summary>The restrictions' rules.</summary>
    public static IEnumerable<Restriction> Rules => Read.Value.SelectMany(place => place.Rules).DistinctBy(rule => rule.Id);

    public static void Add(Places places)
    {
        var ofNames = new Dictionary<Name, List<Place>>();
        foreach (var place in Read.Value)
        {
            foreach (var name in place.LastNames)
            {
                if (!ofNames.TryGetValue(name, out var ofName))
                {
                    ofNames.Add(name, ofName = []);
                }

                ofName.Add(place);
            }
        }

        foreach (var (name, ofName) in ofNames)
        {
            Place[] inOrder = [.. ofName];
            places.At(
                name,
                (at, found) =>
                {
                    foreach (var place in inOrder)
                    {
                        if (place.Is(at))
                        {
                            place.Check(at, found);
                            return;
                        }
                    }
                }
            );
        }
    }

    private static bool IsCount(string line) => char.IsAsciiDigit(line[^1]) || line[^1] == '*';

    private static IEnumerable<Place> Written()
    {
        var (ways, rules) = (new List<string>(), new List<Restriction>());
        foreach (var line in Data.Lines(File).Append("/"))
        {
            if (line[0] == '/' && rules.Count > 0)
            {
                foreach (var way in ways)
                {
                    yield return new Place(way, rules);
                }

                (ways, rules) = ([], []);
            }

            switch (line[0])
            {
                case '/':
                    ways.Add(line);
                    break;
                case '-':
                    yield return new Place(ways[^1], []);
                    ways.RemoveAt(ways.Count - 1);
                    break;
                default:
                    var cells = line.Split(' ');
                    var (least, most) =
                        cells.Length == 3 ? (0, 0) : (cells[3][0] - '0', cells[3][^1] == '*' ? int.MaxValue : cells[3][^1] - '0');
                    rules.Add(
                        new Restriction(
                            cells[0],
                            cells[1] == "warning" ? Severity.Warning : Severity.Fatal,
                            [.. ways.Select(way => way == "/" ? "rsm:CrossIndustryInvoice" : way.Split('/')[^1])],
                            cells[2],
                            least,
                            most
                        )
                    );
                    break;
            }
        }
    }

    /// <summary>How often a way may lead somewhere from a place.</summary>
    public sealed record Restriction(string Id, Severity Severity, IReadOnlyList<string> Places, string Way, int Least, int Most)
    {
        /// <summary>What it asks for, in Spanish and English.</summary>
        public (string Spanish, string English) Text =>
            (Least, Most) switch
            {
                (0, 0) => ($"El modelo básico de factura no usa {Way} en {At}.", $"The core invoice model has no use for {Way} in {At}."),
                (0, _) => ($"{Way} consta como mucho una vez en {At}.", $"{Way} stands at most once in {At}."),
                (_, int.MaxValue) => ($"{Way} consta en cada {At}.", $"{Way} stands in each {At}."),
                _ => ($"{Way} consta exactamente una vez en {At}.", $"{Way} stands exactly once in {At}."),
            };

        private string At => string.Join(", ", Places.Distinct().Select(place => place.Replace('*', '…')));
    }

    /// <summary>A kind of element by where it lies, and its restrictions.</summary>
    private sealed class Place
    {
        private readonly Name[] _around = [];
        private readonly bool _isFromRoot;
        private readonly string _last;
        private readonly Step _step = new();
        private readonly Restriction[] _rules;
        private readonly int[] _needed;

        public Place(string way, IReadOnlyList<Restriction> rules)
        {
            _isFromRoot = !way.StartsWith("//", StringComparison.Ordinal);
            string[] steps = ["rsm:CrossIndustryInvoice", .. way.Split('/', StringSplitOptions.RemoveEmptyEntries)];
            _last = steps[^1];
            _around = [.. steps[(_isFromRoot ? 0 : 1)..^1].Reverse().Select(Vocabulary.Parse)];
            _rules = [.. rules];
            _needed = [.. Enumerable.Range(0, _rules.Length).Where(rule => _rules[rule].Least > 0)];
            for (var rule = 0; rule < _rules.Length; rule++)
            {
                var names = _rules[rule].Way.Split('/').Select(Vocabulary.Parse).ToList();
                var ofAttribute = _rules[rule].Way.Contains('@', StringComparison.Ordinal);
                var step = names.SkipLast(ofAttribute ? 1 : 0).Aggregate(_step, (from, name) => from.Next(name));
                if (ofAttribute)
                {
                    step.OfAttributes.Add((names[^1], rule));
                }
                else
                {
                    step.Rules.Add(rule);
                }
            }
        }

        public IEnumerable<Restriction> Rules => _rules;

        /// <summary>The names that its elements have.</summary>
        public IEnumerable<Name> LastNames =>
            _last.Split('*') is [var prefix, var end]
                ? Vocabulary.EndingWith(end).Where(name => Vocabulary.TextOf(name).StartsWith(prefix, StringComparison.Ordinal))
                : [Vocabulary.Parse(_last)];

        public bool Is(Node at)
        {
            var parent = at.Parent;
            foreach (var around in _around)
            {
                if (!parent.Is(around))
                {
                    return false;
                }

                parent = parent.Parent;
            }

            return !_isFromRoot || !parent.Exists;
        }

        public void Check(Node at, Findings found)
        {
            Span<int> counts = stackalloc int[_rules.Length];
            counts.Clear();
            Follow(at, _step, counts, found);
            foreach (var rule in _needed)
            {
                found.Check(_rules[rule].Id, at, counts[rule] >= _rules[rule].Least);
            }
        }

        private void Follow(Node at, Step step, Span<int> counts, Findings found)
        {
            foreach (var (attribute, rule) in step.OfAttributes)
            {
                if (at.HasAttribute(attribute))
                {
                    Count(rule, at, counts, found);
                }
            }

            if (!step.LeadsOn)
            {
                return;
            }

            foreach (var child in at.Children)
            {
                if (step.Find(child.Name) is not { } next)
                {
                    continue;
                }

                foreach (var rule in next.Rules)
                {
                    Count(rule, child, counts, found);
                }

                Follow(child, next, counts, found);
            }
        }

        /// <summary>A breach counts once for a place, at the first element that is too much.</summary>
        private void Count(int rule, Node at, Span<int> counts, Findings found) =>
            found.Check(_rules[rule].Id, at, counts[rule]++ != _rules[rule].Most);
    }

    /// <summary>A name on the ways, what is counted there, and where they lead on.</summary>
    private sealed class Step
    {
        private ushort[] _names = [];
        private Step[] _steps = [];

        public List<int> Rules { get; } = [];

        public List<(Name Attribute, int Rule)> OfAttributes { get; } = [];

        public bool LeadsOn => _steps.Length > 0;

        public Step Next(Name name)
        {
            if (Find(name) is { } known)
            {
                return known;
            }

            var step = new Step();
            (_names, _steps) = ([.. _names, name.Id], [.. _steps, step]);
            return step;
        }

        public Step? Find(Name name)
        {
            var at = name.IsKnown ? _names.AsSpan().IndexOf(name.Id) : -1;
            return at < 0 ? null : _steps[at];
        }
    }
}
