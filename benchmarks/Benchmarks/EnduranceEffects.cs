using Npgsql;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// Every invoice with what each service made of it, in the order of their ids: all databases are read once and side by side, so that a
/// million of them take no more memory than ten.
/// </summary>
internal sealed class EnduranceEffects(EnduranceTarget target, EnduranceSales sales, EnduranceAnswers answers)
{
    private const string Invoices = """
        select i.invoice_id, i.number, i.series, i.total_with_vat, s.sale_id
        from invoice i left join sale s using (seller_id, invoice_id)
        where i.seller_id = @seller order by i.invoice_id
        """;
    private const string Balances = """
        select i.invoice_id, coalesce(b.asked, 0) as asked, coalesce(b.paid, 0) as paid, coalesce(b.refunded, 0) as refunded,
            coalesce(b.amount_due, -1) as amount_due, coalesce(p.payments, 0) as payments, coalesce(p.amount, 0) as amount,
            coalesce(j.opened, 0) as opened, coalesce(j.entries, 0) as entries, coalesce(j.receivable, 0) as receivable
        from invoice i
            left join balance b using (seller_id, invoice_id)
            left join (select invoice_id, count(*) as payments, sum(amount) as amount from payment where seller_id = @seller group by 1) p
                using (invoice_id)
            left join (
                select e.invoice_id, count(*) filter (where l.account = 'sales-clearing') as opened,
                    count(*) filter (where l.line = 1) as entries,
                    sum(l.amount) filter (where l.account = 'receivable') as receivable
                from journal_entry e join journal_line l using (seller_id, entry_id) where e.seller_id = @seller group by 1
            ) j using (invoice_id)
        where i.seller_id = @seller order by i.invoice_id
        """;
    private const string Receivables = """
        select invoice_id, coalesce(number, '') as number, coalesce(total_with_vat, 0) as total_with_vat, amount_due,
            opened_at is not null as is_opened, settled_at is not null as is_settled
        from receivable where seller_id = @seller order by invoice_id
        """;
    private const string Sales = """
        select invoice_id, number, invoices, vat_total, total_with_vat from sold where seller_id = @seller order by invoice_id
        """;
    private const string Transmissions = """
        select invoice_id, count(*) as transmissions, count(*) filter (where status = 'sent') as sent
        from transmission where seller_id = @seller and purpose = 'invoice' group by invoice_id order by invoice_id
        """;

    private readonly EnduranceFaults _strange = new();
    private readonly EnduranceFaults _again = new();
    private readonly EnduranceFaults _otherNumber = new();
    private readonly EnduranceFaults _otherTotal = new();
    private readonly EnduranceFaults _notInPayments = new();
    private readonly EnduranceFaults _notInCollections = new();
    private readonly EnduranceFaults _notInReporting = new();
    private readonly EnduranceFaults _notInDelivery = new();
    private readonly bool[] _seen = new bool[sales.Count];
    private readonly Dictionary<string, List<long>> _numbers = new(StringComparer.Ordinal);

    /// <summary>Invoices that were read.</summary>
    public long Count { get; private set; }

    /// <summary>Payments to be taken with the sales.</summary>
    public long Payments { get; private set; }

    /// <summary>Invoices to be paid in full.</summary>
    public long Paid { get; private set; }

    /// <summary>What all sales must come to.</summary>
    public decimal Total { get; private set; }

    /// <summary>Their VAT.</summary>
    public decimal Vat { get; private set; }

    /// <summary>How many series have numbers.</summary>
    public int Series => _numbers.Count;

