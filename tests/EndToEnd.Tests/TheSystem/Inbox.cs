using System.Text.Json;
using System.Text.RegularExpressions;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>The development inbox that every mail of the system ends in.</summary>
public sealed class Inbox(StartedSystem system)
{
    /// <summary>All mails, oldest first.</summary>
    public async Task<IReadOnlyList<Mail>> AllAsync()
    {
        var address = system.Now.Mail?.Http;
        Assert.SkipWhen(address is null, "there is no inbox: maildev needs Node 20");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address!) };
        using var list = await JsonDocument.ParseAsync(await http.GetStreamAsync("/api/email", TestContext.Current.CancellationToken));
        return [.. list.RootElement.EnumerateArray().Select(Mail.Of)];
    }

    /// <summary>The mails to an address.</summary>
    public async Task<IReadOnlyList<Mail>> ToAsync(string address) => [.. (await AllAsync()).Where(mail => mail.To == address)];

    /// <summary>The mails from an address: a seller's.</summary>
    public async Task<IReadOnlyList<Mail>> FromAsync(string address) => [.. (await AllAsync()).Where(mail => mail.From == address)];
}

/// <summary>A mail as it lies in the inbox.</summary>
public sealed partial record Mail
{
    public required string From { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Html { get; init; }

    public required string Text { get; init; }

    public required string MessageId { get; init; }

    public required IReadOnlyList<string> Attachments { get; init; }

    /// <summary>Both forms of the invoice are attached.</summary>
    public bool HasPdfAndXml =>
        Attachments.Any(name => name.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
        && Attachments.Any(name => name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first link of the text that goes to an address beginning so.</summary>
    public string? Link(string beginning) =>
        Links().Matches(Text).Select(match => match.Value).FirstOrDefault(link => link.StartsWith(beginning, StringComparison.Ordinal));

    internal static Mail Of(JsonElement mail) =>
        new()
        {
            From = FirstAddress(mail, "from"),
            To = FirstAddress(mail, "to"),
            Subject = TextOf(mail, "subject"),
            Html = TextOf(mail, "html"),
            Text = TextOf(mail, "text"),
            MessageId = mail.TryGetProperty("headers", out var headers) ? TextOf(headers, "message-id") : TextOf(mail, "messageId"),
            Attachments = mail.TryGetProperty("attachments", out var attachments)
                ?
                [
                    .. attachments
                        .EnumerateArray()
                        .Select(each => TextOf(each, "filename") is { Length: > 0 } name ? name : TextOf(each, "fileName")),
                ]
                : [],
        };

    private static string FirstAddress(JsonElement mail, string field) =>
        mail.TryGetProperty(field, out var people) && people.GetArrayLength() > 0 ? TextOf(people[0], "address").ToLowerInvariant() : "";

    private static string TextOf(JsonElement of, string field) =>
        of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    [GeneratedRegex(@"https?://[^\s<>""')]+")]
    private static partial Regex Links();
}
