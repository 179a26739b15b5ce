using System.Text.Json;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>What is one of a few, as wires and tables write it: one-off.</summary>
internal static class Word
{
    /// <summary>Its written form.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>What a written form stands for.</summary>
    public static T Read<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Single(value => Of(value) == name);
}
