using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Which seller's office a member of staff is in; asked of Invoicing again and again, so a role taken away closes it.</summary>
public sealed class OfficeDoor : IBindableFromHttpContext<OfficeDoor>
{
    private OfficeDoor() { }

    /// <summary>Why it stays shut.</summary>
    public Fault? Fault { get; private init; }

    /// <summary>Every seller this person works for.</summary>
    public IReadOnlyList<StaffOf> Offices { get; private init; } = [];

    /// <summary>The one that was asked for, or the only one; none where the person has to choose.</summary>
    public StaffOf? Chosen { get; private init; }

    /// <summary>Who works there.</summary>
    public string Email { get; private init; } = "";

    /// <summary>The seller.</summary>
    public SellerId SellerId => SellerId.Of(Chosen!.SellerId);

    /// <summary>On whose behalf the office's pages ask.</summary>
    public OnBehalfOf Behalf => OnBehalfOf.Staff(Email, RoleOf(Chosen!)!.Value, SellerId, [.. Chosen!.Stores.Select(StoreId.Of)]);

    /// <summary>What stands behind the addresses of its pages.</summary>
    public string Query => Offices.Count > 1 ? $"?seller={Uri.EscapeDataString(Chosen!.SellerId)}" : "";

    /// <summary>Opens for the visitor and the seller that the query names.</summary>
    public static async ValueTask<OfficeDoor?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) =>
        await OpenAsync(context);

    internal static async Task<OfficeDoor> OpenAsync(HttpContext context)
    {
        if (Visitor.Of(context) is not { } visitor)
        {
            return new OfficeDoor { Fault = PortalFaults.NoOffice.With() };
        }

        var invoicing = context.RequestServices.GetRequiredService<AskInvoicing>();
        var person = await invoicing.PersonAsync(visitor.Email, context.RequestAborted);
        if (person.Fault is { } fault)
        {
            return new OfficeDoor { Fault = fault };
        }

        var offices = person.Value.StaffOf.Where(staff => RoleOf(staff) is not null).ToList();
        var wanted = context.Request.Query["seller"];
        var chosen =
            wanted.Count > 0 ? offices.FirstOrDefault(staff => staff.SellerId == wanted[0])
            : offices.Count == 1 ? offices[0]
            : null;
        return new OfficeDoor
        {
            // A seller one does not work for answers like a seller that is not.
            Fault = offices.Count == 0 || (wanted.Count > 0 && chosen is null) ? PortalFaults.NoOffice.With() : null,
            Offices = offices,
            Chosen = chosen,
            Email = visitor.Email,
        };
    }

    private static StaffRole? RoleOf(StaffOf staff) =>
        Enum.TryParse<StaffRole>(staff.Role, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;
}
