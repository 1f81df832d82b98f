using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Members;

/// <summary>Puts together what this process says of itself.</summary>
internal static class Registration
{
    public static NodeRegistration Of(
        ClusterDatabaseOptions options, string incarnation, string address, long uid, IEnumerable<string> roles) => new(
        incarnation,
        options.NodeName ?? address[(address.LastIndexOf('@') + 1)..],
        address,
        uid,
        options.ManagementUrl?.ToString(),
        options.GatewayUrl?.ToString(),
        [.. roles.Order(StringComparer.Ordinal)],
        options.Version,
        Environment.ProcessId,
        StartOf(Environment.ProcessId) ?? 0);

    /// <summary>
    /// When a process of this host began, in clock ticks since boot: a process id alone may have been given to another. Null when there is no
    /// such process, or no /proc.
    /// </summary>
    public static long? StartOf(int processId) => ProcessStat.Read(processId)?.Start;
}
