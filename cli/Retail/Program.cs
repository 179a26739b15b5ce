using System.CommandLine;
using RetailInvoicing.Retail.Chains;
using RetailInvoicing.Retail.DeadLetters;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Reports;
using RetailInvoicing.Retail.Running;
using RetailInvoicing.Retail.Status;
using RetailInvoicing.Retail.Validate;
using RetailInvoicing.Retail.Verify;

var global = new GlobalOptions();
var root = new RootCommand("The operator's command line of RetailInvoicing")
{
    global.Data,
    global.Json,
    ReplayCommand.Of(global),
    DeadLettersCommand.Of(global),
    StatusCommand.Of(global),
    ValidateCommand.Of(global),
    VerifyCommand.Of(global),
    ChainsCommand.Of(global),
    ReportsCommand.Of(global),
    SeedDemo.Of(global),
    WriteEndpoints.Of(global),
};
return await root.Parse(args).InvokeAsync();
