using System.Text.Json;
using RetailInvoicing.Services.Tests.Invoicing;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>The address of the QR code (AEAT QR v0.4.7): found, not found, and what is wrong with the parameters.</summary>
public sealed class QrTests(SharedAgency shared) : IClassFixture<SharedAgency>
{
    [Fact]
    public async Task An_invoice_is_found_while_it_is_in_force_with_its_total()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var sale = Letter.Registering(nif).Of("T&C 7/1");
        await agency.Client.SendAsync(nif, sale.Write());
        var address = $"nif={nif}&numserie={Uri.EscapeDataString("T&C 7/1")}&fecha={Letter.Day(-1)}";
        var found = await JsonAsync(agency, $"ValidarQR?{address}&importe=121");
        Assert.Equal(
            $$$"""{"status":"OK","mensaje":"Factura encontrada","visible":"N","crashlytics":"N","respuesta":{"resultado":"00","nif":"{{{nif}}}","numserie":"T&C 7/1","fecha":"{{{Letter.Day(-1)}}}","importe":"121.00"}}""",
            found.GetRawText()
        );
        Assert.Equal("01", Result(await JsonAsync(agency, $"ValidarQR?{address}&importe=121.01")));
        Assert.Equal("02", Result(await JsonAsync(agency, $"ValidarQRNoVerifactu?{address}&importe=121")));
        await agency.Client.SendAsync(nif, Letter.Cancelling(nif).Of("T&C 7/1").After(sale).Write());
        Assert.Equal("01", Result(await JsonAsync(agency, $"ValidarQR?{address}&importe=121")));
    }

    [Theory]
    [InlineData("numserie=1&fecha=01-01-2026&importe=1", "1001")]
    [InlineData("nif=89890001K&fecha=01-01-2026&importe=1", "1002")]
    [InlineData("nif=89890001K&numserie=1&importe=1", "1003")]
    [InlineData("nif=89890001K&numserie=1&fecha=01-01-2026", "1004")]
    [InlineData("nif=89890001K&numserie=12345678-G33", "1003.1004")]
    [InlineData("nif=891K&numserie=1&fecha=01-01-2026&importe=1", "2001")]
    [InlineData("nif=89890001L&numserie=1&fecha=01-01-2026&importe=1", "2001")]
    [InlineData("nif=89890001K&numserie=1234567890123456789012345678901234567890123456789012345678901&fecha=01-01-2026&importe=1", "2002")]
    [InlineData("nif=89890001K&numserie=%C3%91&fecha=01-01-2026&importe=1", "2003")]
    [InlineData("nif=89890001K&numserie=1&fecha=2026-01-01&importe=1", "2004")]
    [InlineData("nif=89890001K&numserie=1&fecha=01-01-2026&importe=7,2", "2005")]
    [InlineData("nif=89890001K&numserie=1&fecha=01-01-2026&importe=1234567890123", "2006")]
    public async Task A_parameter_that_is_missing_or_wrong_is_named_by_its_code(string parameters, string code)
    {
        var agency = await shared.StartedAsync();
        var answered = await JsonAsync(agency, $"ValidarQR?{parameters}");
        Assert.Equal(("KO", code), (answered.GetProperty("status").GetString(), answered.GetProperty("codigo_error").GetString()));
        Assert.Contains(code.Split('.')[0], Vectors.Of("compliance/verifactu/vectors/qr-error-codes.csv").Select(row => row[0]));
    }

    [Fact]
    public async Task The_page_says_that_this_is_a_test_environment()
    {
        var agency = await shared.StartedAsync();
        var page = await agency.Client.Control.GetStringAsync(
            $"/wlpl/TIKE-CONT/ValidarQR?nif=89890001K&numserie=<b>&fecha=01-01-2026&importe=1",
            TestContext.Current.CancellationToken
        );
        Assert.Contains("entorno de pruebas sin validez fiscal", page, StringComparison.Ordinal);
        Assert.Contains("Factura no encontrada", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(Agency agency, string address) =>
        JsonDocument
            .Parse(
                await agency.Client.Control.GetStringAsync($"/wlpl/TIKE-CONT/{address}&formato=json", TestContext.Current.CancellationToken)
            )
            .RootElement;

    private static string? Result(JsonElement answered) => answered.GetProperty("respuesta").GetProperty("resultado").GetString();
}
