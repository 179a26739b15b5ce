using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;
using RetailInvoicing.ServiceDefaults;
using Spectre.Console;

namespace RetailInvoicing.Retail.DeadLetters;

/// <summary>./retail dead-letters list|show|replay|drop</summary>
public static class DeadLettersCommand
{
    /// <summary>The commands, their options and their words.</summary>
    public static Command Of(GlobalOptions global) =>
        new("dead-letters", "Messages that a consumer could not take")
        {
            List(global),
            Show(global),
            Move(global, "replay", "Sends them back to the queue they came from", DeadLetterBox.Choice.SendHome),
            Move(global, "drop", "Throws them away for good", DeadLetterBox.Choice.Drop),
        };

    private static Command List(GlobalOptions global)
    {
        var command = new Command("list", "The queues that hold some, and how many");
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var queues = await BrokerOf(data).QueuesAsync(cancellation);
                        var dead = queues.Where(queue => queue.Messages > 0 && DeadLetter.HomeOf(queue.Queue) is not null).ToArray();
                        if (json)
                        {
                            Console.Out.WriteLine(JsonSerializer.Serialize(dead, Wire.Tolerant));
                        }
                        else if (dead.Length == 0)
                        {
                            Console.Out.WriteLine("No dead letters.");
                        }
                        else
                        {
                            var table = new Table()
                                .RoundedBorder()
                                .AddColumn("Queue")
                                .AddColumn(new TableColumn("Dead letters").RightAligned());
                            foreach (var queue in dead)
                            {
                                table.AddRow(queue.Queue.EscapeMarkup(), queue.Messages.ToString(CultureInfo.InvariantCulture));
                            }

                            OnTerminal.Result.Write(table);
                        }

                        return 0;
                    }
                )
        );
        return command;
    }

    private static Command Show(GlobalOptions global)
    {
        var queue = QueueArgument();
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 10 };
        var command = new Command("show", "What they say and why they lie there; keys are never shown") { queue, limit };
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var letters = new List<DeadLetter>();
                        await GoThroughAsync(
                            data,
                            parsed.GetRequiredValue(queue),
                            parsed.GetValue(limit),
                            letter =>
                            {
                                letters.Add(letter);
                                return DeadLetterBox.Choice.Keep;
                            },
                            cancellation
                        );
                        if (json)
                        {
                            Console.Out.WriteLine(JsonSerializer.Serialize(letters, Wire.Tolerant));
                            return 0;
                        }

                        foreach (var letter in letters)
                        {
                            OnTerminal.Result.Write(new Rule($"{letter.Name}  {letter.Type}".EscapeMarkup()).LeftJustified());
                            Console.Out.WriteLine(letter.Reason);
                            Console.Out.WriteLine(letter.Body);
                        }

                        return 0;
                    }
                )
        );
        return command;
    }

    private static Command Move(GlobalOptions global, string name, string description, DeadLetterBox.Choice choice)
    {
        var queue = QueueArgument();
        var message = new Option<string>("--message") { Description = "Only the one with this id", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "All of them" };
        var command = new Command(name, description) { queue, message, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(message) is not null))
            {
                result.AddError("Say which: --message ID or --all.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var wanted = parsed.GetValue(message);
                        var done = await GoThroughAsync(
                            data,
                            parsed.GetRequiredValue(queue),
                            int.MaxValue,
                            letter => wanted is null || letter.Name == wanted ? choice : DeadLetterBox.Choice.Keep,
                            cancellation
                        );
                        Console.Out.WriteLine(
                            json ? JsonSerializer.Serialize(new { done }, Wire.Tolerant)
                            : choice == DeadLetterBox.Choice.Drop ? $"{done} dropped"
                            : $"{done} sent back"
                        );
                        // A message that was named and is not there is a mistake to be told of.
                        return wanted is not null && done == 0 ? 1 : 0;
                    }
                )
        );
        return command;
    }

    /// <summary>What cannot be done is said and ends the command.</summary>
    private static async Task<int> GoThroughAsync(
        DirectoryInfo data,
        string queue,
        int limit,
        Func<DeadLetter, DeadLetterBox.Choice> choose,
        CancellationToken cancellation
    )
    {
        var done = await new DeadLetterBox(BrokerOf(data).ConnectAsync, queue).GoThroughAsync(limit, choose, cancellation);
        return done.Fault is { } fault ? throw new CommandFailed(fault.In("en")) : done.Value;
    }

    private static Argument<string> QueueArgument() => new("QUEUE") { Description = "A queue of dead letters, as list names it" };

    private static Broker BrokerOf(DirectoryInfo data) =>
        new(RunningSystem.Of(data).Messaging ?? throw new CommandFailed("endpoints.json names no broker."));
}
