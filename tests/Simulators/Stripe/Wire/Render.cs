using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Simulators.Stripe.Books;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>The books' records as Stripe's objects.</summary>
internal static class Render
{
    private const string Version = "2026-06-24.simulator";

    public static readonly JsonSerializerOptions Text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Session(Session session, Draft draft, Expand expand) =>
        new()
        {
            ["id"] = session.Id,
            ["object"] = "checkout.session",
            ["adaptive_pricing"] = new JsonObject { ["enabled"] = false },
            ["amount_subtotal"] = session.Amount,
            ["amount_total"] = session.Amount,
            ["cancel_url"] = session.CancelUrl,
            ["client_reference_id"] = session.Reference,
            ["created"] = Seconds(session.Created),
            ["currency"] = session.Currency,
            ["customer"] = null,
            ["customer_creation"] = "if_required",
            ["expires_at"] = Seconds(session.ExpiresAt),
            ["livemode"] = false,
            ["locale"] = session.Locale,
            ["metadata"] = Map(session.Metadata),
            ["mode"] = "payment",
            ["payment_intent"] =
                session.Payment is not { } id ? null
                : expand.Of("payment_intent") is { } within && draft.Payment(id) is { } payment ? Intent(payment, draft, within)
                : (JsonNode)id,
            ["payment_method_collection"] = "if_required",
            ["payment_method_types"] = List(session.Means),
            ["payment_status"] = session.PaymentStatus,
            ["status"] = session.Status,
            ["success_url"] = session.SuccessUrl,
            ["total_details"] = new JsonObject
            {
                ["amount_discount"] = 0,
                ["amount_shipping"] = 0,
                ["amount_tax"] = 0,
            },
            ["ui_mode"] = "hosted_page",
            // Whoever is through with it, or late, finds nothing there.
            ["url"] = session.Status == "open" ? session.Url : null,
        };

    public static JsonObject Intent(Payment payment, Draft draft, Expand expand) =>
        new()
        {
            ["id"] = payment.Id,
            ["object"] = "payment_intent",
            ["amount"] = payment.Amount,
            ["amount_capturable"] = 0,
            ["amount_received"] = payment.Status == "succeeded" ? payment.Amount : 0,
            ["capture_method"] = "automatic_async",
            ["confirmation_method"] = "automatic",
            ["created"] = Seconds(payment.Created),
            ["currency"] = payment.Currency,
            ["description"] = payment.Description,
            ["last_payment_error"] = payment.FailureCode is null
                ? null
                : new JsonObject
                {
                    ["type"] = "card_error",
                    ["code"] = payment.FailureCode,
                    ["decline_code"] = payment.DeclineCode,
                    ["message"] = "The payment was declined. (Simulator)",
                },
            ["latest_charge"] = expand.Of("latest_charge") is { } within ? Charge(payment, draft, within) : payment.Charge,
            ["livemode"] = false,
            ["metadata"] = Map(payment.Metadata),
            ["payment_method_types"] = List([payment.Type]),
            ["status"] = payment.Status,
        };

    public static JsonObject Charge(Payment payment, Draft draft, Expand expand)
    {
        var isPaid = payment.Status == "succeeded";
        var charge = new JsonObject
        {
            ["id"] = payment.Charge,
            ["object"] = "charge",
            ["amount"] = payment.Amount,
            ["amount_captured"] = isPaid ? payment.Amount : 0,
            ["amount_refunded"] = payment.Refunded,
            ["balance_transaction"] =
                payment.Entry is not { } id ? null
                : expand.Of("balance_transaction") is not null && draft.Entry(id) is { } entry ? Entry(entry)
                : (JsonNode)id,
            ["captured"] = isPaid,
            ["created"] = Seconds(payment.Created),
            ["currency"] = payment.Currency,
            ["description"] = payment.Description,
            ["disputed"] = payment.Dispute is not null,
            ["failure_code"] = payment.DeclineCode ?? payment.FailureCode,
            ["livemode"] = false,
            ["metadata"] = Map(payment.Metadata),
            ["paid"] = isPaid,
            ["payment_intent"] = payment.Id,
            ["payment_method_details"] = Method(payment),
            ["refunded"] = payment.Refunded == payment.Amount,
            ["status"] =
                isPaid ? "succeeded"
                : payment.Status == "processing" ? "pending"
                : "failed",
        };
        if (expand.Of("refunds") is not null)
        {
            charge["refunds"] = Page($"/v1/charges/{payment.Charge}/refunds", draft.RefundsOf(payment.Id).Select(Refund), hasMore: false);
        }

        return charge;
    }

