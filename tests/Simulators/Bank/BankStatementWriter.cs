using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>A movement on a customer's account, as a bank would tell it.</summary>
internal sealed record StatementLine
{
    public required decimal Amount { get; init; }

    public bool IsCredit { get; init; } = true;

    public bool IsReversal { get; init; }

    public required DateOnly BookedOn { get; init; }

    public string Status { get; init; } = "BOOK";

    public string Currency { get; init; } = "EUR";

    /// <summary>Domain, family and subfamily of the bank transaction code.</summary>
    public (string Domain, string Family, string SubFamily) Code { get; init; } = ("PMNT", "RCDT", "ESCT");

    public string? BankReference { get; init; }

    public string? EndToEndId { get; init; }

    public string? MandateId { get; init; }

    public string? BatchId { get; init; }

    public string? PartyName { get; init; }

    public string? PartyAccount { get; init; }

    public string? UltimateName { get; init; }

    public IReadOnlyList<string> Lines { get; init; } = [];

    public string? Reference { get; init; }

    public string? ReturnReason { get; init; }

    public decimal? Charges { get; init; }

    /// <summary>Whether what it is of is told at all; a statement beside a notification may leave it out.</summary>
    public bool HasDetails { get; init; } = true;

    /// <summary>The payments of a batch, where it is one.</summary>
    public IReadOnlyList<StatementLine> Batch { get; init; } = [];
}

/// <summary>What a bank tells of an account.</summary>
internal sealed record StatementFile
{
    public string MessageId { get; init; } = "MSG-1";

    public required string StatementId { get; init; }

    public int? Page { get; init; }

    public required string Account { get; init; }

    public string Currency { get; init; } = "EUR";

    public required IReadOnlyList<StatementLine> Lines { get; init; }

    public decimal Opening { get; init; }

    /// <summary>The day that it is of, where nothing may have happened on it.</summary>
    public DateOnly Day { get; init; } = new(2026, 11, 23);

    public DateOnly From => Lines.Count == 0 ? Day : Lines.Min(line => line.BookedOn);

    public DateOnly To => Lines.Count == 0 ? Day : Lines.Max(line => line.BookedOn);
}

/// <summary>Writes camt.053.001.08 statements and camt.054.001.08 notifications, valid by their schemas.</summary>
internal static class BankStatementWriter
{
    private const string Statements = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";
    private const string Notifications = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08";

    /// <summary>A camt.053.</summary>
    public static byte[] Statement(params StatementFile[] files) =>
        Write(Statements, "BkToCstmrStmt", files, (ns, file) => Told(ns, "Stmt", "StmtPgntn", file, Balances(ns, file)));

    /// <summary>A camt.054.</summary>
    public static byte[] Notification(params StatementFile[] files) =>
        Write(Notifications, "BkToCstmrDbtCdtNtfctn", files, (ns, file) => Told(ns, "Ntfctn", "NtfctnPgntn", file, []));

    private static byte[] Write(string space, string message, StatementFile[] files, Func<XNamespace, StatementFile, XElement> told)
    {
        XNamespace ns = space;
        var document = new XDocument(
            new XDeclaration("1.0", "UTF-8", null),
            new XElement(
                ns + "Document",
                new XElement(
                    ns + message,
                    new XElement(
                        ns + "GrpHdr",
                        new XElement(ns + "MsgId", files[0].MessageId),
                        new XElement(ns + "CreDtTm", At(files[0].To))
                    ),
                    files.Select(file => told(ns, file))
                )
            )
        );
        return Encoding.UTF8.GetBytes($"{document.Declaration}\n{document}");
    }

    private static XElement Told(XNamespace ns, string name, string pagination, StatementFile file, IEnumerable<XElement> balances) =>
        new(
            ns + name,
            new XElement(ns + "Id", file.StatementId),
            file.Page is { } page
                ? new XElement(ns + pagination, new XElement(ns + "PgNb", page), new XElement(ns + "LastPgInd", "false"))
                : null,
            new XElement(ns + "CreDtTm", At(file.To)),
            new XElement(ns + "FrToDt", new XElement(ns + "FrDtTm", At(file.From)), new XElement(ns + "ToDtTm", At(file.To))),
            new XElement(
                ns + "Acct",
                new XElement(ns + "Id", new XElement(ns + "IBAN", file.Account)),
                new XElement(ns + "Ccy", file.Currency)
            ),
            balances,
            file.Lines.Select(line => Entry(ns, line))
        );

    private static IEnumerable<XElement> Balances(XNamespace ns, StatementFile file)
    {
        var moved = file.Lines.Where(line => line.Status == "BOOK").Sum(line => line.IsCredit ? line.Amount : -line.Amount);
        yield return Balance(ns, "OPBD", file.Opening, file.Currency, file.From);
        yield return Balance(ns, "CLBD", file.Opening + moved, file.Currency, file.To);
    }

