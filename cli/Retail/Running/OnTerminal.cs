using Spectre.Console;

namespace RetailInvoicing.Retail.Running;

/// <summary>Standard error, for progress and sentences: standard output holds results only.</summary>
public static class OnTerminal
{
    private static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>A sentence to the operator.</summary>
    public static void Say(string sentence) => Error.WriteLine(sentence);

    /// <summary>A bar for long work.</summary>
    public static Progress Progress() =>
        Error
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new SpinnerColumn()
            );
}
