using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>A file read from front to back, once; only what is told of a single payment is ever held as a tree.</summary>
internal sealed class CamtReading(XmlReader xml)
{
    private const string Statements = "BkToCstmrStmt";
    private const string Notifications = "BkToCstmrDbtCdtNtfctn";
    private const int MostBalances = 1_000;

    private readonly List<CamtStatement> _statements = [];
    private bool? _isNotification;
    private string? _messageId;
    private int _payments;

    /// <summary>What the file calls itself.</summary>
    public string Root { get; private set; } = "";

    /// <summary>Everything but the movements, which were looked at; nothing where the file is no bank's message.</summary>
    public CamtMessage? ToEnd()
    {
        foreach (var _ in Entries())
        {
            // Read to be sure that it can be.
        }

        return _isNotification is not { } isNotification ? null
            : _statements.Count == 0 ? throw new CamtUnfitException(isNotification ? $"{Notifications}/Ntfctn" : $"{Statements}/Stmt")
            : new CamtMessage
            {
                IsNotification = isNotification,
                MessageId = _messageId,
                Statements = _statements,
            };
    }

    /// <summary>The movements in the file's order, each with the place of its statement from 0.</summary>
    public IEnumerable<(int Statement, CamtEntry Entry)> Entries()
    {
        xml.MoveToContent();
        Root = xml.NamespaceURI.Length > 0 ? xml.NamespaceURI : xml.LocalName;
        // Some banks wrap documents, one or several, in an envelope of their own. What follows must be sound to its end: a file that was
        // cut off is no file.
        while (!xml.EOF)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName is not (Statements or Notifications))
            {
                xml.Read();
                continue;
            }

