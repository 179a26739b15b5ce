using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Operations;

/// <summary>Shows the dead letters of a queue: what each says, why it lies there, and since when.</summary>
public sealed class ShowDeadLetters
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOperations ask, string service, string queue)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowDeadLetters));
        return ask.ShowAsync<DeadLettersPage, DeadLettersModel>(() => ModelAsync(ask, service, queue));
    }

    private static async Task<Outcome<DeadLettersModel>> ModelAsync(AskOperations ask, string service, string queue)
    {
        if (!AskOperations.Services.Contains(service))
        {
            return PortalFaults.NotFound.With();
        }

        var answer = await ask.GetAsync(service, $"/v1/operations/dead-letters/{Uri.EscapeDataString(queue)}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new DeadLettersModel(
            service,
            answer.Value.Text("queue") ?? queue,
            answer.Value.Text("home") ?? "",
            [
                .. answer
                    .Value.List("letters")
                    .Select(letter => new DeadLetterShown(
                        letter.Text("name") ?? "",
                        letter.Text("type") ?? ask.Say("Mensaje sin tipo", "Message without a type"),
                        ask.At(letter.Instant("at")),
                        ask.Ago(letter.Instant("at")),
                        letter.Text("reason") ?? ask.Say("Nadie anotó el motivo.", "Nobody wrote down why."),
                        letter.Text("body") ?? "",
                        letter.Is("cut")
                    )),
            ]
        )
        {
            Notice = ReplayDeadLetters.Said(ask),
        };
    }
}
