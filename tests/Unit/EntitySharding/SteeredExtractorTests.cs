using Akka.Cluster.Sharding;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>A program's own extractor, with touches beside its messages.</summary>
public sealed class SteeredExtractorTests
{
    [Fact]
    public void Messages_go_where_they_went_and_a_touch_to_its_shard()
    {
        var own = HashCodeMessageExtractor.Create(16, message => message as string, message => $"<{message}>");
        var steered = SteeredExtractor.Of("cart", own, 16);
        foreach (var id in Enumerable.Range(0, 100).Select(number => $"c-{number}"))
        {
            Assert.Equal(id, steered.EntityId(id));
            Assert.Equal($"<{id}>", steered.EntityMessage(id));
            Assert.Equal(own.ShardId(id, null), steered.ShardId(id, id));
        }

        var touch = new TouchShard(7);
        Assert.Equal(TouchShard.EntityId, steered.EntityId(touch));
        Assert.Same(touch, steered.EntityMessage(touch));
        Assert.Equal("7", steered.ShardId(TouchShard.EntityId, touch));
        Assert.Null(steered.EntityId(7));
    }

    [Theory]
    [InlineData("shard-1")]
    [InlineData("-1")]
    [InlineData("16")]
    [InlineData("")]
    public void Shards_that_are_no_numbers_from_0_are_refused(string shard)
    {
        var refused = Assert.Throws<ArgumentException>(() => SteeredExtractor.Of("cart", new OneShard(shard), 16));
        Assert.Contains("numbers from 0 to 15", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(SteeredExtractor.Of("cart", new OneShard("15"), 16));
    }

    private sealed class OneShard(string shard) : IMessageExtractor
    {
        public string? EntityId(object message) => null;

        public object? EntityMessage(object message) => message;

        public string? ShardId(object message) => shard;

        public string ShardId(string entityId, object? messageHint = null) => shard;
    }
}