    /// <summary>What is so of all invoices and their effects.</summary>
    public async Task<IReadOnlyList<EnduranceTruth>> CheckAsync(CancellationToken cancellation)
    {
        await using var invoices = await ReadAsync("invoicing", Invoices, cancellation);
        await using var balances = await ReadAsync("payments", Balances, cancellation);
        await using var receivables = await ReadAsync("collections", Receivables, cancellation);
        await using var reported = await ReadAsync("reporting", Sales, cancellation);
        await using var transmissions = await ReadAsync("delivery", Transmissions, cancellation);
        while (await invoices.NextAsync(cancellation))
        {
            var (id, number) = (invoices.Id, invoices.Row.GetString(1));
            Count++;
            NumberSeen(invoices.Row.GetString(2), number);
            if (await invoices.Row.IsDBNullAsync(4, cancellation) || EnduranceSales.NumberOf(invoices.Row.GetString(4)) is not { } sale)
            {
                _strange.When(true, () => $"{number} has no sale of this run");
                continue;
            }

            var expected = sales.Of(sale);
            _again.When(_seen[sale], () => $"sale {sale} has {number} too");
            _seen[sale] = true;
            var told = answers.NumberOf(sale);
            _otherNumber.When(
                $"{told.Series}-{told.Sequence:000000}" != number,
                () => $"sale {sale} was told {told}, and {number} is stored"
            );
            var total = invoices.Row.GetDecimal(3);
            _otherTotal.When(total != expected.Total, () => $"{number} is of {total}, and the till took {expected.Total}");

            CheckBalance(await balances.IsAtAsync(id, cancellation) ? balances.Row : null, number, expected);
            CheckReceivable(await receivables.IsAtAsync(id, cancellation) ? receivables.Row : null, number, expected);
            CheckReported(await reported.IsAtAsync(id, cancellation) ? reported.Row : null, number, expected);
            CheckTransmission(await transmissions.IsAtAsync(id, cancellation) ? transmissions.Row : null, number, expected);
        }

        var (gaps, doubles, lost) = (new EnduranceFaults(), new EnduranceFaults(), new EnduranceFaults());
        foreach (var (series, numbers) in _numbers)
        {
            numbers.Sort();
            for (var (i, before) = (0, 0L); i < numbers.Count; before = numbers[i++])
            {
                doubles.When(numbers[i] == before, () => $"{series} has {before} twice");
                gaps.When(numbers[i] > before + 1, () => $"{series} goes from {before} to {numbers[i]}");
            }
        }

        for (var sale = 0; sale < sales.Count; sale++)
        {
            lost.When(!_seen[sale], () => $"sale {sale} has no invoice");
            Expect(sales.Of(sale));
        }

        return
        [
            new("invoices", sales.Count, Count),
            EnduranceTruth.None("sales without an invoice", lost),
            EnduranceTruth.None("second invoices of a sale", _again),
            EnduranceTruth.None("invoices of no sale", _strange),
            EnduranceTruth.None("gaps in the numbers of a series", gaps),
            EnduranceTruth.None("numbers given twice", doubles),
            EnduranceTruth.None("numbers other than the one that was answered", _otherNumber),
            EnduranceTruth.None("totals other than what the till took", _otherTotal),
            EnduranceTruth.None("invoices whose balance, payments or ledger entries are not as they should be, once", _notInPayments),
            EnduranceTruth.None("invoices whose receivable is not as it should be, once", _notInCollections),
            EnduranceTruth.None("invoices that are not in the sales report, once", _notInReporting),
            EnduranceTruth.None("invoices that were not mailed once where a mail was wanted", _notInDelivery),
            new(
                "effects of no invoice, in any service",
                0,
                await balances.RestAsync(cancellation)
                    + await receivables.RestAsync(cancellation)
                    + await reported.RestAsync(cancellation)
                    + await transmissions.RestAsync(cancellation)
            ),
        ];
    }

