namespace AkkaScale.Domain;

/// <summary>
/// Whether a text is in Unicode normal form C, by the algorithm of Unicode Standard Annex 15. The framework's own check
/// depends on the machine: it answers "yes" to everything in invariant mode, and elsewhere follows whatever version of
/// ICU is installed, so that two nodes could take one id for two.
/// </summary>
public static partial class NormalFormC
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <summary>No character below decomposes under form C, combines with one before it, or has a combining class.</summary>
    private const char FirstOfInterest = '\u0300';

    private static readonly Dictionary<(int First, int Second), int> Composed = [];
    private static readonly Dictionary<int, (int First, int Second)> Decomposed = [];
    private static readonly HashSet<int> Seconds = [];

    static NormalFormC()
    {
        for (var i = 0; i < Composites.Length; i += 3)
        {
            var pair = (Composites[i], Composites[i + 1]);
            Composed.Add(pair, Composites[i + 2]);
            Decomposed.Add(Composites[i + 2], pair);
            Seconds.Add(pair.Item2);
        }
    }

    /// <param name="text">Not well-formed: false.</param>
    public static bool IsNormalized(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstOfInterest, char.MaxValue))
        {
            return true;
        }

        var characters = new List<int>(text.Length);
        var isPlain = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                return false;
            }

            var character = char.ConvertToUtf32(text, i);
            i += character > char.MaxValue ? 1 : 0;
            if (InRange(Replaced, 2, character) >= 0)
            {
                return false;
            }

            characters.Add(character);
            isPlain &= ClassOf(character) == 0 && !IsSecond(character);
        }

        // Nothing to reorder, nothing to combine: most texts in any script end here.
        return isPlain || Compose(Decompose(characters)).SequenceEqual(characters);
    }

    /// <summary>Canonical decomposition in canonical order.</summary>
    private static List<(int Character, int Class)> Decompose(List<int> characters)
    {
        var output = new List<(int Character, int Class)>(characters.Count * 2);
        foreach (var character in characters)
        {
            Append(output, character);
        }

        return output;
    }

    private static void Append(List<(int Character, int Class)> output, int character)
    {
        if (character - SyllableBase is >= 0 and < SyllableCount and var syllable)
        {
            output.Add((LeadBase + (syllable / (VowelCount * TrailCount)), 0));
            output.Add((VowelBase + (syllable / TrailCount % VowelCount), 0));
            if (syllable % TrailCount is > 0 and var trail)
            {
                output.Add((TrailBase + trail, 0));
            }
        }
        else if (Decomposed.TryGetValue(character, out var pair))
        {
            Append(output, pair.First);
            Append(output, pair.Second);
        }
        else
        {
            // Insertion keeps the order of equal classes, as canonical ordering wants.
            var combiningClass = ClassOf(character);
            var at = output.Count;
            while (combiningClass != 0 && at > 0 && output[at - 1].Class > combiningClass)
            {
                at--;
            }

            output.Insert(at, (character, combiningClass));
        }
    }

    private static List<int> Compose(List<(int Character, int Class)> decomposed)
    {
        var output = new List<int>(decomposed.Count);
        var starter = -1;
        var lastClass = -1;
        foreach (var (character, combiningClass) in decomposed)
        {
            // A character is blocked from the starter by one between them of the same or a higher class, or by a starter.
            var blocked = starter < 0 || (lastClass != -1 && lastClass >= combiningClass);
            if (!blocked && TryCompose(output[starter], character, out var composite))
            {
                output[starter] = composite;
                continue;
            }

            output.Add(character);
            (starter, lastClass) = combiningClass == 0 ? (output.Count - 1, -1) : (starter, combiningClass);
        }

        return output;
    }

    private static bool TryCompose(int first, int second, out int composite)
    {
        if (first - LeadBase is >= 0 and < LeadCount and var lead && second - VowelBase is >= 0 and < VowelCount and var vowel)
        {
            composite = SyllableBase + (((lead * VowelCount) + vowel) * TrailCount);
            return true;
        }

        if (first - SyllableBase is >= 0 and < SyllableCount and var syllable
            && syllable % TrailCount == 0
            && second - TrailBase is > 0 and < TrailCount and var trail)
        {
            composite = first + trail;
            return true;
        }

        return Composed.TryGetValue((first, second), out composite);
    }

    private static bool IsSecond(int character) =>
        character is >= VowelBase and < VowelBase + VowelCount
        || character is > TrailBase and < TrailBase + TrailCount
        || Seconds.Contains(character);

    private static int ClassOf(int character) => InRange(Classes, 3, character) is var index and >= 0 ? Classes[index + 2] : 0;

    /// <returns>Where in the table the range with the character begins; −1 if there is none.</returns>
    private static int InRange(ReadOnlySpan<int> table, int width, int character)
    {
        int low = 0, high = (table.Length / width) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var index = middle * width;
            if (character < table[index])
            {
                high = middle - 1;
            }
            else if (character > table[index + 1])
            {
                low = middle + 1;
            }
            else
            {
                return index;
            }
        }

        return -1;
    }
}
