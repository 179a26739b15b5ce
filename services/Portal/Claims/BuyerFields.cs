using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Doors;
using Address = RetailInvoicing.Contracts.Grpc.Invoicing.Address;

namespace RetailInvoicing.Portal.Claims;

/// <summary>Whom an invoice is to be made out to, as someone types it.</summary>
public sealed record BuyerFields
{
    private const int Longest = 200;

    /// <summary>Name or company.</summary>
    public string Name { get; init; } = "";

    /// <summary>Tax identifier.</summary>
    public string TaxId { get; init; } = "";

    /// <summary>Street and number.</summary>
    public string Line1 { get; init; } = "";

    /// <summary>Floor and door.</summary>
    public string Line2 { get; init; } = "";

    /// <summary>Postal code.</summary>
    public string PostalCode { get; init; } = "";

    /// <summary>Town.</summary>
    public string City { get; init; } = "";

    /// <summary>Province.</summary>
    public string Region { get; init; } = "";

    /// <summary>Whether it buys as a business.</summary>
    public bool Business { get; init; }

    /// <summary>The form's fields.</summary>
    public static BuyerFields In(Form form)
    {
        string Text(string name) => (form[name] ?? "").Trim() is { Length: <= Longest } text && !text.Any(char.IsControl) ? text : "";
        return new BuyerFields
        {
            Name = Text("name"),
            TaxId = Text("nif"),
            Line1 = Text("line1"),
            Line2 = Text("line2"),
            PostalCode = Text("postal"),
            City = Text("city"),
            Region = Text("region"),
            Business = form["business"] is not null,
        };
    }

    /// <summary>As an invoice has it.</summary>
    public static BuyerFields Of(InvoiceParty party) =>
        new()
        {
            Name = party.Name,
            TaxId = party.TaxId ?? "",
            Line1 = party.Address?.Line1 ?? "",
            Line2 = party.Address?.Line2 ?? "",
            PostalCode = party.Address?.PostalCode ?? "",
            City = party.Address?.City ?? "",
            Region = party.Address?.Region ?? "",
            Business = party.Business == true,
        };

    /// <summary>As Invoicing is asked; nothing where nothing was typed.</summary>
    public Buyer Asked(string language)
    {
        var address = new Address { Country = "ES" };
        void Set(string text, Action<string> set)
        {
            if (text.Length > 0)
            {
                set(text);
            }
        }

        Set(Line1, text => address.Line1 = text);
        Set(Line2, text => address.Line2 = text);
        Set(PostalCode, text => address.PostalCode = text);
        Set(City, text => address.City = text);
        Set(Region, text => address.Region = text);
        var buyer = new Buyer { Business = Business, Language = language };
        Set(Name, text => buyer.Name = text);
        Set(TaxId, text => buyer.TaxId = text);
        if (Line1.Length + PostalCode.Length + City.Length > 0)
        {
            buyer.Address = address;
        }

        return buyer;
    }
}
