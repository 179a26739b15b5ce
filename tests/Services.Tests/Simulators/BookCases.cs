using static RetailInvoicing.Services.Tests.Simulators.CodeCase;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Records that are refused for what the agency has already, and those that are accepted with an error.</summary>
internal static class BookCases
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    public static readonly CodeCase[] All =
    [
        new(
            3000,
            "a second registration",
            async (agency, nif) =>
            {
                var first = Letter.Registering(nif);
                await agency.SendAsync(nif, first.Write());
                return await agency.SendAsync(nif, Letter.Registering(nif).Of(first.Number).After(first).Write());
            }
        ),
        new(
            3001,
            "a second cancellation without a record before",
            async (agency, nif) =>
            {
                var first = WithoutRecord(Letter.Cancelling(nif));
                await agency.SendAsync(nif, first.Write());
                return await agency.SendAsync(nif, WithoutRecord(Letter.Cancelling(nif)).Of(first.Number).After(first).Write());
            }
        ),
        Alta(3002, "a correction of nothing", ("<TipoFactura>F1", "<Subsanacion>S</Subsanacion><TipoFactura>F1")),
        Alta(2000, "another fingerprint", ("{FINGERPRINT}", Zeros)),
        new(
            2001,
            "a recipient who is not in the census",
            async (agency, nif) =>
            {
                var recipient = Nifs.Person();
                await agency.ForgetAsync(recipient);
                return await agency.SendAsync(nif, Changed(Letter.Registering(nif), ToOther("07", recipient, "ES")).Write());
            }
        ),
        Alta(2002, "a short fingerprint before", Previous("89890001K", "1", Letter.Day(-1), "ABC")),
        Alta(2003, "a fingerprint in small letters before", Previous("89890001K", "1", Letter.Day(-1), Zeros.Replace('0', 'a'))),
        Alta(2004, "made in ten minutes", ("{MADE}", $"{Letter.Now.AddMinutes(10):yyyy-MM-ddTHH:mm:sszzz}")),
        Alta(2005, "a total of 200", ("<ImporteTotal>121.00", "<ImporteTotal>200.00")),
        Alta(2006, "VAT of 50 in all", ("<CuotaTotal>21.00", "<CuotaTotal>50.00")),
        new(
            2007,
            "a second first record",
            async (agency, nif) =>
            {
                await agency.SendAsync(nif, Letter.Registering(nif).Write());
                return await agency.SendAsync(nif, Letter.Registering(nif).Write());
            }
        ),
        Alta(2008, "the fingerprint of the record before", ("{FINGERPRINT}", Zeros), Previous("89890001K", "1", Letter.Day(-1), Zeros)),
    ];

    public static Letter WithoutRecord(Letter letter) =>
        letter.With("</IDFactura>", "</IDFactura><SinRegistroPrevio>S</SinRegistroPrevio>");
}
