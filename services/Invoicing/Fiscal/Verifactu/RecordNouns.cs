using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>Our nouns of read records; none where a record says something that they have no place for, or lacks what they need.</summary>
internal sealed class RecordNouns
{
    private readonly HashSet<XElement> _read = [];
    private bool _isWhole = true;

    /// <summary>RegistroAlta.</summary>
    public static RegistrationRecord? Registration(RecordElement record)
    {
        var nouns = new RecordNouns();
        var noun = nouns.ToRegistration(record);
        return nouns._isWhole && nouns.HasRead(record.Element!) ? noun : null;
    }

    /// <summary>RegistroAnulacion.</summary>
    public static CancellationRecord? Cancellation(RecordElement record)
    {
        var nouns = new RecordNouns();
        var noun = new CancellationRecord
        {
            Invoice = nouns.Invoice(nouns.At(record, "IDFactura"), "Anulada"),
            WithoutPriorRecord = nouns.Flag(record, "SinRegistroPrevio"),
            PriorRejection = nouns.Flag(record, "RechazoPrevio"),
            Preceding = nouns.Preceding(nouns.At(record, "Encadenamiento")),
            System = nouns.System(nouns.At(record, "SistemaInformatico")),
            RecordedAt = nouns.Instant(record),
        };
        return nouns._isWhole && nouns.HasRead(record.Element!) ? noun : null;
    }

    private RegistrationRecord ToRegistration(RecordElement record)
    {
        var corrected = At(record, "ImporteRectificacion");
        return new RegistrationRecord
        {
            Invoice = Invoice(At(record, "IDFactura"), ""),
            SellerName = Needed(record, "NombreRazonEmisor"),
            Amends = Flag(record, "Subsanacion"),
            PriorRejection = Code(record, "RechazoPrevio") switch
            {
                "S" => PriorRejection.Amendment,
                "X" => PriorRejection.Unregistered,
                null or "N" => PriorRejection.None,
                _ => Broken<PriorRejection>(),
            },
            RecordType = Needed(record, "TipoFactura"),
            Method = Code(record, "TipoRectificativa") switch
            {
                "I" => CorrectionMethod.Differences,
                "S" => CorrectionMethod.Substitution,
                null => null,
                _ => Broken<CorrectionMethod?>(),
            },
            Corrected = [.. Each(At(record, "FacturasRectificadas"), "IDFacturaRectificada").Select(each => Invoice(each, ""))],
            Replaced = [.. Each(At(record, "FacturasSustituidas"), "IDFacturaSustituida").Select(each => Invoice(each, ""))],
            CorrectedAmounts = corrected.Exists
                ? new CorrectedAmounts
                {
                    TaxableAmount = NeededAmount(corrected, "BaseRectificada"),
                    VatAmount = NeededAmount(corrected, "CuotaRectificada"),
                    SurchargeAmount = Amount(corrected, "CuotaRecargoRectificado"),
                }
                : null,
            OperationDate = At(record, "FechaOperacion").Exists ? Day(record, "FechaOperacion") : null,
            Description = Needed(record, "DescripcionOperacion"),
            Qualified = Flag(record, "FacturaSimplificadaArt7273"),
            Buyers = [.. Each(At(record, "Destinatarios"), "IDDestinatario").Select(Buyer)],
            Coupon = Flag(record, "Cupon"),
            Vat = [.. Each(At(record, "Desglose"), "DetalleDesglose").Select(Vat)],
            VatTotal = NeededAmount(record, "CuotaTotal"),
            TotalWithVat = NeededAmount(record, "ImporteTotal"),
            Preceding = Preceding(At(record, "Encadenamiento")),
            System = System(At(record, "SistemaInformatico")),
            RecordedAt = Instant(record),
        };
    }

    private RecordedInvoice Invoice(RecordElement at, string ending) =>
        new(Needed(at, $"IDEmisorFactura{ending}"), Needed(at, $"NumSerieFactura{ending}"), Day(at, $"FechaExpedicionFactura{ending}"));

