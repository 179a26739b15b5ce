using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>From when a seller may no longer invoice without records (RD 1007/2023); the dates are configuration, since they move.</summary>
public static class FiscalCalendar
{
    // Companies by the first letter of their NIF (corporate income tax); everyone else has the later date.
    private const string Companies = "ABCDEFGHJNPQRSUVW";

    /// <summary>Refuses a production seller without a regime once its date has come; foral treasuries have records of their own.</summary>
    public static Fault? Refusal(SellerBody seller, VerifactuOptions dates, DateTimeOffset now)
    {
        if (seller is not { Regime: FiscalRegime.None, Environment: SellerEnvironment.Production } || seller.Territory == Territory.Foral)
        {
            return null;
        }

        var from = Companies.Contains(seller.TaxId[0], StringComparison.Ordinal) ? dates.CompaniesFrom : dates.OthersFrom;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(seller.TimeZone)).DateTime);
        return today >= from ? FiscalFaults.RegimeNeeded.At("regime", $"{from:yyyy-MM-dd}") : null;
    }
}
