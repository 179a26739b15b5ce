using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>A word of the office's navigation, where it leads, and whom it is for.</summary>
public sealed record OfficeRoom(string Name, string Spanish, string English, string Href, IReadOnlyList<StaffRole> Roles);

/// <summary>The eight words of the office's navigation; a role sees those whose doors open to it.</summary>
public static class OfficeRooms
{
    private static readonly StaffRole[] Everybody =
    [
        StaffRole.Owner,
        StaffRole.Accountant,
        StaffRole.Shop,
        StaffRole.Collector,
        StaffRole.Auditor,
    ];
    private static readonly StaffRole[] ReadersOfReports = [StaffRole.Owner, StaffRole.Accountant, StaffRole.Collector, StaffRole.Auditor];
    private static readonly StaffRole[] ReadersOfSettings = [StaffRole.Owner, StaffRole.Accountant, StaffRole.Auditor];

    /// <summary>All of them, in the order of a day's work.</summary>
    public static readonly IReadOnlyList<OfficeRoom> All =
    [
        new("today", "Hoy", "Today", "/office", Everybody),
        new("invoices", "Facturas", "Invoices", "/office/invoices", Everybody),
        new("collecting", "Cobros", "Collecting", "/office/collecting", Everybody),
        new("bank", "Banco", "Bank", "/office/bank", Everybody),
        new("customers", "Clientes", "Customers", "/office/customers", ReadersOfReports),
        new("reports", "Informes", "Reports", "/office/reports", ReadersOfReports),
        new("marketing", "Marketing", "Marketing", "/office/marketing", ReadersOfSettings),
        new("settings", "Ajustes", "Settings", "/office/settings", ReadersOfSettings),
    ];

    /// <summary>Those that a role sees; all where the role is not known, since every door asks again.</summary>
    public static IEnumerable<OfficeRoom> Of(StaffRole? role) => All.Where(room => role is not { } known || room.Roles.Contains(known));
}
