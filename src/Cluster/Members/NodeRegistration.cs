namespace AkkaScale.Cluster.Members;

/// <summary>What an incarnation says of itself when it appears. None of it changes.</summary>
/// <param name="Incarnation">Identifies this start of a process; 32 hexadecimal digits, time-ordered.</param>
/// <param name="Name">For people; the next incarnation may have it too.</param>
/// <param name="Address">Of remoting, as Akka writes it: <c>akka.tcp://system@host:port</c>.</param>
/// <param name="Uid">Akka's number of this incarnation.</param>
/// <param name="ProcessId">On its host; with <paramref name="ProcessStart"/> it names the process.</param>
/// <param name="ProcessStart">Clock ticks since boot, of /proc; 0 where there is none.</param>
internal sealed record NodeRegistration(
    string Incarnation, string Name, string Address, long Uid, string? ManagementUrl, string? GatewayUrl, IReadOnlyList<string> Roles,
    string Version, int ProcessId, long ProcessStart);
