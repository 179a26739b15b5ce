using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// A seller's documents look as it last said, within seconds. A template that fails is replaced by ours for that document, and the seller
/// can see why: no invoice waits for a template.
/// </summary>
public sealed partial class FindLook(NpgsqlDataSource database, TimeProvider clock, ILogger<FindLook> log)
{
    private const string Versions = """
        select
            (select version from logo where seller_id = @seller and content is not null) as logo,
            (select version from seller_template where seller_id = @seller and name = 'mail') as mail,
            (select version from seller_template where seller_id = @seller and name = 'page') as page
        """;

    private const string Logo = "select version, content from logo where seller_id = @seller and content is not null";

    private const string Template = "select version, source from seller_template where seller_id = @seller and name = @name";

    private const string KeepError = """
        update seller_template set last_error = @error, last_error_at = @now
        where seller_id = @seller and name = @name and (last_error is distinct from @error or last_error_at < @now - interval '1 minute')
        """;

    private const int MostKept = 500;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>("delivery.templates.failed");

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>The seller's look.</summary>
    public async Task<Look> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        var known = _kept.GetValueOrDefault(seller.Value);
        if (known is not null && clock.GetElapsedTime(known.At) < Fresh)
        {
            return known.Look;
        }

        var at = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var versions = await connection.QuerySingleAsync<VersionRow>(Versions, new { seller = seller.Value });
        var kept = new Kept { At = at };
        if (versions.Logo is not null)
        {
            kept =
                known is not null && known.LogoVersion == versions.Logo
                    ? kept with
                    {
                        LogoVersion = known.LogoVersion,
                        Look = kept.Look with { Logo = known.Look.Logo },
                    }
                    : await WithLogoAsync(kept, seller, connection);
        }

        if (versions.Mail is not null)
        {
            kept =
                known is not null && known.MailVersion == versions.Mail
                    ? kept with
                    {
                        MailVersion = known.MailVersion,
                        Look = kept.Look with { Mail = known.Look.Mail },
                    }
                    : await WithMailAsync(kept, seller, connection);
        }

        if (versions.Page is not null)
        {
            kept =
                known is not null && known.PageVersion == versions.Page
                    ? kept with
                    {
                        PageVersion = known.PageVersion,
                        Look = kept.Look with { Page = known.Look.Page },
                    }
                    : await WithPageAsync(kept, seller, connection);
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        _kept[seller.Value] = kept;
        return kept.Look;
    }

    /// <summary>Looks anew next time: the seller has just changed something here.</summary>
    public void Forget(SellerId seller) => _kept.TryRemove(seller.Value, out _);

    /// <summary>The HTML of a mail by the seller's template, else by ours.</summary>
    public async Task<string> HtmlAsync(SellerId seller, Look look, MailSheet mail, CancellationToken cancellationToken)
    {
        if (look.Mail is not { } template)
        {
            return Templates.Html(mail);
        }

        var html = template.Html(mail);
        if (!html.Refused(out var fault))
        {
            return html.Value;
        }

        await FailedAsync(seller, Templates.Mail, fault, cancellationToken);
        return Templates.Html(mail);
    }

    /// <summary>The HTML of an invoice's page by the seller's template, else by ours.</summary>
    public async Task<string> HtmlAsync(SellerId seller, Look look, PageSheet page, CancellationToken cancellationToken)
    {
        if (look.Page is not { } template)
        {
            return Templates.Html(page);
        }

        var html = template.Html(page);
        if (!html.Refused(out var fault))
        {
            return html.Value;
        }

        await FailedAsync(seller, Templates.Page, fault, cancellationToken);
        return Templates.Html(page);
    }

    private async Task<Kept> WithLogoAsync(Kept kept, SellerId seller, NpgsqlConnection connection)
    {
        var row = await connection.QuerySingleOrDefaultAsync<LogoRow>(Logo, new { seller = seller.Value });
        return row is null
            ? kept
            : kept with
            {
                LogoVersion = row.Version,
                Look = kept.Look with { Logo = Picture.Read(row.Content, out _) },
            };
    }

    private async Task<Kept> WithMailAsync(Kept kept, SellerId seller, NpgsqlConnection connection)
    {
        var (version, template) = await TemplateAsync(seller, Templates.Mail, connection);
        return kept with { MailVersion = version, Look = kept.Look with { Mail = template } };
    }

    private async Task<Kept> WithPageAsync(Kept kept, SellerId seller, NpgsqlConnection connection)
    {
        var (version, template) = await TemplateAsync(seller, Templates.Page, connection);
        return kept with { PageVersion = version, Look = kept.Look with { Page = template } };
    }

    private async Task<(Guid? Version, SellerTemplate? Template)> TemplateAsync(SellerId seller, string name, NpgsqlConnection connection)
    {
        var row = await connection.QuerySingleOrDefaultAsync<TemplateRow>(Template, new { seller = seller.Value, name });
        if (row is null)
        {
            return (null, null);
        }

        var parsed = SellerTemplate.Of(name, row.Source);
        if (parsed.Refused(out var fault))
        {
            // It was taken by rules that were looser.
            Count(seller, name, fault);
            await KeepErrorAsync(seller, name, fault, connection);
            return (row.Version, null);
        }

        return (row.Version, parsed.Value);
    }

    private async Task FailedAsync(SellerId seller, string name, Fault fault, CancellationToken cancellationToken)
    {
        Count(seller, name, fault);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await KeepErrorAsync(seller, name, fault, connection);
        }
        catch (Exception away) when (Resilience.IsPassing(away))
        {
            // The document is there all the same; the seller sees why at the next one.
            LogUnkept(name, seller.Value, away.Message);
        }
    }

    private void Count(SellerId seller, string name, Fault fault)
    {
        Failures.Add(1);
        LogFailed(name, seller.Value, fault.Code.Code);
    }

    private async Task KeepErrorAsync(SellerId seller, string name, Fault fault, NpgsqlConnection connection) =>
        await connection.ExecuteAsync(
            KeepError,
            new
            {
                seller = seller.Value,
                name,
                error = Sound($"{fault.Code.Code} {fault.In(null)}"),
                now = clock.GetUtcNow(),
            }
        );

    /// <summary>A template's own words may be in it: as a database takes them, and not all of them.</summary>
    private static string Sound(string text) =>
        string.Concat(text.EnumerateRunes().Where(static each => !Rune.IsControl(each)).Take(500).Select(static each => each.ToString()));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The template {Name} of seller {Seller} was replaced by ours: {Why}")]
    private partial void LogFailed(string name, string seller, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Why the template {Name} of seller {Seller} failed could not be kept: {Reason}")]
    private partial void LogUnkept(string name, string seller, string reason);

    private sealed record VersionRow
    {
        public Guid? Logo { get; init; }
        public Guid? Mail { get; init; }
        public Guid? Page { get; init; }
    }

    private sealed record LogoRow
    {
        public Guid Version { get; init; }
        public byte[] Content { get; init; } = [];
    }

    private sealed record TemplateRow
    {
        public Guid Version { get; init; }
        public string Source { get; init; } = "";
    }

    private sealed record Kept
    {
        public Look Look { get; init; } = Look.Plain;
        public long At { get; init; }
        public Guid? LogoVersion { get; init; }
        public Guid? MailVersion { get; init; }
        public Guid? PageVersion { get; init; }
    }
}
