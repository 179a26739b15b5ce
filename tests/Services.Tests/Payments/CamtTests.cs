using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class CamtTests
{
    private const string Samples = "compliance/iso20022/samples-camt";

    public static TheoryData<string> EachSample =>
        [
            "camt053.v2.minimal.ultimate",
            "camt053.v2.multi.statement",
            "camt053.v2.with-account-name",
            "camt053.v2.with-party-ids",
            "camt053.v3",
            "camt053.v4",
            "camt053.v8",
            "camt054.v8",
            "camt054.v8-with-UETR",
        ];

    [Theory]
    [MemberData(nameof(EachSample))]
    public void An_official_sample_is_read_as_its_expected_parse_says(string sample)
    {
        var read = CamtFiles.Read(File.ReadAllText(Repository.Shared($"{Samples}/{sample}.xml")));
        Assert.False(read.Refused(out var fault), fault?.In(null));
        var (message, movements) = (read.Value.Message, read.Value.Movements());
        using var expected = JsonDocument.Parse(File.ReadAllText(Repository.Shared($"{Samples}/{sample}.json")));

        Assert.Equal(sample.StartsWith("camt054", StringComparison.Ordinal), message.IsNotification);
        Assert.Equal(expected.RootElement.GetProperty("getGroupHeader").Text("getMessageId"), message.MessageId);
        var told = Statements(expected.RootElement).ToList();
        Assert.NotEmpty(told);
        // The parse writes out the last statement only, and says how many there are.
        Assert.Equal(expected.RootElement.GetProperty("getRecords").GetArrayLength(), message.Statements.Count);
        foreach (var json in told)
        {
            var statement = message.Statements.Single(each => each.StatementId == json.Text("getId"));
            Assert.Equal(json.GetProperty("getAccount").Text("getIdentification"), statement.Account);
            Assert.Equal(json.Text("getAdditionalInformation") is { Length: > 0 } more ? more : null, statement.Information);
            if (json.TryGetProperty("getBalances", out var balances) && balances.ValueKind == JsonValueKind.Array)
            {
                Assert.Equal(balances.EnumerateArray().Select(BalanceOf), statement.Balances.Select(Said));
            }
        }

        var entries = Entries(expected.RootElement).ToList();
        Assert.NotEmpty(entries);
        Assert.All(entries, json => Assert.Contains(EntryOf(json), movements.Select(Said)));
        foreach (var detail in entries.SelectMany(DetailsOf))
        {
            Assert.Contains(detail, movements.SelectMany(each => each.Details).Select(Said));
        }
    }

    [Fact]
    public void A_batch_whose_payments_come_to_its_amount_is_told_payment_by_payment_and_any_other_as_one()
    {
        var batch = Statement(
            """
            <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
              <AcctSvcrRef>B1</AcctSvcrRef><BkTxCd/>
              <NtryDtls>
                <TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
                <TxDtls><Refs><EndToEndId>E2</EndToEndId></Refs><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
              </NtryDtls></Ntry>
            <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
              <AcctSvcrRef>B2</AcctSvcrRef><BkTxCd/>
              <NtryDtls>
                <TxDtls><Amt Ccy="EUR">10.00</Amt></TxDtls><TxDtls><Amt Ccy="EUR">21.00</Amt></TxDtls>
              </NtryDtls></Ntry>
            <Ntry><Amt Ccy="EUR">29.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
              <AcctSvcrRef>B3</AcctSvcrRef><BkTxCd/><Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">1.00</TtlChrgsAndTaxAmt></Chrgs>
              <NtryDtls>
                <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls></TxDtls>
                <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls></TxDtls>
              </NtryDtls></Ntry>
            """
        );

        var entries = Entries(batch);

        Assert.Equal(
            ["B1 1/2 10.00 E1", "B1 2/2 20.00 E2", "B2 1/1 30.00 ", "B3 1/3 10.00 ", "B3 2/3 20.00 ", "B3 3/3 -1.00 "],
            entries.Select(each => $"{each.BankReference} {each.Part}/{each.Parts} {each.Signed.Coins()} {each.EndToEndId}")
        );
        Assert.Equal(EntryKind.Charge, entries[^1].Kind);
    }

    [Fact]
    public void Two_equal_payments_on_one_day_are_two_and_the_same_one_has_the_same_name_wherever_it_is_told()
    {
        const string payment = """
            <Ntry><Amt Ccy="EUR">15</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><BkTxCd/>
              <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Ana</Nm></Dbtr></RltdPties><RmtInf><Ustrd>gracias</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
            """;

        var both = Entries(Statement(payment + payment, "S1"));
        var again = Entries(Statement(payment.Replace("15<", "15.00<", StringComparison.Ordinal), "S2"));

        Assert.NotEqual(both[0].Movement, both[1].Movement);
        Assert.Equal(both[0].Likeness, both[1].Likeness);
        Assert.Equal(both[0].Movement, Assert.Single(again).Movement);
    }

    [Fact]
    public void Parties_are_read_in_the_layout_of_every_version_and_whoever_is_not_us_is_the_other()
    {
        const string parts = """
            <Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>{0}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-11-23T23:30:00+01:00</DtTm></BookgDt><BkTxCd/>
              <NtryDtls><TxDtls><RltdPties>{1}</RltdPties>{2}</TxDtls></NtryDtls></Ntry>
            """;
        const string us = "<CdtrAcct><Id><IBAN>ES9121000418450200051332</IBAN></Id></CdtrAcct>";
        const string old = "<Dbtr><Nm>Ñandú, S.L.</Nm></Dbtr><DbtrAcct><Id><IBAN>ES79 2100 0813 6101 2345 6789</IBAN></Id></DbtrAcct>";
        const string young =
            "<Dbtr><Pty><Nm>Ñandú, S.L.</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>es7921000813610123456789</Id></Othr></Id></DbtrAcct>";
        const string back = "<RtrInf><Rsn><Cd>MD06</Cd></Rsn><AddtlInf>refund</AddtlInf><AddtlInf>asked</AddtlInf></RtrInf>";

        var entries = Entries(
            Statement(
                string.Format(CultureInfo.InvariantCulture, parts, "CRDT", old + us, "")
                    + string.Format(CultureInfo.InvariantCulture, parts, "CRDT", young + us, "")
                    + string.Format(CultureInfo.InvariantCulture, parts, "DBIT", young + us, back)
            )
        );

        Assert.All(
            entries,
            each => Assert.Equal(("Ñandú, S.L.", "ES7921000813610123456789", "NANDU"), (each.PartyName, each.PartyAccount, each.PartyKey))
        );
        Assert.All(entries, each => Assert.Equal(new DateOnly(2026, 11, 23), each.BookedOn));
        Assert.Equal([EntryKind.Payment, EntryKind.Payment, EntryKind.TakenBack], entries.Select(each => each.Kind));
        Assert.Equal(("MD06", "refund asked"), (entries[2].ReturnReason, entries[2].ReturnText));
    }

    [Fact]
    public void A_statement_without_statements_is_refused_with_what_it_lacks()
    {
        var wrong = Read(File.ReadAllText(Repository.Shared($"{Samples}/camt053.v2.wrong.xml")));
        Assert.True(wrong.Refused(out var fault));
        Assert.Equal(("PAY-BANK-04", "BkToCstmrStmt/Stmt", 422), (fault.Code.Code, fault.Path, fault.Status));
    }

    [Theory]
    [InlineData("", "PAY-BANK-01", 400)]
    [InlineData("{\"statement\":1}", "PAY-BANK-01", 400)]
    [InlineData("<Document><BkToCstmrStmt><Stmt><Id>1</Id>", "PAY-BANK-01", 400)]
    [InlineData("<?xml version=\"1.0\" encoding=\"nobody-has-it\"?><Document/>", "PAY-BANK-01", 400)]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;</Document>", "PAY-BANK-01", 400)]
    [InlineData("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Document/>", "PAY-BANK-01", 400)]
    [InlineData("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn/></Document>", "PAY-BANK-03", 422)]
    [InlineData("<Document><BkToCstmrAcctRpt><Rpt/></BkToCstmrAcctRpt></Document>", "PAY-BANK-03", 422)]
    [InlineData("<Document><BkToCstmrStmt/></Document>", "PAY-BANK-04", 422)]
    public void What_is_no_bank_file_is_refused(string text, string code, int status)
    {
        Assert.True(Read(text).Refused(out var fault));
        Assert.Equal((code, status), (fault.Code.Code, fault.Status));
    }

    [Theory]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "<Amt Ccy=\"EUR\">-10</Amt>", "Amt")]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "<Amt Ccy=\"EUR\">1,50</Amt>", "Amt")]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "<Amt Ccy=\"EUR\">10.001</Amt>", "Amt")]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "<Amt Ccy=\"EUR\">99999999999999999999999</Amt>", "Amt")]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "<Amt Ccy=\"euro\">10</Amt>", "Amt")]
    [InlineData("<Amt Ccy=\"EUR\">10</Amt>", "", "Amt")]
    [InlineData("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>BOTH</CdtDbtInd>", "CdtDbtInd")]
    [InlineData("<Sts>BOOK</Sts>", "", "Sts")]
    [InlineData("<Dt>2026-11-23</Dt>", "<Dt>23.11.2026</Dt>", "BookgDt")]
    public void A_movement_that_cannot_be_read_is_refused_with_its_place(string sound, string broken, string where)
    {
        const string movement =
            "<Ntry><Amt Ccy=\"EUR\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><BkTxCd/></Ntry>";
        Assert.False(Read(Statement(movement)).Refused(out _));

        Assert.True(Read(Statement(movement + movement.Replace(sound, broken, StringComparison.Ordinal))).Refused(out var fault));

        Assert.Equal(("PAY-BANK-04", $"Stmt[1]/Ntry[2]/{where}"), (fault.Code.Code, fault.Path));
    }

    [Fact]
    public void What_is_nested_beyond_measure_or_has_a_text_beyond_measure_is_refused()
    {
        var deep = Read(Statement(string.Concat(Enumerable.Repeat("<a>", 5_000)) + string.Concat(Enumerable.Repeat("</a>", 5_000))));
        var more = Read(Statement($"<AddtlStmtInf>{new string('x', 3_000_000)}</AddtlStmtInf>"));
        var wide = Read(Statement($"<AddtlStmtInf a=\"{new string('x', 20_000)}\"/>"));

        Assert.All(new[] { deep, more, wide }, each => Assert.Equal("PAY-BANK-02", each.Fault?.Code.Code));
    }

    private static Outcome<CamtFile> Read(string text) => CamtFiles.Read(text);

    private static IReadOnlyList<BankEntry> Entries(string text) => Read(text).Value.Payments();

    /// <summary>A statement of any version, in an envelope and with a prefix: neither says anything.</summary>
    private static string Statement(string inner, string id = "S1") =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Envelope><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.13"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr>
            <Stmt><Id>{id}</Id><Acct><Id><IBAN>ES9121000418450200051332</IBAN></Id></Acct>{inner}</Stmt>
            </BkToCstmrStmt></Document></Envelope>
            """.TrimStart();

    private static IEnumerable<JsonElement> Statements(JsonElement message) =>
        Entries(message).Select(each => each.GetProperty("getRecord")).Where(each => each.ValueKind == JsonValueKind.Object);

    private static IEnumerable<JsonElement> Entries(JsonElement message) =>
        message.GetProperty("getEntries").EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object);

    private static string EntryOf(JsonElement json) =>
        string.Join(
            '|',
            MoneyOf(json.GetProperty("getAmount")),
            json.Text("getCreditDebitIndicator"),
            json.Text("getStatus"),
            json.Text("getAccountServicerReference"),
            json.Text("getReference"),
            DayOf(json.GetProperty("getBookingDate")),
            DayOf(json.GetProperty("getValueDate")),
            json.GetProperty("getReversalIndicator").GetBoolean(),
            CodeOf(json.GetProperty("getBankTransactionCode"))
        );

    private static string Said(CamtEntry entry) =>
        string.Join(
            '|',
            Plain(entry.IsCredit ? entry.Amount : -entry.Amount, entry.Currency.Code),
            entry.IsCredit ? "CRDT" : "DBIT",
            entry.Status,
            entry.BankReference,
            entry.EntryReference,
            Day(entry.BookedOn),
            Day(entry.ValuedOn),
            entry.IsReversal,
            string.Join('/', entry.Code.Domain, entry.Code.Family, entry.Code.SubFamily, entry.Code.Own)
        );

    private static IEnumerable<string> DetailsOf(JsonElement entry) =>
        entry
            .GetProperty("getTransactionDetails")
            .EnumerateArray()
            .Select(each => each.ValueKind == JsonValueKind.Object ? each : entry.GetProperty("getTransactionDetail"))
            .Where(each => each.ValueKind == JsonValueKind.Object)
            .Select(json =>
            {
                var refs = json.GetProperty("getReference");
                var parties = json.GetProperty("getRelatedParties")
                    .EnumerateArray()
                    .Select(PartyOf)
                    .OfType<string>()
                    .Order(StringComparer.Ordinal);
                return string.Join(
                    '|',
                    TextOf(refs, "getEndToEndId"),
                    TextOf(refs, "getMandateId"),
                    string.Join(',', parties),
                    WordsOf(json)
                );
            });

    private static string Said(CamtDetail detail)
    {
        var parties = new[]
        {
            Party("Creditor", detail.Creditor.Name, detail.Creditor.Account),
            Party("Debtor", detail.Debtor.Name, detail.Debtor.Account),
            Party("UltimateCreditor", detail.UltimateCreditor, null),
            Party("UltimateDebtor", detail.UltimateDebtor, null),
        };
        return string.Join(
            '|',
            detail.EndToEndId,
            detail.MandateId,
            string.Join(',', parties.OfType<string>().Order(StringComparer.Ordinal)),
            $"{string.Join('+', detail.Lines)};{string.Join('+', detail.References)}"
        );
    }

    private static string? TextOf(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object ? json.Text(name) : null;

    private static string? Party(string role, string? name, string? account) =>
        name is null && account is null ? null : $"{role}={name}@{account}";

    private static string? PartyOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var type = json.GetProperty("getRelatedPartyType");
        var role = type.Text("__CLASS__")!.Split('\\')[^1];
        var account = json.GetProperty("getAccount");
        return role is "Creditor" or "Debtor" or "UltimateCreditor" or "UltimateDebtor"
            ? Party(role, type.Text("getName"), TextOf(account, "getIdentification"))
            : null;
    }

    private static string WordsOf(JsonElement detail)
    {
        var words = detail.GetProperty("getRemittanceInformation");
        if (words.ValueKind != JsonValueKind.Object)
        {
            return ";";
        }

        var lines = Blocks(words, "getUnstructuredBlocks", "getUnstructuredBlock").Select(each => each.Text("getMessage"));
        var references = Blocks(words, "getStructuredBlocks", "getStructuredBlock")
            .Select(each => ReferenceOf(each, words))
            .Where(each => each is not null);
        return $"{string.Join('+', lines)};{string.Join('+', references)}";
    }

    /// <summary>A block that was written out before stands there as a mark only.</summary>
    private static IEnumerable<JsonElement> Blocks(JsonElement words, string all, string first) =>
        words
            .GetProperty(all)
            .EnumerateArray()
            .Select(each => each.ValueKind == JsonValueKind.Object ? each : words.GetProperty(first))
            .Where(each => each.ValueKind == JsonValueKind.Object);

    private static string? ReferenceOf(JsonElement block, JsonElement words)
    {
        var about = block.GetProperty("getCreditorReferenceInformation");
        about = about.ValueKind == JsonValueKind.String ? words.GetProperty("getCreditorReferenceInformation") : about;
        return TextOf(about, "getRef");
    }

    private static string CodeOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return "///";
        }

        var (domain, own) = (json.GetProperty("getDomain"), json.GetProperty("getProprietary"));
        var family = domain.ValueKind == JsonValueKind.Object ? domain.GetProperty("getFamily") : default;
        return string.Join(
            '/',
            TextOf(domain, "getCode"),
            TextOf(family, "getCode"),
            TextOf(family, "getSubFamilyCode"),
            TextOf(own, "getCode")
        );
    }

    private static string BalanceOf(JsonElement json) => $"{MoneyOf(json.GetProperty("getAmount"))} {DayOf(json.GetProperty("getDate"))}";

    private static string Said(CamtBalance balance) => $"{Plain(balance.Amount, balance.Currency.Code)} {Day(balance.On)}";

    /// <summary>The samples' parse writes amounts in the currency's smallest coin.</summary>
    private static string MoneyOf(JsonElement json)
    {
        var code = json.GetProperty("getCurrency").Text("getCode")!;
        var coins = decimal.Parse(json.Text("getAmount")!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Plain(coins / (decimal)Math.Pow(10, RetailInvoicing.Contracts.Currency.Of(code).MinorUnit), code);
    }

    private static string Plain(decimal amount, string code) => $"{amount.ToString("0.###", CultureInfo.InvariantCulture)} {code}";

    private static string DayOf(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json.Text("0")![..10] : "";

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
