using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Joining;

/// <summary>Whether a process joins, founds, or waits.</summary>
/// <remarks>
/// The database lets only one found; who tries is a matter of order. The oldest that waits goes first, each younger one a time to live
/// later, so that nobody depends on one that hangs while it renews. Nobody joins while its predecessor under the same address is not gone
/// from the rows and from what contact points know: else a notice about the old one could hit the new one.
/// </remarks>
internal static class JoinRule
{
    /// <param name="timeToLive">How much longer each younger one waits before it tries to found.</param>
    public static JoinDecision Decide(JoinView view, TimeSpan timeToLive)
    {
        var reading = view.Reading;
        var own = reading.Nodes.FirstOrDefault(row => row.Incarnation == view.Own);
        if (own is not { IsLive: true })
        {
            return new JoinDecision.KeepProbing("its own row is not live");
        }

        if (own.Generation > 0 && own.Generation != reading.Generation)
        {
            return new JoinDecision.KeepProbing($"it is of generation {own.Generation}, the cluster of {reading.Generation}");
        }

        if (Predecessor(view) is { } reason)
        {
            return new JoinDecision.KeepProbing(reason);
        }

        // The answer to its founding may be lost. Nobody can have joined this generation without it.
        if (own.Generation > 0 && reading.Founder == view.Own)
        {
            return new JoinDecision.JoinSeeds(reading.Generation, [view.Address]);
        }

        var members = reading.Nodes.Where(row => row.IsLive && row.Generation > 0 && row.Incarnation != view.Own).ToList();
        return Seeds(view, members) is { Count: > 0 } seeds
            ? new JoinDecision.JoinSeeds(reading.Generation, seeds)
            : Found(view, own, members, timeToLive);
    }

    /// <summary>
    /// Who could let a process in that may join: every live one of the generation, also those that are still joining themselves. None
    /// before the process may join.
    /// </summary>
    /// <param name="own">Its incarnation.</param>
    public static IReadOnlyList<string> Others(ClusterReading reading, string own) =>
        reading.Nodes.Any(row => row.Incarnation == own && IsOf(reading, row))
            ? [.. reading.Nodes.Where(row => row.Incarnation != own && IsOf(reading, row)).Select(row => row.Address)]
            : [];

    private static bool IsOf(ClusterReading reading, NodeRow row) => row.IsLive && row.Generation > 0 && row.Generation == reading.Generation;

    private static string? Predecessor(JoinView view)
    {
        var row = view.Reading.Nodes.FirstOrDefault(row => !row.IsGone && row.Incarnation != view.Own && row.Address == view.Address);
        if (row is not null)
        {
            return $"{row.Incarnation} at the same address is {row.State.ToString().ToLowerInvariant()}";
        }

        var contact = view.Contacts.FirstOrDefault(
            contact => contact.Source != view.Address && (contact.Members.Contains(view.Address) || contact.SeedNodes.Contains(view.Address)));
        return contact is null ? null : $"{contact.Source} still knows a member at the same address";
    }

    private static List<string> Seeds(JoinView view, List<NodeRow> members)
    {
        var addresses = members.Where(row => row.Generation == view.Reading.Generation).Select(row => row.Address).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. view.Contacts.Where(contact => addresses.Contains(contact.Source))
                .SelectMany(contact => contact.SeedNodes)
                .Where(seed => addresses.Contains(seed) && seed != view.Address)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static JoinDecision Found(JoinView view, NodeRow own, List<NodeRow> members, TimeSpan timeToLive)
    {
        var reading = view.Reading;
        if (own.Generation > 0 || members.Count > 0)
        {
            var generation = members.Count > 0 ? members[0].Generation : own.Generation;
            return new JoinDecision.KeepProbing($"no contact point of generation {generation} shows seed nodes yet");
        }

        if (reading.Nodes.Any(row => row.IsLive && row.Incarnation == reading.Founder))
        {
            return new JoinDecision.KeepProbing($"the founder {reading.Founder} is live");
        }

        var older = reading.Nodes.Count(row => row.IsLive && StringComparer.Ordinal.Compare(row.Incarnation, view.Own) < 0);
        return view.Waited >= timeToLive * older
            ? new JoinDecision.TryFound(reading.Generation, reading.Founder)
            : new JoinDecision.KeepProbing($"{older} older ones may found first");
    }
}
