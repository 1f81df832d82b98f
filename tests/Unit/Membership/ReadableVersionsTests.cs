using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using Xunit;

namespace AkkaScale.Tests.Unit.Membership;

public sealed class ReadableVersionsTests
{
    private static readonly ReadableVersions Reads = ReadableVersions.Of([("task", 2, ["created@2", "created"]), ("user", 1, ["created"])]);

    [Fact]
    public void It_is_kept_as_compact_json_in_canonical_order() => Assert.Equal(
        "{\"task\":{\"state\":2,\"events\":[\"created\",\"created@2\"]},\"user\":{\"state\":1,\"events\":[\"created\"]}}", Reads.Json);

    [Fact]
    public void It_says_what_is_read()
    {
        var parsed = ReadableVersions.Parse(Reads.Json);
        Assert.Equal(Reads, parsed);
        Assert.True(parsed.ReadsEvent("task", "created@2"));
        Assert.False(parsed.ReadsEvent("user", "created@2"));
        Assert.False(parsed.ReadsEvent("cart", "created"));
        Assert.Equal((2, 1, null), (parsed.StateVersionOf("task"), parsed.StateVersionOf("user"), parsed.StateVersionOf("cart")));
        Assert.Equal(["task", "user"], parsed.Kinds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"task\":7}")]
    public void What_is_malformed_reads_nothing(string json) => Assert.False(ReadableVersions.Parse(json).ReadsEvent("task", "created"));

    [Fact]
    public void An_objection_names_kind_event_time_and_node()
    {
        var since = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        WrittenEventType[] written =
            [new("user", "renamed", since, ""), new("task", "created", since, ""), new("task", "created@3", since, "node-2")];
        Assert.Null(WrittenEventType.Objection(written.Where(type => type.EventType == "created"), Reads));
        Assert.Equal(
            "The journal holds event created@3 of kind task, first written 2026-03-01 12:00:00Z, by node node-2 (and 1 more event types), "
            + "which this program cannot read: start a version of the program that reads task event created@3.",
            WrittenEventType.Objection(written, Reads));
    }
}
