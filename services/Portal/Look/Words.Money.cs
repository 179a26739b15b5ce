namespace RetailInvoicing.Portal.Look;

public abstract partial class Words
{
    /// <summary>What the office says: whole in Spanish and English, so that neither can lack; other languages read the Spanish.</summary>
    public string Say(string spanish, string english) => Code == "en" ? english : spanish;

    /// <summary>A word for something that programs name, with the name itself where it is new.</summary>
    public string OneOf(string? name, IReadOnlyDictionary<string, (string Spanish, string English)> words) =>
        name is null ? ""
        : words.TryGetValue(name, out var said) ? Say(said.Spanish, said.English)
        : name;

    /// <summary>23 nov 2026, 10:15, as a clock on the wall there shows it.</summary>
    public string At(DateTimeOffset? at, TimeZoneInfo zone)
    {
        if (at is not { } instant)
        {
            return "";
        }

        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return $"{ShortDate(DateOnly.FromDateTime(local.DateTime))}, {local.Hour:00}:{local.Minute:00}";
    }
}
