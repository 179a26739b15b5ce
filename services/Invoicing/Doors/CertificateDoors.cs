using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>What is answered about the certificate that a seller's invoices are signed with; to the admin, and to the seller itself.</summary>
internal static class CertificateDoors
{
    /// <summary>201 where it is the seller's first, 200 where it takes another's place; never the key or the password.</summary>
    public static async Task<IResult> Keep(
        string sellerId,
        Caller? caller,
        Body<CertificateRequest> body,
        HttpRequest request,
        KeepCertificate keep,
        CancellationToken cancellationToken
    )
    {
        if (Who(sellerId, caller, out var refused) is not { } id)
        {
            return refused!;
        }

        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        var outcome = await keep.KeepAsync(id, body.Content.Value, request.Headers.AcceptLanguage, cancellationToken);
        return outcome.ToResult(answer =>
            Results.Json(
                answer.Certificate,
                Wire.Tolerant,
                statusCode: answer.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK
            )
        );
    }

    /// <summary>The certificate; 404 where the seller has none.</summary>
    public static async Task<IResult> Get(
        string sellerId,
        Caller? caller,
        HttpRequest request,
        GetCertificate certificates,
        CancellationToken cancellationToken
    )
    {
        if (Who(sellerId, caller, out var refused) is not { } id)
        {
            return refused!;
        }

        return await certificates.GetAsync(id, request.Headers.AcceptLanguage, cancellationToken) is { } kept
            ? Results.Json(kept, Wire.Tolerant)
            : CertificateFaults.None.With().ToResult();
    }

    /// <summary>The seller, where the caller is the admin or that seller.</summary>
    private static SellerId? Who(string sellerId, Caller? caller, out IResult? refused)
    {
        var isSound = SellerId.TryParse(sellerId, out var id);
        var isOwn = caller is null || (isSound && caller.SellerId == id);
        refused =
            !isOwn ? DoorFaults.NoScope.With().ToResult()
            : !isSound ? InvoicingFaults.NoSeller.With().ToResult()
            : null;
        return refused is null ? id : null;
    }
}
