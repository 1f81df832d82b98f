using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class LaneBatchTests
{
    private static readonly EntityState Entity = new(new EntityKey("counter", "c-1"), CounterKind.Create());

    private readonly LaneBatch _batch = new();
    private readonly Shard _shard = new();
    private long _tokens;

    [Fact]
    public void Of_two_snapshots_of_an_entity_the_later_stays()
    {
        Write(3);
        Write(5);
        Assert.Equal(5, Assert.Single(_batch.Slices[0].Snapshots).SequenceNr);
    }

    [Fact]
    public void What_is_behind_a_failed_write_or_of_a_shard_that_stopped_is_left_out()
    {
        _shard.FailedGeneration = 0;
        Write(9);
        Assert.Empty(_batch.Slices);
        _shard.FailedGeneration = -1;
        _shard.IsStopped = true;
        Write(9);
        Assert.Empty(_batch.Slices);
    }

    private void Write(long sequenceNr) => _batch.Add(_shard, new ShardWrite(++_tokens, 0, Entity)
    {
        Snapshot = new EntitySnapshot(Entity.Key, sequenceNr, sequenceNr, 1, default, default),
    });

    private sealed class Shard : ILaneShard
    {
        int ILaneShard.Shard => 3;

        public long Epoch => 1;

        public bool IsStopped { get; set; }

        public int FailedGeneration { get; set; } = -1;

        public void Post(ShardInput input)
        {
        }
    }
}
