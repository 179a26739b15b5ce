using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Payments.Providers.Redsys;
using RetailInvoicing.Simulators.Redsys;

namespace RetailInvoicing.Services.Tests.Payments;

#pragma warning disable CA5350, CA5351 // What Redsys asks for is done here by hand, block by block.

/// <summary>Signatures against what Redsys and its users have published, and against two implementations that share no code.</summary>
public sealed class RedsysSignatureTests
{
    /// <summary>The key that Redsys publishes for its test environment.</summary>
    internal const string Key = "sq7HjrUOBfKmC576ILgskD5srU870gJ7";
    private const string OtherKey = "Mk9m98IfEblmPfrpsawt7BmxObt98Jev";

    /// <summary>The example of "Firmar una operación".</summary>
    private const string Example =
        "eyJEU19NRVJDSEFOVF9BTU9VTlQiOiI5OTkiLCJEU19NRVJDSEFOVF9PUkRFUiI6IjEyMzQ1Njc4OTAiLCJEU19NRVJDSEFOVF9NRVJDSEFOVENPREUiOiI5OTkw"
        + "MDg4ODEiLCJEU19NRVJDSEFOVF9DVVJSRU5DWSI6Ijk3OCIsIkRTX01FUkNIQU5UX1RSQU5TQUNUSU9OVFlQRSI6IjAiLCJEU19NRVJDSEFOVF9URVJNSU5BTCI6"
        + "IjEiLCJEU19NRVJDSEFOVF9NRVJDSEFOVFVSTCI6Imh0dHA6XC9cL3d3dy5wcnVlYmEuY29tXC91cmxOb3RpZmljYWNpb24ucGhwIiwiRFNfTUVSQ0hBTlRfVVJM"
        + "T0siOiJodHRwOlwvXC93d3cucHJ1ZWJhLmNvbVwvdXJsT0sucGhwIiwiRFNfTUVSQ0hBTlRfVVJMS08iOiJodHRwOlwvXC93d3cucHJ1ZWJhLmNvbVwvdXJsS08u"
        + "cGhwIn0";

    private const string SignatureOfExample = "Vjo02eSWq249IeZZp3R-ArFnGLhKY0OuzDDlx1BuVtZDC2yhczA7_11uZhsYzLZBCMFAz8u8uzGDX3AErHKmmw";

    /// <summary>A form that the test environment took.</summary>
    private const string SentForm =
        "eyJEU19NRVJDSEFOVF9UUkFOU0FDVElPTlRZUEUiOiIwIiwiRFNfTUVSQ0hBTlRfT1JERVIiOiIwNzI2cUkzSDdzWngiLCJEU19NRVJDSEFOVF9NRVJDSEFOVENP"
        + "REUiOiI5OTkwMDg4ODEiLCJEU19NRVJDSEFOVF9URVJNSU5BTCI6IjEiLCJEU19NRVJDSEFOVF9BTU9VTlQiOiI0OTk5IiwiRFNfTUVSQ0hBTlRfQ1VSUkVOQ1ki"
        + "OiI5NzgiLCJEU19NRVJDSEFOVF9NRVJDSEFOVFVSTCI6Imh0dHA6Ly93d3cucHJ1ZWJhLmNvbS91cmxOb3RpZmljYWNpb24ucGhwIiwiRFNfTUVSQ0hBTlRfVVJM"
        + "T0siOiJodHRwOi8vd3d3LnBydWViYS5jb20vdXJsT0sucGhwIiwiRFNfTUVSQ0hBTlRfVVJMS08iOiJodHRwOi8vd3d3LnBydWViYS5jb20vdXJsS08ucGhwIn0=";

    /// <summary>The notice that came of it.</summary>
    internal const string CameNotice =
        "eyJEc19EYXRlIjoiMjIlMkYxMCUyRjIwMjEiLCJEc19Ib3VyIjoiMjIlM0E1MSIsIkRzX1NlY3VyZVBheW1lbnQiOiIxIiwiRHNfQ2FyZF9OdW1iZXIiOiI0NTQ4"
        + "ODEqKioqKiowMDA0IiwiRHNfQ2FyZF9Db3VudHJ5IjoiNzI0IiwiRHNfQW1vdW50IjoiNDk5OSIsIkRzX0N1cnJlbmN5IjoiOTc4IiwiRHNfT3JkZXIiOiIwNzI2"
        + "cUkzSDdzWngiLCJEc19NZXJjaGFudENvZGUiOiI5OTkwMDg4ODEiLCJEc19UZXJtaW5hbCI6IjAwMSIsIkRzX1Jlc3BvbnNlIjoiMDAwMCIsIkRzX01lcmNoYW50"
        + "RGF0YSI6IiIsIkRzX1RyYW5zYWN0aW9uVHlwZSI6IjAiLCJEc19Db25zdW1lckxhbmd1YWdlIjoiMSIsIkRzX0F1dGhvcmlzYXRpb25Db2RlIjoiMDUyMDI5Iiwi"
        + "RHNfQ2FyZF9CcmFuZCI6IjEiLCJEc19Qcm9jZXNzZWRQYXlNZXRob2QiOiIxIn0=";

