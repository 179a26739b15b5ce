using System.Net;
using System.Net.Sockets;
using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>
/// Whoever types an address gets the same answer in the same time, known or not: the wish is written down, and whether the address is
/// known is looked up afterwards.
/// </summary>
public sealed class AskForLink(NpgsqlDataSource database, Secrets secrets, LinkSignal signal, PortalOptions options, TimeProvider clock)
{
    // The count below must see what others just asked; address before source, so that no two wait for each other.
    private const string WaitForMyTurn = """
        select pg_advisory_xact_lock(1, hashtext(@email)), pg_advisory_xact_lock(2, hashtext(@source))
        """;

    private const string WriteDownUnlessTooMany = """
        insert into sign_in_link
            (link_id, token_hash, browser_hash, email, language, next_path, asked_from, asked_at, expires_at, next_attempt_at)
        select @linkId, @token, @browser, @email, @language, @nextPath, @source, @now, @expires, @now
        where (select count(*) from sign_in_link where email = @email and asked_at > @since) < @perAddress
          and (select count(*) from sign_in_link where asked_from = @source and asked_at > @since) < @perSource
        """;

    /// <summary>Takes the form of the sign-in page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Form form, HttpContext http)
    {
        using var span = Telemetry.Source.StartActivity(nameof(AskForLink));
        var next = LocalPath.Of(form["next"]);
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        if (EmailAddress.Of(form["email"]) is not { } email)
        {
            var wrong = PortalFaults.BadEmail.With();
            return page.Show<SignInPage, SignInModel>(new SignInModel(next, form["email"], wrong), wrong.Status);
        }

        var browser = Cookies.SecretIn(http, Cookies.Browser) ?? Secrets.New();
        http.Response.Cookies.Append(Cookies.Browser, browser, Cookies.Options(http, TimeSpan.FromHours(1)));
        if (!await WriteDownAsync(email, next, browser, page.Words.Code, SourceOf(http.Connection.RemoteIpAddress), http.RequestAborted))
        {
            var minutes = (int)Math.Ceiling(options.AskWindow.TotalMinutes);
            http.Response.Headers.RetryAfter = ((int)options.AskWindow.TotalSeconds).ToString(
                System.Globalization.CultureInfo.InvariantCulture
            );
            return page.Show(PortalFaults.TooManyLinks.With(minutes));
        }

        signal.Raise();
        return PageContext.GoTo("/sign-in/sent");
    }

    /// <summary>One place on the net: an IPv4 address, or the network that one IPv6 customer gets.</summary>
    public static string SourceOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, 8))
            : plain.ToString();
    }

    private async Task<bool> WriteDownAsync(
        string email,
        string nextPath,
        string browser,
        string language,
        string source,
        CancellationToken cancellationToken
    )
    {
        var linkId = Guid.CreateVersion7();
        var now = clock.GetUtcNow();
        var row = new
        {
            linkId,
            token = Secrets.HashOf(secrets.LinkToken(linkId)),
            browser = Secrets.HashOf(browser),
            email,
            language,
            nextPath,
            source,
            now,
            expires = now + options.LinkLifetime,
            since = now - options.AskWindow,
            perAddress = options.AsksPerAddress,
            perSource = options.AsksPerSource,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(WaitForMyTurn, row, transaction, cancellationToken: cancellationToken));
        var written = await connection.ExecuteAsync(
            new CommandDefinition(WriteDownUnlessTooMany, row, transaction, cancellationToken: cancellationToken)
        );
        await transaction.CommitAsync(cancellationToken);
        return written == 1;
    }
}
