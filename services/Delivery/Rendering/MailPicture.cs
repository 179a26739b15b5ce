namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A picture inside a mail: a part of it that its HTML shows, with words for those who do not see it.</summary>
public sealed record MailPicture
{
    private const int Millimetres = 32;

    /// <summary>What its part is called; the same in every mail, so that the mail of a transmission is always the same.</summary>
    public required string Name { get; init; }

    /// <summary>image/png or image/jpeg.</summary>
    public required string ContentType { get; init; }

    /// <summary>The file.</summary>
    public required byte[] Content { get; init; }

    /// <summary>How it is shown, in points of a screen.</summary>
    public required int Width { get; init; }

    /// <summary>How it is shown, in points of a screen.</summary>
    public required int Height { get; init; }

    /// <summary>What it shows, in words.</summary>
    public required string Alt { get; init; }

    /// <summary>Where the HTML finds it: in the mail.</summary>
    public required string Uri { get; init; }

    /// <summary>A logo, at most 240 by 64.</summary>
    public static MailPicture OfLogo(Picture logo, string seller)
    {
        var scale = Math.Min(1, Math.Min(240.0 / logo.Width, 64.0 / logo.Height));
        return new MailPicture
        {
            Name = logo.ContentType == "image/png" ? "logo.png" : "logo.jpg",
            ContentType = logo.ContentType,
            Content = logo.Content,
            Width = Math.Max(1, (int)(logo.Width * scale)),
            Height = Math.Max(1, (int)(logo.Height * scale)),
            Alt = seller,
            Uri = "cid:logo@mail",
        };
    }

    /// <summary>The fiscal QR, 32 mm where a screen has 96 dots an inch, with 6 mm of white around it (AEAT, QR 0.4.7, section 3).</summary>
    public static MailPicture OfTaxQr(QrMatrix code, string alt) => OfQr("tax-qr", code, alt, 8);

    /// <summary>The QR of payment.</summary>
    public static MailPicture OfEpcQr(QrMatrix code, string alt) => OfQr("epc-qr", code, alt, 4);

    /// <summary>The same, held by its own address: for where there is no mail around the HTML.</summary>
    public MailPicture Held() => this with { Uri = $"data:{ContentType};base64,{Convert.ToBase64String(Content)}" };

    private static MailPicture OfQr(string name, QrMatrix code, string alt, int quiet)
    {
        var side = (int)Math.Ceiling(Millimetres / 25.4 * 96 * (code.Side + 2 * quiet) / code.Side);
        return new MailPicture
        {
            Name = $"{name}.png",
            ContentType = "image/png",
            Content = Png.Of(code, 4, quiet),
            Width = side,
            Height = side,
            Alt = alt,
            Uri = $"cid:{name}@mail",
        };
    }
}
