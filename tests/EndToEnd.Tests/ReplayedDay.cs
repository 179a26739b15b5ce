using RetailInvoicing.Contracts;
using RetailInvoicing.EndToEnd.Tests.TheSystem;
using RetailInvoicing.Retail.Replay;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>A day of the real shop, what it must come to, and whether a system that replayed it has come to that.</summary>
internal sealed class ReplayedDay(StartedSystem system, Shop shop, DateOnly from, DateOnly to)
{
    private static readonly TimeSpan Eventually = TimeSpan.FromSeconds(150);

    private readonly IReadOnlyList<ShopNumber> _numbers =
    [
        .. new ReplayOrder
        {
            File = new FileInfo(Repository.ShopFile()),
            From = from,
            To = to,
        }.Of(ShopNumber.Of(ShopFile.Read(new FileInfo(Repository.ShopFile())))),
    ];

    private IEnumerable<ShopNumber> Issuable => _numbers.Where(number => number is { Refusal: null, IsOverTicketLimit: false });

    /// <summary>Numbers of the days.</summary>
    public int Read => _numbers.Count;

    /// <summary>Those that become invoices.</summary>
    public int Issued => Issuable.Count();

    /// <summary>The file's own sum of them.</summary>
    public decimal Total => Issuable.Sum(number => number.Total);

    /// <summary>Replays the days.</summary>
    public Task<RetailCommand> ReplayAsync(params string[] more) =>
        RetailCommand.RunAsync(
            system,
            [
                "replay",
                Repository.ShopFile(),
                "--from",
                $"{from:yyyy-MM-dd}",
                "--to",
                $"{to:yyyy-MM-dd}",
                "--seller",
                shop.Id,
                "--json",
                .. more,
            ]
        );

    /// <summary>The numbers of every series have no gap and no double, and every sale has one invoice.</summary>
    public async Task InvoicesAreWholeAsync()
    {
        var invoices = await shop.InvoicesAsync();
        Assert.Equal(
            Issuable.Select(number => number.No).Order(StringComparer.Ordinal),
            invoices.SelectMany(invoice => invoice.SaleIds).Select(sale => sale.Value).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Total, invoices.Sum(invoice => invoice.Totals.TotalWithVat));
        foreach (var series in invoices.GroupBy(invoice => invoice.Series))
        {
            Assert.Equal(Enumerable.Range(1, series.Count()), series.Select(SequenceOf).Order());
        }

        var fingerprints = invoices.Select(invoice => invoice.Fiscal.Fingerprint).ToHashSet();
        Assert.Equal(invoices.Count, fingerprints.Count);
        // A chain: every record but the first names one of the others, and none is named twice.
        var previous = invoices.Select(invoice => invoice.Fiscal.PreviousFingerprint).OfType<string>().ToArray();
        Assert.Equal(invoices.Count - 1, previous.Distinct().Count(fingerprints.Contains));
    }

    /// <summary>The sales report comes to the file's sum.</summary>
    public Task ReportIsEqualAsync() =>
        Wait.EqualAsync(
            "the report's total is the file's",
            Eventually,
            Total,
            async () => (await shop.SalesAsync(Moved(from), Moved(to))).TotalWithVat
        );

    /// <summary>
    /// Payments knows the balance of every invoice; its journal has opened each once, every entry of it is balanced, and the invoices'
    /// side comes to the file's sum.
    /// </summary>
    public async Task LedgerIsEqualAsync()
    {
        foreach (var invoice in await shop.InvoicesAsync())
        {
            var balance = await Wait.ForAsync(
                $"a balance of {invoice.Number}",
                Eventually,
                async () =>
                    Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{invoice.InvoiceId}/balance"), "totalWithVat")
                        .ToString("F2", null)
            );
            Assert.Equal(invoice.Totals.TotalWithVat.ToString("F2", null), balance);
        }

        var lines = await shop.AllAsync<System.Text.Json.JsonElement>("payments", "/v1/ledger?limit=200");
        Assert.All(lines.GroupBy(line => line.GetProperty("entryId").GetString()), entry => Assert.Equal(0m, entry.Sum(Amount)));
        Assert.Equal(-Total, lines.Where(line => line.GetProperty("account").GetString() == "sales-clearing").Sum(Amount));
        var opened = lines.Where(line => line.GetProperty("kind").GetString() == "invoice-issued");
        Assert.Equal(Issued, opened.Select(line => line.GetProperty("invoiceId").GetString()).Distinct().Count());
        Assert.Equal(Issued, opened.Select(line => line.GetProperty("entryId").GetString()).Distinct().Count());

        static decimal Amount(System.Text.Json.JsonElement line) => Shop.Amount(line, "amount");
    }

    /// <summary>
    /// Exactly one mail for each invoice whose buyer is identified, with both attachments; says how many more there are for transmissions
    /// that Delivery itself calls possible duplicates. None is a reminder.
    /// </summary>
    public async Task<int> MailsAreExactAsync()
    {
        var inbox = new Inbox(system);
        var mailed = (await shop.InvoicesAsync()).Where(invoice => invoice.Buyer is not null).ToArray();
        Assert.Equal(Issuable.Count(number => number.CustomerId is not null), mailed.Length);
        await Wait.UntilAsync(
            $"{mailed.Length} invoices are mailed",
            Eventually,
            async () => (await inbox.FromAsync(shop.Email)).DistinctBy(mail => mail.MessageId).Count() >= mailed.Length
        );
        await Wait.EqualAsync(
            "no transmission waits",
            Eventually,
            0,
            async () => (await TransmissionsAsync()).Count(transmission => transmission.GetProperty("status").GetString() != "sent")
        );

        var mails = await inbox.FromAsync(shop.Email);
        var possible = (await TransmissionsAsync()).Count(transmission =>
            transmission.TryGetProperty("possibleDuplicate", out var flag) && flag.ValueKind == System.Text.Json.JsonValueKind.True
        );
        Assert.Equal(mailed.Length, mails.DistinctBy(mail => mail.MessageId).Count());
        Assert.All(mails, mail => Assert.True(mail.HasPdfAndXml, $"{mail.Subject}: {string.Join(", ", mail.Attachments)}"));
        foreach (var invoice in mailed)
        {
            Assert.Contains(
                mails,
                mail => mail.To == invoice.Buyer!.Email && mail.Subject.Contains(invoice.Number, StringComparison.Ordinal)
            );
        }

        var doubled = mails.Count - mailed.Length;
        Assert.InRange(doubled, 0, possible);
        return doubled;
    }

    private Task<IReadOnlyList<System.Text.Json.JsonElement>> TransmissionsAsync() =>
        shop.AllAsync<System.Text.Json.JsonElement>("delivery", "/v1/transmissions?limit=200");

    private static int SequenceOf(InvoiceBody invoice) =>
        int.Parse(
            invoice.Number.AsSpan(invoice.Number.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1),
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static DateOnly Moved(DateOnly inFile) => inFile.AddDays(780 * 7);
}
