using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;

namespace AkkaScale.Tests.Unit.Sharding.Handoff;

public sealed class WarmCopiesTests
{
    private const int Shard = 3;
    private const long Epoch = 7;

    private static readonly Incarnation Source = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly Incarnation Stranger = new(new Guid(2, 0, 0, new byte[8]));
    private static readonly string Id = $"{Source}-1";

    private readonly WarmCopies _copies = new(new ShardingOptions { WarmCopyBytes = 1_000, WarmHandoffs = 2 });

    [Fact]
    public void A_complete_handoff_is_taken_once_under_its_own_name_and_epoch()
    {
        Arrive();
        var warm = _copies.Take(Shard, Epoch + 1, Id);
        Assert.Equal(42, warm!.NextPosition);
        Assert.Equal(["a", "b"], warm.Copies.Select(copy => copy.Key.Id).Order());
        Assert.Equal((0, 0L, 0L), (_copies.Count, _copies.Bytes, _copies.Discarded));
        Assert.Null(_copies.Take(Shard, Epoch + 1, Id));
    }

    [Fact]
    public void A_takeover_looks_the_same_but_for_the_name_and_gets_nothing()
    {
        Arrive();
        Assert.Null(_copies.Take(Shard, Epoch + 1, null));
        Assert.Equal((0, 2L), (_copies.Count, _copies.Discarded));
    }

