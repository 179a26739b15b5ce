namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Sound tax identifiers, each given out once.</summary>
internal static class Nifs
{
    private static int _persons = 10_000_000;
    private static int _entities = 1_000_000;

    public static string Person()
    {
        var number = Interlocked.Increment(ref _persons);
        return $"{number}{"TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]}";
    }

    /// <summary>A company's (B), or a public body's (P, Q, S), whose check character is a letter.</summary>
    public static string Entity(char letter = 'B')
    {
        var digits = $"{Interlocked.Increment(ref _entities)}";
        var sum = digits.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 2 : 1)).Sum(each => each / 10 + each % 10);
        var check = (10 - sum % 10) % 10;
        return $"{letter}{digits}{(letter == 'B' ? $"{check}" : "JABCDEFGHI"[check])}";
    }

    /// <summary>One of a sound one's shape, with another check character.</summary>
    public static string Unsound() => Person() is var nif && nif[8] == 'A' ? $"{nif[..8]}B" : $"{nif[..8]}A";
}
