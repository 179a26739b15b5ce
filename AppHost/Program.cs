// Who runs, and who needs what. The same lines are compiled against Aspire and against LocalHosting/: see docs/operating/running.md.
var builder = DistributedApplication.CreateBuilder(args);
var data = Path.GetFullPath(builder.Configuration["data"] ?? Path.Combine("..", ".local"), builder.AppHostDirectory);

// One target at a time: Aspire refuses to publish a resource that belongs to two. `… --operation publish --target compose`
if (builder.Configuration["target"] == "compose")
    builder.AddDockerComposeEnvironment("compose");
else
    builder.AddKubernetesEnvironment("k8s");

var adminKey = Secret("admin-key");
var apiKeySecret = Secret("api-key-secret");
var serviceKeys = new Dictionary<string, IResourceBuilder<ParameterResource>>();

var postgresPassword = Secret("postgres-password");
var postgres = builder
    .AddPostgres("postgres", password: postgresPassword)
    .WithInitFiles("postgres")
    .WithDataVolume()
    .WithLifetime(ContainerLifetime.Persistent);
var messaging = builder
    .AddRabbitMQ("messaging", password: Secret("messaging-password"))
    .WithManagementPlugin()
    .WithDataVolume()
    .WithLifetime(ContainerLifetime.Persistent);
var mail = builder
    .AddContainer("mail", "axllent/mailpit")
    .WithHttpEndpoint(targetPort: 8025, name: "http")
    .WithEndpoint(targetPort: 1025, scheme: "smtp", name: "smtp")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Inbox");

var invoicing = Service("invoicing", "../services/Invoicing/Invoicing.csproj").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
var delivery = Service("delivery", "../services/Delivery/Delivery.csproj").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
var payments = Service("payments", "../services/Payments/Payments.csproj").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
var collections = Service("collections", "../services/Collections/Collections.csproj").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
var reporting = Service("reporting", "../services/Reporting/Reporting.csproj").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
var portal = Service("portal", "../services/Portal/Portal.csproj")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Portal");
IResourceBuilder<ProjectResource>[] services = [invoicing, delivery, payments, collections, reporting, portal];

// The bus says what happened; these ask for something.
Asks(delivery, invoicing, payments);
Asks(collections, payments, delivery);
Asks(reporting, invoicing, payments, collections);
Asks(portal, invoicing, delivery, payments, collections, reporting);

// Whoever operates the system has one key to all of them.
foreach (var service in services)
{
    service.WithEnvironment("Keys__AdminKey", adminKey);
}

// Sellers' private keys are sealed with it.
invoicing.WithEnvironment("Keys__CertificateKey", Secret("certificate-key"));

// Private keys that sign mails, and what opens sellers' gateways, are sealed with it.
delivery.WithEnvironment("Keys__DkimKey", Secret("dkim-key"));

// What opens sellers' accounts with payment providers is sealed with it.
payments.WithEnvironment("Keys__ProviderKey", Secret("provider-key"));

// A mail server of one's own: --Parameters:smtp-url=smtps://user:password@host:465. Without it mails end in the inbox beside.
// Invoices are mailed by Delivery, reports that a seller wants regularly by Reporting.
var smtpUrl = builder.Configuration["Parameters:smtp-url"] is null ? null : builder.AddParameter("smtp-url", secret: true);
foreach (var mailing in new[] { delivery, reporting })
{
    if (smtpUrl is null)
        mailing.WithEnvironment("Smtp__Url", mail.GetEndpoint("smtp"));
    else
        mailing.WithEnvironment("Smtp__Url", smtpUrl);
}

// Records of invoices go to the tax agency: here to one that says of itself that it is none, published to the agency's own addresses.
const string VerifactuService = "/wlpl/TIKE-CONT/ws/SistemaFacturacion/VerifactuSOAP";
List<IResourceBuilder<ProjectResource>> simulators = [];
if (builder.ExecutionContext.IsRunMode)
{
    var authority = Path.Combine(data, "tax-agency.pem");
    var taxAgency = Simulator("tax-agency")
        .WithEndpoint(scheme: "tcp", name: "soap", env: "SOAP_PORT")
        .WithEnvironment("TaxAgency__Authority", authority)
        .WithEnvironment("TaxAgency__Data", Path.Combine(data, "tax-agency"))
        .WithUrlForEndpoint("http", url => url.DisplayText = "Tax agency (simulated)");
    var port = taxAgency.GetEndpoint("soap").Property(EndpointProperty.Port);
    invoicing
        .WithEnvironment("Verifactu__TestAddress", ReferenceExpression.Create($"https://localhost:{port}{VerifactuService}"))
        .WithEnvironment("Verifactu__TestAuthority", authority);
}
else
{
    invoicing
        .WithEnvironment("Verifactu__TestAddress", "https://prewww1.aeat.es" + VerifactuService)
        .WithEnvironment("Verifactu__ProductionAddress", "https://www1.agenciatributaria.gob.es" + VerifactuService);
}

