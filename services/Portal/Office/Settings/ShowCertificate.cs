using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The certificate that the seller's invoices are signed with: whose, until when, and putting another in its place.</summary>
public sealed class ShowCertificate
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCertificate));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Keeps the one that was sent; its key and password go to Invoicing, which seals them, and are never shown.</summary>
    public Task<IResult> KeepAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                if (office.Http.Request.Form.Files.GetFile("file") is not { Length: > 0 and <= MostBytes } file)
                {
                    return OfficeMoneyFaults.NoFile.With();
                }

                using var content = new MemoryStream();
                await file.CopyToAsync(content, office.Http.RequestAborted);
                var done = await office.SendAsync(
                    HttpMethod.Put,
                    "invoicing",
                    $"/v1/sellers/{office.Seller}/certificate",
                    new JsonObject { ["pkcs12"] = Convert.ToBase64String(content.ToArray()), ["password"] = form["password"] ?? "" }
                );
                return done.Refused(out var refused) ? refused : office.Link("/settings/certificate?done=saved");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("invoicing", $"/v1/sellers/{office.Seller}/certificate");
        if (answer.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
        {
            return fault;
        }

        return new Sheet(
            office.Say("Certificado", "Certificate"),
            SettingsWords.Section,
            [
                answer.Fault is null ? Kept(office, answer.Value) : None(office),
                new FormsPart(
                    office.Say("Poner otro", "Put another"),
                    [
                        new SheetForm(
                            office.Link("/settings/certificate"),
                            office.Say("Guardar el certificado", "Keep the certificate"),
                            [
                                new SheetField("file", office.Say("Archivo .p12 o .pfx", ".p12 or .pfx file")) { Kind = "file" },
                                new SheetField("password", office.Say("Contraseña", "Password")) { Kind = "password", Optional = true },
                            ]
                        )
                        {
                            HasFile = true,
                            Asks = office.Say(
                                "Se guarda sellado; la clave y la contraseña no vuelven a mostrarse. Su falta nunca impide facturar.",
                                "It is kept sealed; key and password are never shown again. Its lack never stops issuing."
                            ),
                        },
                    ]
                ),
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, "certificate"),
        };
    }

    private static FactsPart Kept(AskOffice office, JsonNode certificate) =>
        new(
            certificate.Is("valid") ? office.Say("En vigor", "Valid") : office.Say("No vale", "Not valid"),
            [
                new(office.Say("De quién", "Whose"), certificate.Text("subject") ?? ""),
                new(office.Say("Emitido por", "Issued by"), certificate.Text("issuer") ?? ""),
                new("NIF", certificate.Joined("taxIds")),
                new(office.Say("Vale hasta", "Valid until"), office.At(certificate.Instant("validUntil"))),
                new(office.Say("Huella", "Fingerprint"), certificate.Text("fingerprint") ?? ""),
                .. certificate
                    .List("warnings")
                    .Select(warning => new SheetFact(office.Say("Aviso", "Warning"), warning.Text("detail") ?? "")),
            ]
        );

    private static TextPart None(AskOffice office) =>
        new(
            office.Say("No hay certificado", "There is no certificate"),
            [
                office.Say(
                    "Las facturas se emiten igual. Con él, las electrónicas van firmadas y los registros se envían a la Agencia.",
                    "Invoices are issued all the same. With it, electronic ones are signed and records are sent to the agency."
                ),
            ]
        );
}
