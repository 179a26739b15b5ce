using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>
/// All that a service logs, at every level, with its values, scopes and exceptions: whatever reader of logs would find it in.
/// </summary>
public sealed class EveryLine : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _all = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    /// <summary>Configuration that asks for every level.</summary>
    public static (string Name, string Value) Trace => ("Logging:LogLevel:Default", "Trace");

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> All => [.. _all];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Logger(string category, EveryLine lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            List<string> said = [$"{logLevel} {category} {formatter(state, exception)} {exception}"];
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                said.AddRange(values.Select(each => $"{each.Key}={each.Value}"));
            }

            lines._scopes.ForEachScope(
                static (scope, into) =>
                    into.Add(
                        scope is IEnumerable<KeyValuePair<string, object?>> pairs
                            ? string.Join(' ', pairs.Select(each => $"{each.Key}={each.Value}"))
                            : scope?.ToString() ?? ""
                    ),
                said
            );
            lines._all.Enqueue(string.Join(" | ", said));
        }
    }
}
