using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Services.Tests.Fixtures;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class GoldenPagesTests
{
    private const string Folder = "tests/Services.Tests/Delivery/golden";
    private const int DotsPerInch = 80;

    /// <summary>Where pages go that look different; not committed.</summary>
    private static readonly string Beside = Path.Combine(Repository.Root, ".local", "golden");

    public static TheoryData<string> Names => [.. GoldenPages.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_document_looks_as_it_did_when_a_person_looked_at_it(string name)
    {
        var actual = await PictureOfAsync(GoldenPages.All.Single(page => page.Name == name));
        var file = Path.Combine(Repository.Root, Folder, $"{name}.png");
        // A picture that still holds stays as it is: its bytes are the drawing program's.
        if (Environment.GetEnvironmentVariable("RETAIL_UPDATE") == "1" && (await DifferencesAsync(actual, file)).Count > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, actual.ToPng());
        }

        Assert.True(File.Exists(file), $"{Folder}/{name}.png is missing: run RETAIL_UPDATE=1 ./test GoldenPages and look at what it wrote");
        var differences = await DifferencesAsync(actual, file);
        if (differences.Count == 0)
        {
            return;
        }

        var expected = PagePicture.OfPng(await File.ReadAllBytesAsync(file));
        Directory.CreateDirectory(Beside);
        await File.WriteAllBytesAsync(Path.Combine(Beside, $"{name}.png"), actual.ToPng());
        await File.WriteAllBytesAsync(
            Path.Combine(Beside, $"{name}.difference.png"),
            PagePicture.Beside([expected, actual.Framed(differences)]).ToPng()
        );
        Assert.Fail(
            $"{name} looks different at {string.Join("; ", differences.Take(8))}, in pixels of {actual.Width} by {actual.Height} "
                + $"(expected {expected.Width} by {expected.Height}): look at .local/golden/{name}.difference.png, the expected page at the "
                + "left. If it is better now, run RETAIL_UPDATE=1 ./test GoldenPages and commit the picture"
        );
    }

    [Fact]
    public void Every_picture_that_is_kept_is_of_a_document_that_is_drawn()
    {
        var folder = Path.Combine(Repository.Root, Folder);
        var kept = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        var drawn = GoldenPages.All.Select(page => $"{page.Name}.png").ToHashSet(StringComparer.Ordinal);
        Assert.All(kept, file => Assert.Contains(Path.GetFileName(file), drawn));
    }

    [Fact]
    public void A_picture_is_read_back_as_it_was_written()
    {
        var picture = Drawn(33, 21, (x, y) => (byte)(x * 7 + y * 13));
        var again = PagePicture.OfPng(picture.ToPng());
        Assert.Equal(33, again.Width);
        Assert.Equal(21, again.Height);
        Assert.Equal(picture.Pixels.ToArray(), again.Pixels.ToArray());
    }

    [Fact]
    public void A_picture_of_the_drawing_program_is_read_whatever_its_first_pixels_are()
    {
        // Those of the first row are a new line and a blank.
        var picture = PagePicture.OfPgm([.. "P5\n2 2\n255\n"u8, 10, 32, 7, 200]);
        Assert.Equal(new byte[] { 10, 32, 7, 200 }, picture.Pixels.ToArray());
    }

    [Fact]
    public void A_page_that_moved_by_a_pixel_or_is_a_little_paler_is_the_same_page()
    {
        var page = Drawn(200, 160, Gray);
        Assert.Empty(page.DifferencesFrom(page));
        Assert.Empty(Drawn(200, 160, (x, y) => Gray(x - 1, y + 1)).DifferencesFrom(page));
        Assert.Empty(Drawn(200, 160, (x, y) => (byte)Math.Min(255, Gray(x, y) + 12)).DifferencesFrom(page));
    }

    [Fact]
    public void A_page_that_lacks_a_word_has_another_one_or_moved_by_half_a_line_is_another_page_and_says_where()
    {
        var page = Drawn(200, 160, Gray);
        var without = Drawn(200, 160, (x, y) => IsIn(x, y, 40, 40, 40) ? (byte)255 : Gray(x, y));
        var more = Drawn(200, 160, (x, y) => IsIn(x, y, 120, 96, 64) ? Ink(x, y) : Gray(x, y));
        Assert.Equal(new PageArea(40, 40, 80, 56), Assert.Single(without.DifferencesFrom(page)));
        Assert.Equal(new PageArea(120, 96, 184, 112), Assert.Single(more.DifferencesFrom(page)));
        Assert.NotEmpty(Drawn(200, 160, (x, y) => Gray(x, y - 5)).DifferencesFrom(page));
        Assert.NotEmpty(Drawn(200, 161, Gray).DifferencesFrom(page));
    }

    [Fact]
    public void A_word_too_long_for_its_line_is_broken_behind_its_hyphens()
    {
        const string word = "porta-velas-colgante-de-corazón-blanco";
        var lines = Typeface.Regular.Wrap(word, 8.5, 60);
        Assert.True(lines.Count > 2, $"{lines.Count} lines");
        Assert.All(lines.SkipLast(1), line => Assert.EndsWith("-", line, StringComparison.Ordinal));
        Assert.Equal(word, string.Concat(lines));
        // Between words is still the better place.
        Assert.Equal("vela|porta-velas", string.Join('|', Typeface.Regular.Wrap("vela porta-velas", 8.5, 56)));
    }

    [Fact]
    public void A_shop_and_a_till_with_long_names_stay_on_their_ticket()
    {
        var ticket = GoldenPages.Ticket() with { StoreId = StoreId.Of(new string('S', 30)), TillId = new string('W', 50) };
        var page = new GoldenPage("ticket", "es", () => ticket);
        using var pdf = PdfDocument.Open(page.Pdf());
        var paper = pdf.GetPage(1);
        Assert.All(paper.Letters, letter => Assert.InRange(letter.BoundingBox.Left, 0, paper.Width));
        Assert.All(paper.Letters, letter => Assert.InRange(letter.BoundingBox.Right, 0, paper.Width));
        Assert.Equal(50, paper.Letters.Count(letter => letter.Value == "W"));
    }

    /// <summary>All pages of a short document side by side; of a long one the first, one in the middle and the last.</summary>
    private static async Task<PagePicture> PictureOfAsync(GoldenPage page)
    {
        var pdf = page.Pdf();
        var count = PagesOf(pdf);
        using var file = new PdfOnDisk(pdf);
        var pictures = new List<PagePicture>();
        foreach (var number in count <= 3 ? Enumerable.Range(1, count) : [1, (count + 1) / 2, count])
        {
            pictures.Add(await file.PageAsync(number, DotsPerInch));
        }

        return PagePicture.Beside(pictures);
    }

    private static int PagesOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return document.NumberOfPages;
    }

    /// <summary>What differs from the kept picture; everything where there is none.</summary>
    private static async Task<IReadOnlyList<PageArea>> DifferencesAsync(PagePicture actual, string file) =>
        File.Exists(file)
            ? actual.DifferencesFrom(PagePicture.OfPng(await File.ReadAllBytesAsync(file)))
            : [new PageArea(0, 0, actual.Width, actual.Height)];

    private static PagePicture Drawn(int width, int height, Func<int, int, byte> gray)
    {
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                pixels[y * width + x] = gray(x, y);
            }
        }

        return new PagePicture(width, height, pixels);
    }

    /// <summary>Two words on a line and one below.</summary>
    private static byte Gray(int x, int y) =>
        IsIn(x, y, 40, 40, 40) || IsIn(x, y, 120, 40, 64) || IsIn(x, y, 40, 96, 64) ? Ink(x, y) : (byte)255;

    private static bool IsIn(int x, int y, int left, int top, int width) => x >= left && x < left + width && y >= top && y < top + 16;

    /// <summary>About as dark as letters are.</summary>
    private static byte Ink(int x, int y) => (x * 31 + y * 17) % 5 < 2 ? (byte)20 : (byte)255;
}
