using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What an operator may set of VERI*FACTU (configuration section Verifactu).</summary>
public sealed class VerifactuOptions
{
    /// <summary>The company that answers for this program (declaración responsable); the seller itself where none is named.</summary>
    public string? ProducerName { get; set; }

    /// <summary>Its NIF.</summary>
    public string? ProducerNif { get; set; }

    /// <summary>The producer is a person, not a company.</summary>
    public bool ProducerIsPerson { get; set; }

    /// <summary>The producer's whole postal address, in lines.</summary>
    public IList<string> ProducerAddress { get; } = [];

    /// <summary>Other ways to reach the producer: telephone, mail.</summary>
    public IList<string> ProducerContacts { get; } = [];

    /// <summary>The producer on the web.</summary>
    public IList<string> ProducerLinks { get; } = [];

    /// <summary>The day the producer signed the declaration of this version.</summary>
    public DateOnly? DeclaredOn { get; set; }

    /// <summary>The town and country it was signed in.</summary>
    public string? DeclaredAt { get; set; }

    /// <summary>NombreSistemaInformatico, at most 30 characters.</summary>
    public string SystemName { get; set; } = "RetailInvoicing";

    /// <summary>IdSistemaInformatico: two capital letters or digits, the producer's own.</summary>
    public string SystemId { get; set; } = "RI";

    /// <summary>From when companies must keep such records (RD 1007/2023, fourth final provision); a postponement is a new date here.</summary>
    public DateOnly CompaniesFrom { get; set; } = new(2027, 1, 1);

    /// <summary>From when everyone else must.</summary>
    public DateOnly OthersFrom { get; set; } = new(2027, 7, 1);

    /// <summary>The agency's service for sellers whose environment is test; where there is none their records wait.</summary>
    public Uri? TestAddress { get; set; }

    /// <summary>The agency's service for sellers in production; where there is none their records wait.</summary>
    public Uri? ProductionAddress { get; set; }

    /// <summary>PEM file of an authority to trust at the test address beside the machine's own: the simulator's.</summary>
    public string? TestAuthority { get; set; }

    /// <summary>Version of the system, as its records name it.</summary>
    public static string Version { get; } = typeof(VerifactuOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The declaration of the system; where no producer is named it says so, and who has to name one.</summary>
    public ResponsibleDeclaration Declaration(string installation) =>
        ResponsibleDeclaration.For(
            new DeclaredSystem
            {
                System = new InvoicingSystem
                {
                    ProducerName = ProducerName ?? "",
                    ProducerNif = ProducerNif ?? "",
                    Name = SystemName,
                    Id = SystemId,
                    Version = Version,
                    Installation = installation,
                },
                IsPerson = ProducerIsPerson,
                Address = [.. ProducerAddress],
                SignedOn = DeclaredOn,
                SignedAt = DeclaredAt,
                Contacts = [.. ProducerContacts],
                Links = [.. ProducerLinks],
                Description = SystemDescription.Spanish,
                DescriptionInEnglish = SystemDescription.English,
                Compliance = SystemDescription.Compliance,
                ComplianceInEnglish = SystemDescription.ComplianceInEnglish,
            }
        );

    internal InvoicingSystem SystemOf(InvoiceParty seller, NextPlace? place) =>
        new()
        {
            ProducerName = ProducerName ?? seller.Name,
            ProducerNif = ProducerNif ?? seller.TaxId ?? "",
            Name = SystemName,
            Id = SystemId,
            Version = Version,
            Installation = place?.Installation ?? "",
            SeveralTaxpayers = place?.SeveralTaxpayers ?? false,
        };
}
