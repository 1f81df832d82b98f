using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class ShardHashTests
{
    /// <summary>The published XXH64 vectors for seed 0, of which the remainder by a prime is nearly all.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("as", 0x1C330FB2D66BE179)]
    [InlineData("asd", 0x631C37CE72A97393)]
    [InlineData("asdf", 0x415872F599CEA71E)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2E85470D6FD96)]
    public void The_hash_agrees_with_the_published_vectors(string text, ulong expected) =>
        Assert.Equal((int)(expected % int.MaxValue), ShardHash.ShardOf(text, int.MaxValue));

    /// <summary>Never to change: stored entities would be looked for in other shards.</summary>
    [Theory]
    [InlineData("", 153)]
    [InlineData("a", 91)]
    [InlineData("asd", 147)]
    [InlineData("task-1", 117)]
    [InlineData("t-b547b7cfbc", 75)]
    [InlineData("Grüße", 85)]
    public void An_id_keeps_its_shard_of_256(string id, int shard) => Assert.Equal(shard, ShardHash.ShardOf(id, 256));

    [Fact]
    public void Long_ids_hash_as_well() => Assert.InRange(ShardHash.ShardOf(new string('ü', 255), 7), 0, 6);

    [Fact]
    public void Ids_spread_evenly()
    {
        var counts = new int[256];
        for (var index = 0; index < 256_000; index++)
        {
            counts[ShardHash.ShardOf($"task-{index}", 256)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 800, 1_200));
    }
}
