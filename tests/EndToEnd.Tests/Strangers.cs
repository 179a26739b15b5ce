using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RetailInvoicing.EndToEnd.Tests.TheSystem;
using Answer = RetailInvoicing.EndToEnd.Tests.TheSystem.Visit.Answer;
using Posted = RetailInvoicing.EndToEnd.Tests.TheSystem.Visit.Posted;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// Whoever is signed in tries every address of the system, reading and writing, with what identifies somebody else's things: nothing of
/// these is said, in no body, header or redirect, and nothing of them changes. The addresses are those that the running services tell of.
/// </summary>
public sealed class Strangers(SharedSystem shared, ITestOutputHelper log)
{
    [Fact]
    public Task A_thousand_requests_with_anothers_identifiers_disclose_and_change_nothing() => TryAsync(1_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Ten_thousand_requests_with_anothers_identifiers_disclose_and_change_nothing() => TryAsync(10_000);

    private async Task TryAsync(int atLeast)
    {
        var system = await shared.Started;
        var theirs = await FullShop.OpenAsync(system, "strangerb");
        var ours = await FullShop.OpenAsync(system, "strangera", $"zr{Guid.CreateVersion7().ToString("N")[^12..]}");
        var pages = await Route.OfAsync(system, "portal");
        var doors = new List<Route>();
        foreach (var service in FullShop.Services)
        {
            doors.AddRange(await Route.OfAsync(system, service));
        }

        using var theirCustomer = await KeptForm.KeepAsync(system, theirs);
        using var theirOwner = await Visit.SignInAsync(system, await theirs.StaffAsync("owner"));
        var (unopened, link) = await Visit.AskAsync(system, theirs.OtherCustomerEmail);
        using var _ = unopened;
        theirs.Know("token", theirs.PayToken);
        theirs.Know(
            "session",
            (await theirCustomer.GetAsync("/account/sessions"))
                .Forms()
                .SelectMany(form => form.Fields)
                .Where(field => field.Name == "session")
                .Select(field => field.Value)
        );
        var posted = new List<Posted>();
        posted.AddRange(await FormsAsync(theirCustomer, pages, theirs));
        posted.AddRange(await FormsAsync(theirOwner, pages, theirs));
        var other = new Foreign(theirs, [theirs.Mark], posted, link);

        var (steady, before) = await SteadyAsync(theirs);
        var theirSessions = (await theirCustomer.GetAsync("/account/sessions")).Status;
        Assert.Equal(200, theirSessions);
        // What is to be found could be found: its own people see the word nearly everywhere.
        Assert.True(
            before.Values.Count(text => text.Contains(theirs.Mark, StringComparison.OrdinalIgnoreCase)) >= 15,
            "the word is not seen"
        );

        var trial = new Trial(pages, doors);
        var (one, all) = (atLeast / 8, atLeast);
        foreach (var email in new[] { ours.CustomerEmail, ours.OtherCustomerEmail })
        {
            using var customer = await Visit.SignInAsync(system, email);
            await trial.PagesAsync(customer, other, one);
        }

        foreach (var role in new[] { "owner", "accountant", "shop", "collector", "auditor" })
        {
            using var staff = await Visit.SignInAsync(system, await ours.StaffAsync(role));
            await trial.PagesAsync(staff, other, one);
        }

        await trial.DoorsAsync(system, ours.Shop, other, Math.Max(one, all - trial.Asked));
        Assert.Equal(before, await ReadAsync(theirs, steady));
        Assert.Equal(200, (await theirCustomer.GetAsync("/account/sessions")).Status);
        Assert.Equal(200, (await theirOwner.GetAsync("/office")).Status);

        // Of one's own seller, but of a store that one is not held to.
        using (var member = await Visit.SignInAsync(system, await ours.StaffAsync("shop", held: true)))
        {
            using var owner = await Visit.SignInAsync(system, await ours.StaffAsync("owner"));
            var store = Foreign.OfOtherStore(ours, await FormsAsync(owner, pages, ours));
            await trial.PagesAsync(member, store, one);
        }

        log.WriteLine($"{trial.Asked:N0} requests; {steady.Count} doors of theirs compared; by status: {trial.Statuses}");
        Assert.True(trial.Untried.Count == 0, $"nobody tried: {string.Join(", ", trial.Untried)}");
        Assert.True(trial.Found.Count == 0, string.Join('\n', trial.Found.Distinct().Take(60)));
        Assert.True(trial.Asked >= atLeast, $"{trial.Asked:N0} requests, not {atLeast:N0}");
    }

    /// <summary>Every form on their own pages, with what identifies their things in it.</summary>
    private static async Task<IReadOnlyList<Posted>> FormsAsync(Visit visit, IReadOnlyList<Route> pages, FullShop of)
    {
        var forms = new Dictionary<string, Posted>(StringComparer.Ordinal);
        var (waiting, seen) = (new Queue<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var page in pages.Where(page => page.Method == "GET" && !page.Pattern.StartsWith("/assets", StringComparison.Ordinal)))
        {
            if (page.Parts.All(part => of.Values.ContainsKey(part)))
            {
                waiting.Enqueue(page.Filled(part => of.Values[part][0]));
            }
        }

        while (waiting.TryDequeue(out var path) && seen.Count < 400)
        {
            if (
                !seen.Add(path)
                || path.StartsWith("/language", StringComparison.Ordinal)
                || path.EndsWith("/live", StringComparison.Ordinal)
            )
            {
                continue;
            }

            var answer = await visit.GetAsync(path);
            // Whoever holds a pay link may pay by it: that is what it is for.
            foreach (
                var form in answer
                    .Forms()
                    .Where(form => form.Action != "/sign-out" && !form.Action.Contains(of.PayToken, StringComparison.Ordinal))
            )
            {
                forms[$"{form.Action} {string.Join(' ', form.Fields.Select(field => field.Name))}"] = form;
            }

            foreach (var next in answer.Links().Where(next => !next.Contains('?', StringComparison.Ordinal)))
            {
                waiting.Enqueue(next);
            }
        }

        return [.. forms.Values];
    }

    /// <summary>What of theirs does not change by itself, and how it is.</summary>
    private async Task<(IReadOnlyList<string> Steady, SortedDictionary<string, string> As)> SteadyAsync(FullShop of)
    {
        var first = await of.ReadAllAsync();
        var (steady, unsteady) = (new List<string>(), new List<string>());
        await Wait.UntilAsync(
            "their things have come to rest",
            Wait.Generous,
            async () =>
            {
                var second = await of.ReadAllAsync();
                steady = [.. first.Where(each => second.GetValueOrDefault(each.Key) == each.Value).Select(each => each.Key)];
                unsteady = [.. first.Keys.Except(steady)];
                first = second;
                return unsteady.Count <= first.Count / 10;
            }
        );
        log.WriteLine($"not compared: {string.Join(", ", unsteady)}");
        return (steady, await ReadAsync(of, steady));
    }

    private static async Task<SortedDictionary<string, string>> ReadAsync(FullShop of, IReadOnlyList<string> doors)
    {
        var all = await of.ReadAllAsync();
        return new SortedDictionary<string, string>(
            all.Where(each => doors.Contains(each.Key)).ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    /// <summary>Somebody else's things: how they are named, and what nobody else may hear.</summary>
    private sealed record Foreign(FullShop Shop, IReadOnlyList<string> Words, IReadOnlyList<Posted> Forms, string? SignInLink)
    {
        public IReadOnlyDictionary<string, List<string>> Values { get; init; } = Shop.Values;

        /// <summary>Words, and identifiers that only they have.</summary>
        public IReadOnlyList<string> Secrets { get; init; } =
        [
            .. Words,
            .. Shop.Values.SelectMany(each => each.Value).Where(value => Guid.TryParse(value, out _)).Distinct(),
            // A customer's tax number may be one's own customer's as well; the seller's is its alone.
            Shop.Values["taxId"][0],
            Shop.Shop.Iban,
        ];

        public bool IsOfOwnSeller { get; init; }

        public static Foreign OfOtherStore(FullShop shop, IReadOnlyList<Posted> forms)
        {
            var values = shop.Values.ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal);
            values["invoiceId"] = shop.OfOtherStore;
            values["customerId"] = ["K-7"];
            return new Foreign(shop, [shop.OtherMark], forms, null)
            {
                Values = values,
                Secrets = [shop.OtherMark, .. shop.OfOtherStore],
                IsOfOwnSeller = true,
            };
        }

        /// <summary>A value of theirs; one that would open to whoever holds it, altered.</summary>
        public string Value(string name, int turn)
        {
            var known = Values.TryGetValue(name, out var values) ? values : Values["invoiceId"];
            var value = known[turn % known.Count];
            return name == "token" && value.Length > 8 ? $"{value[..^3]}{(value[^1] == 'A' ? "BBB" : "AAA")}" : value;
        }
    }

    /// <summary>The requests, and what came of them.</summary>
    private sealed class Trial(IReadOnlyList<Route> pages, IReadOnlyList<Route> doors)
    {
        private readonly HashSet<Route> _tried = [];
        private readonly SortedDictionary<int, int> _statuses = [];
        private readonly HashSet<string> _given = new(StringComparer.Ordinal);

        public int Asked { get; private set; }

        public List<string> Found { get; } = [];

        public string Statuses => string.Join(", ", _statuses.Select(each => $"{each.Key}: {each.Value:N0}"));

        public IReadOnlyList<Route> Untried => [.. pages.Concat(doors).Where(route => !_tried.Contains(route))];

        public async Task PagesAsync(Visit visit, Foreign of, int atLeast)
        {
            var until = Asked + atLeast;
            for (var turn = 0; turn == 0 || Asked < until; turn++)
            {
                foreach (var route in pages.Where(route => route.Method == "GET"))
                {
                    var path = route.Filled(part => of.Value(part, turn)) + Query(of, turn);
                    Judge(route, path, [], of, await visit.GetAsync(path));
                }

                foreach (var form in of.Forms)
                {
                    var action = form.Action + (turn % 2 == 1 && !of.IsOfOwnSeller ? $"?seller={of.Shop.Shop.Id}" : "");
                    await SendAsync(visit, Route.Of(pages, "POST", action), action, Copied(form, of), of);
                }

                foreach (var route in pages.Where(route => route.Method == "POST" && route.Pattern != "/sign-out"))
                {
                    await SendAsync(visit, route, route.Filled(part => of.Value(part, turn)), Plausible(of, turn), of);
                }

                if (of.SignInLink is { } link)
                {
                    Judge(null, link, [], of, await visit.GetAsync(link));
                    await SendAsync(visit, null, link, [], of);
                }
            }

            // Whoever asked was somebody all the time, and still is who it was.
            var own = await visit.GetAsync("/account/sessions");
            Assert.True(
                own.Status == 200 && own.Body.Contains(visit.Email, StringComparison.OrdinalIgnoreCase),
                $"{visit.Email}: {own.Status}"
            );
            var left = await visit.SendAsync("/sign-out", []);
            Judge(Route.Of(pages, "POST", "/sign-out"), "/sign-out", [], of, left);
        }

        public async Task DoorsAsync(StartedSystem system, Shop ours, Foreign of, int atLeast)
        {
            var until = Asked + atLeast;
            for (var turn = 0; turn == 0 || Asked < until; turn++)
            {
                foreach (var route in doors)
                {
                    using var http = ours.Http(route.Service);
                    var path = route.Filled(part => of.Value(part, turn));
                    await DoorAsync(http, route, path + Query(route, of, turn), Body(route, of, turn), of);
                }

                foreach (var (method, service, path, body) in of.Shop.Asked)
                {
                    using var http = ours.Http(service);
                    var text = body?.ToJsonString().Replace(of.Shop.Mark, "copia", StringComparison.Ordinal);
                    // What is posted anew is one's own; what names something of theirs is theirs.
                    if (path.Contains(of.Shop.Shop.Id, StringComparison.Ordinal) || of.Secrets.Any(path.Contains))
                    {
                        await DoorAsync(
                            http,
                            Route.Of(doors.Where(door => door.Service == service), method, path)!,
                            path,
                            text,
                            of,
                            method
                        );
                    }
                }
            }
        }

        private async Task SendAsync(Visit visit, Route? route, string action, IReadOnlyList<(string, string)> fields, Foreign of) =>
            Judge(route, action, fields, of, await visit.SendAsync(action, fields), "POST");

        private async Task DoorAsync(HttpClient http, Route route, string path, string? body, Foreign of, string? method = null)
        {
            method ??= route.Method;
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method is not ("GET" or "DELETE"))
            {
                request.Content = new StringContent(body ?? "{}", Encoding.UTF8, "application/json");
            }

            var answer = await Visit.AnswerAsync(http, request);
            Judge(route, path, body is null ? [] : [("body", body)], of, answer, method);
            if (
                answer.IsFine
                && method != "GET"
                && of.Secrets.Any(secret => path.Split('?')[0].Contains(secret, StringComparison.OrdinalIgnoreCase))
            )
            {
                Found.Add($"{method} {path}: {answer.Status}, though it is somebody else's: {Short(answer.Body)}");
            }
        }

        /// <summary>What was not sent with the request and is theirs alone must not be in what comes back.</summary>
        private void Judge(
            Route? route,
            string path,
            IReadOnlyList<(string Name, string Value)> sent,
            Foreign of,
            Answer answer,
            string method = "GET"
        )
        {
            Asked++;
            _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
            if (route is not null)
            {
                _tried.Add(route);
            }

            var given = $"{Uri.UnescapeDataString(path)} {string.Join(' ', sent.Select(field => field.Value))}";
            var heard = $"{answer.Headers}\n{WebUtility.HtmlDecode(answer.Body)}";
            _given.UnionWith(of.Secrets.Where(secret => given.Contains(secret, StringComparison.OrdinalIgnoreCase)));
            // The audit says what somebody of one's own shop typed.
            var isAudit = path.Contains("/audit", StringComparison.Ordinal);
            foreach (
                var secret in of.Secrets.Where(secret =>
                    !given.Contains(secret, StringComparison.OrdinalIgnoreCase) && !(isAudit && _given.Contains(secret))
                )
            )
            {
                var at = heard.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
                if (at >= 0)
                {
                    Found.Add($"{method} {path}: {answer.Status} tells {secret}: …{Short(heard[Math.Max(0, at - 80)..])}");
                }
            }

            if (answer.Status >= 500 && answer.Status != 503)
            {
                Found.Add($"{method} {path}: {answer.Status} {Short(answer.Body)}");
            }

            var named = of.Secrets.Any(secret => path.Split('?')[0].Contains(secret, StringComparison.OrdinalIgnoreCase));
            var isAsset = route?.Pattern.StartsWith("/assets/", StringComparison.Ordinal) == true;
            if (
                answer.IsFine
                && named
                && !isAsset
                && answer.Type is not ("text/html" or "application/json" or "")
                && answer.Body.Length > 0
            )
            {
                Found.Add($"{method} {path}: a file of somebody else's, {answer.Type}");
            }
        }

        /// <summary>Their form as they would send it, but for their words.</summary>
        private static IReadOnlyList<(string, string)> Copied(Posted form, Foreign of) =>
            [
                .. form.Fields.Select(field =>
                    (
                        field.Name,
                        form.Action.Contains("removal", StringComparison.Ordinal)
                            ? field.Value
                            : of
                                .Words.Append(of.Shop.Shop.Iban)
                                .Append(of.Shop.Values["taxId"][0])
                                .Aggregate(field.Value, (text, word) => text.Replace(word, "copia", StringComparison.OrdinalIgnoreCase))
                    )
                ),
            ];

        private static string Query(Foreign of, int turn) =>
            (turn % 6) switch
            {
                0 => "",
                1 => of.IsOfOwnSeller ? "?store=S02" : $"?seller={of.Shop.Shop.Id}",
                2 => $"?cursor={of.Value("invoiceId", turn)}&customer={of.Value("customerId", turn)}",
                3 => $"?q=Jarr%C3%B3n&seller={of.Shop.Shop.Id}",
                4 => $"?q={Uri.EscapeDataString(of.Value("number", turn))}&csv=1&store=S02",
                _ =>
                    $"?number={Uri.EscapeDataString(of.Value("number", turn))}&invoice={of.Value("invoiceId", turn)}&ticket={of.Value("invoiceId", turn)}",
            };

        private static string Query(Route route, Foreign of, int turn)
        {
            var asked = route
                .Queries.Select(name => (name, Value: QueryValue(name, of, turn)))
                .Where((each, place) => each.Value is not null && (turn + place) % 3 != 2)
                .Select(each => $"{each.name}={Uri.EscapeDataString(each.Value!)}");
            return turn % 2 == 0 ? $"?{string.Join('&', asked)}" : "";
        }

        private static string? QueryValue(string name, Foreign of, int turn) =>
            name switch
            {
                "from" => "2026-01-01",
                "to" => "2027-12-31",
                "q" => "Jarrón",
                "cursor" => turn % 4 == 0 ? null : of.Value("invoiceId", turn),
                "limit" => "200",
                _ => of.Values.ContainsKey(name) ? of.Value(name, turn) : null,
            };

        /// <summary>What such a door would take, naming their things.</summary>
        private static string Body(Route route, Foreign of, int turn)
        {
            var invoice = of.Value("invoiceId", turn);
            return route.Pattern switch
            {
                "/v1/payments" => Json(("invoiceId", invoice), ("means", "transfer"), ("amount", "1.00"), ("reference", $"ajena-{turn}")),
                "/v1/exchanges" => new JsonObject
                {
                    ["ticketInvoiceIds"] = new JsonArray(of.Shop.Ticket),
                    ["buyer"] = new JsonObject { ["name"] = "Copia", ["taxId"] = "12345678Z" },
                }.ToJsonString(),
                "/v1/unallocated/{id}/allocations" => Json(("invoiceId", invoice), ("amount", "1.00")),
                "/v1/direct-debits" => new JsonObject
                {
                    ["collectOn"] = DateOnly
                        .FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
                        .AddDays(60)
                        .ToString("O", CultureInfo.InvariantCulture),
                    ["invoiceIds"] = new JsonArray(invoice),
                }.ToJsonString(),
                _ when route.Pattern.EndsWith("/previews", StringComparison.Ordinal) => Json(
                    ("source", "{{ Number }}"),
                    ("invoiceId", invoice)
                ),
                _ when route.Pattern.EndsWith("/cancellation", StringComparison.Ordinal) => Json(("reason", "No hubo venta")),
                _ when route.Pattern.EndsWith("/match", StringComparison.Ordinal) => new JsonObject
                {
                    ["invoices"] = new JsonArray(new JsonObject { ["invoiceId"] = invoice, ["amount"] = "1.00" }),
                }.ToJsonString(),
                _ when route.Pattern.EndsWith("/refunds", StringComparison.Ordinal) => Json(("amount", "1.00"), ("reference", "ajena")),
                _ when route.Pattern.EndsWith("/staff/{email}", StringComparison.Ordinal) => Json(("role", "owner")),
                _ when route.Pattern.EndsWith("/keys", StringComparison.Ordinal) => """{"scopes":["invoices:read"]}""",
                _ when route.Pattern.EndsWith("/acts", StringComparison.Ordinal) => Json(("kind", "note"), ("why", "copia")),
                _ when route.Pattern.EndsWith("/disputes", StringComparison.Ordinal) => Json(("lineId", "1"), ("reason", "copia")),
                _ when route.Pattern.EndsWith("/promises", StringComparison.Ordinal) => Json(("date", "2026-12-24"), ("amount", "1.00")),
                _ => Json(
                    ("reason", "copia"),
                    ("why", "copia"),
                    ("invoiceId", invoice),
                    ("saleId", of.Value("saleId", turn)),
                    ("total", "9.00")
                ),
            };
        }

        private static string Json(params (string Name, string Value)[] fields) =>
            new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Value))).ToJsonString();

        private static IReadOnlyList<(string, string)> Plausible(Foreign of, int turn) =>
            [
                ("invoice", of.Value("invoiceId", turn)),
                ("number0", of.Value("number", turn)),
                ("ticket0", of.Shop.Ticket),
                ("tickets", of.Value("number", turn)),
                ("session", of.Values.TryGetValue("session", out var sessions) ? sessions[0] : ""),
                ("id", of.Value("campaignId", turn)),
                ("key", of.Value("keyId", turn)),
                ("amount", "1,00"),
                ("amount0", "1,00"),
                ("means", "card"),
                ("reason", "copia"),
                ("why", "copia"),
                ("date", "2026-12-24"),
                ("name", "Copia"),
                ("nif", "12345678Z"),
                ("line1", "Calle 1"),
                ("postal", "28004"),
                ("city", "Madrid"),
                ("act", "look"),
            ];

        private static string Short(string text) => (text.Length > 240 ? text[..240] : text).ReplaceLineEndings(" ");
    }
}
