using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>Pages, fonts, tags and attachment put together into a file as PDF/A-3B asks (ISO 19005-3), tagged (ISO 32000-1, 14.8).</summary>
internal sealed class PdfAssembly(
    PdfAbout about,
    PdfTag document,
    IReadOnlyList<(PdfPage Page, double Height)> pages,
    IReadOnlyList<(FontFile Font, SortedDictionary<ushort, Rune> Used)> fonts,
    IReadOnlyList<PdfPicture> pictures,
    PdfAttachment? attachment
)
{
    private readonly PdfAbout _about = about with { Title = Sound(about.Title), Author = Sound(about.Author) };
    private readonly PdfFile _file = new();
    private readonly List<int> _pageIds = [];
    private int _links;

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        var (tree, root) = (_file.Reserve(), _file.Reserve());
        _pageIds.AddRange(pages.Select(_ => _file.Reserve()));
        var fontIds = fonts.Select(each => FontOf(each.Font, each.Used)).ToArray();
        var pictureIds = pictures.Select(each => _file.AddStream(each.Content.Span, each.Entries)).ToArray();
        Number(document);
        var links = new List<(int Id, PdfTag Tag)>();
        for (var i = 0; i < pages.Count; i++)
        {
            AddPage(i, tree, fontIds, pictureIds, links);
        }

        _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/Pages/Count "u8).Add(pages.Count).Add("/Kids["u8);
                References(bytes, _pageIds);
                bytes.Add("]>>"u8);
            }),
            tree
        );
        AddTags(root, links);
        var profile = _file.AddPacked(ColourProfile.Packed, "/N 3");
        var metadata = _file.AddStream(Encoding.UTF8.GetBytes(PdfMetadata.Of(_about, attachment?.Name)), "/Type/Metadata/Subtype/XML");
        var attached = attachment is null ? (int?)null : Attach(attachment);
        var catalogue = _file.Add(
            Written(bytes =>
            {
                bytes.Add("<</Type/Catalog/Pages "u8).Refer(tree).Add("/Metadata "u8).Refer(metadata);
                bytes.Add("/Lang"u8).Text(_about.Language).Add("/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"u8);
                bytes.Add("/StructTreeRoot "u8).Refer(root);
                bytes.Add("/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"u8);
                bytes.Add("/Info(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)/DestOutputProfile "u8).Refer(profile).Add(">>]"u8);
                if (attached is { } file)
                {
                    bytes.Add("/AF["u8).Refer(file).Add("]/Names<</EmbeddedFiles<</Names["u8).Text(attachment!.Name).Add(" "u8);
                    bytes.Refer(file).Add("]>>>>/PageMode/UseAttachments"u8);
                }

                bytes.Add(">>"u8);
            })
        );
        var information = _file.Add(
            Written(bytes =>
            {
                bytes.Add("<</Title"u8).Text(_about.Title).Add("/Author"u8).Text(_about.Author);
                bytes.Add("/Producer(RetailInvoicing)/CreationDate"u8).Text(DateOf(_about.At)).Add("/ModDate"u8).Text(DateOf(_about.At));
                bytes.Add(">>"u8);
            })
        );
        return _file.Build(catalogue, information);
    }

    private void AddPage(int index, int tree, int[] fontIds, int[] pictureIds, List<(int Id, PdfTag Tag)> links)
    {
        var (page, height) = pages[index];
        var content = new PdfBytes();
        content.Add("1 0 0 1 0 "u8).Add(height).Add(" cm\n"u8).Add(page.Finished());
        var stream = _file.AddPacking(content.Written.Span);
        var annotations = new List<int>();
        foreach (var (x, y, linkWidth, linkHeight, address, tag) in page.Links)
        {
            var id = _file.AddSmall(
                Written(bytes =>
                {
                    bytes.Add("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect["u8);
                    bytes.Add([x, height - y - linkHeight, x + linkWidth, height - y]).Add("]/A<</S/URI/URI"u8).Text(Ascii(address));
                    bytes.Add(">>/Contents"u8).Text(address).Add("/StructParent "u8).Add(pages.Count + _links).Add(">>"u8);
                })
            );
            _links++;
            annotations.Add(id);
            links.Add((id, tag));
        }

        _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/Page/Parent "u8).Refer(tree).Add("/MediaBox[0 0 "u8).Add([page.Width, height]).Add("]/Contents "u8);
                bytes.Refer(stream).Add("/StructParents "u8).Add(index).Add("/Tabs/S/Resources<</Font<<"u8);
                foreach (var font in page.Fonts)
                {
                    bytes.Add("/F"u8).Add(font).Add(" "u8).Refer(fontIds[font]);
                }

                bytes.Add(">>"u8);
                if (page.Pictures.Count > 0)
                {
                    bytes.Add("/XObject<<"u8);
                    foreach (var picture in page.Pictures)
                    {
                        bytes.Add("/I"u8).Add(picture).Add(" "u8).Refer(pictureIds[picture]);
                    }

                    bytes.Add(">>"u8);
                }

                bytes.Add(">>"u8);
                if (annotations.Count > 0)
                {
                    bytes.Add("/Annots["u8);
                    References(bytes, annotations);
                    bytes.Add("]"u8);
                }

                bytes.Add(">>"u8);
            }),
            _pageIds[index]
        );
    }

    private int FontOf(FontFile font, SortedDictionary<ushort, Rune> used)
    {
        var subset = FontFiles.SubsetOf(font, used.Keys);
        var program = _file.AddPacked(subset.Packed.Span, string.Create(CultureInfo.InvariantCulture, $"/Length1 {subset.Length}"));
        var unicode = _file.AddPacking(Characters(used).Written.Span);
        var descriptor = _file.Add(
            Written(bytes =>
            {
                bytes.Add("<</Type/FontDescriptor/FontName/"u8).Add(subset.Name).Add("/Flags 4/ItalicAngle 0/StemV 80/FontBBox["u8);
                bytes.Add([Share(font.Box.Left), Share(font.Box.Bottom), Share(font.Box.Right), Share(font.Box.Top)]);
                bytes.Add("]/Ascent "u8).Add(Share(font.Ascender)).Add("/Descent "u8).Add(Share(font.Descender));
                bytes.Add("/CapHeight "u8).Add(Share(font.CapHeight)).Add("/FontFile2 "u8).Refer(program).Add(">>"u8);
            })
        );
        var glyphs = _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/Font/Subtype/CIDFontType2/BaseFont/"u8).Add(subset.Name).Add("/CIDToGIDMap/Identity"u8);
                bytes.Add("/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor "u8).Refer(descriptor);
                bytes.Add("/W["u8);
                foreach (var glyph in used.Keys)
                {
                    bytes.Add(glyph).Add("["u8).Add(Share(font.AdvanceOf(glyph))).Add("]"u8);
                }

                bytes.Add("]>>"u8);
            })
        );
        return _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/Font/Subtype/Type0/BaseFont/"u8).Add(subset.Name).Add("/Encoding/Identity-H/DescendantFonts["u8);
                bytes.Refer(glyphs).Add("]/ToUnicode "u8).Refer(unicode).Add(">>"u8);
            })
        );

        double Share(int units) => 1000.0 * units / font.UnitsPerEm;
    }

    /// <summary>What each glyph is read as (ISO 32000-1, 9.10.3): of Arabic the letter, whichever form it took.</summary>
    private static PdfBytes Characters(SortedDictionary<ushort, Rune> used)
    {
        var bytes = new PdfBytes();
        bytes.Add("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)"u8);
        bytes.Add("/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>"u8);
        bytes.Add("endcodespacerange\n"u8);
        foreach (var together in used.Chunk(100))
        {
            bytes.Add(together.Length).Add(" beginbfchar\n"u8);
            foreach (var (glyph, character) in together)
            {
                bytes.Add("<"u8).Hex(glyph).Add("><"u8);
                foreach (var unit in Read(character))
                {
                    bytes.Hex(unit);
                }

                bytes.Add(">\n"u8);
            }

            bytes.Add("endbfchar\n"u8);
        }

        return bytes.Add("endcmap CMapName currentdict/CMap defineresource pop end end"u8);
    }

    private static string Read(Rune character) =>
        character.Value is >= 0xfb50 and <= 0xfefc ? character.ToString().Normalize(NormalizationForm.FormKC) : character.ToString();

    private void Number(PdfTag tag)
    {
        tag.Id = _file.Reserve();
        foreach (var kid in tag.Kids)
        {
            if (kid.Part is { } part)
            {
                Number(part);
            }
        }
    }

    private void AddTags(int root, List<(int Id, PdfTag Tag)> links)
    {
        AddTag(document, root, links.ToLookup(static link => link.Tag, static link => link.Id));
        var parents = _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Nums["u8);
                for (var i = 0; i < pages.Count; i++)
                {
                    bytes.Add(i).Add("["u8);
                    References(bytes, pages[i].Page.Marks.Select(static tag => tag.Id));
                    bytes.Add("]"u8);
                }

                for (var i = 0; i < links.Count; i++)
                {
                    bytes.Add(pages.Count + i).Add(" "u8).Refer(links[i].Tag.Id).Add(" "u8);
                }

                bytes.Add("]>>"u8);
            })
        );
        _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/StructTreeRoot/K "u8).Refer(document.Id).Add("/ParentTree "u8).Refer(parents);
                bytes.Add("/ParentTreeNextKey "u8).Add(pages.Count + links.Count).Add(">>"u8);
            }),
            root
        );
    }

    private void AddTag(PdfTag tag, int parent, ILookup<PdfTag, int> links)
    {
        _file.AddSmall(
            Written(bytes =>
            {
                bytes.Add("<</Type/StructElem/S/"u8).Add(tag.Role).Add("/P "u8).Refer(parent);
                if (tag.Alternative is { } alternative)
                {
                    bytes.Add("/Alt"u8).Text(alternative);
                }

                if (tag.Role == "TH")
                {
                    bytes.Add("/A<</O/Table/Scope/Column>>"u8);
                }

                bytes.Add("/K["u8);
                foreach (var kid in tag.Kids)
                {
                    if (kid.Part is { } part)
                    {
                        bytes.Refer(part.Id).Add(" "u8);
                    }
                    else
                    {
                        bytes.Add("<</Type/MCR/Pg "u8).Refer(_pageIds[kid.Page - 1]).Add("/MCID "u8).Add(kid.Mark).Add(">>"u8);
                    }
                }

                foreach (var link in links[tag])
                {
                    bytes.Add("<</Type/OBJR/Obj "u8).Refer(link).Add(">>"u8);
                }

                bytes.Add("]>>"u8);
            }),
            tag.Id
        );
        foreach (var kid in tag.Kids)
        {
            if (kid.Part is { } part)
            {
                AddTag(part, tag.Id, links);
            }
        }
    }

    private int Attach(PdfAttachment file)
    {
        var content = file.Content.Span;
#pragma warning disable CA5351 // The format asks for MD5 as a sum to compare, not as a proof.
        var sum = Convert.ToHexString(MD5.HashData(content));
#pragma warning restore CA5351
        var stream = _file.AddPacking(
            content,
            string.Create(
                CultureInfo.InvariantCulture,
                $"/Type/EmbeddedFile/Subtype/text#2Fxml/Params<</Size {content.Length}/ModDate({DateOf(_about.At)})/CheckSum<{sum}>>>"
            )
        );
        return _file.Add(
            Written(bytes =>
            {
                bytes.Add("<</Type/Filespec/AFRelationship/Alternative/F"u8).Text(file.Name).Add("/UF"u8).Text(file.Name);
                bytes.Add("/Desc"u8).Text(file.Description).Add("/EF<</F "u8).Refer(stream).Add("/UF "u8).Refer(stream).Add(">>>>"u8);
            })
        );
    }

    /// <summary>Both places that say it must say the same, and one of them is XML.</summary>
    private static string Sound(string text) =>
        string.Concat(text.EnumerateRunes().Where(static each => !Rune.IsControl(each) && each.Value is not (0xfffe or 0xffff)));

    // Most are a tag of a table's cell: a hundred bytes, a hundred of them.
    private static PdfBytes Written(Action<PdfBytes> write)
    {
        var bytes = new PdfBytes(room: 128);
        write(bytes);
        return bytes;
    }

    private static void References(PdfBytes bytes, IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            bytes.Refer(id).Add(" "u8);
        }
    }

    private static string Ascii(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : "";

    private static string DateOf(DateTimeOffset at) => at.ToUniversalTime().ToString("'D:'yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
}
