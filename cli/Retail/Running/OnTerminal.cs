using Spectre.Console;

namespace RetailInvoicing.Retail.Running;

/// <summary>Standard error, for progress and sentences: standard output holds results only.</summary>
public static class OnTerminal
{
    /// <summary>Wide enough that a log is not wrapped where nobody looks at a screen.</summary>
    private const int WidthOfAFile = 200;

    private static readonly IAnsiConsole Error = Stream(Console.Error, Console.IsErrorRedirected);

    /// <summary>Standard output, for tables.</summary>
    public static readonly IAnsiConsole Result = Stream(Console.Out, Console.IsOutputRedirected);

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

    private static IAnsiConsole Stream(TextWriter stream, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(stream) });
        console.Profile.Width = redirected ? WidthOfAFile : console.Profile.Width;
        return console;
    }
}
