namespace RetailInvoicing.Delivery.Rendering;

/// <content>The languages; in Basque sentences are built so that no name, number or date in them has to be declined.</content>
public sealed partial record NoticeWords
{
    private static readonly NoticeWords Spanish = new()
    {
        BeforeSubject = "{0}: la factura {1}, {2}, vence el {3}",
        FirmSubject = "{0}: la factura {1} sigue sin pagar, {2}",
        FinalSubject = "{0}: último aviso de la factura {1}, {2}",
        ManyBeforeSubject = "{0}: {1} facturas que vencen pronto, {2}",
        ManySubject = "{0}: {1} facturas pendientes de pago, {2}",
        ManyFinalSubject = "{0}: último aviso de {1} facturas, {2}",
        BeforeIntro = "La factura {0} de {1} vence el {2}. Quedan por pagar {3}.",
        FirmIntro = "La factura {0} de {1} está vencida desde el {2} y siguen sin pagarse {3}.",
        FinalIntro = "Este es nuestro último aviso sobre la factura {0} de {1}, vencida el {2}: siguen sin pagarse {3}.",
        ManyBeforeIntro = "Estas {0} facturas de {1} vencen pronto. En total son {2}.",
        ManyIntro = "Estas {0} facturas de {1} figuran por pagar. En total son {2}.",
        ManyFirmIntro = "Estas {0} facturas de {1} siguen sin pagarse. En total son {2}.",
        ManyFinalIntro = "Este es nuestro último aviso sobre estas {0} facturas de {1}. En total siguen sin pagarse {2}.",
        FriendlyTone = "A todos se nos pasa alguna vez: con el botón queda pagado en un momento.",
        FirmTone = "Te pedimos que pagues ya. Si no puedes pagarlo todo de una vez, respóndenos hoy y buscamos una solución.",
        Claim = "Intereses e indemnización por demora",
        ClaimNote =
            "Por la demora reclamamos además {0} (Directiva 2011/7/UE, Ley 3/2004). No forma parte de ninguna factura y no lleva IVA.",
        More = "… y {0} facturas más: con el botón las ves todas.",
        ManyPaid = "Si ya las has pagado, gracias: no hace falta que hagas nada más.",
        Ask = "Si hay algo que no cuadra, responde a este correo.",
        ShortBefore = "{0}: la factura {1}, {2}, vence el {3}. {4}",
        ShortOne = "{0}: factura {1} por pagar, {2}. {3}",
        ShortMany = "{0}: {1} facturas por pagar, {2}. {3}",
    };

    private static readonly NoticeWords English = new()
    {
        BeforeSubject = "{0}: invoice {1}, {2}, is due on {3}",
        FirmSubject = "{0}: invoice {1} is still unpaid, {2}",
        FinalSubject = "{0}: last notice of invoice {1}, {2}",
        ManyBeforeSubject = "{0}: {1} invoices that fall due soon, {2}",
        ManySubject = "{0}: {1} unpaid invoices, {2}",
        ManyFinalSubject = "{0}: last notice of {1} invoices, {2}",
        BeforeIntro = "Invoice {0} from {1} is due on {2}. {3} is still to be paid.",
        FirmIntro = "Invoice {0} from {1} has been due since {2}, and {3} is still unpaid.",
        FinalIntro = "This is our last notice of invoice {0} from {1}, due on {2}: {3} is still unpaid.",
        ManyBeforeIntro = "These {0} invoices from {1} fall due soon. Together they come to {2}.",
        ManyIntro = "These {0} invoices from {1} show as unpaid. Together they come to {2}.",
        ManyFirmIntro = "These {0} invoices from {1} are still unpaid. Together they come to {2}.",
        ManyFinalIntro = "This is our last notice of these {0} invoices from {1}. {2} is still unpaid in all.",
        FriendlyTone = "It happens to all of us: with the button it is paid in a moment.",
        FirmTone = "Please pay now. If you cannot pay all of it at once, reply today and we will find a way.",
        Claim = "Interest and compensation for late payment",
        ClaimNote = "For late payment we also claim {0} (Directive 2011/7/EU). It is part of no invoice and carries no VAT.",
        More = "… and {0} more invoices: the button shows all of them.",
        ManyPaid = "If you have paid them already, thank you: there is nothing more to do.",
        Ask = "If something is not right, reply to this mail.",
        ShortBefore = "{0}: invoice {1}, {2}, is due on {3}. {4}",
        ShortOne = "{0}: invoice {1} is unpaid, {2}. {3}",
        ShortMany = "{0}: {1} invoices are unpaid, {2}. {3}",
    };

