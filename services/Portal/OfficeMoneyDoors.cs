using Microsoft.AspNetCore.Mvc;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Bank;
using RetailInvoicing.Portal.Office.Collecting;
using RetailInvoicing.Portal.Office.Marketing;
using RetailInvoicing.Portal.Office.Settings;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal;

/// <summary>The office's pages where money is collected and matched, offers are made, and the seller is set up.</summary>
public static class OfficeMoneyDoors
{
    private const long MostForm = 4 * 1024 * 1024;

    /// <summary>The use cases behind them.</summary>
    public static void AddOfficeMoney(this IServiceCollection services)
    {
        services
            .AddSingleton<ShowWorklist>()
            .AddSingleton<ShowReceivables>()
            .AddSingleton<ShowReceivable>()
            .AddSingleton<ActOnReceivable>();
        services.AddSingleton<ShowAgeing>().AddSingleton<ShowWriteOffs>().AddSingleton<ShowPolicies>().AddSingleton<ShowPolicy>();
        services.AddSingleton<SavePolicy>();
        services.AddSingleton<ShowBank>().AddSingleton<ImportStatement>().AddSingleton<ShowBankEntry>().AddSingleton<ActOnBankEntry>();
        services.AddSingleton<ShowUnallocated>().AddSingleton<ShowDirectDebits>().AddSingleton<MakeDirectDebits>();
        services.AddSingleton<ShowPayouts>().AddSingleton<ShowBankAccounts>();
        services.AddSingleton<ShowCampaigns>().AddSingleton<ShowCampaign>().AddSingleton<ShowCoupons>().AddSingleton<ShowConsent>();
        services.AddSingleton<ShowSeller>().AddSingleton<ShowStores>().AddSingleton<ShowBranding>().AddSingleton<ShowCertificate>();
        services.AddSingleton<ShowTemplates>().AddSingleton<ShowProviders>().AddSingleton<ShowKeys>().AddSingleton<ShowWebhooks>();
        services.AddSingleton<ShowStaff>().AddSingleton<ShowAudit>();
    }

    /// <summary>The pages.</summary>
    public static void MapOfficeMoney(this IEndpointRouteBuilder office)
    {
        MapCollecting(office.MapGroup("/collecting"));
        MapBank(office.MapGroup("/bank"));
        MapMarketing(office.MapGroup("/marketing"));
        MapSettings(office.MapGroup("/settings"));
        office.MapPage("/audit", (ShowAudit slice, AskOffice visit) => slice.HandleAsync(visit));
    }

