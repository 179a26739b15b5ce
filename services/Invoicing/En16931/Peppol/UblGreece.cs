using System.Text.RegularExpressions;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>
/// Rules for Greek sellers' UBL documents: the invoice number is made of six parts, and the tax authority's mark and address stand with
/// additional documents.
/// </summary>
internal static partial class UblGreece
{
    private const string Mark = "##M.AR.K##";
    private const string Address = "##INVOICE|URL##";

    public static void Add(Places places)
    {
        places.At(Cac.Party, Party);
        places.At(Cbc.CompanyID, SellersVat);
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.AdditionalDocumentReference, Reference);
        places.At(Cbc.EndpointID, ElectronicAddress);
    }

    /// <summary>BT-1: tax identification number, day, branch, type of document, series and number, between bars.</summary>
    private static void Number(Node at, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> sellers, Node issueDate, Findings found)
    {
        // More parts than seven are not told apart: six are right.
        Span<Range> parts = stackalloc Range[7];
        var number = at.Text;
        var count = number.IsEmpty ? 0 : number.Split(parts, '|');
        var first = Part(number, parts, count, 1);
        found.Check("GR-R-001-1", at, count == 6);
        found.Check("GR-R-001-2", at, first.Length == 9 && CheckDigits.IsGreek(first) && sellers.Contains(first));
        found.Check("GR-R-001-3", at, IsDayOfIssue(Part(number, parts, count, 2), issueDate.Text));
        found.Check("GR-R-001-4", at, IsBranch(Part(number, parts, count, 3)));
        found.Check("GR-R-001-5", at, Part(number, parts, count, 4) is "1.1" or "1.6" or "2.1" or "2.4" or "5.1" or "5.2");
        found.Check("GR-R-001-6", at, !Part(number, parts, count, 5).IsEmpty);
        found.Check("GR-R-001-7", at, !Part(number, parts, count, 6).IsEmpty);
    }

    /// <summary>The tax numbers of the sellers and their representatives, without their country.</summary>
    private static HashSet<string> NumbersOf(Node document)
    {
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seller in document.All(Cac.AccountingSupplierParty))
        {
            foreach (var party in seller.All(Cac.Party))
            {
                AddNumbers(party, numbers);
            }
        }

        foreach (var representative in document.All(Cac.TaxRepresentativeParty))
        {
            AddNumbers(representative, numbers);
        }

        return numbers;
    }

    private static void AddNumbers(Node party, HashSet<string> numbers)
    {
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (scheme.Says(Cac.TaxScheme, Cbc.ID, "VAT"))
            {
                numbers.Add(XPath.Part(scheme[Cbc.CompanyID].Text, 3, 9).ToString());
            }
        }
    }

    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> number, ReadOnlySpan<Range> parts, int count, int nth) =>
        nth <= count ? number[parts[nth - 1]] : default;

    /// <summary>Day, month and year of the issue date (BT-2), between slashes.</summary>
    private static bool IsDayOfIssue(ReadOnlySpan<char> part, ReadOnlySpan<char> issueDate)
    {
        if (issueDate.IsEmpty || part.Trim(" \t\r\n").IsEmpty || !Day().IsMatch(part))
        {
            return false;
        }

        Span<Range> ours = stackalloc Range[4];
        Span<Range> theirs = stackalloc Range[4];
        return part.Split(ours, '/') >= 3
            && issueDate.Split(theirs, '-') >= 3
            && part[ours[0]].SequenceEqual(issueDate[theirs[2]])
            && part[ours[1]].SequenceEqual(issueDate[theirs[1]])
            && part[ours[2]].SequenceEqual(issueDate[theirs[0]]);
    }

    [GeneratedRegex(@"\A(0?[1-9]|[12][0-9]|3[01])[-\\/ ]?(0?[1-9]|1[0-2])[-\\/ ]?(19|20)[0-9]{2}", RegexOptions.ExplicitCapture)]
    private static partial Regex Day();

    private static bool IsBranch(ReadOnlySpan<char> part) => XPath.IsInteger(part) && XPath.Number(part) >= 0;

    private static void Party(Node at, Findings found)
    {
        var parties = found.Parties!;
        if (!parties.IsSellerGreek)
        {
            return;
        }

        var isNamed = !at[Cac.PartyName, Cbc.Name].Text.IsEmpty;
        if (at.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("GR-R-002", at, isNamed);
            found.Check("GR-S-011", at, HasOneVat(at));
        }
        else if (at.Parent.Is(Cac.AccountingCustomerParty))
        {
            found.Check("GR-R-005", at, isNamed);
            if (parties.AreGreek)
            {
                found.Check("GR-R-006", at, HasOneVat(at));
            }
        }
    }

    private static bool HasOneVat(Node party)
    {
        var (count, vat) = (0, default(Node));
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (scheme[Cac.TaxScheme, Cbc.ID].Is("VAT"))
            {
                foreach (var id in scheme.All(Cbc.CompanyID))
                {
                    (count, vat) = (count + 1, id);
                }
            }
        }

        return count == 1 && IsVat(vat.Text);
    }

    private static bool IsVat(ReadOnlySpan<char> identifier) => identifier is ['E', 'L', ..] && CheckDigits.IsGreek(identifier[2..]);

    private static void SellersVat(Node at, Findings found)
    {
        var scheme = at.Parent;
        if (
            found.Parties!.IsSellerGreek
            && scheme.Is(Cac.PartyTaxScheme)
            && scheme.Parent.Is(Cac.Party)
            && scheme.Parent.Parent.Is(Cac.AccountingSupplierParty)
            && scheme.Only(Cac.TaxScheme, Cbc.ID).Is("VAT")
        )
        {
            found.Check("GR-R-003", at, IsVat(at.Text));
        }
    }

    private static void Document(Node at, Findings found)
    {
        var parties = found.Parties!;
        if (at.Parent.Exists || !parties.IsSellerGreek)
        {
            return;
        }

        var sellers = NumbersOf(at).GetAlternateLookup<ReadOnlySpan<char>>();
        var issueDate = at[Cbc.IssueDate];
        foreach (var number in at.All(Cbc.ID))
        {
            Number(number, sellers, issueDate, found);
        }

        if (!parties.HasGreekAddress)
        {
            return;
        }

        var (marks, addresses) = (0, 0);
        foreach (var reference in at.All(Cac.AdditionalDocumentReference))
        {
            marks += reference.Says(Cbc.DocumentDescription, Mark) ? 1 : 0;
            addresses += reference.Says(Cbc.DocumentDescription, Address) ? 1 : 0;
        }

        found.Check("GR-R-004-1", at, marks == 1);
        found.Check("GR-S-008-1", at, addresses == 1);
        found.Check("GR-R-008-2", at, addresses <= 1);
    }

    private static void Reference(Node at, Findings found)
    {
        var parties = found.Parties!;
        if (!parties.IsSellerGreek)
        {
            return;
        }

        if (parties.HasGreekAddress && at.Says(Cbc.DocumentDescription, Mark))
        {
            foreach (var id in at.All(Cbc.ID))
            {
                found.Check("GR-R-004-2", id, id.Text is [>= '1' and <= '9', ..]);
            }
        }

        if (at.Says(Cbc.DocumentDescription, Address))
        {
            found.Check("GR-R-008-3", at, at[Cac.Attachment, Cac.ExternalReference, Cbc.URI].HasText);
        }
    }

    private static void ElectronicAddress(Node at, Findings found)
    {
        var (parties, party) = (found.Parties!, at.Parent);
        if (!party.Is(Cac.Party))
        {
            return;
        }

        if (party.Parent.Is(Cac.AccountingSupplierParty) && parties.SellerAlone is Country.GR or Country.EL)
        {
            found.Check("GR-R-009", at, IsElectronicAddress(at));
        }
        else if (party.Parent.Is(Cac.AccountingCustomerParty) && parties.AreGreek)
        {
            found.Check("GR-R-010", at, IsElectronicAddress(at));
        }
    }

    private static bool IsElectronicAddress(Node at) => at.Attribute(Attributes.SchemeID) is "9933" && CheckDigits.IsGreek(at.Text);
}
