using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The seller registers the consent that a customer signed, tells of the customer's new account, or ends it. What was signed cannot be
/// changed: another customer, scheme or signature is another mandate.
/// </summary>
public sealed partial class KeepMandate(NpgsqlDataSource database, TimeProvider clock, ILogger<KeepMandate> log)
{
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";
    private const string RegisterOnce = """
        insert into mandate (seller_id, mandate_id, customer_id, name, iban, bic, signed_on, scheme, sequence, first_iban, known_since,
                             changed_at)
        values (@SellerId, @MandateId, @CustomerId, @Name, @Iban, @Bic, @SignedOn, @Scheme, @Sequence, @Iban, @Today, @At)
        on conflict do nothing
        """;
    private const string Hold = "select 1 from mandate where seller_id = @SellerId and mandate_id = @MandateId for update";
    private const string Change = """
        update mandate
        set name = @Name, iban = @Iban, bic = @Bic, state = @State, reason = @Reason, changed_at = @At
        where seller_id = @SellerId and mandate_id = @MandateId
        """;
    private const string Cancel = """
        update mandate set state = 'cancelled', changed_at = case state when 'cancelled' then changed_at else @At end
        where seller_id = @SellerId and mandate_id = @MandateId
        """;

    // No mandate of SEPA is older, and those that came over from national schemes carry its first day or a later one.
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    /// <summary>What is put.</summary>
    public sealed record Request
    {
        /// <summary>The customer whose invoices may be collected by it.</summary>
        public required CustomerId CustomerId { get; init; }

        /// <summary>The debtor, whose account it is.</summary>
        public required string Name { get; init; }

        /// <summary>The debtor's account.</summary>
        public required string Iban { get; init; }

        /// <summary>Its bank; needed outside the European Economic Area.</summary>
        public string? Bic { get; init; }

        /// <summary>When it was signed.</summary>
        public required DateOnly SignedOn { get; init; }

        /// <summary>core unless said otherwise.</summary>
        public DebitScheme? Scheme { get; init; }

        /// <summary>first unless said otherwise; recurring where it was in use elsewhere before.</summary>
        public DebitSequence? Sequence { get; init; }

        /// <summary>Says that the customer told of another account for the same mandate.</summary>
        public bool Amendment { get; init; }
    }

    /// <summary>Keeps it; the second value tells whether it is new.</summary>
    public async Task<Outcome<(MandateAnswer Mandate, bool Now)>> HandleAsync(
        Caller caller,
        string mandateId,
        Request request,
        CancellationToken token
    )
    {
        using var activity = Telemetry.Source.StartActivity("KeepMandate");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var (now, whose) = (clock.GetUtcNow(), new { caller.SellerId, MandateId = mandateId });
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, whose, transaction);
        var today = SellerDay.Of(now, zone);
        request = request with { Iban = Iban.Compact(request.Iban), Bic = Given(request.Bic), Name = request.Name.Trim() };
        if (Check(mandateId, request, today) is { Count: > 0 } faults)
        {
            return Fault.Of(faults);
        }

        var kept = new
        {
            caller.SellerId,
            MandateId = mandateId,
            CustomerId = request.CustomerId.Value,
            request.Name,
            request.Iban,
            request.Bic,
            request.SignedOn,
            Scheme = Word.Of(request.Scheme ?? DebitScheme.Core),
            Sequence = Word.Of(request.Sequence ?? DebitSequence.First),
            Today = today,
            At = now,
        };
        var isNew = await connection.ExecuteAsync(RegisterOnce, kept, transaction) > 0;
        if (!isNew)
        {
            await connection.ExecuteAsync(Hold, whose, transaction);
            var before = (await ReadMandates.OneAsync(connection, transaction, caller.SellerId, mandateId))!;
            if (Refuse(before, request) is { } refused)
            {
                return refused;
            }

            var lifted = before.Iban != request.Iban && ReturnReason.IsOfAccount(before.Reason);
            var changed = new
            {
                kept.SellerId,
                kept.MandateId,
                kept.Name,
                kept.Iban,
                kept.Bic,
                State = Word.Of(lifted ? MandateState.Active : before.State),
                Reason = lifted ? null : before.Reason,
                kept.At,
            };
            await connection.ExecuteAsync(Change, changed, transaction);
        }