// Customers pay by providers: here at those that say of themselves that they move no money, published at the providers' own addresses.
// Stripe's own test mode, with test keys of one's own: --Parameters:stripe-address=https://api.stripe.com
if (builder.ExecutionContext.IsRunMode)
{
    var redsys = Simulator("redsys")
        .WithEnvironment("Redsys__Data", Path.Combine(data, "redsys"))
        .WithUrlForEndpoint("http", url => url.DisplayText = "Redsys (simulated)");
    if (builder.Configuration["Parameters:stripe-address"] is not null)
        payments.WithEnvironment("Stripe__ApiAddress", builder.AddParameter("stripe-address"));
    else
        payments.WithEnvironment(
            "Stripe__ApiAddress",
            Simulator("stripe")
                .WithEnvironment("Stripe__Data", Path.Combine(data, "stripe"))
                .WithUrlForEndpoint("http", url => url.DisplayText = "Stripe (simulated)")
                .GetEndpoint("http")
        );
    payments.WithEnvironment("Redsys__TestAddress", redsys.GetEndpoint("http"));

    // Who pays a test invoice by transfer is shown the way to a bank that moves no money either.
    var bank = Simulator("bank")
        .WithEnvironment("Bank__Data", Path.Combine(data, "bank"))
        .WithUrlForEndpoint("http", url => url.DisplayText = "Bank (simulated)");
    portal.WithEnvironment("Bank__TestAddress", bank.GetEndpoint("http"));
}
else
{
    payments
        .WithEnvironment("Redsys__TestAddress", "https://sis-t.redsys.es:25443")
        .WithEnvironment("Redsys__LiveAddress", "https://sis.redsys.es");
}

// Where people reach the system from outside: behind a proxy, set --Parameters:public-portal=https://… and so on.
foreach (var (name, service) in new[] { ("Portal", portal), ("Invoicing", invoicing), ("Delivery", delivery), ("Payments", payments) })
{
    var parameter = $"public-{service.Resource.Name}";
    var given = builder.ExecutionContext.IsPublishMode || builder.Configuration[$"Parameters:{parameter}"] is not null;
    var address = given
        ? ReferenceExpression.Create($"{builder.AddParameter(parameter)}")
        : ReferenceExpression.Create($"{service.GetEndpoint("http")}");
    foreach (var each in services)
        each.WithEnvironment($"Public__{name}", address);
}

// A seller to look at, unless the system is to start empty; a published one starts empty.
var withDemo = builder.ExecutionContext.IsRunMode && builder.Configuration["empty"] is null;
IResourceBuilder<ProjectResource>[] seeding = withDemo ? [Step("demo", "seed-demo")] : [];

// It has accounts with the providers and the bank that are simulated.
foreach (var simulator in simulators)
foreach (var step in seeding)
    step.WithReference(simulator).WaitFor(simulator);

// Scripts find a running system by DIR/endpoints.json. The local engine writes its own, which follows restarts.
if (builder.ExecutionContext.IsRunMode && builder.Configuration["engine"] != "local")
{
    var endpoints = Step("endpoints", "write-endpoints")
        .WithReference(messaging)
        .WithEnvironment("Endpoints__File", Path.Combine(data, "endpoints.json"))
        .WithEnvironment("Endpoints__ProcessId", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .WithEnvironment("Endpoints__Management", messaging.GetEndpoint("management"))
        .WithEnvironment("Endpoints__Postgres", postgres.GetEndpoint("tcp"))
        .WithEnvironment("Endpoints__PostgresPassword", postgresPassword)
        .WithEnvironment("Endpoints__Smtp", mail.GetEndpoint("smtp"))
        .WithEnvironment("Endpoints__Inbox", mail.GetEndpoint("http"));
    foreach (var simulator in simulators)
        endpoints.WithReference(simulator).WaitFor(simulator);
    foreach (var step in seeding)
        endpoints.WaitForCompletion(step);
}

await builder.Build().RunAsync();

// A service has a database that only it can open, the broker, and keys of its own.
IResourceBuilder<ProjectResource> Service(string name, string path)
{
    var password = Secret($"{name}-db-password");
    var server = postgres.WithEnvironment($"{name.ToUpperInvariant()}_PASSWORD", password).GetEndpoint("tcp");
    var (host, port) = (server.Property(EndpointProperty.Host), server.Property(EndpointProperty.Port));
    serviceKeys[name] = Secret($"{name}-key");
    return builder
        .AddProject(name, path)
        .WithEnvironment(
            $"ConnectionStrings__{name}db",
            ReferenceExpression.Create($"Host={host};Port={port};Username={name};Password={password};Database={name}db")
        )
        .WithReference(messaging)
        .WaitFor(postgres.AddDatabase($"{name}db"))
        .WaitFor(messaging)
        .WithEnvironment("Keys__ApiKeySecret", apiKeySecret)
        .WithEnvironment("Keys__Service", serviceKeys[name])
        .WithHttpHealthCheck("/health");
}

// Somebody of the outside world. Nothing waits for it, as nothing of ours stops when the real one is away.
IResourceBuilder<ProjectResource> Simulator(string name)
{
    var simulator = builder
        .AddProject(name, "../tests/Simulators/Simulators.csproj", launchProfileName: name)
        .WithArgs(name)
        .WithHttpHealthCheck("/health")
        .WaitFor(portal);
    simulators.Add(simulator);
    return simulator;
}

// Something the command line does once every service is ready.
IResourceBuilder<ProjectResource> Step(string name, string command)
{
    var step = builder
        .AddProject(name, "../cli/Retail/Retail.csproj")
        .WithArgs(command)
        .WithEnvironment("Keys__AdminKey", adminKey)
        .WithEnvironment("Demo__File", withDemo ? Path.Combine(data, "demo.json") : "");
    foreach (var service in services)
        step.WithReference(service).WaitFor(service);
    return step;
}

void Asks(IResourceBuilder<ProjectResource> caller, params IResourceBuilder<ProjectResource>[] called)
{
    foreach (var service in called)
    {
        caller.WithReference(service);
        service.WithEnvironment($"Keys__Callers__{caller.Resource.Name}", serviceKeys[caller.Resource.Name]);
    }
}

IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);
