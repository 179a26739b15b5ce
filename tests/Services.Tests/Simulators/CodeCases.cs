using static RetailInvoicing.Services.Tests.Simulators.CodeCase;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>For each code that the simulated agency checks, a message that gets it.</summary>
internal static class CodeCases
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    private static string Long(int length) => new('x', length);

    private static string Named(string block, string each, string nif) =>
        $"<{block}><{each}><IDEmisorFactura>{nif}</IDEmisorFactura><NumSerieFactura>1</NumSerieFactura>"
        + $"<FechaExpedicionFactura>{Letter.Day(-9)}</FechaExpedicionFactura></{each}></{block}>";

    private static readonly CodeCase[] OfInvoices =
    [
        Alta(1100, "a description too long", ("Venta", Long(501))),
        Alta(1104, "a number too long", ("{NUMBER}", Long(61))),
        Alta(1105, "31 February", Issued("31-02-2026")),
        Alta(1106, "TipoFactura F9", Of("F9")),
        Alta(1107, "TipoRectificativa X", Of("R1", "<TipoRectificativa>X</TipoRectificativa>")),
        Alta(1108, "another issuer", ("{ISSUER}", Nifs.Person())),
        Alta(1112, "issued tomorrow", Issued(Letter.Day(1))),
        Alta(1114, "R1 without TipoRectificativa", Of("R1")),
        Alta(1115, "F1 with TipoRectificativa", Of("F1", "<TipoRectificativa>I</TipoRectificativa>")),
        Alta(1116, "F1 with FacturasSustituidas", Before(Named("FacturasSustituidas", "IDFacturaSustituida", Nifs.Person()))),
        Alta(1117, "F1 with FacturasRectificadas", Before(Named("FacturasRectificadas", "IDFacturaRectificada", Nifs.Person()))),
        Alta(1118, "substitution without ImporteRectificacion", Of("R1", "<TipoRectificativa>S</TipoRectificativa>")),
        Alta(
            1119,
            "difference with ImporteRectificacion",
            Of("R1", "<TipoRectificativa>I</TipoRectificativa>"),
            Before(
                "<ImporteRectificacion><BaseRectificada>1</BaseRectificada><CuotaRectificada>1</CuotaRectificada></ImporteRectificacion>"
            )
        ),
        Alta(1120, "an issuer that is no NIF", ("{ISSUER}", "ABCDEFGHI")),
        Alta(1219, "an issuer with another check letter", ("{ISSUER}", Nifs.Unsound())),
        Alta(1125, "operated the year after next", Operated($"01-01-{Letter.Now.Year + 2}")),
        Alta(1130, "a number in Spanish", ("{NUMBER}", "Ñ-1")),
        Alta(1134, "operated in 1990", Operated("01-01-1990")),
        Alta(1136, "FacturaSimplificadaArt7273 X", After("<FacturaSimplificadaArt7273>X</FacturaSimplificadaArt7273>")),
        Alta(1137, "Macrodato X", After("<Macrodato>X</Macrodato>")),
        Alta(1138, "Macrodato without need", After("<Macrodato>S</Macrodato>")),
        Alta(1139, "a hundred million without Macrodato", ("<ImporteTotal>121.00", "<ImporteTotal>-100000000")),
        Alta(1145, "operated on the 32nd", Operated("32-01-2026")),
        Alta(1146, "issued before the operation", Issued(Letter.Day(-3)), Operated(Letter.Day(-2))),
        Alta(1151, "EmitidaPorTerceroODestinatario X", After("<EmitidaPorTerceroODestinatario>X</EmitidaPorTerceroODestinatario>")),
        Alta(1152, "issued before the order", Issued("27-10-2024")),
        Alta(1153, "RechazoPrevio X alone", ("<TipoFactura>F1", "<RechazoPrevio>X</RechazoPrevio><TipoFactura>F1")),
        Alta(1161, "RechazoPrevio S alone", ("<TipoFactura>F1", "<RechazoPrevio>S</RechazoPrevio><TipoFactura>F1")),
        Alta(1171, "Subsanacion X", ("<TipoFactura>F1", "<Subsanacion>X</Subsanacion><TipoFactura>F1")),
        Alta(
            1154,
            "an invoice of an unknown issuer",
            Of("R1", "<TipoRectificativa>I</TipoRectificativa>" + Named("FacturasRectificadas", "IDFacturaRectificada", Nifs.Unsound()))
        ),
        Alta(1157, "Cupon in F1", ("<Desglose>", "<Cupon>S</Cupon><Desglose>")),
        Alta(1173, "operated tomorrow", Operated(Letter.Day(1))),
        Alta(1183, "article 7.2 in F2", Of("F2"), ToNobody, After("<FacturaSimplificadaArt7273>S</FacturaSimplificadaArt7273>")),
        Alta(1184, "article 6.1.d X", After("<FacturaSinIdentifDestinatarioArt61d>X</FacturaSinIdentifDestinatarioArt61d>")),
        Alta(1185, "article 6.1.d in F1", After("<FacturaSinIdentifDestinatarioArt61d>S</FacturaSinIdentifDestinatarioArt61d>")),
        Alta(1244, "no offset", ("{MADE}", $"{Letter.Now:yyyy-MM-ddTHH:mm:ss}")),
        Alta(1268, "parts of a second", ("{MADE}", $"{Letter.Now:yyyy-MM-ddTHH:mm:ss.fffzzz}")),
        Alta(1251, "IDVersion 2.0", ("<IDVersion>1.0", "<IDVersion>2.0")),
        Alta(1253, "RefExterna too long", ("</IDFactura>", $"</IDFactura><RefExterna>{Long(61)}</RefExterna>")),
        Alta(1266, "CuotaTotal in words", ("<CuotaTotal>21.00", "<CuotaTotal>veintiuno")),
        Alta(1267, "ImporteTotal with three decimals", ("<ImporteTotal>121.00", "<ImporteTotal>121.000")),
        Alta(1247, "TipoHuella 02", ("<TipoHuella>01", "<TipoHuella>02")),
        Alta(1262, "a fingerprint too long", ("{FINGERPRINT}", Zeros + "0")),
        Alta(1269, "a NIF too short in the chain", Previous("1234", "1", Letter.Day(-1), Zeros)),
        Alta(1174, "a day of another form in the chain", Previous("89890001K", "1", "1 de enero", Zeros)),
        Alta(1175, "a number too long in the chain", Previous("89890001K", Long(61), Letter.Day(-1), Zeros)),
        Alta(1274, "PrimerRegistro N", ("{CHAIN}", "<PrimerRegistro>N</PrimerRegistro>")),
    ];

    private static readonly CodeCase[] OfParties =
    [
        Alta(1101, "no country", ToOther("04", "X1", "zz")),
        Alta(1102, "IDType 09", ToOther("09", "X1", "FR")),
        Alta(1103, "a VAT number too short", ToOther("02", "DE12")),
        Alta(1110, "an unknown third party", After(By("T") + Third($"<NIF>{Nifs.Unsound()}</NIF>"))),
        Alta(1111, "no country beside IDType 04", ToOther("04", "X1")),
        new(
            1121,
            "an unknown VAT number",
            async (agency, nif) =>
            {
                await agency.ForgetAsync("DE987654321");
                return await agency.SendAsync(nif, Changed(Letter.Registering(nif), ToOther("02", "DE987654321")).Write());
            }
        ),
        Alta(1122, "a German number in France", ToOther("02", "DE123456789", "FR")),
        Alta(1123, "a recipient that is no NIF", To("<NIF>123456789</NIF>")),
        Alta(1126, "a Spaniard by IDType 06", ToOther("06", "X1", "ES")),
        Alta(1126, "IDType 07 in France", ToOther("07", Nifs.Person(), "FR")),
        Alta(1131, "a company by IDType 07", ToOther("07", Nifs.Entity(), "ES")),
        Alta(1155, "a third party for no reason", After(Third($"<NIF>{Nifs.Person()}</NIF>"))),
        Alta(1156, "F2 to a VAT number", Of("F2"), ToOther("02", "DE123456789")),
        Alta(1158, "issued by a recipient who is not named", ToNobody, After(By("D"))),
        Alta(1159, "a third party and a recipient who issues", After(By("D") + Third($"<NIF>{Nifs.Person()}</NIF>"))),
        Alta(1178, "a third party's name too long", After(By("T") + Third($"<NIF>{Nifs.Person()}</NIF>", Long(121)))),
        Alta(1186, "issued by a third party who is not named", After(By("T"))),
        new(
            1188,
            "the issuer as third party",
            (agency, nif) => agency.SendAsync(nif, Changed(Letter.Registering(nif), After(By("T") + Third($"<NIF>{nif}</NIF>"))).Write())
        ),
        Alta(1189, "F1 to nobody", ToNobody),
        Alta(1190, "F2 to somebody", Of("F2")),
        Alta(1191, "R3 to a passport", Of("R3", "<TipoRectificativa>I</TipoRectificativa>"), ToOther("03", "X1", "FR")),
        Alta(1192, "R2 to a passport", Of("R2", "<TipoRectificativa>I</TipoRectificativa>"), ToOther("03", "X1", "FR")),
        Alta(1193, "an unknown recipient", To($"<NIF>{Nifs.Unsound()}</NIF>")),
        Alta(1211, "a third party by IDType 07", After(By("T") + Third(Other("07", Nifs.Person(), "ES")))),
        Alta(1232, "a third party of Spain by IDType 06", After(By("T") + Third(Other("06", "X1", "ES")))),
        Alta(1239, "a recipient's name too long", ("Cliente", Long(121))),
        Alta(1254, "Northern Ireland before it left", ToOther("02", "XI123456789"), Operated("01-06-2020")),
        Alta(1255, "Great Britain after it left", ToOther("02", "GB123456789")),
        Alta(1283, "a person without a name", ("Cliente", ""), To($"<NIF>{Nifs.Person()}</NIF>")),
        Alta(1176, "a producer that is no NIF", ("{PRODUCER}", "123456789")),
        Alta(1177, "IdSistemaInformatico in small letters", ("<IdSistemaInformatico>77", "<IdSistemaInformatico>a1")),
        Alta(1179, "NumeroInstalacion too long", ("<NumeroInstalacion>1", $"<NumeroInstalacion>{Long(101)}")),
        Alta(1212, "TipoUsoPosibleSoloVerifactu X", ("<TipoUsoPosibleSoloVerifactu>N", "<TipoUsoPosibleSoloVerifactu>X")),
        Alta(1213, "TipoUsoPosibleMultiOT X", ("<TipoUsoPosibleMultiOT>S", "<TipoUsoPosibleMultiOT>X")),
        Alta(1226, "IndicadorMultiplesOT X", ("<IndicadorMultiplesOT>S", "<IndicadorMultiplesOT>X")),
        Alta(1220, "a system without a name", ("<NombreSistemaInformatico>Sistema", "<NombreSistemaInformatico>")),
        Alta(1221, "a producer by IDType 07", ("<NIF>{PRODUCER}</NIF>", Other("07", Nifs.Person(), "ES"))),
        Alta(1222, "a producer's VAT number too short", ("<NIF>{PRODUCER}</NIF>", Other("02", "DE12"))),
    ];

    private static readonly CodeCase[] OfLines =
    [
        Alta(1124, "20 %", Taxed("S1", "20"), Line("20")),
        Alta(1127, "a surcharge of 3", Line("21.00", null, "3", "3.00")),
        Alta(1218, "Impuesto 04", Tax("04")),
        Alta(1181, "CalificacionOperacion S9", Taxed("S9")),
        Alta(1182, "E7 under VAT", Taxed("E7"), Line(null)),
        Alta(1194, "5 % today", Taxed("S1", "5"), Line("5")),
        Alta(1235, "2 % today", Taxed("S1", "2"), Line("2")),
        Alta(1236, "7.5 % today", Taxed("S1", "7.5"), Line("7.5")),
        Surcharge(1162, "21", "1.4"),
        Surcharge(1163, "10", "5.2"),
        Surcharge(1164, "4", "1.4"),
        Surcharge(1169, "7.5", "1.4", "15-11-2024"),
        Surcharge(1166, "2", "0.5", "15-11-2024"),
        Surcharge(1160, "5", "1.4", "01-06-2023"),
        Surcharge(1167, "5", "0.62", "01-12-2022"),
        Surcharge(1168, "5", "0.5", "01-06-2023"),
        Surcharge(1165, "0", "0.5", "01-06-2023"),
        Surcharge(1170, "0", "0.5"),
        Surcharge(1277, "0", "0.5", "01-06-2022"),
        Alta(1197, "S2 in F2", Of("F2"), ToNobody, Taxed("S2", "0"), Line("0")),
        Alta(1198, "S2 with VAT", Taxed("S2", "21")),
        Alta(1199, "regime 01 and E2", Taxed("E2"), Line(null)),
        Alta(1200, "regime 03 and S2", Regime("03"), Taxed("S2", "0"), Line("0")),
        Alta(1201, "regime 04 and S1", Regime("04")),
        Alta(1202, "regime 06 without BaseImponibleACoste", Regime("06")),
        Alta(1203, "regime 07 and E2", Regime("07"), Taxed("E2"), Line(null)),
        Alta(1205, "regime 10 and S1", Regime("10")),
        Alta(1206, "regime 11 and 10 %", Regime("11"), Taxed("S1", "10"), Line("10")),
        Alta(1252, "regime 08 and S1", Regime("08")),
        Alta(1147, "regime 14 without FechaOperacion", Regime("14"), To($"<NIF>{Nifs.Entity('P')}</NIF>")),
        Alta(1148, "regime 14 in F3", Of("F3"), Regime("14"), Operated(Letter.Day(1)), To($"<NIF>{Nifs.Entity('Q')}</NIF>")),
        Alta(1149, "regime 14 to a company", Regime("14"), Operated(Letter.Day(1))),
        Alta(1237, "N1 with a rate", Taxed("N1", "21")),
        Alta(1238, "exempt with a rate", Taxed("E1", "21")),
        Alta(1245, "no regime", ("<ClaveRegimen>01</ClaveRegimen>", "")),
        Alta(1246, "regime 21 under VAT", Regime("21")),
        Alta(1260, "a regime under other taxes", Tax("05")),
        Alta(1257, "BaseImponibleACoste under regime 01", Line("21.00", "100")),
        Alta(1281, "S2 with a surcharge", Taxed("S2", "0"), Line("0", null, "0", "0")),
        Alta(1284, "a surcharge without its amount", Line("21.00", null, "5.2")),
        Alta(1207, "N1 with VAT under IGIC", Tax("03"), Taxed("N1"), Line("21.00")),
        Alta(1208, "S1 without a rate", Taxed("S1")),
        Alta(1209, "regime 06 without a rate", Regime("06"), Taxed("S1"), Line("21.00", "100")),
        Alta(1142, "VAT of 50", Line("50.00")),
        Alta(1143, "negative VAT", Line("-21.00")),
        Alta(1140, "a negative base at cost", Regime("06"), Line("21.00", "-100")),
        Alta(1144, "VAT of 50 on the base at cost", Regime("06"), Line("50.00", "100")),
        Alta(
            1150,
            "F2 of 3,630",
            Of("F2"),
            ToNobody,
            ("<BaseImponibleOimporteNoSujeto>100.00", "<BaseImponibleOimporteNoSujeto>3000.00"),
            ("<CuotaRepercutida>21.00", "<CuotaRepercutida>630.00")
        ),
    ];

    private static readonly CodeCase[] OfCancellations =
    [
        Baja(1224, "GeneradoPor alone", "<SinRegistroPrevio>S</SinRegistroPrevio><GeneradoPor>D</GeneradoPor>"),
        Baja(1225, "GeneradoPor X", Maker("X", $"<NIF>{Nifs.Person()}</NIF>")),
        Baja(1227, "by the issuer, who has no NIF", Maker("E", Other("03", "X1", "FR"))),
        Baja(1229, "by a third party with IDType 07", Maker("T", Other("07", Nifs.Person(), "ES"))),
        Baja(1230, "by a recipient of Spain with IDType 06", Maker("D", Other("06", "X1", "ES"))),
        Baja(1231, "IDType 09", Maker("D", Other("09", "X1", "FR"))),
        Baja(1258, "by somebody who is no NIF", Maker("D", "<NIF>123456789</NIF>")),
        Baja(1259, "by an unknown recipient", Maker("D", $"<NIF>{Nifs.Unsound()}</NIF>")),
        Baja(1273, "a name too long", Maker("D", $"<NIF>{Nifs.Person()}</NIF>", Long(121))),
        Baja(1275, "RechazoPrevio Y", "<RechazoPrevio>Y</RechazoPrevio>"),
        Baja(1276, "SinRegistroPrevio X", "<SinRegistroPrevio>X</SinRegistroPrevio>"),
        Baja(3002, "of an invoice that is not there", ""),
    ];

    public static IReadOnlyList<CodeCase> All { get; } =
    [.. OfInvoices, .. OfParties, .. OfLines, .. OfCancellations, .. MessageCases.All, .. BookCases.All];

    private static string By(string whom) => $"<EmitidaPorTerceroODestinatario>{whom}</EmitidaPorTerceroODestinatario>";
}
