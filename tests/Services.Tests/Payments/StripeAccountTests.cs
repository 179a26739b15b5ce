using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Stripe;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What makes an account with Stripe, and how amounts are written there.</summary>
public sealed class StripeAccountTests : IDisposable
{
    private readonly StripeProvider _stripe = new(new StripeOptions(), TimeProvider.System);

    public void Dispose() => _stripe.Dispose();

    [Fact]
    public void An_account_is_a_name_a_key_of_its_environment_and_perhaps_a_secret_of_notices()
    {
        var made = _stripe.Account(
            SellerId.Of("s1"),
            "test",
            new Dictionary<string, string> { ["accountId"] = "acct_1032D82eZvKYlo2C" },
            new Dictionary<string, string> { ["secretKey"] = "rk_test_4eC39HqLyjWDarjtT1zdp7dc", ["webhookSecret"] = "whsec_test_secret" }
        );

        Assert.Equal(("stripe", "acct_1032D82eZvKYlo2C", "test"), (made.Value.Provider, made.Value.AccountId, made.Value.Environment));
        Assert.DoesNotContain("4eC39", made.Value.ToString(), StringComparison.Ordinal);
        Assert.Equal([PaymentMeans.Card, PaymentMeans.Wallet, PaymentMeans.DirectDebit], _stripe.Means);
        Assert.False(Account("live", "acct_shop", "sk_live_of_the_shop", null).Refused(out _));
    }

    [Theory]
    [InlineData("test", "1032D82eZvKYlo2C", "sk_test_of_the_shop", null, "PAY-STRIPE-06")]
    [InlineData("test", "acct_a b", "sk_test_of_the_shop", null, "PAY-STRIPE-06")]
    [InlineData("test", "acct_shop", "sk_live_of_the_shop", null, "PAY-STRIPE-07")]
    [InlineData("live", "acct_shop", "sk_test_of_the_shop", null, "PAY-STRIPE-07")]
    [InlineData("test", "acct_shop", "pk_test_of_the_shop", null, "PAY-STRIPE-07")]
    [InlineData("test", "acct_shop", "sk_test_of_the_shop\r\nX: y", null, "PAY-STRIPE-07")]
    [InlineData("test", "acct_shop", "sk_test_of_the_shop", "secret", "PAY-STRIPE-08")]
    [InlineData("sandbox", "acct_shop", "sk_sandbox_of_the_shop", null, "PAY-PROVIDER-02")]
    public void What_makes_no_account_is_refused_without_being_repeated(
        string environment,
        string name,
        string key,
        string? signing,
        string code
    )
    {
        Assert.True(Account(environment, name, key, signing).Refused(out var fault));
        Assert.Equal(code, fault.Code.Code);
        Assert.DoesNotContain(key, fault.In("es") + fault.In("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_secrets_that_mean_nothing_are_refused_by_name()
    {
        var made = _stripe.Account(
            SellerId.Of("s1"),
            "test",
            new Dictionary<string, string> { ["accountId"] = "acct_shop", ["terminal"] = "1" },
            new Dictionary<string, string> { ["secretKey"] = "sk_test_of_the_shop", ["publishableKey"] = "pk_test_of_the_shop" }
        );

        Assert.True(made.Refused(out var fault));
        Assert.Equal(["settings.terminal", "secrets.publishableKey"], fault.Parts.Select(each => each.Path));
    }

    [Theory]
    [InlineData("18.90", "EUR", 1890L)]
    [InlineData("0.01", "EUR", 1L)]
    [InlineData("1890", "JPY", 1890L)]
    [InlineData("500", "CLP", 500L)]
    // Written with two decimals that must be 00.
    [InlineData("5", "ISK", 500L)]
    [InlineData("5", "UGX", 500L)]
    // Of three decimals the last must be 0.
    [InlineData("5.120", "KWD", 5120L)]
    [InlineData("5.124", "KWD", null)]
    [InlineData("18.905", "EUR", null)]
    [InlineData("5.5", "JPY", null)]
    // Stripe knows no part of an ariary.
    [InlineData("5.50", "MGA", null)]
    [InlineData("0", "EUR", null)]
    [InlineData("-1", "EUR", null)]
    public void Amounts_are_whole_numbers_of_what_Stripe_takes_for_the_smallest_unit(string amount, string currency, long? units)
    {
        var (value, of) = (decimal.Parse(amount, CultureInfo.InvariantCulture), Currency.Of(currency));

        Assert.Equal(units, StripeAmount.UnitsOf(value, of));
        if (units is { } known)
        {
            Assert.Equal(value, StripeAmount.Of(known, of));
        }
    }

    private Outcome<ProviderAccount> Account(string environment, string name, string key, string? signing)
    {
        var secrets = new Dictionary<string, string> { ["secretKey"] = key };
        if (signing is not null)
        {
            secrets["webhookSecret"] = signing;
        }

        return _stripe.Account(SellerId.Of("s1"), environment, new Dictionary<string, string> { ["accountId"] = name }, secrets);
    }
}
