using System.Text;
using System.Xml;
using System.Xml.Schema;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Banks' files in the shape of every version, and what is read of them.</summary>
internal static class CamtFiles
{
    public const string Account = "ES9121000418450200051332";

    public static Outcome<CamtFile> Read(string text) => CamtReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    /// <summary>All movements; read a few at a time, as large files are.</summary>
    public static IReadOnlyList<CamtEntry> Movements(this CamtFile file) => [.. file.Portions(2).SelectMany(each => each.Entries)];

    /// <summary>All payments, as they would be kept.</summary>
    public static IReadOnlyList<BankEntry> Payments(this CamtFile file)
    {
        var names = file.Message.Statements.Select(each => new StatementEntries(each)).ToList();
        return [.. file.Portions(2).SelectMany(each => names[each.Statement].Of(each.Entries, _ => 0))];
    }

    /// <summary>A file of a message and version, with one movement that has all that banks tell; valid by its schema.</summary>
    public static string Of(string message, int version)
    {
        var (root, each) = message switch
        {
            "camt.052" => ("BkToCstmrAcctRpt", "Rpt"),
            "camt.053" => ("BkToCstmrStmt", "Stmt"),
            _ => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        };
        var balance =
            message == "camt.053"
                ? "<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                    + "<Dt><Dt>2026-11-23</Dt></Dt></Bal>"
                : "";
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.001.{version:00}"><{root}>
            <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-24T06:00:00</CreDtTm></GrpHdr>
            <{each}><Id>S1</Id><CreDtTm>2026-11-24T06:00:00</CreDtTm><Acct><Id><IBAN>{Account}</IBAN></Id></Acct>{balance}{Entry(
                version
            )}</{each}>
            </{root}></Document>
            """;
    }

    /// <summary>A statement that holds these movements, as a bank of version 8 writes it.</summary>
    public static string Statement(string entries, string id = "S1", string head = "", string tail = "") =>
        $"""
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>{Stmt(
                entries,
                id,
                head
            )}{tail}</BkToCstmrStmt></Document>
            """;

    public static string Stmt(string entries, string id = "S1", string head = "") =>
        $"<Stmt><Id>{id}</Id>{head}<Acct><Id><IBAN>{Account}</IBAN></Id></Acct>{entries}</Stmt>";

    /// <summary>A movement in short.</summary>
    public static string Entry(
        string amount,
        string direction = "CRDT",
        string status = "BOOK",
        string? reference = null,
        string inner = "",
        string? day = "2026-11-23",
        string currency = "EUR",
        string reversal = ""
    ) =>
        $"<Ntry><Amt Ccy=\"{currency}\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}<Sts><Cd>{status}</Cd></Sts>"
        + (day is null ? "" : $"<BookgDt><Dt>{day}</Dt></BookgDt>")
        + (reference is null ? "" : $"<AcctSvcrRef>{reference}</AcctSvcrRef>")
        + $"<BkTxCd/>{inner}</Ntry>";

    /// <summary>What a schema of the folder finds wrong.</summary>
    public static IReadOnlyList<string> Breaches(string schema, string file)
    {
        var wrong = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema };
        using var rules = XmlReader.Create(
            Repository.Shared($"compliance/iso20022/{schema}"),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore }
        );
        settings.Schemas.Add(null, rules);
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, told) => wrong.Add(told.Message);
        using var reader = XmlReader.Create(new StringReader(file), settings);
        while (reader.Read()) { }

        return wrong;
    }

    private static string Entry(int version)
    {
        var (status, amount, party) =
            version >= 8 ? ("<Cd>BOOK</Cd>", Transaction("12.50"), "<Dbtr><Pty><Nm>Ñandú, S.L.</Nm></Pty></Dbtr>")
            : version >= 3 ? ("BOOK", Transaction("12.50"), "<Dbtr><Nm>Ñandú, S.L.</Nm></Dbtr>")
            : ("BOOK", "", "<Dbtr><Nm>Ñandú, S.L.</Nm></Dbtr>");
        return $"""
            <Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
            <ValDt><Dt>2026-11-24</Dt></ValDt><AcctSvcrRef>B1</AcctSvcrRef>
            <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
            <NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>{amount}<RltdPties>{party}
            <DbtrAcct><Id><IBAN>ES7921000813610123456789</IBAN></Id></DbtrAcct></RltdPties>
            <RmtInf><Ustrd>gracias</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
            """;
    }

    private static string Transaction(string amount) => $"<Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>";
}
