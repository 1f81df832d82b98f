using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Downing;

/// <summary>Who has stopped renewing, and whether this process may go on.</summary>
/// <remarks>
/// A process that ended is declared dead at once: its session lock, seen held before by the same unbroken observation, is free, and its link
/// to this process was closed within <see cref="ClusterDatabaseOptions.LinkWindow"/>. Neither says it alone: sessions are terminated and
/// databases restart under processes that live, and links break. For the rest there is the counter.
/// <para>
/// A process is declared dead when a reading that was sent <see cref="ClusterDatabaseOptions.DeadAfter"/> or more after another had been
/// received shows the same counter and state. Both ends err towards waiting: the counter is at least as old as the receipt of the first,
/// and at least as new as the sending of the second. The declaration is a compare-and-set on both, so a renewal in between undoes it.
/// Counts begin anew whenever the readings were not continuous: after the database, or this process, was away, everybody gets the whole
/// time to show itself. They also begin anew while this process's own counter rests: a database that is read and takes no renewals says
/// nothing of anybody, and whoever renews first after it would otherwise declare all others. Never declares itself.
/// </para>
/// </remarks>
internal static class DeathMachine
{
    public static void Step(DeathState state, DeathInput input, ClusterDatabaseOptions options, List<DeathEffect> effects)
    {
        switch (input)
        {
            case DeathInput.Read read:
                Read(state, read, options, effects);
                break;
            case DeathInput.LinkEnded(var incarnation, var at):
                state.EndedLinks[incarnation] = at;
                break;
            case DeathInput.ReadFailed:
                BeginAnew(state);
                break;
            case DeathInput.Leaving:
                state.IsLeaving = true;
                break;
            default:
                throw new InvalidOperationException($"Unknown input {input.GetType()}.");
        }
    }

    private static void Read(DeathState state, DeathInput.Read read, ClusterDatabaseOptions options, List<DeathEffect> effects)
    {
        if (!IsContinuous(state, read, options))
        {
            BeginAnew(state);
        }

        state.LastReceivedAt = read.ReceivedAt;
        effects.Add(new DeathEffect.Publish(new MembersSnapshot(read.Reading, read.SentAt, read.ReceivedAt)));
        var own = read.Reading.Nodes.FirstOrDefault(row => row.Incarnation == state.Own);
        CheckOwn(state, own, read.Reading.Generation, effects);
        if (!RenewsItself(state, own, read.ReceivedAt, options))
        {
            state.Sightings.Clear();
        }

        if (!state.HasEnded)
        {
            CheckOthers(state, read, options, effects);
        }
    }

    private static bool IsContinuous(DeathState state, DeathInput.Read read, ClusterDatabaseOptions options) =>
        state.LastReceivedAt is { } last
        && read.SentAt - last <= options.LongestGap
        && read.ReceivedAt - read.SentAt <= options.LongestGap;

    private static bool RenewsItself(DeathState state, NodeRow? own, TimeSpan now, ClusterDatabaseOptions options)
    {
        if (own is null)
        {
            return false;
        }

        if (state.OwnRenewals is not { } seen || seen.Renewals != own.Renewals)
        {
            state.OwnRenewals = seen = new DeathState.Sighting(own.State, own.Renewals, now);
        }

        return now - seen.Since <= options.LongestOwnRest;
    }

    private static void BeginAnew(DeathState state)
    {
        state.LastReceivedAt = null;
        state.Sightings.Clear();
        state.SeenLocked.Clear();
    }

    private static void CheckOthers(DeathState state, DeathInput.Read read, ClusterDatabaseOptions options, List<DeathEffect> effects)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in read.Reading.Nodes)
        {
            if (row.IsGone || row.Incarnation == state.Own)
            {
                continue;
            }

            present.Add(row.Incarnation);
            if (row.Locked == true)
            {
                state.SeenLocked.Add(row.Incarnation);
            }

            if (HasEnded(state, row, read, options))
            {
                effects.Add(new DeathEffect.Declare(row.Incarnation, row.State, row.Renewals, "has ended: its session and its link are closed"));
                continue;
            }

            if (!state.Sightings.TryGetValue(row.Incarnation, out var seen) || seen.State != row.State || seen.Renewals != row.Renewals)
            {
                state.Sightings[row.Incarnation] = new DeathState.Sighting(row.State, row.Renewals, read.ReceivedAt);
            }
            else if (read.SentAt - seen.Since >= options.DeadAfter)
            {
                var time = $"{(read.SentAt - seen.Since).TotalSeconds:0.0} s by the clock of {state.Own}";
                var reason = row.IsLive ? $"did not renew for {time}" : $"was down for {time}: {row.Reason}";
                effects.Add(new DeathEffect.Declare(row.Incarnation, row.State, row.Renewals, reason));
            }
        }

        foreach (var gone in state.Sightings.Keys.Where(incarnation => !present.Contains(incarnation)).ToList())
        {
            state.Sightings.Remove(gone);
        }

        state.SeenLocked.IntersectWith(present);
        foreach (var gone in state.EndedLinks.Keys.Where(incarnation => !present.Contains(incarnation)).ToList())
        {
            state.EndedLinks.Remove(gone);
        }
    }

    private static bool HasEnded(DeathState state, NodeRow row, DeathInput.Read read, ClusterDatabaseOptions options) =>
        options.DetectEndedProcesses && row is { IsLive: true, IsDirect: true, Locked: false }
        && state.SeenLocked.Contains(row.Incarnation)
        && state.EndedLinks.TryGetValue(row.Incarnation, out var at) && read.ReceivedAt - at <= ClusterDatabaseOptions.LinkWindow;

    private static void CheckOwn(DeathState state, NodeRow? own, long generation, List<DeathEffect> effects)
    {
        state.HasSeenOwn |= own is not null;
        if (state.HasEnded || !state.HasSeenOwn)
        {
            return;
        }

        DeathEffect.End? end = own switch
        {
            null => new DeathEffect.End(NodeEnd.Dead, "its row is no longer there"),
            { State: NodeState.Down } => new DeathEffect.End(NodeEnd.Down, own.Reason ?? "it was sent away"),
            { State: NodeState.Left } when state.IsLeaving => null,
            { IsGone: true } => new DeathEffect.End(NodeEnd.Dead, own.Reason ?? "its row says so"),
            { Generation: > 0 } when own.Generation != generation => new DeathEffect.End(
                NodeEnd.OtherGeneration, $"it is of generation {own.Generation}, the cluster of {generation}"),
            _ => null,
        };
        if (end is null)
        {
            return;
        }

        state.HasEnded = true;
        if (end.Why == NodeEnd.Down)
        {
            effects.Add(new DeathEffect.GiveWay(own!.Renewals, $"has ended after it was sent away: {end.Reason}"));
        }

        effects.Add(end);
    }
}
