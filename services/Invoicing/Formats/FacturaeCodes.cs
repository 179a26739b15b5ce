using System.Collections.Frozen;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>The code lists of Facturae 3.2 beside those that EN 16931 uses for the same things.</summary>
internal static class FacturaeCodes
{
    // ISO 3166-1: alpha-2 and, right behind it, the alpha-3 that Facturae writes; only those on its list.
    private const string Alpha2Alpha3 = """
        ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO ARARG ASASM ATAUT AUAUS AWABW AZAZE BABIH BBBRB BDBGD BEBEL
        BFBFA BGBGR BHBHR BIBDI BJBEN BMBMU BNBRN BOBOL BRBRA BSBHS BTBTN BWBWA BYBLR BZBLZ CACAN CDCOD CFCAF CGCOG
        CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA
        ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF
        GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG HNHND HRHRV HTHTI HUHUN
        IDIDN IEIRL ILISR IMIMN ININD IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM
        KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR
        MCMCO MDMDA MEMNE MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI
        MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER
        PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA
        SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR STSTP SVSLV SYSYR
        SZSWZ TCTCA TDTCD TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA
        USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE
        """;

    private const string ListedCurrencies = """
        AFN ALL AMD ANG AOA ARS AUD AWG AZN BAD BBD BDT BGN BHD BIF BMD BND BOB BRL BRR BSD BWP BYR BZD CAD CDF CDP
        CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DRP DZD EEK EGP ESP ETB EUR FJD FKP GBP GEK GHC GIP GMD GNF GTQ
        GWP GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
        LKR LRD LSL LTL LVL LYD MAD MDL MGF MNC MNT MOP MRO MUR MVR MWK MXN MYR MZM NGN NIC NIO NIS NOK NPR NZD OMR
        PAB PEI PEN PES PGK PHP PKR PLN PYG QAR RMB RON RUB RWF SAR SBD SCR SDP SEK SGD SHP SKK SLL SOL SOS SRD STD
        SVC SYP SZL THB TJS TMM TND TOP TPE TRY TTD TWD TZS UAH UGS USD UYP UYU VEF VND VUV WST XAF XCD XOF YER ZAR
        ZMK ZWD
        """;

