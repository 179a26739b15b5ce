using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class ConsentHistoryTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CustomerId Ana = CustomerId.Of("17850");

    [Fact]
    public void Nobody_who_said_nothing_may_be_sent_offers() =>
        Assert.False(ConsentHistory.Allows([], ConsentPurpose.Offers, Ana, "ana@example.com"));

    [Fact]
    public void A_no_wins_over_every_yes_that_is_not_later()
    {
        Assert.True(Allows(Word(true, 1, "17850", null)));
        Assert.False(Allows(Word(true, 1, "17850", null), Word(false, 1, null, "ana@example.com")));
        Assert.False(Allows(Word(true, 1, "17850", null), Word(false, 2, "17850", "other@example.com")));
        Assert.True(Allows(Word(false, 2, "17850", null), Word(true, 3, "17850", "ana@example.com")));
    }

    [Fact]
    public void A_yes_told_late_is_as_old_as_when_it_was_said() =>
        Assert.False(Allows(Word(false, 5, null, "ana@example.com"), Word(true, 4, "17850", null)));

    [Fact]
    public void A_yes_for_one_address_is_none_for_another()
    {
        Assert.False(Allows(Word(true, 1, "17850", "old@example.com")));
        Assert.True(Allows(Word(true, 1, "other", "ana@example.com")));
    }

    [Fact]
    public void A_no_of_whoever_gave_the_address_holds_where_the_invoice_names_nobody()
    {
        ConsentWord[] said = [Word(true, 1, "17850", "ana@example.com"), Word(false, 2, "17850", null)];
        Assert.False(ConsentHistory.Allows(said, ConsentPurpose.Offers, null, "ana@example.com"));
        // Who shares the address and said yes is sent offers all the same.
        var shared = Word(true, 1, "12346", "ana@example.com");
        Assert.True(ConsentHistory.Allows([.. said, shared], ConsentPurpose.Offers, CustomerId.Of("12346"), "ana@example.com"));
    }

    [Fact]
    public void Consent_for_one_purpose_is_none_for_another() =>
        Assert.False(ConsentHistory.Allows([Word(true, 1, "17850", null)], "surveys", Ana, "ana@example.com"));

    [Fact]
    public void Twenty_thousand_random_histories_allow_what_reading_them_in_order_allows()
    {
        var allowed = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var words = Enumerable.Range(0, random.Next(0, 8)).Select(_ => Any(random)).ToArray();
            CustomerId? customer = random.Next(4) == 0 ? null : Ana;
            var expected = Model(words, customer?.Value, "ana@example.com");
            Assert.True(
                expected == ConsentHistory.Allows(words, ConsentPurpose.Offers, customer, "ana@example.com"),
                $"seed {seed}: {string.Join(", ", words.Select(word => $"{word.At:mm} {word.Granted} {word.CustomerId} {word.Email}"))}"
            );
            allowed += expected ? 1 : 0;
        }

        Assert.InRange(allowed, 2_000, 18_000);
    }

    [Fact]
    public void A_link_says_what_was_sealed_in_it_and_nothing_that_was_altered()
    {
        var key = new byte[32];
        var said = new WithdrawalToken(SellerId.Of("nandu"), "ana@example.com", ConsentPurpose.Offers, Ana, "gl");
        var token = said.Seal(key);

        Assert.Equal(said, WithdrawalToken.Open(token, key));
        Assert.Equal(token, said.Seal(key));
        var nobody = said with { CustomerId = null };
        Assert.Equal(nobody, WithdrawalToken.Open(nobody.Seal(key), key));
        Assert.DoesNotContain("ana", token, StringComparison.OrdinalIgnoreCase);
        var other = new byte[32];
        other[0] = 1;
        Assert.Null(WithdrawalToken.Open(token, other));
        for (var at = 0; at < token.Length; at++)
        {
            var altered = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            var opened = WithdrawalToken.Open(altered, key);
            // The last letter holds bits that no byte has: changed alone, it may say the same.
            Assert.True(opened is null || (at == token.Length - 1 && opened == said), $"altered at {at}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AQ")]
    [InlineData("not a token!")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_link_of_ours_opens_nothing(string token) => Assert.Null(WithdrawalToken.Open(token, new byte[32]));

    [Theory]
    [InlineData(" Ana@Example.COM ", "ana@example.com")]
    [InlineData("ana@example.com\0", null)]
    [InlineData("ana@", null)]
    [InlineData("a@b@c", null)]
    [InlineData("Ana <ana@example.com>", null)]
    [InlineData("+34600000000", null)]
    [InlineData(null, null)]
    public void An_address_is_looked_up_by_its_small_letters(string? typed, string? key) => Assert.Equal(key, EmailKey.Of(typed));

    [Fact]
    public void Every_language_says_everything_and_labels_it()
    {
        Assert.Equal(["ca", "en", "es", "eu", "gl"], OfferWords.All.Select(words => words.Language).Order(StringComparer.Ordinal));
        foreach (var words in OfferWords.All)
        {
            foreach (var text in typeof(OfferWords).GetProperties().Where(each => each.PropertyType == typeof(string)))
            {
                Assert.False(string.IsNullOrWhiteSpace((string?)text.GetValue(words)), $"{words.Language} lacks {text.Name}");
            }

            Assert.Contains("Ñandú", OfferWords.Said(words.Stopped, "Ñandú", "ana@example.com"), StringComparison.Ordinal);
            Assert.Contains("ana@example.com", OfferWords.Said(words.StopQuestion, "Ñandú", "ana@example.com"), StringComparison.Ordinal);
        }

        Assert.Equal("Publicidad", OfferWords.For("es-ES").Label);
        Assert.Equal("Publicidad", OfferWords.For(null).Label);
        Assert.Equal("Advertisement", OfferWords.For("de").Label);
    }

    [Fact]
    public void The_page_that_asks_runs_nothing_of_a_sellers_name()
    {
        var page = WithdrawalPage.Ask(OfferWords.For("es"), "<script>alert(1)</script>", "a\"b@example.com");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("method=\"post\"", page, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe", page, StringComparison.Ordinal);
    }

    internal static bool Model(IEnumerable<ConsentWord> words, string? customer, string email)
    {
        // Whose yes stands: each customer's, and that of those who named none.
        var standing = new HashSet<string>(StringComparer.Ordinal);
        // Of what was said at the same moment the no is heard last.
        foreach (var word in words.OrderBy(each => each.At).ThenByDescending(each => each.Granted))
        {
            var isCustomers = customer is not null && word.CustomerId?.Value == customer;
            var isAddress = word.Email == email;
            var whose = word.CustomerId?.Value ?? "";
            if (word.Granted && (isAddress || (word.Email is null && isCustomers)))
            {
                standing.Add(whose);
            }
            else if (!word.Granted && (isAddress || isCustomers))
            {
                standing.Clear();
            }
            else if (!word.Granted && whose.Length > 0)
            {
                standing.Remove(whose);
            }
        }

        return standing.Count > 0;
    }

    private static ConsentWord Any(Random random)
    {
        string?[] customers = ["17850", "17850", "12346", null];
        string?[] emails = ["ana@example.com", "ana@example.com", "other@example.com", null];
        var customer = customers[random.Next(4)];
        var email = emails[random.Next(4)];
        return Word(random.Next(2) == 0, random.Next(6), customer is null && email is null ? "17850" : customer, email);
    }

    private static bool Allows(params ConsentWord[] words) => ConsentHistory.Allows(words, ConsentPurpose.Offers, Ana, "ana@example.com");

    private static ConsentWord Word(bool granted, int minute, string? customer, string? email) =>
        new()
        {
            CustomerId = customer is null ? null : CustomerId.Of(customer),
            Email = email,
            Purpose = ConsentPurpose.Offers,
            Granted = granted,
            Source = "test",
            At = Start.AddMinutes(minute),
            RecordedAt = Start,
        };
}
