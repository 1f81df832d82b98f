using System.Text;

namespace AkkaScale.Cluster.Orders;

/// <summary>What of an order's text the databases keep.</summary>
internal static class OrderText
{
    private const int Longest = 1_000;

    /// <summary>In words what is wrong with it; null: nothing.</summary>
    public static string? Check(string name, string text, bool mayBeEmpty) =>
        text.Length > Longest || text.EnumerateRunes().Any(IsUnfit) || (text.Length == 0 && !mayBeEmpty)
            ? $"{name} must have {(mayBeEmpty ? 0 : 1)} to {Longest} characters, none of them NUL or half a surrogate pair."
            : null;

    /// <summary>A broken pair reads as the replacement character.</summary>
    private static bool IsUnfit(Rune rune) => rune.Value == 0 || rune == Rune.ReplacementChar;
}
