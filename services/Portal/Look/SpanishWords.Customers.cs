namespace RetailInvoicing.Portal.Look;

public partial class SpanishWords
{
    public override string FindLabel => "Buscar en tus facturas";
    public override string FindHint => "Producto, importe, fecha, tienda";
    public override string Find => "Buscar";
    public override string Filters => "Filtros";
    public override string ShopLabel => "Tienda";
    public override string AnyShop => "Todas";
    public override string StateLabel => "Estado";
    public override string AnyState => "Todos";

    public override string StateName(string state) =>
        state switch
        {
            "open" => "Por pagar",
            "overdue" => "Vencidas",
            _ => "Pagadas",
        };

    public override string FromLabel => "Desde";
    public override string ToLabel => "Hasta";

    public override string FoundCount(int count, bool more) =>
        $"{(more ? "Más de " : "")}{(count == 1 ? "1 factura" : $"{Count(count)} facturas")}";

    public override string FoundWith(string typed) => $"con «{typed}»";

    public override string FoundFrom(DateOnly day) => $"desde el {ShortDate(day)}";

    public override string FoundTo(DateOnly day) => $"hasta el {ShortDate(day)}";

    public override string SeeAll => "Ver todas";
    public override string NothingFound =>
        "Ninguna factura tiene todo eso. Prueba con menos palabras, o con el importe tal como está en la factura.";
    public override string DownloadTheseZip => "Descargar estas facturas en un ZIP";

    public override string ZipMost(int most) => $"Hasta {most}, en PDF y XML.";

    public override string ZipMissing => "Estas facturas no se han podido incluir; descárgalas una a una:";

    public override string AtShop(string shop) => $"en {shop}";

    public override string PayAllOpen(int count) => $"Pagar las {Count(count)} facturas";

    public override string SpendingWord => "Gasto";
    public override string TicketsWord => "Tickets";
    public override string MeWord => "Mis datos";
    public override string SpendingTitle => "Tu gasto";

    public override string SpendingIn(int year) => $"Tu gasto en {year}";

    public override string SpendingLead => "Con impuestos, sin lo que has devuelto.";

    public override string SpendingNone(int year) => $"No hay compras en {year}.";

    public override string ByMonth => "Por mes";
    public override string MonthWord => "Mes";
    public override string ByShopSpent => "Por tienda";
    public override string OtherYears => "Otros años";
    public override string DownloadZip => "Todo en ZIP";
    public override string ShareIt => "Enviar el enlace";
    public override string SomethingElse => "¿Algo más?";
    public override string ClaimThis => "Pedir factura completa";
    public override string ClaimThisText => "Con tu NIF, para deducirla o justificarla.";
    public override string RightBuyerTitle => "Corregir mis datos";
    public override string RightBuyerText => "El nombre o la dirección que pone en la factura.";
    public override string RightBuyerLead =>
        "Escríbelos como deben ser. Recibirás al momento una factura rectificativa con los mismos importes; la anterior no se borra. Si el NIF es de otra persona, tiene que comprobarlo la tienda.";
    public override string RightBuyerSend => "Pedir la factura rectificativa";
    public override string PromiseTitle => "Decir qué día pagas";
    public override string PromiseText => "Hasta ese día no te lo recordarán.";
    public override string PromiseMade => "Apuntado";
    public override string PromiseMadeText => "La tienda ya lo sabe y hasta ese día no te lo recordará. Puedes pagar antes cuando quieras.";
    public override string PromiseNothingLeft => "Ya habías dado un día, o no queda nada por pagar. No se ha enviado nada.";

    public override string PromiseLead(string amount) =>
        $"Di qué día pagarás los {amount} pendientes. Hasta entonces la tienda no te lo recordará.";

    public override string PromiseDay => "Día";

    public override string PromiseBadDay(DateOnly last) => $"Elige un día entre hoy y el {Date(last)}.";

    public override string PromiseSend => "Enviar a la tienda";
    public override string DisputeText => "Una línea o toda la factura.";
    public override string AccountText => "Todo lo que debías y has pagado.";
    public override string AskTheShop => "Preguntar a la tienda";
    public override string EveryCent => "Céntimo a céntimo";
    public override string CouponCode => "Cupón";
    public override string StopOffers => "No quiero más ofertas";
    public override string ClaimTitle => "Factura completa de tus tickets";
    public override string ClaimLead =>
        "Copia de cada ticket el número, la fecha y el total, o escanea su QR. Todos tienen que ser de la misma tienda.";

    public override string ClaimTickets(int count) => $"{(count == 1 ? "Tu ticket" : $"Tus {Count(count)} tickets")}";

