namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>CRC-32 (ISO 3309), which zip and PNG carry.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Row)];

    private uint _rest = uint.MaxValue;

    public Crc32() { }

    /// <summary>The sum over what was added.</summary>
    public readonly uint Value => ~_rest;

    /// <summary>The sum over bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = new Crc32();
        sum.Add(bytes);
        return sum.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            _rest = Table[(byte)(_rest ^ each)] ^ (_rest >> 8);
        }
    }

    private static uint Row(int value)
    {
        var row = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            row = (row & 1) == 1 ? (row >> 1) ^ 0xEDB88320u : row >> 1;
        }

        return row;
    }
}
