using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetailInvoicing.Retail.Running;

/// <summary>The system whose data directory the operator named, as its endpoints.json tells of it.</summary>
public sealed record RunningSystem
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>"ready" once every service is.</summary>
    public string Status { get; init; } = "";

    /// <summary>Who runs it: local or aspire.</summary>
    public string Host { get; init; } = "";

    /// <summary>The process id of AppHost.</summary>
    public int Pid { get; init; }

    /// <summary>Where each service listens.</summary>
    public IReadOnlyDictionary<string, ServiceAddresses> Services { get; init; } = new Dictionary<string, ServiceAddresses>();

    /// <summary>The broker.</summary>
    public BrokerAddresses? Messaging { get; init; }

    /// <summary>The mail inbox.</summary>
    public MailAddresses? Mail { get; init; }

    /// <summary>Process ids by resource.</summary>
    public IReadOnlyDictionary<string, int> Processes { get; init; } = new Dictionary<string, int>();

    /// <summary>The database server.</summary>
    public DatabaseAddress? Postgres { get; init; }

    /// <summary>The admin key.</summary>
    public AdminKey? Admin { get; init; }

    /// <summary>The demo seller; absent where the system was started empty.</summary>
    public DemoSeller? Demo { get; init; }

    /// <summary>Reads DIR/endpoints.json; tells in a sentence where there is none.</summary>
    public static RunningSystem Of(DirectoryInfo data)
    {
        var file = Path.Combine(data.FullName, "endpoints.json");
        try
        {
            return JsonSerializer.Deserialize<RunningSystem>(File.ReadAllBytes(file), JsonSerializerOptions.Web)
                ?? throw new CommandFailed($"{file} is empty");
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailed(
                $"No system runs on {data.FullName}: there is no endpoints.json. Start one with ./run, or name another with --data."
            );
        }
    }

    /// <summary>As it stands in the file; what is not there is left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Written);

    /// <summary>The http address of a service.</summary>
    public Uri Http(string service) => new(AddressesOf(service).Http);

    /// <summary>The gRPC address of a service.</summary>
    public Uri Grpc(string service) => new(AddressesOf(service).Grpc ?? throw new CommandFailed($"{service} has no gRPC address"));

    private ServiceAddresses AddressesOf(string service) =>
        Services.TryGetValue(service, out var addresses)
            ? addresses
            : throw new CommandFailed($"endpoints.json knows no service {service}");
}

/// <summary>Where a service listens.</summary>
public sealed record ServiceAddresses(string Http, string? Grpc);

/// <summary>The broker: messages and management.</summary>
public sealed record BrokerAddresses(string Amqp, string Management);

/// <summary>The mail inbox: SMTP and its web page, where it has one.</summary>
public sealed record MailAddresses(string? Smtp, string? Http);

/// <summary>The database server and a login that may see everything.</summary>
public sealed record DatabaseAddress(string Host, int Port, string Username, string Password);

/// <summary>The key that registers sellers.</summary>
public sealed record AdminKey(string ApiKey);

/// <summary>The demo seller and the people to sign in as.</summary>
public sealed record DemoSeller(string SellerId, string ApiKey, string? StaffEmail, string? CustomerEmail);

/// <summary>A command cannot do what was asked; its sentence is all the operator needs.</summary>
public sealed class CommandFailed(string sentence) : Exception(sentence);
