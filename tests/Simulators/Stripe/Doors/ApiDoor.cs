using System.Text.Json.Nodes;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>
/// /v1: who asks is known by a key, what is asked twice under one idempotency key is done once, and errors have Stripe's form.
/// </summary>
internal sealed class ApiDoor(Ledger ledger, Faults faults, Options options, TimeProvider clock)
{
    private const int MostOfKey = 255;

    public async Task Serve(HttpContext http)
    {
        var request = http.Request;
        http.Response.Headers["Request-Id"] = Ids.New("req_", 14);
        http.Response.Headers["Stripe-Version"] = request.Headers["Stripe-Version"];
        if (KeyOf(request, out var refusal) is not { } key)
        {
            await Write(http, Reply.Of(refusal!));
            return;
        }

        var account = ledger.Do(draft => draft.MerchantOf(key).Id);
        if (faults.Draw(FaultKinds.Down, account) is { } down)
        {
            await BeAway(http, down);
            return;
        }

        if (faults.Draw(FaultKinds.Slow, account) is { } slow)
        {
            await Task.Delay(TimeSpan.FromSeconds(slow.Seconds ?? 5), clock, http.RequestAborted);
        }

        var form = await Form.ReadAsync(request);
        var reply = Answer(request, key, form);
        if (
            HttpMethods.IsPost(request.Method)
            && reply is { Status: StatusCodes.Status200OK, IsReplayed: false }
            && faults.Draw(FaultKinds.LostAnswer, account) is not null
        )
        {
            // It is done, and in the journal; who asked does not hear of it.
            http.Abort();
            return;
        }

        await Write(http, reply);
    }

    private Reply Answer(HttpRequest request, string key, Form form)
    {
        var path = request.Path.Value!.TrimEnd('/');
        var idempotencyKey = HttpMethods.IsPost(request.Method) ? request.Headers["Idempotency-Key"].FirstOrDefault() : null;
        if (idempotencyKey is { Length: > MostOfKey })
        {
            return Reply.Of(Refusal.Bad("Idempotency-Key", $"Idempotency keys may only be up to {MostOfKey} characters."));
        }

        var address = options.Address?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        var fingerprint = form.Fingerprint(request.Method, path);
        var (reply, kept, account) = ledger.Do<(Reply? Reply, KeptAnswer? Kept, string Account)>(draft =>
        {
            var merchant = draft.MerchantOf(key);
            if (idempotencyKey is { Length: > 0 } && draft.AnswerOf(merchant.Id, idempotencyKey) is { } before)
            {
                return (before.Fingerprint == fingerprint ? null : Reply.Of(Refusal.OtherContent(idempotencyKey)), before, merchant.Id);
            }

            var (made, isKept) = Made(draft, merchant, request.Method, path, form, address);
            if (idempotencyKey is { Length: > 0 } && isKept)
            {
                draft.Put(
                    new Answer
                    {
                        Account = merchant.Id,
                        Key = idempotencyKey,
                        Fingerprint = fingerprint,
                        At = draft.Now,
                        Status = made.Status,
                        Body = made.Body,
                    }
                );
            }

            return (made, null, merchant.Id);
        });
        return reply ?? new Reply(kept!.Status, ledger.BodyOf(kept, account, idempotencyKey!), IsReplayed: true);
    }

    /// <summary>What is answered, and whether it stands for the key from now on.</summary>
    private static (Reply Reply, bool IsKept) Made(Draft draft, Merchant merchant, string method, string path, Form form, string address)
    {
        try
        {
            var made = Do(draft, merchant, method, path, form, address);
            return (new Reply(StatusCodes.Status200OK, made.ToJsonString(Render.Text), IsReplayed: false), true);
        }
        catch (Refusal refusal)
        {
            draft.Drop();
            return (Reply.Of(refusal), refusal.IsKept);
        }
    }

    private static JsonObject Do(Draft draft, Merchant merchant, string method, string path, Form form, string address) =>
        (method, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
        {
            ("POST", ["v1", "checkout", "sessions"]) => SessionsDoor.Create(draft, merchant, form, address),
            ("GET", ["v1", "checkout", "sessions", var id]) => SessionsDoor.Get(draft, merchant, id, form),
            ("POST", ["v1", "checkout", "sessions", var id, "expire"]) => SessionsDoor.Expire(draft, merchant, id, form),
            ("GET", ["v1", "payment_intents", var id]) => ObjectsDoor.Intent(draft, merchant, id, form),
            ("POST", ["v1", "refunds"]) => ObjectsDoor.GiveRefund(draft, merchant, form),
            ("GET", ["v1", "refunds"]) => ObjectsDoor.Refunds(draft, merchant, form),
            ("GET", ["v1", "refunds", var id]) => ObjectsDoor.Refund(draft, merchant, id),
            ("GET", ["v1", "disputes"]) => ObjectsDoor.Disputes(draft, merchant, form),
            ("GET", ["v1", "disputes", var id]) => ObjectsDoor.Dispute(draft, merchant, id),
            ("GET", ["v1", "payouts", var id]) => ObjectsDoor.Payout(draft, merchant, id),
            ("GET", ["v1", "balance_transactions"]) => ObjectsDoor.Entries(draft, merchant, form),
            ("POST", ["v1", "webhook_endpoints"]) => ObjectsDoor.AddHook(draft, merchant, form),
            ("GET", ["v1", "webhook_endpoints"]) => ObjectsDoor.Hooks(draft, merchant, form),
            ("DELETE", ["v1", "webhook_endpoints", var id]) => ObjectsDoor.RemoveHook(draft, merchant, id),
            ("GET", ["v1", "account"]) => ObjectsDoor.Account(merchant),
            _ => throw Refusal.NoAddress(method, path),
        };

    private static string? KeyOf(HttpRequest request, out Refusal? refusal)
    {
        const string bearer = "Bearer ";
        refusal = null;
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(bearer, StringComparison.Ordinal) || header.Length == bearer.Length)
        {
            refusal = Refusal.NoKey();
            return null;
        }

        var key = header[bearer.Length..].Trim();
        if (!key.StartsWith("sk_test_", StringComparison.Ordinal) && !key.StartsWith("rk_test_", StringComparison.Ordinal))
        {
            refusal = Refusal.BadKey(key[..Math.Min(8, key.Length)]);
            return null;
        }

        return key;
    }

    private static async Task BeAway(HttpContext http, Fault fault)
    {
        if (fault.Code is { } code)
        {
            await Write(http, Reply.Of(Refusal.Away(code)));
            return;
        }

        http.Abort();
    }

    private static Task Write(HttpContext http, Reply reply)
    {
        if (reply.IsReplayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(reply.Body, http.RequestAborted);
    }

    private sealed record Reply(int Status, string Body, bool IsReplayed)
    {
        public static Reply Of(Refusal refusal) => new(refusal.Status, refusal.ToJson().ToJsonString(Render.Text), IsReplayed: false);
    }
}
