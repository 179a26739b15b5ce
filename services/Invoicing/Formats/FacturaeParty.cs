using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A seller or buyer as Facturae identifies it: an individual or an entity, resident or not, with an address.</summary>
internal sealed record FacturaeParty
{
    private const int LongestName = 80;
    private const int LongestPart = 40;

    /// <summary>TaxIdentificationNumber; another Member State's carries its country's letters.</summary>
    public required string TaxId { get; init; }

    /// <summary>ResidenceTypeCode.</summary>
    public required string Residence { get; init; }

    /// <summary>PartyIdentification: the seller's own number for a buyer, where it is one of at most ten digits.</summary>
    public string? Number { get; init; }

    /// <summary>An individual's name and surnames (PersonTypeCode F).</summary>
    public PersonName? Person { get; init; }

    /// <summary>An entity's name (PersonTypeCode J).</summary>
    public required string Name { get; init; }

    /// <summary>TradeName.</summary>
    public string? TradeName { get; init; }

    /// <summary>What of the registry data fits where Facturae keeps it.</summary>
    public string? Registry { get; init; }

    /// <summary>Street and number.</summary>
    public required string Street { get; init; }

    /// <summary>PostCode in Spain, PostCodeAndTown elsewhere.</summary>
    public required string PostCode { get; init; }

    /// <summary>Town.</summary>
    public required string Town { get; init; }

    /// <summary>Province.</summary>
    public required string Province { get; init; }

    /// <summary>CountryCode: three letters.</summary>
    public required string Country { get; init; }

    /// <summary>Whether the address is AddressInSpain.</summary>
    public required bool IsInSpain { get; init; }

    /// <summary>ContactPersons: who the seller is known as (BT-41).</summary>
    public string? Contact { get; init; }

    /// <summary>Telephone.</summary>
    public string? Phone { get; init; }

    /// <summary>ElectronicMail.</summary>
    public string? Email { get; init; }

    /// <summary>The party, or why Facturae cannot name it.</summary>
    public static Outcome<FacturaeParty> Of(InvoiceParty party, string path)
    {
        if (party.TaxId is not { Length: >= 3 and <= 30 } taxId)
        {
            return FacturaeFaults.NoBuyer.At($"{path}.taxId");
        }

        if (party.Address is not { } address || !IsWhole(address))
        {
            return FacturaeFaults.NoAddress.At($"{path}.address", party.Name);
        }

        if (FacturaeCodes.Country(address.Country) is not { } country)
        {
            return FacturaeFaults.NotListed.At($"{path}.address.country", address.Country);
        }

        var isInSpain = address.Country == "ES";
        var nif = NifOf(party, taxId);
        PersonName? person = null;
        if (IsPerson(party, nif))
        {
            person = PersonName.Of(party.Name, hasTwoSurnames: isInSpain);
            if (person is null)
            {
                return FacturaeFaults.NoSurname.At($"{path}.name", party.Name);
            }

            if (Math.Max(Math.Max(person.Name.Length, person.FirstSurname.Length), person.SecondSurname?.Length ?? 0) > LongestPart)
            {
                return FacturaeFaults.TooLong.At($"{path}.name", party.Name, LongestPart);
            }
        }
        else if (party.Name.Length > LongestName)
        {
            return FacturaeFaults.TooLong.At($"{path}.name", party.Name, LongestName);
        }

        var code = address.PostalCode!.Trim();
        return new FacturaeParty
        {
            TaxId = nif ?? taxId,
            Residence = FacturaeCodes.Residence(address.Country),
            Number = party.CustomerId?.Value is { Length: <= 10 } number && number.All(char.IsAsciiDigit) ? number : null,
            Person = person,
            Name = party.Name,
            TradeName = Cut(party.TradeName, 40),
            Registry = party.RegistryData is { Length: <= 20 } registry && person is null ? registry : null,
            Street = Cut(string.Join(", ", new[] { address.Line1, address.Line2 }.Where(each => !string.IsNullOrWhiteSpace(each))), 80)!,
            PostCode = isInSpain ? code : Cut($"{code} {address.City!.Trim()}", 50)!,
            Town = Cut(address.City!.Trim(), 50)!,
            Province = Cut(
                !string.IsNullOrWhiteSpace(address.Region) ? address.Region.Trim()
                    : isInSpain ? FacturaeCodes.Province(code) ?? address.City.Trim()
                    : address.City.Trim(),
                20
            )!,
            Country = country,
            IsInSpain = isInSpain,
            Contact = path == "seller" ? Cut(party.TradeName is { Length: > 0 } trade ? trade : party.Name, 40) : null,
            Phone =
                party.Phone is not { } phone ? null
                : phone.Length <= 15 ? phone
                : phone.Replace(" ", "", StringComparison.Ordinal) is { Length: <= 15 } dense ? dense
                : null,
            Email = party.Email is { Length: <= 60 } email ? email : null,
        };
    }

    /// <summary>A text that ends where its field does; no character is cut in two.</summary>
    public static string? Cut(string? text, int most) =>
        text is null || text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private static bool IsWhole(Address address) =>
        !string.IsNullOrWhiteSpace(address.Line1)
        && !string.IsNullOrWhiteSpace(address.City)
        && !string.IsNullOrWhiteSpace(address.PostalCode)
        && (address.Country != "ES" || (address.PostalCode.Trim() is { Length: 5 } code && code.All(char.IsAsciiDigit)));

    /// <summary>A Spanish identifier without the country's letters; null where it is another country's.</summary>
    private static string? NifOf(InvoiceParty party, string taxId) =>
        party.TaxIdType is null or TaxIdType.Nif ? taxId
        : party.TaxIdType == TaxIdType.Vat && taxId.StartsWith("ES", StringComparison.Ordinal) ? taxId[2..]
        : null;

    private static bool IsPerson(InvoiceParty party, string? nif) =>
        nif is not null ? FacturaeCodes.IsPerson(nif) : party.TaxIdType != TaxIdType.Vat && party.Business != true;
}
