namespace RetailInvoicing.Portal.Sessions;

/// <summary>The words of the page of one's sessions, and of a form that was kept; each language whole.</summary>
public sealed record SessionWords
{
    /// <summary>Title, and what leads there.</summary>
    public required string Title { get; init; }

    /// <summary>What it is for.</summary>
    public required string Lead { get; init; }

    /// <summary>A device that did not say what it is.</summary>
    public required string Unknown { get; init; }

    /// <summary>The session that asks.</summary>
    public required string This { get; init; }

    /// <summary>When it began.</summary>
    public required string First { get; init; }

    /// <summary>When it was last used.</summary>
    public required string Last { get; init; }

    /// <summary>The button that ends one.</summary>
    public required string End { get; init; }

    /// <summary>The button that ends all but this one.</summary>
    public required string EndOthers { get; init; }

    /// <summary>One was ended.</summary>
    public required string Ended { get; init; }

    /// <summary>All others were ended.</summary>
    public required string OthersEnded { get; init; }

    /// <summary>The button that sends what was kept.</summary>
    public required string SendIt { get; init; }

    /// <summary>The words in a language.</summary>
    public static SessionWords For(string code) => All.TryGetValue(code, out var words) ? words : All["es"];

    private static readonly Dictionary<string, SessionWords> All = new(StringComparer.Ordinal)
    {
        ["es"] = new()
        {
            Title = "Dónde has entrado",
            Lead = "Estos navegadores tienen tu sesión abierta. Si no reconoces alguno, ciérrale la sesión: deja de valer al momento.",
            Unknown = "Dispositivo desconocido",
            This = "este navegador",
            First = "Entró el",
            Last = "Visto por última vez el",
            End = "Cerrar la sesión",
            EndOthers = "Cerrar todas las demás",
            Ended = "La sesión está cerrada.",
            OthersEnded = "Todas las demás sesiones están cerradas.",
            SendIt = "Enviar",
        },
        ["en"] = new()
        {
            Title = "Where you are signed in",
            Lead = "These browsers are signed in as you. End the session of any that you do not know: it stops working at once.",
            Unknown = "Unknown device",
            This = "this browser",
            First = "Signed in on",
            Last = "Last seen on",
            End = "End the session",
            EndOthers = "End all others",
            Ended = "The session has ended.",
            OthersEnded = "All other sessions have ended.",
            SendIt = "Send",
        },
        ["ca"] = new()
        {
            Title = "On has entrat",
            Lead =
                "Aquests navegadors tenen la teva sessió oberta. Si no en reconeixes algun, tanca-li la sessió: deixa de valer de seguida.",
            Unknown = "Dispositiu desconegut",
            This = "aquest navegador",
            First = "Va entrar el",
            Last = "Vist per última vegada el",
            End = "Tancar la sessió",
            EndOthers = "Tancar totes les altres",
            Ended = "La sessió està tancada.",
            OthersEnded = "Totes les altres sessions estan tancades.",
            SendIt = "Enviar",
        },
        ["eu"] = new()
        {
            Title = "Non sartu zaren",
            Lead =
                "Nabigatzaile hauek zure saioa irekita dute. Bat ezagutzen ez baduzu, itxi haren saioa: berehala uzten dio balio izateari.",
            Unknown = "Gailu ezezaguna",
            This = "nabigatzaile hau",
            First = "Sartze-data:",
            Last = "Azkenekoz ikusia:",
            End = "Itxi saioa",
            EndOthers = "Itxi beste guztiak",
            Ended = "Saioa itxita dago.",
            OthersEnded = "Beste saio guztiak itxita daude.",
            SendIt = "Bidali",
        },
        ["gl"] = new()
        {
            Title = "Onde entraches",
            Lead = "Estes navegadores teñen a túa sesión aberta. Se non recoñeces algún, péchalle a sesión: deixa de valer no momento.",
            Unknown = "Dispositivo descoñecido",
            This = "este navegador",
            First = "Entrou o",
            Last = "Visto por última vez o",
            End = "Pechar a sesión",
            EndOthers = "Pechar todas as demais",
            Ended = "A sesión está pechada.",
            OthersEnded = "Todas as demais sesións están pechadas.",
            SendIt = "Enviar",
        },
    };
}
