using Akka.Cluster;

namespace AkkaScale.Cluster.Plugin;

/// <summary>For how long no member has come, gone or been out of reach, as one coordinator sees it. Not thread-safe.</summary>
internal sealed class MembershipQuiet
{
    private HashSet<UniqueAddress> _members = [];
    private TimeSpan _unrestAt;

    /// <summary>A coordinator begins: what was before it is not known.</summary>
    public void Begin(TimeSpan now) => (_members, _unrestAt) = ([], now);

    /// <returns>For how long there has been nothing of the kind.</returns>
    public TimeSpan Look(TimeSpan now, ClusterEvent.CurrentClusterState state)
    {
        var members = state.Members.Select(member => member.UniqueAddress).ToHashSet();
        if (state.Unreachable.Count > 0 || state.Members.Any(member => member.Status != MemberStatus.Up) || !members.SetEquals(_members))
        {
            (_members, _unrestAt) = (members, now);
        }

        return now - _unrestAt;
    }
}