    private static XElement Balance(XNamespace ns, string kind, decimal amount, string currency, DateOnly on) =>
        new(
            ns + "Bal",
            new XElement(ns + "Tp", new XElement(ns + "CdOrPrtry", new XElement(ns + "Cd", kind))),
            Amount(ns, Math.Abs(amount), currency),
            new XElement(ns + "CdtDbtInd", amount < 0m ? "DBIT" : "CRDT"),
            new XElement(ns + "Dt", new XElement(ns + "Dt", Day(on)))
        );

    private static XElement Entry(XNamespace ns, StatementLine line) =>
        new(
            ns + "Ntry",
            Amount(ns, line.Amount, line.Currency),
            new XElement(ns + "CdtDbtInd", line.IsCredit ? "CRDT" : "DBIT"),
            line.IsReversal ? new XElement(ns + "RvslInd", "true") : null,
            new XElement(ns + "Sts", new XElement(ns + "Cd", line.Status)),
            line.Status == "BOOK" ? new XElement(ns + "BookgDt", new XElement(ns + "Dt", Day(line.BookedOn))) : null,
            new XElement(ns + "ValDt", new XElement(ns + "Dt", Day(line.BookedOn))),
            Text(ns, "AcctSvcrRef", line.BankReference),
            new XElement(
                ns + "BkTxCd",
                new XElement(
                    ns + "Domn",
                    new XElement(ns + "Cd", line.Code.Domain),
                    new XElement(
                        ns + "Fmly",
                        new XElement(ns + "Cd", line.Code.Family),
                        new XElement(ns + "SubFmlyCd", line.Code.SubFamily)
                    )
                )
            ),
            line.Charges is { } charges
                ? new XElement(ns + "Chrgs", new XElement(ns + "TtlChrgsAndTaxAmt", new XAttribute("Ccy", line.Currency), Text(charges)))
                : null,
            line.HasDetails ? Details(ns, line) : null
        );

    private static XElement Details(XNamespace ns, StatementLine line) =>
        new(
            ns + "NtryDtls",
            line.BatchId is { } batch
                ? new XElement(ns + "Btch", new XElement(ns + "PmtInfId", batch), new XElement(ns + "NbOfTxs", line.Batch.Count))
                : null,
            (line.Batch.Count > 0 ? line.Batch : [line]).Select(each => Detail(ns, each))
        );

    private static XElement Detail(XNamespace ns, StatementLine line)
    {
        var (party, account) = line.IsCredit ? ("Dbtr", "DbtrAcct") : ("Cdtr", "CdtrAcct");
        var named = line.PartyName is null
            ? null
            : new XElement(ns + party, new XElement(ns + "Pty", new XElement(ns + "Nm", line.PartyName)));
        var held = line.PartyAccount is null
            ? null
            : new XElement(ns + account, new XElement(ns + "Id", new XElement(ns + "IBAN", line.PartyAccount)));
        var ultimate = line.UltimateName is null
            ? null
            : new XElement(
                ns + (line.IsCredit ? "UltmtDbtr" : "UltmtCdtr"),
                new XElement(ns + "Pty", new XElement(ns + "Nm", line.UltimateName))
            );
        var hasWords = line.Lines.Count > 0 || line.Reference is not null;
        return new XElement(
            ns + "TxDtls",
            new XElement(
                ns + "Refs",
                new XElement(ns + "EndToEndId", line.EndToEndId ?? "NOTPROVIDED"),
                Text(ns, "MndtId", line.MandateId)
            ),
            Amount(ns, line.Amount, line.Currency),
            new XElement(ns + "CdtDbtInd", line.IsCredit ? "CRDT" : "DBIT"),
            named is null && held is null && ultimate is null ? null : new XElement(ns + "RltdPties", named, held, ultimate),
            hasWords
                ? new XElement(
                    ns + "RmtInf",
                    line.Lines.Select(words => new XElement(ns + "Ustrd", words)),
                    line.Reference is null ? null : Structured(ns, line.Reference)
                )
                : null,
            line.ReturnReason is { } reason ? new XElement(ns + "RtrInf", new XElement(ns + "Rsn", new XElement(ns + "Cd", reason))) : null
        );
    }

    private static XElement Structured(XNamespace ns, string reference) =>
        new(
            ns + "Strd",
            new XElement(
                ns + "CdtrRefInf",
                new XElement(ns + "Tp", new XElement(ns + "CdOrPrtry", new XElement(ns + "Cd", "SCOR"))),
                new XElement(ns + "Ref", reference)
            )
        );

    private static XElement Amount(XNamespace ns, decimal amount, string currency) =>
        new(ns + "Amt", new XAttribute("Ccy", currency), Text(amount));

    private static XElement? Text(XNamespace ns, string name, string? text) => text is null ? null : new XElement(ns + name, text);

    private static string Text(decimal amount) => amount.ToString("0.00###", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string At(DateOnly day) => $"{Day(day)}T06:00:00+01:00";
}
