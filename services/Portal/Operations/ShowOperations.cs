using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Operations;

/// <summary>
/// Shows whoever operates the system how every service is and what waits where. The page is as old as it says and is asked for again by a
/// link: a page that reloads by itself takes away what somebody is reading (WCAG 2.2.1, 2.2.2; failure F41).
/// </summary>
public sealed class ShowOperations
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOperations ask)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowOperations));
        return ask.ShowAsync<OperationsPage, OperationsModel>(() => ModelAsync(ask));
    }

    private static async Task<Outcome<OperationsModel>> ModelAsync(AskOperations ask)
    {
        var answers = await Task.WhenAll(
            AskOperations
                .Services.Select(async service => (Service: service, State: await ask.GetAsync(service, "/v1/operations")))
                .Append(ItselfAsync(ask))
        );
        var states = answers.Where(each => each.State.Fault is null).Select(each => (each.Service, State: each.State.Value)).ToList();
        return new OperationsModel(
            ask.At(ask.Now),
            [
                new(Services(ask, answers), "./retail status"),
                new(Dead(ask, states), "./retail dead-letters list"),
                new(Queues(ask, states), "./retail status"),
                new(Submissions(ask, states), "./retail chains list"),
                new(Mail(ask, states), null),
            ],
            ask.Options.Dashboard
        )
        {
            Notice = ReplayDeadLetters.Said(ask),
        };

        static async Task<(string Service, Outcome<JsonNode> State)> ItselfAsync(AskOperations ask) => ("portal", await ask.ItselfAsync());
    }

    private static TablePart Services(AskOperations ask, IReadOnlyList<(string Service, Outcome<JsonNode> State)> answers) =>
        new(
            ask.Say("Servicios", "Services"),
            [
                new(ask.Say("Servicio", "Service")),
                new(ask.Say("Estado", "State")),
                new(ask.Say("Versión", "Version")),
                new(ask.Say("Migraciones", "Migrations"), true),
                new(ask.Say("La última", "Newest")),
                new(ask.Say("Sin contar aún", "Not told yet"), true),
                new(ask.Say("El más antiguo", "The oldest"), true),
            ],
            [.. answers.Select(each => ServiceRow(ask, each.Service, each.State))],
            ask.Say("No hay servicios.", "There are no services.")
        );

    private static SheetRow ServiceRow(AskOperations ask, string service, Outcome<JsonNode> state)
    {
        if (state.Refused(out var fault))
        {
            var away = fault.Code == PortalFaults.Away ? ask.Say("No responde", "Does not answer") : fault.In(ask.Words.FaultLanguage);
            return new SheetRow([new(service), new(away) { Chip = "failed" }, new(""), new(""), new(""), new(""), new("")]);
        }

        var node = state.Value;
        var outbox = node.At("outbox");
        return new SheetRow([
            new(service),
            new(HealthOf(ask, node.Text("health")))
            {
                Chip = node.Text("health") switch
                {
                    "Healthy" => "paid",
                    "Degraded" => "overdue",
                    _ => "failed",
                },
                Small = Complaints(ask, node),
            },
            new(node.Text("version") ?? ""),
            new(Number(node.At("migrations"), "applied")),
            new(node.Text("migrations.newest")?.Replace(".sql", "", StringComparison.Ordinal) ?? ""),
            new(Number(outbox, "waiting")),
            new(ask.Ago(outbox.Instant("oldestAt"))),
        ]);
    }

    private static string HealthOf(AskOperations ask, string? health) =>
        health switch
        {
            "Healthy" => ask.Say("Bien", "Well"),
            "Degraded" => ask.Say("Con retraso", "Degraded"),
            _ => ask.Say("Mal", "Unwell"),
        };

    private static string? Complaints(AskOperations ask, JsonNode node)
    {
        var said = node.List("complaints").Select(each => each.Said()).ToList();
        said.AddRange(node.List("away").Select(each => ask.Say($"no se puede preguntar a: {each.Said()}", $"cannot ask: {each.Said()}")));
        return said.Count == 0 ? null : string.Join("; ", said);
    }

    private static TablePart Dead(AskOperations ask, IReadOnlyList<(string Service, JsonNode State)> states) =>
        new(
            ask.Say("Mensajes muertos", "Dead letters"),
            [new(ask.Say("Cola", "Queue")), new(ask.Say("Servicio", "Service")), new(ask.Say("Mensajes", "Messages"), true)],
            [
                .. states.SelectMany(each =>
                    each.State.List("dead")
                        .Select(dead =>
                        {
                            var queue = dead.Text("queue") ?? "";
                            return new SheetRow([
                                new(queue) { Href = $"/operations/dead-letters/{each.Service}/{Uri.EscapeDataString(queue)}" },
                                new(each.Service),
                                new(Number(dead, "messages")),
                            ]);
                        })
                ),
            ],
            ask.Say(
                "Ninguno. Aquí aparece un mensaje que su servicio no pudo tratar.",
                "None. A message that its service could not deal with shows up here."
            )
        );

    private static TablePart Queues(AskOperations ask, IReadOnlyList<(string Service, JsonNode State)> states) =>
        new(
            ask.Say("Colas", "Queues"),
            [
                new(ask.Say("Cola", "Queue")),
                new(ask.Say("Esperan", "Waiting"), true),
                new(ask.Say("Consumidores", "Consumers"), true),
                new(ask.Say("El último que ha oído es de hace", "The newest it has heard is"), true),
            ],
            [
                .. states.SelectMany(each =>
                    each.State.List("queues")
                        .Select(queue => new SheetRow([
                            new(queue.Text("queue") ?? ""),
                            new(Number(queue, "waiting")),
                            queue.Count("consumers") > 0
                                ? new SheetCell(Number(queue, "consumers"))
                                : new SheetCell(ask.Say("Nadie", "Nobody")) { Chip = "failed", Raw = "0" },
                            new(ask.Ago(queue.Instant("heardAt"))) { Raw = queue.Text("heardAt") ?? "" },
                        ]))
                ),
            ],
            ask.Say("El corredor de mensajes no responde.", "The broker does not answer.")
        );

    private static TablePart Submissions(AskOperations ask, IReadOnlyList<(string Service, JsonNode State)> states) =>
        new(
            ask.Say("Registros para la Agencia Tributaria", "Records for the tax agency"),
            [
                new(ask.Say("Contribuyente", "Taxpayer")),
                new(ask.Say("Entorno", "Environment")),
                new(ask.Say("Esperan", "Waiting"), true),
                new(ask.Say("El más antiguo", "The oldest"), true),
                new(ask.Say("Última respuesta", "Last answer")),
            ],
            [
                .. states
                    .SelectMany(each => each.State.List("parts.submissions"))
                    .Select(queue => new SheetRow([
                        new(queue.Text("taxId") ?? "") { Small = queue.Text("installation") },
                        new(queue.Text("environment") ?? ""),
                        new(Number(queue, "waiting")),
                        new(ask.Ago(queue.Instant("oldestAt"))) { Raw = queue.Text("oldestAt") ?? "" },
                        new(AnswerOf(ask, queue)) { Small = WhyNot(ask, queue) },
                    ])),
            ],
            ask.Say("Nadie declara facturas todavía.", "Nobody declares invoices yet.")
        );

    private static string AnswerOf(AskOperations ask, JsonNode queue) =>
        queue.Text("answer") is { } answer
            ? string.Join(
                ", ",
                new[] { answer, queue.Text("code"), ask.At(queue.Instant("answeredAt")) }.Where(part => part is { Length: > 0 })
            )
            : ask.Say("Ninguna todavía", "None yet");

    private static string? WhyNot(AskOperations ask, JsonNode queue)
    {
        var why = new[]
        {
            queue.Text("hold") is { } hold ? ask.Say($"Cadena retenida: {hold}", $"Chain on hold: {hold}") : null,
            queue.Instant("incidentSince") is { } since
                ? ask.Say($"Sin poder enviar desde {ask.At(since)}", $"Cannot be sent since {ask.At(since)}")
                : null,
            queue.Text("lastFailure"),
            queue.Text("text"),
        };
        var said = string.Join("; ", why.Where(each => each is { Length: > 0 }));
        return said.Length == 0 ? null : said;
    }

    private static TablePart Mail(AskOperations ask, IReadOnlyList<(string Service, JsonNode State)> states) =>
        new(
            ask.Say("Correo y otros mensajes", "Mail and other messages"),
            [
                new(ask.Say("Canal", "Channel")),
                new(ask.Say("Esperan", "Waiting"), true),
                new(ask.Say("De ellos, a la espera de otro intento", "Of these, to be tried again"), true),
                new(ask.Say("El más antiguo", "The oldest"), true),
            ],
            [
                .. states
                    .SelectMany(each => each.State.List("parts.mail"))
                    .Select(channel => new SheetRow([
                        new(channel.Text("channel") ?? ""),
                        new(Number(channel, "queued")),
                        new(Number(channel, "retrying")),
                        new(ask.Ago(channel.Instant("oldestAt"))) { Raw = channel.Text("oldestAt") ?? "" },
                    ])),
            ],
            ask.Say("No espera ningún mensaje.", "No message waits.")
        );

    private static string Number(JsonNode? node, string path) =>
        node is null ? "" : node.Count(path).ToString(CultureInfo.InvariantCulture);
}
