using System.Text;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Bank files as banks write them and as nobody should, each with its verdict.</summary>
public sealed class CamtAttackTests
{
    [Theory]
    [InlineData("camt.053", 2)]
    [InlineData("camt.053", 3)]
    [InlineData("camt.053", 4)]
    [InlineData("camt.053", 8)]
    [InlineData("camt.053", 10)]
    [InlineData("camt.053", 13)]
    [InlineData("camt.054", 2)]
    [InlineData("camt.054", 4)]
    [InlineData("camt.054", 8)]
    [InlineData("camt.054", 13)]
    public void Every_version_says_the_same(string message, int version)
    {
        var file = CamtFiles.Read(CamtFiles.Of(message, version)).Value;

        Assert.Equal(message == "camt.054", file.Message.IsNotification);
        var payment = Assert.Single(file.Payments());
        Assert.Equal(
            ("B1", 12.50m, true, EntryKind.Payment, "Ñandú, S.L.", "ES7921000813610123456789", "E1"),
            (
                payment.BankReference,
                payment.Amount,
                payment.IsBooked,
                payment.Kind,
                payment.PartyName,
                payment.PartyAccount,
                payment.EndToEndId
            )
        );
        Assert.Equal((new DateOnly(2026, 11, 23), (DateOnly?)new DateOnly(2026, 11, 24)), (payment.BookedOn, payment.ValuedOn));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void A_report_within_the_day_is_refused_by_its_name(int version) =>
        Refused(
            CamtFiles.Of("camt.052", version),
            "PAY-BANK-03",
            message => Assert.Contains("camt.052", message, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "urn:swift:xsd:camt.053.001.08")]
    [InlineData(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", "")]
    [InlineData("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "ISO:camt.053.001.08:APC:STUZZA:payments:001")]
    public void Namespaces_are_the_banks_own_affair(string known, string theirs)
    {
        var text = CamtFiles.Statement(CamtFiles.Entry("1.00", reference: "B1"));
        Assert.Equal("B1", Only(text.Replace(known, theirs, StringComparison.Ordinal)).BankReference);
    }

    [Fact]
    public void Prefixes_and_envelopes_say_nothing()
    {
        var text = CamtFiles.Statement(CamtFiles.Entry("1.00", reference: "B1"));
        var prefixed = text.Replace("</", "</c:", StringComparison.Ordinal)
            .Replace("<", "<c:", StringComparison.Ordinal)
            .Replace("<c:/c:", "</c:", StringComparison.Ordinal)
            .Replace("xmlns=", "xmlns:c=", StringComparison.Ordinal);
        Assert.Equal("B1", Only(prefixed).BankReference);
        Assert.Equal("B1", Only($"<RequestPayload><AppHdr><Fr/></AppHdr>{text}</RequestPayload>").BankReference);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("iso-8859-1", false)]
    [InlineData("iso-8859-15", false)]
    [InlineData("windows-1252", false)]
    public void A_file_is_read_in_the_encoding_that_it_declares(string encoding, bool withMark)
    {
        // Whoever reads files first makes these known.
        _ = CamtFiles.Read("<a/>");
        var of = Encoding.GetEncoding(encoding);
        var declared = encoding.StartsWith("utf-16", StringComparison.Ordinal) ? "UTF-16" : encoding.ToUpperInvariant();
        var text =
            $"<?xml version=\"1.0\" encoding=\"{declared}\"?>"
            + CamtFiles.Statement(
                CamtFiles.Entry(
                    "1.00",
                    inner: "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Peña Güell</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>"
                )
            );
        byte[] bytes = [.. withMark ? of.GetPreamble() : [], .. of.GetBytes(text)];

        Assert.Equal("Peña Güell", Assert.Single(CamtReader.Read(new MemoryStream(bytes)).Value.Payments()).PartyName);
    }

    [Fact]
    public void A_file_whose_bytes_are_none_of_its_encoding_is_refused()
    {
        var latin = Encoding.Latin1.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + CamtFiles.Statement(CamtFiles.Entry("1.00", inner: "<X>Peña</X>"))
        );
        var narrow = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + CamtFiles.Statement(CamtFiles.Entry("1.00")));
        var nobodys = Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"EBCDIC-XX\"?>" + CamtFiles.Statement(CamtFiles.Entry("1.00"))
        );

        foreach (var bytes in new[] { latin, narrow, nobodys })
        {
            Assert.True(CamtReader.Read(new MemoryStream(bytes)).Refused(out var fault));
            Assert.Equal("PAY-BANK-01", fault.Code.Code);
        }
    }

    [Fact]
    public void What_the_standard_makes_optional_may_be_missing()
    {
        var bare = "<Ntry><Amt>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>";
        var file = CamtFiles.Read(
            "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><CreDtTm>2026-11-24T06:00:00Z</CreDtTm>"
                + $"<Acct><Id><Othr><Id>{CamtFiles.Account}</Id></Othr></Id><Ccy>EUR</Ccy></Acct>{bare}</Stmt></BkToCstmrStmt></Document>"
        );

        var entry = Assert.Single(file.Value.Payments());
        Assert.Equal((7.00m, "EUR", new DateOnly(2026, 11, 24)), (entry.Amount, entry.Currency.Code, entry.BookedOn));
        Assert.Empty(file.Value.Message.Statements[0].Balances);
        Assert.Null(file.Value.Message.MessageId);
        // A statement without movements is one.
        Assert.Empty(CamtFiles.Read(CamtFiles.Statement("")).Value.Payments());
    }

    [Fact]
    public void A_booked_movement_of_no_day_at_all_is_refused_and_one_that_is_not_booked_is_not()
    {
        var booked = CamtFiles.Entry("1.00", day: null);
        Refused(CamtFiles.Statement(CamtFiles.Entry("2.00") + booked), "PAY-BANK-04", path: "Stmt[1]/Ntry[2]/BookgDt");
        Assert.False(Only(CamtFiles.Statement(CamtFiles.Entry("1.00", status: "PDNG", day: null))).IsBooked);
    }

    [Fact]
    public void Several_statements_pages_and_documents_of_a_file_are_all_read()
    {
        static string Page(int page) => $"<StmtPgntn><PgNb>{page}</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>";
        var first = CamtFiles.Statement(
            CamtFiles.Entry("1.00", reference: "B1") + CamtFiles.Entry("2.00", reference: "B2") + CamtFiles.Entry("3.00", reference: "B3"),
            head: Page(1),
            tail: CamtFiles.Stmt(CamtFiles.Entry("4.00", reference: "B4"), head: Page(2)) + CamtFiles.Stmt("", "S2")
        );
        var second = CamtFiles.Statement(CamtFiles.Entry("5.00", reference: "B5"), "S3");

        var file = CamtFiles.Read($"<conxml>{first}{second}</conxml>").Value;

        Assert.Equal(["S1 1", "S1 2", "S2 ", "S3 "], file.Message.Statements.Select(each => $"{each.StatementId} {each.Page}"));
        Assert.Equal(["B1", "B2", "B3", "B4", "B5"], file.Payments().Select(each => each.BankReference));
        Assert.Equal(
            ["0:B1+B2", "0:B3", "1:B4", "3:B5"],
            file.Portions(2).Select(each => $"{each.Statement}:{string.Join('+', each.Entries.Select(one => one.BankReference))}")
        );
    }

    [Fact]
    public void Statements_and_notifications_in_one_file_are_refused()
    {
        var statement = CamtFiles.Statement(CamtFiles.Entry("1.00"));
        var notification = CamtFiles.Of("camt.054", 8)[CamtFiles.Of("camt.054", 8).IndexOf("<Document", StringComparison.Ordinal)..];
        Refused($"<a>{statement}{notification}</a>", "PAY-BANK-04", path: "BkToCstmrDbtCdtNtfctn");
    }

    [Theory]
    [InlineData("CRDT", "", EntryKind.Collection)]
    [InlineData("DBIT", "", EntryKind.Debit)]
    [InlineData("CRDT", "<RvslInd>true</RvslInd>", EntryKind.CameBack)]
    [InlineData("DBIT", "<RvslInd>true</RvslInd>", EntryKind.TakenBack)]
    [InlineData("DBIT", "<RvslInd>1</RvslInd>", EntryKind.TakenBack)]
    [InlineData("DBIT", "<RvslInd>false</RvslInd>", EntryKind.Debit)]
    public void A_reversal_goes_the_way_that_its_own_indicator_says(string direction, string reversal, EntryKind kind)
    {
        var entry = Only(CamtFiles.Statement(CamtFiles.Entry("5.00", direction, reversal: reversal)));
        Assert.Equal((kind, direction == "CRDT" ? 5.00m : -5.00m), (entry.Kind, entry.Signed));
    }

    [Theory]
    [InlineData("BOOK", true)]
    [InlineData("PDNG", false)]
    [InlineData("INFO", false)]
    [InlineData("FUTR", false)]
    public void Only_what_is_booked_is_booked(string status, bool isBooked)
    {
        Assert.Equal(isBooked, Only(CamtFiles.Statement(CamtFiles.Entry("5.00", status: status))).IsBooked);
        var old = CamtFiles
            .Statement(CamtFiles.Entry("5.00", status: status))
            .Replace($"<Cd>{status}</Cd>", status, StringComparison.Ordinal);
        Assert.Equal(isBooked, Only(old).IsBooked);
        var own = old.Replace($"<Sts>{status}</Sts>", "<Sts><Prtry>GEBUCHT</Prtry></Sts>", StringComparison.Ordinal);
        Assert.False(Only(own).IsBooked);
    }

    [Fact]
    public void A_batch_that_names_but_one_of_its_payments_is_nobodys()
    {
        var details =
            "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch><TxDtls><Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            + "<RltdPties><Dbtr><Pty><Nm>Ana</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls>";
        var entry = Only(CamtFiles.Statement(CamtFiles.Entry("30.00", inner: details)));
        Assert.Equal((30.00m, (string?)null), (entry.Amount, entry.PartyName));

        var whole = details.Replace("10.00", "30.00", StringComparison.Ordinal).Replace(">3<", ">1<", StringComparison.Ordinal);
        Assert.Equal("Ana", Only(CamtFiles.Statement(CamtFiles.Entry("30.00", inner: whole))).PartyName);
    }

    [Fact]
    public void A_batch_without_details_is_one_line_with_its_batch()
    {
        var entry = Only(
            CamtFiles.Statement(
                CamtFiles.Entry("30.00", inner: "<NtryDtls><Btch><PmtInfId>GROUP-1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch></NtryDtls>")
            )
        );
        Assert.Equal((30.00m, "GROUP-1", EntryKind.Collection), (entry.Amount, entry.BatchId, entry.Kind));
    }

    [Theory]
    // Said of the movement, or of its payment, in the layouts before and since version 4.
    [InlineData("<Chrgs><Amt Ccy=\"EUR\">0.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>", "", "CRDT", "100.00 -0.50")]
    [InlineData(
        "<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.30</Amt></Rcrd><Rcrd><Amt Ccy=\"EUR\">0.20</Amt></Rcrd></Chrgs>",
        "",
        "CRDT",
        "100.00 -0.50"
    )]
    [InlineData("", "<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.50</Amt></Rcrd></Chrgs>", "CRDT", "100.00 -0.50")]
    // What does not add up, is in another currency, or is a credit, changes nothing.
    [InlineData("<Chrgs><Amt Ccy=\"EUR\">0.40</Amt></Chrgs>", "", "CRDT", "99.50")]
    [InlineData("<Chrgs><Amt Ccy=\"USD\">0.50</Amt></Chrgs>", "", "CRDT", "99.50")]
    [InlineData("<Chrgs><Amt Ccy=\"EUR\">0.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Chrgs>", "", "CRDT", "99.50")]
    [InlineData("<Chrgs><Amt Ccy=\"EUR\">many</Amt></Chrgs>", "", "CRDT", "99.50")]
    public void What_the_bank_kept_of_a_payment_is_told_beside_it(string ofMovement, string ofPayment, string direction, string told)
    {
        var details = $"<NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy=\"EUR\">100.00</Amt></TxAmt></AmtDtls>{ofPayment}</TxDtls></NtryDtls>";
        var entries = Payments(CamtFiles.Statement(CamtFiles.Entry("99.50", direction, inner: ofMovement + details)));
        Assert.Equal(told, string.Join(' ', entries.Select(each => each.Signed.Coins())));
        Assert.All(entries.Skip(1), each => Assert.Equal(EntryKind.Charge, each.Kind));
    }

    [Fact]
    public void Charges_that_are_said_to_be_in_the_amount_are_told_without_details_too()
    {
        const string inside = "<Chrgs><Rcrd><Amt Ccy=\"EUR\">3.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>";
        const string beside = "<Chrgs><Rcrd><Amt Ccy=\"EUR\">3.50</Amt><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>";
        Assert.Equal("100.00 -3.50", Told("96.50", "CRDT", inside));
        Assert.Equal("-100.00 -3.50", Told("103.50", "DBIT", inside));
        Assert.Equal("-3.50", Told("3.50", "DBIT", inside));
        Assert.Equal("96.50", Told("96.50", "CRDT", beside));

        static string Told(string amount, string direction, string charges) =>
            string.Join(
                ' ',
                Payments(CamtFiles.Statement(CamtFiles.Entry(amount, direction, inner: charges))).Select(each => each.Signed.Coins())
            );
    }

    [Fact]
    public void A_payment_from_abroad_counts_in_the_accounts_currency()
    {
        static string Detail(string dollars, string euros) =>
            $"<TxDtls><AmtDtls><TxAmt><Amt Ccy=\"USD\">{dollars}</Amt></TxAmt><CntrValAmt><Amt Ccy=\"EUR\">{euros}</Amt>"
            + "<CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.92</XchgRate></CcyXchg></CntrValAmt></AmtDtls></TxDtls>";
        Assert.Equal(
            92.00m,
            Only(CamtFiles.Statement(CamtFiles.Entry("92.00", inner: $"<NtryDtls>{Detail("100.00", "92.00")}</NtryDtls>"))).Amount
        );
        var batch = Payments(
            CamtFiles.Statement(
                CamtFiles.Entry("138.00", inner: $"<NtryDtls>{Detail("100.00", "92.00")}{Detail("50.00", "46.00")}</NtryDtls>")
            )
        );
        Assert.Equal([92.00m, 46.00m], batch.Select(each => each.Amount));
        // Whole yen and dinars of three decimals are no mistake.
        Assert.Equal(1_000m, Only(CamtFiles.Statement(CamtFiles.Entry("1000", currency: "JPY"))).Amount);
        Assert.Equal(1.234m, Only(CamtFiles.Statement(CamtFiles.Entry("1.234", currency: "KWD"))).Amount);
        Refused(CamtFiles.Statement(CamtFiles.Entry("1000.5", currency: "JPY")), "PAY-BANK-04");
    }

    [Fact]
    public void A_banks_own_code_alone_is_kept_and_makes_nothing_of_the_line()
    {
        var entry = Only(
            CamtFiles
                .Statement(CamtFiles.Entry("5.00", inner: "<NtryDtls><TxDtls><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls></NtryDtls>"))
                .Replace("<BkTxCd/>", "<BkTxCd><Prtry><Cd>NTRF+166+9314</Cd><Issr>DK</Issr></Prtry></BkTxCd>", StringComparison.Ordinal)
        );
        Assert.Equal(("NTRF+166+9314", "x"), (entry.BankCode, entry.Words));
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>")]
    [InlineData("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]>")]
    [InlineData("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">")]
    [InlineData("<!DOCTYPE Document>")]
    public void A_document_type_is_refused_whatever_it_holds(string type) =>
        Refused($"<?xml version=\"1.0\"?>{type}{CamtFiles.Statement(CamtFiles.Entry("1.00"))}", "PAY-BANK-01");

    [Fact]
    public void Undeclared_entities_stylesheets_and_comments_fetch_nothing()
    {
        Refused(CamtFiles.Statement(CamtFiles.Entry("1.00", inner: "<AddtlNtryInf>&x;</AddtlNtryInf>")), "PAY-BANK-01");
        var told = Only(
            "<?xml version=\"1.0\"?><?xml-stylesheet href=\"http://127.0.0.1:1/x.xsl\"?><!-- & -->"
                + CamtFiles.Statement(CamtFiles.Entry("1.00", inner: "<!-- <Amt>9</Amt> --><AddtlNtryInf><![CDATA[a & b]]></AddtlNtryInf>"))
        );
        Assert.Equal((1.00m, "a & b"), (told.Amount, told.Words));
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_refused_and_nothing_of_it_counts()
    {
        foreach (var sample in CamtTests.EachSample.Select(each => each.Data))
        {
            var text = File.ReadAllText(Repository.Shared($"compliance/iso20022/samples-camt/{sample}.xml")).TrimEnd();
            for (var length = 0; length < text.Length; length += 97)
            {
                Assert.True(CamtFiles.Read(text[..length]).Refused(out var fault), $"{sample} cut at {length}");
                Assert.Equal("PAY-BANK-01", fault.Code.Code);
            }
        }
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused_with_a_code()
    {
        var random = new Random(20022);
        foreach (var sample in CamtTests.EachSample.Select(each => each.Data))
        {
            var sound = File.ReadAllBytes(Repository.Shared($"compliance/iso20022/samples-camt/{sample}.xml"));
            for (var i = 0; i < 300; i++)
            {
                var bytes = (byte[])sound.Clone();
                for (var flips = random.Next(1, 5); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                var read = CamtReader.Read(new MemoryStream(bytes));
                if (read.Refused(out var fault))
                {
                    Assert.StartsWith("PAY-BANK-0", fault.Code.Code, StringComparison.Ordinal);
                }
                else
                {
                    Assert.All(read.Value.Payments(), each => Assert.True(each.Amount >= 0m));
                }
            }
        }
    }

    [Fact]
    public void One_payment_of_endless_parts_is_refused_with_its_place()
    {
        var endless = string.Concat(Enumerable.Repeat("<Strd><CdtrRefInf><Ref>1</Ref></CdtrRefInf></Strd>", 3_000));
        var text = CamtFiles.Statement(CamtFiles.Entry("1.00", inner: $"<NtryDtls><TxDtls><RmtInf>{endless}</RmtInf></TxDtls></NtryDtls>"));
        Refused(text, "PAY-BANK-19", path: "Stmt[1]/Ntry[1]");
    }

    [Fact]
    public void Statements_with_long_ids_are_two_where_they_differ_at_the_end()
    {
        var (one, two) = (new string('a', 90) + "1", new string('a', 90) + "2");
        var ids = new[] { one, two, one, "S1" }
            .Select(id => CamtFiles.Read(CamtFiles.Statement("", id)).Value.Message.Statements[0])
            .ToList();
        Assert.Equal([one, two, one, "S1"], ids.Select(each => each.StatementId));
        Assert.NotEqual(ids[0].KeptId, ids[1].KeptId);
        Assert.Equal(ids[0].KeptId, ids[2].KeptId);
        Assert.Equal("S1", ids[3].KeptId);
        Assert.All(ids, each => Assert.InRange(each.KeptId.Length, 1, 70));
        Assert.StartsWith(new string('a', 37), ids[0].KeptId, StringComparison.Ordinal);
    }

    private static IReadOnlyList<BankEntry> Payments(string text) => CamtFiles.Read(text).Value.Payments();

    private static BankEntry Only(string text) => Assert.Single(Payments(text));

    private static void Refused(string text, string code, Action<string>? says = null, string? path = null)
    {
        Assert.True(CamtFiles.Read(text).Refused(out var fault));
        Assert.Equal(code, fault.Code.Code);
        says?.Invoke(fault.In("en"));
        if (path is not null)
        {
            Assert.Equal(path, fault.Path);
        }
    }
}
