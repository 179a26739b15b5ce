using System.Xml.Linq;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>What a file tells of one payment (TxDtls).</summary>
internal static class CamtDetails
{
    /// <summary>Reads it.</summary>
    public static CamtDetail Of(XElement tree, string place)
    {
        var (refs, parties, words) = (tree.Child("Refs"), tree.Child("RltdPties"), tree.Child("RmtInf"));
        var (structured, back, amounts) = (words.Children("Strd").ToList(), tree.Child("RtrInf"), tree.Child("AmtDtls"));
        var (amount, currency) = CamtText.AnyAmount(tree.Child("Amt"), $"{place}/Amt");
        var (passedOn, itsCurrency) = CamtText.AnyAmount(amounts.Child("TxAmt").Child("Amt"), $"{place}/AmtDtls");
        var (changed, changedTo) = CamtText.AnyAmount(amounts.Child("CntrValAmt").Child("Amt"), $"{place}/AmtDtls");
        return new CamtDetail
        {
            Amount = amount,
            Currency = currency,
            PassedOn = passedOn,
            PassedOnCurrency = itsCurrency,
            CounterValue = changed,
            CounterValueCurrency = changedTo,
            Charges = [.. tree.Children("Chrgs").SelectMany(CamtText.Charges).Select(each => each.Amount)],
            IsCredit = CamtText.Direction(tree.Child("CdtDbtInd")),
            EndToEndId = CamtText.Reference(refs.Text("EndToEndId")),
            TransactionId = CamtText.Reference(refs.Text("TxId")),
            Uetr = CamtText.Reference(refs.Text("UETR")),
            MandateId = CamtText.Reference(refs.Text("MndtId")),
            BatchId = CamtText.Reference(refs.Text("PmtInfId")),
            InstructionId = CamtText.Reference(refs.Text("InstrId")),
            BankReference = CamtText.Reference(refs.Text("AcctSvcrRef")),
            Code = CamtText.Code(tree.Child("BkTxCd")),
            Debtor = new(CamtText.NameOf(parties.Child("Dbtr")), CamtText.AccountOf(parties.Child("DbtrAcct"))),
            UltimateDebtor = CamtText.NameOf(parties.Child("UltmtDbtr")),
            Creditor = new(CamtText.NameOf(parties.Child("Cdtr")), CamtText.AccountOf(parties.Child("CdtrAcct"))),
            UltimateCreditor = CamtText.NameOf(parties.Child("UltmtCdtr")),
            Lines = CamtText.Texts(words.Children("Ustrd")),
            References = CamtText.Texts(structured.Select(each => each.Child("CdtrRefInf").Child("Ref"))),
            Documents = CamtText.Texts(structured.SelectMany(each => each.Children("RfrdDocInf")).Select(each => each.Child("Nb"))),
            MoreLines = CamtText.Texts(structured.SelectMany(each => each.Children("AddtlRmtInf"))),
            ReturnReason = CamtText.CodeOf(back.Child("Rsn") ?? back.Child("RtrRsn")),
            ReturnText = CamtText.Texts(back.Children("AddtlInf")) is { Count: > 0 } why ? string.Join(' ', why) : null,
            IsReturn = back is not null,
            Information = tree.Text("AddtlTxInf"),
        };
    }
}
