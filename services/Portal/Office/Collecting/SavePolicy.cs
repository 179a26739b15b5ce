using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>Keeps a dunning policy as a draft, puts it in force, or retires it.</summary>
public sealed class SavePolicy
{
    /// <summary>Keeps what the form says as a new version that is not in force.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string policyId, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(SavePolicy));
        return office.ActAsync(form, _ => SaveAsync(office, policyId, form), _ => ShowPolicy.SheetAsync(office, policyId));
    }

    /// <summary>Puts the kept version in force.</summary>
    public Task<IResult> ActivateAsync(AskOffice office, string policyId, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(HttpMethod.Post, "collections", $"{At(policyId)}/activation");
                return done.Refused(out var refused) ? refused : Page(office, policyId, "activated");
            },
            _ => ShowPolicy.SheetAsync(office, policyId)
        );

    /// <summary>Retires it.</summary>
    public Task<IResult> RemoveAsync(AskOffice office, string policyId, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(HttpMethod.Delete, "collections", At(policyId));
                return done.Refused(out var refused) ? refused : office.Link("/collecting/policies?done=removed");
            },
            _ => ShowPolicy.SheetAsync(office, policyId)
        );

    private static async Task<Outcome<string>> SaveAsync(AskOffice office, string policyId, Form form)
    {
        var kept = await office.GetAsync("collections", At(policyId));
        if (kept.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
        {
            return fault;
        }

        var policy = PolicyForm.Read(name => form[name], kept.Fault is null ? kept.Value.At("policy") : null);
        var done = await office.SendAsync(HttpMethod.Put, "collections", At(policyId), policy);
        return done.Refused(out var refused) ? refused : Page(office, policyId, "saved");
    }

    private static string At(string policyId) => $"/v1/dunning-policies/{AskOffice.Escape(policyId)}";

    private static string Page(AskOffice office, string policyId, string done) =>
        office.Link($"/collecting/policies/{AskOffice.Escape(policyId)}?done={done}");
}
