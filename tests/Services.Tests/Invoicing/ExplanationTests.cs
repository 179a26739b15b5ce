using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>An explanation is worked out again here, sum by sum, as an accountant with a calculator would.</summary>
public sealed partial class ExplanationTests(Infrastructure infra)
{
    public static TheoryData<string> Names => [.. Example.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sum_of_an_examples_explanation_is_true_in_both_languages(string name)
    {
        var invoice = Example.Of(name).Invoice;
        foreach (var language in new[] { "es", "en" })
        {
            IsTrue(invoice, Explanation.Of(invoice, language));
        }
    }

    [Fact]
    public void Every_sum_is_true_for_whatever_a_till_posts()
    {
        var seller = new RegisteredSeller(
            SellerId.Of(Shop.Seller),
            JsonSerializer.Deserialize<SellerBody>(Shop.Registration().ToJsonString(), Wire.Strict)!
        );
        Baskets()
            .Sample(
                sale =>
                {
                    var issued = Example.Issued(seller, sale);
                    // What the law or the arithmetic refuses has nothing to be explained.
                    if (!issued.Refused(out _))
                    {
                        IsTrue(issued.Value, Explanation.Of(issued.Value, "es"));
                    }
                },
                iter: 2_000
            );
    }

    [Fact]
    public async Task The_explanation_is_given_in_the_language_asked_for_to_the_seller_alone()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var invoice = await shop.IssueAsync(Shop.Sale("A-1", "33.00", "1"));
        var address = $"/v1/invoices/{invoice.InvoiceId}/explanation";

        var spanish = JsonNode.Parse(await shop.Till.GetStringAsync(address))!;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
        var english = JsonNode.Parse(await (await shop.Till.SendAsync(request)).Content.ReadAsStringAsync())!;

        var vat = spanish["amounts"]!.AsArray().Single(each => each!["path"]!.GetValue<string>() == "vatBreakdown[0].vatAmount")!;
        Assert.Equal("5.73", vat["amount"]!.GetValue<string>());
        Assert.Equal("33,00 × 21 ÷ 121 = 5,7272727272… ≈ 5,73", vat["calculation"]![1]!.GetValue<string>());
        Assert.Equal(("es", "en"), (spanish["language"]!.GetValue<string>(), english["language"]!.GetValue<string>()));
        using var other = shop.Host.As("another");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Till.GetAsync("/v1/invoices/none/explanation")).StatusCode);
    }

    private static void IsTrue(InvoiceBody invoice, Explanation explanation)
    {
        var json = JsonSerializer.SerializeToNode(invoice, Wire.Tolerant)!;
        foreach (var each in explanation.Amounts)
        {
            Assert.Equal(At(json, each.Path), each.Amount);
            decimal? last = null;
            foreach (var line in each.Calculation)
            {
                last = Checked(line, explanation.Language);
            }

            Assert.True(
                last is null || last + (each.OddCents ?? 0m) == each.Amount,
                $"{each.Path} is {each.Amount}: {string.Join("; ", each.Calculation)} and {each.OddCents}"
            );
            Assert.False(string.IsNullOrWhiteSpace(each.Text));
        }

        // Nothing that the invoice adds up is left unexplained.
        var paths = explanation.Amounts.Select(each => each.Path).ToHashSet();
        Assert.All(Enumerable.Range(0, invoice.Lines.Count), i => Assert.Contains($"lines[{i}].lineNetAmount", paths));
        Assert.All(Enumerable.Range(0, invoice.Allowances.Count), i => Assert.Contains($"allowances[{i}].amount", paths));
        Assert.All(Enumerable.Range(0, invoice.VatBreakdown.Count), i => Assert.Contains($"vatBreakdown[{i}].vatAmount", paths));
        Assert.Superset(
            new HashSet<string> { "totals.totalWithoutVat", "totals.vatTotal", "totals.totalWithVat", "totals.amountDue" },
            paths
        );
    }

    private static decimal At(JsonNode json, string path)
    {
        var at = json;
        foreach (Match step in Step().Matches(path))
        {
            at = step.Groups[1].Success ? at[int.Parse(step.Groups[1].Value, CultureInfo.InvariantCulture)]! : at[step.Value]!;
        }

        return decimal.Parse(at.GetValue<string>(), CultureInfo.InvariantCulture);
    }

    /// <summary>Works a line of a calculation out, holds it against the result it states, and gives that.</summary>
    private static decimal Checked(string line, string language)
    {
        var plain = (language == "es" ? line.Replace(',', '.') : line).Replace('−', '-');
        var sides = plain.Split(" = ");
        var results = sides[1].Split(" ≈ ");
        var stated = decimal.Parse(results[^1], CultureInfo.InvariantCulture);
        if (sides[0].Any(char.IsLetter))
        {
            return stated;
        }

        var exact = Worked(sides[0]);
        Assert.True(
            results.Length == 1 ? exact == stated : decimal.Round(exact, stated.Scale, MidpointRounding.AwayFromZero) == stated,
            $"{line}: it is {exact}"
        );
        if (results.Length == 2)
        {
            var shown = decimal.Parse(results[0].TrimEnd('…'), CultureInfo.InvariantCulture);
            Assert.True(results[0][^1] == '…' ? decimal.Round(exact, 10, MidpointRounding.ToZero) == shown : exact == shown, line);
        }

        return stated;
    }

    /// <summary>Terms between spaces; a product or quotient binds before a sum.</summary>
    private static decimal Worked(string terms)
    {
        var words = terms.Split(' ');
        decimal Value(int i) => decimal.Parse(words[i].Trim('(', ')'), CultureInfo.InvariantCulture);
        var (sum, product, sign) = (0m, Value(0), 1m);
        for (var i = 1; i < words.Length; i += 2)
        {
            switch (words[i])
            {
                case "×":
                    product *= Value(i + 1);
                    break;
                case "÷":
                    product /= Value(i + 1);
                    break;
                default:
                    (sum, sign) = (sum + sign * product, words[i] == "-" ? -1m : 1m);
                    product = Value(i + 1);
                    break;
            }
        }

        return sum + sign * product;
    }

    private static Gen<SalePosted> Baskets()
    {
        var cents = Gen.Int[0, 500_000].Select(each => each / 100m);
        var price = Gen.OneOf(cents, Gen.Int[0, 9_999_999].Select(each => each / 10_000m));
        var quantity = Gen.OneOf(Gen.Int[1, 12].Select(each => (decimal)each), Gen.Int[1, 20_000].Select(each => each / 1000m));
        var rate = Gen.OneOf(Gen.Const(21m), Gen.Const(10m), Gen.Const(4m));
        var line = Gen.Select(price, quantity, rate, Gen.Int[0, 100])
            .Select(
                (unitPrice, many, percent, off) =>
                {
                    var reduction = off < 30 ? decimal.Round(unitPrice * many * off / 100m, 2, MidpointRounding.AwayFromZero) : 0m;
                    return new SaleLine
                    {
                        Name = "Artículo",
                        Quantity = many,
                        UnitPrice = unitPrice,
                        Vat = new SaleVat { Category = "S", Rate = percent },
                        Allowances = reduction > 0m ? [new SaleAllowance { Amount = reduction }] : [],
                    };
                }
            );
        return Gen.Select(line.List[1, 30], Gen.Bool, Gen.Int[0, 300])
            .Select(
                (lines, includeVat, off) =>
                    new SalePosted
                    {
                        SaleId = SaleId.Of("A-1"),
                        StoreId = StoreId.Of("S01"),
                        OccurredAt = DateTimeOffset.Parse("2026-11-23T10:15:30+01:00", CultureInfo.InvariantCulture),
                        Currency = Currency.Eur,
                        PricesIncludeVat = includeVat,
                        Lines = lines,
                        Allowances = off is > 0 and < 100 ? [new SaleAllowance { Amount = off / 100m }] : [],
                        Buyer = new SaleBuyer
                        {
                            Name = "Ana",
                            TaxId = "00017850W",
                            Address = new Address
                            {
                                Line1 = "Calle Mayor 1",
                                PostalCode = "28013",
                                City = "Madrid",
                                Country = "ES",
                            },
                        },
                    }
            );
    }

    [GeneratedRegex(@"\[(\d+)\]|[a-zA-Z]+")]
    private static partial Regex Step();
}
