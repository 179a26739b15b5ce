using System.Globalization;
using System.Text;
using System.Xml;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>One debit as the bank is asked for it.</summary>
public sealed record DebitOrder
{
    /// <summary>What it is known by from end to end.</summary>
    public required string EndToEndId { get; init; }

    /// <summary>How much, in euros.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The mandate's scheme.</summary>
    public required DebitScheme Scheme { get; init; }

    /// <summary>Which debit of its mandate it is.</summary>
    public required DebitSequence Sequence { get; init; }

    /// <summary>The mandate.</summary>
    public required string MandateId { get; init; }

    /// <summary>When the mandate was signed.</summary>
    public required DateOnly SignedOn { get; init; }

    /// <summary>Whether the debtor's account is another than the mandate's last debit was from.</summary>
    public bool IsAmended { get; init; }

    /// <summary>The debtor.</summary>
    public required string Name { get; init; }

    /// <summary>The debtor's account.</summary>
    public required string Iban { get; init; }

    /// <summary>Its bank, where it was said.</summary>
    public string? Bic { get; init; }

    /// <summary>BT-83.</summary>
    public required string PaymentReference { get; init; }

    /// <summary>BT-1.</summary>
    public required string InvoiceNumber { get; init; }
}

/// <summary>Debits of one scheme and sequence type: the bank books them together, in one line of its statement.</summary>
public sealed record DebitGroup(string PaymentInformationId, DebitScheme Scheme, DebitSequence Sequence, IReadOnlyList<DebitOrder> Debits)
{
    /// <summary>What they sum to.</summary>
    public decimal Amount => Debits.Sum(each => each.Amount);
}

/// <summary>
/// The file with which a seller asks its bank to collect from its customers: ISO 20022's pain.008 (customer direct debit initiation), as
/// the EPC's guidelines for SDD Core and SDD B2B want it.
/// </summary>
public sealed record Pain008
{
    /// <summary>The version in force.</summary>
    public const string Version08 = "pain.008.001.08";

    /// <summary>The version before, which some banks still want.</summary>
    public const string Version02 = "pain.008.001.02";

    /// <summary>What a field of a name holds in SEPA, whatever the schema allows.</summary>
    private const int MostOfName = 70;