    private void NumberSeen(string series, string number)
    {
        if (!_numbers.TryGetValue(series, out var numbers))
        {
            _numbers[series] = numbers = new List<long>(sales.Count);
        }

        var isOfSeries = number.StartsWith($"{series}-", StringComparison.Ordinal);
        _strange.When(!isOfSeries, () => $"{number} is not of {series}");
        if (isOfSeries)
        {
            numbers.Add(long.Parse(number.AsSpan(series.Length + 1), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private void Expect(EnduranceSale expected)
    {
        Payments += expected.Posted.Payments.Count;
        Paid += expected.Due == 0m ? 1 : 0;
        Total += expected.Total;
        Vat += expected.Vat;
    }

    private void CheckBalance(NpgsqlDataReader? row, string number, EnduranceSale expected)
    {
        var payments = expected.Posted.Payments.Count;
        var isRight =
            row is not null
            && row.GetDecimal(1) == expected.Total
            && row.GetDecimal(2) == expected.Paid
            && row.GetDecimal(3) == 0m
            && row.GetDecimal(4) == expected.Due
            && row.GetInt64(5) == payments
            && row.GetDecimal(6) == expected.Paid
            && row.GetInt64(7) == 1
            && row.GetInt64(8) == 1 + 2 * payments
            && row.GetDecimal(9) == expected.Due;
        _notInPayments.When(!isRight, () => $"{number}, {expected.Total} of which {expected.Paid} paid in {payments}: {Told(row)}");
    }

    private void CheckReceivable(NpgsqlDataReader? row, string number, EnduranceSale expected)
    {
        var isRight =
            row is not null
            && row.GetString(1) == number
            && row.GetDecimal(2) == expected.Total
            && row.GetDecimal(3) == expected.Due
            // Two payments of one sale are two allocations: between them something was open.
            && (expected.Due > 0m ? row.GetBoolean(4) && !row.GetBoolean(5) : row.GetBoolean(4) == row.GetBoolean(5));
        _notInCollections.When(!isRight, () => $"{number}, of which {expected.Due} is due: {Told(row)}");
    }

    private void CheckReported(NpgsqlDataReader? row, string number, EnduranceSale expected)
    {
        var isRight =
            row is not null
            && row.GetString(1) == number
            && row.GetInt64(2) == 1
            && row.GetDecimal(3) == expected.Vat
            && row.GetDecimal(4) == expected.Total;
        _notInReporting.When(!isRight, () => $"{number}, {expected.Total} with {expected.Vat} of VAT: {Told(row)}");
    }

    private void CheckTransmission(NpgsqlDataReader? row, string number, EnduranceSale expected) =>
        _notInDelivery.When(
            expected.IsMailed ? row is null || row.GetInt64(1) != 1 || row.GetInt64(2) != 1 : row is not null,
            () => $"{number}, {(expected.IsMailed ? "to be mailed" : "not to be mailed")}: {Told(row)}"
        );

    private static string Told(NpgsqlDataReader? row) =>
        row is null
            ? "nothing"
            : string.Join(", ", Enumerable.Range(1, row.FieldCount - 1).Select(i => $"{row.GetName(i)} {row.GetValue(i)}"));

    private async Task<Rows> ReadAsync(string service, string sql, CancellationToken cancellation)
    {
        var connection = await target.DatabaseAsync(service, cancellation);
        // Tables that filled a minute ago: without statistics a join of thousands is planned as one of a few.
        await using (var analyze = new NpgsqlCommand("analyze", connection) { CommandTimeout = 0 })
        {
            await analyze.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("seller", target.SellerId) } };
        return new Rows(connection, await command.ExecuteReaderAsync(cancellation));
    }

    /// <summary>Rows in the order of their invoice's id; two of one invoice are one too many.</summary>
    private sealed class Rows(NpgsqlConnection connection, NpgsqlDataReader reader) : IAsyncDisposable
    {
        private bool _isOpen;
        private bool _isTaken = true;
        private long _surplus;

        public NpgsqlDataReader Row => reader;

        public Guid Id { get; private set; }

        public async Task<bool> NextAsync(CancellationToken cancellation)
        {
            _isOpen = await reader.ReadAsync(cancellation);
            Id = _isOpen ? reader.GetGuid(0) : default;
            return _isOpen;
        }

        /// <summary>Goes on to the row of an invoice; rows before it belong to none.</summary>
        public async Task<bool> IsAtAsync(Guid invoice, CancellationToken cancellation)
        {
            if (_isTaken)
            {
                await NextAsync(cancellation);
                _isTaken = false;
            }

            for (; _isOpen && Id.CompareTo(invoice) < 0; await NextAsync(cancellation))
            {
                _surplus++;
            }

            return _isTaken = _isOpen && Id == invoice;
        }

        /// <summary>Rows that belong to no invoice.</summary>
        public async Task<long> RestAsync(CancellationToken cancellation)
        {
            if (_isTaken)
            {
                await NextAsync(cancellation);
            }

            for (; _isOpen; await NextAsync(cancellation))
            {
                _surplus++;
            }

            return _surplus;
        }

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
