using System.Net;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>The page behind a mail's link to stop offers: it asks, and says what was done. It loads nothing and runs nothing.</summary>
public static class WithdrawalPage
{
    /// <summary>Asks; only its button stops them, since links in mails are also opened by machines that look for harm.</summary>
    public static string Ask(OfferWords words, string sellerName, string email) =>
        Page(
            words,
            OfferWords.Said(words.StopTitle, sellerName),
            OfferWords.Said(words.StopQuestion, sellerName, email),
            "<form method=\"post\"><input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\"><button>"
                + Encoded(words.StopButton)
                + "</button></form>"
        );

    /// <summary>Says that they are stopped.</summary>
    public static string Done(OfferWords words, string sellerName, string email) =>
        Page(words, words.StoppedTitle, OfferWords.Said(words.Stopped, sellerName, email), "");

    /// <summary>Says why a link does nothing.</summary>
    public static string Refused(OfferWords words, string why) => Page(words, words.BadLinkTitle, why, "");

    private static string Page(OfferWords words, string title, string text, string form) =>
        $$$"""
            <!doctype html>
            <html lang="{{{words.Language}}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="light dark">
            <title>{{{Encoded(title)}}}</title>
            <style>
            :root{color-scheme:light dark}
            body{margin:0;padding:32px 16px;font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
            body{color:#1b1f24;background:#ffffff}
            main{max-width:34rem;margin:0 auto}
            h1{font-size:28px;line-height:1.25;margin:0 0 12px;overflow-wrap:anywhere}
            p{overflow-wrap:anywhere}
            button{font:inherit;min-height:44px;padding:0 20px;border:0;border-radius:8px;background:#1b1f24;color:#ffffff;cursor:pointer}
            button:focus-visible{outline:3px solid #5c6670;outline-offset:2px}
            @media (prefers-color-scheme:dark){body{color:#f4f5f7;background:#1b1f24}button{background:#f4f5f7;color:#1b1f24}}
            </style>
            </head>
            <body><main><h1>{{{Encoded(title)}}}</h1><p>{{{Encoded(text)}}}</p>{{{form}}}</main></body>
            </html>
            """;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
