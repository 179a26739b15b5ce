using System.CommandLine;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;
using Spectre.Console;

namespace RetailInvoicing.Retail.Verify;

/// <summary>./retail verify: whether fiscal records on this machine are as they were made, and their chain whole; it asks nobody.</summary>
public static class VerifyCommand
{
    /// <summary>The command; its exit code is 0 only where everything is sound.</summary>
    public static Command Of(GlobalOptions global)
    {
        var files = new Argument<FileInfo[]>("FILE")
        {
            Description =
                "Exports (.zip), records of any system (.xml) and submissions of records; records that cite each other are a chain",
            Arity = ArgumentArity.OneOrMore,
        };
        var language = new Option<string>("--language")
        {
            Description = "Language of the findings",
            HelpName = "es|en",
            DefaultValueFactory = _ => "en",
        };
        language.AcceptOnlyFromAmong("es", "en");
        var command = new Command("verify", "Check fiscal records: fingerprints, chain, signatures, and every byte of an export")
        {
            files,
            language,
        };
        command.SetAction(parsed =>
            global.RunAsync(
                parsed,
                (_, json) => Task.FromResult(Verify(parsed.GetRequiredValue(files), parsed.GetRequiredValue(language), json))
            )
        );
        return command;
    }

    private static int Verify(IReadOnlyList<FileInfo> files, string language, bool json)
    {
        if (files.FirstOrDefault(file => !file.Exists) is { } absent)
        {
            throw new CommandFailed($"{absent.FullName} does not exist.");
        }

        var report = VerifyReport.Of(files);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, Wire.Tolerant));
        }
        else
        {
            Show(report, language);
        }

        return report.IsSound ? 0 : 1;
    }

    private static void Show(VerifyReport report, string language)
    {
        foreach (var export in report.Exports)
        {
            OnTerminal.Result.MarkupLineInterpolated(
                $"[{(export.IsSound ? "green" : "red")}]{(export.IsSound ? "sound" : "not sound")}[/] {export.File}: export of {export.Records} records"
            );
            foreach (var line in export.Head.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                OnTerminal.Result.MarkupLineInterpolated($"  [grey]{line}[/]");
            }
        }

        foreach (var record in report.Records)
        {
            var signature = record.Signature == "none" ? "" : $"; signature: {record.Signature}";
            OnTerminal.Result.MarkupLineInterpolated(
                $"[{(record.Fits ? "green" : "red")}]{(record.Fits ? "fingerprint fits" : "fingerprint does not fit")}[/] {record.File}: {record.Kind} {record.Number} ({record.IssueDate}), {(record.IsLinked ? "in a chain" : "alone")}{signature}"
            );
        }

        foreach (var finding in report.Findings)
        {
            var record = finding.Number is null ? "" : $" {finding.Number} ({finding.IssueDate})";
            OnTerminal.Result.MarkupLineInterpolated(
                $"  [bold]{finding.Code}[/] {finding.File}{(finding.Position is { } at ? $" [{at}]" : "")}{record}: {(language == "es" ? finding.Spanish : finding.English)}"
            );
        }
    }
}
