using System.CommandLine;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Running;

var global = new GlobalOptions();
var root = new RootCommand("The operator's command line of RetailInvoicing") { global.Data, global.Json, ReplayCommand.Of(global) };
return await root.Parse(args).InvokeAsync();
