namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>One thing that is done to a running cluster; returns when the cluster has come to rest again.</summary>
/// <param name="Name">On the command line and in the table.</param>
/// <param name="Needs">Where it can be done.</param>
public sealed record Fault(string Name, FaultNeeds Needs, Func<DynamicsCluster, Task> DoAsync)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>In the order in which they are done.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("calm", FaultNeeds.Nothing, _ => Task.Delay(TimeSpan.FromSeconds(5))),
        new("rebalance", FaultNeeds.Nothing, cluster => cluster.RebalanceAsync()),
        new("move-all", FaultNeeds.Nothing, cluster => DynamicsMoves.AllOnceAsync(cluster.Fixture)),
        new("drain", FaultNeeds.Nothing, cluster => DynamicsMoves.DrainAsync(cluster.Fixture)),
        new("moves-by-hand", FaultNeeds.Nothing, cluster => DynamicsMoves.ByHandAsync(cluster.Fixture)),
        new("join", FaultNeeds.Nothing, cluster => cluster.JoinAsync()),
        new("leave", FaultNeeds.Nothing, cluster => cluster.LeaveAsync()),
        new("rolling-restart", FaultNeeds.Nothing, cluster => cluster.RollingRestartAsync()),
        new("kill", FaultNeeds.Nothing, cluster => cluster.KillAsync(coordinator: false)),
        new("kill-coordinator", FaultNeeds.Nothing, cluster => cluster.KillAsync(coordinator: true)),
        new("kill-two", FaultNeeds.Nothing, cluster => cluster.KillTwoAsync()),
        new("stop-0.5", FaultNeeds.Nothing, cluster => cluster.PauseAsync(Lease * 0.5)),
        new("stop-1.5", FaultNeeds.Nothing, cluster => cluster.PauseAsync(Lease * 1.5)),
        new("stop-3", FaultNeeds.Nothing, cluster => cluster.PauseAsync(Lease * 3)),
        new("database-restart", FaultNeeds.DatabaseServer, cluster => cluster.RestartDatabaseAsync()),
        new("cut-from-nodes", FaultNeeds.Network, cluster => cluster.CutFromNodesAsync()),
        new("cut-from-database", FaultNeeds.Network, cluster => cluster.CutFromStoreAsync()),
        new("upgrade", FaultNeeds.FormerVersion, cluster => cluster.UpgradeAsync()),
        new("roll-back", FaultNeeds.FormerVersion, cluster => cluster.RollBackAsync()),
    ];
}

/// <summary>What a fault needs besides node processes.</summary>
public enum FaultNeeds
{
    Nothing,

    /// <summary>A private PostgreSQL under the store.</summary>
    DatabaseServer,

    /// <summary>Hosts of their own for the nodes, and a PostgreSQL that they reach by network.</summary>
    Network,

    /// <summary>A former version's program, which the nodes are started with.</summary>
    FormerVersion,
}
