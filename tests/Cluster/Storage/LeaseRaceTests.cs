using System.Collections.Concurrent;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class LeaseRaceTests(PostgresServer server)
{
    private const int Acquirers = 6;
    private const int Rounds = 150;
    private const int Names = 24;

    /// <summary>One that deadlocks throws; so does one that waits for longer than a statement may.</summary>
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Many_who_take_overlapping_names_in_any_order_at_once_never_deadlock_and_an_epoch_has_one_owner(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var owners = new ConcurrentDictionary<(string Name, long Epoch), string>();
        var members = Enumerable.Range(0, Acquirers).Select(_ => database.Start()).ToArray();
        var taken = await AtOnce.RunAsync(members
            .Select((member, seed) => (Func<int>)(() => TakeAndGiveBack(member, new Random(seed), owners)))
            .ToArray());
        Assert.All(taken, count => Assert.True(count > Rounds, $"{count} leases were taken; the others were never free."));
        Assert.Equal(taken.Sum(), owners.Count);
    }

    /// <returns>How many it has taken.</returns>
    private static int TakeAndGiveBack(
        TestMember member, Random random, ConcurrentDictionary<(string Name, long Epoch), string> owners)
    {
        var count = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var names = Enumerable.Range(0, Names).Select(number => $"shard-{number}").OrderBy(_ => random.Next()).Take(Names / 2).ToArray();
            var held = member.Leases.Acquire(names).Where(row => row.Owner == member.Incarnation).ToList();
            foreach (var row in held)
            {
                Assert.True(owners.TryAdd((row.Name, row.Epoch), member.Incarnation), $"{row} had another owner, or was answered twice.");
            }

            count += held.Count;
            member.Leases.Release(held.OrderBy(_ => random.Next()).Select(row => new LeaseClaim(row.Name, row.Epoch)).ToList());
        }

        return count;
    }
}
