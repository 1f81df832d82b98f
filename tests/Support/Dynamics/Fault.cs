namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>One thing that is done to a running cluster; returns when the cluster has come to rest again.</summary>
/// <param name="Name">On the command line and in the table.</param>
/// <param name="Store">The store it applies to; null: to both.</param>
/// <param name="IsCrash">Somebody is gone without a word, so that others wait for a lease to expire.</param>
public sealed record Fault(string Name, string? Store, bool IsCrash, Func<DynamicsCluster, Task> DoAsync)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>In the order in which they are done.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("calm", null, false, _ => Task.Delay(TimeSpan.FromSeconds(5))),
        new("join", null, false, cluster => cluster.JoinAsync()),
        new("leave", null, false, cluster => cluster.LeaveAsync()),
        new("rolling-restart", null, false, cluster => cluster.RollingRestartAsync()),
        new("kill", null, true, cluster => cluster.KillAsync(coordinator: false)),
        new("kill-coordinator", null, true, cluster => cluster.KillAsync(coordinator: true)),
        new("stop-0.5", null, true, cluster => cluster.PauseAsync(Lease * 0.5)),
        new("stop-1.5", null, true, cluster => cluster.PauseAsync(Lease * 1.5)),
        new("stop-3", null, true, cluster => cluster.PauseAsync(Lease * 3)),
        new("database-restart", TestStore.Postgres, true, cluster => cluster.RestartDatabaseAsync()),
    ];
}
