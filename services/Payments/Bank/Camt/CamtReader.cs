using System.Text;
using System.Xml;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank.Camt;

/// <summary>
/// Reads camt.053 and camt.054 of every version by the names of their elements, since banks differ in the namespaces and agree on the
/// names. Anyone may have written the file: no document type, no entities, nothing fetched, bounded depth, texts and number of movements.
/// What cannot be read is refused with its place, and then nothing of the file counts.
/// </summary>
public static class CamtReader
{
    /// <summary>How deep elements may lie in each other; the standard's lie some fifteen deep.</summary>
    public const int MostDepth = 40;

    /// <summary>How long a text may be; the standard's longest has 500 characters.</summary>
    public const int MostText = 10_000;

    /// <summary>How many elements what is told of one payment may have; a payment with all that the standard knows has some hundreds.</summary>
    public const int MostOfPayment = 5_000;

    /// <summary>How many payments a file may tell of.</summary>
    public const int MostPayments = 500_000;

    /// <summary>How many statements a file may have.</summary>
    public const int MostStatements = 1_000;

    /// <summary>How many elements a file may have, told of or passed over.</summary>
    public const int MostElements = 16_000_000;

    private const int MostCharacters = 160 * 1024 * 1024;
    private const int LongestAnswer = 300;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MostCharacters,
        CloseInput = false,
    };

    // Banks declare windows-1252 and ISO-8859-15, which .NET knows only when it is told to.
    static CamtReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// What the file tells, all of it looked at, or what is wrong with it. Its movements are read again from the file whenever they are
    /// asked for, so that a file of any length takes little room; whoever opened the file closes it.
    /// </summary>
    public static Outcome<CamtFile> Read(Stream file)
    {
        try
        {
            // Trees are built below: how deep and how long it all is, is looked at before there is one.
            using (var xml = From(file))
            {
                if (CamtLimits.IsExcessive(xml))
                {
                    return PaymentsFaults.ExcessiveXml.With(MostDepth, MostText);
                }
            }

            using (var xml = From(file))
            {
                var reading = new CamtReading(xml);
                var told = reading.ToEnd();
                return told is null ? PaymentsFaults.NotCamt.With(Short(reading.Root)) : new CamtFile(told, () => From(file));
            }
        }
        catch (XmlException exception)
        {
            return PaymentsFaults.NotXml.With(Short(exception.Message));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // An encoding that its declaration names and nobody has, or bytes that are none of it.
            return PaymentsFaults.NotXml.With(Short(exception.Message));
        }
        catch (CamtExcessException excess)
        {
            return PaymentsFaults.TooManyPayments.At(excess.Place, excess.Place, excess.Most);
        }
        catch (CamtUnfitException unfit)
        {
            return PaymentsFaults.UnreadableStatement.At(unfit.Place, unfit.Place);
        }
    }

    private static XmlReader From(Stream file)
    {
        file.Position = 0;
        return XmlReader.Create(file, Settings);
    }

    private static string Short(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer];
}

/// <summary>A place that is missing or cannot be read.</summary>
internal sealed class CamtUnfitException(string place) : Exception
{
    public string Place => place;
}

/// <summary>A place where there is more than is taken.</summary>
internal sealed class CamtExcessException(string place, int most) : Exception
{
    public string Place => place;

    public int Most => most;
}