    public override string ClaimBuyer => "¿A nombre de quién?";
    public override string BuyerBusiness => "Compro como empresa o profesional";
    public override string ClaimOnce => "Cada ticket se cambia una sola vez: revisa los datos antes de pedirla.";
    public override string ClaimSend => "Pedir la factura";
    public override string ClaimBack => "Cambiar los tickets";
    public override string ClaimShop => "NIF de la tienda, arriba en el ticket";
    public override string ClaimNext => "Seguir";
    public override string ClaimMore => "Añadir otro ticket";
    public override string ClaimLaw =>
        "Factura en canje de facturas simplificadas (RD 1619/2012). Los tickets no se anulan ni se vuelve a cobrar nada.";

    public override string ClaimTicket(int number) => $"Ticket {number}";

    public override string OptionalWord => "si tienes más";
    public override string ClaimNumber => "Número de factura simplificada";
    public override string ClaimDate => "Fecha";
    public override string ClaimTotal => "Total";
    public override string Scan => "Escanear el QR de un ticket";
    public override string ScanStop => "Cerrar la cámara";
    public override string ScanNone => "No podemos usar la cámara. Escribe los datos del ticket: sirve igual.";
    public override string BuyerName => "Nombre y apellidos o empresa";
    public override string BuyerTaxId => "NIF";
    public override string BuyerStreet => "Calle y número";
    public override string BuyerDoor => "Piso y puerta, si los hay";
    public override string BuyerPostal => "Código postal";
    public override string BuyerCity => "Localidad";
    public override string BuyerRegion => "Provincia";
    public override string MeTitle => "Mis datos";
    public override string MeSignedInAs => "Has entrado como";
    public override string ConsentGiven => "Hecho: recibirás ofertas de esa tienda con tus facturas.";
    public override string ConsentTaken => "Hecho: esa tienda ya no te enviará ofertas. Las facturas seguirán llegando.";
    public override string MeOffers => "Ofertas";
    public override string MeOffersText =>
        "Solo te llegan si dices que sí, y puedes dejarlas cuando quieras. Tus facturas no dependen de ello.";
    public override string OffersOn => "Quieres ofertas";
    public override string OffersOff => "Sin ofertas";
    public override string OffersUnknown => "Ahora mismo no podemos verlo; vuelve en un minuto.";

    public override string TurnOffersOff(string shop) => $"Dejar las ofertas de {shop}";

    public override string TurnOffersOn(string shop) => $"Recibir ofertas de {shop}";

    public override string ConsentHistory => "Lo que has dicho y cuándo";
    public override string SaidYes => "sí";
    public override string SaidNo => "no";

    public override string ConsentSource(string source) =>
        source switch
        {
            "portal" => "en esta página",
            "one-click" => "en un correo",
            "complaint" => "queja por un correo",
            _ => source,
        };

    public override string MyData => "Llévatelos o bórralos";
    public override string ExportText =>
        "Un ZIP con todas tus facturas, tus cuentas con las tiendas y lo que has dicho sobre las ofertas, para leerlo tú u otro programa (JSON).";
    public override string ExportTitle => "Descargar mis datos";
    public override string EraseText => "Antes de borrar nada te contamos qué se borra, qué se queda y hasta cuándo.";
    public override string EraseTitle => "Borrar mis datos";
    public override string EraseDone => "Borrado";

    public override string EraseDoneText(int gone, int open) =>
        $"Tu correo ya no está en {FoundCount(gone, false)} y has salido de todos los navegadores. {(open > 0 ? "En las que quedan por pagar sigue hasta que estén pagadas; entonces puedes volver a pedirlo." : "")}";

    public override string EraseGoes => "Qué se borra";

    public override string EraseGoesContact(int count) =>
        $"Tu correo, tu teléfono, tu idioma y tu número de cliente de {FoundCount(count, false)}.";

    public override string EraseGoesOffers => "Tu permiso para recibir ofertas: no te llegará ninguna más.";
    public override string EraseGoesSessions => "Tus accesos a esta página, en todos los navegadores.";
    public override string EraseStays => "Qué se queda";

    public override string EraseStaysInvoices(DateOnly until) =>
        $"Las facturas, con el nombre y el NIF a quien se hicieron: la ley obliga a la tienda a guardarlas seis años (Código de Comercio, art. 30). La última, hasta el {Date(until)}.";

    public override string EraseStaysNothing => "Nada: no hay facturas a tu correo.";

    public override string EraseStaysOpen(int count) => $"Tu correo en {FoundCount(count, false)} por pagar, hasta que lo estén.";

    public override string EraseStaysConsent =>
        "La constancia de que dijiste sí o no a las ofertas: la tienda tiene que poder demostrarlo (RGPD, art. 7).";
    public override string EraseStaysCopies =>
        "Lo que los libros de pagos y de cobros de la tienda y el registro de lo que te envió dicen de esas facturas, el mismo tiempo que ellas.";
    public override string EraseWarning => "Después ya no podrás ver aquí esas facturas: descárgalas antes.";
    public override string EraseSure => "Lo he leído y quiero borrar mis datos";
    public override string EraseNotSure => "Marca la casilla para confirmarlo. No se ha borrado nada.";
    public override string EraseSend => "Borrar mis datos";
    public override string EraseNot => "Mejor no";
}
