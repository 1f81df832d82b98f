using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Sqlite;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>The other process: a member that holds something, until its standard input ends.</summary>
internal static class SqliteHolder
{
    public static async Task<int> RunAsync(string file, string incarnation, HeldThing what)
    {
        var options = new ClusterDatabaseOptions
        {
            Store = StoreKind.Sqlite,
            ConnectionString = $"Data Source={file}",
            Cluster = StoreDatabase.Cluster,
        };
        using var store = ClusterStores.Create(options, incarnation);
        store.Open(StoreDatabase.Terms(), migrate: true);
        using var liveness = store.Register(TestMember.NodeOf(incarnation));
        using var files = new SqliteFiles(options, warn: null);
        switch (what)
        {
            case HeldThing.Nothing:
                Hold();
                break;
            case HeldThing.Members:
                using (var session = files.OpenMembers())
                {
                    session.Transact(() => Hold());
                }

                break;
            case HeldThing.Journal:
                using (var session = files.OpenLeases())
                {
                    session.Transact(() => Hold());
                }

                break;
            case HeldThing.Turnstile:
                using (var turnstile = new LockFile(WriteGate.TurnstileOf(files.Members)))
                {
                    turnstile.Acquire();
                    Hold();
                }

                break;
            case HeldThing.Busy:
                await WriteAsync(files);
                break;
        }

        return 0;
    }

    private static bool Hold()
    {
        Console.WriteLine("held");
        Console.In.ReadToEnd();
        return true;
    }

    private static async Task WriteAsync(SqliteFiles files)
    {
        var ended = Task.Run(Console.In.ReadToEnd);
        using var session = files.OpenMembers();
        Console.WriteLine("held");
        while (!ended.IsCompleted)
        {
            session.Transact(() => !ended.Wait(TimeSpan.FromMilliseconds(25)));
        }

        await ended;
    }
}
