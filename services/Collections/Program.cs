using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("collections");
var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
