using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>A check that is made: the code it gives, where the documents have it, and what it says.</summary>
internal sealed record Check(int Code, string Section, string Says);

/// <summary>Every check there is, in the order in which they are made.</summary>
internal static class RuleBook
{
    public static readonly IReadOnlyList<Rule> OfRegistration =
    [
        .. InvoiceRules.All,
        .. PartyRules.All,
        .. RegimeRules.All,
        .. RateRules.All,
        .. AmountRules.All,
        .. SystemRules.All,
    ];

    public static readonly IReadOnlyList<Rule> OfCancellation = [.. CancellationRules.All, .. SystemRules.All];

    /// <summary>What is looked at before any rule: the connection, the message and its schema.</summary>
    private static readonly Check[] OfMessages =
    [
        new(4102, "3.1", "The message has the structure of the schema."),
        new(4103, "service 5.1", "The message is XML."),
        new(4108, "service 4.3", "The client certificate names a NIF."),
        new(4112, "service 4.1", "The certificate is the taxpayer's or the representative's."),
        new(4113, "3.1", "No block has more entries than the schema allows."),
        new(4114, "3.1.2 1", "A submission has 1,000 records at most."),
        new(4118, "service 6.6", "The address takes such a message."),
        new(4119, "service 4.3", "The message is in UTF-8."),
        new(4132, "service 6.4", "The certificate is the recipient's who asks."),
        new(4135, "service 4.3", "The address is called by POST."),
        new(4136, "3.1.2 1", "A registration stands in a RegistroFactura."),
        new(4137, "3.1.2 1", "A cancellation stands in a RegistroFactura."),
        new(4138, "service 4.3", "There is a message."),
        new(4107, "service 6.4", "The recipient who asks is in the census."),
        new(1250, "service 6.4.1", "A range of dates does not end before it begins."),
        new(1261, "service 6.4.1", "IndicadorRepresentante goes with ObligadoEmision."),
        new(1272, "service 6.4.1", "A recipient does not ask for SistemaInformatico."),
        new(3000, "annex, ERROR 2 and 10", "The agency has no record of the invoice yet."),
        new(3001, "annex, ERROR 10", "The agency has no cancellation of the invoice yet."),
        new(3002, "annex, ERROR 3 and 6", "The agency has a record of the invoice."),
        new(ValueCodes.Default, "3.1", "A value is one that the schema allows."),
    ];

    /// <summary>Every check, by its code.</summary>
    public static IReadOnlyDictionary<int, Check> Checks { get; } =
        HeaderRule
            .All.Select(rule => new Check(rule.Code, rule.Section, rule.Says))
            .Concat(
                OfRegistration
                    .Concat(OfCancellation)
                    .Concat(AdmissibleRules.All)
                    .Select(rule => new Check(rule.Code, rule.Section, rule.Says))
            )
            .Concat(OfMessages)
            .Concat(ValueCodes.All.Select(each => new Check(each.Value, "3.1", $"{each.Key} is as the schema says.")))
            .GroupBy(check => check.Code)
            .ToDictionary(group => group.Key, group => group.First());

    /// <summary>The first reason why a record is refused; null where there is none.</summary>
    public static Rule? Refusal(Examined x) =>
        (x.Record.IsRegistration ? OfRegistration : OfCancellation).FirstOrDefault(rule => rule.IsBroken(x));

    /// <summary>The first thing that is wrong with a record and does not make it refused.</summary>
    public static Rule? Admissible(Examined x) => AdmissibleRules.All.FirstOrDefault(rule => rule.IsBroken(x));
}
