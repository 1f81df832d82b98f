namespace AkkaScale.Cluster.Sqlite;

/// <summary>When a process that does not let a <see cref="WriteGate"/> go is ended.</summary>
/// <param name="StoppedAfter">One that was stopped (SIGSTOP, a debugger) during one and the same hold for so long.</param>
/// <param name="StuckAfter">One whose hold has lasted so long for another reason.</param>
/// <param name="Warn">Is told of it.</param>
internal sealed record GateLimits(TimeSpan StoppedAfter, TimeSpan StuckAfter, TimeProvider Time, Action<string>? Warn)
{
    /// <summary>
    /// Of the journal's file, where a hold may be a large batch on a slow disk. A dead member that holds it is ended when it is declared dead;
    /// this is for programs without a cluster.
    /// </summary>
    public static readonly GateLimits Journal = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeProvider.System, null);
}
