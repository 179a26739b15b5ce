using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>What the document's red, green and blue mean: sRGB (IEC 61966-2-1) as an ICC profile of version 2, which PDF/A asks for.</summary>
internal static class ColourProfile
{
    private const int Steps = 1024;

    /// <summary>The profile, packed.</summary>
    public static readonly byte[] Packed = PdfFile.Pack(Profile());

    private static byte[] Profile()
    {
        var curve = Curve();
        (string Tag, byte[] Content)[] entries =
        [
            ("desc", Description("sRGB IEC61966-2.1")),
            ("cprt", [.. "text\0\0\0\0"u8, .. "No copyright\0"u8]),
            ("wtpt", Colour(0.9642, 1, 0.8249)),
            ("rXYZ", Colour(0.4360747, 0.2225045, 0.0139322)),
            ("gXYZ", Colour(0.3850649, 0.7168786, 0.0971045)),
            ("bXYZ", Colour(0.1430804, 0.0606169, 0.7141733)),
            ("rTRC", curve),
            ("gTRC", curve),
            ("bTRC", curve),
        ];
        var first = 128 + 4 + 12 * entries.Length;
        var places = new Dictionary<byte[], int>();
        var size = first;
        foreach (var (_, content) in entries)
        {
            if (places.TryAdd(content, size))
            {
                size += (content.Length + 3) & ~3;
            }
        }

        var profile = new byte[size];
        Number(0, (uint)size);
        Number(8, 0x02100000);
        "mntrRGB XYZ "u8.CopyTo(profile.AsSpan(12));
        // A date is asked for; the standard's own year is as good as any.
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(24), 1999);
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(26), 1);
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(28), 1);
        "acsp"u8.CopyTo(profile.AsSpan(36));
        // The white of the colours between devices, D50.
        Number(68, 0x0000F6D6);
        Number(72, 0x00010000);
        Number(76, 0x0000D32D);
        Number(128, (uint)entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var (tag, content) = entries[i];
            Encoding.ASCII.GetBytes(tag, profile.AsSpan(132 + 12 * i));
            Number(136 + 12 * i, (uint)places[content]);
            Number(140 + 12 * i, (uint)content.Length);
            content.CopyTo(profile.AsSpan(places[content]));
        }

        return profile;

        void Number(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(profile.AsSpan(at), value);
    }

    private static byte[] Description(string text)
    {
        var content = new byte[12 + text.Length + 1 + 4 + 4 + 2 + 1 + 67];
        "desc"u8.CopyTo(content);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(8), (uint)text.Length + 1);
        Encoding.ASCII.GetBytes(text, content.AsSpan(12));
        return content;
    }

    private static byte[] Colour(double x, double y, double z)
    {
        var content = new byte[20];
        "XYZ "u8.CopyTo(content);
        Fixed(8, x);
        Fixed(12, y);
        Fixed(16, z);
        return content;

        void Fixed(int at, double value) =>
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(at), (int)Math.Round(value * 65536, MidpointRounding.AwayFromZero));
    }

    /// <summary>How bright a value of a channel is.</summary>
    private static byte[] Curve()
    {
        var content = new byte[12 + 2 * Steps];
        "curv"u8.CopyTo(content);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(8), Steps);
        for (var i = 0; i < Steps; i++)
        {
            var share = i / (Steps - 1.0);
            var linear = share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
            BinaryPrimitives.WriteUInt16BigEndian(
                content.AsSpan(12 + 2 * i),
                (ushort)Math.Round(linear * 65535, MidpointRounding.AwayFromZero)
            );
        }

        return content;
    }
}
