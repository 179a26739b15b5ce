using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("reporting");
var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
