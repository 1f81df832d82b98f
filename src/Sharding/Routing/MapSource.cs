namespace AkkaScale.Sharding.Routing;

/// <summary>Who says where a region's shards are.</summary>
/// <param name="Uid">With the address it names one start of a node.</param>
/// <param name="Round">Of maps of one source the later counts.</param>
internal readonly record struct MapSource(string Address, int Uid, long Round)
{
    /// <summary>Whether a map of this source is to take the place of the present one.</summary>
    /// <param name="byAge">The members as this process sees them, the oldest first.</param>
    /// <remarks>
    /// A coordinator is on the oldest member, and goes on to a younger one when that has been removed or leaves: never back. So among
    /// members the younger source is right, and whoever is no member is not. To take the oldest's alone would not do: this process may hear
    /// from the new coordinator before it hears that the old one's node is gone, and would be without the new map when it needs it.
    /// </remarks>
    public bool Supersedes(MapSource? present, IReadOnlyList<(string Address, int Uid)> byAge)
    {
        var mine = IndexOf(this, byAge);
        if (mine < 0 || present is not { } other)
        {
            return mine >= 0;
        }

        return (Address, Uid) == (other.Address, other.Uid) ? Round > other.Round : mine > IndexOf(other, byAge);
    }

    private static int IndexOf(MapSource source, IReadOnlyList<(string Address, int Uid)> byAge)
    {
        for (var index = 0; index < byAge.Count; index++)
        {
            if (byAge[index] == (source.Address, source.Uid))
            {
                return index;
            }
        }

        return -1;
    }
}