    [Fact]
    public void Another_attempt_gets_nothing()
    {
        Arrive();
        Assert.Null(_copies.Take(Shard, Epoch + 1, $"{Source}-2"));
        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void An_epoch_that_is_not_the_next_gets_nothing()
    {
        Arrive();
        Assert.Null(_copies.Take(Shard, Epoch + 2, Id));
        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void A_start_under_an_older_epoch_leaves_what_is_on_its_way_alone()
    {
        Arrive();
        Assert.Null(_copies.Take(Shard, Epoch, null));
        Assert.NotNull(_copies.Take(Shard, Epoch + 1, Id));
    }

    [Fact]
    public void A_start_before_the_manifest_gets_nothing()
    {
        Offer();
        Add(1, Copy("a", 10));
        Assert.Null(_copies.Take(Shard, Epoch + 1, Id));
        Assert.False(Manifest(1));
    }

    [Fact]
    public void A_name_that_is_not_the_sources_is_refused()
    {
        Assert.NotNull(_copies.Offer(Id, Stranger, Shard, Epoch, 0));
        Assert.Null(_copies.Offer(Id, Source, Shard, Epoch, 0));
        Assert.False(_copies.Add(Stranger, new HandoffFrame.Chunk(Id, 1, [], []), 0, out _));
        _copies.Abort(Id, Stranger);
        Assert.Equal(1, _copies.Count);
    }

    [Fact]
    public void What_the_manifest_does_not_confirm_is_dropped()
    {
        Offer();
        Add(1, Copy("a", 10), Copy("b", 11, version: 2), Copy("c", 12));
        Assert.True(Manifest(1, new ManifestEntry(10, 1), new ManifestEntry(11, 3), new ManifestEntry(99, 1)));
        Assert.Equal(["a"], _copies.Take(Shard, Epoch + 1, Id)!.Copies.Select(copy => copy.Key.Id));
    }

    [Fact]
    public void A_later_copy_replaces_the_earlier()
    {
        Offer();
        Add(1, Copy("a", 10));
        Add(2, Copy("a", 20, version: 2));
        Assert.Equal(100, _copies.Bytes);
        Assert.True(Manifest(2, new ManifestEntry(20, 2)));
        Assert.Equal(2, Assert.Single(_copies.Take(Shard, Epoch + 1, Id)!.Copies).Version);
    }

    [Fact]
    public void A_missing_chunk_voids_the_attempt_and_a_repeated_one_does_not()
    {
        Offer();
        Add(1, Copy("a", 10));
        Add(1, Copy("a", 10));
        Assert.False(_copies.Add(Source, new HandoffFrame.Chunk(Id, 3, [], []), 0, out _));
        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void A_manifest_that_counts_more_chunks_than_came_voids_the_attempt()
    {
        Offer();
        Add(1, Copy("a", 10));
        Assert.False(Manifest(2, new ManifestEntry(10, 1)));
        Assert.Null(_copies.Take(Shard, Epoch + 1, Id));
    }

    [Fact]
    public void A_manifest_is_complete_with_its_last_part()
    {
        Offer();
        Add(1, Copy("a", 10), Copy("b", 11));
        Assert.Null(_copies.Add(Source, new HandoffFrame.Manifest(Id, 1, false, 1, 42, [new ManifestEntry(10, 1)]), 0));
        Assert.True(_copies.Add(Source, new HandoffFrame.Manifest(Id, 2, true, 1, 42, [new ManifestEntry(11, 1)]), 0));
        Assert.Equal(2, _copies.Take(Shard, Epoch + 1, Id)!.Copies.Count);
    }

    [Fact]
    public void A_missing_part_of_a_manifest_voids_the_attempt()
    {
        Offer();
        Add(1, Copy("a", 10));
        Assert.False(_copies.Add(Source, new HandoffFrame.Manifest(Id, 2, true, 1, 42, [new ManifestEntry(10, 1)]), 0));
        Assert.Equal(0, _copies.Count);
    }

    [Fact]
    public void Beyond_the_bound_of_bytes_copies_are_not_kept_and_the_source_is_told()
    {
        Offer();
        var many = Enumerable.Range(1, 11).Select(number => Copy($"e-{number}", number)).ToArray();
        Assert.True(_copies.Add(Source, Chunk(1, many), 0, out var isFull));
        Assert.True(isFull);
        Assert.Equal(1_000, _copies.Bytes);
        Assert.NotNull(_copies.Offer($"{Source}-2", Source, Shard + 1, Epoch, 0));
        Assert.True(Manifest(1, [.. many.Select(copy => new ManifestEntry(copy.Stamp, 1))]));
        Assert.Equal(10, _copies.Take(Shard, Epoch + 1, Id)!.Copies.Count);
    }

    [Fact]
    public void Beyond_the_bound_of_shards_offers_are_refused()
    {
        Offer();
        Assert.Null(_copies.Offer($"{Source}-2", Source, Shard + 1, Epoch, 0));
        Assert.NotNull(_copies.Offer($"{Source}-3", Source, Shard + 2, Epoch, 0));
    }

    [Fact]
    public void A_new_attempt_for_the_same_shard_replaces_the_old_and_the_same_offer_twice_is_one()
    {
        Arrive();
        Assert.Null(_copies.Offer(Id, Source, Shard, Epoch, 0));
        Assert.Equal(200, _copies.Bytes);
        Assert.Null(_copies.Offer($"{Source}-2", Source, Shard, Epoch, 0));
        Assert.Equal((1, 0L), (_copies.Count, _copies.Bytes));
        Assert.Null(_copies.Take(Shard, Epoch + 1, Id));
    }

    [Fact]
    public void A_lost_source_voids_what_it_had_not_finished()
    {
        Arrive();
        _copies.Offer($"{Source}-2", Source, Shard + 1, Epoch, 0);
        _copies.Disconnected(Source);
        Assert.Equal(1, _copies.Count);
        Assert.NotNull(_copies.Take(Shard, Epoch + 1, Id));
    }

    [Fact]
    public void An_aborted_attempt_and_one_that_stands_still_are_forgotten()
    {
        Arrive();
        _copies.Abort(Id, Source);
        Assert.Null(_copies.Take(Shard, Epoch + 1, Id));
        Arrive();
        _copies.Expire(5);
        Assert.Equal((0, 0L), (_copies.Count, _copies.Bytes));
    }

    private void Arrive()
    {
        Offer();
        Add(1, Copy("a", 10), Copy("b", 11));
        Assert.True(Manifest(1, new ManifestEntry(10, 1), new ManifestEntry(11, 1)));
    }

    private void Offer() => Assert.Null(_copies.Offer(Id, Source, Shard, Epoch, 0));

    private void Add(int number, params WarmCopy[] copies)
    {
        Assert.True(_copies.Add(Source, Chunk(number, copies), 0, out var isFull));
        Assert.False(isFull);
    }

    private bool? Manifest(int chunks, params ManifestEntry[] entries) =>
        _copies.Add(Source, new HandoffFrame.Manifest(Id, 1, true, chunks, 42, entries), 0);

    private static HandoffFrame.Chunk Chunk(int number, WarmCopy[] copies) => new(Id, number, copies, [.. copies.Select(_ => 100)]);

    private static WarmCopy Copy(string id, long stamp, long version = 1) => new(
        new EntityKey("counter", id), CounterKind.Create(), stamp, version, 0, DateTimeOffset.UnixEpoch, new Counter(1), new CommandMemory());
}