        var mandate = (await ReadMandates.OneAsync(connection, transaction, caller.SellerId, mandateId))!;
        await transaction.CommitAsync(token);
        LogKept(mandateId, caller.SellerId);
        return (MandateAnswer.Of(mandate, today), isNew);
    }

    /// <summary>Ends it for good; debits that are under way go on.</summary>
    public async Task<Outcome<bool>> CancelAsync(Caller caller, string mandateId, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("CancelMandate");
        if (!SepaText.IsReference(mandateId))
        {
            return PaymentsFaults.NoMandate.With(mandateId);
        }

        await using var connection = await database.OpenConnectionAsync(token);
        var ended = new
        {
            caller.SellerId,
            MandateId = mandateId,
            At = clock.GetUtcNow(),
        };
        return await connection.ExecuteAsync(Cancel, ended) > 0 ? true : PaymentsFaults.NoMandate.With(mandateId);
    }

    private static List<Fault> Check(string mandateId, Request request, DateOnly today)
    {
        var faults = new List<Fault>();
        if (!SepaText.IsReference(mandateId))
        {
            faults.Add(PaymentsFaults.BadMandateId.At("mandateId"));
        }

        if (!IsPrintable(request.CustomerId.Value, 100))
        {
            faults.Add(PaymentsFaults.BadMandateCustomer.At("customerId"));
        }

        if (!IsPrintable(request.Name, 140))
        {
            faults.Add(PaymentsFaults.BadDebtorName.At("name"));
        }

        if (!Iban.IsSound(request.Iban))
        {
            faults.Add(PaymentsFaults.BadIban.At("iban"));
        }
        else if (request.Bic is null && Bic.IsNeededFor(request.Iban))
        {
            faults.Add(PaymentsFaults.BicNeeded.At("bic"));
        }

        if (request.Bic is { } bic && !Bic.IsSound(bic))
        {
            faults.Add(PaymentsFaults.BadBic.At("bic"));
        }

        if (request.SignedOn < FirstDay || request.SignedOn > today)
        {
            faults.Add(PaymentsFaults.BadSignedOn.At("signedOn", DirectDebitSettings.Text(FirstDay), DirectDebitSettings.Text(today)));
        }

        return faults;
    }

    /// <summary>What was signed stays as it was signed; another account has to be meant.</summary>
    private static Fault? Refuse(Mandate before, Request request)
    {
        if (before.State == MandateState.Cancelled)
        {
            return PaymentsFaults.MandateCancelled.With(before.MandateId);
        }

        var other =
            before.CustomerId != request.CustomerId ? "customerId"
            : before.SignedOn != request.SignedOn ? "signedOn"
            : request.Scheme is { } scheme && scheme != before.Scheme ? "scheme"
            : request.Sequence is { } sequence && sequence != before.Sequence && sequence != before.Next ? "sequence"
            : null;
        return other is not null ? PaymentsFaults.OtherMandate.At(other, other, before.MandateId)
            : before.Iban != request.Iban && !request.Amendment ? PaymentsFaults.IbanNeedsAmendment.At("iban", before.MandateId)
            : null;
    }

    private static string? Given(string? bic) => string.IsNullOrWhiteSpace(bic) ? null : Iban.Compact(bic);

    private static bool IsPrintable(string text, int most) =>
        text.Length <= most && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    [LoggerMessage(Level = LogLevel.Information, Message = "Mandate {MandateId} of {SellerId} was kept")]
    private partial void LogKept(string mandateId, SellerId sellerId);
}
