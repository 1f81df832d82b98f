using System.Text.Json;
using AkkaScale.Pbm.Cluster;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class TailLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_homes_of_a_second_are_one_line_with_their_sum()
    {
        var lines = new TailLines(isVerbose: false);
        for (var shard = 0; shard < 330; shard++)
        {
            Assert.Empty(Move(lines, shard, shard < 200 ? "node-1" : "node-2", "node-3", Now));
        }

        Assert.Equal(Now.AddSeconds(1), lines.Due);
        var line = Assert.Single(lines.Flush());
        Assert.EndsWith("ShardHomeChanged  330 shards: node-1 -> node-3 200, node-2 -> node-3 130", line, StringComparison.Ordinal);
        Assert.Null(lines.Due);
        Assert.Empty(lines.Flush());
    }

    [Fact]
    public void A_stream_that_does_not_pause_is_summed_up_each_second_all_the_same()
    {
        var lines = new TailLines(isVerbose: false);
        Assert.Empty(Enumerable.Range(0, 10).SelectMany(shard => Move(lines, shard, "node-1", "node-2", Now.AddMilliseconds(shard * 99))));

        Assert.Contains("11 shards", Assert.Single(Move(lines, 10, "node-1", "node-2", Now.AddSeconds(1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_are_told_one_by_one_and_what_comes_after_them_is_told_after_them()
    {
        var lines = new TailLines(isVerbose: false);
        Move(lines, 1, "node-1", "node-2", Now);
        Move(lines, 2, "node-1", "node-2", Now);

        using var left = JsonDocument.Parse("""{"type":"MemberLeft","at":"2026-03-01T03:00:00Z","member":{"name":"node-1","status":"Leaving"}}""");
        var told = lines.Add("MemberLeft", left.RootElement, Now);

        Assert.Equal(3, told.Count);
        Assert.EndsWith("ShardHomeChanged  region task  shard 1  from node-1  to node-2", told[0], StringComparison.Ordinal);
        Assert.EndsWith("MemberLeft  node-1 Leaving", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_tells_every_one_at_once()
    {
        var lines = new TailLines(isVerbose: true);

        Assert.Equal(330, Enumerable.Range(0, 330).Sum(shard => Move(lines, shard, "node-1", "node-2", Now).Count));
        Assert.Null(lines.Due);
    }

    [Fact]
    public void A_call_is_told_in_the_words_of_the_audit_log()
    {
        using var written = JsonDocument.Parse(
            """{"type":"AuditWritten","at":"2026-03-01T03:00:00Z","entry":{"nr":7,"who":"otto","by":"ada","method":"POST","path":"/x","action":"shards/move","target":"task/3 to node-1","why":"hot","status":202,"outcome":"allowed"}}""");

        Assert.EndsWith(
            "AuditWritten  otto (by ada): POST shards/move task/3 to node-1, allowed 202: hot",
            Assert.Single(new TailLines(isVerbose: false).Add("AuditWritten", written.RootElement, Now)), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Move(TailLines lines, int shard, string from, string to, DateTimeOffset now)
    {
        using var data = JsonDocument.Parse(
            $$"""{"type":"ShardHomeChanged","at":"2026-03-01T03:00:00Z","region":"task","shard":{{shard}},"from":"{{from}}","to":"{{to}}"}""");
        return lines.Add("ShardHomeChanged", data.RootElement, now);
    }
}