            var isNotification = xml.LocalName == Notifications;
            // What both tell counts once only where it is known which of them told it.
            _isNotification =
                (_isNotification ?? isNotification) == isNotification ? isNotification : throw new CamtUnfitException(xml.LocalName);
            var each = isNotification ? "Ntfctn" : "Stmt";
            foreach (var name in Children())
            {
                if (name == each)
                {
                    var place = _statements.Count;
                    foreach (var entry in Statement($"{each}[{place + 1}]"))
                    {
                        yield return (place, entry);
                    }
                }
                else if (name == "GrpHdr")
                {
                    _messageId ??= Tree(name).Text("MsgId");
                }
                else
                {
                    xml.Skip();
                }
            }
        }
    }

    private IEnumerable<CamtEntry> Statement(string place)
    {
        XElement? account = null;
        string? id = null;
        var (count, dayless) = (0, 0);
        var balances = new List<CamtBalance>();
        var read = new CamtStatement
        {
            StatementId = "",
            Account = "",
            Balances = balances,
        };
        foreach (var name in Children())
        {
            switch (name)
            {
                case "Id":
                    id = Tree(place).Text();
                    break;
                case "StmtPgntn" or "NtfctnPgntn":
                    read = read with { Page = CamtText.PageOf(Tree(place)) };
                    break;
                case "CreDtTm":
                    read = read with { CreatedOn = CamtText.Day(Tree(place), $"{place}/{name}") };
                    break;
                case "FrToDt":
                    var period = Tree(place);
                    read = read with
                    {
                        From = CamtText.Day(period.Child("FrDtTm") ?? period.Child("FrDt"), $"{place}/{name}"),
                        To = CamtText.Day(period.Child("ToDtTm") ?? period.Child("ToDt"), $"{place}/{name}"),
                    };
                    break;
                case "Acct":
                    account = Tree(place);
                    break;
                case "Bal" when balances.Count >= MostBalances:
                    throw new CamtExcessException($"{place}/Bal", MostBalances);
                case "Bal":
                    balances.Add(CamtText.Balance(Tree(place), $"{place}/Bal[{balances.Count + 1}]"));
                    break;
                case "Ntry":
                    var entry = Entry($"{place}/Ntry[{++count}]", account?.Text("Ccy"));
                    dayless = dayless == 0 && entry is { Status: CamtEntry.Booked, BookedOn: null, ValuedOn: null } ? count : dayless;
                    yield return entry;
                    break;
                case "AddtlStmtInf" or "AddtlNtfctnInf":
                    read = read with { Information = Tree(place).Text() };
                    break;
                default:
                    xml.Skip();
                    break;
            }
        }

        read = read with
        {
            StatementId = id ?? throw new CamtUnfitException($"{place}/Id"),
            Account = CamtText.AccountOf(account) ?? throw new CamtUnfitException($"{place}/Acct/Id"),
            Currency = Currency.TryParse(account?.Text("Ccy"), out var currency) ? currency : null,
        };
        if (dayless > 0 && read is { CreatedOn: null, From: null, To: null })
        {
            throw new CamtUnfitException($"{place}/Ntry[{dayless}]/BookgDt");
        }

        _statements.Add(read);
    }

    private CamtEntry Entry(string place, string? accountCurrency)
    {
        var parts = new Dictionary<string, XElement>(StringComparer.Ordinal);
        var (charges, details) = (new List<XElement>(), new List<CamtDetail>());
        string? batch = null;
        var (told, said) = (0, (int?)null);
        foreach (var name in Children())
        {
            switch (name)
            {
                case "NtryDtls":
                    foreach (var inner in Children())
                    {
                        if (inner == "TxDtls")
                        {
                            Count(place);
                            var detail = CamtDetails.Of(Tree(place), $"{place}/TxDtls[{++told}]");
                            // Of more the books are told as of one movement, and nobody reads who they were.
                            if (details.Count < short.MaxValue)
                            {
                                details.Add(detail);
                            }
                        }
                        else if (inner == "Btch")
                        {
                            var about = Tree(place);
                            batch ??= about.Text("PmtInfId") ?? about.Text("MsgId");
                            said = (said ?? 0) + CamtText.CountOf(about);
                        }
                        else
                        {
                            xml.Skip();
                        }
                    }

                    break;
                case "Chrgs" when charges.Count < CamtReader.MostOfPayment:
                    charges.Add(Tree(place));
                    break;
                default:
                    // The first of its name counts.
                    parts.TryAdd(name, Tree(place));
                    break;
            }
        }

        Count(place);
        var (amount, currency) = CamtText.Amount(parts.GetValueOrDefault("Amt"), $"{place}/Amt", accountCurrency);
        var coins = Money.Of(amount, currency).Amount;
        var kept = charges.SelectMany(CamtText.Charges).Where(each => each.Amount.Currency == currency).ToList();
        return new CamtEntry
        {
            Amount = coins == amount ? coins : throw new CamtUnfitException($"{place}/Amt"),
            Currency = currency,
            IsCredit = CamtText.Direction(parts.GetValueOrDefault("CdtDbtInd")) ?? throw new CamtUnfitException($"{place}/CdtDbtInd"),
            IsReversal = parts.GetValueOrDefault("RvslInd").Text() is "true" or "1",
            Status = CamtText.CodeOf(parts.GetValueOrDefault("Sts")) ?? throw new CamtUnfitException($"{place}/Sts"),
            BookedOn = CamtText.Day(parts.GetValueOrDefault("BookgDt"), $"{place}/BookgDt"),
            ValuedOn = CamtText.Day(parts.GetValueOrDefault("ValDt"), $"{place}/ValDt"),
            BankReference = CamtText.Reference(parts.GetValueOrDefault("AcctSvcrRef").Text()),
            EntryReference = CamtText.Reference(parts.GetValueOrDefault("NtryRef").Text()),
            Code = CamtText.Code(parts.GetValueOrDefault("BkTxCd")),
            Charges = kept.Sum(each => each.Amount.Amount),
            IncludedCharges = kept.Where(each => each.IsIncluded).Sum(each => each.Amount.Amount),
            BatchId = CamtText.Reference(batch),
            Payments = said > 0 || told > details.Count ? Math.Max(said ?? 0, told) : null,
            Details = details,
            Information = parts.GetValueOrDefault("AddtlNtryInf").Text(),
        };
    }

    private void Count(string place)
    {
        if (++_payments > CamtReader.MostPayments)
        {
            throw new CamtExcessException(place, CamtReader.MostPayments);
        }
    }

    /// <summary>Each element in this one, in order; whoever is given one reads it or passes over it before the next.</summary>
    private IEnumerable<string> Children()
    {
        var (depth, isEmpty) = (xml.Depth, xml.IsEmptyElement);
        xml.Read();
        if (isEmpty)
        {
            yield break;
        }

        while (xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                yield return xml.LocalName;
            }
            else
            {
                xml.Read();
            }
        }

        xml.Read();
    }

    /// <summary>The element with all that is in it, by the names alone.</summary>
    private XElement Tree(string place)
    {
        var (root, isEmpty, elements) = (Alone(), xml.IsEmptyElement, 1);
        var within = new Stack<XElement>([root]);
        while (!isEmpty && within.Count > 0 && xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                if (++elements > CamtReader.MostOfPayment)
                {
                    throw new CamtExcessException(place, CamtReader.MostOfPayment);
                }

                var element = Alone();
                within.Peek().Add(element);
                if (!xml.IsEmptyElement)
                {
                    within.Push(element);
                }
            }
            else if (xml.NodeType == XmlNodeType.EndElement)
            {
                within.Pop();
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                within.Peek().Add(xml.Value);
            }
        }

        xml.Read();
        return root;
    }

    private XElement Alone()
    {
        var element = new XElement(xml.LocalName);
        if (xml.GetAttribute(CamtText.CurrencyOf) is { } currency)
        {
            element.SetAttributeValue(CamtText.CurrencyOf, currency);
        }

        return element;
    }
}