    internal const string SignatureOfNotice = "52nPyUkyDws__OfMqDka_yN-arxzulELZC1TYTvvR0s=";

    /// <summary>An answer by REST, under another key.</summary>
    private const string CameAnswer =
        "eyJEc19BbW91bnQiOiIxNDUiLCJEc19DdXJyZW5jeSI6Ijk3OCIsIkRzX09yZGVyIjoiMTQ0NjA2ODU4MSIsIkRzX01lcmNoYW50Q29kZSI6Ijk5OTAwODg4MSIs"
        + "IkRzX1Rlcm1pbmFsIjoiMSIsIkRzX1Jlc3BvbnNlIjoiMDAwMCIsIkRzX0F1dGhvcmlzYXRpb25Db2RlIjoiNTAxNjAyIiwiRHNfVHJhbnNhY3Rpb25UeXBlIjoi"
        + "MCIsIkRzX1NlY3VyZVBheW1lbnQiOiIwIiwiRHNfTGFuZ3VhZ2UiOiIxIiwiRHNfQ2FyZE51bWJlciI6IjQ1NDg4MSoqKioqKioqMDQiLCJEc19NZXJjaGFudERh"
        + "dGEiOiIiLCJEc19DYXJkX0NvdW50cnkiOiI3MjQiLCJEc19DYXJkX0JyYW5kIjoiMSJ9";

    [Fact]
    public void The_newer_version_signs_as_Redsys_own_example() =>
        Assert.Equal(SignatureOfExample, RedsysSignature.Sign(RedsysSignature.Sha512, Key, "1234567890", Example));

    [Fact]
    public void The_older_version_signs_as_the_test_environment_was_seen_to_take_and_to_give()
    {
        Assert.Equal(
            "TyW+LIa2GZnhCPLM7JSPwbQn4ZjOvMO/KiIf4yJgwo8=",
            RedsysSignature.Sign(RedsysSignature.Sha256, Key, "0726qI3H7sZx", SentForm)
        );
        Assert.True(RedsysSignature.IsRight(RedsysSignature.Sha256, Key, "0726qI3H7sZx", CameNotice, SignatureOfNotice));
        Assert.True(
            RedsysSignature.IsRight(
                RedsysSignature.Sha256,
                OtherKey,
                "1446068581",
                CameAnswer,
                "IoGNijSDZGbk+qChH2iqRCg6jZVl3Ee6Ha/WBM4wgto="
            )
        );
    }

    [Fact]
    public void A_query_is_signed_as_the_test_environment_was_seen_to_take()
    {
        const string Asked =
            "<Version Ds_Version=\"0.0\"><Message><Transaction><Ds_MerchantCode>999008881</Ds_MerchantCode><Ds_Terminal>001</Ds_Terminal>"
            + "<Ds_Order>260723890989</Ds_Order><Ds_TransactionType>0</Ds_TransactionType></Transaction></Message></Version>";
        Assert.Equal(
            "q7LbX1P32WQSisGT+A8ZV+fMeVJo6kR0OjYUBCxPkUI=",
            RedsysSignature.Sign(RedsysSignature.Sha256, Key, "260723890989", Asked)
        );
    }

    [Theory]
    [InlineData(RedsysSignature.Sha256)]
    [InlineData(RedsysSignature.Sha512)]
    public void Three_implementations_agree_on_every_length_of_order_and_text(string version)
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var order = $"{random.Next(10_000):0000}{Letters(random, round % 9)}";
            var text = Letters(random, random.Next(300));
            var key = round % 2 == 0 ? Key : OtherKey;
            var expected = Convert.ToBase64String(
                version == RedsysSignature.Sha256 ? Sha256ByHand(key, order, text) : Sha512ByHand(key, order, text)
            );

