using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>The leases under which the conformance rules run against ours: fenced and unfenced ids in the same batches.</summary>
internal static class OursLeases
{
    private const string Owner = "spec";

    private static readonly string[] Leases = ["shard-0", "shard-1"];

    /// <summary>Makes the tables and takes the leases.</summary>
    public static async Task TakeAsync(StoreKind store, string connectionString, Func<Task<DbConnection>> open)
    {
        await using var node = await FencedNode.StartAsync(store, connectionString);
        await using var connection = await open();
        foreach (var lease in Leases)
        {
            await LeaseTable.TakeAsync(connection, lease, Owner);
        }
    }

    public static ActorSystem Start(StoreKind store, string connectionString, string name, Config settings)
    {
        // A node's name is its owner's; the second system of a test stands for the same incarnation.
        var node = Task.Run(() => FencedNode.StartAsync(
            store, connectionString, name, options =>
            {
                options.Leases = Book();
                options.LeaseOf = id => id.Length % 2 == 0 ? Leases[id.Length / 2 % 2] : null;
            },
            settings)).GetAwaiter().GetResult();
        node.System.WhenTerminated.ContinueWith(_ => node.DisposeAsync().AsTask(), TaskScheduler.Default);
        return node.System;
    }

    private static AkkaScale.Cluster.Leases.LeaseBook Book()
    {
        var book = new AkkaScale.Cluster.Leases.LeaseBook(Owner);
        Array.ForEach(Leases, lease => book.Hold(lease, 1));
        return book;
    }
}
