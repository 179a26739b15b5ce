using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.Portal;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

// The schema before everything else: the first thing that starts reads the keys that seal forms.
builder.AddPostgres("portal", SharedTables.None);
builder.AddServiceDefaults("portal");
builder.AddRpcClient<Invoices.InvoicesClient>("invoicing");
builder.AddRpcClient<Sellers.SellersClient>("invoicing");
builder.AddRpcClient<Customers.CustomersClient>("invoicing");
builder.AddRpcClient<Documents.DocumentsClient>("delivery");
builder.AddRpcClient<Messages.MessagesClient>("delivery");
builder.AddRpcClient<Personal.PersonalClient>("delivery");
builder.AddRpcClient<Balances.BalancesClient>("payments");
builder.AddRpcClient<PaymentPages.PaymentPagesClient>("payments");
builder.AddRpcClient<Receivables.ReceivablesClient>("collections");
builder.AddRpcClient<Reports.ReportsClient>("reporting");
builder.AddPages();
builder.Services.AddHostedService<SendSignInLinks>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UsePages();

app.MapPage("/", OpenFrontDoor.HandleAsync);
app.MapPage("/language/{code}", ChooseLanguage.Handle);

app.MapPage("/sign-in", ShowSignIn.Handle);
app.MapPost("/sign-in", (AskForLink slice, PageContext page, Form form, HttpContext http) => slice.HandleAsync(page, form, http));
app.MapPage("/sign-in/sent", ShowSent.Handle);
app.MapPage("/sign-in/{token}", (ShowLink slice, string token, PageContext page, HttpContext http) => slice.HandleAsync(token, page, http));
app.MapPost(
    "/sign-in/{token}",
    (SignInByLink slice, string token, PageContext page, Form form, HttpContext http) => slice.HandleAsync(token, page, form, http)
);
app.MapPost("/sign-out", (SignOut slice, PageContext page, Form form, HttpContext http) => slice.HandleAsync(page, form, http));

app.MapCustomers();
app.MapAccount();
app.MapSessions();
app.MapOperationsPages();

var office = app.MapGroup("/office").ForTheSignedIn();
office.MapPage("", (ShowOffice slice, AskOffice visit, CancellationToken c) => slice.HandleAsync(visit, c));
office.MapPage(
    "/previews/{kind}",
    (ShowPreview slice, string kind, PageContext p, OfficeDoor door, HttpContext http) => slice.Handle(kind, p, door, http)
);
office.MapPage(
    "/previews/{kind}/document",
    (ShowPreview slice, string kind, PageContext p, OfficeDoor door, HttpContext http) => slice.DocumentAsync(kind, p, door, http)
);
office.MapOfficeCore();
office.MapOfficeMoney();

app.MapPage("/assets/portal.{version}.css", OwnFiles.StyleSheet).ForNobody();
app.MapPage("/assets/desk.{version}.css", OwnFiles.DeskSheet).ForNobody();
app.MapPage("/assets/desk.{version}.js", OwnFiles.DeskScriptFile).ForNobody();
app.MapPage("/assets/accent/{colour}.css", OwnFiles.AccentSheet).ForNobody();
app.MapPage("/favicon.svg", OwnFiles.Favicon).ForNobody();
app.MapPage("/favicon.ico", OwnFiles.Favicon).ForNobody();
app.MapPage("/robots.txt", () => "User-agent: *\nDisallow: /\n").ForNobody();
await app.RunAsync();
