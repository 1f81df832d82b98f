using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Downing;

/// <summary>When one side of a partition among the living claims to stay. The database lets exactly one of the claims win.</summary>
/// <remarks>
/// <para>Each process judges by what it cannot reach itself. Its side is everybody else; the members of a side claim in their order, the
/// oldest first, and the smaller side after the larger one's oldest. In a clean cut that is all. The order matters where cuts are not
/// clean: when only A and B cannot reach each other, C reaches both, is on both's side and has nothing to claim. If C is the oldest, A and
/// B, each the second of its side, claim after it would have, and one of them wins; a bystander that decided for them would have to send
/// away both. A link that is cut one way is the same, since a heartbeat needs both ways.</para>
/// <para>Whom the claimer reaches is never sent away, nor who is live and reachable but was noticed by nobody. A live row that is not yet a
/// member in the claimer's gossip is, even one that joined this very side a moment ago: it may have become a member of the other side, and
/// nothing would ever join it to this one. It is started again and joins.</para>
/// <para>Nothing is decided while the database has not been read: who is live may have changed, and the claim could not be made.</para>
/// </remarks>
internal static class PartitionMachine
{
    public static void Step(PartitionState state, PartitionInput input, ClusterDatabaseOptions options, List<PartitionEffect> effects)
    {
        switch (input)
        {
            case PartitionInput.Tick(var now, var view):
                Tick(state, now, view, options, effects);
                break;
            case PartitionInput.Answered(var now, _):
                state.IsClaiming = false;
                state.Flapping.Clear();
                BeginAnew(state, now);
                break;
            default:
                throw new InvalidOperationException($"Unknown input {input.GetType()}.");
        }
    }

    private static void Tick(
        PartitionState state, TimeSpan now, PartitionView view, ClusterDatabaseOptions options, List<PartitionEffect> effects)
    {
        var isContinuous = state.LastTickAt is { } last && now - last <= options.LongestGap;
        var elapsed = isContinuous ? now - state.LastTickAt!.Value : TimeSpan.Zero;
        state.LastTickAt = now;
        if (!view.IsRecent)
        {
            BeginAnew(state, now);
            return;
        }

        // What was unreachable at the last tick was so until now.
        CountFlapping(state, now, elapsed, view, options);
        if (!isContinuous || !state.Unreachable.SetEquals(view.Unreachable))
        {
            state.Unreachable = view.Unreachable;
            state.StableSince = now;
        }

        if (view.Unreachable.Count > 0 && !state.IsClaiming && Claim(state, now, view, options) is { } claim)
        {
            state.IsClaiming = true;
            effects.Add(claim);
        }
    }

    private static void BeginAnew(PartitionState state, TimeSpan now)
    {
        state.Unreachable = new HashSet<string>();
        state.StableSince = now;
    }

    private static PartitionEffect.Prevail? Claim(PartitionState state, TimeSpan now, PartitionView view, ClusterDatabaseOptions options)
    {
        var wait = Wait(view, options);
        var stable = now - state.StableSince;
        if (stable >= options.PartitionStableAfter + wait)
        {
            return Without(view, view.Unreachable, $"could not be reached by {view.Own} and its side for {stable.TotalSeconds:0.0} s");
        }

        var flapping = view.Unreachable
            .Where(member => state.Flapping.TryGetValue(member, out var time) && time.Sum >= options.FlappingLimit + wait)
            .ToHashSet(StringComparer.Ordinal);
        return flapping.Count == 0 || FlapsItself(state, view, options) ? null : Without(view, flapping,
            $"flapping: could not be reached by {view.Own} for {options.FlappingLimit.TotalSeconds:0} s of {options.FlappingWindow.TotalSeconds:0} s");
    }

    /// <summary>
    /// Whoever sees most of the others come and go does so itself, and leaves it to them. Links heal one after the other: it would send away
    /// whichever of them is last.
    /// </summary>
    private static bool FlapsItself(PartitionState state, PartitionView view, ClusterDatabaseOptions options)
    {
        var others = view.Members
            .Where(member => state.Flapping.TryGetValue(member, out var time) && time.Sum >= options.FlappingLimit / 2)
            .ToHashSet(StringComparer.Ordinal);
        return IsSmaller([.. view.Members.Where(member => !others.Contains(member))], others);
    }

    private static PartitionEffect.Prevail Without(PartitionView view, IReadOnlySet<string> others, string reason) => new(
        view.Generation, [.. view.Members.Where(member => !others.Contains(member)).Order(StringComparer.Ordinal)], reason);

    /// <summary>How much longer than the oldest of the larger side this process waits.</summary>
    private static TimeSpan Wait(PartitionView view, ClusterDatabaseOptions options)
    {
        var mine = view.Members.Where(member => !view.Unreachable.Contains(member)).ToList();
        var older = mine.Count(member => StringComparer.Ordinal.Compare(member, view.Own) < 0);
        return options.SmallerSideWaits * ((2 * older) + (IsSmaller(mine, view.Unreachable) ? 1 : 0));
    }

    /// <summary>Of two sides of one size the one with the oldest member counts as the larger.</summary>
    private static bool IsSmaller(List<string> mine, IReadOnlySet<string> others)
    {
        var difference = mine.Count - others.Count;
        return difference == 0
            ? StringComparer.Ordinal.Compare(others.Min(StringComparer.Ordinal), mine.Min(StringComparer.Ordinal)) < 0
            : difference < 0;
    }

    private static void CountFlapping(
        PartitionState state, TimeSpan now, TimeSpan elapsed, PartitionView view, ClusterDatabaseOptions options)
    {
        foreach (var member in state.Unreachable.Where(view.Members.Contains))
        {
            if (!state.Flapping.TryGetValue(member, out var time))
            {
                state.Flapping.Add(member, time = new UnreachableTime(options.FlappingWindow));
            }

            time.Add(now, elapsed);
        }

        foreach (var (member, time) in state.Flapping)
        {
            time.Advance(now);
            if (time.IsEmpty || !view.Members.Contains(member))
            {
                state.Flapping.Remove(member);
            }
        }
    }
}
