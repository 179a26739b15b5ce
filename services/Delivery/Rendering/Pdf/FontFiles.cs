using System.Collections.Concurrent;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>The fonts of this assembly, each read once; with each the subset that nearly every invoice needs, packed once.</summary>
internal static class FontFiles
{
    /// <summary>What Spanish, Catalan, Basque, Galician and English invoices are written with.</summary>
    private const string Usual =
        " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"
        + "\u00a0ÀÁÇÈÉÍÏÑÒÓÚÜàáçèéíïñòóúü¿¡ªº·«»–—€…’−×²";

    private static readonly ConcurrentDictionary<string, FontFile> Files = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<FontFile, FontSubset> Prepared = new();

    /// <summary>A font by its name.</summary>
    public static FontFile Of(string name) =>
        Files.GetOrAdd(
            name,
            static name =>
            {
                using var stream = typeof(FontFiles).Assembly.GetManifestResourceStream(
                    $"RetailInvoicing.Delivery.Rendering.fonts.{name}.ttf"
                )!;
                var file = new byte[stream.Length];
                stream.ReadExactly(file);
                return new FontFile(name, file);
            }
        );

    /// <summary>The part of a font that writes these glyphs: the prepared one where that does.</summary>
    public static FontSubset SubsetOf(FontFile font, IReadOnlyCollection<ushort> glyphs)
    {
        var usual = UsualOf(font);
        return usual is not null && glyphs.All(usual.Contains) ? usual : FontSubset.Of(font, glyphs);
    }

    /// <summary>A font that writes hardly any of the usual is asked for what is rare, and has nothing prepared.</summary>
    private static FontSubset? UsualOf(FontFile font) =>
        font.Name.StartsWith("OpenSans", StringComparison.Ordinal)
            ? Prepared.GetOrAdd(
                font,
                static font => FontSubset.Of(font, Usual.Select(each => font.GlyphOf(each)).Where(static glyph => glyph != 0))
            )
            : null;
}
