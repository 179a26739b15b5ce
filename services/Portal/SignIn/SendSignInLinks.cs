using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>
/// Has each link that was asked for mailed to its address if Invoicing knows the address, once, however often this process or the
/// others die in between: the wish stays in the table until it is done or the link would be late.
/// </summary>
public sealed partial class SendSignInLinks(
    NpgsqlDataSource database,
    Secrets secrets,
    LinkSignal signal,
    AskInvoicing invoicing,
    AskDelivery delivery,
    PublicAddress addresses,
    PortalOptions options,
    TimeProvider clock,
    ILogger<SendSignInLinks> log
) : BackgroundService
{
    /// <summary>Longer than the two questions below may take, so that two instances do not work on one link at a time.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(3);

    private const string TakeDue = """
        update sign_in_link set attempts = attempts + 1, next_attempt_at = @leased
        where link_id in (
            select link_id from sign_in_link where next_attempt_at <= @now and expires_at > @now
            order by asked_at limit 20 for update skip locked)
        returning link_id, email, language, expires_at, attempts
        """;

    private const string Done = """
        update sign_in_link set next_attempt_at = null where link_id = @linkId
        """;

    private const string TryAgain = """
        update sign_in_link set next_attempt_at = @at where link_id = @linkId
        """;

    // A day is kept for the counting of who asks too often; personal data not needed any more goes. So is an ended session: a form of it may still come.
    private const string Forget =
        """
            delete from sign_in_link where asked_at < @yesterday;
            delete from session where expires_at < @yesterday;
            delete from kept_form where expires_at < @now;
            """ + FormOnce.ForgetTold;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (Exception exception) when (Resilience.IsPassing(exception) && !stoppingToken.IsCancellationRequested)
            {
                LogWaiting(exception);
            }

            await signal.WaitAsync(LookAnyway, stoppingToken);
        }
    }

    private async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        IReadOnlyList<DueLink> due;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(Forget, new { now, yesterday = now.AddDays(-1) }, cancellationToken: cancellationToken)
            );
            due = (
                await connection.QueryAsync<DueLink>(
                    new CommandDefinition(TakeDue, new { now, leased = now + Lease }, cancellationToken: cancellationToken)
                )
            ).ToList();
        }

        await Task.WhenAll(due.Select(link => SendAsync(link, cancellationToken)));
    }

    private async Task SendAsync(DueLink link, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(SendSignInLinks));
        var person = await invoicing.LookUpAsync(link.Email, cancellationToken);
        // Who operates the system comes in though no seller knows the address, and also while Invoicing is away: then more than ever.
        var isOperator = options.IsOperator(link.Email);
        if (person.Fault is null || isOperator)
        {
            var sellers = person.Fault is null ? SellersOf(person.Value) : [];
            if (sellers.Count == 0 && !isOperator)
            {
                // Nobody we know: nothing is mailed, and whoever asked saw the same page as everyone.
                await NoteAsync(Done, new { link.LinkId }, cancellationToken);
                return;
            }

            var message = new SignInLink
            {
                Key = link.LinkId.ToString(),
                Email = link.Email,
                Link = $"{addresses.Portal}/sign-in/{secrets.LinkToken(link.LinkId)}",
                Language = link.Language,
                ExpiresAt = link.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
            };
            if (sellers.Count == 1)
            {
                message.SellerId = sellers[0];
            }

            var queued = await delivery.SendSignInLinkAsync(message, cancellationToken);
            if (queued.Fault is null)
            {
                await NoteAsync(Done, new { link.LinkId }, cancellationToken);
                LogSent(link.LinkId);
                return;
            }
        }

        var pause = TimeSpan.FromSeconds(Math.Min(15, 1 << Math.Min(link.Attempts, 4)));
        await NoteAsync(TryAgain, new { link.LinkId, at = clock.GetUtcNow() + pause }, cancellationToken);
    }

    private static IReadOnlyList<string> SellersOf(Person person) =>
        person
            .CustomerOf.Select(customer => customer.SellerId)
            .Concat(person.StaffOf.Select(staff => staff.SellerId))
            .Distinct(StringComparer.Ordinal)
            .ToList();

    private async Task NoteAsync(string sql, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }

    private sealed record DueLink
    {
        public Guid LinkId { get; init; }
        public string Email { get; init; } = "";
        public string Language { get; init; } = "";
        public DateTimeOffset ExpiresAt { get; init; }
        public int Attempts { get; init; }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Handed sign-in link {LinkId} over for mailing")]
    private partial void LogSent(Guid linkId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in links wait for the database")]
    private partial void LogWaiting(Exception exception);
}