            var signed = RedsysSignature.Sign(version, key, order, text);
            Assert.Equal(expected.TrimEnd('='), signed.Replace('-', '+').Replace('_', '/').TrimEnd('='));
            Assert.Equal(expected, Convert.ToBase64String(Signing.Compute(version, key, order, text)));
            Assert.True(Signing.IsRight(version, key, order, text, signed));
            Assert.True(RedsysSignature.IsRight(version, key, order, text, Signing.ForNotice(version, key, order, text)));
            Assert.True(RedsysSignature.IsRight(version, key, order, text, expected));
        }
    }

    [Theory]
    [InlineData(RedsysSignature.Sha256)]
    [InlineData(RedsysSignature.Sha512)]
    public void A_signature_holds_for_its_own_text_order_and_key_alone(string version)
    {
        var signed = RedsysSignature.Sign(version, Key, "1234ABCD", "text");

        Assert.True(RedsysSignature.IsRight(version, Key, "1234ABCD", "text", signed));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCD", "texT", signed));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCE", "text", signed));
        Assert.False(RedsysSignature.IsRight(version, OtherKey, "1234ABCD", "text", signed));
        Assert.False(RedsysSignature.IsRight("HMAC_SHA1_V1", Key, "1234ABCD", "text", signed));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCD", "text", signed[..^4]));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCD", "text", "no base64!"));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCD", "text", ""));
        Assert.False(RedsysSignature.IsRight(version, Key, "1234ABCD", "text", null));
    }

    [Fact]
    public void Without_an_order_the_key_would_be_anybody_s_and_nothing_is_right() =>
        Assert.False(
            RedsysSignature.IsRight(RedsysSignature.Sha256, Key, "", "text", Convert.ToBase64String(HMACSHA256.HashData([], "text"u8)))
        );

    [Theory]
    [InlineData(Key, true)]
    [InlineData(OtherKey, true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("sq7HjrUOBfKmC576ILgskD5srU870gJ", false)]
    [InlineData("sq7HjrUOBfKmC576ILgskD5srU870g==", false)]
    [InlineData("sq7HjrUOBfKmC576ILgskD5srU870g ñ", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false)]
    public void A_key_is_24_bytes_of_base64_that_3DES_takes(string? key, bool isKey) => Assert.Equal(isKey, RedsysSignature.IsKey(key));

    private static string Letters(Random random, int count)
    {
        const string All = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return string.Concat(Enumerable.Range(0, count).Select(_ => All[random.Next(All.Length)]));
    }

    /// <summary>3DES is DES three times, CBC the exclusive or with the block before, HMAC two hashes.</summary>
    private static byte[] Sha256ByHand(string key, string order, string text)
    {
        var bytes = Convert.FromBase64String(key);
        var padded = new byte[(order.Length + 7) / 8 * 8];
        Encoding.ASCII.GetBytes(order, padded);
        var derived = new List<byte>();
        var before = new byte[8];
        foreach (var block in padded.Chunk(8))
        {
            var mixed = block.Zip(before, (left, right) => (byte)(left ^ right)).ToArray();
            before = Des(bytes[16..], Des(bytes[8..16], Des(bytes[..8], mixed, decrypts: false), decrypts: true), decrypts: false);
            derived.AddRange(before);
        }

        return MacByHand(SHA256.HashData, 64, [.. derived], text);
    }

    /// <summary>An order is shorter than a block of AES, so that CBC with an empty vector is the block alone, filled up.</summary>
    private static byte[] Sha512ByHand(string key, string order, string text)
    {
        var block = new byte[16];
        Array.Fill(block, (byte)(16 - order.Length));
        Encoding.ASCII.GetBytes(order, block);
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(key[..16]);
        var derived = Convert.ToBase64String(aes.EncryptEcb(block, PaddingMode.None));
        return MacByHand(SHA512.HashData, 128, Encoding.ASCII.GetBytes(derived), text);
    }

    private static byte[] Des(byte[] key, byte[] block, bool decrypts)
    {
        using var des = DES.Create();
        des.Key = key;
        return decrypts ? des.DecryptEcb(block, PaddingMode.None) : des.EncryptEcb(block, PaddingMode.None);
    }

    private static byte[] MacByHand(Func<byte[], byte[]> hash, int block, byte[] key, string text)
    {
        var padded = new byte[block];
        key.CopyTo(padded, 0);
        byte[] inner = [.. padded.Select(each => (byte)(each ^ 0x36)), .. Encoding.UTF8.GetBytes(text)];
        byte[] outer = [.. padded.Select(each => (byte)(each ^ 0x5c)), .. hash(inner)];
        return hash(outer);
    }
}
