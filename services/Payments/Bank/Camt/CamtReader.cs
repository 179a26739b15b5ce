using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>
/// Reads camt.053 and camt.054 of every version by the names of their elements, since banks differ in the namespaces and agree on the
/// names. Anyone may have written the file: no document type, no entities, nothing fetched, bounded depth, texts and number of movements.
/// What cannot be read is refused with its place, and then nothing of the file counts.
/// </summary>
public static class CamtReader
{
    /// <summary>How deep elements may lie in each other; the standard's lie some fifteen deep.</summary>
    private const int MostElements = 3_000_000;
    private const int MostStatements = 1_000;
    public const int MostDepth = 40;

    /// <summary>How long a text may be; the standard's longest has 500 characters.</summary>
    public const int MostText = 10_000;

    /// <summary>How many payments a file may tell of.</summary>
    public const int MostPayments = 100_000;

    private const int MostCharacters = 64 * 1024 * 1024;
    private const int MostAttributes = 32;
    private const int LongestAnswer = 300;

    private const string Statements = "BkToCstmrStmt";
    private const string Notifications = "BkToCstmrDbtCdtNtfctn";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MostCharacters,
        CloseInput = false,
    };

    /// <summary>The message, or what is wrong with it; the file is read twice, from its beginning.</summary>
    public static Outcome<CamtMessage> Read(Stream file)
    {
        try
        {
            // Trees are built below: how deep and how long it all is, is looked at before there is one.
            file.Position = 0;
            if (Excess(file) is { } excess)
            {
                return excess;
            }

            file.Position = 0;
            using var xml = XmlReader.Create(file, Settings);
            return new Reading(xml).Message();
        }
        catch (XmlException exception)
        {
            return PaymentsFaults.NotXml.With(Short(exception.Message));
        }
        catch (UnfitException unfit)
        {
            return PaymentsFaults.UnreadableStatement.At(unfit.Place, unfit.Place);
        }
    }

    private static Fault? Excess(Stream file)
    {
        try
        {
            using var xml = XmlReader.Create(file, Settings);
            var chunk = new char[1024];
            var (elements, statements) = (0, 0);
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element)
                {
                    elements += 1 + xml.AttributeCount;
                    statements += xml.LocalName is "Stmt" or "Ntfctn" ? 1 : 0;
                }

                if (
                    elements > MostElements
                    || statements > MostStatements
                    || xml.Depth > MostDepth
                    || xml.AttributeCount > MostAttributes
                    || IsLong(xml, chunk)
                )
                {
                    return PaymentsFaults.ExcessiveXml.With(MostDepth, MostText);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // An encoding that its declaration names and nobody has.
            return PaymentsFaults.NotXml.With(Short(exception.Message));
        }
    }

    private static bool IsLong(XmlReader xml, char[] chunk)
    {
        if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
        {
            var length = 0;
            for (int read; length <= MostText && (read = xml.ReadValueChunk(chunk, 0, chunk.Length)) > 0; )
            {
                length += read;
            }

            return length > MostText;
        }

        var isLong = false;
        if (xml.NodeType == XmlNodeType.Element && xml.HasAttributes)
        {
            while (xml.MoveToNextAttribute())
            {
                isLong |= xml.Value.Length > MostText;
            }

            xml.MoveToElement();
        }

        return isLong;
    }

    private static string Short(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer];

    /// <summary>A place that is missing or cannot be read.</summary>
    private sealed class UnfitException(string place) : Exception
    {
        public string Place => place;
    }

    /// <summary>One message, read from front to back; only a single payment is ever held as a tree.</summary>
    private sealed class Reading(XmlReader xml)
    {
        private int _payments;

        public Outcome<CamtMessage> Message()
        {
            xml.MoveToContent();
            var root = xml.NamespaceURI.Length > 0 ? xml.NamespaceURI : xml.LocalName;
            // Some banks wrap the document in an envelope of their own.
            while (xml.NodeType != XmlNodeType.Element || xml.LocalName is not (Statements or Notifications))
            {
                if (!xml.Read())
                {
                    return PaymentsFaults.NotCamt.With(Short(root));
                }
            }

            var isNotification = xml.LocalName == Notifications;
            var (place, each) = (xml.LocalName, isNotification ? "Ntfctn" : "Stmt");
            string? messageId = null;
            var statements = new List<CamtStatement>();
            EachChild(name =>
            {
                if (name == each)
                {
                    statements.Add(Statement($"{each}[{statements.Count + 1}]"));
                }
                else if (name == "GrpHdr")
                {
                    messageId = Tree().Text("MsgId");
                }
                else
                {
                    xml.Skip();
                }
            });
            // What follows must be sound to its end: a file that was cut off is no file.
            while (xml.Read()) { }

            return statements.Count == 0
                ? throw new UnfitException($"{place}/{each}")
                : new CamtMessage
                {
                    IsNotification = isNotification,
                    MessageId = messageId,
                    Statements = statements,
                };
        }

        private CamtStatement Statement(string place)
        {
            XElement? account = null;
            string? id = null;
            var read = new CamtStatement
            {
                StatementId = "",
                Account = "",
                Balances = [],
                Entries = [],
            };
            var (balances, entries) = (new List<CamtBalance>(), new List<CamtEntry>());
            EachChild(name =>
            {
                switch (name)
                {
                    case "Id":
                        id = Tree().Text();
                        break;
                    case "StmtPgntn" or "NtfctnPgntn":
                        read = read with { Page = PageOf(Tree()) };
                        break;
                    case "CreDtTm":
                        read = read with { CreatedOn = Day(Tree(), place) };
                        break;
                    case "FrToDt":
                        var period = Tree();
                        read = read with
                        {
                            From = Day(period.Child("FrDtTm") ?? period.Child("FrDt"), place),
                            To = Day(period.Child("ToDtTm") ?? period.Child("ToDt"), place),
                        };
                        break;
                    case "Acct":
                        account = Tree();
                        break;
                    case "Bal":
                        balances.Add(Balance(Tree(), $"{place}/Bal[{balances.Count + 1}]"));
                        break;
                    case "Ntry":
                        entries.Add(Entry($"{place}/Ntry[{entries.Count + 1}]", account?.Text("Ccy")));
                        break;
                    case "AddtlStmtInf" or "AddtlNtfctnInf":
                        read = read with { Information = Tree().Text() };
                        break;
                    default:
                        xml.Skip();
                        break;
                }
            });
            return read with
            {
                StatementId = id ?? throw new UnfitException($"{place}/Id"),
                Account = AccountOf(account) ?? throw new UnfitException($"{place}/Acct/Id"),
                Currency = Currency.TryParse(account?.Text("Ccy"), out var currency) ? currency : null,
                Balances = balances,
                Entries = entries,
            };
        }

        private CamtEntry Entry(string place, string? accountCurrency)
        {
            var parts = new Dictionary<string, XElement>(StringComparer.Ordinal);
            var charges = new List<XElement>();
            string? batch = null;
            var details = new List<CamtDetail>();
            EachChild(name =>
            {
                switch (name)
                {
                    case "NtryDtls":
                        EachChild(inner =>
                        {
                            switch (inner)
                            {
                                case "TxDtls":
                                    Count(place);
                                    details.Add(Detail(Tree(), $"{place}/TxDtls[{details.Count + 1}]"));
                                    break;
                                case "Btch":
                                    var about = Tree();
                                    batch ??= about.Text("PmtInfId") ?? about.Text("MsgId");
                                    break;
                                default:
                                    xml.Skip();
                                    break;
                            }
                        });
                        break;
                    case "Chrgs":
                        charges.Add(Tree());
                        break;
                    default:
                        // The first of its name counts.
                        parts.TryAdd(name, Tree());
                        break;
                }
            });
            Count(place);
            var (amount, currency) = Amount(parts.GetValueOrDefault("Amt"), $"{place}/Amt", accountCurrency);
            if (Money.Of(amount, currency).Amount != amount)
            {
                throw new UnfitException($"{place}/Amt");
            }

            return new CamtEntry
            {
                Amount = Money.Of(amount, currency).Amount,
                Currency = currency,
                IsCredit = Direction(parts.GetValueOrDefault("CdtDbtInd")) ?? throw new UnfitException($"{place}/CdtDbtInd"),
                IsReversal = parts.GetValueOrDefault("RvslInd").Text() is "true" or "1",
                Status = CodeOf(parts.GetValueOrDefault("Sts")) ?? throw new UnfitException($"{place}/Sts"),
                BookedOn = Day(parts.GetValueOrDefault("BookgDt"), $"{place}/BookgDt"),
                ValuedOn = Day(parts.GetValueOrDefault("ValDt"), $"{place}/ValDt"),
                BankReference = Reference(parts.GetValueOrDefault("AcctSvcrRef").Text()),
                EntryReference = Reference(parts.GetValueOrDefault("NtryRef").Text()),
                Code = Code(parts.GetValueOrDefault("BkTxCd")),
                Charges = charges.Sum(each => Charge(each, currency)),
                BatchId = Reference(batch),
                Details = details,
                Information = parts.GetValueOrDefault("AddtlNtryInf").Text(),
            };
        }

        private static CamtDetail Detail(XElement tree, string place)
        {
            var (refs, parties, words) = (tree.Child("Refs"), tree.Child("RltdPties"), tree.Child("RmtInf"));
            var (structured, back) = (words.Children("Strd").ToList(), tree.Child("RtrInf"));
            var (amount, currency) = AnyAmount(tree.Child("Amt"), $"{place}/Amt");
            var (passedOn, itsCurrency) = AnyAmount(tree.Child("AmtDtls").Child("TxAmt").Child("Amt"), $"{place}/AmtDtls");
            return new CamtDetail
            {
                Amount = amount,
                Currency = currency,
                PassedOn = passedOn,
                PassedOnCurrency = itsCurrency,
                IsCredit = Direction(tree.Child("CdtDbtInd")),
                EndToEndId = Reference(refs.Text("EndToEndId")),
                TransactionId = Reference(refs.Text("TxId")),
                Uetr = Reference(refs.Text("UETR")),
                MandateId = Reference(refs.Text("MndtId")),
                BatchId = Reference(refs.Text("PmtInfId")),
                InstructionId = Reference(refs.Text("InstrId")),
                BankReference = Reference(refs.Text("AcctSvcrRef")),
                Code = Code(tree.Child("BkTxCd")),
                Debtor = new(NameOf(parties.Child("Dbtr")), AccountOf(parties.Child("DbtrAcct"))),
                UltimateDebtor = NameOf(parties.Child("UltmtDbtr")),
                Creditor = new(NameOf(parties.Child("Cdtr")), AccountOf(parties.Child("CdtrAcct"))),
                UltimateCreditor = NameOf(parties.Child("UltmtCdtr")),
                Lines = Texts(words.Children("Ustrd")),
                References = Texts(structured.Select(each => each.Child("CdtrRefInf").Child("Ref"))),
                Documents = Texts(structured.SelectMany(each => each.Children("RfrdDocInf")).Select(each => each.Child("Nb"))),
                MoreLines = Texts(structured.SelectMany(each => each.Children("AddtlRmtInf"))),
                ReturnReason = CodeOf(back.Child("Rsn") ?? back.Child("RtrRsn")),
                ReturnText = Texts(back.Children("AddtlInf")) is { Count: > 0 } why ? string.Join(' ', why) : null,
                IsReturn = back is not null,
                Information = tree.Text("AddtlTxInf"),
            };
        }

        private void Count(string place)
        {
            if (++_payments > MostPayments)
            {
                throw new UnfitException($"{place} (> {MostPayments})");
            }
        }

        /// <summary>Each element in this one, in order; whoever is told of one reads it or passes over it.</summary>
        private void EachChild(Action<string> take)
        {
            var (depth, isEmpty) = (xml.Depth, xml.IsEmptyElement);
            xml.Read();
            if (isEmpty)
            {
                return;
            }

            while (xml.Depth > depth)
            {
                if (xml.NodeType == XmlNodeType.Element)
                {
                    take(xml.LocalName);
                }
                else
                {
                    xml.Read();
                }
            }

            xml.Read();
        }

        private XElement Tree() => (XElement)XNode.ReadFrom(xml);
    }

    private static CamtBalance Balance(XElement tree, string place)
    {
        var (amount, currency) = Amount(tree.Child("Amt"), $"{place}/Amt", null);
        return new CamtBalance(
            CodeOf(tree.Child("Tp").Child("CdOrPrtry")),
            Direction(tree.Child("CdtDbtInd")) == false ? -amount : amount,
            currency,
            Day(tree.Child("Dt"), $"{place}/Dt")
        );
    }

    private static (decimal Amount, Currency Currency) Amount(XElement? tree, string place, string? otherwise)
    {
        var text = tree.Text();
        // 18 digits, 5 of them decimals: what the standard allows, and what the tables hold.
        return
            Currency.TryParse(tree?.Attribute("Ccy")?.Value ?? otherwise, out var currency)
            && text is { Length: <= 19 }
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount < 10_000_000_000_000m
            && amount.Scale <= 5
            ? (amount, currency)
            : throw new UnfitException(place);
    }

    private static (decimal? Amount, Currency? Currency) AnyAmount(XElement? tree, string place) =>
        tree is null ? (null, null) : Amount(tree, place, null);

    /// <summary>What the bank kept, where it is said to be taken out of the amount.</summary>
    private static decimal Charge(XElement tree, Currency currency)
    {
        var one = tree.Child("TtlChrgsAndTaxAmt") ?? tree.Child("Amt");
        IEnumerable<XElement?> parts = one is not null
            ? [one]
            : tree.Children("Rcrd").Where(each => Direction(each.Child("CdtDbtInd")) != true).Select(each => each.Child("Amt"));
        return parts
            .Where(each => each?.Attribute("Ccy")?.Value == currency.Code)
            .Sum(each =>
                decimal.TryParse(each.Text(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                && amount < 10_000_000_000_000m
                    ? amount
                    : 0m
            );
    }

    private static bool? Direction(XElement? tree) =>
        tree.Text() switch
        {
            "CRDT" => true,
            "DBIT" => false,
            _ => null,
        };

    /// <summary>A day as the bank means it: of an instant, the day at the bank's own offset.</summary>
    private static DateOnly? Day(XElement? tree, string place)
    {
        if ((tree.Text("Dt") ?? tree.Text("DtTm") ?? tree.Text()) is not { } text)
        {
            return null;
        }

        return
            text.Length >= 10
            && (text.Length == 10 || text[10] is 'T' or 'Z' or '+' or '-')
            && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1900 and < 9000
            ? day
            : throw new UnfitException(place);
    }

    private static int? PageOf(XElement tree) =>
        int.TryParse(tree.Text("PgNb"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : null;

    private static CamtCode Code(XElement? tree)
    {
        var (domain, family) = (tree.Child("Domn"), tree.Child("Domn").Child("Fmly"));
        return new CamtCode(domain.Text("Cd"), family.Text("Cd"), family.Text("SubFmlyCd"), tree.Child("Prtry").Text("Cd"));
    }

    /// <summary>A code that stands alone, or as Cd or Prtry.</summary>
    private static string? CodeOf(XElement? tree) =>
        tree is null ? null
        : tree.HasElements ? tree.Text("Cd") ?? tree.Text("Prtry")
        : tree.Text();

    /// <summary>Up to version 7 the party stands there itself, from then on in Pty or, where it is a bank, in Agt.</summary>
    private static string? NameOf(XElement? tree) =>
        tree.Text("Nm") ?? tree.Child("Pty").Text("Nm") ?? tree.Child("Agt").Child("FinInstnId").Text("Nm");

    private static string? AccountOf(XElement? tree)
    {
        var id = tree.Child("Id");
        return id.Text("IBAN") ?? id.Child("Othr").Text("Id");
    }

    /// <summary>A reference, where it is more than a word that stands where one is missing.</summary>
    private static string? Reference(string? text) =>
        text is null || text.ToUpperInvariant() is "NOTPROVIDED" or "NOTPROVIDE" or "NONREF" or "NOREF" or "NONE" ? null
        : text.All(each => each is '0' or '-' or '.' or ' ') ? null
        : text;

    private static IReadOnlyList<string> Texts(IEnumerable<XElement?> trees) => [.. trees.Select(each => each.Text()).OfType<string>()];

    private static XElement? Child(this XElement? tree, string name) =>
        tree?.Elements().FirstOrDefault(each => each.Name.LocalName == name);

    private static IEnumerable<XElement> Children(this XElement? tree, string name) =>
        tree?.Elements().Where(each => each.Name.LocalName == name) ?? [];

    private static string? Text(this XElement? tree, string name) => tree.Child(name).Text();

    /// <summary>In one line, without blanks around it; none where nothing is left.</summary>
    private static string? Text(this XElement? tree) =>
        tree is null || tree.HasElements ? null
        : string.Join(' ', tree.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text ? text
        : null;
}
