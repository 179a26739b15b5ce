using System.Text.Json.Nodes;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>The other objects of /v1 that a shop asks for: refunds, disputes, payouts and their parts, and where notices go.</summary>
internal static class ObjectsDoor
{
    private const int MostOnAPage = 100;
    private const int MostHooks = 16;

    public static JsonObject Account(Merchant merchant) =>
        new()
        {
            ["id"] = merchant.Id,
            ["object"] = "account",
            ["business_profile"] = new JsonObject { ["name"] = "Simulated account" },
            ["charges_enabled"] = true,
            ["country"] = "ES",
            ["default_currency"] = "eur",
            ["payouts_enabled"] = true,
            ["type"] = "standard",
        };

    public static JsonObject Intent(Draft draft, Merchant merchant, string id, Form form) =>
        Render.Intent(PaymentOf(draft, merchant, id, "intent"), draft, new Expand(form.List("expand")));

    public static JsonObject GiveRefund(Draft draft, Merchant merchant, Form form)
    {
        form.Knows("amount", "metadata[*]", "payment_intent", "reason");
        if (form.Text("reason") is { } reason && reason is not ("duplicate" or "fraudulent" or "requested_by_customer"))
        {
            throw Refusal.Bad("reason", "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer");
        }

        var payment = PaymentOf(draft, merchant, form.Required("payment_intent"), "payment_intent");
        return Render.Refund(Refunding.Give(draft, payment, form.Number("amount"), form.Text("reason"), form.Map("metadata")));
    }

    public static JsonObject Refunds(Draft draft, Merchant merchant, Form form)
    {
        form.Knows("ending_before", "limit", "payment_intent", "starting_after");
        var payment = PaymentOf(draft, merchant, form.Required("payment_intent"), "payment_intent");
        return Page("/v1/refunds", draft.RefundsOf(payment.Id).Reverse().Select(each => (each.Id, Render.Refund(each))), form);
    }

    public static JsonObject Refund(Draft draft, Merchant merchant, string id) =>
        draft.Refund(id) is { } refund && refund.Account == merchant.Id ? Render.Refund(refund) : throw Refusal.None("refund", id);

    public static JsonObject Disputes(Draft draft, Merchant merchant, Form form)
    {
        form.Knows("ending_before", "limit", "payment_intent", "starting_after");
        var payment = PaymentOf(draft, merchant, form.Required("payment_intent"), "payment_intent");
        Dispute[] all = payment.Dispute is { } id && draft.Dispute(id) is { } dispute ? [dispute] : [];
        return Page("/v1/disputes", all.Select(each => (each.Id, Render.Dispute(each))), form);
    }

    public static JsonObject Dispute(Draft draft, Merchant merchant, string id) =>
        draft.Dispute(id) is { } dispute && dispute.Account == merchant.Id ? Render.Dispute(dispute) : throw Refusal.None("dispute", id);

    public static JsonObject Payout(Draft draft, Merchant merchant, string id) =>
        draft.Payout(id) is { } payout && payout.Account == merchant.Id ? Render.Payout(payout) : throw Refusal.None("payout", id);

    public static JsonObject Entries(Draft draft, Merchant merchant, Form form)
    {
        form.Knows("currency", "ending_before", "limit", "payout", "source", "starting_after", "type");
        var (payout, source, type) = (form.Text("payout"), form.Text("source"), form.Text("type"));
        var found = draft
            .EntriesOf(merchant.Id)
            .Where(each => (payout is null || each.Payout == payout) && (source is null || each.Source == source))
            .Where(each => type is null || each.Type == type)
            .Reverse();
        return Page("/v1/balance_transactions", found.Select(each => (each.Id, Render.Entry(each))), form);
    }

    public static JsonObject AddHook(Draft draft, Merchant merchant, Form form)
    {
        form.Knows("api_version", "connect", "description", "enabled_events[]", "metadata[*]", "url");
        var url = form.Required("url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw Refusal.Bad("url", "Invalid URL: An explicit scheme (such as https) must be provided.", "url_invalid");
        }

        var events = form.List("enabled_events");
        if (events.Count == 0)
        {
            throw Refusal.Missing("enabled_events");
        }

        if (draft.HooksOf(merchant.Id).Count >= MostHooks)
        {
            throw Refusal.Bad("url", $"You have reached the maximum of {MostHooks} test webhook endpoints.");
        }

        var hook = new Hook
        {
            Id = Ids.New("we_1", 23),
            Account = merchant.Id,
            Url = url,
            Secret = Ids.New("whsec_", 32),
            Events = events,
            Created = draft.Now,
        };
        draft.Put(hook);
        return Render.Hook(hook, withSecret: true);
    }

    public static JsonObject Hooks(Draft draft, Merchant merchant, Form form) =>
        Page("/v1/webhook_endpoints", draft.HooksOf(merchant.Id).Select(each => (each.Id, Render.Hook(each, withSecret: false))), form);

    public static JsonObject RemoveHook(Draft draft, Merchant merchant, string id)
    {
        var hook = draft.HooksOf(merchant.Id).FirstOrDefault(each => each.Id == id) ?? throw Refusal.None("webhook endpoint", id);
        draft.Put(hook with { Deleted = true });
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "webhook_endpoint",
            ["deleted"] = true,
        };
    }

    private static Payment PaymentOf(Draft draft, Merchant merchant, string id, string parameter) =>
        draft.Payment(id) is { } payment && payment.Account == merchant.Id ? payment : throw Refusal.None("payment_intent", id, parameter);

    private static JsonObject Page(string url, IEnumerable<(string Id, JsonObject Object)> all, Form form)
    {
        var limit = (int)Math.Clamp(form.Number("limit") ?? 10, 1, MostOnAPage);
        var rest = form.Text("starting_after") is { } last ? all.SkipWhile(each => each.Id != last).Skip(1) : all;
        var page = rest.Take(limit + 1).ToList();
        return Render.Page(url, page.Take(limit).Select(each => each.Object), page.Count > limit);
    }
}
