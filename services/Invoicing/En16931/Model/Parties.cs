namespace RetailInvoicing.Invoicing.En16931.Model;

/// <summary>BG-5, BG-8, BG-12 and BG-15: a postal address.</summary>
public sealed record PostalAddress
{
    /// <summary>BT-35, BT-50, BT-64, BT-75: street and number.</summary>
    public string? Line1 { get; init; }

    /// <summary>BT-36, BT-51, BT-65, BT-76: more of it.</summary>
    public string? Line2 { get; init; }

    /// <summary>BT-162, BT-163, BT-164, BT-165: more of it.</summary>
    public string? Line3 { get; init; }

    /// <summary>BT-37, BT-52, BT-66, BT-77: the town.</summary>
    public string? City { get; init; }

    /// <summary>BT-38, BT-53, BT-67, BT-78: the postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>BT-39, BT-54, BT-68, BT-79: the province or the like.</summary>
    public string? Region { get; init; }

    /// <summary>BT-40, BT-55, BT-69, BT-80: the country (ISO 3166-1).</summary>
    public string? Country { get; init; }
}

/// <summary>BG-6 and BG-9: whom to ask.</summary>
public sealed record Contact
{
    /// <summary>BT-41, BT-56: a person or department.</summary>
    public string? Name { get; init; }

    /// <summary>BT-42, BT-57: its telephone.</summary>
    public string? Telephone { get; init; }

    /// <summary>BT-43, BT-58: its e-mail address.</summary>
    public string? Email { get; init; }
}

/// <summary>BG-4: who sells.</summary>
public sealed record Seller
{
    /// <summary>BT-27: its full name in the register.</summary>
    public string? Name { get; init; }

    /// <summary>BT-28: the name it trades under.</summary>
    public string? TradingName { get; init; }

    /// <summary>BT-29: identifiers, such as a GLN; the one of scheme SEPA is BT-90's.</summary>
    public IReadOnlyList<Identifier> Identifiers { get; init; } = [];

    /// <summary>BT-30: its number in the official register.</summary>
    public Identifier? LegalRegistration { get; init; }

    /// <summary>BT-31: its VAT identifier, with the country before it.</summary>
    public string? VatIdentifier { get; init; }

    /// <summary>BT-32: its local tax number.</summary>
    public string? TaxRegistration { get; init; }

    /// <summary>BT-33: what the law wants said of it, such as its capital.</summary>
    public string? AdditionalLegalInformation { get; init; }

    /// <summary>BT-34: where documents reach it electronically.</summary>
    public Identifier? ElectronicAddress { get; init; }

    /// <summary>BG-5: its address.</summary>
    public PostalAddress? Address { get; init; }

    /// <summary>BG-6: whom to ask there.</summary>
    public Contact? Contact { get; init; }
}

/// <summary>BG-7: who buys.</summary>
public sealed record Buyer
{
    /// <summary>BT-44: its full name.</summary>
    public string? Name { get; init; }

    /// <summary>BT-45: the name it trades under.</summary>
    public string? TradingName { get; init; }

    /// <summary>BT-46: its identifier.</summary>
    public Identifier? Identifier { get; init; }

    /// <summary>BT-47: its number in the official register.</summary>
    public Identifier? LegalRegistration { get; init; }

    /// <summary>BT-48: its VAT identifier.</summary>
    public string? VatIdentifier { get; init; }

    /// <summary>BT-49: where documents reach it electronically.</summary>
    public Identifier? ElectronicAddress { get; init; }

    /// <summary>BG-8: its address.</summary>
    public PostalAddress? Address { get; init; }

    /// <summary>BG-9: whom to ask there.</summary>
    public Contact? Contact { get; init; }
}

/// <summary>BG-10: who is paid, where it is not the seller.</summary>
public sealed record Payee
{
    /// <summary>BT-59: its name.</summary>
    public string? Name { get; init; }

    /// <summary>BT-60: its identifier.</summary>
    public Identifier? Identifier { get; init; }

    /// <summary>BT-61: its number in the official register.</summary>
    public Identifier? LegalRegistration { get; init; }
}

/// <summary>BG-11: who answers for the seller's VAT.</summary>
public sealed record TaxRepresentative
{
    /// <summary>BT-62: its name.</summary>
    public string? Name { get; init; }

    /// <summary>BT-63: its VAT identifier.</summary>
    public string? VatIdentifier { get; init; }

    /// <summary>BG-12: its address.</summary>
    public PostalAddress? Address { get; init; }
}

/// <summary>BG-13: where and when goods and services were delivered.</summary>
public sealed record Delivery
{
    /// <summary>BT-70: to whom.</summary>
    public string? PartyName { get; init; }

    /// <summary>BT-71: the place's identifier.</summary>
    public Identifier? Location { get; init; }

    /// <summary>BT-72: the day.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>BG-15: the place's address.</summary>
    public PostalAddress? Address { get; init; }
}