    /// <summary>Member States, whose residents Facturae tells from other foreigners (ResidenceTypeCode U).</summary>
    private static readonly FrozenSet<string> Union = Words(
            "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
        )
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Alpha3 = Words(Alpha2Alpha3)
        .ToFrozenDictionary(pair => pair[..2], pair => pair[2..], StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Alpha2 = Words(Alpha2Alpha3)
        .ToFrozenDictionary(pair => pair[2..], pair => pair[..2], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Currencies = Words(ListedCurrencies).ToFrozenSet(StringComparer.Ordinal);

    // Recommendation 20 (and 21 with X before it) beside UnitOfMeasure; the first of two is the one that is read.
    private static readonly (string Ours, string Theirs)[] Units =
    [
        ("C62", "01"),
        ("H87", "01"),
        ("EA", "01"),
        ("HUR", "02"),
        ("KGM", "03"),
        ("LTR", "04"),
        ("ZZ", "05"),
        ("XBX", "06"),
        ("XDS", "07"),
        ("XBA", "08"),
        ("XJY", "09"),
        ("XBG", "10"),
        ("XCO", "11"),
        ("XBO", "12"),
        ("XCI", "13"),
        ("CLT", "15"),
        ("CMT", "16"),
        ("XBI", "17"),
        ("DZN", "18"),
        ("XCS", "19"),
        ("XDJ", "20"),
        ("GRM", "21"),
        ("KMT", "22"),
        ("XCA", "23"),
        ("XBH", "24"),
        ("MTR", "25"),
        ("MMT", "26"),
        ("XPK", "28"),
        ("PTN", "29"),
        ("XRO", "30"),
        ("XEN", "31"),
        ("XTB", "32"),
        ("MTQ", "33"),
        ("SEC", "34"),
        ("WTT", "35"),
        ("KWH", "36"),
    ];

    // The first two digits of a Spanish postal code are the province's number.
    private static readonly string[] Provinces =
    [
        "Araba/Álava",
        "Albacete",
        "Alicante",
        "Almería",
        "Ávila",
        "Badajoz",
        "Illes Balears",
        "Barcelona",
        "Burgos",
        "Cáceres",
        "Cádiz",
        "Castellón",
        "Ciudad Real",
        "Córdoba",
        "A Coruña",
        "Cuenca",
        "Girona",
        "Granada",
        "Guadalajara",
        "Gipuzkoa",
        "Huelva",
        "Huesca",
        "Jaén",
        "León",
        "Lleida",
        "La Rioja",
        "Lugo",
        "Madrid",
        "Málaga",
        "Murcia",
        "Navarra",
        "Ourense",
        "Asturias",
        "Palencia",
        "Las Palmas",
        "Pontevedra",
        "Salamanca",
        "S.C. de Tenerife",
        "Cantabria",
        "Segovia",
        "Sevilla",
        "Soria",
        "Tarragona",
        "Teruel",
        "Toledo",
        "Valencia",
        "Valladolid",
        "Bizkaia",
        "Zamora",
        "Zaragoza",
        "Ceuta",
        "Melilla",
    ];

    /// <summary>The three letters of a country; null where Facturae does not list it.</summary>
    public static string? Country(string alpha2) => Alpha3.GetValueOrDefault(alpha2);

    /// <summary>The two letters of a country (BT-40, BT-55); what is not known stays as it is.</summary>
    public static string? CountryOf(string? alpha3) => alpha3 is null ? null : Alpha2.GetValueOrDefault(alpha3, alpha3);

    /// <summary>Whether Facturae lists a currency (BT-5).</summary>
    public static bool HasCurrency(string code) => Currencies.Contains(code);

    /// <summary>ResidenceTypeCode of whoever lives there: in Spain, elsewhere in the Union, or abroad.</summary>
    public static string Residence(string alpha2) =>
        alpha2 == "ES" ? "R"
        : Union.Contains(alpha2) ? "U"
        : "E";

    /// <summary>UnitOfMeasure of a unit (BT-130): 05, another, where Facturae has none.</summary>
    public static string Unit(string ours) => Array.Find(Units, each => each.Ours == ours).Theirs ?? "05";

    /// <summary>BT-130 of a UnitOfMeasure; pieces where nothing is said.</summary>
    public static string UnitOf(string? theirs) => theirs is null ? "C62" : Array.Find(Units, each => each.Theirs == theirs).Ours ?? "ZZ";

    /// <summary>The province that a Spanish postal code lies in.</summary>
    public static string? Province(string postalCode) =>
        int.TryParse(postalCode[..2], out var number) && number >= 1 && number <= Provinces.Length ? Provinces[number - 1] : null;

    /// <summary>TaxTypeCode: IVA, IPSI of Ceuta and Melilla, or IGIC of the Canaries.</summary>
    public static string TaxType(string tax) =>
        tax switch
        {
            "ipsi" => "02",
            "igic" => "03",
            _ => "01",
        };

    /// <summary>PaymentMeans of a means that is given in UNTDID 4461 (BT-81) and back.</summary>
    public static string MeansOf(string theirs) =>
        theirs switch
        {
            "01" => "10",
            "02" => "59",
            "04" => "58",
            "11" or "16" or "17" => "20",
            "14" => "97",
            "19" => "48",
            _ => "ZZZ",
        };

    /// <summary>What a means of payment is called on a Spanish document.</summary>
    public static string Spoken(PaymentMeans means) =>
        means switch
        {
            PaymentMeans.Cash => "efectivo",
            PaymentMeans.Card => "tarjeta",
            PaymentMeans.Bizum => "Bizum",
            PaymentMeans.Transfer => "transferencia",
            PaymentMeans.DirectDebit => "domiciliación",
            PaymentMeans.Wallet => "monedero electrónico",
            PaymentMeans.Voucher => "vale",
            _ => "saldo a favor",
        };

    /// <summary>Whether a Spanish tax identifier is a person's: a DNI or NIE, or K, L, M (RD 1065/2007 arts. 19, 20).</summary>
    public static bool IsPerson(string nif) =>
        nif.Length > 0 && (char.IsAsciiDigit(nif[0]) || "XYZKLM".Contains(nif[0], StringComparison.Ordinal));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
