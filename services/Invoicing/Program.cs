using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("invoicing");
var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