    private static readonly NoticeWords Catalan = new()
    {
        BeforeSubject = "{0}: la factura {1}, {2}, venç el {3}",
        FirmSubject = "{0}: la factura {1} continua sense pagar, {2}",
        FinalSubject = "{0}: últim avís de la factura {1}, {2}",
        ManyBeforeSubject = "{0}: {1} factures que vencen aviat, {2}",
        ManySubject = "{0}: {1} factures pendents de pagament, {2}",
        ManyFinalSubject = "{0}: últim avís de {1} factures, {2}",
        BeforeIntro = "La factura {0} de {1} venç el {2}. Queden per pagar {3}.",
        FirmIntro = "La factura {0} de {1} està vençuda des del {2} i continuen sense pagar-se {3}.",
        FinalIntro = "Aquest és el nostre últim avís sobre la factura {0} de {1}, vençuda el {2}: continuen sense pagar-se {3}.",
        ManyBeforeIntro = "Aquestes {0} factures de {1} vencen aviat. En total són {2}.",
        ManyIntro = "Aquestes {0} factures de {1} consten per pagar. En total són {2}.",
        ManyFirmIntro = "Aquestes {0} factures de {1} continuen sense pagar-se. En total són {2}.",
        ManyFinalIntro = "Aquest és el nostre últim avís sobre aquestes {0} factures de {1}. En total continuen sense pagar-se {2}.",
        FriendlyTone = "A tots se'ns passa alguna vegada: amb el botó queda pagat en un moment.",
        FirmTone = "Et demanem que paguis ja. Si no ho pots pagar tot de cop, respon-nos avui i busquem una solució.",
        Claim = "Interessos i indemnització per demora",
        ClaimNote = "Per la demora reclamem a més {0} (Directiva 2011/7/UE, Llei 3/2004). No forma part de cap factura i no porta IVA.",
        More = "… i {0} factures més: amb el botó les veus totes.",
        ManyPaid = "Si ja les has pagades, gràcies: no cal que facis res més.",
        Ask = "Si hi ha res que no quadra, respon a aquest correu.",
        ShortBefore = "{0}: factura {1}, {2}, venciment {3}. {4}",
        ShortOne = "{0}: factura {1} per pagar, {2}. {3}",
        ShortMany = "{0}: {1} factures per pagar, {2}. {3}",
    };

