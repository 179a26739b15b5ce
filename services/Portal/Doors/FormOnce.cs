using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>
/// A form that is sent twice, by a double click, from two tabs or to two instances, is done once and answered the same way. The database
/// tells who came first; the services are given the same key, so that what was done and not answered is not done again where they keep it.
/// </summary>
public sealed partial class FormOnce(
    NpgsqlDataSource database,
    IDataProtectionProvider protection,
    TimeProvider clock,
    ILogger<FormOnce> log
)
{
    /// <summary>The field that carries a form's key.</summary>
    public const string Field = "once";

    private const string Take = """
        insert into form_once as f (email, form_key, content, taken_at) values (@email, @key, @content, @now)
        on conflict (email, form_key) do update set taken_at = excluded.taken_at, content = excluded.content
        where f.answer is null and f.taken_at < @abandoned
        returning taken_at
        """;

    private const string AnswerOf = """
        select answer, told, content = @content as is_same from form_once where email = @email and form_key = @key
        """;

    // Whoever took it meanwhile, because this one seemed gone, answers for it.
    private const string Keep = """
        update form_once set answer = @answer, told = @told where email = @email and form_key = @key and taken_at = @at
        """;

    private const string Forget = """
        delete from form_once where email = @email and form_key = @key and taken_at = @at and answer is null
        """;

    private const string ForgetOld = """
        delete from form_once where taken_at < @old
        """;

    /// <summary>What an answer told goes from the database two minutes after the form came.</summary>
    public const string ForgetTold = """
        update form_once set told = null where told is not null and taken_at < @now - interval '2 minutes'
        """;

    private const int Tries = 5;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Longer than any act waits for a service: whoever took the form is gone.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(6);

    /// <summary>How long the second waits for the first, and how often it looks.</summary>
    private static readonly TimeSpan Waited = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether it is to be done now; if not, where the first one was sent on, once that is known, or that the first one said something else. A
    /// form without its key is none of ours.
    /// </summary>
    public async Task<FormTaken> TakeAsync(string email, Form form, HttpRequest request)
    {
        var key = form[Field];
        if (key is not { Length: 32 } || !key.All(char.IsAsciiHexDigitLower))
        {
            return new FormTaken();
        }

        var content = await ContentOfAsync(form, request);
        for (var waited = TimeSpan.Zero; waited < Waited; waited += Look)
        {
            await using (var connection = await database.OpenConnectionAsync(request.HttpContext.RequestAborted))
            {
                var now = clock.GetUtcNow();
                var first = await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
                    new CommandDefinition(
                        Take,
                        new
                        {
                            email,
                            key,
                            content,
                            now,
                            abandoned = now - Abandoned,
                        },
                        cancellationToken: request.HttpContext.RequestAborted
                    )
                );
                if (first is { } at)
                {
                    return new FormTaken { First = new FormTurn(email, key, at) };
                }

                var before = await connection.QuerySingleOrDefaultAsync<Answered>(
                    new CommandDefinition(
                        AnswerOf,
                        new
                        {
                            email,
                            key,
                            content,
                        },
                        cancellationToken: request.HttpContext.RequestAborted
                    )
                );
                if (before?.Answer is not null)
                {
                    return before.IsSame
                        ? new FormTaken { Answer = new FormAnswer(before.Answer, Opened(email, key, before.Told)) }
                        : new FormTaken { IsChanged = true };
                }
            }

            // It is being done: by another instance perhaps, so there is nothing nearer than the database to wait for.
            await Task.Delay(Look, request.HttpContext.RequestAborted);
        }

        return new FormTaken();
    }

    /// <summary>Where a form with that key led, if it was done.</summary>
    public async Task<string?> AnswerAsync(string email, string? key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = await connection.QuerySingleOrDefaultAsync<Answered>(
            new CommandDefinition(
                AnswerOf,
                new
                {
                    email,
                    key,
                    content = Array.Empty<byte>(),
                },
                cancellationToken: cancellationToken
            )
        );
        return before?.Answer;
    }

    /// <summary>It is done: whoever sends it again is sent to the same place. What cannot be written down now is done all the same.</summary>
    public Task DoneAsync(FormTurn turn, FormAnswer answer) =>
        WriteAsync(
            $"{Keep}; {ForgetOld}",
            new
            {
                turn.Email,
                turn.Key,
                turn.At,
                answer = answer.Link,
                told = answer.Told is { } told ? SealOf(turn.Email, turn.Key).Protect(Encoding.UTF8.GetBytes(told)) : null,
                old = clock.GetUtcNow() - Kept,
            }
        );

    /// <summary>Nothing came of it: it may be sent again.</summary>
    public Task GiveBackAsync(FormTurn turn) =>
        WriteAsync(
            Forget,
            new
            {
                turn.Email,
                turn.Key,
                turn.At,
            }
        );

    private async Task WriteAsync(string sql, object values)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
                await connection.ExecuteAsync(new CommandDefinition(sql, values));
                return;
            }
            catch (Exception exception) when (Resilience.IsPassing(exception))
            {
                if (attempt == Tries)
                {
                    LogNotWritten(exception);
                    return;
                }

                await Task.Delay(Look * attempt, CancellationToken.None);
            }
        }
    }

    /// <summary>SHA-256 of the address, of every field but our own, and of every file.</summary>
    private static async Task<byte[]> ContentOfAsync(Form form, HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(request.Path + request.QueryString);
        foreach (var (name, values) in form.Fields.Where(each => !IsOurs(each.Key)).OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            Add(name);
            foreach (var value in values)
            {
                Add(value ?? "");
            }
        }

        foreach (var file in request.Form.Files)
        {
            Add(file.Name);
            await using var stream = file.OpenReadStream();
            hash.AppendData(await SHA256.HashDataAsync(stream, request.HttpContext.RequestAborted));
        }

        return hash.GetHashAndReset();

        // With its length, so that no two lists of texts are one.
        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    private static bool IsOurs(string name) => name == Field || name.StartsWith('_');

    private string? Opened(string email, string key, byte[]? told)
    {
        try
        {
            return told is null ? null : Encoding.UTF8.GetString(SealOf(email, key).Unprotect(told));
        }
        catch (CryptographicException)
        {
            // Sealed by a key that is gone.
            return null;
        }
    }

    private IDataProtector SealOf(string email, string key) => protection.CreateProtector("form told", email, key);

    private sealed record Answered
    {
        public string? Answer { get; init; }
        public byte[]? Told { get; init; }
        public bool IsSame { get; init; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came of a form could not be written down; sent again it may be done again")]
    private partial void LogNotWritten(Exception exception);
}
