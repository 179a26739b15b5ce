namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>Which rates of VAT and of the equivalence surcharge there are, and when.</summary>
internal static class RateRules
{
    private static readonly decimal[] Rates = [0, 2, 4, 5, 7.5m, 10, 21];
    private static readonly decimal[] Surcharges = [0, 0.26m, 0.5m, 0.62m, 1, 1.4m, 1.75m, 5.2m];
    private static readonly (DateOnly From, DateOnly Until) FivePercent = (new(2022, 7, 1), new(2024, 9, 30));
    private static readonly (DateOnly From, DateOnly Until) LastQuarterOf2024 = (new(2024, 10, 1), new(2024, 12, 31));
    private static readonly (DateOnly From, DateOnly Until) FreeBread = (new(2023, 1, 1), new(2024, 9, 30));

    public static readonly IReadOnlyList<Rule> All =
    [
        Of(1124, "15.1", "The rate is 0, 2, 4, 5, 7.5, 10 or 21.", (_, line) => line.Rate is { } rate && !Rates.Contains(rate)),
        Of(1194, "15.1", "5 % from 1 July 2022 to 30 September 2024.", (day, line) => line.Rate == 5 && !Within(FivePercent, day)),
        Of(1235, "15.1", "2 % from 1 October to 31 December 2024.", (day, line) => line.Rate == 2 && !Within(LastQuarterOf2024, day)),
        Of(1236, "15.1", "7.5 % from 1 October to 31 December 2024.", (day, line) => line.Rate == 7.5m && !Within(LastQuarterOf2024, day)),
        Of(
            1127,
            "15.3",
            "The surcharge is 0, 0.26, 0.5, 0.62, 1, 1.4, 1.75 or 5.2.",
            (_, line) => line.SurchargeRate is { } surcharge && !Surcharges.Contains(surcharge)
        ),
        Of(1162, "15.3", "21 % has 5.2 or 1.75.", (_, line) => line.Rate == 21 && line.SurchargeRate is not (null or 5.2m or 1.75m)),
        Of(1163, "15.3", "10 % has 1.4.", (_, line) => line.Rate == 10 && line.SurchargeRate is not (null or 1.4m)),
        Of(1169, "15.3", "7.5 % has 1.", (_, line) => line.Rate == 7.5m && line.SurchargeRate is not (null or 1)),
        Of(1160, "15.3", "5 % has 0.5 or 0.62.", (_, line) => line.Rate == 5 && line.SurchargeRate is not (null or 0.5m or 0.62m)),
        Of(
            1167,
            "15.3",
            "5 % has 0.5 until 31 December 2022.",
            (day, line) => line.Rate == 5 && line.SurchargeRate is not (null or 0.5m) && day < FreeBread.From
        ),
        Of(
            1168,
            "15.3",
            "5 % has 0.62 from 1 January 2023 to 30 September 2024.",
            (day, line) => line.Rate == 5 && line.SurchargeRate is not (null or 0.62m) && Within(FreeBread, day)
        ),
        Of(1164, "15.3", "4 % has 0.5.", (_, line) => line.Rate == 4 && line.SurchargeRate is not (null or 0.5m)),
        Of(1166, "15.3", "2 % has 0.26.", (_, line) => line.Rate == 2 && line.SurchargeRate is not (null or 0.26m)),
        Of(
            1165,
            "15.3",
            "0 % has 0 from 1 January 2023 to 30 September 2024.",
            (day, line) => line.Rate == 0 && line.SurchargeRate is not (null or 0) && Within(FreeBread, day)
        ),
        // The list of codes knows 0.26 alone here, the validations nothing: 0 says no more than no surcharge does.
        Of(
            1170,
            "list of codes",
            "0 % has 0.26 from 1 October 2024 on, or none.",
            (day, line) => line.Rate == 0 && line.SurchargeRate is not (null or 0 or 0.26m) && day > FreeBread.Until
        ),
        Of(
            1277,
            "list of codes",
            "0 % has no surcharge before 2023.",
            (day, line) => line.Rate == 0 && line.SurchargeRate is not (null or 0) && day < FreeBread.From
        ),
    ];

    /// <summary>A rule on lines of VAT that are taxed (S1).</summary>
    private static Rule Of(int code, string section, string says, Func<DateOnly, TaxLine, bool> isBroken) =>
        Rule.OfLines(code, $"3.1.3 {section}", says, (x, line) => line is { IsVat: true, Class: "S1" } && isBroken(x.OperatedOn, line));

    private static bool Within((DateOnly From, DateOnly Until) span, DateOnly day) => day >= span.From && day <= span.Until;
}