    private static void MapCollecting(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowWorklist slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/receivables", (ShowReceivables slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage(
            "/receivables/{invoiceId}",
            (ShowReceivable slice, AskOffice office, string invoiceId) => slice.HandleAsync(office, invoiceId)
        );
        pages.MapPost(
            "/receivables/{invoiceId}/{act}",
            (ActOnReceivable slice, AskOffice office, string invoiceId, string act, Form form) =>
                slice.HandleAsync(office, invoiceId, act, form)
        );
        pages.MapPage("/ageing", (ShowAgeing slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/write-offs", (ShowWriteOffs slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/policies", (ShowPolicies slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/policies/new", (ShowPolicy slice, AskOffice office) => slice.Begin(office));
        pages.MapPage("/policies/{policyId}", (ShowPolicy slice, AskOffice office, string policyId) => slice.HandleAsync(office, policyId));
        pages.MapPost(
            "/policies/{policyId}",
            (SavePolicy slice, AskOffice office, string policyId, Form form) => slice.HandleAsync(office, policyId, form)
        );
        pages.MapPost(
            "/policies/{policyId}/preview",
            (ShowPolicy slice, AskOffice office, string policyId, Form form) => slice.PreviewAsync(office, policyId, form)
        );
        pages.MapPost(
            "/policies/{policyId}/activation",
            (SavePolicy slice, AskOffice office, string policyId, Form form) => slice.ActivateAsync(office, policyId, form)
        );
        pages.MapPost(
            "/policies/{policyId}/removal",
            (SavePolicy slice, AskOffice office, string policyId, Form form) => slice.RemoveAsync(office, policyId, form)
        );
    }

    private static void MapBank(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowBank slice, AskOffice office) => slice.HandleAsync(office));
        pages
            .MapPost("/statements", (ImportStatement slice, AskOffice office, Form form) => slice.HandleAsync(office, form))
            .WithMetadata(new RequestSizeLimitAttribute(ImportStatement.MostBytes));
        pages.MapPage("/entries/{entryId}", (ShowBankEntry slice, AskOffice office, string entryId) => slice.HandleAsync(office, entryId));
        pages.MapPost(
            "/entries/{entryId}/{act}",
            (ActOnBankEntry slice, AskOffice office, string entryId, string act, Form form) => slice.HandleAsync(office, entryId, act, form)
        );
        pages.MapPage("/unallocated", (ShowUnallocated slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost(
            "/unallocated/{paymentId}/allocate",
            (ShowUnallocated slice, AskOffice office, string paymentId, Form form) => slice.AllocateAsync(office, paymentId, form)
        );
        pages.MapPage("/direct-debits", (ShowDirectDebits slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/direct-debits", (MakeDirectDebits slice, AskOffice office, Form form) => slice.HandleAsync(office, form));
        pages.MapPost(
            "/direct-debits/creditor",
            (MakeDirectDebits slice, AskOffice office, Form form) => slice.KeepCreditorAsync(office, form)
        );
        pages.MapPage(
            "/direct-debits/{batchId}",
            (ShowDirectDebits slice, AskOffice office, string batchId) => slice.OneAsync(office, batchId)
        );
        pages.MapPage(
            "/direct-debits/{batchId}/file",
            (ShowDirectDebits slice, AskOffice office, string batchId) => slice.FileAsync(office, batchId)
        );
        pages.MapPost(
            "/direct-debits/{batchId}/{act}",
            (MakeDirectDebits slice, AskOffice office, string batchId, string act, Form form) => slice.EndAsync(office, batchId, act, form)
        );
        pages.MapPage("/payouts", (ShowPayouts slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/accounts", (ShowBankAccounts slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost(
            "/accounts/{act}",
            (ShowBankAccounts slice, AskOffice office, string act, Form form) => slice.KeepAsync(office, act, form)
        );
    }

    private static void MapMarketing(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowCampaigns slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/campaigns/new", (ShowCampaigns slice, AskOffice office) => slice.Begin(office));
        pages.MapPage(
            "/campaigns/{campaignId}",
            (ShowCampaign slice, AskOffice office, string campaignId) => slice.HandleAsync(office, campaignId)
        );
        pages.MapPost(
            "/campaigns/{campaignId}",
            (ShowCampaign slice, AskOffice office, string campaignId, Form form) => slice.SaveAsync(office, campaignId, form)
        );
        pages.MapPost(
            "/campaigns/{campaignId}/preview",
            (ShowCampaign slice, AskOffice office, string campaignId, Form form) => slice.PreviewAsync(office, campaignId, form)
        );
        pages.MapPage("/coupons", (ShowCoupons slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/consent", (ShowConsent slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/consent", (ShowConsent slice, AskOffice office, Form form) => slice.KeepAsync(office, form));
    }

    private static void MapSettings(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowSeller slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("", (ShowSeller slice, AskOffice office, Form form) => slice.SaveAsync(office, form));
        pages.MapPage("/stores", (ShowStores slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/stores", (ShowStores slice, AskOffice office, Form form) => slice.SaveAsync(office, form));
        pages.MapPage("/branding", (ShowBranding slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/branding", (ShowBranding slice, AskOffice office, Form form) => slice.SaveAsync(office, form));
        pages.MapPage("/certificate", (ShowCertificate slice, AskOffice office) => slice.HandleAsync(office));
        pages
            .MapPost("/certificate", (ShowCertificate slice, AskOffice office, Form form) => slice.KeepAsync(office, form))
            .WithMetadata(new RequestSizeLimitAttribute(MostForm));
        pages.MapPage("/templates", (ShowTemplates slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/templates/{name}", (ShowTemplates slice, AskOffice office, string name) => slice.OneAsync(office, name));
        pages.MapPost(
            "/templates/{name}",
            (ShowTemplates slice, AskOffice office, string name, Form form) => slice.SaveAsync(office, name, form)
        );
        pages.MapPost(
            "/templates/{name}/preview",
            (ShowTemplates slice, AskOffice office, string name, Form form) => slice.PreviewAsync(office, name, form)
        );
        pages.MapPost(
            "/templates/{name}/removal",
            (ShowTemplates slice, AskOffice office, string name, Form form) => slice.RemoveAsync(office, name, form)
        );
        pages.MapPage("/providers", (ShowProviders slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost(
            "/providers/{provider}",
            (ShowProviders slice, AskOffice office, string provider, Form form) => slice.SaveAsync(office, provider, form)
        );
        pages.MapPage("/keys", (ShowKeys slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/keys", (ShowKeys slice, AskOffice office, Form form) => slice.GiveAsync(office, form));
        pages.MapPost("/keys/removal", (ShowKeys slice, AskOffice office, Form form) => slice.TakeBackAsync(office, form));
        pages.MapPage("/webhooks", (ShowWebhooks slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/webhooks", (ShowWebhooks slice, AskOffice office, Form form) => slice.SaveAsync(office, form));
        pages.MapPage(
            "/webhooks/{webhookId}",
            (ShowWebhooks slice, AskOffice office, string webhookId) => slice.OneAsync(office, webhookId)
        );
        pages.MapPost(
            "/webhooks/{webhookId}/{act}",
            (ShowWebhooks slice, AskOffice office, string webhookId, string act, Form form) => slice.ActAsync(office, webhookId, act, form)
        );
        pages.MapPage("/staff", (ShowStaff slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/staff", (ShowStaff slice, AskOffice office, Form form) => slice.EnrolAsync(office, form));
        pages.MapPost("/staff/removal", (ShowStaff slice, AskOffice office, Form form) => slice.RemoveAsync(office, form));
    }
}
