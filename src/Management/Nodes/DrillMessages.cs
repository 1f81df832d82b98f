namespace AkkaScale.Management.Nodes;

/// <summary>What a node is told about a drill.</summary>
/// <param name="IsReal">False: only whether it would.</param>
/// <param name="Seconds">Of a pause.</param>
internal sealed record OrderDrill(DrillKind Kind, double Seconds, bool IsReal, string Reason, string By) : IManagementMessage;

/// <param name="Refusal">Why it does not; null: it does, or would.</param>
/// <param name="Gateway">Address of its HTTP edge; null: it has none. Whoever watches goes through another one.</param>
/// <param name="InSeconds">When it ends or pauses, from now.</param>
internal sealed record DrillReadiness(string? Refusal, string? Gateway, double InSeconds) : IManagementMessage;
