using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>What a service logs as a warning or worse: <c>services.AddSingleton&lt;ILoggerProvider&gt;(complaints)</c>.</summary>
public sealed class Complaints : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Message)> _all = new();

    /// <summary>Those of a class, by its name.</summary>
    public IReadOnlyList<string> Of(string name) =>
        [.. _all.Where(each => each.Category.EndsWith($".{name}", StringComparison.Ordinal)).Select(each => each.Message)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _all);

    public void Dispose() { }

    private sealed class Logger(string category, ConcurrentQueue<(string, string)> all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                all.Enqueue((category, formatter(state, exception)));
            }
        }
    }
}