    public static JsonObject Refund(Refund refund)
    {
        var made = new JsonObject
        {
            ["id"] = refund.Id,
            ["object"] = "refund",
            ["amount"] = refund.Amount,
            ["balance_transaction"] = refund.Entry,
            ["charge"] = refund.Charge,
            ["created"] = Seconds(refund.Created),
            ["currency"] = refund.Currency,
            ["metadata"] = Map(refund.Metadata),
            ["payment_intent"] = refund.Payment,
            ["reason"] = refund.Reason,
            ["receipt_number"] = null,
            ["status"] = refund.Status,
        };
        if (refund.FailureReason is not null)
        {
            made["failure_reason"] = refund.FailureReason;
            made["failure_balance_transaction"] = refund.FailureEntry;
        }

        return made;
    }

    public static JsonObject Dispute(Dispute dispute) =>
        new()
        {
            ["id"] = dispute.Id,
            ["object"] = "dispute",
            ["amount"] = dispute.Amount,
            ["balance_transactions"] = new JsonArray([.. dispute.Entries.Select(Entry)]),
            ["charge"] = dispute.Charge,
            ["created"] = Seconds(dispute.Created),
            ["currency"] = dispute.Currency,
            ["is_charge_refundable"] = dispute.Status.StartsWith("warning_", StringComparison.Ordinal),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = dispute.Payment,
            ["reason"] = dispute.Reason,
            ["status"] = dispute.Status,
        };

    public static JsonObject Payout(Payout payout) =>
        new()
        {
            ["id"] = payout.Id,
            ["object"] = "payout",
            ["amount"] = payout.Amount,
            ["arrival_date"] = Seconds(new DateTimeOffset(payout.ArrivesOn, TimeOnly.MinValue, TimeSpan.Zero)),
            ["automatic"] = true,
            ["balance_transaction"] = payout.Entry,
            ["created"] = Seconds(payout.Created),
            ["currency"] = payout.Currency,
            ["description"] = "STRIPE PAYOUT",
            ["failure_code"] = payout.FailureCode,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["method"] = "standard",
            ["reconciliation_status"] = "completed",
            ["source_type"] = "card",
            ["statement_descriptor"] = payout.Statement,
            ["status"] = payout.FailureCode is null ? "paid" : "failed",
            ["type"] = "bank_account",
        };

    public static JsonObject Entry(Entry entry) =>
        new()
        {
            ["id"] = entry.Id,
            ["object"] = "balance_transaction",
            ["amount"] = entry.Amount,
            ["available_on"] = Seconds(entry.Created),
            ["created"] = Seconds(entry.Created),
            ["currency"] = entry.Currency,
            ["fee"] = entry.Fee,
            ["fee_details"] =
                entry.Fee == 0
                    ? new JsonArray()
                    : new JsonArray(
                        new JsonObject
                        {
                            ["amount"] = entry.Fee,
                            ["currency"] = entry.Currency,
                            ["description"] = "Simulated fee",
                            ["type"] = "stripe_fee",
                        }
                    ),
            ["net"] = entry.Net(),
            ["reporting_category"] = entry.Type,
            ["source"] = entry.Source,
            ["status"] = "available",
            ["type"] = entry.Type,
        };

    public static JsonObject Hook(Hook hook, bool withSecret)
    {
        var made = new JsonObject
        {
            ["id"] = hook.Id,
            ["object"] = "webhook_endpoint",
            ["api_version"] = null,
            ["created"] = Seconds(hook.Created),
            ["enabled_events"] = List(hook.Events),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["status"] = "enabled",
            ["url"] = hook.Url,
        };
        if (withSecret)
        {
            made["secret"] = hook.Secret;
        }

        return made;
    }

    public static JsonObject Event(string id, string type, DateTimeOffset at, JsonObject what, int hooks) =>
        new()
        {
            ["id"] = id,
            ["object"] = "event",
            ["api_version"] = Version,
            ["created"] = Seconds(at),
            ["data"] = new JsonObject { ["object"] = what },
            ["livemode"] = false,
            ["pending_webhooks"] = hooks,
            ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
            ["type"] = type,
        };

    public static JsonObject Page(string url, IEnumerable<JsonObject> data, bool hasMore) =>
        new()
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data]),
            ["has_more"] = hasMore,
            ["url"] = url,
        };

    private static JsonObject Method(Payment payment) =>
        payment.Type == "sepa_debit"
            ? new JsonObject
            {
                ["type"] = "sepa_debit",
                ["sepa_debit"] = new JsonObject { ["country"] = "ES", ["last4"] = payment.Last4 },
            }
            : new JsonObject
            {
                ["type"] = "card",
                ["card"] = new JsonObject
                {
                    ["brand"] = "visa",
                    ["country"] = "ES",
                    ["exp_month"] = 12,
                    ["exp_year"] = 2034,
                    ["funding"] = "credit",
                    ["last4"] = payment.Last4,
                    ["wallet"] = payment.Wallet is null ? null : new JsonObject { ["type"] = payment.Wallet },
                },
            };

    private static JsonObject Map(IReadOnlyDictionary<string, string> map)
    {
        var made = new JsonObject();
        foreach (var (name, value) in map)
        {
            made[name] = value;
        }

        return made;
    }

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(each => JsonValue.Create(each))]);

    private static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();
}
