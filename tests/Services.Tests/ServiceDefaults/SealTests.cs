using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What is sealed opens for what it was bound to, with the secret it was sealed with, and otherwise not.</summary>
public sealed class SealTests
{
    private const string Secret = "a-secret-of-the-tests-0123456789-0123456789";
    private static readonly byte[] Bound = Encoding.UTF8.GetBytes("nandu\nexample.com");
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(1_200);

    [Fact]
    public void What_is_sealed_opens_again_and_looks_different_each_time()
    {
        var seal = Seal.Of(Secret, "tests")!;
        var closed = seal.Close(Bound, Content);
        Assert.Equal(Content, seal.Open(Bound, closed));
        Assert.Equal(Content, Seal.Of(Secret, "tests")!.Open(Bound, closed));
        Assert.NotEqual(closed, seal.Close(Bound, Content));
        Assert.True(closed.AsSpan().IndexOf(Content.AsSpan(0, 16)) < 0, "the content stands open in what is sealed");
    }

    [Fact]
    public void It_opens_for_nothing_else_by_no_other_secret_for_no_other_use_and_not_where_it_was_altered()
    {
        var seal = Seal.Of(Secret, "tests")!;
        var closed = seal.Close(Bound, Content);
        Assert.Null(seal.Open(Encoding.UTF8.GetBytes("otro\nexample.com"), closed));
        Assert.Null(Seal.Of(Secret + "x", "tests")!.Open(Bound, closed));
        Assert.Null(Seal.Of(Secret, "other")!.Open(Bound, closed));
        for (var at = 0; at < closed.Length; at += 37)
        {
            var altered = closed.ToArray();
            altered[at] ^= 1;
            Assert.Null(seal.Open(Bound, altered));
        }

        Assert.Null(seal.Open(Bound, []));
        Assert.Null(seal.Open(Bound, closed[..20]));
    }

    [Fact]
    public void A_secret_that_is_none_seals_nothing_and_each_secret_and_use_has_a_name_of_its_own()
    {
        Assert.Null(Seal.Of(null, "tests"));
        Assert.Null(Seal.Of("short", "tests"));
        Assert.Equal(Seal.Of(Secret, "tests")!.Name, Seal.Of(Secret, "tests")!.Name);
        Assert.NotEqual(Seal.Of(Secret, "tests")!.Name, Seal.Of(Secret, "other")!.Name);
        Assert.NotEqual(Seal.Of(Secret, "tests")!.Name, Seal.Of(Secret + "x", "tests")!.Name);
    }
}
