using System.Collections.Frozen;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Downing;

/// <summary>The members as the database had them at one reading. Immutable; swapped whole.</summary>
internal sealed class MembersSnapshot
{
    private readonly FrozenDictionary<(string Address, long Uid), NodeRow> _byMember;

    public MembersSnapshot(ClusterReading reading, TimeSpan sentAt, TimeSpan receivedAt)
    {
        Reading = reading;
        SentAt = sentAt;
        ReceivedAt = receivedAt;
        Nodes = reading.Nodes.ToFrozenDictionary(row => row.Incarnation, StringComparer.Ordinal);

        // A process that starts again within the uid's reach has another row under the same pair: the newest counts.
        _byMember = reading.Nodes.GroupBy(row => (row.Address, row.Uid))
            .ToFrozenDictionary(rows => rows.Key, rows => rows.MaxBy(row => row.Incarnation, StringComparer.Ordinal)!);
    }

    public ClusterReading Reading { get; }

    /// <summary>Of this process's monotonic clock, like <see cref="ReceivedAt"/>.</summary>
    public TimeSpan SentAt { get; }

    public TimeSpan ReceivedAt { get; }

    public long Generation => Reading.Generation;

    public string? Founder => Reading.Founder;

    /// <summary>By incarnation: the live and the down ones, and this process's own in whatever state.</summary>
    public IReadOnlyDictionary<string, NodeRow> Nodes { get; }

    /// <summary>What the database says of the member that Akka knows by this address and number.</summary>
    /// <remarks>
    /// Rows of members in Akka's gossip are read by name whatever their state. One without a row never registered: it may be a node that
    /// does without the database while a team adopts it, and nothing is known of it.
    /// </remarks>
    public MemberVerdict VerdictOf(string address, long uid) => Find(address, uid)?.State switch
    {
        null => MemberVerdict.Unknown,
        NodeState.Live => MemberVerdict.Live,
        NodeState.Down => MemberVerdict.Down,
        _ => MemberVerdict.Gone,
    };

    /// <summary>The row of the member that Akka knows by this address and number.</summary>
    public NodeRow? Find(string address, long uid) => _byMember.GetValueOrDefault((address, uid));
}
