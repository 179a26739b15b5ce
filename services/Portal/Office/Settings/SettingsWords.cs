using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The ways between the settings' pages, and what roles and scopes are called.</summary>
public static class SettingsWords
{
    /// <summary>The office's section.</summary>
    public const string Section = "settings";

    /// <summary>What staff may be.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Roles = new Dictionary<string, (string, string)>
    {
        ["owner"] = ("Titular: todo", "Owner: everything"),
        ["accountant"] = ("Contabilidad: facturas, cobros, banco e informes", "Accountant: invoices, collecting, bank and reports"),
        ["shop"] = ("Tienda: facturas de sus tiendas", "Shop: invoices of its stores"),
        ["collector"] = ("Cobros: a quién llamar y qué se acordó", "Collector: whom to call and what was agreed"),
        ["auditor"] = ("Auditoría: lo lee todo, no cambia nada", "Auditor: reads everything, changes nothing"),
    };

    /// <summary>What a key may be for.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Scopes = new Dictionary<string, (string, string)>
    {
        ["sales:write"] = ("Registrar ventas", "Post sales"),
        ["invoices:read"] = ("Leer facturas", "Read invoices"),
        ["invoices:write"] = ("Rectificar y anular facturas", "Correct and cancel invoices"),
        ["payments:write"] = ("Pagos y banco", "Payments and bank"),
        ["collections:write"] = ("Cobros", "Collecting"),
        ["reports:read"] = ("Informes", "Reports"),
        ["delivery:write"] = ("Envíos, plantillas, ofertas y webhooks", "Delivery, templates, offers and webhooks"),
    };

    /// <summary>The pages.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("Vendedor", "Seller"), office.Link("/settings"), current == ""),
            new(office.Say("Tiendas y series", "Stores and series"), office.Link("/settings/stores"), current == "stores"),
            new(office.Say("Marca", "Branding"), office.Link("/settings/branding"), current == "branding"),
            new(office.Say("Certificado", "Certificate"), office.Link("/settings/certificate"), current == "certificate"),
            new(office.Say("Plantillas", "Templates"), office.Link("/settings/templates"), current == "templates"),
            new(office.Say("Cobro en línea", "Providers"), office.Link("/settings/providers"), current == "providers"),
            new(office.Say("Claves", "Keys"), office.Link("/settings/keys"), current == "keys"),
            new("Webhooks", office.Link("/settings/webhooks"), current == "webhooks"),
            new(office.Say("Equipo", "Staff"), office.Link("/settings/staff"), current == "staff"),
            // For the owner and the auditor: the doors refuse it to the others.
            .. office.Door.Behalf.Role is StaffRole.Owner or StaffRole.Auditor
                ? [new SheetLink(office.Say("Quién hizo qué", "Audit"), office.Link("/audit"), current == "audit")]
                : Array.Empty<SheetLink>(),
        ];
}
