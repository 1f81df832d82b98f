using AkkaScale.Cluster.Audit;
using AkkaScale.Management.Events;

namespace AkkaScale.Tests.Unit.Events;

public sealed class AuditNewsTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly AuditNews _news = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void What_was_there_before_is_no_news_and_each_row_is_news_once()
    {
        Assert.Empty(Take(Noon, Row(2), Row(1)));
        Assert.Equal([3, 4], Take(Noon, Row(4), Row(3), Row(2), Row(1)));
        Assert.Empty(Take(Noon, Row(4), Row(3), Row(2), Row(1)));
        Assert.Equal([5], Take(Noon, Row(5), Row(4)));
    }

    [Fact]
    public void A_row_that_is_seen_late_is_news_all_the_same()
    {
        Assert.Empty(Take(Noon));
        Assert.Equal([2], Take(Noon, Row(2)));
        Assert.Equal([1, 3], Take(Noon, Row(3), Row(2), Row(1)));
    }

    [Fact]
    public void A_call_is_told_with_its_outcome_or_when_it_takes_too_long()
    {
        Take(Noon);
        Assert.Equal([2], Take(Noon, Row(2), Row(1, AuditOutcome.Unknown)));
        Assert.Empty(Take(Noon.AddSeconds(10), Row(2), Row(1, AuditOutcome.Unknown)));
        Assert.Equal([1], Take(Noon.AddSeconds(11), Row(2), Row(1, AuditOutcome.Unknown)));
        Assert.Empty(Take(Noon.AddSeconds(12), Row(2), Row(1)));
    }

    private static AuditEntry Row(long nr, AuditOutcome outcome = AuditOutcome.Allowed) =>
        new(nr, Noon, "node-1", "", "", "", "", "", "", "", "", "", null, outcome);

    private IEnumerable<long> Take(DateTime now, params AuditEntry[] latest) => _news.Take(latest, now).Select(row => row.Nr);
}
