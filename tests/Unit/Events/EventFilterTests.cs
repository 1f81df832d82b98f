using AkkaScale.Management.Events;

namespace AkkaScale.Tests.Unit.Events;

public sealed class EventFilterTests
{
    [Theory]
    [InlineData("", "MemberUp ReachableMember LeaderChanged", "ShardHomeChanged AuditWritten")]
    [InlineData("*", "MemberUp ShardHomeChanged AuditWritten LeaderChanged", "Overflow")]
    [InlineData("ClusterDomainEvent", "MemberRemoved UnreachableMember LeaderChanged", "ShardHomeChanged AuditWritten")]
    [InlineData("MemberEvent", "MemberJoined MemberWeaklyUp MemberUp MemberLeft MemberExited MemberDowned MemberRemoved", "ReachableMember LeaderChanged")]
    [InlineData("ReachabilityEvent", "ReachableMember UnreachableMember", "MemberUp")]
    [InlineData("ShardEvent,LeaderChanged", "ShardHomeChanged LeaderChanged", "MemberUp AuditWritten")]
    [InlineData("ReachabilityEvent AuditWritten", "ReachableMember AuditWritten", "ShardHomeChanged")]
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
                Assert.True(subscription.Offer(new LeaderChanged(default, $"{number}", null)));
            }

            Assert.Null(subscription.Overflow);
            Assert.False(subscription.Offer(new LeaderChanged(default, "one too many", null)));
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
            Assert.True(subscription.Offer(new LeaderChanged(default, "n", null)));
        }

        Assert.False(subscription.Events.TryRead(out _));
    }
}
