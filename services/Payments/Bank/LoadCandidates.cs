using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What some lines of the bank may pay, and who may have paid it: found by index from what the lines say, however many invoices the seller
/// has open.
/// </summary>
public static class LoadCandidates
{
    private const string Item = """
        r.invoice_id, i.number, r.payment_reference as reference, r.customer_id, i.currency, b.asked, b.amount_due as due,
        i.issue_date as issued_on, coalesce(i.due_date, i.issue_date) as due_on
        """;
    private const string Joined = "join invoice i using (seller_id, invoice_id) join balance b using (seller_id, invoice_id)";

    private const string Named = $"""
        select {Item} from remittance r {Joined} where r.seller_id = @SellerId and r.payment_reference = any(@References)
        union
        select {Item} from remittance r {Joined} where r.seller_id = @SellerId and r.number_key = any(@Numbers)
        """;

    // Letters and digits all stand before the tilde.
    private const string BeginningWith = $"""
        select {Item}
        from unnest(@Beginnings) as cut (beginning)
        cross join lateral (
            select * from remittance
            where seller_id = @SellerId and payment_reference ~>=~ cut.beginning and payment_reference ~<~ (cut.beginning || '~')
            order by payment_reference using ~<~ limit {MostOfBeginning}
        ) r
        {Joined}
        """;
    private const string AskingFor = """
        select o.*
        from (select distinct amount, currency from unnest(@Amounts, @Currencies) as a (amount, currency)) as asked
        cross join lateral (
            select r.invoice_id, i.number, r.payment_reference as reference, r.customer_id, i.currency, b.asked, b.amount_due as due,
                i.issue_date as issued_on, coalesce(i.due_date, i.issue_date) as due_on
            from balance b join remittance r using (seller_id, invoice_id) join invoice i using (seller_id, invoice_id)
            where b.seller_id = @SellerId and b.amount_due > 0 and b.amount_due between asked.amount and asked.amount + @Tolerance
              and i.currency = asked.currency
            limit @MostOfAmount
        ) o
        """;
    private const string OpenOf = """
        select o.*
        from unnest(@Customers) as asked (customer)
        cross join lateral (
            select r.invoice_id, i.number, r.payment_reference as reference, r.customer_id, i.currency, b.asked, b.amount_due as due,
                i.issue_date as issued_on, coalesce(i.due_date, i.issue_date) as due_on
            from remittance r join invoice i using (seller_id, invoice_id) join balance b using (seller_id, invoice_id)
            where r.seller_id = @SellerId and r.customer_id = asked.customer and b.amount_due > 0
            order by due_on, invoice_id limit @MostOfCustomer
        ) o
        """;
    private const string Owners = """
        select account as key, customer_id as customer from payer_account where seller_id = @SellerId and account = any(@Accounts)
        """;

    // A word that half the customers share tells nobody apart: it is not followed to all of them.
    private const string Called = """
        with shared as (
            select asked.line, w.customer_id, row_number() over (partition by asked.line order by count(*) desc, w.customer_id) as place
            from unnest(@Lines, @Words) as asked (line, word)
            cross join lateral (
                select customer_id from payer_word where seller_id = @SellerId and word = asked.word limit 5000
            ) w
            group by asked.line, w.customer_id
        )
        select distinct n.name_key as key, n.customer_id as customer
        from shared s join payer_name n on n.seller_id = @SellerId and n.customer_id = s.customer_id
        where s.place <= 20
        """;
    private const string NamesOf = """
        select name_key as key, customer_id as customer from payer_name where seller_id = @SellerId and customer_id = any(@Customers)
        """;

    // A constant's words cannot hold a number: the same as OpenItems.MostOfBeginning.
    private const string MostOfBeginning = "5";

    /// <summary>What the lines may pay, and who may have paid it.</summary>
    public static async Task<(OpenItems Items, Payers Payers)> ForAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyList<(BankEntry Entry, Clues Clues)> lines,
        decimal tolerance
    )
    {
        var (items, payers) = (new OpenItems(), new Payers());
        var clues = lines.Select(each => each.Clues).ToList();
        await AddAsync(
            Named,
            new
            {
                SellerId = seller,
                References = Texts(clues.SelectMany(each => each.References.Concat(each.Slips).Concat(each.Bare))),
                Numbers = Texts(clues.SelectMany(each => each.Numbers)),
            }
        );
        await AddAsync(BeginningWith, new { SellerId = seller, Beginnings = Texts(clues.SelectMany(each => each.Beginnings)) });
        await AddAsync(
            AskingFor,
            new
            {
                SellerId = seller,
                Amounts = lines.Select(each => each.Entry.Amount).ToArray(),
                Currencies = lines.Select(each => each.Entry.Currency.Code).ToArray(),
                Tolerance = tolerance,
                OpenItems.MostOfAmount,
            }
        );
        var accounts = Texts(clues.Select(each => each.Account).OfType<string>());
        foreach (var row in await RowsAsync(Owners, new { SellerId = seller, Accounts = accounts }))
        {
            payers.AddAccount(row.Key, CustomerId.Of(row.Customer));
        }

        // Names are followed only where nothing better is said.
        var cited = items.All.Select(each => each.Reference).ToHashSet(StringComparer.Ordinal);
        var unnamed = clues.FindAll(each => !each.References.Any(cited.Contains));
        var words = unnamed
            .SelectMany((each, line) => each.Names.SelectMany(name => name).Distinct().Select(word => (line, word)))
            .ToList();
        await NamesAsync(
            Called,
            new
            {
                SellerId = seller,
                Lines = words.Select(each => each.line).ToArray(),
                Words = words.Select(each => each.word).ToArray(),
            }
        );
        var customers = items
            .All.Select(each => each.CustomerId)
            .OfType<CustomerId>()
            .Concat(clues.SelectMany(each => payers.OwnersOf(each.Account)))
            .Concat(unnamed.SelectMany(each => payers.CalledLike(each.Names)))
            .Distinct()
            .Select(each => each.Value)
            .ToArray();
        await AddAsync(
            OpenOf,
            new
            {
                SellerId = seller,
                Customers = customers,
                OpenItems.MostOfCustomer,
            }
        );
        await NamesAsync(NamesOf, new { SellerId = seller, Customers = customers });
        return (items, payers);

        async Task AddAsync(string query, object asked)
        {
            foreach (var item in await transaction.Connection!.QueryAsync<OpenItem>(query, asked, transaction))
            {
                items.Add(item with { Asked = Book.Coins(item.Asked, item.Currency), Due = Book.Coins(item.Due, item.Currency) });
            }
        }

        async Task NamesAsync(string query, object asked)
        {
            foreach (var row in await RowsAsync(query, asked))
            {
                payers.AddName(CustomerId.Of(row.Customer), row.Key.Split(' '));
            }
        }

        Task<IEnumerable<Known>> RowsAsync(string query, object asked) =>
            transaction.Connection!.QueryAsync<Known>(query, asked, transaction);
    }

    private static string[] Texts(IEnumerable<string> texts) => [.. texts.Distinct(StringComparer.Ordinal)];

    /// <summary>What is known of a customer.</summary>
    private sealed record Known
    {
        public string Key { get; init; } = "";

        public string Customer { get; init; } = "";
    }
}