    private PrecedingRecord? Preceding(RecordElement at)
    {
        var (isFirst, link) = (Flag(at, "PrimerRegistro"), At(at, "RegistroAnterior"));
        _isWhole &= isFirst != link.Exists;
        return link.Exists ? new PrecedingRecord(Invoice(link, ""), Needed(link, "Huella")) : null;
    }

    private RecordedPerson Buyer(RecordElement at)
    {
        var other = At(at, "IDOtro");
        return new RecordedPerson
        {
            Name = Needed(at, "NombreRazon"),
            Nif = Code(at, "NIF"),
            Other = other.Exists ? new OtherIdentifier(Code(other, "CodigoPais"), Needed(other, "IDType"), Needed(other, "ID")) : null,
        };
    }

    private RecordedVat Vat(RecordElement at) =>
        new()
        {
            // Where it is not said it is IVA.
            Tax = Code(at, "Impuesto") ?? "01",
            RegimeKey = Code(at, "ClaveRegimen"),
            Qualification = Code(at, "CalificacionOperacion"),
            ExemptionCause = Code(at, "OperacionExenta"),
            Rate = Amount(at, "TipoImpositivo"),
            TaxableAmount = NeededAmount(at, "BaseImponibleOimporteNoSujeto"),
            TaxableAmountAtCost = Amount(at, "BaseImponibleACoste"),
            VatAmount = Amount(at, "CuotaRepercutida"),
            SurchargeRate = Amount(at, "TipoRecargoEquivalencia"),
            SurchargeAmount = Amount(at, "CuotaRecargoEquivalencia"),
        };

    private InvoicingSystem System(RecordElement at) =>
        new()
        {
            ProducerName = Needed(at, "NombreRazon"),
            ProducerNif = Needed(at, "NIF"),
            Name = Needed(at, "NombreSistemaInformatico"),
            Id = Needed(at, "IdSistemaInformatico"),
            Version = Needed(at, "Version"),
            Installation = Needed(at, "NumeroInstalacion"),
            OnlyVerifactu = Flag(at, "TipoUsoPosibleSoloVerifactu"),
            SeveralTaxpayersPossible = Flag(at, "TipoUsoPosibleMultiOT"),
            SeveralTaxpayers = Flag(at, "IndicadorMultiplesOT"),
        };

    private DateTimeOffset Instant(RecordElement record) =>
        DateTimeOffset.TryParseExact(
            Needed(record, "FechaHoraHusoGenRegistro"),
            "yyyy-MM-dd'T'HH:mm:sszzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var instant
        )
            ? instant
            : Broken<DateTimeOffset>();

    private DateOnly Day(RecordElement at, string name) =>
        DateOnly.TryParseExact(Needed(at, name), "dd-MM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : Broken<DateOnly>();

    private decimal NeededAmount(RecordElement at, string name) => Amount(at, name) ?? Broken<decimal>();

    private decimal? Amount(RecordElement at, string name)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return Code(at, name) is not { } text ? null
            : decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var amount) ? amount
            : Broken<decimal?>();
    }

    private bool Flag(RecordElement at, string name) =>
        Code(at, name) switch
        {
            "S" => true,
            null or "N" => false,
            _ => Broken<bool>(),
        };

    private string Needed(RecordElement at, string name) => Code(at, name) ?? Broken<string>() ?? "";

    private string? Code(RecordElement at, string name)
    {
        At(at, name);
        return at.Maybe(name);
    }

    private IEnumerable<RecordElement> Each(RecordElement at, string name)
    {
        foreach (var each in at.All(name))
        {
            _read.Add(each);
            yield return new RecordElement(each);
        }
    }

    private RecordElement At(RecordElement at, string name)
    {
        var found = at[name];
        if (found.Element is { } element)
        {
            _read.Add(element);
        }

        return found;
    }

    private T? Broken<T>()
    {
        _isWhole = false;
        return default;
    }

    /// <summary>Whether nothing is left that says more than that it is not so.</summary>
    private bool HasRead(XElement record) =>
        record
            .Descendants()
            .All(each => _read.Contains(each) || each.Value == "N" || each.Name.LocalName is "IDVersion" or "TipoHuella" or "Huella");
}
