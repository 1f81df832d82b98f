using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.Tests.Model;

/// <summary>The order of text in both stores: that of its UTF-8 bytes. Ordinal order of UTF-16 differs from it beyond U+FFFF only.</summary>
internal static class BytewiseOrder
{
    public static int Compare(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var index = 0; index < length; index++)
        {
            if (left[index] != right[index])
            {
                return Weight(left[index]).CompareTo(Weight(right[index]));
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    public static int Compare(EntityKey left, EntityKey right) =>
        Compare(left.Kind, right.Kind) is var kind && kind != 0 ? kind : Compare(left.Id, right.Id);

    // Surrogates stand for what comes after every other character.
    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
