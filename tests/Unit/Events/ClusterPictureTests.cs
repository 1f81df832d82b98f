using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Management.Events;
using AkkaEvent = Akka.Cluster.ClusterEvent;

namespace AkkaScale.Tests.Unit.Events;

public sealed class ClusterPictureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HashSet<string> _withRow = ["node-1", "node-2", "node-3"];
    private readonly ClusterPicture _picture;

    public ClusterPictureTests() =>
        _picture = new ClusterPicture(member => _withRow.Contains(member.Address.Host!) ? Gossip.Row(member.Address.Host!, "joined") : null);

    [Fact]
    public void A_listener_is_told_what_is_and_the_events_after_it_lead_to_what_is_then()
    {
        Assert.False(_picture.IsKnown);
        _picture.Begin(State(["node-1"], []));
        Assert.True(_picture.IsKnown);
        Assert.Equal("node-1 Up, leader node-1", Tell(_picture.Describe(Noon)));

        Assert.Equal("MemberJoined node-2 Joining", Take(new AkkaEvent.MemberJoined(Gossip.Member("node-2", MemberStatus.Joining))));
        Assert.Equal("MemberUp node-2 Up", Take(new AkkaEvent.MemberUp(Gossip.Member("node-2", MemberStatus.Up))));
        Assert.Equal("node-1 Up, node-2 Up, leader node-1", Tell(_picture.Describe(Noon)));

        Assert.Equal("UnreachableMember node-2 Up", Take(new AkkaEvent.UnreachableMember(Gossip.Member("node-2", MemberStatus.Up))));
        Assert.Equal("node-1 Up, node-2 Up, unreachable node-2, leader node-1", Tell(_picture.Describe(Noon)));
        Assert.Equal("ReachableMember node-2 Up", Take(new AkkaEvent.ReachableMember(Gossip.Member("node-2", MemberStatus.Up))));

        Assert.Equal("MemberLeft node-1 Leaving", Take(new AkkaEvent.MemberLeft(Gossip.Member("node-1", MemberStatus.Leaving))));
        Assert.Equal("LeaderChanged node-2", Take(new AkkaEvent.LeaderChanged(Address.Parse(Gossip.AddressOf("node-2")))));
        Assert.Equal("MemberExited node-1 Exiting", Take(new AkkaEvent.MemberExited(Gossip.Member("node-1", MemberStatus.Exiting))));
        Assert.Equal(
            "MemberRemoved node-1 Removed",
            Take(new AkkaEvent.MemberRemoved(Gossip.Member("node-1", MemberStatus.Removed), MemberStatus.Exiting)));
        Assert.Equal("node-2 Up, leader node-2", Tell(_picture.Describe(Noon)));
    }

    [Fact]
    public void Who_was_unreachable_and_is_removed_is_neither_any_more()
    {
        _picture.Begin(State(["node-1", "node-2"], ["node-2"]));
        Assert.Equal("node-1 Up, node-2 Up, unreachable node-2, leader node-1", Tell(_picture.Describe(Noon)));
        Assert.Equal("MemberDowned node-2 Down", Take(new AkkaEvent.MemberDowned(Gossip.Member("node-2", MemberStatus.Down))));
        Assert.Equal(
            "MemberRemoved node-2 Removed",
            Take(new AkkaEvent.MemberRemoved(Gossip.Member("node-2", MemberStatus.Removed), MemberStatus.Down)));
        Assert.Equal("node-1 Up, leader node-1", Tell(_picture.Describe(Noon)));
    }

    [Fact]
    public void What_a_row_said_is_kept_when_the_row_is_gone_and_without_one_the_address_is_the_name()
    {
        _picture.Begin(State(["node-1", "node-2"], []));
        _withRow.Clear();
        var removed = (MemberChanged)_picture.Take(
            new AkkaEvent.MemberRemoved(Gossip.Member("node-2", MemberStatus.Removed), MemberStatus.Down), Noon)!;
        Assert.Equal(("node-2", "i2", "node-2:8558", "joined"),
            (removed.Member.Name, removed.Member.NodeUid, removed.Member.ManagementAddress, removed.Member.Reason));
        Assert.Equal("MemberUp node-4:4053 Up", Take(new AkkaEvent.MemberUp(Gossip.Member("node-4", MemberStatus.Up))));
    }

    [Fact]
    public void What_is_no_event_for_people_is_not_told()
    {
        _picture.Begin(State(["node-1"], []));
        Assert.Null(_picture.Take(AkkaEvent.ClusterShuttingDown.Instance, Noon));
        Assert.Null(_picture.Take(new AkkaEvent.RoleLeaderChanged("entity", null), Noon));
        Assert.Equal("LeaderChanged nobody", Take(new AkkaEvent.LeaderChanged(null)));
    }

    [Fact]
    public void An_event_is_one_line_of_JSON_that_begins_with_its_type()
    {
        Assert.Equal(
            """{"type":"ShardHomeChanged","at":"2026-03-01T12:00:00+00:00","region":"task","shard":3,"from":null,"to":"n\n"}""",
            Encoding.UTF8.GetString(EventEndpoints.Serialize(new ShardHomeChanged(Noon, "task", 3, null, "n\n"))));

        _picture.Begin(State(["node-1", "node-2"], ["node-2"]));
        var state = Encoding.UTF8.GetString(EventEndpoints.Serialize(_picture.Describe(Noon)));
        Assert.DoesNotContain('\n', state);
        using var json = JsonDocument.Parse(state);
        Assert.Equal(["type", "at", "members", "unreachable", "leader"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["node", "nodeUid", "name", "status", "roles", "managementAddress", "version", "joinedAt", "reason"],
            json.RootElement.GetProperty("members")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(Gossip.AddressOf("node-2"), json.RootElement.GetProperty("unreachable")[0].GetString());
    }

    private static AkkaEvent.CurrentClusterState State(string[] up, string[] unreachable) => new(
        up.Select(name => Gossip.Member(name, MemberStatus.Up)).ToImmutableSortedSet(Member.AgeOrdering),
        [.. unreachable.Select(name => Gossip.Member(name, MemberStatus.Up))],
        [], Address.Parse(Gossip.AddressOf("node-1")), ImmutableDictionary<string, Address>.Empty);

    private string Take(AkkaEvent.IClusterDomainEvent happened) => _picture.Take(happened, Noon) switch
    {
        MemberChanged member => $"{member.Type} {member.Member.Name} {member.Member.Status}",
        LeaderChanged leader => $"LeaderChanged {leader.Name ?? "nobody"}",
        var other => $"{other}",
    };

    private static string Tell(CurrentClusterState state)
    {
        string[] parts =
        [
            .. state.Members.Select(member => $"{member.Name} {member.Status}"),
            .. state.Unreachable.Select(address => $"unreachable {Name(address)}"),
            $"leader {Name(state.Leader!)}",
        ];
        return string.Join(", ", parts);

        static string Name(string address) => Address.Parse(address).Host!;
    }
}
