using RetailInvoicing.Invoicing.En16931.Model;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>The parts that a CII document has in several places.</summary>
internal sealed class CiiParts(XmlOutput xml)
{
    /// <summary>An element with one text inside; left out where there is none.</summary>
    public void Wrapped(ReadOnlySpan<byte> name, ReadOnlySpan<byte> inner, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            using var scope = xml.In(name);
            xml.Text(inner, text);
        }
    }

    /// <summary>A day, in the form that the binding wants (CII-DT-097).</summary>
    public void Day(ReadOnlySpan<byte> name, DateOnly? day) => Day(name, day, "udt:DateTimeString"u8);

    /// <inheritdoc cref="Day(ReadOnlySpan{byte}, DateOnly?)"/>
    public void Day(ReadOnlySpan<byte> name, DateOnly? day, ReadOnlySpan<byte> type)
    {
        if (day is not null)
        {
            using var scope = xml.In(name);
            xml.Date(type, day, "yyyyMMdd", "format"u8, "102");
        }
    }

    /// <summary>BG-14, BG-26.</summary>
    public void Period(Period? period)
    {
        if (period is not null)
        {
            using var scope = xml.In("ram:BillingSpecifiedPeriod"u8);
            Day("ram:StartDateTime"u8, period.Start);
            Day("ram:EndDateTime"u8, period.End);
        }
    }

    /// <summary>A document that is cited by its number.</summary>
    public void Reference(ReadOnlySpan<byte> name, string? id) => Wrapped(name, "ram:IssuerAssignedID"u8, id);

    /// <summary>A reference of a type of its own: BT-17, BT-18, BT-128.</summary>
    public void Additional(Identifier reference, string type)
    {
        using var scope = xml.In("ram:AdditionalReferencedDocument"u8);
        xml.Text("ram:IssuerAssignedID"u8, reference.Value);
        xml.Text("ram:TypeCode"u8, type);
        xml.Text("ram:ReferenceTypeCode"u8, reference.Scheme);
    }

    /// <summary>A party's identifier: one of a scheme is a GlobalID.</summary>
    public void Identifier(Identifier? identifier)
    {
        if (identifier is not null)
        {
            xml.Text(identifier.Scheme is null ? "ram:ID"u8 : "ram:GlobalID"u8, identifier.Value, "schemeID"u8, identifier.Scheme);
        }
    }

    /// <summary>BT-30 and BT-28, BT-47 and BT-45, BT-61.</summary>
    public void Legal(Identifier? registration, string? tradingName)
    {
        if (registration is not null || tradingName is not null)
        {
            using var scope = xml.In("ram:SpecifiedLegalOrganization"u8);
            xml.Text("ram:ID"u8, registration?.Value, "schemeID"u8, registration?.Scheme);
            xml.Text("ram:TradingBusinessName"u8, tradingName);
        }
    }

    /// <summary>BG-6, BG-9.</summary>
    public void Contact(Contact? contact)
    {
        if (contact is not null)
        {
            using var scope = xml.In("ram:DefinedTradeContact"u8);
            xml.Text("ram:PersonName"u8, contact.Name);
            Wrapped("ram:TelephoneUniversalCommunication"u8, "ram:CompleteNumber"u8, contact.Telephone);
            Wrapped("ram:EmailURIUniversalCommunication"u8, "ram:URIID"u8, contact.Email);
        }
    }

    /// <summary>BG-5, BG-8, BG-12, BG-15.</summary>
    public void Address(PostalAddress? address)
    {
        if (address is null)
        {
            return;
        }

        using var scope = xml.In("ram:PostalTradeAddress"u8);
        xml.Text("ram:PostcodeCode"u8, address.PostalCode);
        xml.Text("ram:LineOne"u8, address.Line1);
        xml.Text("ram:LineTwo"u8, address.Line2);
        xml.Text("ram:LineThree"u8, address.Line3);
        xml.Text("ram:CityName"u8, address.City);
        xml.Text("ram:CountryID"u8, address.Country);
        xml.Text("ram:CountrySubDivisionName"u8, address.Region);
    }

    /// <summary>BT-34, BT-49.</summary>
    public void Communication(Identifier? address)
    {
        if (address is not null)
        {
            using var scope = xml.In("ram:URIUniversalCommunication"u8);
            xml.Text("ram:URIID"u8, address.Value, "schemeID"u8, address.Scheme);
        }
    }

    /// <summary>BT-31, BT-32, BT-48, BT-63: VA is for VAT, FC for another tax.</summary>
    public void Registration(string? id, string scheme)
    {
        if (id is not null)
        {
            using var scope = xml.In("ram:SpecifiedTaxRegistration"u8);
            xml.Text("ram:ID"u8, id, "schemeID"u8, scheme);
        }
    }

    /// <summary>The category and rate of VAT.</summary>
    public void Tax(ReadOnlySpan<byte> name, string? category, decimal? rate)
    {
        using var scope = xml.In(name);
        xml.Text("ram:TypeCode"u8, "VAT");
        xml.Text("ram:CategoryCode"u8, category);
        xml.Number("ram:RateApplicablePercent"u8, rate);
    }

    /// <summary>What BG-20, BG-21, BG-27 and BG-28 have in common.</summary>
    public void Reduction(string indicator, decimal? percentage, decimal? of, decimal amount, string? reasonCode, string? reason)
    {
        Wrapped("ram:ChargeIndicator"u8, "udt:Indicator"u8, indicator);
        xml.Number("ram:CalculationPercent"u8, percentage);
        xml.Number("ram:BasisAmount"u8, of);
        xml.Number("ram:ActualAmount"u8, amount);
        xml.Text("ram:ReasonCode"u8, reasonCode);
        xml.Text("ram:Reason"u8, reason);
    }
}
