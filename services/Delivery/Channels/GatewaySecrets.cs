using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>What a seller's gateway knows us by: kept sealed, for that seller's channel alone, and shown to nobody.</summary>
public sealed record GatewaySecrets
{
    /// <summary>What stands for a value that is kept and not shown.</summary>
    public const string Hidden = "…";

    /// <summary>Headers by name.</summary>
    public Dictionary<string, string> Headers { get; init; } = new();

    /// <summary>whsec_ and a key: signs what goes to the seller's own server.</summary>
    public string? Signing { get; init; }

    internal bool IsEmpty => Headers.Count == 0 && Signing is null;

    internal static Seal? SealOf(IConfiguration configuration) => Seal.Of(configuration["Keys:DkimKey"], "channel-headers");

    internal byte[] Close(Seal seal, SellerId seller, string channel) =>
        seal.Close(Bound(seller, channel), JsonSerializer.SerializeToUtf8Bytes(this, Wire.Tolerant));

    /// <summary>The secrets again; none where there were none, nothing where they do not open.</summary>
    internal static GatewaySecrets? Open(Seal? seal, SellerId seller, string channel, byte[]? closed)
    {
        if (closed is null)
        {
            return new GatewaySecrets();
        }

        return seal?.Open(Bound(seller, channel), closed) is { } opened
            ? JsonSerializer.Deserialize<GatewaySecrets>(opened, Wire.Tolerant)
            : null;
    }

    private static byte[] Bound(SellerId seller, string channel) => Encoding.UTF8.GetBytes($"{seller.Value}\n{channel}");
}
