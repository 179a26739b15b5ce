using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Where documents reach a party electronically (BT-34, BT-49), by what is known of it, in the schemes of the EAS list.</summary>
public static class ElectronicAddress
{
    private const string Mail = "EM";

    /// <summary>A party's address: the tax agency's or its country's number for VAT, or else its e-mail address.</summary>
    public static Identifier? Of(InvoiceParty party) =>
        (
            party.TaxId is null ? null
            : party.TaxIdType is TaxIdType.Nif ? new Identifier($"ES{party.TaxId}", "9920")
            : party.TaxIdType is TaxIdType.Vat ? OfVat(party.TaxId)
            : null
        ) ?? (party.Email is { } mail ? new Identifier(mail, Mail) : null);

    /// <summary>Whether the network of Peppol finds receivers by that scheme: by numbers of registers, not by mail.</summary>
    public static bool IsOfPeppol(Identifier? address) => address?.Scheme is { Length: 4 } scheme && scheme.All(char.IsAsciiDigit);

    /// <summary>By the VAT identifier; where a country's companies are found by another number that it contains, by that.</summary>
    private static Identifier? OfVat(string vat) =>
        vat.Length < 4
            ? null
            : vat[..2] switch
            {
                "AT" => new Identifier(vat, "9914"),
                "BE" => IsBelgian(vat[2..]) ? new Identifier(vat[2..], "0208") : new Identifier(vat, "9925"),
                "BG" => new Identifier(vat, "9926"),
                "CY" => new Identifier(vat, "9928"),
                "CZ" => new Identifier(vat, "9929"),
                "DE" => new Identifier(vat, "9930"),
                "DK" => new Identifier(vat, "0184"),
                "EE" => new Identifier(vat, "9931"),
                "EL" => new Identifier(vat, "9933"),
                "ES" => new Identifier(vat, "9920"),
                "FI" => new Identifier(vat, "0213"),
                "FR" => new Identifier(vat, "9957"),
                "HR" => new Identifier(vat, "9934"),
                "HU" => new Identifier(vat, "9910"),
                "IE" => new Identifier(vat, "9935"),
                "IT" => new Identifier(vat, "0211"),
                "LT" => new Identifier(vat, "9937"),
                "LU" => new Identifier(vat, "9938"),
                "LV" => new Identifier(vat, "9939"),
                "MT" => new Identifier(vat, "9943"),
                "NL" => new Identifier(vat, "9944"),
                "PL" => new Identifier(vat, "9945"),
                "PT" => new Identifier(vat, "9946"),
                "RO" => new Identifier(vat, "9947"),
                "SE" when vat.Length == 14 && IsSwedish(vat[2..12]) => new Identifier(vat[2..12], "0007"),
                "SI" => new Identifier(vat, "9949"),
                "SK" => new Identifier(vat, "9950"),
                "XI" => new Identifier(vat, "9932"),
                _ => null,
            };

    /// <summary>Whether the last two digits of an enterprise number check the eight before (PEPPOL-COMMON-R043).</summary>
    private static bool IsBelgian(string number) =>
        number.Length == 10 && number.All(char.IsAsciiDigit) && Iban.Remainder(number[..8]) + Iban.Remainder(number[8..]) == 97;

    /// <summary>Whether the last digit of an organisation number checks those before, by Luhn (PEPPOL-COMMON-R049).</summary>
    private static bool IsSwedish(string number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            if (!char.IsAsciiDigit(number[i]))
            {
                return false;
            }

            var digit = (number[i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }
}
