using System.Text.Json.Nodes;
using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>/v1/checkout/sessions, as far as payments once and on the hosted page go.</summary>
internal static class SessionsDoor
{
    private const long MostUnits = 99_999_999;

    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    // A client that works out half an hour to the second is not refused for what the way takes.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(2);

    private static readonly string[] Locales = (
        "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi "
        + "zh zh-HK zh-TW"
    ).Split(' ');

    public static JsonObject Create(Draft draft, Merchant merchant, Form form, string address)
    {
        form.Knows(
            "adaptive_pricing[enabled]",
            "cancel_url",
            "client_reference_id",
            "customer_email",
            "expires_at",
            "line_items[][price_data][currency]",
            "line_items[][price_data][product_data][description]",
            "line_items[][price_data][product_data][name]",
            "line_items[][price_data][unit_amount]",
            "line_items[][quantity]",
            "locale",
            "metadata[*]",
            "mode",
            "payment_intent_data[description]",
            "payment_intent_data[metadata][*]",
            "allowed_payment_method_types[]",
            "submit_type",
            "success_url",
            "ui_mode"
        );
        if (form.Required("mode") != "payment")
        {
            throw Refusal.Bad("mode", "This simulator plays mode payment alone.");
        }

        var (amount, currency, name) = Lines(form);
        var id = Ids.New("cs_test_a1", 56);
        var session = new Session
        {
            Id = id,
            Account = merchant.Id,
            Created = draft.Now,
            ExpiresAt = End(form, draft.Now),
            Amount = amount,
            Currency = currency,
            Name = name,
            Reference = Short(form, "client_reference_id", 200),
            SuccessUrl = Address(form, "success_url") ?? throw Refusal.Missing("success_url"),
            CancelUrl = Address(form, "cancel_url"),
            Locale = Locale(form),
            Means = Means(form, currency),
            Metadata = form.Map("metadata"),
            PaymentMetadata = form.Map("payment_intent_data[metadata]"),
            PaymentDescription = Short(form, "payment_intent_data[description]", 1000),
            Url = $"{address}/c/pay/{id}",
        };
        draft.Put(session);
        return Render.Session(session, draft, Expand.Nothing);
    }

    public static JsonObject Get(Draft draft, Merchant merchant, string id, Form form) =>
        Render.Session(Of(draft, merchant, id), draft, new Expand(form.List("expand")));

    public static JsonObject Expire(Draft draft, Merchant merchant, string id, Form form)
    {
        form.Knows();
        var session = Of(draft, merchant, id);
        return session.Status == "open"
            ? Render.Session(Pay.End(draft, session), draft, Expand.Nothing)
            : throw Refusal.Not(null, null, $"Only Checkout Sessions that are open can be expired. This one is {session.Status}.");
    }

    private static Session Of(Draft draft, Merchant merchant, string id) =>
        draft.Session(id) is { } session && session.Account == merchant.Id
            ? session
            : throw Refusal.None("checkout.session", id, "session");

    private static (long Amount, string Currency, string Name) Lines(Form form)
    {
        var places = form.Places("line_items");
        if (places.Count == 0)
        {
            throw Refusal.Missing("line_items");
        }

        var (total, currency, names) = (0L, (string?)null, new List<string>());
        foreach (var place in places)
        {
            var each = form.Required($"{place}[price_data][currency]").ToLowerInvariant();
            if (each.Length != 3 || !each.All(char.IsAsciiLetterLower))
            {
                throw Refusal.Bad($"{place}[price_data][currency]", $"Invalid currency: {each}.");
            }

            if ((currency ??= each) != each)
            {
                throw Refusal.Bad($"{place}[price_data][currency]", "All line items must have the same currency.");
            }

            var name = Short(form, $"{place}[price_data][product_data][name]", 250);
            names.Add(name ?? throw Refusal.Missing($"{place}[price_data][product_data]"));
            var quantity = form.Number($"{place}[quantity]") ?? throw Refusal.Missing($"{place}[quantity]");
            var units = form.Number($"{place}[price_data][unit_amount]") ?? throw Refusal.Missing($"{place}[price_data][unit_amount]");
            if (quantity is < 1 or > 999_999 || units is < 0 or > MostUnits)
            {
                throw Refusal.Bad($"{place}[price_data][unit_amount]", "Invalid non-negative integer", "parameter_invalid_integer");
            }

            total += quantity * units;
        }

        if (!Coins.IsSound(total, currency!))
        {
            throw Refusal.Bad("line_items", $"Amounts in {currency} must end in 0, as the currency's rules have it.", "amount_invalid");
        }

        if (total > MostUnits)
        {
            throw Refusal.Bad("line_items", "The Checkout Session's total amount must be no more than 999,999.99.", "amount_too_large");
        }

        return total < Coins.Least(currency!)
            ? throw Refusal.Bad(
                "line_items",
                $"The Checkout Session's total amount must be at least {Coins.Text(Coins.Least(currency!), currency!)} {currency}.",
                "amount_too_small"
            )
            : (total, currency!, string.Join(", ", names));
    }

    private static DateTimeOffset End(Form form, DateTimeOffset now)
    {
        if (form.Number("expires_at") is not { } seconds)
        {
            return now + LongestLife;
        }

        var life = TimeSpan.FromSeconds(Math.Clamp(seconds - now.ToUnixTimeSeconds(), -1_000_000, 1_000_000));
        if (life + OnTheWay < ShortestLife)
        {
            throw Refusal.Bad("expires_at", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.");
        }

        return life - OnTheWay > LongestLife
            ? throw Refusal.Bad("expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.")
            : DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    private static IReadOnlyList<string> Means(Form form, string currency)
    {
        var means = form.List("allowed_payment_method_types");
        if (means.Count == 0)
        {
            return currency == "eur" ? ["card", "sepa_debit"] : ["card"];
        }

        foreach (var each in means)
        {
            if (each is not ("card" or "sepa_debit"))
            {
                throw Refusal.Bad("allowed_payment_method_types", $"This simulator plays card and sepa_debit, not {each}.");
            }

            if (each == "sepa_debit" && currency != "eur")
            {
                throw Refusal.Bad(
                    "allowed_payment_method_types",
                    $"The currency `{currency}` is not supported by the payment method type: `sepa_debit`. Supported currencies: eur."
                );
            }
        }

        return means;
    }

    private static string? Locale(Form form) =>
        form.Text("locale") is not { } locale || Locales.Contains(locale)
            ? form.Text("locale")
            : throw Refusal.Bad("locale", $"Invalid locale: must be one of {string.Join(", ", Locales)}");

    private static string? Address(Form form, string name) =>
        form.Text(name) is not { } text ? null
        : text.Length <= 5000 && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? text
        : throw Refusal.Bad(name, "Not a valid URL", "url_invalid");

    private static string? Short(Form form, string name, int most) =>
        form.Text(name) is not { } text || text.Length <= most
            ? form.Text(name)
            : throw Refusal.Bad(name, $"Invalid string: must be at most {most} characters", "parameter_invalid_string");
}