    private static readonly NoticeWords Galician = new()
    {
        BeforeSubject = "{0}: a factura {1}, {2}, vence o {3}",
        FirmSubject = "{0}: a factura {1} segue sen pagar, {2}",
        FinalSubject = "{0}: último aviso da factura {1}, {2}",
        ManyBeforeSubject = "{0}: {1} facturas que vencen axiña, {2}",
        ManySubject = "{0}: {1} facturas pendentes de pagamento, {2}",
        ManyFinalSubject = "{0}: último aviso de {1} facturas, {2}",
        BeforeIntro = "A factura {0} de {1} vence o {2}. Quedan por pagar {3}.",
        FirmIntro = "A factura {0} de {1} está vencida desde o {2} e seguen sen pagarse {3}.",
        FinalIntro = "Este é o noso último aviso sobre a factura {0} de {1}, vencida o {2}: seguen sen pagarse {3}.",
        ManyBeforeIntro = "Estas {0} facturas de {1} vencen axiña. En total son {2}.",
        ManyIntro = "Estas {0} facturas de {1} figuran por pagar. En total son {2}.",
        ManyFirmIntro = "Estas {0} facturas de {1} seguen sen pagarse. En total son {2}.",
        ManyFinalIntro = "Este é o noso último aviso sobre estas {0} facturas de {1}. En total seguen sen pagarse {2}.",
        FriendlyTone = "A todos nos pasa algunha vez: co botón queda pagado nun momento.",
        FirmTone = "Pedímosche que pagues xa. Se non podes pagalo todo dunha vez, respóndenos hoxe e buscamos unha solución.",
        Claim = "Xuros e indemnización por demora",
        ClaimNote =
            "Pola demora reclamamos ademais {0} (Directiva 2011/7/UE, Lei 3/2004). Non forma parte de ningunha factura e non leva IVE.",
        More = "… e {0} facturas máis: co botón velas todas.",
        ManyPaid = "Se xa as pagaches, grazas: non fai falta que fagas nada máis.",
        Ask = "Se hai algo que non cadra, responde a este correo.",
        ShortBefore = "{0}: a factura {1}, {2}, vence o {3}. {4}",
        ShortOne = "{0}: factura {1} por pagar, {2}. {3}",
        ShortMany = "{0}: {1} facturas por pagar, {2}. {3}",
    };

    private static readonly NoticeWords Basque = new()
    {
        BeforeSubject = "{0}: {1} faktura, {2}. Epemuga: {3}",
        FirmSubject = "{0}: {1} faktura ordaindu gabe dago, {2}",
        FinalSubject = "{0}: {1} fakturaren azken abisua, {2}",
        ManyBeforeSubject = "{0}: laster iraungiko diren {1} faktura, {2}",
        ManySubject = "{0}: ordaintzeke dauden {1} faktura, {2}",
        ManyFinalSubject = "{0}: azken abisua, {1} faktura, {2}",
        BeforeIntro = "{0} faktura ({1}) laster iraungiko da. Epemuga: {2}. Ordaintzeke: {3}.",
        FirmIntro = "{0} faktura ({1}) iraungita dago. Epemuga: {2}. Oraindik ordaindu gabe: {3}.",
        FinalIntro = "Hau da gure azken abisua faktura honi buruz: {0} ({1}). Epemuga: {2}. Ordaindu gabe: {3}.",
        ManyBeforeIntro = "{0} faktura hauek ({1}) laster iraungiko dira. Guztira: {2}.",
        ManyIntro = "{0} faktura hauek ({1}) ordaintzeke ageri dira. Guztira: {2}.",
        ManyFirmIntro = "{0} faktura hauek ({1}) ordaindu gabe daude oraindik. Guztira: {2}.",
        ManyFinalIntro = "Hau da gure azken abisua {0} faktura hauei buruz ({1}). Guztira, ordaindu gabe: {2}.",
        FriendlyTone = "Guztioi ahazten zaigu noizbait: botoiarekin berehala ordainduta geratzen da.",
        FirmTone = "Mesedez, ordaindu lehenbailehen. Dena batera ezin baduzu ordaindu, erantzun gaur eta konponbidea bilatuko dugu.",
        Claim = "Atzerapenagatiko interesak eta kalte-ordaina",
        ClaimNote =
            "Atzerapenagatik hau ere eskatzen dugu: {0} (2011/7/EB Zuzentaraua, 3/2004 Legea). Ez da inongo fakturaren zati eta ez du BEZik.",
        More = "… eta beste {0} faktura: botoiarekin guztiak ikusiko dituzu.",
        ManyPaid = "Dagoeneko ordaindu badituzu, eskerrik asko: ez duzu beste ezer egin behar.",
        Ask = "Zerbait ondo ez badago, erantzun mezu honi.",
        ShortBefore = "{0}: {1} faktura, {2}. Epemuga: {3}. {4}",
        ShortOne = "{0}: {1} faktura ordaintzeke, {2}. {3}",
        ShortMany = "{0}: {1} faktura ordaintzeke, {2}. {3}",
    };
}
