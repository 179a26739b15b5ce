using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The parts of an address.</summary>
public enum EndpointProperty
{
    /// <summary>The whole address.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The port.</summary>
    Port,
}

/// <summary>The address at which a resource listens, known once ports are given out.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    /// <summary>One part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var endpoint = ((Resource)Resource).Endpoint(EndpointName);
        return new(endpoint.Address ?? string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://127.0.0.1:{endpoint.Port}"));
    }
}

/// <summary>One part of an address.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpoint, EndpointProperty property)
    : IValueProvider,
        IManifestExpressionProvider
{
    /// <inheritdoc />
    public string ValueExpression =>
        $"{{{endpoint.Resource.Name}.bindings.{endpoint.EndpointName}.{property.ToString().ToLowerInvariant()}}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        property switch
        {
            EndpointProperty.Host => new("127.0.0.1"),
            EndpointProperty.Port => new(
                ((Resource)endpoint.Resource).Endpoint(endpoint.EndpointName).Port?.ToString(CultureInfo.InvariantCulture)
            ),
            _ => endpoint.GetValueAsync(cancellationToken),
        };
}

/// <summary>A text with values in it that are known later.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IReadOnlyList<object> parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => this.parts = parts;

    /// <inheritdoc />
    public string ValueExpression => string.Concat(parts.Select(p => p is IManifestExpressionProvider e ? e.ValueExpression : (string)p));

    /// <summary>Puts a text together.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part is IValueProvider value ? await value.GetValueAsync(cancellationToken) : (string)part);
        return text.ToString();
    }

    /// <summary>Collects the parts of an interpolated text.</summary>
    [InterpolatedStringHandler]
    public readonly struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<object> Parts { get; } = new(formattedCount * 2 + (literalLength > 0 ? 1 : 0));

        /// <summary>Adds fixed text.</summary>
        public void AppendLiteral(string value) => Parts.Add(value);

        /// <summary>Adds fixed text.</summary>
        public void AppendFormatted(string? value) => Parts.Add(value ?? "");

        /// <summary>Adds a value that is known later.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add(valueProvider);

        /// <summary>Adds a value that is known later.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => Parts.Add(valueProvider.Resource);

        /// <summary>Adds a resource's connection string.</summary>
        internal void AppendFormatted(PostgresServerResource server) => Parts.Add(new ConnectionStringReference(server));
    }
}

/// <summary>A resource's connection string, named in a manifest by the resource.</summary>
internal sealed class ConnectionStringReference(IResourceWithConnectionString source) : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => $"{{{source.Name}.connectionString}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        source.ConnectionStringExpression.GetValueAsync(cancellationToken);
}

/// <summary>A parameter whose value is made up at random.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>How long it is.</summary>
    public int MinLength { get; init; }

    /// <summary>Whether it may hold punctuation; the local engine never uses any.</summary>
    public bool Special { get; init; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue() => RandomNumberGenerator.GetString(Letters, Math.Max(MinLength, 22));
}
