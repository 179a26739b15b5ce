using System.Text;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>One call of a seller's server, and what came of it.</summary>
public sealed record WebhookAttempt
{
    /// <summary>So much of an answer is kept.</summary>
    public const int MostOfAnswer = 1024;

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took.</summary>
    public required int Milliseconds { get; init; }

    /// <summary>Status of the answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>
    /// Why it was not taken: status, redirect, gone, timeout, connection, tls, no-address, private-address, no-http, no-secret or bug.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>That in words.</summary>
    public string? Detail { get; init; }

    /// <summary>The beginning of the answer.</summary>
    public string? Response { get; init; }

    /// <summary>Whether it was taken.</summary>
    public bool IsTaken() => Reason is null;

    /// <summary>Whether the server wants nothing more, ever.</summary>
    public bool IsGone() => Reason == "gone";

    /// <summary>An attempt as lists of errors say it.</summary>
    public string Said() => Detail is null ? Reason ?? "" : $"{Reason}: {Detail}";

    /// <summary>What an answer means.</summary>
    public static WebhookAttempt Of(PublicAnswer answer, DateTimeOffset at, TimeSpan took)
    {
        var attempt = new WebhookAttempt
        {
            At = at,
            Milliseconds = (int)Math.Min(took.TotalMilliseconds, int.MaxValue),
            StatusCode = answer.Status == 0 ? null : answer.Status,
            Response = Text(answer.Body),
        };
        return answer switch
        {
            { IsSuccess: true } => attempt,
            { Status: 410 } => attempt with { Reason = "gone", Detail = "the server says that it wants nothing more" },
            { Status: >= 300 and < 400 } => attempt with { Reason = "redirect", Detail = "redirects are not followed" },
            { Status: not 0 } => attempt with { Reason = "status", Detail = $"the server answered {answer.Status}" },
            _ => attempt with
            {
                Reason = answer.Failure switch
                {
                    CallFailure.PrivateAddress => "private-address",
                    CallFailure.NoAddress => "no-address",
                    CallFailure.Tls => "tls",
                    CallFailure.Timeout => "timeout",
                    CallFailure.Answer => "no-http",
                    _ => "connection",
                },
                Detail = answer.Detail,
            },
        };
    }

    /// <summary>As text that a database takes: no control characters, whatever a server sends.</summary>
    private static string? Text(byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        var text = new StringBuilder(body.Length);
        foreach (var each in Encoding.UTF8.GetString(body))
        {
            text.Append(char.IsControl(each) ? ' ' : each);
        }

        return text.ToString();
    }
}
