using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>Walks every GET door of a service as somebody who is held to one store, with what names things of another.</summary>
public static partial class StoreSweep
{
    /// <summary>A client of a member of staff who is held to stores, or to none.</summary>
    public static HttpClient Member(this ServiceHost host, string seller, StaffRole role, params string[] stores) =>
        host.With(
            host.CallAs("portal", Behalf(seller, role, stores)).Single(header => header.Key == "authorization").Value["Bearer ".Length..]
        );

    /// <summary>On whose behalf the web front asks for that member.</summary>
    public static OnBehalfOf Behalf(string seller, StaffRole role, params string[] stores) =>
        OnBehalfOf.Staff($"{role}@example.com".ToLowerInvariant(), role, SellerId.Of(seller), [.. stores.Select(StoreId.Of)]);

    /// <summary>
    /// What each door answers; none of the answers has any of the marks, whatever the door says. Names in an address are filled in from the
    /// values, and each door is asked with each of the queries.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, int>> WalkAsync(
        ServiceHost host,
        HttpClient member,
        IReadOnlyDictionary<string, string> values,
        IReadOnlyList<string> queries,
        IReadOnlyList<string> marks
    )
    {
        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        var doors = host
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(door => door.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(door => "/" + door.RoutePattern.RawText?.TrimStart('/'))
            .Where(door => door.StartsWith("/v1/", StringComparison.Ordinal))
            .Distinct()
            .ToList();
        Assert.NotEmpty(doors);
        foreach (var door in doors)
        {
            var path = Name().Replace(door, name => Uri.EscapeDataString(values.GetValueOrDefault(name.Groups[1].Value, "x")));
            foreach (var query in queries)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                using var answer = await member.GetAsync(path + query, patience.Token);
                var body = await answer.Content.ReadAsStringAsync(patience.Token);
                Assert.True((int)answer.StatusCode is < 500 or 503, $"{path}{query} ended in a surprise: {body}");
                foreach (var mark in marks)
                {
                    Assert.False(body.Contains(mark, StringComparison.Ordinal), $"{path}{query} shows {mark} of the other store: {body}");
                }

                answers[door] = answers.TryGetValue(door, out var best) ? Math.Min(best, (int)answer.StatusCode) : (int)answer.StatusCode;
            }
        }

        return answers;
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Name();
}
