using System.Globalization;
using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Why a file is no picture that documents can carry.</summary>
public enum PictureFault
{
    /// <summary>Neither PNG nor JPEG.</summary>
    NotAPicture,

    /// <summary>More bytes than a logo needs.</summary>
    TooManyBytes,

    /// <summary>More dots than a logo needs: small files can hold huge ones.</summary>
    TooManyDots,

    /// <summary>It ends before it is whole, or its parts contradict each other.</summary>
    Broken,

    /// <summary>A form of it that is not read: interlaced PNG; JPEG in the colours of printing or of twelve bits.</summary>
    NotRead,
}

/// <summary>A seller's logo, looked at before anything draws it: as pages and mails show it, and as PDFs hold it.</summary>
public sealed record Picture
{
    /// <summary>A file of a logo has at most so many bytes.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>A logo has at most so many dots.</summary>
    public const int MostDots = 4_000_000;

    private const int MostSide = 10_000;

    private Picture(PdfPicture forPdf) => ForPdf = forPdf;

    /// <summary>image/png or image/jpeg.</summary>
    public required string ContentType { get; init; }

    /// <summary>The file.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Dots from left to right.</summary>
    public required int Width { get; init; }

    /// <summary>Dots from top to bottom.</summary>
    public required int Height { get; init; }

    /// <summary>As PDFs hold it.</summary>
    internal PdfPicture ForPdf { get; }

    /// <summary>The file as an address that holds it.</summary>
    public string ToDataUri() => $"data:{ContentType};base64,{Convert.ToBase64String(Content)}";

    /// <summary>The picture of a file; nothing, and why, where it has none that can be carried.</summary>
    public static Picture? Read(ReadOnlySpan<byte> file, out PictureFault? fault)
    {
        if (file.Length > MostBytes)
        {
            fault = PictureFault.TooManyBytes;
            return null;
        }

        if (file.StartsWith(Png.Signature))
        {
            return OfPng(file, out fault);
        }

        if (file.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
        {
            return OfJpeg(file, out fault);
        }

        fault = PictureFault.NotAPicture;
        return null;
    }

    internal static PictureFault? Measure(long width, long height) =>
        width < 1 || height < 1 ? PictureFault.Broken
        : width > MostSide || height > MostSide || width * height > MostDots ? PictureFault.TooManyDots
        : null;

    /// <summary>A PNG is unpacked, made as small as it is shown, and written anew: nothing else that was in the file goes on.</summary>
    private static Picture? OfPng(ReadOnlySpan<byte> file, out PictureFault? fault)
    {
        if (PngFile.Read(file, out fault) is not { } read)
        {
            return null;
        }

        var dots = read.Shrunk(640, 240);
        var channels = dots.IsOpaque ? 3 : 4;
        var flat = dots.OnWhite();
        var rows = Png.Filtered(dots.Width, 3, flat);
        var entries = string.Create(
            CultureInfo.InvariantCulture,
            $"{Entries(dots.Width, dots.Height, "/DeviceRGB")}/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3/BitsPerComponent 8/Columns {dots.Width}>>"
        );
        return new Picture(new PdfPicture(entries, PdfFile.Pack(rows)))
        {
            ContentType = "image/png",
            Content = Png.Of(dots.Width, dots.Height, channels, dots.IsOpaque ? flat : dots.Colours),
            Width = dots.Width,
            Height = dots.Height,
        };
    }

    /// <summary>A JPEG stands in a PDF as it is; its header alone is read, and that it is whole.</summary>
    private static Picture? OfJpeg(ReadOnlySpan<byte> file, out PictureFault? fault)
    {
        fault = PictureFault.Broken;
        var (width, height, components) = (0, 0, 0);
        for (var at = 2; at + 4 <= file.Length; )
        {
            if (file[at] != 0xff)
            {
                return null;
            }

            var marker = file[at + 1];
            if (marker == 0xff)
            {
                // Fill before a marker (ISO/IEC 10918-1, B.1.1.2).
                at++;
                continue;
            }

            var length = file[at + 2] << 8 | file[at + 3];
            if (length < 2 || at + 2 + length > file.Length)
            {
                return null;
            }

            var part = file.Slice(at + 4, length - 2);
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                if (part.Length < 6 || width > 0)
                {
                    return null;
                }

                (height, width, components) = (part[1] << 8 | part[2], part[3] << 8 | part[4], part[5]);
                if (Measure(width, height) is { } size)
                {
                    fault = size;
                    return null;
                }

                // Baseline, extended and progressive, of eight bits, gray or of three colours.
                if (marker > 0xc2 || part[0] != 8 || components is not (1 or 3))
                {
                    fault = PictureFault.NotRead;
                    return null;
                }
            }

            at += 2 + length;
            if (marker == 0xda)
            {
                if (width == 0 || file[at..].LastIndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) < 0)
                {
                    return null;
                }

                fault = null;
                var content = file.ToArray();
                var colours = components == 1 ? "/DeviceGray" : "/DeviceRGB";
                return new Picture(new PdfPicture($"{Entries(width, height, colours)}/Filter/DCTDecode", content))
                {
                    ContentType = "image/jpeg",
                    Content = content,
                    Width = width,
                    Height = height,
                };
            }
        }

        return null;
    }

    private static string Entries(int width, int height, string colours) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{colours}/BitsPerComponent 8"
        );
}

/// <summary>Dots of a picture: red, green, blue and how much covers what is beneath.</summary>
internal sealed record Dots(int Width, int Height, byte[] Colours)
{
    /// <summary>Whether nothing beneath shows through.</summary>
    public bool IsOpaque { get; } = OpaqueOf(Colours);

    /// <summary>The picture, so many times smaller that it fits; each dot the mean of those it stands for.</summary>
    public Dots Shrunk(int mostWidth, int mostHeight)
    {
        var times = Math.Max((Width + mostWidth - 1) / mostWidth, (Height + mostHeight - 1) / mostHeight);
        if (times <= 1)
        {
            return this;
        }

        var (width, height) = ((Width + times - 1) / times, (Height + times - 1) / times);
        var colours = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Mean(x * times, y * times, times).CopyTo(colours.AsSpan((y * width + x) * 4));
            }
        }

        return new Dots(width, height, colours);
    }

    /// <summary>Red, green and blue on white paper.</summary>
    public byte[] OnWhite()
    {
        var flat = new byte[Width * Height * 3];
        var at = 0;
        for (var dot = 0; dot < Colours.Length; dot += 4)
        {
            var alpha = Colours[dot + 3];
            for (var channel = 0; channel < 3; channel++)
            {
                flat[at++] = (byte)((Colours[dot + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
            }
        }

        return flat;
    }

    private byte[] Mean(int left, int top, int side)
    {
        var (red, green, blue, alpha, count) = (0L, 0L, 0L, 0L, 0);
        for (var y = top; y < Math.Min(top + side, Height); y++)
        {
            for (var x = left; x < Math.Min(left + side, Width); x++)
            {
                var dot = Colours.AsSpan((y * Width + x) * 4, 4);
                red += dot[0] * dot[3];
                green += dot[1] * dot[3];
                blue += dot[2] * dot[3];
                alpha += dot[3];
                count++;
            }
        }

        var seen = Math.Max(alpha, 1);
        return [(byte)(red / seen), (byte)(green / seen), (byte)(blue / seen), (byte)(alpha / count)];
    }

    private static bool OpaqueOf(byte[] colours)
    {
        for (var i = 3; i < colours.Length; i += 4)
        {
            if (colours[i] != 255)
            {
                return false;
            }
        }

        return true;
    }
}
