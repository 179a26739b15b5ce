using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What is wrong with a body is said in words of JSON, at its place.</summary>
public sealed class BodyTests
{
    [Theory]
    [InlineData("""{"name":"a","paid":true,"kind":"cash","date":"2026-11-23"}""", null, null)]
    [InlineData("""{"name":"a","paid":true,"kind":"cash","colour":"red"}""", "colour", "'colour' is no field of it.")]
    [InlineData("""{"name":"a","kind":"cash"}""", "", "'paid' missing.")]
    [InlineData("""{}""", "", "'name', 'paid', 'kind' missing.")]
    [InlineData("""{"name":null,"paid":true,"kind":"cash"}""", "name", "'name' must not be null.")]
    [InlineData("""{"name":7,"paid":true,"kind":"cash"}""", "name", "a text is wanted.")]
    [InlineData("""{"name":"a","paid":"yes","kind":"cash"}""", "paid", "true or false is wanted.")]
    [InlineData("""{"name":"a","paid":true,"kind":"gold"}""", "kind", "the value is not of the kind that is wanted here.")]
    [InlineData("""{"name":"a","paid":true,"kind":"cash","date":"23/11"}""", "date", "a date is wanted, such as 2026-11-23.")]
    [InlineData("""{"name":"a","paid":true,"kind":"cash","count":1.5}""", "count", "a whole number is wanted.")]
    [InlineData("""[]""", "", "the value is not of the kind that is wanted here.")]
    [InlineData("\"x\"", "", "the value is not of the kind that is wanted here.")]
    public void A_body_of_the_wrong_shape_is_told_without_the_names_of_our_types(string json, string? path, string? told)
    {
        var read = Body<Sample>.Read(Encoding.UTF8.GetBytes(json));

        Assert.Equal(told is not null, read.Refused(out var fault));
        if (told is not null)
        {
            Assert.Equal("BODY-02", fault!.Code.Code);
            Assert.Equal(path, fault.Path);
            Assert.EndsWith(told, fault.In(null), StringComparison.Ordinal);
        }
    }

    private sealed record Sample
    {
        public required string Name { get; init; }

        public required bool Paid { get; init; }

        public required PaymentMeans Kind { get; init; }

        public DateOnly? Date { get; init; }

        public int? Count { get; init; }
    }
}
