namespace AkkaScale.Tests.Verdict;

/// <summary>One string for each name, found without making another.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _names =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<char> name)
    {
        if (!_names.TryGetValue(name, out var known))
        {
            known = name.ToString();
            _names[name] = known;
        }

        return known;
    }
}
