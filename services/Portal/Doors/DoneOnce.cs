using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Doors;

/// <summary>
/// A customer's form that is sent twice is done once: the second of two clicks, whose answer the browser shows, leads where the first led. What
/// was refused may be sent again.
/// </summary>
public static class DoneOnce
{
    /// <summary>Holds a door to it; a form without a key goes through.</summary>
    public static RouteHandlerBuilder Once(this RouteHandlerBuilder door) =>
        door.AddEndpointFilter(
            async (call, next) =>
            {
                var http = call.HttpContext;
                var form = call.Arguments.OfType<Form>().Single();
                if (form.Fault is not null || form[FormOnce.Field] is null || Visitor.Of(http) is not { } visitor)
                {
                    return await next(call);
                }

                var once = http.RequestServices.GetRequiredService<FormOnce>();
                var taken = await once.TakeAsync(visitor.Email, form, http.Request);
                if (taken.First is not { } turn)
                {
                    var fault = taken.IsChanged ? PortalFaults.SentChanged : PortalFaults.SentTwice;
                    return taken.Answer is { } answer ? PageContext.GoTo(answer.Link) : PageContext.Of(http).Show(fault.With());
                }

                string? led = null;
                try
                {
                    var result = await next(call);
                    led = (result as PageContext.SeeOther)?.Path;
                    return result;
                }
                finally
                {
                    await (led is null ? once.GiveBackAsync(turn) : once.DoneAsync(turn, new FormAnswer(led)));
                }
            }
        );
}
