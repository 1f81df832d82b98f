namespace AkkaScale.Management.Nodes;

/// <summary>What a node does to itself in a drill.</summary>
internal enum DrillKind
{
    /// <summary>SIGKILL: no farewell, as in a crash.</summary>
    Kill,

    /// <summary>SIGSTOP for a while: alive and silent, as in a suspended machine.</summary>
    Pause,
}
