using Dapper;
using Npgsql;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>
/// A form that is sent twice, by a double click, from two tabs or to two instances, is done once and answered the same way. The database
/// tells who came first; the services are given the same key, so that what was done and not answered is not done again where they keep it.
/// </summary>
public sealed class FormOnce(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Take = """
        insert into form_once as f (email, form_key, taken_at) values (@email, @key, @now)
        on conflict (email, form_key) do update set taken_at = excluded.taken_at where f.answer is null and f.taken_at < @abandoned
        returning true
        """;

    private const string AnswerOf = """
        select answer from form_once where email = @email and form_key = @key
        """;

    private const string Keep = """
        update form_once set answer = @answer where email = @email and form_key = @key
        """;

    private const string Forget = """
        delete from form_once where email = @email and form_key = @key and answer is null
        """;

    private const string ForgetOld = """
        delete from form_once where taken_at < @old
        """;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Longer than any act waits for a service: whoever took the form is gone.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(6);

    /// <summary>How long the second waits for the first, and how often it looks.</summary>
    private static readonly TimeSpan Waited = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether it is to be done now; if not, where the first one was sent on, once that is known. A form without its key is none of ours.
    /// </summary>
    public async Task<FormTaken> TakeAsync(string email, string? key, CancellationToken cancellationToken)
    {
        if (key is not { Length: 32 } || !key.All(char.IsAsciiHexDigitLower))
        {
            return new FormTaken(false, null);
        }

        for (var waited = TimeSpan.Zero; waited < Waited; waited += Look)
        {
            await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            {
                var now = clock.GetUtcNow();
                var first = await connection.QuerySingleOrDefaultAsync<bool?>(
                    new CommandDefinition(
                        Take,
                        new
                        {
                            email,
                            key,
                            now,
                            abandoned = now - Abandoned,
                        },
                        cancellationToken: cancellationToken
                    )
                );
                if (first is true)
                {
                    return new FormTaken(true, null);
                }

                var answer = await connection.QuerySingleOrDefaultAsync<string?>(
                    new CommandDefinition(AnswerOf, new { email, key }, cancellationToken: cancellationToken)
                );
                if (answer is not null)
                {
                    return new FormTaken(false, answer);
                }
            }

            // It is being done: by another instance perhaps, so there is nothing nearer than the database to wait for.
            await Task.Delay(Look, cancellationToken);
        }

        return new FormTaken(false, null);
    }

    /// <summary>It is done: whoever sends it again is sent to the same place.</summary>
    public async Task DoneAsync(string email, string? key, string answer)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    email,
                    key,
                    answer,
                }
            )
        );
        await connection.ExecuteAsync(new CommandDefinition(ForgetOld, new { old = clock.GetUtcNow() - Kept }));
    }

    /// <summary>Nothing came of it: it may be sent again.</summary>
    public async Task GiveBackAsync(string email, string? key)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(new CommandDefinition(Forget, new { email, key }));
    }
}

/// <summary>Whether a form is done now, or where it led when it was.</summary>
public sealed record FormTaken(bool First, string? Answer);
