using AkkaScale.Entities;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Management;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>A sound journal passes, and each kind of damage is found.</summary>
public abstract class VerificationTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly int Shard = ShardHash.ShardOf("a", ShardCount);

    [Fact]
    public async Task A_sound_journal_has_no_violation()
    {
        var answer = await JournalVerification.VerifyAsync((await FilledAsync()).Journal, Shard, ShardCount, CancellationToken.None);
        Assert.Equal((5L, 1L), (answer.Events, answer.Entities));
        Assert.Empty(answer.Violations);
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE position = 3", "I2")]
    [InlineData("UPDATE journal SET epoch = 9 WHERE position = 2", "I2")]
    [InlineData("UPDATE journal SET epoch = 9", "I3")]
    [InlineData("UPDATE journal SET sequence_nr = 77 WHERE position = 5", "I2")]
    [InlineData("UPDATE journal SET entity_id = 'zzz-1' WHERE position = 5", "I2")]
    [InlineData("UPDATE journal SET answer = NULL WHERE position = 3", "I1")]
    [InlineData("UPDATE journal SET answer = NULL WHERE position = 5", "I1")]
    public async Task Damage_is_found(string damage, string invariant)
    {
        var store = await FilledAsync();
        await Place.ExecuteAsync(damage);
        var answer = await JournalVerification.VerifyAsync(store.Journal, Shard, ShardCount, CancellationToken.None);
        Assert.Contains(answer.Violations, violation => violation.Invariant == invariant);
    }

    private async Task<OpenStore> FilledAsync()
    {
        var store = await JoinAsync();
        await OwnAsync(store, Shard);
        var command = Guid.NewGuid();
        await WriteAsync(OpenWriter(store), Slice(
            Shard, 1,
            Event(Shard, 1, 1, "a", 1),
            Event(Shard, 1, 2, "a", 2, command, answer: []),
            Event(Shard, 1, 3, "a", 3, command),
            Event(Shard, 1, 4, "a", 4),
            Event(Shard, 1, 5, "a", 5)));
        return store;
    }
}
