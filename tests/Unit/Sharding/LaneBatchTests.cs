using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class LaneBatchTests
{
    private static readonly EntityKey Sender = new("relay", "r-1");
    private static readonly EntityKey Receiver = new("relay", "r-2");

    private readonly LaneBatch _batch = new();
    private readonly Shard _shard = new();
    private long _tokens;

    [Fact]
    public void Of_two_settlements_of_a_channel_the_higher_stays_whichever_comes_later()
    {
        Settle(9);
        Settle(5);
        Assert.Equal(9, Assert.Single(_batch.Slices[0].Settlements).Nr);
        Settle(12);
        Assert.Equal(12, Assert.Single(_batch.Slices[0].Settlements).Nr);
    }

    [Fact]
    public void A_close_stands_before_an_acknowledgement_of_the_same_number()
    {
        Settle(9);
        Settle(9, isClosed: true);
        Settle(9);
        Assert.True(Assert.Single(_batch.Slices[0].Settlements).IsClosed);
    }

    [Fact]
    public void Settlements_of_other_channels_stand_beside_it()
    {
        Settle(9);
        _batch.Add(_shard, Write(new OutboxSettlement(Receiver, Sender, 3, false)));
        Assert.Equal([9, 3], _batch.Slices[0].Settlements.Select(settlement => settlement.Nr));
    }

    [Fact]
    public void What_is_behind_a_failed_write_or_of_a_shard_that_stopped_is_left_out()
    {
        _shard.FailedGeneration = 0;
        Settle(9);
        Assert.Empty(_batch.Slices);
        _shard.FailedGeneration = -1;
        _shard.IsStopped = true;
        Settle(9);
        Assert.Empty(_batch.Slices);
    }

    private void Settle(long nr, bool isClosed = false) => _batch.Add(_shard, Write(new OutboxSettlement(Sender, Receiver, nr, isClosed)));

    private ShardWrite Write(OutboxSettlement settlement) => new(++_tokens, 0, null) { Settlement = settlement };

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
