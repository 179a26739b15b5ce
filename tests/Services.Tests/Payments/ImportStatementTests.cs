using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.Bank;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class ImportStatementTests(Infrastructure infrastructure)
{
    private const string Account = "ES9121000418450200051332";
    private const string Other = "ES7921000813610123456789";
    private const string PayersAccount = "ES6621000418401234567891";

    private static readonly DateOnly Monday = new(2026, 11, 23);
    private static int _invoices;

    [Fact]
    public async Task A_transfer_that_cites_its_invoice_is_booked_once_however_often_and_in_whatever_file_it_is_told()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(121m));
        var paid = Paid(121m, "B1") with { Reference = invoice.PaymentReference };
        var first = BankStatementWriter.Statement(File("S1", paid));

        var answer = await ImportAsync(http, first).JsonAsync(200);
        Assert.Equal("S1 1 new 1 repeated 0 matched 1 proposed 0 unknown 0", Counts(answer));
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Equal("S1 1 new 0 repeated 1 matched 0 proposed 0 unknown 0", Counts(await ImportAsync(http, first).JsonAsync(200)));

        // The next file overlaps: the same again, and two equal ones, which are two.
        var equal = Paid(9m, null) with
        {
            Lines = ["gracias"],
        };
        var second = BankStatementWriter.Statement(File("S2", paid, equal, equal));
        Assert.Equal("S2 3 new 2 repeated 1 matched 0 proposed 0 unknown 2", Counts(await ImportAsync(http, second).JsonAsync(200)));
        Assert.Equal("S2 3 new 0 repeated 3 matched 0 proposed 0 unknown 0", Counts(await ImportAsync(http, second).JsonAsync(200)));
        // A notification tells all of it again.
        var third = BankStatementWriter.Notification(File("N1", paid), File("N2", equal));
        Assert.Equal(
            "N1 1 new 0 repeated 1 matched 0 proposed 0 unknown 0, N2 1 new 0 repeated 1 matched 0 proposed 0 unknown 0",
            Counts(await ImportAsync(http, third).JsonAsync(200))
        );

        Assert.Equal(3L, await host.QueryAsync<long>("select count(*) from payment"));
        Assert.Equal(139m, await BankAsync(host));
        Assert.Equal(18m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        var line = (await http.GetAsync("/v1/bank-entries?state=matched").JsonAsync(200)).GetProperty("items")[0];
        Assert.Equal(("matched", "payment", "credit", "121.00", "invoices"), Line(line));
        Assert.Equal("121.00", line.GetProperty("allocated")[0].Text("amount"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task The_same_movement_in_a_notification_and_in_a_statement_that_does_not_name_it_counts_once()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(50m));

        // The statement gives the total only; the notification said before what it was for.
        var told = Paid(50m, "B1") with
        {
            Reference = invoice.PaymentReference,
        };
        await ImportAsync(http, BankStatementWriter.Notification(File("N1", told))).JsonAsync(200);
        var bare = Paid(50m, null) with { HasDetails = false };
        Assert.Equal(
            "S1 2 new 1 repeated 1 matched 0 proposed 0 unknown 1",
            Counts(await ImportAsync(http, BankStatementWriter.Statement(File("S1", bare, bare))).JsonAsync(200))
        );

        // And the other way round: what the second of them was for comes later.
        var late = await host.HearAsync(Invoice(50m));
        var more = told with { BankReference = "B2", Reference = late.PaymentReference };
        Assert.Equal(
            "N2 1 new 0 repeated 1 matched 0 proposed 0 unknown 0",
            Counts(await ImportAsync(http, BankStatementWriter.Notification(File("N2", more))).JsonAsync(200))
        );

        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await http.StandAsync(late.InvoiceId));
        Assert.Equal(100m, await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Pages_of_one_statement_that_tell_equal_payments_tell_of_several()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var equal = Paid(9m, null);

        foreach (var page in new[] { 1, 2, 1, 2 })
        {
            await ImportAsync(http, BankStatementWriter.Statement(File("S1", equal) with { Page = page })).JsonAsync(200);
        }

        Assert.Equal(18m, await BankAsync(host));
    }

    [Fact]
    public async Task Statements_whose_long_ids_differ_at_the_end_are_not_pages_of_one_and_a_repeat_is_found()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var equal = Paid(9m, null) with { Lines = ["gracias"] };
        var (one, two) = (new string('x', 95) + "A", new string('x', 95) + "B");

        // Two pages of one statement that tell equal payments tell of two; another statement tells one of them again.
        Assert.EndsWith(
            "1 new 1 repeated 0 matched 0 proposed 0 unknown 1",
            Counts(await ImportAsync(http, Page(one, 1)).JsonAsync(200)),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "1 new 1 repeated 0 matched 0 proposed 0 unknown 1",
            Counts(await ImportAsync(http, Page(one, 2)).JsonAsync(200)),
            StringComparison.Ordinal
        );
        var other = await ImportAsync(http, Page(two, 2)).JsonAsync(200);
        Assert.EndsWith("1 new 0 repeated 1 matched 0 proposed 0 unknown 0", Counts(other), StringComparison.Ordinal);
        foreach (var page in new[] { 1, 2 })
        {
            var again = Counts(await ImportAsync(http, Page(one, page)).JsonAsync(200));
            Assert.Equal($"{one} 1 new 0 repeated 1 matched 0 proposed 0 unknown 0", again);
        }

        Assert.Equal(2L, await host.QueryAsync<long>("select count(*) from bank_entry"));
        Assert.Equal([one, two], await host.ListAsync<string>("select distinct statement_id from bank_statement order by 1"));
        Assert.Equal(70L, await host.QueryAsync<long>("select max(length(statement_id)) from bank_entry"));

        byte[] Page(string id, int page) => BankStatementWriter.Statement(File(id, equal) with { Page = page });
    }

    [Fact]
    public async Task A_statement_of_somebody_elses_account_is_refused_until_the_seller_says_it_is_its_own()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var both = BankStatementWriter.Statement(File("S1", Paid(1m, "B1")), File("S2", Paid(2m, "B2")) with { Account = Other });

        await ImportAsync(http, both).RefusedAsync(422, "PAY-BANK-05");
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from bank_entry"));
        await http.PutAsync($"/v1/bank-accounts/{Other[..^1]}0", null).RefusedAsync(422, "PAY-BANK-06");
        await http.PutAsJsonAsync($"/v1/bank-accounts/{Other}", new { name = "" }).RefusedAsync(422, "PAY-BANK-17");
        await http.PutAsync($"/v1/bank-accounts/{Other}", null).JsonAsync(201);
        Assert.Equal("Web", (await http.PutAsJsonAsync($"/v1/bank-accounts/{Other}", new { name = "Web" }).JsonAsync(200)).Text("name"));
        await ImportAsync(http, both).JsonAsync(200);
        Assert.Equal(3m, await BankAsync(host));

        var accounts = (await http.GetAsync("/v1/bank-accounts").JsonAsync(200)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([Account, Other], accounts.Select(each => each.Text("account")));
        (await http.DeleteAsync($"/v1/bank-accounts/{Other}")).EnsureSuccessStatusCode();
        await http.DeleteAsync($"/v1/bank-accounts/{Other}").RefusedAsync(404, "PAY-BANK-18");
        await ImportAsync(http, both).RefusedAsync(422, "PAY-BANK-05");

        // Another seller has no such account, and sees nothing of it.
        using var stranger = host.As("s2");
        await ImportAsync(stranger, both).RefusedAsync(422, "PAY-BANK-05");
        Assert.Empty((await stranger.GetAsync("/v1/bank-entries").JsonAsync(200)).GetProperty("items").EnumerateArray());
        using var reader = host.As("s1", "invoices:read");
        Assert.Equal(403, (int)(await ImportAsync(reader, both)).StatusCode);
    }

    [Theory]
    [InlineData("<Document><BkToCstmrStmt><Stmt><Id>1</Id>", 400, "PAY-BANK-01")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]><Document>&d;</Document>", 400, "PAY-BANK-01")]
    [InlineData("not a file", 400, "PAY-BANK-01")]
    [InlineData("<Document/>", 422, "PAY-BANK-03")]
    public async Task A_file_that_is_none_is_refused_and_nothing_of_it_is_kept(string text, int status, string code)
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        await ImportAsync(http, Encoding.UTF8.GetBytes(text)).RefusedAsync(status, code);
        // Cut off behind a sound statement, of which nothing counts then.
        var sound = BankStatementWriter.Statement(File("S1", Paid(1m, "B1")));
        await ImportAsync(http, sound[..^20]).RefusedAsync(400, "PAY-BANK-01");
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from bank_entry"));
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from bank_statement"));
    }

    [Fact]
    public async Task Every_official_sample_is_taken_once_its_account_is_the_sellers()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        foreach (var account in new[] { "NL26VAYB8060476890", "CH2801234000123456789" })
        {
            await http.PutAsync($"/v1/bank-accounts/{account}", null).JsonAsync(201);
        }

        var files = Directory
            .GetFiles(Repository.Shared("compliance/iso20022/samples-camt"), "*.xml")
            .Where(each => !each.Contains("wrong", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var answer = await ImportAsync(http, await System.IO.File.ReadAllBytesAsync(file)).JsonAsync(200);
            Assert.NotEmpty(answer.GetProperty("statements").EnumerateArray());
        }

        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_the_bank_has_not_booked_is_shown_and_moves_nothing_until_it_is()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(30m));
        var pending = Paid(30m, null) with { Reference = invoice.PaymentReference, Status = "PDNG" };

        var answer = await ImportAsync(http, BankStatementWriter.Notification(File("N1", pending))).JsonAsync(200);
        Assert.Equal(1, answer.GetProperty("statements")[0].GetProperty("pending").GetInt32());
        Assert.Equal("paid 0.00, refunded 0.00, due 30.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Single((await http.GetAsync("/v1/bank-entries?state=pending").JsonAsync(200)).GetProperty("items").EnumerateArray());

        await ImportAsync(http, BankStatementWriter.Statement(File("S1", pending with { Status = "BOOK", BankReference = "B1" })))
            .JsonAsync(200);
        Assert.Equal("paid 30.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Empty((await http.GetAsync("/v1/bank-entries?state=pending").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(30m, await BankAsync(host));
    }

    [Fact]
    public async Task What_is_told_for_information_only_waits_for_nothing_and_counts_once_the_bank_books_it_after_all()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(31m));
        var told = Paid(31m, "B1") with { Reference = invoice.PaymentReference, Status = "INFO" };

        var answer = await ImportAsync(http, BankStatementWriter.Notification(File("N1", told))).JsonAsync(200);
        var counts = answer.GetProperty("statements")[0];
        Assert.Equal((0, 1), (counts.GetProperty("pending").GetInt32(), counts.GetProperty("unbooked").GetInt32()));
        Assert.Equal(["unbooked"], await StatesAsync(http));
        Assert.Equal("paid 0.00, refunded 0.00, due 31.00", await http.StandAsync(invoice.InvoiceId));

        await ImportAsync(http, BankStatementWriter.Statement(File("S1", told with { Status = "BOOK" }))).JsonAsync(200);
        Assert.Equal(["matched"], await StatesAsync(http));
        Assert.Equal("paid 31.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
    }

    [Fact]
    public async Task What_the_bank_does_not_book_within_thirty_days_is_no_longer_waited_for()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var later = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(60);
        await ImportAsync(
                http,
                BankStatementWriter.Notification(
                    File("N1", Paid(7m, "B1") with { Status = "PDNG" }, Paid(8m, "B2") with { Status = "FUTR", BookedOn = later })
                )
            )
            .JsonAsync(200);
        var sweep = host.Services.GetServices<IHostedService>().OfType<SweepBankEntries>().Single();

        await sweep.RunAsync(CancellationToken.None);
        Assert.Equal(["pending", "pending"], await StatesAsync(http));

        await host.QueryAsync<int>(
            "update bank_entry set imported_at = imported_at - interval '31 days', "
                + "booked_on = current_date - 31, valued_on = current_date - 31 where amount = 7 returning 1"
        );
        await sweep.RunAsync(CancellationToken.None);
        Assert.Equal(["pending", "unbooked"], await StatesAsync(http));

        // What it books after all counts.
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", Paid(7m, "B1")))).JsonAsync(200);
        Assert.Equal(["open", "pending"], await StatesAsync(http));
        Assert.Equal(7m, await BankAsync(host));
    }

    [Fact]
    public async Task Of_two_equal_payments_that_are_pending_one_booked_line_is_one_and_the_other_still_comes()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var (one, two) = (Paid(20m, "P1") with { Status = "PDNG" }, Paid(20m, "P2") with { Status = "PDNG" });
        await ImportAsync(http, BankStatementWriter.Notification(File("N1", one, two))).JsonAsync(200);

        // The bank books the first under another reference, and the second under its own.
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", Paid(20m, "B1")))).JsonAsync(200);
        Assert.Equal(["open", "pending", "superseded"], await StatesAsync(http));
        await ImportAsync(http, BankStatementWriter.Statement(File("S2", two with { Status = "BOOK" }))).JsonAsync(200);
        Assert.Equal(40m, await BankAsync(host));

        // What was taken for the one that was booked otherwise, and is booked under its own name too, is money as well.
        await ImportAsync(http, BankStatementWriter.Statement(File("S3", one with { Status = "BOOK" }))).JsonAsync(200);
        Assert.Equal(["open", "open", "open"], await StatesAsync(http));
        Assert.Equal(60m, await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Money_that_nobody_knows_is_the_customers_and_a_person_says_whose_which_teaches_the_next_time()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var first = await host.HearAsync(Invoice(80m, "ana", "Ana Peña"));
        var second = await host.HearAsync(Invoice(33m, "ana", "Ana Peña"));
        var line = Paid(80m, "B1") with { PartyName = "HERMANOS PEÑA", PartyAccount = PayersAccount, Lines = ["cosas"] };

        var answer = await ImportAsync(http, BankStatementWriter.Statement(File("S1", line))).JsonAsync(200);
        Assert.Equal("S1 1 new 1 repeated 0 matched 0 proposed 1 unknown 0", Counts(answer));
        Assert.Equal(80m, await BankAsync(host));
        var entry = (await http.GetAsync("/v1/bank-entries?state=proposed").JsonAsync(200)).GetProperty("items")[0];
        var proposal = entry.GetProperty("proposals")[0];
        Assert.Equal(first.InvoiceId.ToString(), proposal.GetProperty("parts")[0].Text("invoiceId"));
        Assert.NotEqual("certain", proposal.Text("confidence"));
        Assert.False(string.IsNullOrEmpty(proposal.GetProperty("reasons")[0].Text("english")));
        Assert.False(string.IsNullOrEmpty(proposal.GetProperty("reasons")[0].Text("spanish")));

        var id = entry.Text("entryId")!;
        await MatchAsync(http, id, new { proposal = 9 }).RefusedAsync(422, "PAY-BANK-08");
        await MatchAsync(http, id, new { }).RefusedAsync(422, "PAY-BANK-13");
        await MatchAsync(http, id, new { invoices = new object?[] { null } }).RefusedAsync(422, "PAY-BANK-13");
        await MatchAsync(http, "x", new { proposal = 1 }).RefusedAsync(404, "PAY-BANK-07");
        await MatchAsync(http, id, Parts((first.InvoiceId, "80.01"))).RefusedAsync(422, "PAY-BANK-15");
        await MatchAsync(http, id, Parts((first.InvoiceId, "50"), (second.InvoiceId, "33"))).RefusedAsync(422, "PAY-BANK-14");
        using (var stranger = host.As("s2"))
        {
            await MatchAsync(stranger, id, new { proposal = 1 }).RefusedAsync(404, "PAY-BANK-07");
        }

        Assert.Equal("matched", (await MatchAsync(http, id, new { proposal = 1 }).JsonAsync(200)).Text("state"));
        // A second click.
        Assert.Equal("matched", (await MatchAsync(http, id, new { proposal = 1 }).JsonAsync(200)).Text("state"));
        await MatchAsync(http, id, Parts((second.InvoiceId, "33"))).RefusedAsync(409, "PAY-BANK-10");
        Assert.Equal("paid 80.00, refunded 0.00, due 0.00", await http.StandAsync(first.InvoiceId));

        // The account is known now: the only invoice that comes to the amount is certain.
        var next = line with
        {
            Amount = 33m,
            BankReference = "B2",
        };
        answer = await ImportAsync(http, BankStatementWriter.Statement(File("S2", next))).JsonAsync(200);
        Assert.Equal("S2 1 new 1 repeated 0 matched 1 proposed 0 unknown 0", Counts(answer));
        Assert.Equal("paid 33.00, refunded 0.00, due 0.00", await http.StandAsync(second.InvoiceId));

        // It was wrong after all.
        Assert.Equal("proposed", (await UnmatchAsync(http, id).JsonAsync(200)).Text("state"));
        await UnmatchAsync(http, id).RefusedAsync(409, "PAY-BANK-11");
        Assert.Equal("paid 0.00, refunded 0.00, due 80.00", await http.StandAsync(first.InvoiceId));
        Assert.Equal("open", (await http.PostAsync($"/v1/bank-entries/{id}/refuse", null).JsonAsync(200)).Text("state"));
        Assert.Equal("matched", (await MatchAsync(http, id, Parts((first.InvoiceId, "79.99"))).JsonAsync(200)).Text("state"));
        Assert.Equal("paid 79.99, refunded 0.00, due 0.01", await http.StandAsync(first.InvoiceId));
        Assert.Equal(113m, await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_a_person_teaches_is_used_at_once_for_what_waits_from_the_same_account()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var first = await host.HearAsync(Invoice(80m, "ana", "Ana Peña"));
        var second = await host.HearAsync(Invoice(33m, "ana", "Ana Peña"));
        var line = Paid(80m, "B1") with { PartyName = "HERMANOS PEÑA", PartyAccount = PayersAccount };
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", line, line with { Amount = 33m, BankReference = "B2" })))
            .JsonAsync(200);
        var waiting = (await http.GetAsync("/v1/bank-entries").JsonAsync(200)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["proposed", "proposed"], waiting.Select(each => each.Text("state")));

        await MatchAsync(http, waiting[0].Text("entryId")!, Parts((first.InvoiceId, "80"))).JsonAsync(200);

        Assert.Equal("paid 33.00, refunded 0.00, due 0.00", await http.StandAsync(second.InvoiceId));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_lacks_no_more_than_the_tolerance_is_forgiven_and_asked_for_again_where_the_match_is_undone()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        await http.PutAsJsonAsync("/v1/payment-policy", new { tolerance = "0.05" }).JsonAsync(200);
        var invoice = await host.HearAsync(Invoice(100m));
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", Paid(99.97m, "B1") with { Reference = invoice.PaymentReference })))
            .JsonAsync(200);
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        var id = (await http.GetAsync("/v1/bank-entries?state=matched").JsonAsync(200)).GetProperty("items")[0].Text("entryId")!;

        await UnmatchAsync(http, id).JsonAsync(200);

        Assert.Equal("paid 0.00, refunded 0.00, due 100.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line where account = 'differences'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_payment_of_what_is_paid_stays_the_customers_with_a_proposal_that_says_so()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(20m));
        var paid = Paid(20m, "B1") with { Reference = invoice.PaymentReference };

        await ImportAsync(http, BankStatementWriter.Statement(File("S1", paid, paid with { BankReference = "B2" }))).JsonAsync(200);

        Assert.Equal("paid 20.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        var entry = (await http.GetAsync("/v1/bank-entries?state=proposed").JsonAsync(200)).GetProperty("items")[0];
        Assert.Equal("paid-already", entry.GetProperty("proposals")[0].Text("kind"));
        Assert.Equal("20.00", entry.Text("unallocated"));
        var kept = await MatchAsync(http, entry.Text("entryId")!, new { proposal = 1 }).JsonAsync(200);
        Assert.Equal(("matched", "paidalready", "20.00"), (kept.Text("state"), kept.Text("matchedAs"), kept.Text("unallocated")));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_transfer_that_the_bank_takes_back_opens_its_invoice_again_and_what_is_paid_after_it_settles_it()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(70m));
        var paid = Paid(70m, "B1") with { Reference = invoice.PaymentReference, PartyAccount = PayersAccount };
        var back = paid with { IsCredit = false, IsReversal = true, BookedOn = Monday.AddDays(1), ReturnReason = "AM05" };
        var again = paid with { BankReference = "B2", BookedOn = Monday.AddDays(2) };

        // Banks may tell the newest first.
        var answer = await ImportAsync(http, BankStatementWriter.Statement(File("S1", again, back, paid))).JsonAsync(200);

        Assert.Equal("S1 3 new 3 repeated 0 matched 3 proposed 0 unknown 0", Counts(answer));
        Assert.Equal("paid 140.00, refunded 70.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Equal(70m, await BankAsync(host));
        var debit = (await http.GetAsync("/v1/bank-entries?state=matched").JsonAsync(200))
            .GetProperty("items")
            .EnumerateArray()
            .Single(each => each.Text("direction") == "debit");
        Assert.Equal(("reversed", "AM05"), (debit.Text("matchedAs"), debit.Text("returnReason")));
        await host.BooksAgreeAsync();
    }

    [Theory]
    // By the bank's own reference of what it takes back.
    [InlineData("B1", null, false, "AC04", true, "matched")]
    // Under a reference of its own, by the payer's id.
    [InlineData("B2", "E2E-7", false, "FOCR", false, "matched")]
    // By what the payer cited, where the payer gave no id.
    [InlineData("B2", null, true, "FOCR", false, "matched")]
    // Without a reason: by the code of the movement, the amount and the account.
    [InlineData("B2", null, false, null, false, "matched")]
    // With a reason and nothing that names a payment it is of none of ours, and somebody looks at it.
    [InlineData("B2", null, false, "AC04", true, "open")]
    public async Task A_transfer_that_goes_back_is_known_however_the_bank_writes_it(
        string reference,
        string? id,
        bool isCited,
        string? reason,
        bool isReversal,
        string state
    )
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(70m));
        var paid = Paid(70m, "B1") with { Reference = invoice.PaymentReference, PartyAccount = PayersAccount, EndToEndId = id };
        var back = paid with
        {
            IsCredit = false,
            IsReversal = isReversal,
            BookedOn = Monday.AddDays(1),
            Code = ("PMNT", "RCDT", "RRTN"),
            BankReference = reference,
            Reference = isCited ? invoice.PaymentReference : null,
            ReturnReason = reason,
        };
        // What else was paid from that account stays.
        var other = await host.HearAsync(Invoice(71m));
        var rest = Paid(71m, "B9") with { Reference = other.PaymentReference, PartyAccount = PayersAccount };

        await ImportAsync(http, BankStatementWriter.Statement(File("S1", paid, rest))).JsonAsync(200);
        await ImportAsync(http, BankStatementWriter.Notification(File("N1", back))).JsonAsync(200);
        // The day's statement tells it again.
        await ImportAsync(http, BankStatementWriter.Statement(File("S2", back))).JsonAsync(200);

        Assert.Equal(state, await host.QueryAsync<string>("select state from bank_entry where not is_credit"));
        var isKnown = state == "matched";
        Assert.Equal(
            isKnown ? "paid 70.00, refunded 70.00, due 70.00" : "paid 70.00, refunded 0.00, due 0.00",
            await http.StandAsync(invoice.InvoiceId)
        );
        Assert.Equal("paid 71.00, refunded 0.00, due 0.00", await http.StandAsync(other.InvoiceId));
        Assert.Equal(isKnown ? 71m : 141m, await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_payout_that_was_announced_arrives_whether_its_line_or_its_notice_comes_first()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        await AnnounceAsync(host, "po_1", 97.10m);
        var line = Paid(97.10m, "B1") with { PartyName = "STRIPE TECHNOLOGY EUROPE LTD", Lines = ["STRIPE A1B2"] };
        var early = line with { Amount = 50m, BankReference = "B2" };

        await ImportAsync(http, BankStatementWriter.Statement(File("S1", line, early))).JsonAsync(200);
        Assert.Equal("arrived", await host.QueryAsync<string>("select state from payout where reference = 'po_1'"));
        // Until somebody says otherwise it is somebody's money.
        Assert.Equal(50m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));

        await AnnounceAsync(host, "po_2", 50m);
        await ImportAsync(http, BankStatementWriter.Statement(File("S2", Paid(1m, "B3")))).JsonAsync(200);

        Assert.Equal("arrived", await host.QueryAsync<string>("select state from payout where reference = 'po_2'"));
        Assert.Equal(1m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        Assert.Equal(148.10m, await BankAsync(host));
        Assert.Equal(-147.10m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'payouts-in-transit'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_settlement_of_a_provider_that_announces_none_is_what_the_seller_says_it_is()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", Paid(98.80m, "B1") with { Lines = ["TPV 0123"] }))).JsonAsync(200);
        var id = (await http.GetAsync("/v1/bank-entries").JsonAsync(200)).GetProperty("items")[0].Text("entryId")!;

        await MatchAsync(http, id, new { settlement = new { provider = "Redsys", fees = "1.20" } }).RefusedAsync(422, "PAY-BANK-16");
        await MatchAsync(http, id, new { settlement = new { provider = "redsys", fees = "-1" } }).RefusedAsync(422, "PAY-BANK-16");
        var settled = await MatchAsync(http, id, new { settlement = new { provider = "redsys", fees = "1.20" } }).JsonAsync(200);

        Assert.Equal(("matched", "settlement"), (settled.Text("state"), settled.Text("matchedAs")));
        Assert.Equal(98.80m, await BankAsync(host));
        Assert.Equal(-100m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:redsys'"));
        Assert.Equal(1.20m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'fees'"));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_refund_by_transfer_leaves_the_bank_where_its_line_names_it_and_other_debits_are_noted()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoice = await host.HearAsync(Invoice(40m));
        var paid = Paid(40m, "B1") with { Reference = invoice.PaymentReference, PartyAccount = PayersAccount };
        await ImportAsync(http, BankStatementWriter.Statement(File("S1", paid))).JsonAsync(200);
        var payment = (await http.GetAsync("/v1/bank-entries").JsonAsync(200)).GetProperty("items")[0].Text("paymentId")!;
        await http.RefundAsync(payment, "15.00", "RETURN-7").JsonAsync(201);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var refund = Paid(15m, "B2") with
        {
            IsCredit = false,
            BookedOn = today,
            Lines = ["devolución RETURN-7"],
            Code = ("PMNT", "ICDT", "ESCT"),
        };
        var rent = Paid(900m, "B3") with { IsCredit = false, BookedOn = today, Lines = ["alquiler"], Code = ("PMNT", "ICDT", "ESCT") };

        var answer = await ImportAsync(http, BankStatementWriter.Statement(File("S2", refund, rent))).JsonAsync(200);

        Assert.Equal("S2 2 new 2 repeated 0 matched 1 proposed 0 unknown 0", Counts(answer));
        Assert.Equal(1, answer.GetProperty("statements")[0].GetProperty("noted").GetInt32());
        Assert.Equal(25m, await BankAsync(host));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'refunds'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Many_imports_at_once_book_each_line_once()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var invoices = new List<InvoiceIssued>();
        for (var i = 0; i < 12; i++)
        {
            invoices.Add(await host.HearAsync(Invoice(10m + i)));
        }

        var lines = invoices.Select((each, i) => Paid(10m + i, $"B{i}") with { Reference = each.PaymentReference }).ToArray();
        var file = BankStatementWriter.Statement(File("S1", lines));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ImportAsync(http, file)));

        Assert.All(answers, each => Assert.Equal(200, (int)each.StatusCode));
        Assert.Equal(12L, await host.QueryAsync<long>("select count(*) from payment"));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(amount_due) from balance"));
        Assert.Equal(lines.Sum(each => each.Amount), await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    private static async Task<string[]> StatesAsync(HttpClient http) =>
        [
            .. (await http.GetAsync("/v1/bank-entries").JsonAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(each => each.Text("state")!)
                .Order(StringComparer.Ordinal),
        ];

    private async Task<ServiceHost> StartAsync()
    {
        var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await host.HearAsync(Shop.Registered("s1"));
        return host;
    }

    private static InvoiceIssued Invoice(decimal total, string customer = "c1", string name = "Cliente Uno")
    {
        var number = Interlocked.Increment(ref _invoices);
        return Shop.Invoice("s1", total) with
        {
            Number = $"F-WEB-2026-{number:000000}",
            PaymentReference = CreditorReference.Of($"X{number * 7919 % 10_000:0000}QK{number * 104_729 % 100_000:00000}VB{number:000}")!,
            Contact = new InvoiceContact { CustomerId = CustomerId.Of(customer) },
            Buyer = new InvoiceParty { Name = name, CustomerId = CustomerId.Of(customer) },
        };
    }

    private static StatementLine Paid(decimal amount, string? reference) =>
        new()
        {
            Amount = amount,
            BookedOn = Monday,
            BankReference = reference,
            PartyName = "Somebody Else",
        };

    private static StatementFile File(string id, params StatementLine[] lines) =>
        new()
        {
            StatementId = id,
            Account = Account,
            Lines = lines,
        };

    private static async Task<HttpResponseMessage> ImportAsync(HttpClient http, byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } };
        return await http.PostAsync("/v1/bank-statements", content);
    }

    private static Task<HttpResponseMessage> MatchAsync(HttpClient http, string entry, object match) =>
        http.PostAsJsonAsync($"/v1/bank-entries/{entry}/match", match);

    private static Task<HttpResponseMessage> UnmatchAsync(HttpClient http, string entry) =>
        http.PostAsync($"/v1/bank-entries/{entry}/unmatch", null);

    private static object Parts(params (InvoiceId Invoice, string Amount)[] parts) =>
        new { invoices = parts.Select(each => new { invoiceId = each.Invoice.ToString(), amount = each.Amount }).ToArray() };

    private static Task<decimal> BankAsync(ServiceHost host) =>
        host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line where account = 'bank'");

    /// <summary>What a provider's notice would have booked.</summary>
    private static async Task AnnounceAsync(ServiceHost host, string reference, decimal amount)
    {
        await using var command = host.Database.CreateCommand(
            """
            insert into payout (seller_id, provider, reference, currency, amount, fees, arrives_on, state, announced_at)
            values ('s1', 'stripe', @reference, 'EUR', @amount, 0, '2026-11-23', 'announced', now())
            """
        );
        command.Parameters.AddWithValue("reference", reference);
        command.Parameters.AddWithValue("amount", amount);
        await command.ExecuteNonQueryAsync();
    }

    private static string Counts(JsonElement answer) =>
        string.Join(
            ", ",
            answer
                .GetProperty("statements")
                .EnumerateArray()
                .Select(each =>
                    $"{each.Text("statementId")} {Number(each, "entries")} new {Number(each, "new")} repeated {Number(each, "repeated")} matched {Number(each, "matched")} proposed {Number(each, "proposed")} unknown {Number(each, "unknown")}"
                )
        );

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static (string?, string?, string?, string?, string?) Line(JsonElement line) =>
        (line.Text("state"), line.Text("kind"), line.Text("direction"), line.Text("amount"), line.Text("matchedAs"));
}
