using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// A seller's mandates with what they were used for; a debit that was cancelled before its file was sent counts for nothing.
/// </summary>
internal static class ReadMandates
{
    private const string InOrder = """
        select m.mandate_id, m.customer_id, m.name, m.iban, m.bic, m.signed_on, m.scheme, m.sequence, m.state, m.reason, m.first_iban,
               m.known_since, u.uses, u.last_used_on, u.last_iban
        from mandate m
        cross join lateral (
            select count(*)::integer as uses, max(b.collect_on) as last_used_on,
                   (array_agg(d.iban order by b.made_at desc, d.place desc))[1] as last_iban
            from debit d join debit_batch b using (seller_id, batch_id)
            where d.seller_id = m.seller_id and d.mandate_id = m.mandate_id and d.state <> 'cancelled'
        ) u
        where m.seller_id = @SellerId and (@MandateId::text is null or m.mandate_id = @MandateId)
          and (@Customers::text[] is null or m.customer_id = any(@Customers)) and (@After::text is null or m.mandate_id > @After)
        order by m.mandate_id limit @Limit
        """;

    /// <summary>One of them, where there is such a one.</summary>
    public static async Task<Mandate?> OneAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        string mandate
    ) => await ManyAsync(connection, transaction, seller, mandate, null, null, null) is [var one] ? one : null;

    /// <summary>Those of these customers.</summary>
    public static Task<IReadOnlyList<Mandate>> OfAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyCollection<string> customers
    ) => ManyAsync(transaction.Connection!, transaction, seller, null, customers, null, null);

    /// <summary>A page of them, or of a customer's.</summary>
    public static Task<IReadOnlyList<Mandate>> PageAsync(
        NpgsqlConnection connection,
        SellerId seller,
        string? customer,
        string? after,
        int limit
    ) => ManyAsync(connection, null, seller, null, customer is null ? null : [customer], after, limit);

    private static async Task<IReadOnlyList<Mandate>> ManyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        string? mandate,
        IReadOnlyCollection<string>? customers,
        string? after,
        int? limit
    )
    {
        var rows = await connection.QueryAsync<Row>(
            InOrder,
            new
            {
                SellerId = seller,
                MandateId = mandate,
                Customers = customers?.ToArray(),
                After = after,
                Limit = limit,
            },
            transaction
        );
        return [.. rows.Select(row => row.ToMandate())];
    }

    private sealed record Row
    {
        public string MandateId { get; init; } = "";

        public CustomerId CustomerId { get; init; }

        public string Name { get; init; } = "";

        public string Iban { get; init; } = "";

        public string? Bic { get; init; }

        public DateOnly SignedOn { get; init; }

        public string Scheme { get; init; } = "";

        public string Sequence { get; init; } = "";

        public string State { get; init; } = "";

        public string? Reason { get; init; }

        public string FirstIban { get; init; } = "";

        public DateOnly KnownSince { get; init; }

        public int Uses { get; init; }

        public DateOnly? LastUsedOn { get; init; }

        public string? LastIban { get; init; }

        public Mandate ToMandate() =>
            new()
            {
                MandateId = MandateId,
                CustomerId = CustomerId,
                Name = Name,
                Iban = Iban,
                Bic = Bic,
                SignedOn = SignedOn,
                Scheme = Word.Read<DebitScheme>(Scheme),
                Sequence = Word.Read<DebitSequence>(Sequence),
                State = Word.Read<MandateState>(State),
                Reason = Reason,
                FirstIban = FirstIban,
                KnownSince = KnownSince,
                Uses = Uses,
                LastUsedOn = LastUsedOn,
                LastIban = LastIban,
            };
    }
}
