using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>
/// A zombie appends while its shards are taken over, hundreds of times. Whatever the successor reads after its takeover is all that
/// there will ever be of the old epoch.
/// </summary>
public abstract class TakeoverRaceTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private const int Rounds = 300;

    [Fact]
    public async Task No_event_of_an_old_epoch_is_committed_after_the_takeover()
    {
        var zombie = await JoinAsync();
        var successor = await JoinAsync();
        await OwnAsync(zombie, 0, 1);
        await SetStatusAsync(successor, zombie.Self, MemberStatus.Dead);
        var writer = OpenWriter(zombie);
        var (epoch, overlaps) = (1L, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var heads = new[] { await HeadAsync(0), await HeadAsync(1) };
            using var go = new Barrier(2);
            var appends = Task.Run(() => AppendUntilFencedAsync(writer, go, epoch, heads));
            var seen = await Task.Run(() => TakeOverAsync(zombie, successor, go, epoch));
            var written = await appends;

            for (var shard = 0; shard < 2; shard++)
            {
                var old = epoch;
                var all = (await ReadShardAsync(successor, shard)).Count(happened => happened.Epoch == old);
                Assert.Equal(all, seen[shard]);
                Assert.Equal(written[shard], seen[shard]);
            }

            overlaps += written[0] > 0 ? 1 : 0;

            // Hand the shards back under the next epoch but one, with the same zombie as owner.
            await Place.ExecuteAsync($"UPDATE shard_owner SET owner = {OwnerLiteral(zombie.Self)}, epoch = epoch + 1 WHERE shard IN (0, 1)");
            epoch += 2;
        }

        // Rounds in which the takeover won before the first append prove nothing.
        Assert.True(overlaps > Rounds / 10, $"Append and takeover overlapped in {overlaps} of {Rounds} rounds only.");

        Task<long> HeadAsync(int shard) => successor.Journal.ReadHeadAsync(shard, CancellationToken.None);
    }

    [Fact]
    public async Task A_reload_under_the_next_epoch_fences_a_late_append_of_the_same_owner()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var late = OpenWriter(store, lane: 1);
        var writer = OpenWriter(store);
        for (var epoch = 1L; epoch < 50; epoch++)
        {
            var head = await store.Journal.ReadHeadAsync(0, CancellationToken.None);
            var old = epoch;
            var appending = Task.Run(() => AppendAsync(late, Slice(0, old, Event(0, old, head + 1, $"late{old}", 1))));
            Assert.Equal([new ShardEpoch(0, epoch + 1)], await AcquireAsync(store, new ShardClaim(0, store.Self, epoch)));
            var seen = await store.Journal.ReadHeadAsync(0, CancellationToken.None);
            var outcome = await appending;
            Assert.Equal(outcome.Status == SliceStatus.Written ? head + 1 : head, seen);
            await WriteAsync(writer, Slice(0, epoch + 1, Event(0, epoch + 1, seen + 1, $"new{epoch}", 1)));
        }
    }

    private static async Task<int[]> AppendUntilFencedAsync(IJournalWriter writer, Barrier go, long epoch, long[] heads)
    {
        var written = new int[2];
        var isFenced = new bool[2];
        go.SignalAndWait(TimeSpan.FromSeconds(30));
        while (!(isFenced[0] && isFenced[1]))
        {
            var slices = Enumerable.Range(0, 2)
                .Where(shard => !isFenced[shard])
                .Select(shard => Slice(shard, epoch, Event(shard, epoch, heads[shard] + written[shard] + 1, $"{epoch}-{shard}-{written[shard]}", 1)))
                .ToList();
            var outcomes = await writer.AppendAsync(slices);
            for (var index = 0; index < slices.Count; index++)
            {
                Assert.Contains(outcomes[index].Status, new[] { SliceStatus.Written, SliceStatus.Fenced });
                if (outcomes[index].Status == SliceStatus.Written)
                {
                    written[slices[index].Shard]++;
                }
                else
                {
                    isFenced[slices[index].Shard] = true;
                }
            }
        }

        return written;
    }

    /// <summary>Takes both shards and counts, in reads that begin afterwards, the events of the old epoch.</summary>
    private static async Task<int[]> TakeOverAsync(OpenStore zombie, OpenStore successor, Barrier go, long epoch)
    {
        go.SignalAndWait(TimeSpan.FromSeconds(30));

        // The zombie gets a moment of its own: a takeover that always wins would make the race one-sided.
        await successor.Journal.ReadHeadAsync(5, CancellationToken.None);
        var granted = await AcquireAsync(successor, new ShardClaim(1, zombie.Self, epoch), new ShardClaim(0, zombie.Self, epoch));
        Assert.Equal(2, granted.Count);
        var seen = new int[2];
        for (var shard = 0; shard < 2; shard++)
        {
            seen[shard] = (await ReadShardAsync(successor, shard)).Count(happened => happened.Epoch == epoch);
        }

        return seen;
    }

    private string OwnerLiteral(Incarnation owner) => Place is Sqlite.SqlitePlace ? $"x'{owner}'" : $"'{owner}'";
}
