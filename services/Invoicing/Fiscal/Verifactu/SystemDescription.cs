namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What the system consists of, does, and how it keeps the law: items 1.d and 2.c of its declaration.</summary>
public static class SystemDescription
{
    /// <summary>Item 1.d.</summary>
    public const string Spanish =
        "Programa de servidor para Linux formado por seis servicios sobre .NET (facturación, entrega, pagos, cobros, informes y portal), la base "
        + "de datos PostgreSQL y el intermediario de mensajes RabbitMQ, que se instalan en uno o varios servidores; no incluye hardware. Recibe "
        + "ventas de tiendas y cajas, expide por ellas facturas completas, simplificadas, rectificativas y de canje, genera en la misma transacción "
        + "el registro de facturación de cada una, lo encadena y lo remite a la Agencia Tributaria, y entrega las facturas en PDF, página web, UBL, "
        + "CII y Facturae. Permite además anular, subsanar, comprobar, consultar y exportar los registros.";

    /// <summary>The same in English.</summary>
    public const string English =
        "Server software for Linux: six .NET services (invoicing, delivery, payments, collections, reporting, portal), the database PostgreSQL and "
        + "the message broker RabbitMQ, on one server or several; no hardware. It takes sales of shops and tills, issues full, simplified, "
        + "corrective and exchange invoices, makes the record of each in the same transaction, chains it and sends it to the tax agency, and "
        + "delivers invoices as PDF, page, UBL, CII and Facturae. Records can be cancelled, amended, verified, looked up and exported.";

    /// <summary>Item 2.c.</summary>
    public const string Compliance =
        "Número, factura, registro y encadenamiento se confirman en una única transacción de la base de datos. La huella es SHA-256 y hay una cadena "
        + "por obligado tributario e instalación. Antes de cada registro se comprueban el anterior y la hora; al arrancar, los últimos de cada "
        + "cadena, y bajo demanda toda o parte de ella (GET /v1/fiscal/chain, ./retail verify). Una cadena alterada deja de admitir registros, con "
        + "alarma y anotación, hasta que lo resuelve un operador. El rol de la base de datos que usa el programa no puede modificar ni borrar "
        + "registros. Los registros se exportan como los ficheros oficiales que son (GET /v1/fiscal/export). Las facturas llevan el código QR y la "
        + "mención VERI*FACTU.";

    /// <summary>The same in English.</summary>
    public const string ComplianceInEnglish =
        "Number, invoice, record and chain commit in one database transaction. Fingerprints are SHA-256, and there is one chain per taxpayer and "
        + "installation. Before each record the one before and the clock are checked; at start the last ones of each chain, and on demand all or "
        + "part of it (GET /v1/fiscal/chain, ./retail verify). A chain that was changed takes no more records, with an alarm and an entry, until an "
        + "operator has dealt with it. The database role that the program uses can neither change nor delete records. Records are exported as the "
        + "official files that they are (GET /v1/fiscal/export). Invoices carry the QR code and the words VERI*FACTU.";
}