    private const int MostOfRemittance = 140;

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
    };

    /// <summary>One of the two.</summary>
    public required string Version { get; init; }

    /// <summary>What the bank tells a file that it was sent twice by.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was made, by the seller's clock.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Who collects.</summary>
    public required DirectDebitSettings Creditor { get; init; }

    /// <summary>The day of the collection.</summary>
    public required DateOnly CollectOn { get; init; }

    /// <summary>What is collected.</summary>
    public required IReadOnlyList<DebitOrder> Debits { get; init; }

    /// <summary>The debits as the bank books them.</summary>
    public IReadOnlyList<DebitGroup> Groups =>
        [
            .. Debits
                .GroupBy(each => (each.Scheme, each.Sequence))
                .OrderBy(group => group.Key)
                .Select((group, i) => new DebitGroup($"{MessageId}-{i + 1}", group.Key.Scheme, group.Key.Sequence, [.. group])),
        ];

    /// <summary>The version that is asked for, by its whole name or its number; none where we do not write it.</summary>
    public static string? VersionOf(string? asked) =>
        asked switch
        {
            null or "" or "08" or Version08 => Version08,
            "02" or Version02 => Version02,
            _ => null,
        };

    /// <summary>The file.</summary>
    public string Write()
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            var file = new Output(xml, $"urn:iso:std:iso:20022:tech:xsd:{Version}");
            file.In(
                "Document",
                () =>
                    file.In(
                        "CstmrDrctDbtInitn",
                        () =>
                        {
                            Header(file);
                            foreach (var group in Groups)
                            {
                                file.In("PmtInf", () => Group(file, group));
                            }
                        }
                    )
            );
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void Header(Output file) =>
        file.In(
            "GrpHdr",
            () =>
            {
                file.Text("MsgId", MessageId);
                file.Text("CreDtTm", MadeAt.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
                Sums(file, Debits.Count, Debits.Sum(each => each.Amount));
                file.In(
                    "InitgPty",
                    () =>
                    {
                        file.Text("Nm", SepaText.Of(Creditor.Name, MostOfName));
                        // Spanish banks know who presents a file by it.
                        file.In("Id", () => file.In("OrgId", () => file.In("Othr", () => file.Text("Id", Creditor.CreditorId))));
                    }
                );
            }
        );

    private void Group(Output file, DebitGroup group)
    {
        file.Text("PmtInfId", group.PaymentInformationId);
        file.Text("PmtMtd", "DD");
        file.Text("BtchBookg", "true");
        Sums(file, group.Debits.Count, group.Amount);
        file.In(
            "PmtTpInf",
            () =>
            {
                file.In("SvcLvl", () => file.Text("Cd", "SEPA"));
                file.In("LclInstrm", () => file.Text("Cd", group.Scheme == DebitScheme.B2b ? "B2B" : "CORE"));
                file.Text(
                    "SeqTp",
                    group.Sequence switch
                    {
                        DebitSequence.First => "FRST",
                        DebitSequence.OneOff => "OOFF",
                        _ => "RCUR",
                    }
                );
            }
        );
        file.Text("ReqdColltnDt", Day(CollectOn));
        file.In("Cdtr", () => file.Text("Nm", SepaText.Of(Creditor.Name, MostOfName)));
        Account(file, "CdtrAcct", Creditor.Iban);
        Agent(file, "CdtrAgt", Creditor.Bic);
        file.Text("ChrgBr", "SLEV");
        file.In(
            "CdtrSchmeId",
            () =>
                file.In(
                    "Id",
                    () =>
                        file.In(
                            "PrvtId",
                            () =>
                                file.In(
                                    "Othr",
                                    () =>
                                    {
                                        file.Text("Id", Creditor.CreditorId);
                                        file.In("SchmeNm", () => file.Text("Prtry", "SEPA"));
                                    }
                                )
                        )
                )
        );
        foreach (var debit in group.Debits)
        {
            file.In("DrctDbtTxInf", () => Debit(file, debit));
        }
    }

    private void Debit(Output file, DebitOrder debit)
    {
        file.In("PmtId", () => file.Text("EndToEndId", debit.EndToEndId));
        file.Euros("InstdAmt", debit.Amount);
        file.In("DrctDbtTx", () => file.In("MndtRltdInf", () => Consent(file, debit)));
        Agent(file, "DbtrAgt", debit.Bic);
        file.In("Dbtr", () => file.Text("Nm", SepaText.Of(debit.Name, MostOfName)));
        Account(file, "DbtrAcct", debit.Iban);
        file.In("RmtInf", () => Remittance(file, debit));
    }

    private static void Consent(Output file, DebitOrder debit)
    {
        file.Text("MndtId", debit.MandateId);
        file.Text("DtOfSgntr", Day(debit.SignedOn));
        file.Text("AmdmntInd", debit.IsAmended ? "true" : "false");
        if (debit.IsAmended)
        {
            // The same mandate with a new debtor account: the guidelines want this word in place of the old one.
            file.In(
                "AmdmntInfDtls",
                () => file.In("OrgnlDbtrAcct", () => file.In("Id", () => file.In("Othr", () => file.Text("Id", "SMNDA"))))
            );
        }
    }

    /// <summary>What the customer reads on the statement: an ISO 11649 reference goes where machines find it, any other in words.</summary>
    private static void Remittance(Output file, DebitOrder debit)
    {
        var reference = Iban.Compact(debit.PaymentReference);
        if (!Iban.IsReference(reference))
        {
            file.Text("Ustrd", SepaText.Of($"{debit.PaymentReference} {debit.InvoiceNumber}", MostOfRemittance));
            return;
        }

        file.In(
            "Strd",
            () =>
                file.In(
                    "CdtrRefInf",
                    () =>
                    {
                        file.In(
                            "Tp",
                            () =>
                            {
                                file.In("CdOrPrtry", () => file.Text("Cd", "SCOR"));
                                file.Text("Issr", "ISO");
                            }
                        );
                        file.Text("Ref", reference);
                    }
                )
        );
    }

    private static void Sums(Output file, int count, decimal amount)
    {
        file.Text("NbOfTxs", count.ToString(CultureInfo.InvariantCulture));
        file.Text("CtrlSum", Coins(amount));
    }

    private static void Account(Output file, string name, string iban) => file.In(name, () => file.In("Id", () => file.Text("IBAN", iban)));

    private void Agent(Output file, string name, string? bic) =>
        file.In(
            name,
            () =>
                file.In(
                    "FinInstnId",
                    () =>
                    {
                        if (bic is not null)
                        {
                            file.Text(Version == Version02 ? "BIC" : "BICFI", bic);
                        }
                        else
                        {
                            file.In("Othr", () => file.Text("Id", "NOTPROVIDED"));
                        }
                    }
                )
        );

    private static string Day(DateOnly day) => DirectDebitSettings.Text(day);

    private static string Coins(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Elements in the message's namespace.</summary>
    private sealed class Output(XmlWriter xml, string space)
    {
        public void In(string name, Action content)
        {
            xml.WriteStartElement(name, space);
            content();
            xml.WriteEndElement();
        }

        public void Text(string name, string text) => xml.WriteElementString(name, space, text);

        public void Euros(string name, decimal amount)
        {
            xml.WriteStartElement(name, space);
            xml.WriteAttributeString("Ccy", "EUR");
            xml.WriteString(Coins(amount));
            xml.WriteEndElement();
        }
    }
}
