namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>Why a published code is not checked.</summary>
internal static class NotChecked
{
    private const string Technical = "A technical error of the agency's: ask for it by POST /control/faults.";
    private const string Register = "Needs a register of the agency's that is not simulated.";
    private const string Schema = "The schema refuses it first (4102 or the field's own code).";
    private const string Elsewhere = "Belongs to another service of the agency's.";

    private static readonly Dictionary<string, int[]> Reasons = new(StringComparer.Ordinal)
    {
        [Technical] = [4110, 4111, 4128, 4134, 3500, 3501, 1129, 1217, 1241, 1243, 1256],
        [Register] = [4124, 4140, 1128, 1242, 3003, 3004],
        [Schema] = [1172, 1180, 1195, 1196, 1214, 1215, 1223, 1228, 1240, 1263, 1264, 1265],
        [Elsewhere] = [3502, 3503, 4139],
        ["The schema and the service description leave FinRequerimiento to the last submission."] = [4129],
        ["Says what 4116 and 4104 say."] = [4115],
        ["Says what 4105 says."] = [4123],
        ["Says what 1110 and 1193 say, for no field that the validations name."] = [1109],
        ["Says what 1155 and 1159 say."] = [1187],
        ["Says what 1126 says."] = [1233, 1234],
        ["1152 is the stricter until 2044."] = [1133],
        ["Rates of 2012 and before: not in the list of 15.1 and 15.3, so 1124 and 1127."] = [1132, 1135],
        ["The validations accept it with an error: 2005, 2006, 2008."] = [1210, 1216, 1278],
        ["Taken back by version 1.0.7 of the validations."] = [1279, 1280],
    };

    private static readonly Dictionary<int, string> ByCode = Reasons
        .SelectMany(reason => reason.Value.Select(code => (code, reason.Key)))
        .ToDictionary(each => each.code, each => each.Key);

    /// <summary>The reason; null where there is none, because the code is checked.</summary>
    public static string? Why(int code) => ByCode.GetValueOrDefault(code);
}
