using System.Xml;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>Whether a file is longer, deeper or wider than any bank's, seen without keeping anything of it.</summary>
internal static class CamtLimits
{
    private const int MostAttributes = 32;

    /// <summary>Reads to the end.</summary>
    public static bool IsExcessive(XmlReader xml)
    {
        var chunk = new char[1024];
        var (elements, statements) = (0, 0);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                elements += 1 + xml.AttributeCount;
                statements += xml.LocalName is "Stmt" or "Ntfctn" ? 1 : 0;
            }

            if (
                elements > CamtReader.MostElements
                || statements > CamtReader.MostStatements
                || xml.Depth > CamtReader.MostDepth
                || xml.AttributeCount > MostAttributes
                || IsLong(xml, chunk)
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLong(XmlReader xml, char[] chunk)
    {
        if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
        {
            var length = 0;
            for (int read; length <= CamtReader.MostText && (read = xml.ReadValueChunk(chunk, 0, chunk.Length)) > 0; )
            {
                length += read;
            }

            return length > CamtReader.MostText;
        }

        var isLong = false;
        if (xml.NodeType == XmlNodeType.Element && xml.HasAttributes)
        {
            while (xml.MoveToNextAttribute())
            {
                isLong |= xml.Value.Length > CamtReader.MostText;
            }

            xml.MoveToElement();
        }

        return isLong;
    }
}
