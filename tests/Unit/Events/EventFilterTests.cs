using AkkaScale.Hosting.Events;

namespace AkkaScale.Tests.Unit.Events;

public sealed class EventFilterTests
{
    [Theory]
    [InlineData("", "MemberUp ReachableMember LeaderChanged", "ShardOwnerChanged NodeOrdered AuditWritten")]
    [InlineData("*", "MemberUp ShardOwnerChanged ShardPinned NodeOrdered AuditWritten LeaderChanged", "Overflow")]
    [InlineData("ClusterDomainEvent", "MemberRemoved UnreachableMember LeaderChanged", "ShardPinned AuditWritten")]
    [InlineData("MemberEvent", "MemberJoined MemberUp MemberLeft MemberExited MemberDowned MemberRemoved", "ReachableMember LeaderChanged")]
    [InlineData("ReachabilityEvent", "ReachableMember UnreachableMember", "MemberUp")]
    [InlineData("ShardEvent,NodeOrdered", "ShardOwnerChanged ShardTargetChanged ShardPinned NodeOrdered", "MemberUp AuditWritten")]
    [InlineData("OrderEvent AuditWritten", "NodeOrdered ShardPinned AuditWritten", "ShardOwnerChanged")]
    public void Types_and_groups_say_what_is_told(string asked, string included, string excluded)
    {
        var filter = EventFilter.Of(asked.Split(' ', StringSplitOptions.RemoveEmptyEntries))!;

        Assert.All(included.Split(' '), type => Assert.True(filter.Includes(type), type));
        Assert.All(excluded.Split(' '), type => Assert.False(filter.Includes(type), type));
    }

    [Theory]
    [InlineData("MemberDanced")]
    [InlineData("memberup")]
    [InlineData("MemberUp,x")]
    public void A_name_that_is_not_known_is_no_filter(string asked) => Assert.Null(EventFilter.Of([asked]));

    [Fact]
    public void A_listener_that_reads_nothing_is_told_that_it_missed_something()
    {
        var left = new List<EventSubscription>();
        using (var subscription = new EventSubscription(EventFilter.Of(["*"])!, left.Add))
        {
            for (var number = 0; number < EventSubscription.Bound; number++)
            {
                Assert.True(subscription.Offer(new NodeOrdered(default, $"{number}", null, null, null)));
            }

            Assert.Null(subscription.Overflow);
            Assert.False(subscription.Offer(new NodeOrdered(default, "one too many", null, null, null)));
            Assert.NotNull(subscription.Overflow);

            // What was kept is told first.
            var kept = 0;
            while (subscription.Events.TryRead(out _))
            {
                kept++;
            }

            Assert.Equal(EventSubscription.Bound, kept);
            Assert.True(subscription.Events.Completion.IsCompletedSuccessfully);
            Assert.Empty(left);
        }

        Assert.Single(left);
    }

    [Fact]
    public void What_was_not_asked_for_takes_no_room()
    {
        using var subscription = new EventSubscription(EventFilter.Of(["MemberEvent"])!, _ => { });
        for (var number = 0; number <= EventSubscription.Bound; number++)
        {
            Assert.True(subscription.Offer(new NodeOrdered(default, "n", null, null, null)));
        }

        Assert.False(subscription.Events.TryRead(out _));
    }
}
