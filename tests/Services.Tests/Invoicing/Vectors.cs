using Microsoft.VisualBasic.FileIO;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Tables of expected answers in the shared data.</summary>
internal static class Vectors
{
    /// <summary>The rows of a table after its header.</summary>
    public static IEnumerable<string[]> Of(string path)
    {
        using var table = new TextFieldParser(Repository.Shared(path))
        {
            TextFieldType = FieldType.Delimited,
            Delimiters = [","],
            TrimWhiteSpace = false,
        };
        table.ReadFields();
        while (!table.EndOfData)
        {
            yield return table.ReadFields()!;
        }
    }
}
