using System.Text.Json.Serialization;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Simulators.TaxAgency.Books;

/// <summary>What the agency says of a record (EstadoRegistro).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordState>))]
internal enum RecordState
{
    Correcto,
    AceptadoConErrores,
    Incorrecto,
}

/// <summary>Where records of a taxpayer are kept apart: test and production, of one's own accord and on requirement.</summary>
internal sealed record Shelf(string Environment, Service Service, string Taxpayer);

/// <summary>A record as it was received and answered; a refused one, too, which is a link of its chain all the same.</summary>
internal sealed record KeptRecord
{
    public required long Sequence { get; init; }

    public required Shelf Shelf { get; init; }

    public required string System { get; init; }

    public required InvoiceKey Invoice { get; init; }

    public required bool IsRegistration { get; init; }

    public required string Kind { get; init; }

    public required RecordState State { get; init; }

    public int? Code { get; init; }

    public string? Fingerprint { get; init; }

    public Link? Previous { get; init; }

    public bool SaysFirst { get; init; }

    public string? Csv { get; init; }

    public required string RequestId { get; init; }

    public required string Presenter { get; init; }

    public string? Representative { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateOnly OperatedOn { get; init; }

    public string? Reference { get; init; }

    public IReadOnlyList<string> Recipients { get; init; } = [];

    public decimal TotalWithVat { get; init; }

    /// <summary>What the record adds to the taxpayer's declared VAT: nothing for an F3, the difference alone for a substitution.</summary>
    public decimal DeclaredVat { get; init; }

    /// <inheritdoc cref="DeclaredVat" />
    public decimal DeclaredTotal { get; init; }

    /// <summary>The record itself, in the journal alone: memory keeps where it stands there.</summary>
    public string? Xml { get; init; }

    [JsonIgnore]
    public (long Offset, int Length) At { get; init; }

    public bool IsAccepted => State != RecordState.Incorrecto;

    public static KeptRecord Of(SentRecord sent, Shelf shelf, RecordState state, int? code)
    {
        var amounts = Declared(sent);
        return new()
        {
            Sequence = 0,
            Shelf = shelf,
            System = sent.System,
            Invoice = sent.Invoice,
            IsRegistration = sent.IsRegistration,
            Kind = sent.IsRegistration ? sent.Kind : "",
            State = state,
            Code = code,
            Fingerprint = sent.Fingerprint,
            Previous = sent.Previous,
            SaysFirst = sent.SaysFirst,
            RequestId = "",
            Presenter = "",
            ReceivedAt = default,
            OperatedOn = sent.OperatedOn ?? default,
            Reference = sent.Text("RefExterna"),
            Recipients = [.. sent.Recipients.Select(each => each.Nif ?? each.Id ?? "")],
            TotalWithVat = sent.Amount("ImporteTotal") ?? 0,
            DeclaredVat = amounts.Vat,
            DeclaredTotal = amounts.Total,
        };
    }

    private static (decimal Vat, decimal Total) Declared(SentRecord sent)
    {
        if (!sent.IsRegistration || sent.Kind == "F3")
        {
            return (0, 0);
        }

        var isSubstitution = sent.Text("TipoRectificativa") == "S";
        decimal Replaced(string name) => isSubstitution ? sent.Amount("ImporteRectificacion", name) ?? 0 : 0;
        var vat = Replaced("CuotaRectificada") + Replaced("CuotaRecargoRectificado");
        return ((sent.Amount("CuotaTotal") ?? 0) - vat, (sent.Amount("ImporteTotal") ?? 0) - vat - Replaced("BaseRectificada"));
    }
}
