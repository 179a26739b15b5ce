using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Claims;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>Whom an invoice is made out to, as the office asks for it and as Invoicing is told.</summary>
public static class BuyerForm
{
    /// <summary>The fields, filled with what is known.</summary>
    public static IReadOnlyList<SheetField> Fields(AskOffice office, InvoiceParty? known = null)
    {
        var buyer = known is null ? new BuyerFields() : BuyerFields.Of(known);
        var group = office.Say("A nombre de", "Made out to");
        return
        [
            new SheetField("name", office.Say("Nombre o empresa", "Name or company")) { Value = buyer.Name, Group = group },
            new SheetField("nif", "NIF") { Value = buyer.TaxId, Group = group },
            new SheetField("business", office.Say("Es una empresa o profesional", "It is a business"))
            {
                Kind = "check",
                Value = buyer.Business ? "yes" : "",
                Group = group,
                Optional = true,
            },
            new SheetField("line1", office.Say("Calle y número", "Street and number"))
            {
                Value = buyer.Line1,
                Group = group,
                Optional = true,
                Hint = office.Say("La dirección es obligatoria si es una empresa.", "A business needs an address."),
            },
            new SheetField("line2", office.Say("Piso y puerta", "Floor and door"))
            {
                Value = buyer.Line2,
                Group = group,
                Optional = true,
            },
            new SheetField("postal", office.Say("Código postal", "Postal code"))
            {
                Value = buyer.PostalCode,
                Group = group,
                Optional = true,
            },
            new SheetField("city", office.Say("Población", "Town"))
            {
                Value = buyer.City,
                Group = group,
                Optional = true,
            },
            new SheetField("region", office.Say("Provincia", "Province"))
            {
                Value = buyer.Region,
                Group = group,
                Optional = true,
            },
            new SheetField("email", office.Say("Correo", "E-mail"))
            {
                Kind = "email",
                Value = known?.Email ?? "",
                Group = group,
                Optional = true,
            },
        ];
    }

    /// <summary>The buyer that was typed.</summary>
    public static JsonObject Of(BuyerFields typed, string? email)
    {
        var buyer = new JsonObject { ["name"] = typed.Name, ["taxId"] = typed.TaxId };
        if (typed.Business)
        {
            buyer["business"] = true;
        }

        if (!string.IsNullOrWhiteSpace(email))
        {
            buyer["email"] = email.Trim();
        }

        if (typed.Line1.Length + typed.PostalCode.Length + typed.City.Length > 0)
        {
            var address = new JsonObject { ["country"] = "ES" };
            foreach (
                var (name, text) in new[]
                {
                    ("line1", typed.Line1),
                    ("line2", typed.Line2),
                    ("postalCode", typed.PostalCode),
                    ("city", typed.City),
                    ("region", typed.Region),
                }
            )
            {
                if (text.Length > 0)
                {
                    address[name] = text;
                }
            }

            buyer["address"] = address;
        }

        return buyer;
    }
}
