using System.Globalization;
using System.Net;

namespace RetailInvoicing.Simulators.Bank.Doors;

/// <summary>A page of the bank in the reader's language, Spanish or English; nothing on it needs a script.</summary>
internal sealed class Sheet(HttpRequest request)
{
    // The look of the product's own pages, with the bank's own colour.
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#e3e6ea;--edge:#868f99;--muted:#5c6670;--soft:#f5f6f8;--accent:#5b3a8c;--failed:#b3261e;--paid:#1a6b34}
        @media (prefers-color-scheme:dark){:root{--ink:#f1f3f5;--paper:#1b1f24;--line:#363d45;--edge:#79828c;--muted:#a7b0ba;--soft:#242a31;--accent:#c3a6ee;--failed:#ff9a90;--paid:#63c98a}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        .sim{margin:0;padding:12px 16px;background:var(--soft);border-bottom:1px solid var(--line);font-weight:600;text-align:center}
        main{max-width:592px;margin:0 auto;padding:24px 16px 48px}main.wide{max-width:1120px}.wide p{max-width:68ch}h1{font-size:20px;font-weight:550;line-height:1.25;margin:0}
        h2{font-size:16px;font-weight:650;margin:32px 0 8px}.total{font-size:40px;line-height:1.25;font-weight:650;letter-spacing:-.02em;margin:4px 0 16px;font-variant-numeric:tabular-nums}
        p{margin:8px 0}.muted{color:var(--muted);font-size:14px}dl{margin:0 0 16px}dl>div{display:grid;grid-template-columns:88px 1fr;gap:8px;padding:6px 0;border-top:1px solid var(--line)}
        dt{color:var(--muted);font-size:14px}dd{margin:0;min-width:0;overflow-wrap:anywhere}.code{font-family:ui-monospace,"Noto Sans Mono",monospace;font-size:14px}
        label{display:block;font-weight:600;margin-top:16px}form{max-width:560px}label span{display:block;color:var(--muted);font-size:14px;font-weight:400}
        input,select,textarea{display:block;width:100%;min-height:44px;margin-top:4px;padding:8px 12px;border:1px solid var(--edge);border-radius:8px;background:var(--paper);color:var(--ink);font:inherit;font-weight:400}
        textarea{min-height:160px;font:14px/1.5 ui-monospace,"Noto Sans Mono",monospace}button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:44px;padding:8px 16px;border:1px solid var(--edge);border-radius:8px;background:none;color:var(--ink);font:inherit;font-weight:550;text-decoration:none;cursor:pointer}
        button{min-height:52px;width:100%;margin-top:24px;background:var(--accent);border-color:var(--accent);color:var(--paper)}.acts{display:flex;flex-wrap:wrap;gap:8px;margin-top:16px}
        .wrong{color:var(--failed);font-weight:600}.done{color:var(--paid);font-weight:600}a{color:var(--accent);text-underline-offset:3px}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        .scroll{overflow-x:auto}table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:8px 16px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-size:14px;color:var(--muted);font-weight:550}
        .figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}details{margin-top:16px}summary{cursor:pointer;min-height:44px;line-height:44px;color:var(--accent)}
        @media (max-width:480px){.acts .button{flex:1 1 100%}}
        """;

    private readonly bool _isSpanish = !$"{request.Headers.AcceptLanguage}"
        .TrimStart()
        .StartsWith("en", StringComparison.OrdinalIgnoreCase);

    private CultureInfo Culture => CultureInfo.GetCultureInfo(_isSpanish ? "es-ES" : "en-GB");

    /// <summary>Words in the reader's language.</summary>
    public string Say(string spanish, string english) => _isSpanish ? spanish : english;

    /// <summary>An amount with its sign in the reader's place.</summary>
    public string Euros(decimal amount) => _isSpanish ? $"{amount.ToString("N2", Culture)}\u00a0€" : $"€{amount.ToString("N2", Culture)}";

    /// <summary>A page; whoever reads it is shown how it stands after so many seconds, where there are any.</summary>
    public IResult Show(string title, string body, int status = StatusCodes.Status200OK, int? again = null, bool isWide = false) =>
        Results.Content(
            $"""
            <!doctype html><html lang="{Say(
                "es",
                "en"
            )}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            {(
                again is { } seconds
                    ? string.Create(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"{seconds}\">")
                    : ""
            )}
            <title>{Encoded(title)}</title><style>{Style}</style></head><body>
            <p class="sim">{Say(
                "Banco simulado: esto no es un banco y aquí no se mueve dinero.",
                "Simulated bank: this is no bank, and no money moves here."
            )}</p>
            <main{(isWide ? " class=\"wide\"" : "")}>{body}</main></body></html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );

    /// <summary>A term and what it is, both plain text.</summary>
    public static string Row(string term, string value, bool isCode = false) =>
        $"<div><dt>{Encoded(term)}</dt><dd{(isCode ? " class=\"code\"" : "")}>{Encoded(value)}</dd></div>";

    public static string Hidden(string name, string value) => $"<input type=\"hidden\" name=\"{name}\" value=\"{Encoded(value)}\">";

    public static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
