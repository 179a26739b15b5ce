using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Retail.Running;
using Spectre.Console;
using Profile = RetailInvoicing.Invoicing.En16931.Profile;

namespace RetailInvoicing.Retail.Validate;

/// <summary>./retail validate: what the rules of EN 16931, and of Peppol where asked for, say of documents on this machine.</summary>
public static class ValidateCommand
{
    /// <summary>The command; its exit code is 0 only where no document breaks a fatal rule.</summary>
    public static Command Of(GlobalOptions global)
    {
        var files = new Argument<FileInfo[]>("FILE")
        {
            Description = "UBL or CII documents; of a Facturae the signature alone is checked",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var profile = new Option<string>("--profile")
        {
            Description = "The rules: those of EN 16931, or Peppol's as well",
            HelpName = "en16931|peppol",
            DefaultValueFactory = _ => "en16931",
        };
        profile.AcceptOnlyFromAmong("en16931", "peppol");
        var language = new Option<string>("--language")
        {
            Description = "Language of the findings",
            HelpName = "es|en",
            DefaultValueFactory = _ => "en",
        };
        language.AcceptOnlyFromAmong("es", "en");
        var expected = new Option<DirectoryInfo?>("--expected")
        {
            Description = "Score against the official unit tests and verdicts in this folder (../shared/data/compliance)",
            HelpName = "DIR",
        };
        var command = new Command("validate", "Hold documents against the rules of EN 16931 and Peppol")
        {
            files,
            profile,
            language,
            expected,
        };
        command.SetAction(parsed =>
            global.RunAsync(
                parsed,
                (_, json) =>
                {
                    if (parsed.GetValue(expected) is { } folder)
                    {
                        return Task.FromResult(Score(OfficialScore.Of(folder), json));
                    }

                    var rules = parsed.GetRequiredValue(profile) == "peppol" ? Profile.Peppol : Profile.En16931;
                    var named = parsed.GetValue(files) ?? [];
                    return named.Length == 0
                        ? throw new CommandFailed("Name a document: ./retail validate FILE…")
                        : Task.FromResult(Judge(named, rules, parsed.GetRequiredValue(language), json));
                }
            )
        );
        return command;
    }

    private static int Judge(IReadOnlyList<FileInfo> files, Profile profile, string language, bool json)
    {
        var judged = files.Select(file => Judge(file, profile, language)).ToList();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(judged, Wire.Tolerant));
        }
        else
        {
            judged.ForEach(Show);
        }

        return judged.All(each => each.Verdict?.Valid == true || each.Signature is not null) ? 0 : 1;
    }

    private static Judged Judge(FileInfo file, Profile profile, string language)
    {
        if (!file.Exists)
        {
            throw new CommandFailed($"{file.FullName} does not exist.");
        }

        if (SignedFacturae.Of(file) is { } signature)
        {
            return signature.Refused(out var unsigned)
                ? new Judged(file.Name, null, $"{unsigned.Code.Code} {unsigned.In(language)}") { IsFacturae = true }
                : new Judged(file.Name, null, null) { Signature = signature.Value };
        }

        using var document = file.OpenRead();
        var verdict = Verdict.Of(document, profile, language);
        return verdict.Refused(out var fault)
            ? new Judged(file.Name, null, $"{fault.Code.Code} {fault.In(language)}")
            : new Judged(file.Name, verdict.Value, null);
    }

    private static void Show(Judged judged)
    {
        if (judged.Signature is { } signature)
        {
            OnTerminal.Result.MarkupLineInterpolated(
                $"[green]signature verifies[/] {judged.File} (Facturae {signature.Number}): signed {signature.SignedAt:yyyy-MM-dd HH:mm:ss zzz} by {signature.Signer}; issuer, schema and sums not checked"
            );
            return;
        }

        if (judged.Verdict is not { } verdict)
        {
            OnTerminal.Result.MarkupLineInterpolated(
                $"[red]{(judged.IsFacturae ? "signature does not hold:" : "unreadable")}[/] {judged.File}: {judged.Refused}"
            );
            return;
        }

        var fatal = verdict.Findings.Count(finding => finding.Severity == Severity.Fatal);
        OnTerminal.Result.MarkupLineInterpolated(
            $"[{(verdict.Valid ? "green" : "red")}]{(verdict.Valid ? "valid" : "not valid")}[/] {judged.File} ({verdict.Syntax}, {verdict.Profile}): {fatal} fatal, {verdict.Findings.Count - fatal} warnings"
        );
        foreach (var finding in verdict.Findings)
        {
            OnTerminal.Result.MarkupLineInterpolated(
                $"  {(finding.Severity == Severity.Fatal ? "fatal  " : "warning")} [bold]{finding.Rule}[/] {finding.Message}"
            );
            OnTerminal.Result.MarkupLineInterpolated($"          [grey]{finding.Location}[/]");
        }
    }

    private static int Score(IReadOnlyList<SuiteScore> suites, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(suites, Wire.Tolerant));
        }
        else
        {
            var table = new Table().RoundedBorder().AddColumn("Suite").AddColumn(Right("Cases")).AddColumn(Right("Reproduced"));
            foreach (var suite in suites)
            {
                table.AddRow(suite.Suite.EscapeMarkup(), $"{suite.Cases}", $"{suite.Reproduced}");
            }

            OnTerminal.Result.Write(table);
            foreach (var wrong in suites.SelectMany(suite => suite.Wrong))
            {
                OnTerminal.Say(wrong);
            }
        }

        return suites.All(suite => suite.Reproduced == suite.Cases) ? 0 : 1;
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private sealed record Judged(
        [property: JsonPropertyName("file")] string File,
        [property: JsonPropertyName("verdict")] Verdict? Verdict,
        [property: JsonPropertyName("refused")] string? Refused
    )
    {
        [JsonPropertyName("signature")]
        public SignedFacturae? Signature { get; init; }

        [JsonIgnore]
        public bool IsFacturae { get; init; }
    }
}
