using System.Globalization;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>
/// Finds the page of a simulated bank where a test invoice can be paid by transfer: in development, where one is configured
/// (Bank:TestAddress), and for a seller whose documents have no fiscal validity. Everybody else sees no such page.
/// </summary>
public sealed class FindTestBank(IConfiguration configuration, IHostEnvironment environment, PublicAddress addresses)
{
    /// <summary>Its address with the transfer filled in; none where there is no such bank, or no transfer in euros to make.</summary>
    public string? For(PageContext page, PaymentModel model)
    {
        if (
            !environment.IsDevelopment()
            || !page.IsTest
            || configuration["Bank:TestAddress"] is not { Length: > 0 } bank
            || model.Payment.Transfer is not { HasEpcPayload: true } transfer
        )
        {
            return null;
        }

        (string Name, string Value)[] fields =
        [
            ("iban", transfer.Iban),
            ("name", transfer.Beneficiary),
            ("amount", model.AmountDue.ToString("0.00", CultureInfo.InvariantCulture)),
            ("reference", model.Reference ?? ""),
            ("back", $"{addresses.Portal}{model.Href}"),
        ];
        return $"{bank.TrimEnd('/')}/transfer?{string.Join('&', fields.Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}"))}";
    }
}
